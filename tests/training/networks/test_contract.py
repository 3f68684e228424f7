"""What every network keeps, whatever its cell, direction and depth."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import onnxruntime
import pytest
import torch
from torch import Tensor, nn

from app.tagging.session import providers_of
from tests.training.networks.toy import small
from training.exporting.onnx_graph import network_graph
from training.networks import NETWORKS, SlotNetwork

WORDS, TRIGRAMS, TAGS, INTENTS = 20, 30, 5, 3


@dataclass(frozen=True, slots=True)
class Variant:
    """A network by its settings."""

    cell: str
    bidirectional: bool = False
    layers: int = 1
    inputs: str = "both"
    window: int = 1
    added: bool = False

    def __str__(self) -> str:
        ways = "both ways" if self.bidirectional else "one way"
        known = f"{self.inputs}{' added' if self.added else ''}"
        return f"{self.cell}, {ways}, {self.layers} deep, {known}, window {self.window}"


@cache
def network_of(variant: Variant) -> SlotNetwork:
    """With weights so large that nothing they do goes unseen."""
    torch.manual_seed(1)
    network = small(
        cell=variant.cell,
        hidden=6,
        layers=variant.layers,
        bidirectional=variant.bidirectional,
        window=variant.window,
        inputs=variant.inputs,
        words=WORDS,
        trigrams=TRIGRAMS,
        word_size=5,
        trigram_size=5 if variant.added else 4,
        combine="sum" if variant.added else "concat",
        vectors=torch.randn(WORDS + 1, 3) if variant.added else None,
        tags=TAGS,
        intents=INTENTS,
        dropout=0.5,
    )
    for parameter in network.parameters():
        nn.init.normal_(parameter, std=0.5)
    for part in network.modules():
        if isinstance(part, nn.Embedding):
            nn.init.zeros_(part.weight[0])  # padding
    return network.eval()


@cache
def session_of(variant: Variant) -> onnxruntime.InferenceSession:
    """The network's graph, in onnxruntime; on CUDA where there is some."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # as fast for toys, without threads to start
    graph = network_graph(network_of(variant)).SerializeToString()
    return onnxruntime.InferenceSession(graph, options, providers=providers_of("auto"))


VARIANTS = [
    Variant(cell, bidirectional, layers)
    for cell in NETWORKS
    for bidirectional in (False, True)
    for layers in (1, 2, 3)
    if not (cell == "feedforward" and bidirectional)
]
VARIANTS += [Variant("feedforward", window=3), Variant("feedforward", layers=2, window=5)]
VARIANTS += [Variant("lstm", bidirectional=True, inputs=inputs) for inputs in ("words", "trigrams")]
VARIANTS += [Variant("lstm", bidirectional=True, added=True)]
every_network = pytest.mark.parametrize("variant", VARIANTS, ids=str)


def batch_of(*lengths: int) -> tuple[Tensor, Tensor, Tensor]:
    """Random sentences of these lengths, padded with zeros."""
    torch.manual_seed(2)
    shape = len(lengths), max(lengths)
    words = torch.randint(1, WORDS, shape, dtype=torch.int32)
    trigrams = torch.randint(1, TRIGRAMS, (*shape, 4), dtype=torch.int32)
    padding = torch.arange(max(lengths)) >= torch.tensor(lengths).unsqueeze(1)
    words[padding], trigrams[padding] = 0, 0
    return words, trigrams, torch.tensor(lengths, dtype=torch.int32)


def torch_scores(variant: Variant, batch: tuple[Tensor, ...]) -> tuple[Tensor, Tensor]:
    with torch.no_grad():
        tags, intents = network_of(variant)(*batch)
    return tags, intents


def graph_scores(variant: Variant, batch: tuple[Tensor, ...]) -> tuple[Tensor, Tensor]:
    names = ("words", "trigrams", "lengths")
    feeds = {name: array.numpy() for name, array in zip(names, batch, strict=True)}
    tags, intents = session_of(variant).run(["tag_scores", "intent_scores"], feeds)
    return torch.from_numpy(tags), torch.from_numpy(intents)


Scores = Callable[[Variant, tuple[Tensor, ...]], tuple[Tensor, Tensor]]


def changed_at(batch: tuple[Tensor, ...], word: int) -> tuple[Tensor, ...]:
    """The batch with other words, and other trigrams, at one place."""
    words, trigrams, lengths = (part.clone() for part in batch)
    words[:, word] = words[:, word] % (WORDS - 1) + 1
    trigrams[:, word] = trigrams[:, word] % (TRIGRAMS - 1) + 1
    return words, trigrams, lengths


@every_network
@pytest.mark.parametrize("scores", [torch_scores, graph_scores])
def test_a_short_text_scores_the_same_beside_a_long_one(variant: Variant, scores: Scores) -> None:
    words, trigrams, lengths = batch_of(9, 3)
    tags, intents = scores(variant, (words, trigrams, lengths))
    tags_alone, intents_alone = scores(variant, (words[1:, :3], trigrams[1:, :3], lengths[1:]))
    torch.testing.assert_close(tags[1:, :3], tags_alone, rtol=0, atol=1e-5)
    torch.testing.assert_close(intents[1:], intents_alone, rtol=0, atol=1e-5)


@every_network
def test_only_a_bidirectional_network_hears_the_words_to_come(variant: Variant) -> None:
    before = torch_scores(variant, batch_of(6))[0][0, 0]
    after = torch_scores(variant, changed_at(batch_of(6), 5))[0][0, 0]
    assert torch.equal(before, after) == (not variant.bidirectional)


@every_network
def test_only_a_network_with_memory_hears_the_words_gone_by(variant: Variant) -> None:
    before = torch_scores(variant, batch_of(6))[0][0, 5]
    after = torch_scores(variant, changed_at(batch_of(6), 0))[0][0, 5]
    assert torch.equal(before, after) == (variant.cell == "feedforward")


@every_network
@pytest.mark.parametrize("lengths", [(1,), (2, 17), (5, 1, 30, 5, 8)])
def test_onnxruntime_scores_as_torch_does(variant: Variant, lengths: tuple[int, ...]) -> None:
    batch = batch_of(*lengths)
    found, expected = graph_scores(variant, batch), torch_scores(variant, batch)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-4)


@every_network
def test_every_weight_learns(variant: Variant) -> None:
    network = network_of(variant)
    tags, intents = network(*batch_of(6, 4))
    names, weights = zip(*network.named_parameters(), strict=True)
    slopes = torch.autograd.grad(tags.square().mean() + intents.square().mean(), weights)
    assert not [name for name, slope in zip(names, slopes, strict=True) if not slope.any()]
