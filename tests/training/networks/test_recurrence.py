"""Which way a cell travels."""

import pytest
import torch
from torch import nn

from training.networks.cells import Cell, ElmanCell, FullPeepholeLSTMCell, LSTMCell
from training.networks.recurrence import Bidirectional, Recurrence, Stack, reverse_padded

# One cell that torch computes, one that it does not.
cells = pytest.mark.parametrize("kind", [LSTMCell, FullPeepholeLSTMCell])


def test_each_sentence_is_turned_round_within_its_length() -> None:
    x = torch.tensor([[1, 2, 3, 4], [5, 6, 0, 0], [7, 0, 0, 0]]).t().unsqueeze(2)
    lengths = torch.tensor([4, 2, 1])
    there = reverse_padded(x, lengths)
    assert there.squeeze(2).t().tolist() == [[4, 3, 2, 1], [6, 5, 0, 0], [7, 0, 0, 0]]
    assert torch.equal(reverse_padded(there, lengths), x)


@cells
def test_the_way_back_is_the_way_forth_of_the_sentence_turned_round(kind: type[Cell]) -> None:
    cell = kind(3, 4)  # type: ignore[call-arg]
    lengths = torch.tensor([5, 5])
    x = torch.randn(5, 2, 3)
    there = Recurrence(cell)(x.flip(0), lengths).flip(0)
    torch.testing.assert_close(Recurrence(cell, reverse=True)(x, lengths), there)


def test_a_bidirectional_output_is_the_way_forth_beside_the_way_back() -> None:
    forth, back = Recurrence(ElmanCell(3, 4)), Recurrence(ElmanCell(3, 5), reverse=True)
    both = Bidirectional(forth, back)
    x, lengths = torch.randn(6, 2, 3), torch.tensor([6, 4])
    assert both.width == 9
    torch.testing.assert_close(
        both(x, lengths), torch.cat((forth(x, lengths), back(x, lengths)), dim=2)
    )


def test_a_layer_reads_the_layer_below() -> None:
    below, above = Recurrence(ElmanCell(3, 4)), Recurrence(ElmanCell(4, 5))
    x, lengths = torch.randn(2, 6, 3), torch.tensor([6, 4])
    expected = above(below(x.permute(1, 0, 2), lengths), lengths).permute(1, 0, 2)
    torch.testing.assert_close(Stack([below, above])(x, lengths), expected)


def test_dropout_falls_between_layers_alone() -> None:
    x, lengths = torch.randn(2, 6, 3), torch.tensor([6, 4])
    shallow = Stack([Recurrence(ElmanCell(3, 4))], dropout=0.5)
    deep = Stack([Recurrence(ElmanCell(3, 4)), Recurrence(ElmanCell(4, 4))], dropout=0.5)
    assert torch.equal(shallow(x, lengths), shallow(x, lengths))
    assert not torch.equal(deep(x, lengths), deep(x, lengths))
    assert torch.equal(deep.eval()(x, lengths), deep(x, lengths))


def test_two_ways_the_same_way_are_refused() -> None:
    with pytest.raises(AssertionError, match="one must travel each way"):
        Bidirectional(Recurrence(ElmanCell(3, 4)), Recurrence(ElmanCell(3, 4)))


def test_torch_s_own_layer_reads_the_cell_s_weights_as_they_are() -> None:
    recurrence = Recurrence(LSTMCell(3, 4))
    x, lengths = torch.randn(6, 2, 3), torch.tensor([6, 6])
    before = recurrence(x, lengths)
    nn.init.zeros_(recurrence.cell.W.weight)
    assert not torch.equal(before, recurrence(x, lengths))
