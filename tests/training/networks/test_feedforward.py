"""What a network without memory reads."""

import torch
from torch import nn

from training.networks.feedforward import FeedForward


def test_a_window_of_three_adds_up_a_word_and_its_neighbours() -> None:
    network = FeedForward(1, 1, window=3)
    nn.init.constant_(network.window.weight, 0.01)
    nn.init.zeros_(network.get_parameter("window.bias"))
    x = torch.tensor([[[1.0], [2.0], [4.0], [8.0]]])
    found = torch.atanh(network(x, torch.tensor([4]))).flatten()
    torch.testing.assert_close(found, torch.tensor([0.03, 0.07, 0.14, 0.12]))


def test_window_one_says_the_same_of_a_word_wherever_it_stands() -> None:
    network = FeedForward(3, 4, layers=2)
    word = torch.randn(3)
    x = torch.randn(2, 5, 3)
    x[0, 0] = x[1, 3] = word
    states = network(x, torch.tensor([5, 5]))
    torch.testing.assert_close(states[0, 0], states[1, 3])


def test_it_is_an_ordinary_layer_at_every_word() -> None:
    network = FeedForward(3, 4)
    x = torch.randn(2, 5, 3)
    W, b = network.window.weight.squeeze(2), network.get_parameter("window.bias")
    torch.testing.assert_close(network(x, torch.tensor([5, 5])), torch.tanh(x @ W.t() + b))
