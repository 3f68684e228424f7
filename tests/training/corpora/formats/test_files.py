"""Bytes that are not as they should be."""

import bz2
import lzma
import pickle
import re
from collections import Counter
from pathlib import Path

import pytest

from training.corpora.formats.files import excerpt, read_lines, read_text, words_of
from training.corpora.formats.json_values import read_records
from training.errors import CorpusError


@pytest.mark.parametrize(
    ("content", "text", "warning"),
    [
        (
            b"a \xed\xa0\xbc\xed\xbd\x95",
            "a 🍕",
            "surrogate pair joined to the character it stands for",
        ),
        (
            "né ".encode() * 200 + b"\xed\xa0\xbc!",
            "né " * 200 + "\ufffd\ufffd\ufffd!",
            "invalid UTF-8 replaced by U+FFFD",
        ),
        (b"\xef\xbb\xbfa", "a", "byte order mark left out"),
        (b"a\n\xef\xbb\xbfb", "a\nb", "byte order mark left out"),
        (b"\xef\xbb\xbf" * 2 + b"a", "a", "byte order mark left out"),
        (b"a\r\n", "a\n", "carriage return at the end of a line left out"),
    ],
)
def test_bytes_are_mended_and_counted(
    tmp_path: Path, content: bytes, text: str, warning: str
) -> None:
    (tmp_path / "file").write_bytes(content)
    warnings: Counter[str] = Counter()
    assert read_text(tmp_path / "file", warnings) == text
    assert warnings == {warning: max(1, text.count("\ufffd"))}


def test_a_replacement_character_of_the_file_itself_is_no_repair(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("\ufffd 🍕", encoding="utf-8")
    warnings: Counter[str] = Counter()
    assert read_text(tmp_path / "file", warnings) == "\ufffd 🍕"
    assert not warnings


SENTENCES = {
    "German": "für heute Abend ein Tisch für zwei Gäste, größer bitte",
    "French": "réserve une table à côté de la fenêtre pour l’été",
    "French in capitals": "à Orléans ou à Besançon, ça va bien, je préfère l’Été",
    "Spanish": "¿cuándo sale el avión a Málaga mañana?",
    "Polish": "proszę zarezerwować stolik na jutro, żeby było ciepło gdzieś",
    "Czech": "chci letět příští čtvrtek do Říma, prosím",
    "Turkish": "yarın İstanbul'a gidiş bileti, dönüş cuma akşamı",
    "Russian": "забронируй столик на завтра вечером",
    "Greek": "θέλω ένα εισιτήριο για την Αθήνα αύριο το πρωί",
    "Hebrew": "אני רוצה להזמין שולחן למחר בערב",
    "Hebrew, two words": "כמה עולה כרטיס",
    "Arabic": "أريد حجز طاولة ليوم غد مساء في المطعم",
    "Thai": "อยากจองโต๊ะสำหรับสองคนคืนนี้",
    "Chinese": "我想订一张明天从北京飞昆明的机票",
    "Taiwanese": "我想訂一張明天從台北飛高雄的機票",
    "Japanese": "明日の朝、東京行きの切符を予約してください",
    "Korean": "내일 아침 서울로 가는 기차표를 예약해 주세요",
    "a quotation": "a table for two — it’s “urgent”",
}


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("German", "cp1252"),
        ("German", "latin-1"),
        ("German", "cp850"),
        ("French", "cp1252"),
        ("French", "mac_roman"),
        ("French in capitals", "mac_roman"),
        ("Spanish", "latin-1"),
        ("Polish", "cp1250"),
        ("Polish", "iso-8859-2"),
        ("Czech", "cp1250"),
        ("Turkish", "cp1254"),
        ("Russian", "cp1251"),
        ("Russian", "koi8-r"),
        ("Greek", "cp1253"),
        ("Hebrew", "cp1255"),
        ("Hebrew, two words", "cp1255"),
        ("Arabic", "cp1256"),
        ("Thai", "tis-620"),
        ("Chinese", "gbk"),
        ("Chinese", "gb18030"),
        ("Taiwanese", "big5"),
        ("Japanese", "shift_jis"),
        ("Japanese", "euc-jp"),
        ("Korean", "euc-kr"),
        ("a quotation", "cp1252"),
        ("German", "utf-16"),
        ("German", "utf-16-le"),
        ("Russian", "utf-16-be"),
        ("Chinese", "utf-16-le"),
        ("German", "utf-32"),
        ("Chinese", "utf-32-be"),
        ("Chinese", "hz"),
        ("Japanese", "iso-2022-jp"),
        ("Korean", "iso-2022-kr"),
        ("German", "utf-7"),
        ("Russian", "utf-7"),
    ],
)
@pytest.mark.parametrize("layout", ["text", "columns", "characters", "json"])
def test_another_encoding_is_refused_by_its_name(
    tmp_path: Path, language: str, encoding: str, layout: str
) -> None:
    sentence = SENTENCES[language]
    text = {
        "text": sentence + "\n",
        "columns": "".join(f"{word} O\n" for word in sentence.split()),
        "characters": "".join(f"{char} O\n" for char in sentence),
        "json": f'{{"text": "{sentence}", "spans": []}}\n',
    }[layout]
    (tmp_path / "file").write_bytes(text.encode(encoding))
    with pytest.raises(CorpusError, match="expected UTF-8") as caught:
        read_text(tmp_path / "file", Counter())
    named = re.search(r"iconv -f (\S+) -t UTF-8", str(caught.value))
    assert named, caught.value
    codecs = {"MACINTOSH": "mac_roman", "SHIFT_JIS": "cp932", "EUC-KR": "cp949"}
    meant = text.encode(encoding).decode(codecs.get(named[1], named[1]))
    assert meant.removeprefix("\ufeff") == text  # what iconv will do with the file


