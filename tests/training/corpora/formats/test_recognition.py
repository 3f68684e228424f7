"""Which format a file is in."""

import time
from collections import Counter
from pathlib import Path

import pytest

from training.corpora.formats import FORMATS, format_named, format_of
from training.errors import CorpusError


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ('{"tokens": ["a"], "labels": ["O"], "intent": null}\n', "tagged-lines"),
        ('{"labels": ["O"], "tokens": ["a"]}', "tagged-lines"),
        ('{"tokens": ["a"], "labels": ["O"\n{"tokens": ["a"], "labels": ["O"]}\n', "tagged-lines"),
        ('\ufeff{"text": "say \\"data\\": no", "spans": []}\n', "span-lines"),
        ('{\n  "fly": [\n    {\n      "data": [\n {"text": "a"} ] } ] }\n', "snips-json"),
        ('{"fly": [{"data": [{"text": "a"}]}]}', "snips-json"),
        ('[{"tokens": ["a"], "labels": ["O"]}]', "tagged-lines"),
        ('[\n {\n  "text": "a",\n  "spans": []\n }\n]', "span-lines"),
        ('{"text": "a", "tokens": ["a"], "labels": ["O"]}', "tagged-lines"),
        ('{"text": "a", "spans": [{"slot": "x", "label": "y"}], "answer": "b"}', "span-lines"),
        ('{"intents": {"fly": {"utterances": [{"data": [{"text": "a"}]}]}}}', "snips-json"),
        (
            (
                '{"entities": {"a": {"data": []}}, "intents": {"b.c": {"utterances": '
                '[{"data": [{"text": "a", "slot_name": "x"}]}]}}}'
            ),
            "snips-json",
        ),
        ("a:O b:B-x <=> i\n", "word-tag"),
        ("a|O b|B-x\n", "word-tag"),
        ("a|DT|O b|NN|B-x\n", "word-tag"),
        ("a/O b/B-x\n", "word-tag"),
        ("a:O b:B-x:y:z\n", "word-tag"),
        ("# id 1\na O\nb B-x\n", "columns"),
        ("a\tO\nBig\tB-main dish\nMac\tI-main dish\n", "columns"),
        ("# id = 1\n1\ta\tO\t-\t-\n2\tb\tB-x\t-\tann\n", "columns"),
        ("\n7::O <=> i\n", "word-tag"),
        ("a:O b:B-x\n", "word-tag"),
        ("a:O bad c:O <=> i\n", "word-tag"),
        ("a O\r\nb B-x\r\n", "columns"),
        ("a\tO\n\nb c\tS-x\n", "columns"),
        ("-DOCSTART- -X- -X- O\n\nEU NNP B-NP B-ORG\nsays V B-VP O\n", "columns"),
        ("a O\nbad\nb B-x\n", "columns"),
        ("O O\nO O\na O\nb O\nb O\n", "columns"),
        ("a O", "columns"),
    ],
)
def test_a_format_is_recognised_by_content(tmp_path: Path, content: str, name: str) -> None:
    (tmp_path / "file").write_text(content, encoding="utf-8")
    assert format_of(tmp_path / "file") is FORMATS[name]


def test_a_long_first_line_is_looked_at_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(f'{{"text": "{"a " * 50_000}", "spans": []}}\n')
    assert format_of(tmp_path / "file") is FORMATS["span-lines"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("[ O\nRome B-x\n] O\n", "columns"),
        ("{ -X- O\nRome NN B-x\n} -X- O\n", "columns"),
        ("[:O Rome:B-x ]:O\n", "word-tag"),
    ],
)
def test_a_bracket_can_be_the_first_word(tmp_path: Path, content: str, name: str) -> None:
    (tmp_path / "file").write_text(content)
    assert format_of(tmp_path / "file") is FORMATS[name]


@pytest.mark.parametrize("end", ["\r", "\r\n", "\r\r\n"])
def test_the_lines_of_other_systems_are_lines(tmp_path: Path, end: str) -> None:
    (tmp_path / "file").write_bytes(f"to O{end}Rome B-x{end}{end}no O{end}".encode())
    warnings: Counter[str] = Counter()
    utterances = format_of(tmp_path / "file").read(tmp_path / "file", warnings)
    assert [each.tokens for each in utterances] == [("to", "Rome"), ("no",)]
    assert [*warnings.values()] == [4]


