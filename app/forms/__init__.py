"""Forms: what is still missing, and what a text changes. Knows slots and values, and no HTTP."""

from app.forms.definition import Form, FormSlot
from app.forms.errors import (
    FormChangedError,
    InvalidFormError,
    InvalidStateError,
    UnknownFormError,
)
from app.forms.files import FormModel, read_form
from app.forms.state import State, read_state, state_json
from app.forms.turn import Change, Turn, completed_values, take_turn
from app.forms.understanding import Sentences, sentences_of

__all__ = [
    "Change",
    "Form",
    "FormChangedError",
    "FormModel",
    "FormSlot",
    "InvalidFormError",
    "InvalidStateError",
    "Sentences",
    "State",
    "Turn",
    "UnknownFormError",
    "completed_values",
    "read_form",
    "read_state",
    "sentences_of",
    "state_json",
    "take_turn",
]
