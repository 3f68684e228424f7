"""Why a phrase has no value."""

from typing import Literal

__all__ = ["Reason", "UnresolvedError"]

Reason = Literal[
    "not_understood",
    "no_such_date",
    "contradiction",
    "needs_anchor",
    "needs_reference",
    "unknown_name",
    "unsupported_language",
    "too_long",
]


class UnresolvedError(Exception):
    """
    The words have no value.

    `reason` is the code that a client gets as `unresolved`.
    """

    def __init__(self, reason: Reason = "not_understood") -> None:
        super().__init__(reason)
        self.reason: Reason = reason
