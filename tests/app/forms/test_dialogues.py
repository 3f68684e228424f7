"""The dialogues that were written before there were forms."""

from typing import Any

import pytest

from app.forms import State, read_state, state_json
from tests.app.forms.talk import as_json, context, dialogues, say, told, trip

DIALOGUES = dialogues()


@pytest.mark.parametrize(
    ("dialogue", "resolve"), [one[1:] for one in DIALOGUES], ids=[one[0] for one in DIALOGUES]
)
def test_a_dialogue_goes_as_it_is_written(
    dialogue: dict[str, Any], resolve: dict[str, str]
) -> None:
    form, state = trip(), State()
    for number, expected in enumerate(dialogue["turns"]):
        turn = say(form, state, expected["say"], context(resolve))
        clarify = [] if turn.clarify is None else list(turn.clarify.options)
        found = {
            "changes": [told(change) for change in as_json(turn)],
            "asks": turn.requested_slot or "",
            "status": turn.status,
            "clarify": clarify,
        }
        status = expected.get("status", "asking" if expected["asks"] else "complete")
        assert found == {
            "changes": expected["changes"],
            "asks": expected["asks"],
            "status": status,
            "clarify": expected.get("clarify", []),
        }, f"turn {number + 1}: {expected['say']}"
        state = read_state(form, state_json(form, turn.state))
        assert state == turn.state