def test_the_line_of_the_first_foreign_byte_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"plain O\n" * 6 + "größer O\n".encode("cp1252"))
    with pytest.raises(CorpusError, match=r"line 7: expected UTF-8, found .* WINDOWS-1252"):
        read_text(tmp_path / "file", Counter())


def test_eight_sentences_lose_no_letter(tmp_path: Path) -> None:
    # So few broken letters among so many whole ones were once mended.
    (tmp_path / "file").write_bytes("ein Tisch für zwei\n".encode("cp1252") * 8 + b"plain " * 9_000)
    with pytest.raises(CorpusError, match="WINDOWS-1252"):
        read_text(tmp_path / "file", Counter())


def test_an_encoding_that_nothing_tells_is_left_to_be_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(bytes(range(128, 256)))
    with pytest.raises(CorpusError, match=r"bytes that are not; .* iconv -f ENCODING -t UTF-8"):
        read_text(tmp_path / "file", Counter())


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"PK\x03\x04rest", "a ZIP archive; unpack it"),
        (b"\x1f\x8brest", "gzip made; unpack it with gunzip"),
        (b"PAR1rest", "a Parquet table"),
        (b"%PDF-1.7", "a PDF document"),
        (b"\x78\x9crest", "DocBin"),
        (bz2.compress(b"to O\n"), "bzip2 made; unpack it"),
        (lzma.compress(b"to O\n"), "xz made; unpack it"),
        (b"SQLite format 3\0" + bytes(300), "an SQLite database"),
        (b"{\\rtf1 to O}", "RTF; save it as plain text"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS; fetch the file"),
        (b"train.txt" + bytes(91) + b"0000644" + bytes(405) + b"to O\n", "line 1: .* a zero byte"),
        (pickle.dumps([("to", "O")]), "line 1: .* a zero byte"),
        (b"to O\n" * 4 + b"\0 O\n", "line 5: .* a zero byte"),
    ],
)
def test_what_is_no_text_is_named(tmp_path: Path, content: bytes, named: str) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(CorpusError, match=named):
        read_text(tmp_path / "file", Counter())


@pytest.mark.parametrize(
    "text",
    [
        "call +491234567 or +33123456789\n",
        "c++ and 1+1 and a+b+c\n",
        "\x1b[1mbold\x1b[0m\n",
        "~{x} or ~{y~} or ~{ab~}\n",
        "+APY-\n",
    ],
)
def test_ascii_that_only_looks_like_another_encoding_is_read(tmp_path: Path, text: str) -> None:
    (tmp_path / "file").write_text(text)
    assert read_text(tmp_path / "file", Counter()) == text


