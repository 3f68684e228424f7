"""What lists of values are worth to a bundle: full, half full, and full of noise."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.tagging.bundle import LARGEST_FILE
from app.tagging.list_files import list_files, read_list_file, slots_of
from app.tagging.slots import read_spans
from app.tagging.tagger import Tagger
from app.tagging.value_lists import ValueList, ValueSet
from app.values.list_format import InvalidListError, parse_list
from training.corpora.utterances import Utterance
from training.errors import CorpusError, ExperimentError
from training.evaluation.evaluate import Evaluation
from training.evaluation.metrics import slot_f1
from training.evaluation.seen import seen_figures, values_of

_NOISE_VALUES = 200  # of each slot
_NOISE_LENGTHS = (1, 1, 2, 2, 3)  # words

# A slot's values, each as its words.
Values = Mapping[str, Sequence[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class WithLists:
    """
    Slot F1 with certain lists, in per cent.

    seen_recall, unseen_recall: of values that training has and has not; None where that is not
    known, or there are none.
    """

    slot_f1: float
    seen_recall: float | None
    unseen_recall: float | None


def with_folder(evaluation: Evaluation, folder: Path) -> dict[str, WithLists]:
    """Without lists, and with those of the folder; raises CorpusError, ExperimentError."""
    lists = read_lists(folder, evaluation.tagger)
    return {"none": _measure(evaluation, ()), f"{folder}": _measure(evaluation, lists)}


def with_made_lists(evaluation: Evaluation) -> dict[str, WithLists]:
    """
    Without lists, and with some made of the corpus: good ones and noise, the same every time.

    Raises ExperimentError where nothing is known of what was trained on.
    """
    if evaluation.train is None:
        raise ExperimentError("lists are made of what was trained on: --train names it")
    found = {"none": _measure(evaluation, ())}
    for name, values in _made(evaluation.tagger, evaluation.train.utterances, evaluation):
        lists = [ValueList((slot,), ValueSet(values[slot])) for slot in sorted(values)]
        found[name] = _measure(evaluation, lists)
    return found


def lists_table(figures: Mapping[str, WithLists]) -> str:
    """Plain text: a line for each set of lists."""
    width = max(map(len, (*figures, "with lists of")))
    lines = [f"{'with lists of':<{width}}      F1  recall in training  not in training"]
    for name, each in figures.items():
        seen, unseen = (
            "–" if recall is None else f"{recall:.2f}"
            for recall in (each.seen_recall, each.unseen_recall)
        )
        lines.append(f"{name:<{width}}{each.slot_f1:8.2f}{seen:>20}{unseen:>17}")
    return "\n".join(lines)


def read_lists(folder: Path, tagger: Tagger) -> list[ValueList]:
    """
    The lists of a tagger's model in a folder like SLOTLINE_LISTS_DIR, or in that of the model.

    Raises CorpusError where one is malformed, ExperimentError where there is none.
    """
    own = folder / tagger.manifest.name
    place = own if own.is_dir() else folder
    lists = []
    for file in list_files(place):
        try:
            slots, is_closed = slots_of(file, tagger.slots)
            entries = parse_list(read_list_file(place / file, LARGEST_FILE))
        except InvalidListError as error:
            raise CorpusError(place / file, error.line, error.expected, error.found) from error
        except (OSError, ValueError) as error:
            raise CorpusError(place / file, None, "a list of values", str(error)) from error
        values = ValueSet(tagger.words_of_value(entry.value) for entry in entries)
        lists.append(ValueList(slots, values, is_closed))
    if not lists:
        raise ExperimentError(f"{folder} holds no list of values: name them SLOT.tsv")
    return lists


def _measure(evaluation: Evaluation, lists: Sequence[ValueList]) -> WithLists:
    utterances = evaluation.corpus.utterances
    tagger = evaluation.tagger.with_lists(lists)
    taggings = tagger.tag_tokens([utterance.tokens for utterance in utterances])
    f1 = slot_f1(utterances, [tagging.tags for tagging in taggings])
    if evaluation.train is None:
        return WithLists(f1, None, None)
    groups = seen_figures(values_of(evaluation.train.utterances), utterances, taggings)
    recalls = {group: figures.slot_recall for group, figures in groups.items()}
    return WithLists(f1, recalls.get("values_seen"), recalls.get("values_unseen"))


def _made(
    tagger: Tagger, train: Sequence[Utterance], evaluation: Evaluation
) -> Iterator[tuple[str, Values]]:
    random = np.random.default_rng(1)
    learnt = _values(tagger, train)
    asked = _values(tagger, evaluation.corpus.utterances)
    known = {slot: sorted({*learnt.get(slot, ()), *asked.get(slot, ())}) for slot in tagger.slots}
    yield "all values", known
    yield (
        "half of them",
        {slot: [each for each in known[slot] if random.random() < 0.5] for slot in known},
    )
    words = [word for each in train for word in tagger.words_of_value(" ".join(each.tokens))]
    yield "random words", {slot: list(_noise(words, random)) for slot in known}
    others = [value for values in learnt.values() for value in sorted(values)]
    yield (
        "values of other slots",
        {
            slot: [others[int(at)] for at in random.integers(len(others), size=_NOISE_VALUES // 2)]
            for slot in known
        },
    )


def _values(tagger: Tagger, utterances: Iterable[Utterance]) -> dict[str, set[tuple[str, ...]]]:
    found: dict[str, set[tuple[str, ...]]] = {}
    for each in utterances:
        for span in read_spans(each.tags):
            words = tagger.words_of_value(" ".join(each.tokens[span.start : span.end]))
            found.setdefault(span.name, set()).add(words)
    return found


def _noise(words: Sequence[str], random: np.random.Generator) -> Iterator[tuple[str, ...]]:
    for _ in range(_NOISE_VALUES):
        length = _NOISE_LENGTHS[int(random.integers(len(_NOISE_LENGTHS)))]
        yield tuple(words[int(at)] for at in random.integers(len(words), size=length))
