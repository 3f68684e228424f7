"""The callable of Arrow tables, as engines use it."""

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from app.bulk.errors import BulkError
from app.bulk.tagging import open_tagger

pa = pytest.importorskip("pyarrow")
from app.bulk.arrow import TagBatch, tag_batch  # noqa: E402  # it needs pyarrow

ROOT = Path(__file__).parents[3]
TEXTS = ["leave Taipei tomorrow", None, "", "thank you", "arrive New York by November 2nd"]


@pytest.fixture(scope="module")
def tag(toy_bundle: Path) -> TagBatch:
    return tag_batch(toy_bundle, column="say", max_words=20)


def test_a_table_gets_three_columns_and_keeps_the_others(tag: TagBatch) -> None:
    table = pa.table({"id": range(len(TEXTS)), "say": TEXTS}).replace_schema_metadata({"a": "b"})
    tagged = tag(table)
    assert tagged.schema.equals(tag.schema(table.schema), check_metadata=True)
    assert tagged.column_names == ["id", "say", "slots", "intent", "error"]
    assert tagged.select(["id", "say"]).equals(table)
    tagger = open_tagger(tag.options)
    for row in tagged.to_pylist():
        if row["say"] is None:
            assert (row["slots"], row["intent"]) == (None, None)
            assert row["error"] == "invalid_text: the text is null"
            continue
        [tagging] = tagger.tag_texts([row["say"]])
        assert row["slots"] == [slot._asdict() for slot in tagging.slots]
        assert row["error"] is None
        likeliest = [dict(zip(("name", "confidence"), one, strict=True)) for one in tagging.intents]
        assert row["intent"] == (likeliest[0] if row["say"] else None)


def test_a_record_batch_gives_a_record_batch(tag: TagBatch) -> None:
    table = pa.table({"say": TEXTS})
    [batch] = table.to_batches()
    tagged = tag(batch)
    assert isinstance(tagged, pa.RecordBatch)
    assert pa.Table.from_batches([tagged]).equals(tag(table))


@pytest.mark.parametrize("chunks", [[[]], [["leave Taipei"], [], ["to Boston", "to Taipei"]]])
def test_tables_of_any_chunks_are_tagged(tag: TagBatch, chunks: list[list[str]]) -> None:
    column = pa.chunked_array([pa.array(chunk, pa.large_string()) for chunk in chunks])
    tagged = tag(pa.table({"say": column}))
    assert len(tagged) == sum(map(len, chunks))
    assert tagged.schema.field("slots").type == tag.schema(pa.schema([])).field("slots").type
    assert all(slots for slots in tagged["slots"].to_pylist())


def test_it_goes_to_another_process_without_the_bundle(tag: TagBatch) -> None:
    tag(pa.table({"say": ["leave Taipei"]}))
    written = pickle.dumps(tag)
    assert len(written) < 2_000
    program = (
        "import pickle, sys; import pyarrow as pa\n"
        f"tag = pickle.loads({written!r})\n"
        "print(tag(pa.table({'say': ['leave Taipei']}))['slots'].to_pylist()[0][0]['value'])\n"
    )
    shown = subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True)
    assert shown == "Taipei\n"


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        ({"text": ["a"]}, "no column 'say' but there are: text"),
        ({"say": [1]}, "'say' is of int64 and not of strings"),
        ({"say": ["a"], "error": [""]}, "'error' already"),
    ],
)
def test_a_table_without_texts_is_refused(
    tag: TagBatch, columns: dict[str, list[object]], fault: str
) -> None:
    with pytest.raises(BulkError, match=fault):
        tag(pa.table(columns))


def test_a_bundle_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BulkError, match=r"holds no manifest\.json"):
        tag_batch(tmp_path)(pa.table({"text": ["a"]}))
