"""Networks that answer as one."""

import pytest
import torch

from training.networks import Ensemble, build

INPUTS = (
    torch.tensor([[2, 3], [4, 0]], dtype=torch.int32),
    torch.zeros(2, 2, 1, dtype=torch.int32),
    torch.tensor([2, 1], dtype=torch.int32),
)


@pytest.mark.parametrize("intents", [0, 3])
def test_an_ensemble_says_what_its_networks_say_on_average(intents: int) -> None:
    networks = [
        build(cell=cell, hidden=3, words=9, trigrams=9, tags=5, intents=intents).eval()
        for cell in ("elman", "gru")
    ]
    of_first, of_second = (network(*INPUTS) for network in networks)
    found = Ensemble(networks)(*INPUTS)
    for first, second, both in zip(of_first, of_second, found, strict=True):
        if first is None:
            assert both is None
        else:
            expected = (first.softmax(dim=-1) + second.softmax(dim=-1)) / 2
            torch.testing.assert_close(both.exp(), expected)


def test_what_nobody_thinks_probable_has_a_finite_score() -> None:
    network = build(cell="elman", hidden=3, words=9, trigrams=9, tags=5).eval()
    with torch.no_grad():
        network.get_parameter("output.bias")[0] = -1e4
    scores, _ = Ensemble([network])(*INPUTS)
    assert scores.isfinite().all()
