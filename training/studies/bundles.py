"""Comparing two bundles on the same sentences."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from app.tagging.bundle import open_bundle
from app.tagging.tagger import Tagger
from training.corpora.splits import MOST_CHANGED, refuse_changed
from training.corpora.utterances import SpanCount, count_spans
from training.evaluation.bootstrap import Evidence, f1, f1_difference, paired_bootstrap
from training.evaluation.evaluate import Part, read_asked
from training.evaluation.metrics import span_counts

Verdict = Literal["better", "worse", "no significant difference"]


@dataclass(frozen=True, slots=True)
class BundleComparison:
    """
    Slot F1 of bundles A and B in per cent, and B's less A's with its interval and p value.

    versions: of A and B; changed: the spans that tags cannot spell, missed by both.
    """

    versions: tuple[str, str]
    sentences: int
    f1_a: float
    f1_b: float
    evidence: Evidence
    changed: SpanCount

    @property
    def verdict(self) -> Verdict:
        """Whether B is better or worse: the whole interval is on one side of zero."""
        if self.evidence.low > 0:
            return "better"
        return "worse" if self.evidence.high < 0 else "no significant difference"

    def as_json(self) -> dict[str, Any]:
        """The figures as JSON."""
        return {
            "a": {"version": self.versions[0], "slot_f1": self.f1_a},
            "b": {"version": self.versions[1], "slot_f1": self.f1_b},
            "sentences": self.sentences,
            "difference": self.evidence.difference,
            "interval": [self.evidence.low, self.evidence.high],
            "p": self.evidence.p,
            "verdict": self.verdict,
            "changed_spans": asdict(self.changed),
        }

    def __str__(self) -> str:
        found = self.evidence
        return "\n".join(
            (
                f"A  {self.versions[0]}  slot F1 {self.f1_a:.2f}",
                f"B  {self.versions[1]}  slot F1 {self.f1_b:.2f}",
                (
                    f"B - A  {found.difference:+.2f} points of slot F1 "
                    f"(95 % interval {found.low:+.2f} to {found.high:+.2f}, p = {found.p:.3f})"
                ),
                f"on {self.sentences} sentences; spans changed: {self.changed}, counted as missed",
                f"B: {self.verdict}",
            )
        )


def compare_bundles(
    a: Path,
    b: Path,
    path: Path,
    format: str | None = None,
    part: Part | None = None,
    *,
    most_changed: float = MOST_CHANGED,
) -> BundleComparison:
    """
    Tag the same sentences with both bundles, and test the difference by a paired bootstrap.

    Without `part`, dev is measured if the corpus has one or either bundle was trained on the
    corpus. Raises CorpusError if the corpus cannot be read.
    """
    taggers = [Tagger(open_bundle(each)) for each in (a, b)]
    # Where one was trained on a corpus without a dev part, only what was set aside is asked.
    asked = [read_asked(each, path, format, part)[0] for each in taggers]
    corpus = min(asked, key=lambda each: len(each.utterances))
    refuse_changed(corpus, path, most_changed)
    tokens = [utterance.tokens for utterance in corpus.utterances]
    counts_a, counts_b = (
        span_counts(corpus.utterances, [found.tags for found in each.tag_tokens(tokens)])[:, :3]
        for each in taggers
    )
    evidence = paired_bootstrap(
        [np.concatenate([counts_b, counts_a], axis=-1)[np.newaxis]], f1_difference
    )
    return BundleComparison(
        (taggers[0].manifest.version, taggers[1].manifest.version),
        len(corpus.utterances),
        float(f1(counts_a.sum(axis=0))),
        float(f1(counts_b.sum(axis=0))),
        evidence,
        count_spans(corpus.utterances),
    )
