"""
Which values a text gives to which slots of a form.

The tagger names slots by the words around a value. A bare value, such as the answer to a question,
has no such words. Then the question decides, and which slots are filled already.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.forms.constraints import same_value
from app.forms.definition import Form, FormSlot
from app.forms.merging import merged
from app.forms.sentences import MOST_BARE, Sentences
from app.forms.slot_values import Piece, SlotValues
from app.forms.state import Clarify, State
from app.forms.targets import Targets
from app.forms.words import (
    earlier_of,
    folded,
    has_correction,
    has_han,
    is_filler,
    is_question,
    whole_answers,
    without_fillers,
)
from app.tagging.slots import Slot
from app.values import Context, Resolution

LABEL_WORDS = ("to", "from")


class GivenValue(NamedTuple):
    """A value that a text gives to a slot; it may be unresolved."""

    slot: str
    words: str
    resolution: Resolution


class Understanding(NamedTuple):
    """
    What a text gives.

    given: values for slots. clarify: a question that it leaves open. question: the text asks
    something itself, and answers nothing.
    """

    given: Sequence[GivenValue] = ()
    clarify: Clarify | None = None
    question: bool = False


def understand(
    form: Form,
    state: State,
    sentences: Sentences,
    tagged: Sequence[Sequence[Slot]],
    context: Context,
) -> Understanding:
    """
    The values of a text that neither cancels the form nor skips a slot.

    `tagged` has the slots that the tagger found in each sentence.
    """
    return _Reader(form, state, sentences, tagged, context).understood()


class _Reader:
    """Reads one text of a conversation."""

    def __init__(
        self,
        form: Form,
        state: State,
        sentences: Sentences,
        tagged: Sequence[Sequence[Slot]],
        context: Context,
    ) -> None:
        assert len(tagged) == len(sentences.texts), "one tagging for each sentence"
        self.form = form
        self.state = state
        self.sentences = sentences
        self.text = sentences.text
        self.tagged = tagged
        self.context = context
        self.asked_slot = form.slots.get(state.requested_slot or "")
        self.values = SlotValues(form, state, sentences.text, context)
        self.targets = Targets(form, state, self.values)

    def understood(self) -> Understanding:
        """What the text gives; the first way to read it that succeeds."""
        if is_question(folded(self.text)):
            return Understanding(question=True)
        if len(self.text) > MOST_BARE:
            return Understanding(self.named(self.tagged[0]))
        understanding = self.yes_or_no() or self.negated() or self.restored()
        if understanding is not None:
            return understanding
        spans = self.tagged[0]
        rest = self.outside(spans)
        labelled = self.labelled(spans, rest)
        if labelled is not None:
            return Understanding([labelled])
        pieces = [Piece(span.start, span.end, span.name) for span in spans]
        whole = self.whole(pieces) if len(pieces) < 2 else None
        if spans and whole is None and not is_filler(rest):
            return Understanding(self.named(spans))
        return self.bare(spans, pieces if whole is None else [whole]) or Understanding(
            self.framed()
        )

    def outside(self, spans: Iterable[Slot]) -> str:
        """The text outside the tagged slots."""
        parts, start = [], 0
        for span in spans:
            parts.append(self.text[start : span.start])
            start = span.end
        return " ".join([*parts, self.text[start:]])

    def give(self, slot: FormSlot, piece: Piece) -> GivenValue:
        """The piece as the new value of a slot."""
        resolution = self.values.take(slot, piece)
        return GivenValue(slot.name, self.text[piece.start : piece.end], resolution)

    # Sentences in which the words around a value name its slot.

    def named(self, spans: Iterable[Slot]) -> list[GivenValue]:
        """The values of the slots that the tagger names; anchors come first."""
        kept = [
            span
            for span in spans
            if span.name in self.form.slots and span.confidence >= self.form.min_confidence
        ]
        kept.sort(key=lambda span: self.form.slots[span.name].anchor is not None)
        values: dict[str, tuple[GivenValue, Slot]] = {}
        for span in kept:
            given = self.give(self.form.slots[span.name], Piece(span.start, span.end))
            earlier = values.get(span.name)
            if earlier is not None:
                given = self.combined(*earlier, given, span)
            values[span.name] = given, span
        return [given for given, _ in values.values()]

    def combined(
        self, first: GivenValue, earlier: Slot, second: GivenValue, later: Slot
    ) -> GivenValue:
        """
        One value from two for the same slot.

        The second corrects or completes the first; else they are unresolved, `two_values`.
        """
        if has_correction(self.text[earlier.end : later.start]):
            return second
        values = first.resolution, second.resolution
        if any("unresolved" in value for value in values) or same_value(*values):
            return second if "unresolved" in values[0] else first
        slot = self.form.slots[first.slot]
        words = self.text[earlier.start : later.end]
        if slot.value_type == "datetime":
            merged_value, completed = merged(*values, self.context)
            if completed:
                return GivenValue(first.slot, words, merged_value)
        return GivenValue(first.slot, words, {"type": slot.value_type, "unresolved": "two_values"})

    def labelled(self, spans: Sequence[Slot], rest: str) -> GivenValue | None:
        """The one value of a text that names its slot: "change the return to Saturday"."""
        if len(spans) != 1:
            return None
        words = folded(rest)
        labels = [
            (slot, label)
            for slot in self.form.slots.values()
            for label in labels_of(slot)
            if label in words and is_in(label, words)
        ]
        if len({slot.name for slot, _ in labels}) != 1:
            return None
        slot, _ = labels[0]
        if not is_filler(words, [*(label for _, label in labels), *(f" {w}" for w in LABEL_WORDS)]):
            return None
        piece = Piece(spans[0].start, spans[0].end)
        given = self.give(slot, piece)
        return None if "unresolved" in given.resolution else given

    # Bare values.

    def bare(self, spans: Sequence[Slot], pieces: Sequence[Piece]) -> Understanding | None:
        """The values that have only fillers around them; None if there are none."""
        asked = self.asked_slot
        if asked is not None and sum(self.values.fits(asked, piece) for piece in pieces) > 1:
            return Understanding(self.named(spans))
        given: list[GivenValue] = []
        clarify: Clarify | None = None
        before = 0
        for index, piece in enumerate(pieces):
            around = self.text[before : piece.start]
            if index == len(pieces) - 1:
                around += " " + self.text[piece.end :]
            before = piece.end
            target = self.targets.choose(
                piece, correcting=has_correction(around), taken={value.slot for value in given}
            )
            if isinstance(target, Clarify):
                clarify = clarify or target
            elif target is not None:
                given.append(self.give(target, piece))
        if not pieces or (not given and clarify is None and not spans):
            return None
        return Understanding(given, clarify)

    def whole(self, pieces: Sequence[Piece]) -> Piece | None:
        """
        The whole text without its fillers as a piece, if that is a value of a slot.

        The tagger may find only a part of it.
        """
        start, end = without_fillers(self.text)
        if start == end:
            return None
        named = self.form.slots.get(pieces[0].name or "") if pieces else None
        candidates = list(self.form.slots.values())
        if named is not None:
            candidates = [named] if self.asked_slot is None else [self.asked_slot, named]
        # Any words are a value of a slot without a type: there only the tagger knows.
        candidates = [slot for slot in candidates if slot.value_type != "text" or slot.choices]
        piece = Piece(start, end, pieces[0].name if pieces else None)
        candidates.sort(key=lambda slot: slot is not self.asked_slot)  # most answer what was asked
        return piece if any(self.values.fits(slot, piece) for slot in candidates) else None

    def yes_or_no(self) -> Understanding | None:
        """The answer to a question of yes or no; None if no such question was asked."""
        if self.asked_slot is None or self.asked_slot.value_type != "boolean":
            return None
        for start, end in whole_answers(self.text):
            given = self.give(self.asked_slot, Piece(start, end))
            if "unresolved" not in given.resolution:
                return Understanding([given])
        return None

    # Corrections that name what was wrong, or what was there before.

    def negated(self) -> Understanding | None:
        """
        The right value of "not Boston, Chicago".

        None unless the wrong one is a value too.
        """
        negated = self.sentences.negated
        if negated is None:
            return None
        typed = [slot for slot in self.form.slots.values() if slot.value_type != "text"]
        held = [slot for slot in self.form.slots.values() if self.values.holds(slot, negated.wrong)]
        if not held and all(
            "unresolved" in self.values.read_words(slot, negated.wrong) for slot in typed
        ):
            return None
        spans = [
            span._replace(start=span.start + negated.start, end=span.end + negated.start)
            for span in self.tagged[1]
        ]
        piece = Piece(negated.start, negated.end, spans[0].name if len(spans) == 1 else None)
        if len(spans) == 1 and not any(self.values.fits(slot, piece) for slot in typed):
            piece = Piece(spans[0].start, spans[0].end, spans[0].name)
        target = self.targets.choose(piece, correcting=True, taken=(), wrong=negated.wrong)
        if target is None:
            return None
        if isinstance(target, Clarify):
            return Understanding(clarify=target)
        return Understanding([self.give(target, piece)])

    def restored(self) -> Understanding | None:
        """An earlier value that "back to Denver" restores; None if there is none."""
        stretch = earlier_of(self.text)
        if stretch is None:
            return None
        piece = Piece(*stretch)
        for name in reversed(self.state.recent):
            slot = self.form.slots[name]
            value = self.values.read(slot, piece.start, piece.end)
            for entry in self.state.slots[name].earlier:
                if "unresolved" not in value and same_value(value, entry.resolution):
                    return Understanding([GivenValue(name, entry.words, entry.resolution)])
        return None

    # The answer in the frame of its question.

    def framed(self) -> list[GivenValue]:
        """The value that the tagger finds for the requested slot within its frame."""
        slot, framed = self.asked_slot, self.sentences.framed
        if slot is None or framed is None:
            return []
        first, last = self.sentences.offset, self.sentences.offset + len(self.text)
        for span in self.tagged[-1]:
            if (
                span.name == slot.name
                and span.confidence >= self.form.min_confidence
                and first <= span.start
                and span.end <= last
            ):
                piece = Piece(span.start - first, span.end - first, span.name)
                given = self.give(slot, piece)
                if "unresolved" not in given.resolution:
                    return [given]
        return []


def labels_of(slot: FormSlot) -> list[str]:
    """What people call the slot, in all languages."""
    return [label for labels in slot.label.values() for label in labels]


def is_in(label: str, words: str) -> bool:
    """Whether the label occurs in the words; a label in Latin letters only as whole words."""
    return label in words if has_han(label) else f" {label} " in f" {words} "
