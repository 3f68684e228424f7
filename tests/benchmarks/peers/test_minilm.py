from dataclasses import dataclass

from benchmarks.peers.minilm import encode, first_pieces


def test_a_word_is_tagged_at_its_first_piece() -> None:
    assert first_pieces([None, 0, 1, 1, 1, 2, None]) == [1, 2, 5]


@dataclass
class Pieces:
    ids: list[int]
    word_ids: list[int | None]


class TwoPiecesAWord:
    """Cuts as tokenizers does, each word into a first piece and a second one."""

    def encode_batch(self, sentences: list[list[str]], *, is_pretokenized: bool) -> list[Pieces]:
        assert is_pretokenized
        return [
            Pieces(
                [101, *(piece for _ in each for piece in (7, 8)), 102],
                [None, *(word for word in range(len(each)) for _ in range(2)), None],
            )
            for each in sentences
        ]


def test_short_sentences_are_padded_and_the_padding_is_masked() -> None:
    pieces, mask, heads = encode(TwoPiecesAWord(), [["to"], ["to", "taipei"]])
    assert pieces.tolist() == [[101, 7, 8, 102, 0, 0], [101, 7, 8, 7, 8, 102]]
    assert mask.tolist() == [[1, 1, 1, 1, 0, 0], [1] * 6]
    assert heads == [[1], [1, 3]]
