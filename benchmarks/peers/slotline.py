"""Slotline itself, trained by the recipe of the corpus's bundle."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.peers import tags_at_words

if TYPE_CHECKING:  # whoever answers holds no torch
    from training.corpora.loading import Data


def train(data: "Data", folder: Path) -> None:
    """As `slotline fit` does."""
    from training.experiment import RECIPES, read_experiment
    from training.exporting.export import export
    from training.fitting.fit import fit

    [corpus] = {note.name for note in data.notes}
    experiment = read_experiment(RECIPES / f"{corpus}.toml")
    export(fit(experiment, data, folder / "run", "", quiet=True), folder / "bundle")


class Bundle:
    """The bundle at work, confidences included."""

    def __init__(self, folder: Path) -> None:
        from app.tagging.bundle import open_bundle
        from app.tagging.tagger import Tagger

        self._tagger = Tagger(open_bundle(folder))

    def answers(self, texts: Sequence[str]) -> Sequence[Any]:
        """A tagging of each text."""
        return self._tagger.tag_texts(texts)

    def tags(self, text: str, answer: Any) -> list[str]:
        """Its slots as tags of words."""
        return tags_at_words(text, [(slot.start, slot.end, slot.name) for slot in answer.slots])


open_candidate = Bundle
