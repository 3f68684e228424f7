"""
Forms: which slots a conversation still has to fill, and what each text changes.

The package knows slots and values, and no HTTP. `take_turn` is where to begin reading.
"""

from app.forms.definition import Form, FormSlot
from app.forms.errors import (
    FormChangedError,
    InvalidFormError,
    InvalidStateError,
    UnknownFormError,
)
from app.forms.files import MAX_FILE, FormModel, read_form
from app.forms.schema import completed_schema
from app.forms.sentences import Sentences, sentences_of
from app.forms.state import State, StateJson, read_state, state_json, state_of
from app.forms.turn import Change, ChangeKind, Status, Turn, completed_values, take_turn

__all__ = [
    "MAX_FILE",
    "Change",
    "ChangeKind",
    "Form",
    "FormChangedError",
    "FormModel",
    "FormSlot",
    "InvalidFormError",
    "InvalidStateError",
    "Sentences",
    "State",
    "StateJson",
    "Status",
    "Turn",
    "UnknownFormError",
    "completed_schema",
    "completed_values",
    "read_form",
    "read_state",
    "sentences_of",
    "state_json",
    "state_of",
    "take_turn",
]
