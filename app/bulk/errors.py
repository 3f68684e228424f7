"""What ends a run, and what fails a row."""

from dataclasses import dataclass


class BulkError(Exception):
    """The run cannot begin or go on; the message is one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row has no slots; its other fields are written all the same."""

    code: str
    detail: str

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"
