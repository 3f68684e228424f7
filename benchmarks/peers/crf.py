"""A linear-chain conditional random field (sklearn-crfsuite) over words, affixes and neighbours."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # whoever answers holds no torch
    from training.corpora.loading import Data


WINDOW = 2  # words on either side
_FILE = "model.crfsuite"


def features(words: Sequence[str]) -> list[list[str]]:
    """Of each word: itself, its affixes and shape, its neighbours, and pairs with the nearest."""
    padded = ["<s>"] * WINDOW + [word.lower() for word in words] + ["</s>"] * WINDOW
    found = []
    for at, word in enumerate(padded[WINDOW:-WINDOW], start=WINDOW):
        own = ["bias", f"digits={any(letter.isdigit() for letter in word)}"]
        own += [f"prefix{size}={word[:size]}" for size in (1, 2, 3)]
        own += [f"suffix{size}={word[-size:]}" for size in (1, 2, 3)]
        own += [f"word{place:+}={padded[at + place]}" for place in range(-WINDOW, WINDOW + 1)]
        own += [f"before={padded[at - 1]} {word}", f"after={word} {padded[at + 1]}"]
        found.append(own)
    return found


def train(data: "Data", folder: Path) -> None:
    """Fit by L-BFGS with an elastic net, as crfsuite's tutorial does."""
    import sklearn_crfsuite

    model = folder / "model"
    model.mkdir()
    field = sklearn_crfsuite.CRF(
        algorithm="lbfgs",
        c1=0.1,
        c2=0.1,
        max_iterations=100,
        all_possible_transitions=True,
        model_filename=str(model / _FILE),
    )
    field.fit(
        [features(utterance.tokens) for utterance in data.train],
        [list(utterance.tags) for utterance in data.train],
    )


class ConditionalField:
    """The field at work."""

    def __init__(self, folder: Path) -> None:
        import sklearn_crfsuite

        self._field = sklearn_crfsuite.CRF(model_filename=str(folder / _FILE))

    def answers(self, texts: Sequence[str]) -> Sequence[Any]:
        """The tags of each text."""
        return [self._field.predict_single(features(text.split(" "))) for text in texts]

    def tags(self, text: str, answer: Any) -> list[str]:
        """As they come."""
        assert len(answer) == len(text.split(" ")), "a tag for each word"
        return list(answer)


open_candidate = ConditionalField
