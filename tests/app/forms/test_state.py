"""A client may edit the state; it is read as strictly as any input."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forms import FormChangedError, InvalidStateError, State, read_state, state_json
from tests.app.forms.talk import context, say, trip
from tests.app.forms.test_short_answers import LONDON

Json = dict[str, Any]
BOSTON = {"type": "name", "id": "BOS", "value": "Boston"}


def filled() -> Json:
    form, state = trip(), State()
    for text in ("two tickets from Boston to Denver on Friday", "Austin"):
        state = say(form, state, text, context(LONDON)).state
    made: Json = copy.deepcopy(state_json(form, state))
    assert made["clarify"]["options"].keys() == {"place_of_departure", "destination"}
    return made


def slot(state: Json, name: str) -> Json:
    made: Json = state["slots"].setdefault(name, {"value": "x", "resolution": {}})
    return made


def put(*path: str | int, value: Any) -> Callable[[Json], None]:
    def edit(state: Json) -> None:
        inner: Any = state
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value

    return edit


def value(name: str, **resolution: Any) -> Callable[[Json], None]:
    return lambda state: slot(state, name).update(resolution=resolution)


def test_a_button_sets_a_slot_by_writing_its_value() -> None:
    state = filled()
    state["slots"]["time_of_return"] = {
        "resolution": {"type": "date", "value": "2026-12-06", "grain": "day"}
    }
    found = read_state(trip(), state)
    assert found.values["time_of_return"]["value"] == "2026-12-06"
    assert found.recent[0] == "time_of_return"
    turn = say(trip(), found, "", context(LONDON))
    assert turn.status == "complete"


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        (put("slots", "colour", value={"value": "red", "resolution": {}}), "state.slots: a slot t"),
        (put("skipped", value=["colour"]), "state.skipped: a slot that the form does not have"),
        (put("skipped", value=["destination"]), "state.skipped: destination cannot be skipped"),
        (put("skipped", value=["time_of_return"] * 2), "state.skipped: a slot is there twice"),
        (put("recent", value=["destination"] * 2), "state.recent: a slot is there twice"),
        (put("recent", value=["time_of_return"]), "state.recent: a slot that is not filled"),
        (put("requested_slot", value="colour"), "state.requested_slot: a slot that the form"),
        (put("attempts", value=3), "state.attempts: less than 3"),
        (put("attempts", value="1"), "state.attempts: Input should be a valid integer"),
        (put("more", value=1), "state.more: Unknown field"),
        (put("clarify", "options", value={"destination": BOSTON}), "state.clarify.options: Dict"),
        (put("clarify", "options", "destination", value={"type": "x"}), "state.clarify.options.d"),
        (
            put("slots", "destination", "earlier", value=[{"resolution": {}}]),
            "earlier.0.resolution",
        ),
        (value("passengers", type="count", value=10), "state.slots.passengers: against `most`"),
        (value("passengers", type="count", value="2"), "state.slots.passengers.resolution.value"),
        (value("passengers", type="count", value=True), "state.slots.passengers.resolution.value"),
        (value("passengers", type="count", value=2, groups={"adult": 1}), "do not add up"),
        (value("passengers", type="number", value=2), "state.slots.passengers.resolution.type"),
        (value("destination", **BOSTON), "against `different_from` with"),
        (value("destination", type="name", id="XXX", value="Nowhere"), "no such entry"),
        (value("destination", **BOSTON, alternatives=[BOSTON | {"id": "X"}]), "no such entry"),
        (value("destination", type="name", unresolved="unknown_name"), "Unknown field"),
        (
            value("time_of_return", type="date", value="2026-12-03", grain="day"),
            "`not_before` with",
        ),
        (value("time_of_return", type="date", value="2026-02-30", grain="day"), "Value error"),
        (value("time_of_return", type="date", value="2026-12-30"), "give `grain`"),
        (value("time_of_return", type="date", grain="day"), "give `value`, or `from`"),
        (value("time_of_return", type="date", value="9999-12-31", grain="day"), "give a year"),
        (value("time_of_return", type="time", value="25:00", grain="hour"), "give a time such as"),
        (
            value("time_of_return", type="datetime", value="2026-12-30T10:00", grain="hour"),
            "offset",
        ),
        (
            value(
                "time_of_return",
                type="date",
                **{"from": "2026-12-30"},
                to="2026-12-29",
                grain="day",
            ),
            "`from` is after `to`",
        ),
        (
            value("time_of_arrival", type="date", value="2026-12-30", grain="day"),
            "against `excluded` with",
        ),
    ],
)
def test_an_edited_state_is_refused_with_the_place(
    edit: Callable[[Json], None], fault: str
) -> None:
    state = filled()
    edit(state)
    with pytest.raises(InvalidStateError) as caught:
        read_state(trip(), state)
    assert fault in str(caught.value)


@pytest.mark.parametrize("name", ["form", "version"])
def test_a_state_of_another_form_or_version_says_so(name: str) -> None:
    with pytest.raises(FormChangedError):
        read_state(trip(), filled() | {name: "other"})


@pytest.mark.parametrize(
    "rubbish",
    [
        "x" * 16_384,
        ["x" * 10] * 1_600,
        {str(number): number for number in range(2_000)},
        {"form": "trip", "version": "x", "slots": "y" * 16_000},
        {"form": "x" * 16_000, "version": 1},
        7,
        False,
    ],
)
def test_rubbish_is_refused_with_a_short_message(rubbish: object) -> None:
    with pytest.raises((InvalidStateError, FormChangedError)) as caught:
        read_state(trip(), rubbish)
    assert len(str(caught.value)) < 1_000


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=12,
)
RESOLUTION = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["date", "time", "datetime", "count", "name", "text"]) | JSON,
        "value": st.sampled_from(["2026-W53", "0000", "24:00", "2026-12-31T23:59+14:00", "1"])
        | JSON,
        "from": st.sampled_from(["2026-12-31", "0001-01-01T00:00+14:00"]) | JSON,
        "to": st.sampled_from(["2026-12-30", "9998-12-31T23:59:59-14:00"]) | JSON,
        "grain": st.sampled_from(["day", "week", "month", "year", "hour"]) | JSON,
        "any_of": JSON,
        "alternatives": JSON,
        "part_of_day": JSON,
        "id": JSON,
    },
)


@given(st.data())
def test_any_edit_is_refused_or_leads_on(data: st.DataObject) -> None:
    form, state = trip(), filled()
    name = data.draw(st.sampled_from([*form.slots, "x"]))
    slot(state, name)["resolution"] = data.draw(RESOLUTION | JSON)
    key = data.draw(st.sampled_from([*state, "x"]))
    if data.draw(st.booleans()):
        state[key] = data.draw(JSON)
    try:
        found = read_state(form, state)
    except (InvalidStateError, FormChangedError):
        return
    turn = say(
        form,
        found,
        data.draw(st.sampled_from(["Sunday", "at 6 pm", "undo", "two"])),
        context(LONDON),
    )
    assert read_state(form, state_json(form, turn.state)) == turn.state
