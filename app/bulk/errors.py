"""Errors of bulk tagging: of a whole run, and of single rows."""

from dataclasses import dataclass


class BulkError(Exception):
    """The run cannot start or continue; the message says what to do."""


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row has no slots; its other columns are written nevertheless."""

    code: str
    detail: str

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"