def test_some_broken_letters_among_many_are_mended(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"a caf\xe9 among caf\xc3\xa9s " * 30 + b"of plain text " * 500)
    warnings: Counter[str] = Counter()
    read_text(tmp_path / "file", warnings)
    assert warnings == {"invalid UTF-8 replaced by U+FFFD": 30}


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"file: expected a file to read, found No such file"):
        read_text(tmp_path / "file", Counter())


def test_only_a_line_feed_ends_a_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a\u2028b\x0bc\x85\n\nd\n \n\n", encoding="utf-8")
    warnings: Counter[str] = Counter()
    assert read_lines(tmp_path / "file", warnings) == ["a\u2028b\x0bc\x85", "", "d"]
    assert warnings == {"blank line skipped": 2}


def test_an_empty_file_has_no_lines(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert read_lines(tmp_path / "file", Counter()) == []


def test_words_stand_between_blanks_and_tabs() -> None:
    assert words_of(" a  b\tc\u00a0d\u3000 ") == ["a", "b", "c\u00a0d\u3000"]


def test_records_know_their_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text('{"a": 1}\n\n{"a": 2}\n')
    warnings: Counter[str] = Counter()
    assert [*read_records(tmp_path / "file", warnings)] == [(1, {"a": 1}), (3, {"a": 2})]
    assert warnings == {"blank line skipped": 1}


@pytest.mark.parametrize("line", ['{"a": ', "[1]", "7", "[" * 100_000])
def test_a_line_that_is_no_json_object_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "file").write_text('{"a": 1}\n' + line)
    with pytest.raises(CorpusError, match="line 2: expected a JSON object, found") as caught:
        list(read_records(tmp_path / "file", Counter()))
    assert caught.value.line == 2


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ('[{"a": 1},\n{"a": 2}]', [1, 2]),
        ('[\n  {\n    "a": 1\n  },\n  {\n    "a": 2\n  }\n]\n', [2, 5]),
        ('[{"a": 1}, {"a": 2}]', [1, 1]),
        ('{\n "a": 1\n}\n\n{\n "a": 2\n}\n', [1, 5]),
    ],
)
def test_records_can_be_a_list_or_of_several_lines(
    tmp_path: Path, content: str, lines: list[int]
) -> None:
    (tmp_path / "file").write_text(content)
    found = [*read_records(tmp_path / "file", Counter())]
    assert found == [(line, {"a": number}) for number, line in enumerate(lines, 1)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('[{"a": 1},\n7]', "line 2: expected a JSON object, found 7"),
        ('[{"a": 1},\n{"a": 2}', "line 2: expected JSON, found invalid JSON: the end of the file"),
        ('[{"a": 1}\n{"a": 2}]', "line 2: expected JSON, found invalid JSON: '"),
        ('[{"a": 1}]\n]', "line 2: expected JSON, found invalid JSON: something follows"),
        ('[{"a": 1},\n{"a" 2}]', "line 2: expected JSON, found invalid JSON: Expecting ':'"),
        (
            '{"a": 1}\n{"a": 1, "a": 2}',
            "line 2: expected a JSON object, .* the key 'a' stands twice",
        ),
        ('{"a": 1}\n{"b": {"c": 1, "c": 2}}', "line 2: .* the key 'c' stands twice"),
        ('{"a": 1}\n{"b": ' + "9" * 9_999 + "}", "line 2: .* too many digits"),
        ('{"a": 1}\n' + '{"b": [' * 9_999, "line 2: .* nested too deeply"),
    ],
)
def test_a_fault_of_json_is_named_with_its_line(
    tmp_path: Path, content: str, sentence: str
) -> None:
    (tmp_path / "file").write_text(content)
    with pytest.raises(CorpusError, match=sentence):
        list(read_records(tmp_path / "file", Counter()))


def test_an_excerpt_is_short() -> None:
    assert excerpt("abc") == "'abc'"
    assert len(excerpt("abc" * 100)) == 80
