"""
Everything that can go wrong, by who can mend it.

SlotFillingError
├── InputError                      the caller
│   ├── AnswerTooLargeError
│   ├── TextTooLongError
│   ├── TooManyTextsError
│   └── UnknownModelError
└── BundleError                     the operator
    ├── BundleNotFoundError
    ├── BundleInvalidError
    ├── ProviderUnavailableError
    ├── SigningKeyError
    ├── TrustedKeysError
    └── ValueListError
"""

from collections.abc import Iterable
from pathlib import Path


def readable(name: object) -> str:
    r"""
    A name of a file or folder on one line, as every answer and log can carry it.

    Names are bytes to the system: what is no UTF-8 comes as lone surrogates, which no JSON in
    UTF-8 can hold, and a line break would begin another line of a log. Such characters are
    written as escapes, a byte as `\xff`.
    """
    return "".join(char if char.isprintable() else _escaped(char) for char in str(name))


def _escaped(char: str) -> str:
    # As os.fsdecode makes them of bytes (PEP 383).
    is_byte = "\udc80" <= char <= "\udcff"
    return f"\\x{ord(char) - 0xDC00:02x}" if is_byte else repr(char)[1:-1]


class SlotFillingError(Exception):
    """The root of the tree; `code` names the class to programs."""

    code = "error"


class InputError(SlotFillingError):
    """The caller can mend the request."""

    code = "invalid_input"


class TextTooLongError(InputError):
    """The text has more words than `SLOTLINE_MAX_WORDS`."""

    code = "text_too_long"

    def __init__(self, words: int, limit: int) -> None:
        super().__init__(
            f"the text has {words} words and the limit is {limit}: send it in shorter parts"
        )


class TooManyTextsError(InputError):
    """The batch has more texts than `SLOTLINE_MAX_BATCH_SIZE`."""

    code = "batch_too_large"

    def __init__(self, texts: int, limit: int) -> None:
        super().__init__(
            f"the batch has {texts} texts and the limit is {limit}: send it in smaller batches"
        )


class AnswerTooLargeError(InputError):
    """The response would have more probabilities than `SLOTLINE_MAX_PROBABILITIES`."""

    code = "response_too_large"

    def __init__(self, probabilities: int, limit: int) -> None:
        super().__init__(
            f"the response would have {probabilities} probabilities and the limit is {limit}: send "
            "it in smaller batches, or ask for less detail"
        )


class UnknownModelError(InputError):
    """There is no model of this name, or no such version of it."""

    code = "model_not_found"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"there is no model {name!r}; there are: {', '.join(sorted(known))}")


class BundleError(SlotFillingError):
    """The operator can mend the bundle or the settings; the message is one line, and readable."""

    code = "bundle_error"

    def __init__(self, message: str) -> None:
        super().__init__(readable(" ".join(line.strip() for line in message.splitlines())))


class BundleNotFoundError(BundleError):
    """A folder that should hold a bundle does not."""

    code = "bundle_not_found"


class BundleInvalidError(BundleError):
    """A bundle is damaged, of another format, or computes something else than it promises."""

    code = "bundle_invalid"

    def __init__(
        self, bundle: str, fault: str, remedy: str = "restore it or export it again"
    ) -> None:
        super().__init__(f"bundle {readable(bundle)}: {fault}; {remedy}")


class ProviderUnavailableError(BundleError):
    """onnxruntime cannot use the device of SLOTLINE_DEVICE."""

    code = "provider_unavailable"


class SigningKeyError(BundleError):
    """There is no private key to sign a bundle with."""

    code = "signing_key"


class TrustedKeysError(BundleError):
    """The public keys that bundles' signatures are checked with cannot be had."""

    code = "trusted_keys"

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(f"SLOTLINE_TRUSTED_KEYS={readable(path)}: {fault}")


class ValueListError(BundleError):
    """A list of values in SLOTLINE_LISTS_DIR cannot be used."""

    code = "value_list_invalid"

    def __init__(self, file: str, fault: str) -> None:
        """file: within the folder of lists."""
        super().__init__(f"list {readable(file)}: {fault}")
