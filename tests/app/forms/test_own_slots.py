"""Slots that only the form has: yes and no, and words for values; and what a completed form has."""

from typing import Any

import jsonschema
import pytest

from app.forms import Form, State, completed_schema, completed_values
from tests.app.forms.talk import TRIP, as_json, brief, context, say, told, trip
from tests.app.forms.test_short_answers import LONDON

OWN = """
[[slots]]
name = "insured"
type = "boolean"
prompt = { en = "Do you want insurance?", zh = "要保险吗？" }

[[slots]]
name = "class"
prompt = { en = "Which class?", zh = "什么舱位？" }
label = { en = ["class"], zh = ["舱位"] }
[slots.one_of]
economy = ["coach", "second class", "经济舱"]
business = ["business class", "商务舱"]
"""


@pytest.fixture
def form() -> Form:
    return trip(TRIP + OWN.encode())


def filled(form: Form, *said: str) -> Any:
    turn, state = None, State()
    for text in said:
        turn = say(form, state, text, context(LONDON))
        state = turn.state
    return turn


def test_yes_and_no_answer_a_question_and_nothing_else(form: Form) -> None:
    early = filled(form, "", "yes")
    assert early.changes == []
    turn = filled(form, "from Boston to Denver on Friday", "one way", "yes please")
    assert [told(change) for change in as_json(turn)] == ["insured filled True"]
    assert turn.requested_slot == "class"


def test_words_stand_for_a_value(form: Form) -> None:
    said = ["from Boston to Denver on Friday", "one way", "no", "Second class, please"]
    turn = filled(form, *said)
    assert turn.status == "complete"
    assert brief(turn.state.values["class"]) == "economy"
    assert brief(filled(form, *said, "make it business class").state.values["class"]) == "business"
    refused = filled(form, *said[:3], "the roof")
    assert "class" not in refused.state.values


def test_the_schema_says_what_a_completed_form_has(form: Form) -> None:
    turn = filled(form, "from Boston to Denver on Friday", "one way", "no", "coach")
    values = completed_values(form, turn.state)
    schema = completed_schema(form)
    jsonschema.validate(values, schema)
    assert values["passengers"] == {"type": "count", "value": 1}, "by default"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(values | {"class": {"type": "text", "value": "first"}}, schema)


def test_a_slot_that_excludes_a_required_one_stands_in_for_it(form: Form) -> None:
    turn = filled(form, "arrive in Denver by Friday, from Boston", "one way", "no", "coach")
    assert turn.status == "complete"
    values = completed_values(form, turn.state)
    assert "time_of_departure" not in values
    jsonschema.validate(values, completed_schema(form))
    del values["time_of_arrival"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(values, completed_schema(form))
