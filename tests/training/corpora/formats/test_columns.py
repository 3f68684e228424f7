"""A token and a tag on each line."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from training.corpora.formats import FORMATS, columns, format_named, format_of
from training.corpora.utterances import Utterance
from training.errors import CorpusError


def read(
    path: Path, content: str, intents: str | None = None
) -> tuple[list[Utterance], dict[str, int]]:
    (path / "ch.train").write_text(content, encoding="utf-8")
    if intents is not None:
        (path / "ch.train.intent").write_text(intents)
    warnings: Counter[str] = Counter()
    return columns.read(path / "ch.train", warnings), dict(warnings)


def test_a_blank_line_ends_a_query_and_the_intents_stand_beside(tmp_path: Path) -> None:
    assert read(tmp_path, "听 O\n吴 B-singer\n雨 E-singer\n\n听 O\n", "Play\nStop \n")[0] == [
        Utterance(("听", "吴", "雨"), ("O", "B-singer", "I-singer"), "Play"),
        Utterance(("听",), ("O",), "Stop"),
    ]


def test_intents_stand_beside_without_the_files_ending_too(tmp_path: Path) -> None:
    (tmp_path / "train.txt").write_text("a O\n")
    (tmp_path / "train.intent").write_text("Play\n")
    [utterance] = columns.read(tmp_path / "train.txt", Counter())
    assert utterance.intent == "Play"


def test_a_token_can_be_a_blank(tmp_path: Path) -> None:
    ((utterance,), _) = read(tmp_path, "t B-x\n  I-x\nf I-x\n  O")
    assert utterance.tokens == ("t", " ", "f", " ")


@pytest.mark.parametrize(
    "content",
    [
        "EU NNP B-org\nrejects VBZ O\n",
        "EU\tNNP\tB-org\nrejects\tVBZ\tO\n",
        "EU\tB-org\nrejects\tO\n",
        "EU B-org \nrejects O\n",
        "EU   B-org\nrejects O\n",
        "EU \tB-org \nrejects\tO\n",
        "EU\tB-org\t\nrejects\tO\t\n",
        "\n\n  \nEU B-org\r\nrejects O\r\n\r\n",
    ],
)
def test_the_first_column_and_the_last_count(tmp_path: Path, content: str) -> None:
    (utterances, _) = read(tmp_path, content)
    assert utterances == [Utterance(("EU", "rejects"), ("B-org", "O"))]


def test_a_token_can_hold_blanks(tmp_path: Path) -> None:
    ((utterance,), _) = read(tmp_path, "to O\nnew york B-city\nnow O\n")
    assert utterance.tokens == ("to", "new york", "now")
    ((utterance,), _) = read(tmp_path, "to\tO\nnew york\tB-city\n \tO\n")
    assert utterance.tokens == ("to", "new york", " ")


def test_a_blank_between_blanks_is_told(tmp_path: Path) -> None:
    _, warnings = read(tmp_path, "to O\nnew york B-city\nnow O\n")
    assert warnings == {"token that has a blank in it": 1}
    with pytest.raises(CorpusError, match=r"line 3: .*; names of slots with blanks need tabs"):
        read(tmp_path, "to O\nfor O\nRome B-big city\nnow O\n")


def test_document_lines_are_skipped_and_counted(tmp_path: Path) -> None:
    utterances, warnings = read(
        tmp_path, "-DOCSTART- -X- O\n\nEU NNP B-org\n-DOCSTART- -X- O\nno X O\n"
    )
    assert [each.tokens for each in utterances] == [("EU",), ("no",)]
    assert warnings == {"-DOCSTART- line skipped": 2}


@pytest.mark.parametrize(
    ("content", "line", "sentence"),
    [
        ("a O\nb\nc O\n", 2, "a token and its tag, 2 columns between blanks, found 'b'"),
        (
            "a\tO\nb\t\tO\nc\tO\n",
            2,
            "a token and its tag, 2 columns between tabs, found 'b\\t\\tO'",
        ),
        ("a\tO\n\tO\nc\tO\n", 2, "a token and its tag, 2 columns between tabs, found '\\tO'"),
        ("a X O\nb X O\nc O\n", 3, "a token and its tag, 3 columns between blanks, found 'c O'"),
        ("a O\n\nb O\nc X-a\n", 4, "before the name of a slot, found 'X-a'"),
    ],
)
def test_a_fault_is_named_with_its_line(
    tmp_path: Path, content: str, line: int, sentence: str
) -> None:
    with pytest.raises(CorpusError) as caught:
        read(tmp_path, content)
    assert caught.value.line == line
    assert str(caught.value).endswith(sentence)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("1 O B-org\n2 O O\n\n1 O O\n", "a column of words, found numbers alone, or the same"),
        ("a O\n" * 2_001, "expected a blank line between queries, found 2001 tokens in one"),
    ],
)
def test_what_would_be_misread_as_a_whole_is_refused(
    tmp_path: Path, content: str, sentence: str
) -> None:
    with pytest.raises(CorpusError) as caught:
        read(tmp_path, content)
    assert sentence in str(caught.value)


def test_a_number_can_be_a_token(tmp_path: Path) -> None:
    ((utterance,), _) = read(tmp_path, "1 CD B-count\nfor IN O\n")
    assert utterance.tokens == ("1", "for")


# Of each kind several, for other files number and order their columns in other ways.
NUMBERED = {
    "from 1": "1 EU B-org\n2 rejects O\n\n1 no O\n",
    "from 0": "0\tEU\tB-org\n1\trejects\tO\n\n0\tno\tO\n",
    "on and on": "0 EU B-org\n1 rejects O\n\n2 no O\n",
    "sentences": "7 EU B-org\n7 rejects O\n\n8 no O\n",
    "sentences and tokens": "1 1 EU B-org\n1 2 rejects O\n\n2 1 no O\n",
    "both in one": "1-1\tEU\tB-org\n1-2\trejects\tO\n\n2-1\tno\tO\n",
    "both with a point": "1.1 EU B-org\n1.2 rejects O\n\n2.1 no O\n",
    "both from 0": "0.0 EU B-org\n0.1 rejects O\n\n1.0 no O\n",
    "both, no blank lines": "1.1 EU B-org\n1.2 rejects O\n2.1 no O\n",
    "both with a hyphen, no blank lines": "1-1 EU B-org\n1-2 rejects O\n2-1 no O\n",
    "spans of offsets": "0-2 EU B-org\n3-10 rejects O\n\n0-2 no O\n",
    "how sure somebody was": "EU B-org 0.98\nrejects O 0.99\n\nno O 0.5\n",
    "how sure, some quite": "EU B-org 1\nrejects O 0.99\n\nno O 1\n",
    "names with numbers": "s1.t1 EU B-org\ns1.t2 rejects O\n\ns2.t1 no O\n",
    "offset_unit": "0 2 EU B-org\n3 10 rejects O\n\n11 13 no O\n",
    "behind": "EU 1 B-org\nrejects 2 O\n\nno 1 O\n",
    "last": "EU B-org 1\nrejects O 2\n\nno O 1\n",
    "documents": "doc_a EU B-org\ndoc_a rejects O\n\ndoc_b no O\n",
    "no blank lines": "1 EU B-org\n2 rejects O\n1 no O\n",
    "no blank lines, sentences": "1 EU B-org\n1 rejects O\n2 no O\n2 no O\n",
    "named once": "Sentence: 1\tEU\tB-org\n\trejects\tO\nSentence: 2\tno\tO\n",
}


@pytest.mark.parametrize("content", NUMBERED.values(), ids=NUMBERED)
def test_numbers_of_tokens_and_sentences_are_no_words(tmp_path: Path, content: str) -> None:
    utterances, _ = read(tmp_path, content)
    assert utterances[0].tokens == ("EU", "rejects")
    assert {token for each in utterances for token in each.tokens} == {"EU", "rejects", "no"}
    assert utterances[0].tags == ("B-org", "O")
    assert len(utterances) == 2


def test_a_query_that_no_blank_line_begins_is_counted(tmp_path: Path) -> None:
    _, warnings = read(tmp_path, NUMBERED["no blank lines"])
    assert warnings == {"query that no blank line divides from the one before": 1}


RANGES = {
    "a word": ("1 je O\n2-3 au O\n4 Louvre B-x\n\n1 a O\n", ("je", "au", "Louvre"), None),
    "of words": (
        "1\tje\tO\n2-3\tau\t_\n2\tà\tO\n3\tle\tO\n4\tLouvre\tB-x\n\n1\ta\tO\n",
        ("je", "à", "le", "Louvre"),
        "range of words (such as 3-4) left out, whose words follow",
    ),
    "with the tag": (
        "1\tje\tO\n2-3\tau\tB-x\n2\tà\tO\n3\tle\tO\n4\tLouvre\tI-x\n\n1\ta\tO\n",
        ("je", "au", "Louvre"),
        "words of a range (such as 3-4) that has the tag itself, left out",
    ),
    "an empty node": (
        "1\tje\tO\n1.1\tvais\tO\n2\tau\tO\n3\tLouvre\tB-x\n\n1\ta\tO\n",
        ("je", "au", "Louvre"),
        "empty node (such as 5.1) left out",
    ),
    "an empty node before the first": (
        "0.1\t_\tO\n1\tje\tO\n2\tau\tO\n2.1\t_\tO\n2.2\t_\tO\n3\tLouvre\tB-x\n\n1\ta\tO\n",
        ("je", "au", "Louvre"),
        "empty node (such as 5.1) left out",
    ),
}


@pytest.mark.parametrize(("content", "tokens", "warning"), RANGES.values(), ids=RANGES)
def test_a_range_of_words_is_read_once(
    tmp_path: Path, content: str, tokens: tuple[str, ...], warning: str | None
) -> None:
    utterances, warnings = read(tmp_path, content)
    assert utterances[0].tokens == tokens
    assert [*warnings] == ([warning] if warning else [])


COMMENTS = {
    "numbered": "# id 5b1f domain=en\nto O\nRome B-city\n\n# id 2 O\nno O\n",
    "of CoNLL-U": "# text = to Rome\nto\tO\nRome\tB-city\n\n# sent_id = 2\nno\tO\n",
    "without a blank": "#id=1\nto _ O\nRome _ B-city\n\n#id=2\nno _ O\n",
    "as in code": "// the first\nto O\nRome B-city\n\n;; the second\nno O\n",
    "in between": "to O\n# line 2\nRome B-city\n\n% line 3\nno O\n",
    "an address": "#\thttps://localhost/a\nto\tO\nRome\tB-city\n\n#\tb\tc\nno\tO\n",
}


@pytest.mark.parametrize("content", COMMENTS.values(), ids=COMMENTS)
def test_comments_are_skipped_and_counted(tmp_path: Path, content: str) -> None:
    utterances, warnings = read(tmp_path, content)
    assert [each.tokens for each in utterances] == [("to", "Rome"), ("no",)]
    assert warnings == {"comment line skipped": 2}


def test_a_token_can_look_like_a_comment(tmp_path: Path) -> None:
    utterances, warnings = read(tmp_path, "# O\n#rome B-tag\n% O\n// O\n")
    assert [each.tokens for each in utterances] == [("#", "#rome", "%", "//")]
    assert not warnings


def test_a_comment_can_name_the_intent(tmp_path: Path) -> None:
    utterances, _ = read(tmp_path, "# intent: play\na O\n\n# id 2\n# intent = stop\nb O\n\nc O\n")
    assert [each.intent for each in utterances] == ["play", "stop", None]


LAYOUTS = {
    "index, inner tags, annotator": "1\tto\tO\t-\t-\n2\tRome\tB-x\t-\tann\n3\tnow\tO\t-\t-\n",
    "parts of speech first": "TO to O\nNNP Rome B-x\nRB now O\n",
    "parts of speech behind": "to TO O\nRome NNP B-x\nnow RB O\n",
    "behind the tag": "to O TO\nRome B-x NNP\nnow O RB\n",
    "parts of speech in lower case": "part to O\npropn Rome B-x\nadv now O\n",
    "lemmas": "to to TO O\nRome rome NNP B-x\nnow now RB O\n",
    "chunks": "to TO B-PP O\nRome NNP B-NP B-x\nnow RB B-ADVP O\n",
    "intents": "to\tfly\tO\nRome\tfly\tB-x\nnow\tfly\tO\n",
    "tag first": "O\tto\nB-x\tRome\nO\tnow\n",
    "an empty layer": "to O O\nRome B-x O\nnow O O\n",
    "the same layer twice": "to O O\nRome B-x B-x\nnow O O\n",
    "a header": "Token\tPOS\tTag\nto\tTO\tO\nRome\tNNP\tB-x\nnow\tRB\tO\n",
    "keys": "1\tto\tto\t_\n2\tRome\trome\tname=B-x|SpaceAfter=No\n3\tnow\tnow\tname=O\n",
    "trailing tabs": "to\tO\t\nRome\tB-x\t\t\nnow\tO\n\t\t\n",
    "trailing tabs behind blanks": "to O\t\nRome B-x\t\t\nnow O\n\t\n",
}


@pytest.mark.parametrize("content", LAYOUTS.values(), ids=LAYOUTS)
def test_columns_are_chosen_by_what_they_hold(tmp_path: Path, content: str) -> None:
    (tmp_path / "ch.train").write_text(content)
    assert format_of(tmp_path / "ch.train") is FORMATS["columns"]
    assert read(tmp_path, content)[0] == [Utterance(("to", "Rome", "now"), ("O", "B-x", "O"))]


def test_chunks_that_are_not_read_are_told(tmp_path: Path) -> None:
    assert read(tmp_path, LAYOUTS["chunks"])[1] == {"column of chunks (3) not read": 1}


TWO_CHOICES = {
    "layers": ("to O O\nRome B-x O\nnow O B-y\n", "one column of tags, found 2 and 3"),
    "inner and outer": ("1\tto\tO\tO\n2\tRome\tB-x\tB-y\n", "one column of tags, found 3 and 4"),
    "by name": ("token\tfine\tcoarse\nto\tO\tO\nRome\tB-x.y\tB-x\n", "found fine and coarse"),
    "named in a comment": (
        "# global.columns = FORM NE ROLE\nto\tO\tO\nRome\tB-x\tB-y\n",
        "one column of tags, found NE and ROLE",
    ),
    "an annotator and another": (
        "to O B-x\nRome B-x O\nnow O O\n",
        "one column of tags, found 2 and 3",
    ),
    "by key": ("1\tto\tO\tner=O\n2\tRome\tB-x\tner=B-y\n", "one column of tags, found 3 and ner"),
    "lemmas first": ("go goes O\ngo going B-x\nbe is O\n", "one column of words, found 1 and 2"),
    "numbers that count nothing": (
        "9 to O\n4 Rome B-x\n7 now O\n",
        "one column of words, found 1 and 2",
    ),
}


@pytest.mark.parametrize(("content", "sentence"), TWO_CHOICES.values(), ids=TWO_CHOICES)
def test_where_two_columns_could_be_meant_it_is_asked(
    tmp_path: Path, content: str, sentence: str
) -> None:
    with pytest.raises(CorpusError, match=sentence) as caught:
        read(tmp_path, content)
    assert "choose with --tag-column" in str(caught.value) or "--word-column" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "tokens", "tags"),
    [
        ("columns:tag=3", ("to", "Rome"), ("O", "B-x")),
        ("columns:tag=inner", ("to", "Rome"), ("O", "B-y")),
        ("columns:tag=4,word=2", ("to", "Rome"), ("O", "B-y")),
        ("columns:word=token,tag=outer", ("to", "Rome"), ("O", "B-x")),
        ("columns:word=lemma,tag=outer", ("TO", "ROME"), ("O", "B-x")),
        ("columns:word=1,tag=3", ("1", "2"), ("O", "B-x")),
    ],
)
def test_columns_can_be_chosen(
    tmp_path: Path, name: str, tokens: tuple[str, ...], tags: tuple[str, ...]
) -> None:
    (tmp_path / "a").write_text(
        "id\ttoken\touter\tinner\tlemma\n1\tto\tO\tO\tTO\n2\tRome\tB-x\tB-y\tROME\n"
    )
    assert format_named(name).read(tmp_path / "a", Counter()) == [Utterance(tokens, tags)]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "columns:tag=7",
            r"expected a column that --tag-column names, found '7'; there are 1, 2, 3",
        ),
        ("columns:word=3,tag=3", r"words and tags in two columns, found 3 for both"),
        ("columns:word=2,tag=1", r"line 1: expected O, or B-"),
        ("columns:chunk=1", r"expected columns:word=COLUMN,tag=COLUMN"),
        ("columns:word=", r"expected columns:word=COLUMN,tag=COLUMN"),
        ("parallel:word=1", r"expected columns:word=COLUMN,tag=COLUMN"),
    ],
)
def test_columns_that_cannot_be_chosen_are_named(tmp_path: Path, name: str, sentence: str) -> None:
    (tmp_path / "a").write_text("to O O\nRome B-x B-y\n")
    with pytest.raises(CorpusError, match=sentence):
        format_named(name).read(tmp_path / "a", Counter())


DECORATIONS = {
    "a language": ("de:EU", "de:sagt", "de:nein"),
    "languages": ("de:EU", "en:sagt", "zh-TW:nein"),
    "a mark": ("▁EU", "▁sagt", "▁nein"),
    "quotes": ('"EU"', '"sagt"', '"nein"'),
    "a digit": ("EU0", "sagt0", "nein1"),
    "a number": ("EU_12", "sagt_3", "nein_14"),
    "a part of speech": ("EU/NNP", "sagt/VBZ", "nein/UH"),
    "another": ("EU_n", "sagt_v", "nein_adv"),
    "a comma": ("EU,", "sagt,", "nein,"),
}


@pytest.mark.parametrize("tokens", DECORATIONS.values(), ids=DECORATIONS)
def test_what_every_token_has_is_left_out(tmp_path: Path, tokens: tuple[str, ...]) -> None:
    content = "".join(f"{token}\tO\n" for token in tokens)
    ((utterance,), warnings) = read(tmp_path, content)
    assert utterance.tokens == ("EU", "sagt", "nein")
    assert all("that every token of the file has left out, such as" in each for each in warnings)
    assert set(warnings.values()) == {3}


@pytest.mark.parametrize(
    "tokens",
    [
        ("7", "12", "31"),
        ("7:30", "8:15", "9:00"),
        ("A1", "7", "12"),
        ("de:EU", "de:sagt", "nein"),
        ("hot", "pot", "lot"),
        ("-", "-a", "-b"),
        ("a-b", "a-c", "a-"),
    ],
)
def test_what_tokens_share_by_chance_stays(tmp_path: Path, tokens: tuple[str, ...]) -> None:
    ((utterance,), warnings) = read(tmp_path, "".join(f"{token}\tO\n" for token in tokens))
    assert utterance.tokens == tokens
    assert not warnings


def test_names_with_blanks_need_tabs(tmp_path: Path) -> None:
    ((utterance,), _) = read(tmp_path, "Big\tB-main dish\nMac\tI-main dish\nnow\tO\n")
    assert utterance.tags == ("B-main dish", "I-main dish", "O")
    with pytest.raises(CorpusError, match="names of slots with blanks need tabs"):
        read(tmp_path, "a x O\nBig x B-main dish\nMac y O\n")


@pytest.mark.parametrize(
    ("intents", "sentence"),
    [
        ("Play\n", "expected 2 intents, one for each query of ch.train, found 1"),
        ("\nPlay\n", "expected an intent, found a blank line"),
    ],
)
def test_intents_that_do_not_fit_are_named(tmp_path: Path, intents: str, sentence: str) -> None:
    with pytest.raises(CorpusError, match="intent.*" + sentence):
        read(tmp_path, "a O\n\nb O\n", intents)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(
            st.tuples(
                st.sampled_from(["a", ":", " ", "台", "\u3000", "O"]), st.sampled_from(["O", "B-x"])
            ),
            min_size=1,
        ),
        min_size=1,
    )
)
def test_columns_are_read_back(tmp_path: Path, queries: list[list[tuple[str, str]]]) -> None:
    written = ["".join(f"{token} {tag}\n" for token, tag in query) for query in queries]
    utterances, warnings = read(tmp_path, "\n".join(written))
    assert [[*zip(each.tokens, each.tags, strict=True)] for each in utterances] == queries
    assert not warnings
