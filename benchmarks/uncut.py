"""
What a corpus of writing without blanks loses where nobody has cut it into words.

    python -m benchmarks.uncut CORPUS [--seeds 1]

CORPUS came cut, as mtod-th does. The default recipe is trained on it as it is and, as people type,
on its sentences in one piece; each is asked for its own dev. Prints slot F1 by seed and on average.
"""

import argparse
import json
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from statistics import fmean

from training.corpora.loading import read_data
from training.corpora.utterances import Utterance
from training.evaluation.metrics import slot_f1
from training.pipeline import train_once
from training.studies.ablation import recipe_of


def main() -> None:
    """Train, measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", metavar="CORPUS", type=Path)
    parser.add_argument("--seeds", type=int, default=1)
    options = parser.parse_args()
    seeds = range(1, options.seeds + 1)
    with tempfile.TemporaryDirectory() as folder:
        uncut = write_uncut(options.corpus, Path(folder) / "uncut")
        for name, corpus in (("as it is cut", options.corpus), ("in one piece", uncut)):
            found = [trained_f1(corpus, seed) for seed in seeds]
            print(f"{name}: {fmean(found):.2f} ({', '.join(f'{each:.2f}' for each in found)})")


def write_uncut(corpus: Path, folder: Path) -> Path:
    """The corpus with its sentences in one piece, in a folder of JSON lines, which is returned."""
    data = read_data(recipe_of(str(corpus)))
    folder.mkdir()
    for name, utterances in (("train", data.train), ("dev", data.dev)):
        (folder / f"{name}.jsonl").write_text("".join(lines_of(utterances)), encoding="utf-8")
    return folder


def lines_of(utterances: Iterable[Utterance]) -> Iterable[str]:
    """A line of JSON for each utterance, with its tokens joined."""
    for utterance in utterances:
        starts = [0, *accumulate(map(len, utterance.tokens))]
        line = {
            "text": "".join(utterance.tokens),
            "spans": [
                {"start": starts[span.start], "end": starts[span.end], "slot": span.name}
                for span in utterance.exact_spans
            ],
            "intent": utterance.intent,
        }
        yield json.dumps(line, ensure_ascii=False) + "\n"


def trained_f1(corpus: Path, seed: int) -> float:
    """Slot F1 on dev of the default recipe, trained on the corpus."""
    experiment = replace(recipe_of(str(corpus)), seed=seed)
    data = read_data(experiment)
    taggings = train_once(experiment, data, quiet=True).tag_tokens(
        [utterance.tokens for utterance in data.dev]
    )
    return slot_f1(data.dev, [tagging.tags for tagging in taggings])


if __name__ == "__main__":
    main()
