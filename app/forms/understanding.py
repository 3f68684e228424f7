"""
What a text says for which slot of a form.

The tagger names slots by the words around a value. A bare value, such as the answer to a question,
has none: then the question decides, and what is filled already.
"""

from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from app.forms.constraints import same_value
from app.forms.definition import Form, FormSlot
from app.forms.merging import merged
from app.forms.resolutions import Resolution
from app.forms.state import Clarify, State
from app.forms.words import (
    Negated,
    earlier_of,
    folded,
    has_cue,
    has_han,
    is_filler,
    is_question,
    negated_of,
    whole_answers,
    without_fillers,
)
from app.tagging.slots import Slot
from app.values import Context, resolve
from app.values.requests import day_of

__all__ = ["MOST_BARE", "Said", "Sentences", "Understood", "sentences_of", "understand"]

# A longer text is no bare value.
MOST_BARE = 300
MOST_TEXT = 200
LABEL_WORDS = ("to", "from")


class Said(NamedTuple):
    """A value for a slot; its resolution may be unresolved."""

    slot: str
    words: str
    resolution: Resolution


class Understood(NamedTuple):
    """The values that a text gives, the question that it leaves open, or whether it asks one."""

    said: Sequence[Said] = ()
    clarify: Clarify | None = None
    question: bool = False


class Sentences(NamedTuple):
    """
    What is tagged for one turn.

    right: the right value of "not this, that", alone. framed: the text with the frame of the
    requested slot around it, which begins `offset` characters later there.
    """

    text: str
    negated: Negated | None = None
    framed: str | None = None
    offset: int = 0

    @property
    def texts(self) -> list[str]:
        """Those to tag, in order."""
        made = [self.text]
        if self.negated is not None:
            made.append(self.text[self.negated.start : self.negated.end])
        if self.framed is not None:
            made.append(self.framed)
        return made


class Piece(NamedTuple):
    """A stretch of the text that may be a value; `name`: what the tagger calls it."""

    start: int
    end: int
    name: str | None = None


def sentences_of(form: Form, state: State, text: str) -> Sentences:
    """What is to be tagged: the text and, where it is short, what helps to read an answer."""
    if len(text) > MOST_BARE or not text.strip():
        return Sentences(text)
    slot = form.slots.get(state.requested_slot or "")
    frame = None if slot is None else frame_of(slot, text)
    if frame is None:
        return Sentences(text, negated_of(text))
    before, _, after = frame.partition("{}")
    return Sentences(text, negated_of(text), f"{before}{text}{after}", len(before))


def frame_of(slot: FormSlot, text: str) -> str | None:
    """The frame in the language that the text is written in."""
    chinese = has_han(text)
    for language, frame in slot.frame.items():
        if (language == "zh") == chinese:
            return frame
    return None


def understand(
    form: Form,
    state: State,
    sentences: Sentences,
    tagged: Sequence[Sequence[Slot]],
    context: Context,
) -> Understood:
    """The values of a text that neither cancels nor skips; `tagged`: the slots of each sentence."""
    return _Reader(form, state, sentences, tagged, context).understood()


