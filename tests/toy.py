"""
Makes tests/toy_bundle: a bundle small enough to be read and real enough to be served.

Its network is a table: the tag scores of a word are its own row and the row that the word
before it casts ahead, so that `leave Taipei` and `arrive Taipei` differ; the intent scores of a
sentence are the sum of its words'. Run it, where the training extra is installed, as
`python -m tests.toy`.
"""

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from app.tagging.bundle import Contents, Example, write_bundle
from app.tagging.features import normalise
from app.tagging.slots import tag_names

FOLDER = Path(__file__).parent / "toy_bundle"
SLOTS = ["destination", "place_of_departure", "time_of_arrival", "time_of_departure"]
TAGS = tag_names(SLOTS)
INTENTS = ["arrive", "arrive#leave", "complain", "greet", "leave", "thank"]

# A word's own scores, and those that it gives to the word behind it.
_PLACE = {"B-destination": 4.0, "B-place_of_departure": 3.0}
_MORE_PLACE = {"I-destination": 4.0, "I-place_of_departure": 4.0}
_TIME = {"B-time_of_departure": 4.0, "B-time_of_arrival": 3.0}
_MORE_TIME = {"I-time_of_departure": 4.0, "I-time_of_arrival": 4.0}
OWN: dict[str, dict[str, float]] = {
    "taipei": _PLACE,
    "boston": _PLACE,
    "new": _PLACE,
    "york": _MORE_PLACE,
    "台": _PLACE,
    "北": _MORE_PLACE,
    "november": _TIME,
    "tomorrow": _TIME,
    "2nd": _MORE_TIME,
}
AHEAD: dict[str, dict[str, float]] = {
    "leave": {"B-place_of_departure": 5.0},
    "from": {"B-place_of_departure": 5.0},
    "arrive": {"B-destination": 5.0},
    "to": {"B-destination": 5.0},
    "达": {"B-destination": 5.0},
    "by": {"B-time_of_arrival": 5.0},
    "taipei": {"O": 1.0},
    "new": {"I-destination": 2.0, "I-place_of_departure": 2.0},
}
# Who leaves and arrives has an intent of its own, as in ATIS.
INTENT: dict[str, dict[str, float]] = {
    "arrive": {"arrive": 4.0, "arrive#leave": 3.0},
    "leave": {"leave": 4.0, "arrive#leave": 3.0},
    "thank": {"thank": 4.0},
}
WORDS = sorted({*OWN, *AHEAD, *INTENT})
SENTENCES = [
    "i would like to arrive Taipei on November 2nd",
    "leave New York tomorrow",
    "到 达 台 北",
    "thank you",
]


def toy_contents() -> Contents:
    """The toy bundle, without its manifest."""
    return Contents(
        graph=_graph(),
        words=WORDS,
        trigrams=["tai"],
        slots=SLOTS,
        intents=INTENTS,
        examples=_examples(),
    )


def write_toy(folder: Path, name: str = "toy") -> None:
    """Write the toy bundle, under any name."""
    about = {
        "name": name,
        "description": "A table of a few words, for tests",
        "languages": ["en", "zh"],
        "punctuation": "read",
        "corpora": [
            {"name": "none", "license": "Apache-2.0", "citation": "tests/toy.py", "source": ""}
        ],
        "metrics": {"slot_f1": 100.0},
        "seed": 0,
        "training_config": {"network": "a table"},
        "packages": {},
        "command": "python -m tests.toy",
    }
    write_bundle(folder, toy_contents(), about)


def _table(
    labels: list[str], rows: dict[str, dict[str, float]], unknown: dict[str, float]
) -> NDArray[np.float32]:
    """(ids, labels): zeros for padding, `unknown` for other words, then a row a word."""
    table = np.zeros((2 + len(WORDS), len(labels)), np.float32)
    for number, scores in enumerate([unknown, *(rows.get(word, unknown) for word in WORDS)], 1):
        for label, score in scores.items():
            table[number, labels.index(label)] = score
    return table


_OWN = _table(TAGS, OWN, {"O": 8.0})
_AHEAD = _table(TAGS, AHEAD, {})
_INTENT = _table(INTENTS, INTENT, {})


def _examples() -> list[Example]:
    """The scores worked out in numpy, against which the graph is proved."""
    examples = []
    for sentence in SENTENCES:
        tokens = sentence.split()
        ids = [
            WORDS.index(normalise(token)) + 2 if normalise(token) in WORDS else 1
            for token in tokens
        ]
        scores = _OWN[ids] + _AHEAD[[0, *ids[:-1]]]
        tags = [TAGS[number] for number in scores.argmax(axis=1)]
        examples.append(Example(tokens, tags, scores.tolist()))
    return examples


def _graph() -> bytes:
    of_tags: list[str | int] = ["batch", "words", len(TAGS)]
    of_intents: list[str | int] = ["batch", len(INTENTS)]

    def array(name: str, values: object) -> onnx.TensorProto:
        return numpy_helper.from_array(np.asarray(values), name)

    graph = helper.make_graph(
        [
            # A column of padding in front, then all words but the last: the words before.
            helper.make_node("Pad", ["words", "one_in_front"], ["padded"]),
            helper.make_node("Slice", ["padded", "first", "last", "second_axis"], ["before"]),
            helper.make_node("Gather", ["own", "words"], ["own_scores"]),
            helper.make_node("Gather", ["ahead", "before"], ["ahead_scores"]),
            helper.make_node("Add", ["own_scores", "ahead_scores"], ["tag_scores"]),
            helper.make_node("Gather", ["intent", "words"], ["intent_of_words"]),
            helper.make_node(
                "ReduceSum", ["intent_of_words", "second_axis"], ["intent_scores"], keepdims=0
            ),
            helper.make_node("Softmax", ["tag_scores"], ["tag_probabilities"], axis=-1),
            helper.make_node("Softmax", ["intent_scores"], ["intent_probabilities"], axis=-1),
        ],
        "toy",
        [
            helper.make_tensor_value_info("words", TensorProto.INT32, ["batch", "words"]),
            helper.make_tensor_value_info(
                "trigrams", TensorProto.INT32, ["batch", "words", "trigrams"]
            ),
            helper.make_tensor_value_info("lengths", TensorProto.INT32, ["batch"]),
        ],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
            for name, shape in (
                ("tag_scores", of_tags),
                ("intent_scores", of_intents),
                ("tag_probabilities", of_tags),
                ("intent_probabilities", of_intents),
            )
        ],
        [
            array("own", _OWN),
            array("ahead", _AHEAD),
            array("intent", _INTENT),
            array("one_in_front", np.array([0, 1, 0, 0], np.int64)),
            array("first", np.array([0], np.int64)),
            array("last", np.array([-1], np.int64)),
            array("second_axis", np.array([1], np.int64)),
        ],
    )
    # Versions of our own choosing, so that the bytes do not change with the installed onnx.
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="slotline", ir_version=8
    )
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))


if __name__ == "__main__":
    write_toy(FOLDER)
