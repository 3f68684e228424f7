"""What a network knows of a word, and how it reads a sentence."""

import pytest
import torch
from torch import Tensor, nn

from tests.training.networks.toy import small
from training.networks.network import (
    PADDING,
    UNKNOWN,
    Embedding,
    SlotNetwork,
    StaticVectors,
    SumOfAnswers,
)

LEXICON = ["apple", "bag", "cat", "dog", "elephant"]
NO_TRIGRAMS = torch.zeros(1, 1, 1, dtype=torch.int32)


def numbers(*values: int) -> Tensor:
    """One sentence."""
    return torch.tensor([values], dtype=torch.int32)


def test_one_of_five_words_is_five_numbers() -> None:
    table = nn.Embedding(7, 5, _weight=torch.eye(7)[:, 2:])
    embedding = Embedding(table, None)
    words = numbers(*range(2, 7))
    assert embedding(words, NO_TRIGRAMS)[0].tolist() == torch.eye(5).tolist()
    assert embedding.width == len(LEXICON)


def test_unknown_words_differ_by_their_trigrams_alone() -> None:
    words, trigrams = nn.Embedding(7, 3, padding_idx=0), nn.Embedding(20, 3, padding_idx=0)
    both = numbers(UNKNOWN, UNKNOWN)  # Gandalf and Sauron
    letters = torch.tensor([[[2, 3, 4, 5, 6], [7, 8, 9, 10, 0]]], dtype=torch.int32)
    gandalf, sauron = Embedding(words, None)(both, letters)[0]
    assert torch.equal(gandalf, sauron)
    gandalf, sauron = Embedding(words, trigrams)(both, letters)[0]
    assert not torch.equal(gandalf, sauron)
    assert torch.equal(gandalf[:3], sauron[:3])


def test_a_word_is_the_sum_of_its_trigrams() -> None:
    table = nn.Embedding(5, 3, padding_idx=0)
    embedding = Embedding(None, table)
    found = embedding(numbers(2), torch.tensor([[[2, 3, 3, 0]]], dtype=torch.int32))
    torch.testing.assert_close(found[0, 0], table.weight[2] + 2 * table.weight[3])


def test_a_word_with_a_static_vector_alone_is_unknown_to_the_trained_ones() -> None:
    table, vectors = nn.Embedding(4, 3, padding_idx=0), StaticVectors(torch.randn(9, 2))
    embedding = Embedding(table, None, vectors)
    known, other = embedding(numbers(3, 8), NO_TRIGRAMS)[0]
    assert torch.equal(known[:3], table.weight[3])
    assert torch.equal(other[:3], table.weight[UNKNOWN])
    assert torch.equal(other[3:], vectors(numbers(8))[0, 0])


def test_added_vectors_are_one_of_their_own_size() -> None:
    words, trigrams = nn.Embedding(4, 3, padding_idx=0), nn.Embedding(5, 3, padding_idx=0)
    letters = torch.tensor([[[2, 3, 0]]], dtype=torch.int32)
    known = words.weight[2] + trigrams.weight[2] + trigrams.weight[3]
    embedding = Embedding(words, trigrams, added=True)
    assert embedding.width == 3
    torch.testing.assert_close(embedding(numbers(2), letters)[0, 0], known)
    vectors = StaticVectors(torch.randn(9, 2))
    embedding = Embedding(words, trigrams, vectors, added=True)
    assert embedding.width == 3
    assert embedding.projection is not None
    expected = known + embedding.projection.weight @ vectors(numbers(2))[0, 0]
    torch.testing.assert_close(embedding(numbers(2), letters)[0, 0], expected)


def test_added_padding_is_zeros() -> None:
    words, trigrams = nn.Embedding(4, 3, padding_idx=0), nn.Embedding(5, 3, padding_idx=0)
    embedding = Embedding(words, trigrams, StaticVectors(torch.randn(9, 2)), added=True)
    assert not embedding(numbers(0), NO_TRIGRAMS).any()


def test_static_vectors_lose_less_than_a_hundredth_of_their_largest_number() -> None:
    table = torch.randn(50, 8) * torch.logspace(-3, 3, 50).unsqueeze(1)
    found = StaticVectors(table)(numbers(*range(1, 50)))[0]
    lost = (found - table[1:]).abs().amax(dim=1) / table[1:].abs().amax(dim=1)
    assert lost.max() < 0.005


def test_static_vectors_do_not_learn_and_padding_has_none() -> None:
    vectors = StaticVectors(torch.ones(3, 2))
    assert not list(vectors.parameters())
    assert vectors(numbers(0, 1)).tolist() == [[[0, 0], [1, 1]]]


def test_a_vector_of_zeros_stays_one() -> None:
    assert StaticVectors(torch.zeros(3, 2))(numbers(2)).tolist() == [[[0, 0]]]


def test_the_answers_of_both_directions_are_one_matrix_times_both_layers() -> None:
    forth, back = nn.Linear(4, 3), nn.Linear(4, 3)
    states = torch.randn(2, 5, 8)
    weight = torch.cat((forth.weight, back.weight), dim=1)
    expected = states @ weight.t() + forth.bias + back.bias
    torch.testing.assert_close(SumOfAnswers([forth, back])(states), expected)