@pytest.mark.parametrize("begun", ['{"a":', "[", "a:", "a ", "<a ", "('a' ", "[a]("])
def test_a_long_line_of_anything_is_refused_in_little_time(tmp_path: Path, begun: str) -> None:
    # Some once took minutes, or all of the memory, which grew with the square of the line.
    (tmp_path / "file").write_text(begun * 50_000)
    begin = time.process_time()
    with pytest.raises(CorpusError):
        format_of(tmp_path / "file")
    assert time.process_time() - begin < 10


def test_utf16_is_named_before_the_format(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a O\n", encoding="utf-16")
    with pytest.raises(CorpusError, match="found text in UTF-16LE; convert the file"):
        format_of(tmp_path / "file")


def test_parallel_files_are_recognised_by_name(tmp_path: Path) -> None:
    (tmp_path / "seq.in").write_text("a\n")
    assert format_of(tmp_path) is FORMATS["parallel"]
    assert format_of(tmp_path / "seq.in") is FORMATS["parallel"]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("Call me Ishmael.\n", "a file that begins 'Call me Ishmael.'"),
        ("O O B-x\nO O\n", "a file that begins 'O O B-x'"),
        ('{"text": "a"}\n', "a file that begins "),
        ("[1, 2]", "a file that begins '[1, 2]'"),
        ("", "no text"),
        ("\n \n", "no text"),
    ],
)
def test_what_is_not_recognised_is_told_the_formats(
    tmp_path: Path, content: str, found: str
) -> None:
    (tmp_path / "file").write_text(content)
    with pytest.raises(CorpusError) as caught:
        format_of(tmp_path / "file")
    listed = str(caught.value)
    assert found in listed
    assert all(f"\n  {name} " in listed for name in FORMATS)


