"""
What can go wrong with forms, by who can mend it.

SlotFillingError
├── BundleError             the operator
│   └── InvalidFormError
└── InputError              the caller
    ├── UnknownFormError
    ├── FormChangedError
    └── InvalidStateError
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.tagging.errors import BundleError, InputError, readable

__all__ = [
    "FormChangedError",
    "InvalidFormError",
    "InvalidStateError",
    "StateFault",
    "UnknownFormError",
]


class InvalidFormError(BundleError):
    """
    The file of a form cannot be used.

    `detail` names the entry or line that is wrong, and says what to change.
    """

    code = "invalid_form"

    def __init__(self, file: str, detail: str) -> None:
        super().__init__(f"form {readable(file)}: {detail}")
        self.file = file
        self.detail = detail


class UnknownFormError(InputError):
    """No form has this name."""

    code = "form_not_found"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        names = ", ".join(sorted(known)) or "none"
        super().__init__(f"there is no form {readable(name)!r}; there are: {names}")


class FormChangedError(InputError):
    """The state belongs to another form, or to another version of it."""

    code = "form_changed"

    def __init__(self) -> None:
        super().__init__(
            "the state belongs to another form, or to another version of this form: "
            "begin again without a state"
        )


class StateFault(NamedTuple):
    """Something wrong in a state: the path to it, and a message."""

    location: tuple[str | int, ...]
    message: str


class InvalidStateError(InputError):
    """No conversation with this form has the state; `faults` say what is wrong where."""

    code = "invalid_state"

    def __init__(self, faults: Sequence[StateFault]) -> None:
        super().__init__(
            "; ".join(
                f"{'.'.join(map(str, ('state', *fault.location)))}: {fault.message}"
                for fault in faults
            )
        )
        self.faults = faults
