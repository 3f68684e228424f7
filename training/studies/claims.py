"""What the lecture claims about the networks, and whether the results support it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.tagging.slots import Span, read_spans
from training.corpora.loading import Data
from training.evaluation.bootstrap import (
    Counts,
    Evidence,
    difference_of_f1_differences,
    f1_difference,
    paired_bootstrap,
    recall_difference,
)
from training.evaluation.metrics import span_counts
from training.evaluation.seen import unseen_spans, values_of
from training.studies.cue_distance import FAR, CuedSlot
from training.studies.plan import NETWORKS
from training.studies.results import Answers, Training
from training.studies.verdicts import Verdict, is_more, is_within, of_all

ONE_WAY = (
    "elman",
    "jordan",
    "lstm-input-gates",
    "lstm",
    "lstm-peephole-full",
    "lstm-peephole",
    "gru",
)
_CLOSE = 1.0  # points of F1 between which networks are as good as each other
_A_THIRD = 100 / 3
_AS_COUNTED = 1.0  # per cent by which a share of parameters may differ from the claimed one


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    The results of a network over all seeds, in order.

    dev, train: (seeds, sentences, 4), as span_counts returns them. most_epochs: the number of
    epochs that training was allowed. milliseconds: of one answer. unseen: (seeds, held-out
    sentences, 3), the spans right, predicted and in gold of values that training does not have,
    None if none were held out.
    """

    trainings: list[Training]
    answers: list[Answers]
    dev: Counts
    train: Counts
    most_epochs: int
    milliseconds: float
    unseen: Counts | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison of two networks, what of them is compared, and the verdict."""

    networks: tuple[str, str]
    measure: str
    evidence: Evidence
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim, and the joint verdict of its comparisons."""

    title: str
    says: str
    of_lecture: bool
    comparisons: list[Comparison]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class ComparisonData:
    """Everything that claims are judged by."""

    data: Data
    outcomes: Mapping[str, Outcome]
    decided: Sequence[CuedSlot]

    def has(self, networks: Iterable[str]) -> bool:
        """Whether all of these networks were compared."""
        return all(network in self.outcomes for network in networks)


Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """
    A claim before it is judged.

    Each judge compares the networks of each pair. `of_lecture` is false for claims that we added.
    """

    title: str
    says: str
    judges: Sequence[Callable[[ComparisonData, Pair], list[Comparison]]]
    pairs: Sequence[Pair]
    of_lecture: bool = True


def outcome_of(
    data: Data,
    trainings: list[Training],
    answers: list[Answers],
    most_epochs: int,
    milliseconds: float,
) -> Outcome:
    """Count the correct spans in the answers of a network."""
    unseen = None
    if data.held_out:
        learnt = values_of(data.train)
        unseen = np.stack(
            [unseen_spans(learnt, data.held_out, each.held_out_tags) for each in answers]
        )
    return Outcome(
        trainings,
        answers,
        np.stack([span_counts(data.dev, each.dev_tags) for each in answers]),
        np.stack([np.array(each.train_counts, np.int64) for each in answers]),
        most_epochs,
        milliseconds,
        unseen,
    )


def judge_claims(material: ComparisonData) -> list[Finding]:
    """Judge every claim whose networks were compared."""
    claims = []
    for question in HYPOTHESES:
        comparisons = [
            comparison
            for pair in question.pairs
            if material.has(pair)
            for judge in question.judges
            for comparison in judge(material, pair)
        ]
        if comparisons:
            verdict = of_all([comparison.verdict for comparison in comparisons])
            claims.append(
                Finding(question.title, question.says, question.of_lecture, comparisons, verdict)
            )
    return claims


# ---- Judges: each compares the networks A and B of a pair, where A is claimed to be more


def _better(material: ComparisonData, pair: Pair) -> list[Comparison]:
    evidence = paired_bootstrap([_side_by_side(material, pair)], f1_difference)
    return [Comparison(pair, "F1", evidence, is_more(evidence))]


def _close(material: ComparisonData, pair: Pair) -> list[Comparison]:
    evidence = paired_bootstrap([_side_by_side(material, pair)], f1_difference)
    return [Comparison(pair, "F1", evidence, is_within(evidence, _CLOSE))]


def _overfits_more(material: ComparisonData, pair: Pair) -> list[Comparison]:
    samples = [_side_by_side(material, pair, part) for part in ("train", "dev")]
    evidence = paired_bootstrap(samples, difference_of_f1_differences)
    return [Comparison(pair, "F1 on train less F1 on dev", evidence, is_more(evidence))]


def _better_in_long_sentences(material: ComparisonData, pair: Pair) -> list[Comparison]:
    lengths = np.array([len(utterance.tokens) for utterance in material.data.dev])
    middle = int(np.median(lengths))
    counts = _side_by_side(material, pair)
    samples = [counts[:, lengths > middle], counts[:, lengths <= middle]]
    if not all(sample.size for sample in samples):
        return []
    evidence = paired_bootstrap(samples, difference_of_f1_differences)
    measure = f"F1 in sentences of more than {middle} words less F1 in shorter ones"
    return [Comparison(pair, measure, evidence, is_more(evidence))]