FOREIGN = {
    '{"rasa_nlu_data": {"common_examples": [{"text": "a", "entities": []}]}}': "Rasa in JSON",
    '{"luis_schema_version": "7.0", "utterances": [{"text": "a", "entities": []}]}': "LUIS",
    '{"projectFileVersion": "1", "assets": {"utterances": [{"text": "a"}]}}': "CLU",
    '{"metadata": {"importType": "LEX"}, "resource": {"intents": []}}': "Lex",
    '{"interactionModel": {"languageModel": {"intents": []}}}': "Alexa",
    '[{"id": 1, "data": [{"text": "a", "userDefined": false}], "isTemplate": false}]': "Dialogflow",
    '{"name": "hi", "userSays": [{"data": [{"text": "a"}]}]}': "Dialogflow",
    '{"trainingPhrases": [{"parts": [{"text": "a"}]}]}': "Dialogflow CX",
    '{"utterances": [{"text": "a", "entities": [], "traits": []}]}': "wit.ai",
    '{"data": [{"text": "a", "entities": [{"value": "b"}]}]}': "wit.ai",
    '[{"id": 0, "paragraphs": [{"sentences": []}]}]': "spaCy 2",
    '[["a", {"entities": [[0, 1, "X"]]}]]': "as spaCy takes them",
    '{"text": "a", "spans": [{"start": 0, "end": 1, "label": "X"}]}': "Prodigy",
    '{"text": "a", "label": [[0, 1, "X"]]}\n{"text": "b", "label": []}': "doccano",
    '{"label": "X", "pattern": [{"lower": "a"}]}': "a list of values; name a file with",
    '{"id": 1, "text": "a", "label": [[0, 1, "X"]]}\n{"text": "b", "label": []}': "doccano",
    '{"text": "a", "entities": [{"start_offset": 0, "end_offset": 1}]}': "doccano",
    '[{"id": 1, "data": {"t": "a"}, "annotations": [{"result": []}]}]': "Label Studio",
    '{"content": "a", "annotation": [{"points": []}]}': "DataTurks",
    '[{"tokenized_text": ["a"], "ner": [[0, 0, "x"]]}]': "GLiNER",
    '[{"userInput": {"text": "a"}, "labels": []}]': "restaurant8k",
    '[{"text": "a", "intents": ["b"], "slots": {}}]': "NLU++",
    '{"id": "1", "utt": "a", "annot_utt": "a"}': "MASSIVE",
    '{"tokens": ["a"], "ner_tags": [0]}': "Hugging Face",
    '[{"value": "a", "synonyms": ["b"]}]': "a list of values",
    'version: "3.1"\nnlu:\n- intent: a\n  examples: |\n    - b\n': "Rasa in YAML",
    "## intent:a\n- b [c](d)\n": "Rasa in Markdown",
    "---\ntype: intent\nname: a\n": "snips-nlu in YAML",
    "%[a]('training': '4')\n    b @[c]\n": "Chatito",
    "> !# @app.name = a\n\n# b\n- c\n": ".lu",
    "# Greeting\n- hi\n- hello {name=Bob}\n": ".lu",
    "T1\tCity 0 4\tRome\n": "brat",
    "BOS a b EOS\tO O B-x O i\n": "ATIS",
    "id\tutterance\tslot_labels\tintent\n1\ta\tO\ti\n": "MultiATIS",
    "Sentence #,Word,POS,Tag\nSentence: 1,a,DT,O\n": "a table with commas",
    "EU,B-org\nsays,O\n": "a table with commas",
    "EU;B-org\nsays;O\nno;O\n": "a table with commas",
    "EU B_ORG\nsays O\n": "tags in another form; write them as B-NAME",
    "EU\tORG-B\nsays\tO\n": "tags in another form; write them as B-NAME",
    "EU B\nso I\nsays O\n": "tags in another form; write them as B-NAME",
    "no O\nto O\nEU B_ORG\nof I_ORG\n": "tags in another form; write them as B-NAME",
    "no O\nEU B.ORG\nUN B:ORG\n": "tags in another form; write them as B-NAME",
    "no o\nEU b-ORG\nof i-ORG\n": "tags in another form; write them as B-NAME",
    "no O\nEU ORG\nof ORG\n\nUN ORG\n": "tags in another form; write them as B-NAME",
    "#FORMAT=WebAnno TSV 3.3\n\n#Text=a\n1-1\t0-1\ta\tX\t\n": "INCEpTION; export it as CoNLL",
    'T = [("a", {"entities": [(0, 1, "X")]})]\n': "spaCy's training data as Python",
    "{'text': 'a', 'spans': []}\n": "write it with json.dumps",
    "to <city>Rome</city>\n": "annotations within the text",
    "to [Rome](city)\n": "annotations within the text",
    "to [city : Rome] now\n": "annotations within the text",
    '[{"id": 1, "text": "a", "label": [{"start": 0, "labels": ["X"]}]}]': "Label Studio",
    '{"intents": {}, "entities": {"a": {"data": []}}}': "snips-nlu without queries; name a file",
    "<?xml version='1.0'?>\n<a/>\n": "XML",
}


@pytest.mark.parametrize(("content", "name"), FOREIGN.items(), ids=FOREIGN.values())
def test_the_format_of_another_system_is_named(tmp_path: Path, content: str, name: str) -> None:
    (tmp_path / "file").write_text(content)
    with pytest.raises(CorpusError, match="expected a format that is read, found ") as caught:
        format_of(tmp_path / "file")
    assert name in str(caught.value)
    assert "; " in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        '{"data": [1, 2]}',
        '{"data": [{"title": "a", "paragraphs": []}]}',
        '{"spans": [[0, 1]]}',
        '{"meta": {"text": "a", "spans": []}}',
        '{"text": "say \\"spans\\": no"}',
        '[{"fly": [{"data": [{"text": "a"}]}]}]',
    ],
)
def test_keys_alone_make_no_format(tmp_path: Path, content: str) -> None:
    (tmp_path / "file").write_text(content)
    with pytest.raises(CorpusError, match=r"expected (?:annotated text|a format that is read)"):
        format_of(tmp_path / "file")


def test_an_unknown_name_is_told_the_formats() -> None:
    assert format_named("columns") is FORMATS["columns"]
    with pytest.raises(CorpusError, match="expected the name of a format, found 'xml'") as caught:
        format_named("xml")
    assert all(f"\n  {name} " in str(caught.value) for name in FORMATS)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="expected a file to read"):
        format_of(tmp_path / "file")
