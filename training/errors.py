"""
What can go wrong offline, by who can mend it.

SlotFillingError                    app.tagging.errors
└── TrainingError                   whoever trains
    ├── CorpusError                     the annotated text
    ├── ExperimentError                 the recipe
    ├── ExplanationError                the bundle: its network is of another kind
    └── ParityError                     nobody: the exported graph is not the network
"""

from pathlib import Path

from app.tagging.errors import SlotFillingError


class TrainingError(SlotFillingError):
    """What is raised by `training`; `app` never raises nor sees it."""

    code = "training_error"


class CorpusError(TrainingError):
    """
    Annotated text is not what its format promises.

    `place` is a line's number, or says in words where in the file the fault is; `hint` follows
    the sentence.
    """

    code = "corpus_error"

    def __init__(
        self, path: Path | None, place: int | str | None, expected: str, found: str, hint: str = ""
    ) -> None:
        self.path = path
        self.line = place if isinstance(place, int) else None
        where = [str(path)] if path else []
        if place is not None:
            where.append(f"line {place}" if isinstance(place, int) else _in_one_line(place))
        expected, found = _in_one_line(expected), _in_one_line(found)
        origin = f"{', '.join(where)}: " if where else ""
        super().__init__(f"{origin}expected {expected}, found {found}{hint}")


def _in_one_line(text: str) -> str:
    """Text with what a line or an encoding cannot hold escaped, for files hold anything."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


class ExperimentError(TrainingError):
    """A recipe cannot be followed as it is written."""

    code = "experiment_error"


class ExplanationError(TrainingError):
    """A bundle's network has no gates to be shown."""

    code = "explanation_error"

    def __init__(self, bundle: str) -> None:
        super().__init__(
            f"bundle {bundle} cannot be explained: only a network of the cells lstm, "
            "lstm-input-gates or lstm-peephole, one way or both and of any depth, has gates that "
            "are read from its graph; train one with slotline fit"
        )


class ParityError(TrainingError):
    """An exported graph does not compute what the network computes."""

    code = "parity_error"

    def __init__(self, deviation: float, tolerance: float) -> None:
        super().__init__(
            f"the graph deviates by {deviation:.2g} from what it should compute, where "
            f"{tolerance:.0e} is allowed: this is a fault of slotline's, or of onnxruntime's"
        )
