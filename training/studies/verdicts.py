"""Verdicts on claims, from the interval of a difference."""

from collections.abc import Sequence
from typing import Literal

from training.evaluation.bootstrap import Evidence

Verdict = Literal["borne out", "not borne out", "undecided"]


def is_more(evidence: Evidence) -> Verdict:
    """Whether the difference is above zero."""
    if evidence.low > 0:
        return "borne out"
    return "not borne out" if evidence.high < 0 else "undecided"


def is_within(evidence: Evidence, margin: float) -> Verdict:
    """Whether the difference is less than `margin` in either direction."""
    if -margin < evidence.low and evidence.high < margin:
        return "borne out"
    return "not borne out" if evidence.low > margin or evidence.high < -margin else "undecided"


def of_all(verdicts: Sequence[Verdict]) -> Verdict:
    """The joint verdict: all comparisons must support a claim, and one against it refutes it."""
    if "not borne out" in verdicts:
        return "not borne out"
    return "undecided" if "undecided" in verdicts else "borne out"
