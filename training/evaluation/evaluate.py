"""A bundle's answers, as it gives them when it serves, against annotated text."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Literal

from app.tagging.bundle import open_bundle
from app.tagging.tagger import TaggedSentence, Tagger
from training.corpora.loading import Data, read_data
from training.corpora.splits import (
    MOST_CHANGED,
    Corpus,
    Utterance,
    has_parts,
    read_corpus,
    read_splits,
    refuse_changed,
    repeats,
)
from training.errors import ExperimentError
from training.evaluation.metrics import Report, slot_f1, slot_report
from training.evaluation.robustness import as_text, with_noise
from training.evaluation.seen import GroupFigures, seen_figures, values_of
from training.experiment import experiment_of_bundle
from training.paths import folder_of

Part = Literal["all", "train", "dev", "holdout"]

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
    taggings: list[TaggedSentence]
    report: Report


@dataclass(frozen=True, slots=True)
class Repeated:
    """Slot F1 on sentences that training has word for word, apart from that on the others."""

    sentences: int
    slot_f1: float
    slot_f1_of_others: float | None


@dataclass(frozen=True, slots=True)
class WithNoise:
    """
    Slot F1 with noise, and without on the same sentences as running text, in per cent.

    They are means over the seeds of the noise.
    """

    slot_f1: float
    clean_f1: float

    @property
    def loss(self) -> float:
        """Points lost."""
        return self.clean_f1 - self.slot_f1


def evaluate(
    bundle: Path,
    path: Path,
    format: str | None = None,
    part: Part | None = None,
    *,
    train: Path | None = None,
    most_changed: float = MOST_CHANGED,
) -> Evaluation:
    """
    Measure a bundle.

    Unless `part` says otherwise, a folder of parts, and whatever the bundle was trained on, is
    measured on dev, and anything else as a whole; `holdout` is what the bundle's experiment held
    out of it. `train` names a corpus to compare with in place of the folder's own. Slots that the
    bundle does not know count as missed. Raises CorpusError where tags cannot spell more than the
    share `most_changed` of the spans as they were written.
    """
    tagger = Tagger(open_bundle(bundle))
    corpus, learnt = read_asked(tagger, path, format, part)
    refuse_changed(corpus, path, most_changed)
    if train is not None:
        learnt = read_part(train, None, "train" if has_parts(train) else "all")
    taggings = tagger.tag_tokens([utterance.tokens for utterance in corpus.utterances])
    report = report_on(tagger, corpus.utterances, taggings)
    return Evaluation(tagger, corpus, learnt, taggings, report)


def read_asked(
    tagger: Tagger, path: Path, format: str | None, part: Part | None
) -> tuple[Corpus, Corpus | None]:
    """What to ask the tagger, as `evaluate` chooses, and what there is to learn from beside it."""
    has_learnt = _has_learnt_from(tagger, path)
    held_out = tagger.manifest.training_config.get("holdout") is not None
    if part == "holdout":
        if not (has_learnt and held_out):
            raise ExperimentError(
                f"bundle {tagger.manifest.name} was not trained on {path} with a part held out: "
                "train one with fit --holdout values"
            )
        data = _data_of(tagger)
        return Corpus(data.held_out), Corpus(data.train)
    corpus, learnt = _read(path, format, part or ("dev" if has_learnt else None))
    if has_learnt and held_out:
        learnt = Corpus(_data_of(tagger).train)
    return corpus, learnt


def report_on(
    tagger: Tagger, utterances: Sequence[Utterance], taggings: Sequence[TaggedSentence]
) -> Report:
    """Compare a tagger's answers with the utterances that it was asked."""
    return slot_report(
        utterances,
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
                (utterance, tagging.tags)
                for utterance, tagging, is_known in zip(
                    evaluation.corpus.utterances, evaluation.taggings, known, strict=True
                )
                if is_known == part
            ),
            strict=True,
        )
        f1[part] = slot_f1(gold, predicted)
    return Repeated(sum(known), f1[True], f1.get(False))


def seen(evaluation: Evaluation) -> dict[str, GroupFigures] | None:
    """Figures of values and numbers seen in training and not; None where that is not known."""
    if evaluation.train is None:
        return None
    learnt = values_of(evaluation.train.utterances)
    return seen_figures(learnt, evaluation.corpus.utterances, evaluation.taggings)


def f1_with_noise(evaluation: Evaluation, kind: str) -> WithNoise:
    """Ask for the same utterances as people would type them."""
    utterances = evaluation.corpus.utterances
    clean = [as_text(utterance) for utterance in utterances]
    noisy = (with_noise(utterances, kind, seed) for seed in range(NOISE_SEEDS))
    return WithNoise(
        fmean(_f1_of(evaluation.tagger, each) for each in noisy), _f1_of(evaluation.tagger, clean)
    )


def _f1_of(tagger: Tagger, utterances: Sequence[Utterance]) -> float:
    taggings = tagger.tag_tokens([utterance.tokens for utterance in utterances])
    return slot_f1(utterances, [tagging.tags for tagging in taggings])


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


def _data_of(tagger: Tagger) -> Data:
    """What the bundle was trained on; raises CorpusError where it is gone."""
    return read_data(experiment_of_bundle(tagger.manifest), most_changed=1.0)


def _has_learnt_from(tagger: Tagger, path: Path) -> bool:
    """Whether the bundle was trained on the corpus, which then lies where it lay."""
    corpora = tagger.manifest.training_config.get("corpora", ())
    folders = [
        (folder_of(corpus.get("package", "")), corpus["path"])
        for corpus in corpora
        if corpus["path"]
    ]
    return path.resolve() in [(folder / each).resolve() for folder, each in folders]
