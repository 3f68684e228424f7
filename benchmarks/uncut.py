"""
What a corpus of writing without blanks loses where nobody has cut it into words.

    python -m benchmarks.uncut CORPUS [--seeds 1]

CORPUS came cut, as mtod-th does. The default recipe is trained on it as it is and, as people type,
on its sentences in one piece; each is asked for its own dev. Prints slot F1 on average and by seed.
"""

import argparse
from collections.abc import Iterable
from dataclasses import replace
from statistics import fmean

from training.augmentation.typed_text import words_of_utterance, written_as_text
from training.corpora.loading import Data, read_data
from training.corpora.utterances import Utterance
from training.evaluation.metrics import slot_f1
from training.experiment import Experiment
from training.pipeline import train_once
from training.studies.ablation import recipe_of


def main() -> None:
    """Train, measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", metavar="CORPUS")
    parser.add_argument("--seeds", type=int, choices=range(1, 11), default=1, metavar="1-10")
    options = parser.parse_args()
    recipe = recipe_of(options.corpus)
    cut = read_data(recipe)
    uncut = replace(cut, train=in_one_piece(cut.train), dev=in_one_piece(cut.dev))
    for name, data in (("as it is cut", cut), ("in one piece", uncut)):
        seeds = range(1, options.seeds + 1)
        found = [trained_f1(replace(recipe, seed=seed), data) for seed in seeds]
        print(f"{name}: {fmean(found):.2f} ({', '.join(f'{each:.2f}' for each in found)})")


def in_one_piece(utterances: Iterable[Utterance]) -> tuple[Utterance, ...]:
    """The utterances as texts, with nothing between their words."""
    return tuple(
        written_as_text(each, (replace(word, before="") for word in words_of_utterance(each)))
        for each in utterances
    )


def trained_f1(experiment: Experiment, data: Data) -> float:
    """Slot F1 on dev after training."""
    tagger = train_once(experiment, data, quiet=True)
    taggings = tagger.tag_tokens([utterance.tokens for utterance in data.dev])
    return slot_f1(data.dev, [tagging.tags for tagging in taggings])


if __name__ == "__main__":
    main()
