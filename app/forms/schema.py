"""The JSON Schema of a completed form."""

from typing import Any

from app.forms.definition import Form, FormSlot
from app.forms.resolution_checks import value_schema

__all__ = ["completed_schema"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def completed_schema(form: Form) -> dict[str, Any]:
    """The JSON Schema of the values of a completed form: an object with a key per slot."""
    definitions: dict[str, Any] = {}
    properties = {name: slot_schema(slot, definitions) for name, slot in form.slots.items()}
    schema: dict[str, Any] = {
        "$schema": DIALECT,
        "title": form.name,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    alternatives = []
    required = []
    for name, slot in form.slots.items():
        if not slot.required:
            continue
        if slot.excludes:
            alternatives.append(
                {"anyOf": [{"required": [option]} for option in (name, *slot.excludes)]}
            )
        else:
            required.append(name)
    if required:
        schema["required"] = required
    if alternatives:
        schema["allOf"] = alternatives
    if definitions:
        schema["$defs"] = definitions
    return schema


def slot_schema(slot: FormSlot, definitions: dict[str, Any]) -> dict[str, Any]:
    """
    The JSON Schema of a slot's value: its type, narrowed by the form's constraints.

    What the type defines is added to `definitions`.
    """
    schema: dict[str, Any] = tidy(value_schema(slot.value_type))
    definitions.update(schema.pop("$defs", {}))
    narrower: dict[str, Any] = {}
    if slot.least is not None:
        narrower["minimum"] = slot.least
    if slot.most is not None:
        narrower["maximum"] = slot.most
    if slot.one_of:
        narrower["enum"] = list(slot.one_of)
    if narrower:
        field = "id" if slot.value_type == "name" else "value"
        schema = {"allOf": [schema, {"properties": {field: narrower}}]}
    return schema


def tidy(schema: Any) -> Any:
    """The schema without pydantic's titles and defaults, and without null for absent fields."""
    if isinstance(schema, list):
        return [tidy(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    tidied = {}
    for key, value in schema.items():
        if key == "properties":
            tidied[key] = {name: tidy(inner) for name, inner in value.items()}
        elif key not in ("title", "default", "discriminator"):
            tidied[key] = tidy(value)
    options = [item for item in tidied.get("anyOf", []) if item != {"type": "null"}]
    if len(options) == 1:
        del tidied["anyOf"]
        tidied |= options[0]
    return tidied