class _Reader:
    """One text of a conversation."""

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
        self.asked = form.slots.get(state.requested_slot or "")
        self.new_days: dict[str, Resolution] = {}
        self.known: dict[Hashable, Resolution] = {}

    def understood(self) -> Understood:
        """What the text gives."""
        if is_question(folded(self.text)):
            return Understood(question=True)
        if len(self.text) > MOST_BARE:
            return Understood(self.named(self.tagged[0]))
        found = self.yes_or_no() or self.negated() or self.restored()
        if found is not None:
            return found
        spans = self.tagged[0]
        rest = self.outside(spans)
        labelled = self.labelled(spans, rest)
        if labelled is not None:
            return Understood([labelled])
        pieces = [Piece(span.start, span.end, span.name) for span in spans]
        whole = self.whole(pieces) if len(pieces) < 2 else None
        if spans and whole is None and not is_filler(rest):
            return Understood(self.named(spans))
        return self.bare(spans, pieces if whole is None else [whole]) or Understood(self.framed())

    def outside(self, spans: Iterable[Slot]) -> str:
        """The text without the slots."""
        parts, start = [], 0
        for span in spans:
            parts.append(self.text[start : span.start])
            start = span.end
        return " ".join([*parts, self.text[start:]])

    # What words and a slot make together.

    def value(self, slot: FormSlot, start: int, end: int) -> Resolution:
        """The words of the text as a value of the slot; slots of one kind read them once."""
        if slot.kind == "text":
            return self.text_value(slot, self.text[start:end])
        assert slot.type is not None, "a slot of another type than text has a type"
        day = self.anchor_of(slot)
        key = slot.type.reading, day, start, end
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = resolve(self.text, start, end, slot.type, self.context, day)
        return found

    def anchor_of(self, slot: FormSlot) -> date | None:
        """The day that "the next day" follows, if the slot has an anchor that is known."""
        if slot.anchor is None:
            return None
        anchor = self.new_days.get(slot.anchor)
        if anchor is None and (entry := self.state.slots.get(slot.anchor)) is not None:
            anchor = entry.resolution
        return None if anchor is None else day_of(anchor)

    @staticmethod
    def text_value(slot: FormSlot, words: str) -> Resolution:
        if not slot.choices:
            return {"type": "text", "value": words.strip()[:MOST_TEXT] or words[:MOST_TEXT]}
        whole = folded(words)
        for value, said in slot.choices.items():
            if whole in said:
                return {"type": "text", "value": value}
        return {"type": "text", "unresolved": "not_understood"}

    def fits(self, slot: FormSlot, piece: Piece) -> bool:
        """Whether the piece is a value of the slot, as far as the tagger does not contradict."""
        named = self.form.slots.get(piece.name or "")
        if (
            slot.kind == "text"
            and not slot.choices
            and (named is None or group_of(named) != group_of(slot))
        ):
            return False
        if slot.kind == "boolean" or "unresolved" in self.value(slot, piece.start, piece.end):
            return False  # a yes is for its question alone
        if named is None or group_of(named) == group_of(slot):
            return True
        return "unresolved" in self.value(named, piece.start, piece.end)

    def said(self, slot: FormSlot, piece: Piece) -> Said:
        """The piece as the slot's value."""
        resolution = self.value(slot, piece.start, piece.end)
        if slot.group == "moment" and "unresolved" not in resolution:
            self.new_days[slot.name] = resolution  # others are counted from it
        return Said(slot.name, self.text[piece.start : piece.end], resolution)

    # Sentences in which the words around a value name its slot.

    def named(self, spans: Iterable[Slot]) -> list[Said]:
        """The slots as the tagger names them, those that others are counted from first."""
        kept = [
            span
            for span in spans
            if span.name in self.form.slots and span.confidence >= self.form.min_confidence
        ]
        kept.sort(key=lambda span: self.form.slots[span.name].anchor is not None)
        made: dict[str, tuple[Said, Slot]] = {}
        for span in kept:
            said = self.said(self.form.slots[span.name], Piece(span.start, span.end))
            before = made.get(span.name)
            if before is not None:
                said = self.both(*before, said, span)
            made[span.name] = said, span
        return [said for said, _ in made.values()]

    def both(self, first: Said, earlier: Slot, second: Said, later: Slot) -> Said:
        """Two values for one slot: the second corrects or completes the first, else none counts."""
        if has_cue(self.text[earlier.end : later.start]):
            return second
        values = first.resolution, second.resolution
        if any("unresolved" in value for value in values) or same_value(*values):
            return second if "unresolved" in values[0] else first
        slot = self.form.slots[first.slot]
        words = self.text[earlier.start : later.end]
        if slot.kind == "datetime":
            made, completed = merged(*values, self.context)
            if completed:
                return Said(first.slot, words, made)
        return Said(first.slot, words, {"type": slot.kind, "unresolved": "two_values"})

    def labelled(self, spans: Sequence[Slot], rest: str) -> Said | None:
        """One value and what people call a slot: "change the return to Saturday"."""
        if len(spans) != 1:
            return None
        words = folded(rest)
        found = [
            (slot, label)
            for slot in self.form.slots.values()
            for label in labels_of(slot)
            if label in words and is_in(label, words)
        ]
        if len({slot.name for slot, _ in found}) != 1:
            return None
        slot, _ = found[0]
        if not is_filler(words, [*(label for _, label in found), *(f" {w}" for w in LABEL_WORDS)]):
            return None
        piece = Piece(spans[0].start, spans[0].end)
        said = self.said(slot, piece)
        return None if "unresolved" in said.resolution else said

    # Bare values.

    def bare(self, spans: Sequence[Slot], pieces: Sequence[Piece]) -> Understood | None:
        """Values with nothing around them but fillers."""
        asked = self.asked
        if asked is not None and sum(self.fits(asked, piece) for piece in pieces) > 1:
            return Understood(self.named(spans))
        said: list[Said] = []
        clarify: Clarify | None = None
        before = 0
        for number, piece in enumerate(pieces):
            around = self.text[before : piece.start]
            if number == len(pieces) - 1:
                around += " " + self.text[piece.end :]
            before = piece.end
            target = self.target(piece, cue=has_cue(around), taken={one.slot for one in said})
            if isinstance(target, Clarify):
                clarify = clarify or target
            elif target is not None:
                said.append(self.said(target, piece))
        if not pieces or (not said and clarify is None and not spans):
            return None
        return Understood(said, clarify)

    def whole(self, pieces: Sequence[Piece]) -> Piece | None:
        """The whole text but for fillers, if that is a value; the tagger may find less of it."""
        start, end = without_fillers(self.text)
        if start == end:
            return None
        named = self.form.slots.get(pieces[0].name or "") if pieces else None
        wanted = list(self.form.slots.values())
        if named is not None:
            wanted = [named] if self.asked is None else [self.asked, named]
        # Any words are a value of a slot without a type: there only the tagger knows.
        wanted = [slot for slot in wanted if slot.kind != "text" or slot.choices]
        piece = Piece(start, end, pieces[0].name if pieces else None)
        wanted.sort(key=lambda slot: slot is not self.asked)  # most answer what was asked
        return piece if any(self.fits(slot, piece) for slot in wanted) else None

    def target(
        self, piece: Piece, *, cue: bool, taken: Iterable[str], wrong: str | None = None
    ) -> FormSlot | Clarify | None:
        """The slot that a bare value is for."""
        named = self.form.slots.get(piece.name or "")
        free = [slot for slot in self.form.slots.values() if slot.name not in taken]
        # Only values of one group compete: first those of the slot that was asked for, or else of
        # the one that the tagger names, so that the words are not read as every other type.
        asked = self.asked if self.asked in free and self.fits(self.asked, piece) else None
        likely = asked or named
        fitting = [] if likely is None else self.fitting(free, group_of(likely), piece)
        if not fitting:
            fitting = [slot for slot in free if self.fits(slot, piece)]
            if not fitting:
                return self.unread(named, cue=cue)
            fitting = [slot for slot in fitting if group_of(slot) == group_of(fitting[0])]
        if wrong is not None:
            for slot in fitting:
                if self.holds(slot, wrong):
                    return slot
        elif cue and (corrected := self.corrected(fitting, piece)) is not None:
            return corrected
        if asked is not None:
            return asked
        return self.unasked(fitting, named, piece)

    def fitting(self, slots: Iterable[FormSlot], group: str, piece: Piece) -> list[FormSlot]:
        """The slots of a group that the piece is a value of."""
        return [slot for slot in slots if group_of(slot) == group and self.fits(slot, piece)]

    def unread(self, named: FormSlot | None, *, cue: bool) -> FormSlot | None:
        """The slot to which words belong that have no value, so that it can be said why."""
        if named is None:
            return None
        alike = [slot for slot in self.form.slots.values() if group_of(slot) == group_of(named)]
        if self.asked in alike and not (cue and self.newest(alike)):
            return self.asked
        return self.newest(alike) if cue else named

    def unasked(
        self, fitting: Sequence[FormSlot], named: FormSlot | None, piece: Piece
    ) -> FormSlot | Clarify | None:
        """The slot of a bare value that no question is about."""
        assert fitting, "the value fits somewhere"
        filled = self.state.slots
        empty = [slot for slot in fitting if slot.name not in filled and self.is_open(slot)]
        likely = empty or [slot for slot in fitting if slot.name not in filled]
        if named is not None and named in likely:
            return named
        if len(empty) == 1:
            return empty[0]
        if len(fitting) == 1:
            return fitting[0]
        values = {
            slot.name: self.value(slot, piece.start, piece.end)
            for slot in fitting
            if slot.name in filled or slot in empty
        }
        if any(
            name in filled and same_value(value, filled[name].resolution)
            for name, value in values.items()
        ):
            return None
        words = self.text[piece.start : piece.end]
        return Clarify(words, values) if len(values) > 1 else None

    def is_open(self, slot: FormSlot) -> bool:
        """Whether the form may still ask for it."""
        return (
            slot.ask
            and slot.name not in self.state.skipped
            and not any(other in self.state.slots for other in slot.excludes)
        )

    def newest(self, slots: Iterable[FormSlot]) -> FormSlot | None:
        """Of some slots the one that was filled or changed last."""
        names = {slot.name for slot in slots}
        for name in reversed(self.state.recent):
            if name in names:
                return self.form.slots[name]
        return None

    def corrected(self, fitting: Sequence[FormSlot], piece: Piece) -> FormSlot | Clarify | None:
        """What a correction is about: the slot changed last, unless that would change nothing."""
        newest = self.newest(fitting)
        if newest is None:
            return None
        value = self.value(newest, piece.start, piece.end)
        if not same_value(value, self.state.slots[newest.name].resolution):
            return newest
        filled = [slot for slot in fitting if slot.name in self.state.slots]
        if len(filled) < 2:
            return newest
        return Clarify(
            self.text[piece.start : piece.end],
            {slot.name: self.value(slot, piece.start, piece.end) for slot in filled},
        )

    def holds(self, slot: FormSlot, words: str) -> bool:
        """Whether the slot is filled with the value of these words."""
        entry = self.state.slots.get(slot.name)
        if entry is None:
            return False
        value = self.other_value(slot, words)
        if "unresolved" in value:
            return False
        if same_value(value, entry.resolution):
            return True
        ends = [entry.resolution[key] for key in ("value", "from") if key in entry.resolution]
        return value.get("grain") == "day" and any(
            str(end)[:10] == value.get("value") for end in ends
        )

    def other_value(self, slot: FormSlot, words: str) -> Resolution:
        """Words that are not read where they stand."""
        if slot.kind == "text":
            return self.text_value(slot, words)
        assert slot.type is not None, "a slot of another type than text has a type"
        return resolve(words, 0, len(words), slot.type, self.context)

    def yes_or_no(self) -> Understood | None:
        """The answer to a question of yes or no; elsewhere these words correct, or say nothing."""
        if self.asked is None or self.asked.kind != "boolean":
            return None
        for start, end in whole_answers(self.text):
            said = self.said(self.asked, Piece(start, end))
            if "unresolved" not in said.resolution:
                return Understood([said])
        return None

    # Corrections that name what was wrong, or what was there before.

    def negated(self) -> Understood | None:
        """The right value of "not Boston, Chicago"; None unless the wrong one is a value too."""
        negated = self.sentences.negated
        if negated is None:
            return None
        typed = [slot for slot in self.form.slots.values() if slot.kind != "text"]
        held = [slot for slot in self.form.slots.values() if self.holds(slot, negated.wrong)]
        if not held and all(
            "unresolved" in self.other_value(slot, negated.wrong) for slot in typed
        ):
            return None
        spans = [
            span._replace(start=span.start + negated.start, end=span.end + negated.start)
            for span in self.tagged[1]
        ]
        piece = Piece(negated.start, negated.end, spans[0].name if len(spans) == 1 else None)
        if len(spans) == 1 and not any(self.fits(slot, piece) for slot in typed):
            piece = Piece(spans[0].start, spans[0].end, spans[0].name)
        target = self.target(piece, cue=True, taken=(), wrong=negated.wrong)
        if target is None:
            return None
        if isinstance(target, Clarify):
            return Understood(clarify=target)
        return Understood([self.said(target, piece)])

    def restored(self) -> Understood | None:
        """A value that a slot had before, and shall have again."""
        stretch = earlier_of(self.text)
        if stretch is None:
            return None
        piece = Piece(*stretch)
        for name in reversed(self.state.recent):
            slot = self.form.slots[name]
            value = self.value(slot, piece.start, piece.end)
            for entry in self.state.slots[name].earlier:
                if "unresolved" not in value and same_value(value, entry.resolution):
                    return Understood([Said(name, entry.words, entry.resolution)])
        return None

    # The answer in the frame of its question.

    def framed(self) -> list[Said]:
        """What the tagger finds for the requested slot with words of the question around."""
        slot, framed = self.asked, self.sentences.framed
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
                said = self.said(slot, piece)
                if "unresolved" not in said.resolution:
                    return [said]
        return []


def group_of(slot: FormSlot) -> str:
    """Values of one group can stand in each other's slot; untyped ones if they must differ."""
    if slot.kind != "text" or slot.choices:
        return slot.group if slot.kind != "text" else f"one of {slot.name}"
    return f"text {min([slot.name, *slot.different_from])}"


def labels_of(slot: FormSlot) -> list[str]:
    """What people call the slot, in all languages."""
    return [label for labels in slot.label.values() for label in labels]


def is_in(label: str, words: str) -> bool:
    """Whether the label stands among the words."""
    return label in words if has_han(label) else f" {label} " in f" {words} "
