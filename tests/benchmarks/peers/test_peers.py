import pytest

from benchmarks.peers import Peer, tags_at_words


@pytest.mark.parametrize(
    ("stretches", "tags"),
    [
        ([], "O O O O"),
        ([(7, 15, "city")], "O O B-city I-city"),
        ([(7, 10, "city"), (11, 15, "city")], "O O B-city B-city"),
        ([(11, 15, "state"), (0, 3, "verb")], "B-verb O O B-state"),
    ],
)
def test_stretches_of_whole_words_are_their_tags(
    stretches: list[tuple[int, int, str]], tags: str
) -> None:
    assert tags_at_words("fly to new york", stretches) == tags.split()


def test_a_word_is_of_the_stretch_that_covers_a_part_of_it() -> None:
    assert tags_at_words("at ten o'clock", [(3, 8, "time")]) == ["O", "B-time", "I-time"]


def test_a_word_that_two_stretches_share_is_of_the_first() -> None:
    stretches = [(0, 6, "city"), (6, 14, "day")]
    assert tags_at_words("york's monday", stretches) == ["B-city", "B-day"]
    assert tags_at_words("york's", [(0, 4, "city"), (4, 6, "other")]) == ["B-city"]


def test_a_peer_whose_module_is_absent_is_not_installed() -> None:
    assert Peer(("json",), {}).is_installed
    assert not Peer(("json", "a_module_of_this_name_is_nowhere"), {}).is_installed
