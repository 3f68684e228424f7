"""Fields that the schemas of answers and of errors share."""

from typing import Any

from pydantic import Field


def left_out(description: str) -> Any:
    """A field that is sent where it has something to say, and never as null."""
    return Field(
        default=None,
        exclude_if=lambda value: value is None,
        description=description,
        json_schema_extra=drop_default,
    )


def drop_default(schema: dict[str, Any]) -> None:
    del schema["default"]
