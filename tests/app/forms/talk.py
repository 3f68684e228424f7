"""A conversation with the form `trip` and the model `booking`, without a server."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from app.forms import (
    Form,
    FormModel,
    State,
    Turn,
    read_form,
    sentences_of,
    take_turn,
)
from app.inference.slot_types import types_of
from app.tagging.bundle import Bundle, open_bundle
from app.tagging.slots import Slot
from app.tagging.tagger import Tagger
from app.values import Context, context_of

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parent
TRIP = (files("app.forms") / "shipped" / "trip.toml").read_bytes()


@cache
def booking() -> Bundle:
    return open_bundle(ROOT / "models" / "booking")


@cache
def tagger() -> Tagger:
    return Tagger(booking())


@cache
def model_of(name: str) -> FormModel | None:
    return FormModel(tagger().slots, types_of(booking())) if name == "booking" else None


@cache
def trip(content: bytes = TRIP) -> Form:
    return read_form(content, "trip.toml", model_of)


@cache
def tagged(text: str) -> Sequence[Slot]:
    return tagger().tag_texts([text])[0].slots


def say(form: Form, state: State, text: str, context: Context) -> Turn:
    """One turn."""
    sentences = sentences_of(form, state, text)
    return take_turn(form, state, sentences, [tagged(one) for one in sentences.texts], context)


def dialogues() -> list[tuple[str, dict[str, Any], dict[str, str]]]:
    """Each dialogue with a name, and what its file says of the present."""
    found = []
    for path in sorted((HERE / "dialogues").glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        resolve = {key: data[key] for key in ("reference_time", "time_zone", "locale")}
        found += [(f"{path.stem}: {one['name']}", one, resolve) for one in data["dialogues"]]
    return found


def context(resolve: Mapping[str, str | None]) -> Context:
    moment = datetime.fromisoformat(resolve["reference_time"] or "")
    return context_of(moment, resolve["time_zone"], resolve["locale"] or "", datetime.now(UTC))


def brief(resolution: dict[str, Any] | None) -> str:
    """A value as dialogues write it."""
    if resolution is None:
        return ""
    if "id" in resolution:
        return str(resolution["id"])
    if "value" in resolution:
        return str(resolution["value"])
    return f"{resolution.get('from', '')}..{resolution.get('to', '')}"


def told(change: dict[str, Any]) -> str:
    """A change as dialogues write it; `change` as the API gives it."""
    parts = [change["slot"], change["kind"], change.get("reason"), brief(change.get("to"))]
    return " ".join(part for part in parts if part)


def as_json(turn: Turn) -> list[dict[str, Any]]:
    """The changes of a turn as the API gives them."""
    return [
        {"slot": one.slot, "kind": one.kind, "reason": one.reason, "to": one.after}
        for one in turn.changes
    ]
