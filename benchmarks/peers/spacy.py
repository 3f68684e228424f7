"""spaCy's recogniser of named entities, a blank English pipeline trained by its own recipe."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.tagging.slots import Span, write_tags

if TYPE_CHECKING:  # whoever answers holds no torch
    from training.corpora.loading import Data
    from training.corpora.splits import Utterance


def train(data: "Data", folder: Path) -> None:
    """Train as `spacy init config --pipeline ner` and `spacy train` do, until dev rises no more."""
    from spacy.cli.train import train as train_pipeline

    files = _write_documents(data, folder)
    settings = folder / "config.cfg"
    _recipe().to_disk(settings)
    train_pipeline(settings, folder, overrides=files)


def one_pass(data: "Data") -> Callable[[int], None]:
    """A pass over the sentences to train on, its batches as large as the last of `train`."""
    from spacy.tokens import Doc
    from spacy.training import Example
    from spacy.training.batchers import minibatch_by_words
    from spacy.util import load_model_from_config

    recipe = _recipe()
    size = recipe["training"]["batcher"]["size"]["stop"]
    pipeline = load_model_from_config(recipe, auto_fill=True)
    examples = [
        Example(Doc(pipeline.vocab, words=list(each.tokens)), _document(pipeline, each))
        for each in data.train
    ]
    optimizer = pipeline.initialize(lambda: examples)

    def learn(seed: int) -> None:
        shuffled = random.Random(seed).sample(examples, len(examples))
        for batch in minibatch_by_words(shuffled, size):
            pipeline.update(batch, sgd=optimizer, drop=recipe["training"]["dropout"])

    return learn


def _recipe() -> Any:
    from spacy.cli.init_config import init_config

    return init_config(lang="en", pipeline=["ner"], optimize="efficiency")


def _write_documents(data: "Data", folder: Path) -> dict[str, str]:
    """The corpus in spaCy's own files, by the settings that name them."""
    import spacy
    from spacy.tokens import DocBin

    pipeline = spacy.blank("en")
    files = {}
    for part, utterances in (("train", data.train), ("dev", data.dev)):
        file = folder / f"{part}.spacy"
        DocBin(docs=[_document(pipeline, each) for each in utterances]).to_disk(file)
        files[f"paths.{part}"] = str(file)
    return files


def _document(pipeline: Any, utterance: "Utterance") -> Any:
    from spacy.tokens import Doc

    return Doc(pipeline.vocab, words=list(utterance.tokens), ents=list(utterance.tags))


class Recogniser:
    """The pipeline at work, on the words that it was trained on in place of its own tokens."""

    def __init__(self, folder: Path) -> None:
        import spacy
        from spacy.tokens import Doc

        self._pipeline = spacy.load(folder)
        self._document = Doc

    def answers(self, texts: Sequence[str]) -> Sequence[Any]:
        """A document for each text."""
        documents = [self._document(self._pipeline.vocab, words=text.split(" ")) for text in texts]
        if len(documents) == 1:
            return [self._pipeline(documents[0])]
        return list(self._pipeline.pipe(documents))

    def tags(self, text: str, answer: Any) -> list[str]:
        """Its entities as tags of words."""
        assert len(answer) == len(text.split(" ")), "a token for each word"
        spans = [Span(entity.label_, entity.start, entity.end) for entity in answer.ents]
        return write_tags(spans, len(answer))


open_candidate = Recogniser
