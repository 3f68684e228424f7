"""A network without memory."""

import torch
from torch import Tensor, nn


class FeedForward(nn.Module):
    """
    A window of words in, one hidden layer upon another, and nothing remembered.

        h_t = tanh(W [x_{t-k}; …; x_t; …; x_{t+k}] + b)

    The window, 2k + 1 words wide, opens at the first layer alone. Its layers are those of an
    Elman network but for the memory, so that a comparison shows what memory is worth.
    """

    def __init__(
        self, inputs: int, hidden: int, *, layers: int = 1, window: int = 1, dropout: float = 0.0
    ) -> None:
        super().__init__()
        assert window % 2, "a window has a word in its middle"
        # A convolution is this layer at every word; past both ends it reads zeros.
        self.window = nn.Conv1d(inputs, hidden, window, padding=window // 2)
        self.layers = nn.ModuleList(nn.Linear(hidden, hidden) for _ in range(layers - 1))
        self.dropout = nn.Dropout(dropout)
        self.width = hidden

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:  # noqa: ARG002 (padding is zeros)
        """x: (batch, words, inputs), zeros past a sentence's end; result: (batch, words, width)."""
        h = torch.tanh(self.window(x.permute(0, 2, 1)).permute(0, 2, 1))
        for layer in self.layers:
            h = torch.tanh(layer(self.dropout(h)))
        return h
