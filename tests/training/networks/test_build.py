"""The table of networks, and what is refused before anything trains."""

from typing import Any

import pytest
import torch
from torch import nn

from tests.training.networks.toy import SMALL, small
from training.networks import NetworkConfigurationError
from training.networks.cells import JordanCell
from training.networks.feedforward import FeedForward
from training.networks.network import SumOfAnswers
from training.networks.recurrence import Bidirectional, Stack


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"cell": "transformer"}, r"cell = 'transformer' .* feedforward, elman, jordan, .* gru"),
        ({"cell": "feedforward", "bidirectional": True}, "bidirectional = True .* feedforward"),
        ({"cell": "lstm", "layers": 0}, "layers = 0 .* 1 to 6"),
        ({"cell": "lstm", "layers": 7}, "layers = 7 .* 1 to 6"),
        ({"cell": "feedforward", "window": 2}, "window = 2 .* odd"),
        ({"cell": "feedforward", "window": -1}, "window = -1 .* odd"),
        ({"cell": "lstm", "window": 3}, "window = 3 .* only feedforward .* not lstm"),
        ({"cell": "lstm", "inputs": "letters"}, "inputs = 'letters' .* words, trigrams, both"),
        ({"cell": "lstm", "hidden": 0}, "hidden = 0 .* 1 or more"),
        ({"cell": "lstm", "word_size": 0}, "word_size = 0"),
        ({"cell": "lstm", "trigram_size": -3}, "trigram_size = -3"),
        (
            {"cell": "lstm", "combine": "sum", "word_size": 3, "trigram_size": 4},
            "combine = 'sum' .* word_size and trigram_size must be equal",
        ),
        ({"cell": "lstm", "combine": "product"}, "combine = 'product' .* concat, sum"),
        ({"cell": "lstm", "word_dropout": -0.1}, "word_dropout = -0.1 .* less than 1"),
        ({"cell": "lstm", "trigram_dropout": 1.0}, "trigram_dropout = 1.0 .* less than 1"),
        ({"cell": "lstm", "letter_trigrams": 10}, "letter_trigrams = 10 .* are trigrams"),
        ({"cell": "lstm", "dropout": 1.0}, "dropout = 1.0 .* less than 1"),
        ({"cell": "lstm", "words": 1}, "words = 1"),
        ({"cell": "lstm", "trigrams": 0}, "trigrams = 0"),
        ({"cell": "lstm", "tags": 0}, "tags = 0"),
        ({"cell": "lstm", "intents": -1}, "intents = -1"),
        ({"cell": "lstm", "vectors": torch.zeros(8, 2)}, r"vectors = \(8, 2\) .* each of the 9"),
        (
            {"cell": "lstm", "vectors": torch.zeros(9, 2), "inputs": "trigrams"},
            "vectors .* with words as inputs",
        ),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else "",
)
def test_a_configuration_that_makes_no_network_is_refused_by_name(
    settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(NetworkConfigurationError, match=message) as refused:
        small(**settings)
    assert isinstance(refused.value, ValueError)
    assert refused.value.setting in settings


def test_layers_and_directions_are_as_asked_for() -> None:
    encoder = small(cell="gru", layers=6, bidirectional=True).encoder
    assert isinstance(encoder, Stack)
    assert [type(layer) for layer in encoder.layers] == [Bidirectional] * 6
    assert encoder.width == 2 * SMALL["hidden"]


def test_feedforward_has_its_window_and_its_layers() -> None:
    encoder = small(cell="feedforward", layers=3, window=5).encoder
    assert isinstance(encoder, FeedForward)
    assert (encoder.window.kernel_size, len(encoder.layers)) == ((5,), 2)


def test_the_top_layer_of_a_jordan_network_hears_the_network_s_own_answer() -> None:
    network = small(cell="jordan", layers=2, bidirectional=True)
    cells = [part for part in network.modules() if isinstance(part, JordanCell)]
    assert isinstance(network.output, SumOfAnswers)
    assert list(network.output.answers) == [cell.V for cell in cells[2:]]


def test_intents_have_scores_where_they_are_asked_for() -> None:
    assert small(cell="elman").intent_output is None
    output = small(cell="elman", intents=3).intent_output
    assert isinstance(output, nn.Linear)
    assert output.out_features == 3


def test_inputs_choose_what_is_known_of_a_word() -> None:
    known = {
        inputs: small(cell="elman", inputs=inputs, word_size=2, trigram_size=3).embedding
        for inputs in ("words", "trigrams", "both")
    }
    assert {name: each.width for name, each in known.items()} == {
        "words": 2,
        "trigrams": 3,
        "both": 5,
    }
    added = small(cell="elman", combine="sum", word_size=3, trigram_size=3)
    assert added.embedding.width == 3
    alone = small(cell="elman", combine="sum", inputs="words", word_size=2, trigram_size=3)
    assert alone.embedding.width == 2
