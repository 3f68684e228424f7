"""Pieces of text and the sentences they make."""

from training.grammar.sentence import Piece, joined, sentence_of, tidied


def test_a_sentence_knows_where_its_values_are() -> None:
    pieces = [Piece("fly to "), Piece("Bath", "destination"), Piece(" "), Piece("today", "when")]
    sentence = sentence_of(pieces)
    assert sentence.text == "fly to Bath today"
    assert sentence.spans == ((7, 11, "destination"), (12, 17, "when"))


def test_blanks_at_the_edge_of_a_value_are_outside_of_it() -> None:
    sentence = sentence_of([Piece("to"), Piece(" Bath ", "destination"), Piece("now")])
    assert sentence.text == "to Bath now"
    assert sentence.spans == ((3, 7, "destination"),)


def test_a_value_of_blanks_is_none() -> None:
    assert sentence_of([Piece("to"), Piece(" ", "destination"), Piece("now")]).spans == ()


def test_values_that_touch_stay_two() -> None:
    sentence = sentence_of([Piece("北京", "from"), Piece("上海", "to")])
    assert sentence.spans == ((0, 2, "from"), (2, 4, "to"))


def test_blanks_around_a_sentence_are_left_out() -> None:
    sentence = sentence_of([Piece("  "), Piece("Bath", "destination"), Piece(" please  ")])
    assert sentence.text == "Bath please"
    assert sentence.spans == ((0, 4, "destination"),)


def test_tidying_takes_the_blanks_that_absent_options_leave() -> None:
    pieces = joined([Piece(" go  to "), Piece("Bath,  UK", "destination"), Piece(" , please ?")])
    assert [piece.text for piece in tidied(pieces)] == ["go to ", "Bath, UK", ", please?"]
