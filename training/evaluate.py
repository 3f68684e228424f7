"""A bundle's answers, as it gives them when it serves, against annotated text."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from app.tagging.bundle import open_bundle
from app.tagging.tagger import Tagger
from training.corpus import Corpus, has_dev, read_corpus, read_splits
from training.metrics import Report, slot_report

Part = Literal["all", "train", "dev"]


def evaluate(
    bundle: Path, path: Path, format: str | None = None, part: Part | None = None
) -> tuple[Report, Mapping[str, int]]:
    """
    Measure a bundle; the second value counts what was skipped or repaired in the corpus.

    Unless `part` says otherwise, a folder that has a dev part is measured on that, and anything
    else as a whole. Slots that the bundle does not know count as missed.
    """
    tagger = Tagger(open_bundle(bundle))
    corpus = read_part(path, format, part)
    taggings = tagger.tag_tokens([utterance.tokens for utterance in corpus.utterances])
    report = slot_report(
        [utterance.tags for utterance in corpus.utterances],
        [tagging.tags for tagging in taggings],
        [utterance.intent for utterance in corpus.utterances] if tagger.intents else None,
        [next(iter(tagging.intents), ("", 1.0))[0] for tagging in taggings],
    )
    return report, corpus.remarks


def read_part(path: Path, format: str | None, part: Part | None) -> Corpus:
    """The whole of a corpus or a part of it, as `evaluate` chooses."""
    chosen = part or ("dev" if has_dev(path) else "all")
    if chosen == "all":
        return read_corpus(path, format)
    splits = read_splits(path, format)
    return splits.train if chosen == "train" else splits.dev
