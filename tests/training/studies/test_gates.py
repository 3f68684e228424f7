"""The gates, against torch's own steps."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray
from onnx import helper

from app.tagging.bundle import Bundle, open_bundle
from tests.training.conftest import Fit
from training.errors import ExplanationError, ParityError
from training.experiment import Experiment
from training.exporting.export import export
from training.fitting.construction import build_network
from training.networks import SlotNetwork
from training.networks.recurrence import Recurrence
from training.studies.gates import read_gates

WORDS = ["please", "leave", "from", "taipei"]


@pytest.fixture
def made(fitted: Fit, experiment: Experiment, tmp_path: Path) -> tuple[Bundle, SlotNetwork]:
    """A bundle, scarcely trained, and the network that it was made of."""
    return _made(fitted, experiment, tmp_path)


def _made(
    fitted: Fit, experiment: Experiment, folder: Path, **settings: object
) -> tuple[Bundle, SlotNetwork]:
    network_settings = replace(experiment.network, **settings)  # type: ignore[arg-type]
    checkpoint = fitted(of=replace(experiment, network=network_settings), epochs=2)
    export(checkpoint, folder / "bundle")
    network = build_network(checkpoint.experiment, checkpoint.vocabularies)
    network.load_state_dict(checkpoint.best)
    return open_bundle(folder / "bundle"), network.eval()


def states(network: SlotNetwork, bundle: Bundle) -> dict[str, tuple[NDArray[np.float32], ...]]:
    """Of every recurrence by its name what it tells and remembers: (words, cells) each."""
    features = bundle.featurizer([WORDS])
    found: dict[str, tuple[NDArray[np.float32], ...]] = {}

    def watch(name: str, module: Recurrence, x: torch.Tensor) -> None:
        cell, way = module.cell, -1 if module.reverse else 1
        state = cell.start(x, 1)
        steps = []
        for x_t in list(x)[::way]:
            told, state = cell(x_t, state)
            steps.append((told[0].numpy(), state[-1][0].numpy()))
        found[name] = tuple(np.stack(values)[::way] for values in zip(*steps, strict=True))

    for name, module in network.named_modules():
        if isinstance(module, Recurrence):
            module.register_forward_pre_hook(
                lambda module, inputs, name=name: watch(name, module, inputs[0])
            )
    with torch.no_grad():
        network(*map(torch.from_numpy, (features.words, features.trigrams, features.lengths)))
    return found


@pytest.mark.parametrize("cell", ["lstm", "lstm-input-gates", "lstm-peephole"])
@pytest.mark.parametrize(("bidirectional", "layers"), [(True, 2), (False, 1)])
def test_memory_and_output_are_those_of_torch(
    fitted: Fit,
    experiment: Experiment,
    tmp_path: Path,
    cell: str,
    bidirectional: bool,
    layers: int,
) -> None:
    settings = {"cell": cell, "bidirectional": bidirectional, "layers": layers}
    bundle, network = _made(fitted, experiment, tmp_path, **settings)
    expected = states(network, bundle)
    readings = read_gates(bundle, WORDS)
    assert [reading.name for reading in readings] == list(expected)
    assert [reading.backward for reading in readings] == [False, True] * layers * bidirectional + [
        False
    ] * (not bidirectional)
    for reading in readings:
        told, memory = expected[reading.name]
        np.testing.assert_allclose(reading.told, told, atol=1e-3)
        np.testing.assert_allclose(reading.memory, memory, atol=1e-3)


def test_memory_is_what_the_gates_keep_and_let_in(made: tuple[Bundle, SlotNetwork]) -> None:
    forward, backward = read_gates(made[0], WORDS)
    for reading, way in ((forward, 1), (backward, -1)):
        memory = np.zeros(16)
        for word in range(len(WORDS))[::way]:
            kept = reading.forget_gate[word] * memory
            memory = kept + reading.input_gate[word] * reading.heard[word]
            np.testing.assert_allclose(reading.memory[word], memory)
            told = reading.output_gate[word] * np.tanh(memory)
            np.testing.assert_allclose(reading.told[word], told)


def test_gates_are_between_closed_and_open(made: tuple[Bundle, SlotNetwork]) -> None:
    for reading in read_gates(made[0], WORDS):
        for gate in (reading.input_gate, reading.forget_gate, reading.output_gate):
            assert gate.shape == (4, 16)
            assert 0 < gate.min() < gate.max() < 1


def test_a_graph_that_does_something_else_is_not_explained(
    made: tuple[Bundle, SlotNetwork],
) -> None:
    model = onnx.load_from_string(made[0].contents.graph)
    node = next(node for node in model.graph.node if node.op_type == "LSTM")
    attribute = next(each for each in node.attribute if each.name == "activations")
    attribute.CopyFrom(helper.make_attribute("activations", 2 * ["Sigmoid", "Relu", "Tanh"]))
    other = replace(made[0].contents, graph=model.SerializeToString())
    with pytest.raises(ParityError, match="the graph deviates by"):
        read_gates(replace(made[0], contents=other), WORDS)


@pytest.mark.parametrize("cell", ["elman", "gru", "lstm-peephole-full"])
def test_a_network_without_an_lstm_is_refused_with_those_that_have_one(
    fitted: Fit, experiment: Experiment, tmp_path: Path, cell: str
) -> None:
    bundle, _ = _made(fitted, experiment, tmp_path, cell=cell)
    with pytest.raises(ExplanationError, match=r"toy cannot be explained: .*lstm-input-gates"):
        read_gates(bundle, WORDS)
