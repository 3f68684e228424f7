"""The toy bundle, asked about sentences that a test makes up."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from training.evaluation.evaluate import Evaluation, evaluate

# Words, their tags, and the intent or "".
Line = tuple[str, str, str]
Ask = Callable[..., Evaluation]


def write_lines(path: Path, lines: Sequence[Line]) -> Path:
    path.write_text(
        "".join(
            json.dumps({"tokens": words.split(), "labels": tags.split(), "intent": intent or None})
            + "\n"
            for words, tags, intent in lines
        )
    )
    return path


@pytest.fixture
def ask(toy_bundle: Path, tmp_path: Path) -> Ask:
    """Evaluates the toy bundle on lines, beside those that were trained on."""

    def asked(*lines: Line, train: Sequence[Line] = (), bundle: Path = toy_bundle) -> Evaluation:
        learnt = write_lines(tmp_path / "learnt.jsonl", train) if train else None
        return evaluate(bundle, write_lines(tmp_path / "asked.jsonl", lines), train=learnt)

    return asked