class Echo(nn.Module):
    """An encoder that says what it hears, and -9 at the padding."""

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        past = torch.arange(x.shape[1]) >= lengths.unsqueeze(1)
        return x.masked_fill(past.unsqueeze(2), -9.0)


def test_an_intent_is_read_from_the_mean_and_the_maximum_of_the_words() -> None:
    table = nn.Embedding(4, 1, _weight=torch.tensor([[0.0], [1.0], [5.0], [-2.0]]))
    network = SlotNetwork(Embedding(table, None), Echo(), nn.Identity(), nn.Identity())
    words = torch.tensor([[1, 2, 0], [3, 3, 0], [1, 2, 2]], dtype=torch.int32)
    _, read = network(words, NO_TRIGRAMS, torch.tensor([2, 2, 3]))
    # Where no word is above zero, zero is the maximum, alone as beside longer sentences.
    expected = torch.tensor([[3.0, 5.0], [-2.0, 0.0], [11 / 3, 5.0]])
    torch.testing.assert_close(read, expected)


def test_no_words_have_scores_and_no_nan() -> None:
    table = nn.Embedding(3, 2, padding_idx=0)
    network = SlotNetwork(Embedding(table, None), Echo(), nn.Linear(2, 3), nn.Linear(4, 2))
    for scores in network(numbers(0), NO_TRIGRAMS, torch.tensor([0])):
        assert scores.isfinite().all()


def test_in_training_a_share_of_the_words_is_read_without_letter_trigrams() -> None:
    torch.manual_seed(0)
    table, vectors = nn.Embedding(5, 3, padding_idx=0), nn.Embedding(3, 2, padding_idx=0)
    embedding = Embedding(vectors, table, trigram_dropout=0.25, letter_trigrams=2)
    words = torch.tensor([[2] * 900 + [PADDING] * 100])
    trigrams = torch.where(words.unsqueeze(2) == PADDING, PADDING, torch.tensor([2, 3, 4]))
    whole, beside = table.weight[2:].sum(dim=0), table.weight[UNKNOWN] + table.weight[4]
    read = embedding(words, trigrams)[0, :900, 2:]
    lost = (read == beside).all(dim=1)
    assert 0.2 < lost.float().mean() < 0.3
    torch.testing.assert_close(read[~lost], whole.expand_as(read[~lost]))
    assert not embedding(words, trigrams)[0, 900:].any()
    assert not (embedding.eval()(words, trigrams)[0, :900, 2:] == beside).all(dim=1).any()


def test_beside_static_vectors_only_unknown_words_are_read_by_their_letters() -> None:
    torch.manual_seed(0)
    table, vectors = nn.Embedding(5, 3, padding_idx=0), StaticVectors(torch.eye(3)[:, :2])
    embedding = Embedding(
        nn.Embedding(3, 2, padding_idx=0),
        table,
        vectors,
        word_dropout=0.5,
        vector_dropout=1.0,
        letter_trigrams=2,
    )
    trigrams = torch.tensor([2, 3, 4]).expand(1, 900, 3)
    read = embedding(torch.full((1, 900), 2), trigrams)[0]
    known = (read[:, 5:] == vectors(torch.tensor([2]))).all(dim=1)
    torch.testing.assert_close(read[known, 2:5], table.weight[4].expand(int(known.sum()), 3))
    spelled = (read[:, 2:5] == table.weight[2:].sum(dim=0)).all(dim=1)
    assert 300 < spelled.sum() < 420  # four of five of the half that is made unknown
    assert not (spelled & known).any()


def test_trigrams_that_are_all_that_is_known_are_always_read() -> None:
    table = nn.Embedding(5, 3, padding_idx=0)
    embedding = Embedding(None, table, trigram_dropout=0.9, letter_trigrams=3)
    letters = torch.tensor([[[2, 3, 4]] * 100])
    read = embedding(torch.full((1, 100), 2), letters)[0]
    torch.testing.assert_close(read, table.weight[2:].sum(dim=0).expand_as(read))


@pytest.mark.parametrize("training", [True, False])
def test_dropout_is_for_training_alone(training: bool) -> None:
    table = nn.Embedding(3, 50, padding_idx=0)
    network = SlotNetwork(Embedding(table, None), Echo(), nn.Identity(), dropout=0.5)
    network.train(training)
    scores, intents = network(numbers(2), NO_TRIGRAMS, torch.tensor([1]))
    assert torch.equal(scores[0, 0], table.weight[2]) == (not training)
    assert intents is None


def test_the_scores_of_no_slot_can_be_raised() -> None:
    network = small().eval()
    asked = torch.tensor([[2, 3]]), torch.zeros(1, 2, 4, dtype=torch.int64), torch.tensor([2])
    before, _ = network(*asked)
    network.raise_outside(0.75)
    network.temperature = 2.0
    after, _ = network(*asked)
    torch.testing.assert_close(2 * after, before + torch.tensor([0.75, 0.0, 0.0, 0.0, 0.0]))
