"""What holds whatever is said, in any order."""

import json
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.forms import (
    Form,
    State,
    Turn,
    completed_values,
    read_state,
    sentences_of,
    state_json,
    take_turn,
)
from app.forms.constraints import violations
from app.forms.schema import completed_schema
from app.tagging.slots import Slot
from tests.app.forms.talk import context, dialogues, say, trip
from tests.app.forms.test_short_answers import ASKING, LONDON, ORDER, SETS, TAIPEI

# Without a zone nothing relative has a value.
NOWHERE = {"reference_time": "2026-11-29T09:00:00Z", "time_zone": None, "locale": "en"}
SAID = sorted(
    {turn["say"] for _, one, _ in dialogues() for turn in one["turns"]}
    | {text for _, text, _ in SETS["answers"]}
    | {text for _, text in SETS["others"]}
)
PLACES = ["Boston", "Denver", "London", "Lagos", "JFK", "北京", "台北", "Atlantis", "Paris"]
TIMES = ["Friday", "tomorrow at 9", "in the evening", "half past six", "the 30th", "next month"]
TIMES += ["周五", "下午三点", "三天后", "晚上", "before Friday", "Monday or Tuesday", "at midnight"]
COUNTS = ["two", "twelve people", "三位", "just me", "zero", "两大一小"]
FRAMES = [
    "{}",
    "from {}",
    "to {}",
    "leave {}",
    "come back {}",
    "sorry, {}",
    "make it {}",
    "not {}, {}",
]
FRAMES += [
    "{} and {}",
    "{}, {}",
    "back to {}",
    "从{}到{}",
    "改成{}",
    "不是{}，是{}",
    "{}回来",
    "arrive {}",
]


@st.composite
def texts(draw: st.DrawFn) -> str:
    """What somebody might say."""
    if draw(st.booleans()):
        said: str = draw(st.sampled_from(SAID))
        return said
    frame = draw(st.sampled_from(FRAMES))
    words = [draw(st.sampled_from(PLACES + TIMES + COUNTS)) for _ in range(frame.count("{}"))]
    return str(frame.format(*words))


ANYTHING = st.lists(texts() | st.text(max_size=40), max_size=8)


def conversation(form: Form, said: list[str]) -> list[Turn]:
    turns, state = [], State()
    for text in said:
        turn = say(form, state, text, context(LONDON if text.isascii() else TAIPEI))
        turns.append(turn)
        state = turn.state
    return turns


@settings(max_examples=150)
@given(said=ANYTHING, asking=st.booleans())
@example(said=["不回来了", "算了"], asking=False)  # what was skipped is cleared as well
def test_any_conversation_keeps_what_forms_promise(said: list[str], asking: bool) -> None:
    form = trip(ASKING) if asking else trip()
    before = State()
    for text, turn in zip(said, conversation(form, said), strict=True):
        # The state is valid, as any input must be, and survives being carried by a client.
        carried: Any = json.loads(json.dumps(state_json(form, turn.state)))
        assert len(json.dumps(carried)) < 16_384
        assert read_state(form, carried) == turn.state
        assert not list(violations(form.slots, turn.state.values))
        if turn.status == "complete":
            check_complete(form, turn.state)
        check_changes(form, text, before, turn)
        before = turn.state


def check_complete(form: Form, state: State) -> None:
    import jsonschema

    values = completed_values(form, state)
    jsonschema.validate(values, completed_schema(form))
    for name, slot in form.slots.items():
        covered = name in values or any(other in values for other in slot.excludes)
        assert covered or not slot.required


def check_changes(form: Form, text: str, before: State, turn: Turn) -> None:
    """Nothing changes but what is said to change, and that for words of the text."""
    told = {change.slot: change for change in turn.changes if change.kind != "rejected"}
    for name in form.slots:
        old = before.values.get(name), name in before.skipped
        new = turn.state.values.get(name), name in turn.state.skipped
        assert (old != new) == (name in told)
    for change in turn.changes:
        assert change.before == before.values.get(change.slot)
        if change.kind in ("filled", "corrected", "completed"):
            assert change.after == turn.state.values[change.slot]
            option = before.clarify is not None and change.slot in before.clarify.options
            earlier = change.slot in before.slots and any(
                change.words == entry.words for entry in before.slots[change.slot].earlier
            )
            assert change.words in text or option or earlier


@settings(max_examples=150)
@given(ANYTHING, st.data())
def test_it_holds_whatever_the_tagger_finds(said: list[str], data: st.DataObject) -> None:
    form, before = trip(ASKING), State()
    for text in said:
        sentences = sentences_of(form, before, text)
        found = [data.draw(spans(one)) for one in sentences.texts]
        present = context(data.draw(st.sampled_from([LONDON, TAIPEI, NOWHERE])))
        turn = take_turn(form, before, sentences, found, present)
        assert read_state(form, state_json(form, turn.state)) == turn.state
        check_changes(form, text, before, turn)
        before = turn.state


@st.composite
def spans(draw: st.DrawFn, text: str) -> list[Slot]:
    """Slots that do not overlap, anywhere in the text."""
    made: list[Slot] = []
    ends = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6, unique=True)))
    for start, end in zip(ends[::2], ends[1::2], strict=False):
        name = draw(st.sampled_from(ORDER))
        confidence = draw(st.sampled_from([0.2, 0.6, 1.0]))
        made.append(Slot(name, text[start:end], start, end, confidence))
    return made


@settings(max_examples=40)
@given(ANYTHING)
def test_the_same_conversation_comes_to_the_same_state(said: list[str]) -> None:
    assert conversation(trip(), said) == conversation(trip(), said)
