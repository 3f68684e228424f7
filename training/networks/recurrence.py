"""How a cell travels a sentence: in one direction, in both, and in layers."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from training.networks.cells import Cell, ElmanCell, GRUCell, LSTMCell

# torch computes these cells, with tanh, for a whole sentence in one call.
FUSED: dict[type[Cell], Callable[..., Any]] = {
    ElmanCell: torch.rnn_tanh,
    GRUCell: torch.gru,
    LSTMCell: torch.lstm,
}


class Recurrence(nn.Module):
    """
    A cell's way from the first word to the last, or in reverse.

    Padding stands behind the words. On the way forward it comes too late to be heard; for the
    way back each sentence is turned round within its own length, so that again it comes last.
    What stands at the padding in the result means nothing.
    """

    def __init__(self, cell: Cell, *, reverse: bool = False) -> None:
        super().__init__()
        self.cell = cell
        self.reverse = reverse
        self.width = cell.hidden

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        """x: (words, batch, inputs); result: (words, batch, width)."""
        if self.reverse:
            return reverse_padded(self.unroll(reverse_padded(x, lengths)), lengths)
        return self.unroll(x)

    def unroll(self, x: Tensor) -> Tensor:
        """Take one step after another, by torch's own layer where it has one."""
        cell: Any = self.cell
        state = cell.start(x, x.shape[1])
        layer = FUSED.get(type(cell)) if cell.activation is torch.tanh else None
        if layer is not None:
            # torch has a second bias, beside U, that adds nothing.
            weights = [cell.W.weight, cell.U.weight, cell.W.bias, torch.zeros_like(cell.W.bias)]
            start = [memory.unsqueeze(0) for memory in state]  # of one layer
            begin = start if len(start) > 1 else start[0]
            outputs: Tensor = layer(x, begin, weights, True, 1, 0.0, self.training, False, False)[0]
            return outputs
        steps = []
        for heard in cell.W(x).unbind(0):
            output, state = cell.step(heard, state)
            steps.append(output)
        return torch.stack(steps)


class Bidirectional(nn.Module):
    """Two recurrences, one each way; a word's output is what both say of it."""

    def __init__(self, forth: Recurrence, back: Recurrence) -> None:
        super().__init__()
        assert (forth.reverse, back.reverse) == (False, True), "one must travel each way"
        self.forth = forth
        self.back = back
        self.width = forth.width + back.width

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        """x: (words, batch, inputs); result: (words, batch, width)."""
        return torch.cat((self.forth(x, lengths), self.back(x, lengths)), dim=-1)


class Stack(nn.Module):
    """Layers: each but the first reads what the one below says, dropout between."""

    def __init__(self, layers: Sequence[Recurrence | Bidirectional], dropout: float = 0.0) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)
        self.dropout = nn.Dropout(dropout)
        self.width = layers[-1].width

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        """x: (batch, words, inputs); result: (batch, words, width)."""
        x = x.permute(1, 0, 2)  # (words, batch, inputs)
        for depth, layer in enumerate(self.layers):
            x = layer(x if depth == 0 else self.dropout(x), lengths)
        return x.permute(1, 0, 2)


def reverse_padded(x: Tensor, lengths: Tensor) -> Tensor:
    """x: (words, batch, size), each sentence turned round within its length."""
    at = torch.arange(x.shape[0], device=x.device).unsqueeze(1)  # (words, 1)
    source = torch.where(at < lengths, lengths - 1 - at, at)  # (words, batch)
    return x.gather(0, source.unsqueeze(2).expand_as(x))
