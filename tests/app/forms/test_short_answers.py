"""Short answers reach the slot that is asked for, and what is no answer does not."""

import tomllib
from functools import cache

from app.forms import State, Turn
from tests.app.forms.talk import HERE, TRIP, brief, context, say, trip

LONDON = {"reference_time": "2026-11-29T09:00:00Z", "time_zone": "Europe/London", "locale": "en-GB"}
TAIPEI = {"reference_time": "2026-11-29T01:00:00Z", "time_zone": "Asia/Taipei", "locale": "zh-CN"}
SETS = tomllib.loads((HERE / "short_answers.toml").read_text(encoding="utf-8"))
# The same form, but that it asks how many travel.
ASKING = TRIP.replace(
    b'name = "passengers" # taken if said, never asked for\nrequired = false',
    """name = "passengers"
required = true
prompt = { en = "How many?", zh = "几位？" }
frame = { en = "for {} people", zh = "{}个人" }""".encode(),
).replace(b"default = 1\n", b"")
BEFORE = ["", "Seattle", "Miami", "on the 3rd of December", "on the 9th of December"]
ORDER = ["place_of_departure", "destination", "time_of_departure", "time_of_return", "passengers"]


@cache
def asked(slot: str) -> State:
    """The state in which the form asks for a slot."""
    form, state = trip(ASKING), State()
    for answer in BEFORE[: ORDER.index(slot) + 1]:
        state = say(form, state, answer, context(LONDON)).state
    assert state.requested_slot == slot
    return state


def answered(slot: str, text: str) -> Turn:
    return say(trip(ASKING), asked(slot), text, context(LONDON if text.isascii() else TAIPEI))


def test_short_answers_reach_the_slot_that_is_asked_for() -> None:
    missed = []
    for slot, text, expected in SETS["answers"]:
        found = brief(answered(slot, text).state.values.get(slot))
        if found != expected:
            missed.append((slot, text, expected, found))
    assert len(SETS["answers"]) == 50
    assert len(missed) <= 0, missed


def test_what_is_no_answer_does_not_reach_it() -> None:
    taken = [
        (slot, text)
        for slot, text in SETS["others"]
        if answered(slot, text).state.values.get(slot) is not None
    ]
    assert len(SETS["others"]) == 30
    assert taken == []