def _better_from_afar(material: ComparisonData, pair: Pair) -> list[Comparison]:
    counts = np.zeros((len(material.outcomes[pair[0]].answers), len(material.data.dev), 6), int)
    found = [found_spans(material.outcomes[network]) for network in pair]
    for slot in material.decided:
        column = 3 if slot.distance >= FAR else 0
        counts[:, slot.sentence, column] += 1
        for side, of_seeds in enumerate(found, start=1):
            for seed, spans in enumerate(of_seeds):
                counts[seed, slot.sentence, column + side] += slot.span in spans[slot.sentence]
    if not (counts[..., 0].any() and counts[..., 3].any()):
        return []
    evidence = paired_bootstrap([counts], recall_difference)
    measure = f"recall of slots decided {FAR} or more words before less recall of nearer ones"
    return [Comparison(pair, measure, evidence, is_more(evidence))]


def _third_fewer(material: ComparisonData, pair: Pair) -> list[Comparison]:
    few, many = (material.outcomes[network].trainings[0].memory_parameters for network in pair)
    fewer = 100 * (1 - few / many)
    verdict: Verdict = "borne out" if abs(fewer - _A_THIRD) < _AS_COUNTED else "not borne out"
    counted = Evidence(-fewer, -fewer, -fewer, [])
    return [Comparison(pair, "parameters of the recurrent layers, per cent", counted, verdict)]


def found_spans(outcome: Outcome) -> list[list[set[Span]]]:
    """The spans that each seed predicts in each sentence of dev."""
    return [[set(read_spans(tags)) for tags in each.dev_tags] for each in outcome.answers]


def _side_by_side(material: ComparisonData, pair: Pair, part: str = "dev") -> Counts:
    """Counts of both networks, (seeds, sentences, 6): right, predicted, gold of each."""
    counts = [getattr(material.outcomes[network], part)[..., :3] for network in pair]
    return np.concatenate(counts, axis=-1)


HYPOTHESES = (
    Hypothesis(
        "Memory helps",
        "A network that remembers what it has read fills more slots rightly than one that sees "
        "a word by itself.",
        [_better],
        [(network, "feedforward") for network in ONE_WAY],
    ),
    Hypothesis(
        "Both ways beat one way",
        "A network that reads the sentence from both ends knows, at every word, all of it.",
        [_better],
        [
            ("bielman", "elman"),
            ("bijordan", "jordan"),
            ("bilstm", "lstm"),
            ("bilstm-peephole", "lstm-peephole"),
            ("bigru", "gru"),
        ],
    ),
    Hypothesis(
        "Jordan beats Elman",
        "What a Jordan network remembers is its answer, which training aims at a target; what an "
        "Elman network remembers has none. But of words that fill no slot the answer is the same, "
        "be it `to` or `from`.",
        [_better],
        [("jordan", "elman"), ("bijordan", "bielman")],
    ),
    Hypothesis(
        "An LSTM beats a simple recurrent network",
        "Gates that decide what is kept make more of a sentence than a memory overwritten at "
        "every word.",
        [_better],
        [("lstm", "elman"), ("bilstm", "bielman")],
    ),
    Hypothesis(
        "An LSTM remembers longer",
        "Its lead over a simple recurrent network is larger where the words that matter are "
        "further away.",
        [_better_from_afar, _better_in_long_sentences],
        [("lstm", "elman")],
    ),
    Hypothesis(
        "A GRU is close to an LSTM",
        f"Their F1 is within {_CLOSE:g} point of each other.",
        [_close],
        [("gru", "lstm"), ("bigru", "bilstm")],
    ),
    Hypothesis(
        "A GRU has a third fewer parameters",
        "So the lecture says. A GRU has three matrices where an LSTM has four.",
        [_third_fewer],
        [("gru", "lstm"), ("bigru", "bilstm")],
    ),
    Hypothesis(
        "A GRU overfits less",
        "F1 falls less from the sentences it was trained on to those of dev than an LSTM's does.",
        [_overfits_more],
        [("lstm", "gru"), ("bilstm", "bigru")],
    ),
    Hypothesis(
        "Depth helps",
        "A second layer on top of the first is worth its weights.",
        [_better],
        [("lstm-stacked", "lstm"), ("bilstm-stacked", "bilstm")],
    ),
    Hypothesis(
        "The bidirectional LSTM is on top",
        "What the lecture arrives at is better than everything before it.",
        [_better],
        [("bilstm", other) for other in NETWORKS[: NETWORKS.index("bilstm")]],
    ),
    Hypothesis(
        "Memory is worth more than a window",
        "A network with memory, reading one way, beats a window of five words, which sees two of "
        "the words to come.",
        [_better],
        [(network, "feedforward-window") for network in ONE_WAY],
        of_lecture=False,
    ),
    Hypothesis(
        "Gates should hear what was last said",
        "An LSTM beats the one first drawn, whose gates hear the word alone.",
        [_better],
        [("lstm", "lstm-input-gates")],
        of_lecture=False,
    ),
    Hypothesis(
        "Peepholes help",
        "An LSTM whose gates see the memory beats one whose gates do not.",
        [_better],
        [
            ("lstm-peephole-full", "lstm"),
            ("lstm-peephole", "lstm"),
            ("bilstm-peephole", "bilstm"),
        ],
        of_lecture=False,
    ),
    Hypothesis(
        "Words and trigrams are better than either alone",
        "1-of-N tells frequent words apart, letter trigrams say something of words never seen.",
        [_better],
        [("bilstm", "bilstm-words"), ("bilstm", "bilstm-trigrams")],
        of_lecture=False,
    ),
)
