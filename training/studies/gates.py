"""The gates and the memory of a bundle's LSTMs for each word of a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import NodeProto, helper, numpy_helper

from app.tagging.bundle import Bundle
from training.errors import ExplanationError, ParityError

TOLERANCE = 1e-4
# In ONNX's order.
_INPUTS = ("x", "W", "R", "b", "lengths", "h", "c", "P")
# Of ONNX's directions the ways in their order: what they are called after the node, and whether
# they are backward.
_WAYS = {
    b"forward": [("", False)],
    b"reverse": [("", True)],
    b"bidirectional": [(".forth", False), (".back", True)],
}

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LSTMTrace:
    """
    What one LSTM computes for a sentence; each array is (words, cells), in the sentence's order.

    name: the module's. The gates are between 0 (closed) and 1 (open). heard: the candidate values
    that the input gate lets in. memory: the state of the cells after the word. told: the output of
    the cells for the word.
    """

    name: str
    backward: bool
    input_gate: Values
    forget_gate: Values
    output_gate: Values
    heard: Values
    memory: Values
    told: Values


def read_gates(bundle: Bundle, words: Sequence[str]) -> list[LSTMTrace]:
    """
    Compute every LSTM of the bundle's graph again, from its weights and the graph's own input.

    `words` are those that the network reads. Raises ExplanationError if the graph has no LSTM,
    ParityError if the result differs from the graph's.
    """
    model = onnx.load_from_string(bundle.contents.graph)
    nodes = [node for node in model.graph.node if node.op_type == "LSTM"]
    if not nodes:
        raise ExplanationError(bundle.manifest.name)
    known = _values(bundle, model, nodes, words)
    traces = []
    for node in nodes:
        inputs = {
            role: known[name] for role, name in zip(_INPUTS, node.input, strict=False) if name
        }
        attributes = {each.name: helper.get_attribute_value(each) for each in node.attribute}
        ways = _WAYS[attributes.get("direction", b"forward")]
        for way, (name, backward) in enumerate(ways):
            trace = _trace(node.name + name, inputs, way, backward=backward)
            # The graph's: (words, directions, batch, cells)
            deviation = float(np.abs(trace.told - known[node.output[0]][:, way, 0]).max())
            if not deviation <= TOLERANCE:
                raise ParityError(deviation, TOLERANCE)
            traces.append(trace)
    return traces


def _values(
    bundle: Bundle, model: onnx.ModelProto, nodes: Sequence[NodeProto], words: Sequence[str]
) -> dict[str, NDArray[Any]]:
    """The inputs and outputs of the nodes for this sentence, weights included, by name."""
    weights = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}
    wanted = {name for node in nodes for name in (*node.input, node.output[0]) if name}
    flowing = sorted(wanted - weights.keys() - {each.name for each in model.graph.input})
    # onnxruntime answers with whatever a graph calls an output.
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in flowing)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    features = bundle.featurizer([words])
    feeds = {
        "words": features.words,
        "trigrams": features.trigrams,
        "lengths": features.lengths,
    }
    answers = session.run(flowing, feeds)
    return {**weights, **feeds, **dict(zip(flowing, answers, strict=True))}


def _trace(name: str, inputs: dict[str, NDArray[Any]], way: int, *, backward: bool) -> LSTMTrace:
    """
    Take one step after another, `way` being the direction's place in the weights.

        i, f = σ (W x_t + R h_{t-1} + P * c_{t-1} + b),  g = tanh(W x_t + R h_{t-1} + b)
        c_t = f * c_{t-1} + i * g
        o = σ (W x_t + R h_{t-1} + P * c_t + b),  h_t = o * tanh(c_t)
    """
    W, R, b = (inputs[role][way].astype(np.float64) for role in ("W", "R", "b"))
    cells = R.shape[1]
    P = inputs["P"][way].astype(np.float64) if "P" in inputs else np.zeros(3 * cells)
    P_i, P_o, P_f = np.split(P, 3)
    x = inputs["x"][:, 0].astype(np.float64)  # (words, inputs)
    steps = []
    h, c = np.zeros(cells), np.zeros(cells)
    for x_t in x[::-1] if backward else x:
        i, o, f, g = np.split(W @ x_t + R @ h + b[: 4 * cells] + b[4 * cells :], 4)
        i, f, g = _sigmoid(i + P_i * c), _sigmoid(f + P_f * c), np.tanh(g)
        c = f * c + i * g
        o = _sigmoid(o + P_o * c)
        h = o * np.tanh(c)
        steps.append((i, f, o, g, c, h))
    arrays = [np.stack(values) for values in zip(*steps, strict=True)]
    return LSTMTrace(name, backward, *(values[::-1] if backward else values for values in arrays))


def _sigmoid(x: Values) -> Values:
    return np.asarray(1.0 / (1.0 + np.exp(-x)))
