"""The ONNX graph of a network."""

from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import TensorProto, helper
from torch import Tensor, nn

from app.tagging.decoder import softmax
from tests.training.networks.toy import SMALL, small
from training.exporting.onnx_graph import module_graph, network_graph
from training.networks import NETWORKS, SlotNetwork
from training.networks.cells import Cell, State
from training.networks.recurrence import Bidirectional, Recurrence, Stack


def network_of(cell: str, **settings: Any) -> SlotNetwork:
    torch.manual_seed(1)
    return small(cell=cell, **settings)


def scores_of(graph: onnx.ModelProto, feeds: dict[str, np.ndarray]) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(
        graph.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    scores: list[np.ndarray] = session.run(None, feeds)
    return scores


def feeds_of(batch: int = 2, words: int = 3, trigrams: int = 2) -> dict[str, np.ndarray]:
    return {
        "words": np.full((batch, words), 2, np.int32),
        "trigrams": np.full((batch, words, trigrams), 3, np.int32),
        "lengths": np.full(batch, words, np.int32),
    }


def operators_of(graph: onnx.ModelProto) -> set[str]:
    return {node.op_type for node in graph.graph.node}


@pytest.mark.parametrize("cell", NETWORKS)
def test_equal_weights_make_equal_bytes(cell: str) -> None:
    first, second = (
        network_graph(network_of(cell, intents=2)).SerializeToString() for _ in range(2)
    )
    assert first == second


@pytest.mark.parametrize("cell", NETWORKS)
def test_a_graph_satisfies_onnx_s_own_checker(cell: str) -> None:
    graph = network_graph(network_of(cell, layers=2, intents=2))
    onnx.checker.check_model(graph, full_check=True)
    assert graph.producer_name == "slotline"


@pytest.mark.parametrize(
    ("cell", "operator"),
    [
        ("feedforward", "Conv"),
        ("elman", "RNN"),
        ("jordan", "Scan"),
        ("lstm-input-gates", "LSTM"),
        ("lstm", "LSTM"),
        ("lstm-peephole-full", "Scan"),
        ("lstm-peephole", "LSTM"),
        ("gru", "GRU"),
    ],
)
def test_onnx_s_own_operator_is_used_where_there_is_one(cell: str, operator: str) -> None:
    found = operators_of(network_graph(network_of(cell)))
    assert found & {"Conv", "RNN", "LSTM", "GRU", "Scan"} == {operator}


@pytest.mark.parametrize("cell", ["elman", "lstm-input-gates", "lstm", "lstm-peephole", "gru"])
def test_both_ways_are_one_node(cell: str) -> None:
    network = network_of(cell, layers=2, bidirectional=True, intents=2).eval()
    graph = network_graph(network)
    ways = [
        helper.get_attribute_value(attribute)
        for node in graph.graph.node
        for attribute in node.attribute
        if attribute.name == "direction"
    ]
    assert ways == [b"bidirectional"] * 2
    feeds = feeds_of(batch=3, words=6) | {"lengths": np.array([6, 1, 3], np.int32)}
    with torch.no_grad():
        tags, intents = network(*(torch.from_numpy(feed) for feed in feeds.values()))
    found_tags, found_intents, *_ = scores_of(graph, feeds)
    for row, words in enumerate(feeds["lengths"]):
        np.testing.assert_allclose(found_tags[row, :words], tags[row, :words], atol=1e-5)
    np.testing.assert_allclose(found_intents, intents, atol=1e-5)


def test_what_others_can_spare_is_not_written() -> None:
    network = network_of("lstm", bidirectional=True)
    network.temperature = 1.5
    graph = network_graph(network)
    # Padding is zeros already, and the output layer's weights are divided by the temperature.
    assert not operators_of(graph) & {"Mul", "Div", "CumSum"}
    read = {name for node in graph.graph.node for name in node.input}
    assert read >= {each.name for each in graph.graph.initializer}


@pytest.mark.parametrize("cell", ["jordan", "lstm"])
def test_scores_are_divided_by_the_temperature(cell: str) -> None:
    network = network_of(cell, intents=2)
    cold = scores_of(network_graph(network), feeds_of())[:2]
    network.temperature, network.intent_temperature = 2.0, 4.0
    for found, before, temperature in zip(
        scores_of(network_graph(network), feeds_of())[:2], cold, (2.0, 4.0), strict=True
    ):
        np.testing.assert_allclose(found, before / temperature, atol=1e-6)


@pytest.mark.parametrize("inputs", ["words", "trigrams", "both"])
def test_every_graph_takes_all_three_inputs(inputs: str) -> None:
    graph = network_graph(network_of("feedforward", inputs=inputs))
    assert [each.name for each in graph.graph.input] == ["words", "trigrams", "lengths"]
    assert scores_of(graph, feeds_of())[0].shape == (2, 3, 5)


def test_intents_have_an_output_where_they_were_trained() -> None:
    with_intents = network_graph(network_of("elman", intents=3))
    without = network_graph(network_of("elman"))
    assert {each.name for each in with_intents.graph.output} == {
        *("tag_scores", "tag_probabilities", "intent_scores", "intent_probabilities")
    }
    assert {each.name for each in without.graph.output} == {"tag_scores", "tag_probabilities"}
    assert scores_of(with_intents, feeds_of())[1].shape == (2, 3)


def test_beside_its_scores_a_graph_gives_their_softmax() -> None:
    scores, of_intents, shares, shares_of_intents = scores_of(
        network_graph(network_of("elman", intents=3)), feeds_of()
    )
    np.testing.assert_allclose(shares, softmax(scores), rtol=1e-5)
    np.testing.assert_allclose(shares_of_intents, softmax(of_intents), rtol=1e-5)


@pytest.mark.parametrize("trigrams", [0, 1, 30])
def test_a_word_may_have_any_number_of_trigrams(trigrams: int) -> None:
    graph = network_graph(network_of("lstm"))
    assert scores_of(graph, feeds_of(trigrams=trigrams))[0].shape == (2, 3, 5)


@pytest.mark.parametrize("cell", NETWORKS)
def test_an_empty_sentence_may_stand_beside_others(cell: str) -> None:
    graph = network_graph(network_of(cell, intents=2, bidirectional=cell != "feedforward"))
    feeds = feeds_of()
    feeds["lengths"][1] = 0
    for scores in scores_of(graph, feeds):
        assert np.isfinite(scores).all()


def test_a_network_is_exported_as_it_serves_even_while_it_trains() -> None:
    network = network_of("lstm", dropout=0.5, layers=2).train()
    assert network_graph(network) == network_graph(network.eval())


def test_static_vectors_are_kept_in_bytes_and_score_as_in_torch() -> None:
    vectors = torch.randn(30, 7)
    network = network_of("lstm", vectors=vectors).eval()
    graph = network_graph(network)
    assert [30, 7] in [
        each.dims for each in graph.graph.initializer if each.data_type == TensorProto.INT8
    ]
    feeds = feeds_of() | {"words": np.array([[2, 8, 9], [29, 1, 20]], np.int32)}
    expected, _ = network(*(torch.from_numpy(feed) for feed in feeds.values()))
    np.testing.assert_allclose(scores_of(graph, feeds)[0], expected.detach(), atol=1e-5)


def test_what_two_parts_share_is_written_once() -> None:
    network = network_of("jordan")
    sizes = [list(each.dims) for each in network_graph(network).graph.initializer]
    assert sizes.count([SMALL["hidden"], SMALL["tags"]]) == 1


def test_a_gate_that_hears_the_input_alone_stores_no_zeros() -> None:
    initializers = network_graph(network_of("lstm-input-gates")).graph.initializer
    assert [1, 4 * SMALL["hidden"], SMALL["hidden"]] not in [
        list(each.dims) for each in initializers
    ]


class LeakyCell(Cell):
    """h_t = relu(h_{t-1} / 2 - W x_t - b): a cell that no other module has heard of."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__(inputs, hidden, gates=1, state_sizes=(hidden,), activation=torch.relu)

    def step(self, heard: Tensor, state: State) -> tuple[Tensor, State]:
        (h,) = state
        h = self.activation(h / 2.0 - heard)
        return h, (h,)


class StrangeCell(LeakyCell):
    """Does what graph.py has no nodes for."""

    def step(self, heard: Tensor, state: State) -> tuple[Tensor, State]:
        return torch.cos(heard), state


def sentence_graph(module: nn.Module) -> onnx.ModelProto:
    return module_graph(
        module,
        [
            helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", "words", 3]),
            helper.make_tensor_value_info("lengths", TensorProto.INT32, ["batch"]),
        ],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", "words", "width"])],
    )


def test_a_new_cell_is_exported_without_new_code() -> None:
    ways = Bidirectional(Recurrence(LeakyCell(3, 4)), Recurrence(LeakyCell(3, 4), reverse=True))
    stack = Stack([ways, Recurrence(LeakyCell(8, 4))]).eval()
    x, lengths = torch.randn(2, 6, 3), torch.tensor([6, 2], dtype=torch.int32)
    (found,) = scores_of(sentence_graph(stack), {"x": x.numpy(), "lengths": lengths.numpy()})
    expected = stack(x, lengths).detach().numpy()
    np.testing.assert_allclose(found[0], expected[0], atol=1e-5)
    np.testing.assert_allclose(found[1, :2], expected[1, :2], atol=1e-5)


def test_a_torch_function_without_nodes_is_refused_by_name() -> None:
    with pytest.raises(AssertionError, match="no ONNX nodes for torch's cos"):
        sentence_graph(Stack([Recurrence(StrangeCell(3, 4))]))
