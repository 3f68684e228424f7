"""A bundle's answers, as it gives them when it serves, against annotated text."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Literal

from app.tagging.bundle import open_bundle
from app.tagging.tagger import Tagger, Tagging
from training.corpus import Corpus, Utterance, has_parts, read_corpus, read_splits, repeats
from training.data import data_folder
from training.metrics import Report, slot_f1, slot_report
from training.noise import with_noise

Part = Literal["all", "train", "dev"]

# Noise is made by chance: what it costs is the mean over so many seeds.
NOISE_SEEDS = 3


@dataclass(frozen=True, slots=True)
class Evaluation:
    """
    A tagger, what it was asked, what it answered and what that is worth.

    train: the utterances that the corpus keeps apart to learn from, None where it keeps none.
    """

    tagger: Tagger
    corpus: Corpus
    train: Corpus | None
    taggings: list[Tagging]
    report: Report


@dataclass(frozen=True, slots=True)
class Repeated:
    """Slot F1 on sentences that training has word for word, apart from that on the others."""

    sentences: int
    slot_f1: float
    slot_f1_of_others: float | None


def evaluate(
    bundle: Path,
    path: Path,
    format: str | None = None,
    part: Part | None = None,
    *,
    train: Path | None = None,
) -> Evaluation:
    """
    Measure a bundle.

    Unless `part` says otherwise, a folder of parts, and whatever the bundle was trained on, is
    measured on dev, and anything else as a whole. `train` names a corpus to compare with in place
    of the folder's own. Slots that the bundle does not know count as missed.
    """
    tagger = Tagger(open_bundle(bundle))
    if part is None and _has_learnt_from(tagger, path):
        part = "dev"
    corpus, learnt = _read(path, format, part)
    if train is not None:
        learnt = read_part(train, None, "train" if has_parts(train) else "all")
    taggings = tagger.tag_tokens([utterance.tokens for utterance in corpus.utterances])
    report = report_on(tagger, corpus.utterances, taggings)
    return Evaluation(tagger, corpus, learnt, taggings, report)


def report_on(
    tagger: Tagger, utterances: Sequence[Utterance], taggings: Sequence[Tagging]
) -> Report:
    """Compare a tagger's answers with the utterances that it was asked."""
    return slot_report(
        [utterance.tags for utterance in utterances],
        [tagging.tags for tagging in taggings],
        [utterance.intent for utterance in utterances] if tagger.intents else None,
        [next(iter(tagging.intents), ("", 1.0))[0] for tagging in taggings],
    )


def repeated(evaluation: Evaluation) -> Repeated | None:
    """How far sentences that are in training flatter; None where there are none."""
    if evaluation.train is None:
        return None
    known = repeats(evaluation.train, evaluation.corpus)
    if not any(known):
        return None
    f1 = {}
    for part in set(known):
        gold, predicted = zip(
            *(
                (utterance.tags, tagging.tags)
                for utterance, tagging, is_known in zip(
                    evaluation.corpus.utterances, evaluation.taggings, known, strict=True
                )
                if is_known == part
            ),
            strict=True,
        )
        f1[part] = slot_f1(gold, predicted)
    return Repeated(sum(known), f1[True], f1.get(False))


def f1_with_noise(evaluation: Evaluation, kind: str) -> float:
    """Slot F1 on the same utterances as `training.noise` changes them, the mean of three seeds."""
    found = []
    for seed in range(NOISE_SEEDS):
        noisy = with_noise(evaluation.corpus.utterances, kind, seed)
        taggings = evaluation.tagger.tag_tokens([utterance.tokens for utterance in noisy])
        found.append(report_on(evaluation.tagger, noisy, taggings).slot_f1)
    return fmean(found)


def read_part(path: Path, format: str | None, part: Part | None) -> Corpus:
    """The whole of a corpus or a part of it, as `evaluate` chooses."""
    return _read(path, format, part)[0]


def _read(path: Path, format: str | None, part: Part | None) -> tuple[Corpus, Corpus | None]:
    """What to measure on, and what beside it is there to learn from."""
    chosen = part or ("dev" if has_parts(path) else "all")
    if chosen == "all":
        return read_corpus(path, format), None
    splits = read_splits(path, format)
    return (splits.train, None) if chosen == "train" else (splits.dev, splits.train)


def _has_learnt_from(tagger: Tagger, path: Path) -> bool:
    """Whether the bundle was trained on the corpus, which then lies where it lay."""
    corpora = tagger.manifest.training_config.get("corpora", ())
    paths = [corpus["path"] for corpus in corpora if corpus["path"]]
    return path.resolve() in [(data_folder() / each).resolve() for each in paths]
