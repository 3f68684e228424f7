"""Texts → answers, by one tagger for each process."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from app.bulk.errors import BulkError, RowError
from app.inference.list_folder import read_model_lists
from app.inference.loaded_model import LoadedModel, load_model
from app.tagging.bundle import LARGEST_FILE, LoadPolicy, open_bundle
from app.tagging.device import Device
from app.tagging.errors import BundleError, TextTooLongError
from app.tagging.offsets import OffsetUnit, positions
from app.tagging.slots import Slot
from app.tagging.tagger import TaggedSentence, Tagger
from app.tagging.tokenizer import words_of

# Sentences that are tagged at once: more of them are sorted by length, and none the faster.
_BATCH = 512


@dataclass(frozen=True, slots=True)
class TaggingOptions:
    """
    The bundle that tags, and the options of its answers, as for `POST /slots`.

    bundle: its folder. root: the folder that its files must lie in. trusted: a file or folder of
    public keys, one of which must have signed the bundle. lists: the folder of the operator's lists
    of values. lists_version: the version that the model's lists must have.
    """

    bundle: Path
    root: Path | None = None
    device: Device = "cpu"
    trusted: Path | None = None
    largest: int = LARGEST_FILE
    max_words: int = 200
    min_confidence: float = 0.0
    offset_unit: OffsetUnit = "codepoint"
    lists: Path | None = None
    lists_version: str | None = None

    @property
    def policy(self) -> LoadPolicy:
        """The rules that the bundle must satisfy to be opened; raises BulkError."""
        if self.trusted is None:
            return LoadPolicy(self.root, self.largest)
        from app.tagging.signatures import read_trusted_keys

        return LoadPolicy(self.root, self.largest, read_trusted_keys(self.trusted))


class Intent(NamedTuple):
    """The likeliest intent of a text."""

    name: str
    confidence: float


class Answer(NamedTuple):
    """
    What is known of a row: slots, and an intent where the bundle knows some; or an error alone.

    Offsets are in the unit of the options.
    """

    slots: list[Slot]
    intent: Intent | None = None
    error: str | None = None


@cache
def open_tagger(options: TaggingOptions) -> Tagger:
    """The tagger of this process, opened when it is first needed; raises BulkError."""
    try:
        model = load_model(open_bundle(options.bundle, options.policy), options.device)
        return model.tagger if options.lists is None else _with_lists(model, options.lists, options)
    except (BundleError, OSError) as error:
        # It goes from process to process, which errors of several arguments do not survive.
        raise BulkError(str(error)) from error


def _with_lists(model: LoadedModel, folder: Path, options: TaggingOptions) -> Tagger:
    """Raises ValueListError, BulkError and OSError."""
    lists, errors = read_model_lists(folder, model.tagger, None, options.largest)
    if errors:
        raise errors[0]
    if options.lists_version and (lists is None or lists.version != options.lists_version):
        raise BulkError(f"the lists in {folder} have changed since the run began: start it again")
    return model.with_lists(lists).tagger


def tag_rows(texts: Sequence[str | RowError], options: TaggingOptions) -> list[Answer]:
    """An answer for each row, also for one whose text could not be read; raises BulkError."""
    tagger = open_tagger(options)
    answers: list[Answer] = []
    for start in range(0, len(texts), _BATCH):
        rows = [_checked(text, options.max_words) for text in texts[start : start + _BATCH]]
        readable = [row for row in rows if isinstance(row, str)]
        taggings = iter(_taggings(tagger.tag_texts, readable))
        for row in rows:
            result = row if isinstance(row, RowError) else next(taggings)
            if isinstance(result, RowError):
                answers.append(Answer([], error=str(result)))
            else:
                assert isinstance(row, str), "what was tagged is a text"
                answers.append(_answer(row, result, options))
    return answers


def _checked(text: str | RowError, max_words: int) -> str | RowError:
    """The text, or a RowError if it has too many words."""
    # Nothing has more words than characters, and to count words takes time.
    if isinstance(text, RowError) or len(text) <= max_words:
        return text
    words = len(words_of(text))
    if words <= max_words:
        return text
    error = TextTooLongError(words, max_words)
    return RowError(error.code, str(error))


def _taggings(
    tag: Callable[[Sequence[str]], list[TaggedSentence]], texts: Sequence[str]
) -> Sequence[TaggedSentence | RowError]:
    """
    The tagging of each text, or a RowError for one that the tagger fails on.

    Such a text is a bug of ours. It must not end a run of hours.
    """
    try:
        return tag(texts)
    except Exception as error:
        # A text that the tagger fails on is a bug of ours, and must not end a run of hours: the
        # texts beside it are tagged without it.
        if len(texts) == 1:
            return [RowError("internal_error", f"{type(error).__name__}: {error}")]
        return [result for text in texts for result in _taggings(tag, [text])]


def _answer(text: str, tagging: TaggedSentence, options: TaggingOptions) -> Answer:
    intent = Intent(*tagging.intents[0]) if tagging.intents else None
    slots = tagging.slots
    if options.min_confidence > 0:
        slots = [slot for slot in slots if slot.confidence >= options.min_confidence]
    if slots and options.offset_unit != "codepoint":
        offsets = positions(text, options.offset_unit)
        slots = [slot._replace(start=offsets[slot.start], end=offsets[slot.end]) for slot in slots]
    return Answer(slots, intent)
