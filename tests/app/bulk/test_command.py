"""`slotline tag`: files, folders and pipes, kills and shards."""

import json
import os
import pty
import signal
import subprocess
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.bulk.errors import BulkError
from app.bulk.rows import Shape
from app.bulk.tagging import TaggingOptions, open_tagger, tag_rows
from app.cli import main
from app.extras import install_command
from app.inference.list_folder import version_of
from benchmarks.sentences import mixed
from tests.app.bulk.conftest import Convert, Tag, command
from tests.app.bulk.processes import is_alive, kill, wait_for, workers_of
from tests.app.test_cli import ABSENT

TEXTS = [f"row {number} leave Taipei to Boston by November 2nd" for number in range(6_000)]
ROOT = Path(__file__).parents[3]
# So that there are 150 parts of 40 rows or so.
SMALL = ["--part-bytes", "2048"]


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def read_parts(folder: Path) -> list[dict[str, Any]]:
    return [row for path in sorted(folder.glob("part-*")) for row in read(path)]


def texts_of(rows: list[dict[str, Any]]) -> list[str]:
    return [row["text"] for row in rows]


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "in.txt"
    path.write_text("".join(f"{text}\n" for text in TEXTS), encoding="utf-8")
    return path


def test_a_file_is_tagged_as_the_tagger_does(
    lines: Path, tag: Tag, tagging: TaggingOptions
) -> None:
    done = tag("in.txt", "--out", "out.jsonl")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("slotline: tagged 6,000 rows in ")
    expected = [
        {"text": text, "slots": [slot._asdict() for slot in tagging.slots]}
        for text, tagging in zip(TEXTS, open_tagger(tagging).tag_texts(TEXTS), strict=True)
    ]
    rows = read(lines.with_name("out.jsonl"))
    for row in rows:
        del row["intent"]
    assert rows == expected
    assert sorted(path.name for path in lines.parent.iterdir()) == ["in.txt", "out.jsonl"]
    assert "out.jsonl is there already" in tag("in.txt", "--out", "out.jsonl").stderr
    assert tag("in.txt", "--out", "out.jsonl", "--overwrite").returncode == 0


def test_what_a_killed_worker_had_is_tagged_again(lines: Path, toy_bundle: Path) -> None:
    arguments = [str(lines), "--out", str(lines.with_name("out.jsonl")), *SMALL]
    parts = lines.with_name("out.jsonl.parts")
    with subprocess.Popen(command(toy_bundle, arguments), stderr=subprocess.PIPE) as process:
        wait_for(lambda: len(list(parts.glob("part-*"))) > 2)
        [victim, *_] = workers_of(process.pid)
        kill(victim)
        assert process.wait(600) == 0
    assert texts_of(read(lines.with_name("out.jsonl"))) == TEXTS


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_after_all_are_killed_the_same_command_goes_on(
    lines: Path, toy_bundle: Path, tag: Tag, number: signal.Signals
) -> None:
    arguments = ["in.txt", "--out", "out.jsonl", *SMALL]
    parts = lines.with_name("out.jsonl.parts")
    with subprocess.Popen(
        command(toy_bundle, arguments), cwd=lines.parent, stderr=subprocess.PIPE
    ) as process:
        wait_for(lambda: len(list(parts.glob("part-*"))) > 2)
        workers = workers_of(process.pid)
        process.send_signal(number)
        process.wait(300)
        assert process.returncode == (130 if number == signal.SIGINT else -number)
    wait_for(lambda: not any(map(is_alive, workers)), 120)
    before = {path.name: path.stat().st_mtime_ns for path in parts.glob("part-*")}
    assert 2 < len(before) < 150
    assert not lines.with_name("out.jsonl").exists()
    # What a kill may leave of a part that was not complete.
    (parts / ".part-00000-0000149.jsonl.0123abcd.tmp").write_text('{"text": "half a')

    done = tag(*arguments)
    assert done.returncode == 0
    assert f"; {len(before)} parts were finished before" in done.stderr
    assert texts_of(read(lines.with_name("out.jsonl"))) == TEXTS
    assert not parts.exists()


def test_parts_that_are_there_are_not_written_again(lines: Path, tag: Tag) -> None:
    assert tag("in.txt", "--out", "out/", *SMALL).returncode == 0
    folder = lines.with_name("out")
    before = {path: path.stat().st_mtime_ns for path in folder.glob("part-*")}
    lost = sorted(before)[::7]
    for path in lost:
        path.unlink()
    done = tag("in.txt", "--out", "out", *SMALL)
    assert f"; {len(before) - len(lost)} parts were finished before" in done.stderr
    assert {path for path, written in before.items() if path.stat().st_mtime_ns != written} == set(
        lost
    )
    assert texts_of(read_parts(folder)) == TEXTS


def test_three_shards_write_each_row_once(lines: Path, tag: Tag, toy_bundle: Path) -> None:
    shards = [
        subprocess.Popen(
            command(toy_bundle, ["in.txt", "--out", "out/", "--shard", f"{index}/3", *SMALL]),
            cwd=lines.parent,
            stderr=subprocess.PIPE,
            text=True,
        )
        for index in range(3)
    ]
    told = []
    try:
        for shard in shards:
            _, shown = shard.communicate(timeout=900)
            assert shard.returncode == 0, shown
            told.append(int(shown.split("tagged ")[1].split(" rows")[0].replace(",", "")))
    finally:
        for shard in shards:
            shard.kill()
    assert sum(told) == len(TEXTS)
    assert min(told) > len(TEXTS) / 4
    folder = lines.with_name("out")
    assert texts_of(read_parts(folder)) == TEXTS
    assert not list(folder.glob(".part*"))
    again = tag("in.txt", "--out", "out", "--shard", "1/3", *SMALL)
    assert again.stderr.startswith("slotline: tagged 0 rows")
    # Shares of another size may finish it.
    [lost] = folder.glob("part-00000-0000004.*")
    lost.unlink()
    assert tag("in.txt", "--out", "out", "--shard", "0/2", *SMALL).returncode == 0
    assert texts_of(read_parts(folder)) == TEXTS


def test_a_run_goes_on_only_with_parts_of_its_own_kind(lines: Path, tag: Tag) -> None:
    assert tag("in.txt", "--out", "out/").returncode == 0
    done = tag("in.txt", "--out", "out/", "--min-confidence", "0.5")
    assert done.returncode == 1
    assert "belongs to a run with another min confidence: delete it" in done.stderr
    with lines.open("a") as file:
        file.write("one more\n")
    assert "with another input" in tag("in.txt", "--out", "out/").stderr
    (lines.parent / "mine").mkdir()
    (lines.parent / "mine" / "notes.txt").write_text("")
    assert "holds notes.txt" in tag("in.txt", "--out", "mine").stderr


def test_two_runs_do_not_write_to_the_same_place(lines: Path, tag: Tag, toy_bundle: Path) -> None:
    arguments = ["in.txt", "--out", "out.jsonl", *SMALL]
    with subprocess.Popen(
        command(toy_bundle, arguments), cwd=lines.parent, stderr=subprocess.PIPE
    ) as process:
        wait_for(lambda: list(lines.with_name("out.jsonl.parts").glob("part-*")))
        process.send_signal(signal.SIGSTOP)
        done = tag(*arguments)
        process.send_signal(signal.SIGCONT)
        assert done.returncode == 1
        assert "another run writes to out.jsonl.parts" in done.stderr
        assert process.wait(600) == 0


def test_the_files_of_a_folder_are_tagged_in_the_order_of_their_names(
    tmp_path: Path, tag: Tag
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in (2, 0, 1):
        text = f'{{"text": "row {number}"}}\n{{"text": "to Boston"}}\n'
        (folder / f"{number}.jsonl").write_text(text)
    (folder / "_SUCCESS").write_text("")
    (folder / ".hidden.jsonl").write_text("")
    assert tag("in", "--out", "out.jsonl").returncode == 0
    rows = texts_of(read(tmp_path / "out.jsonl"))
    assert rows == ["row 0", "to Boston", "row 1", "to Boston", "row 2", "to Boston"]


def test_a_folder_of_parquet_is_a_data_set(tmp_path: Path, tag: Tag) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table({"text": TEXTS[:500]}), tmp_path / "in.parquet")
    size = ["--part-rows", "200"]
    for shard in ("0/2", "1/2"):
        done = tag("in.parquet", "--out", "out/", "--shard", shard, *size)
        assert done.returncode == 0, done.stderr
    assert pq.read_table(tmp_path / "out")["text"].to_pylist() == TEXTS[:500]
    assert tag("in.parquet", "--out", "one.parquet", *size).returncode == 0
    whole = pq.ParquetFile(tmp_path / "one.parquet")
    assert whole.read().equals(pq.read_table(tmp_path / "out"))
    assert whole.num_row_groups == 1


def test_it_works_in_pipes(tag: Tag, tmp_path: Path) -> None:
    text = "leave Taipei\n\nto Boston"
    done = tag("-", "--out", "-", input=text)
    assert done.returncode == 0
    assert texts_of([json.loads(line) for line in done.stdout.splitlines()]) == text.split("\n")
    columns = ["--from", "csv", "--column", "say", "--to", "csv"]
    done = tag("-", "--out", "-", *columns, input="say\nto Boston\n")
    assert done.stdout.startswith("say,slots,intent,error\nto Boston,")
    done = tag("-", "--out", "out.csv", input=text)
    assert done.returncode == 0
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 4
    (tmp_path / "in.txt").write_text(text)
    done = tag("in.txt", "--out", "/dev/null")
    assert done.stderr.startswith("slotline: tagged 3 rows")


def test_a_line_is_answered_before_the_pipe_ends(toy_bundle: Path) -> None:
    with subprocess.Popen(
        command(toy_bundle, ["-", "--out", "-"]),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for text in ("leave Taipei", "to Boston"):
            process.stdin.write(f"{text}\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["text"] == text
        process.stdin.close()
        assert process.wait(300) == 0


def test_a_reader_that_has_seen_enough_ends_it_in_silence(lines: Path, toy_bundle: Path) -> None:
    with subprocess.Popen(
        command(toy_bundle, [str(lines), "--out", "-", *SMALL]),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(300) == 141


def test_a_terminal_shows_how_far_it_is(lines: Path, toy_bundle: Path) -> None:
    ours, theirs = pty.openpty()
    shown: list[bytes] = []

    def watch() -> None:
        try:
            while data := os.read(ours, 4096):
                shown.append(data)
        except OSError:  # as Linux tells the end of a terminal
            pass

    watching = threading.Thread(target=watch)
    watching.start()
    arguments = [str(lines), "--out", str(lines.with_name("out.jsonl")), *SMALL]
    done = subprocess.run(command(toy_bundle, arguments), stderr=theirs, timeout=900, check=False)
    os.close(theirs)
    watching.join()
    os.close(ours)
    assert done.returncode == 0
    text = b"".join(shown).decode()
    assert " rows" in text
    assert "/s" in text
    assert " left" in text
    assert text.endswith("s\r\n") or "\r\x1b[Kslotline: tagged 6,000 rows in " in text


def test_rows_with_an_error_are_counted(tag: Tag, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"text": "to Boston"}\n{"id": 1}\n')
    done = tag("in.jsonl", "--out", "out.jsonl")
    assert done.returncode == 0
    assert done.stderr.endswith("; 1 of the rows have an error\n")


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        ("nowhere.csv --out out.csv", "nowhere.csv is not there"),
        ("in.csv --out out.csv", "no column 'text' but there are: id, say; name one with --column"),
        ("in.csv --column say --keep no --out o.csv", "--keep names 'no', which is not among"),
        ("in.csv --column say --out out.xlsx", "does not tell the format: name it with --to"),
        ("in.csv --column say --out out.txt", "end it in .jsonl, .csv or .parquet"),
        ("in.csv --column say --out o.csv --delimiter ab", "must be one character, or tab"),
        ("in.csv --column say --out o.csv --shard 0/2", "--shard needs a folder"),
        ("in.csv --column say --out o.csv --model no", "'no' is not among the bundles: toy"),
        ("in.csv --column say --out nowhere/o.csv", "the folder nowhere is not there: make it"),
        ("in --out out.csv", "does not tell the format: name it with --from"),
        ("in --from csv --out out.csv", "holds no file whose name ends in .csv"),
        ("- --from parquet --out out.csv", "not from a pipe"),
        ("- --out out/", "a pipe cannot be read again"),
        ("no.parquet --out o.csv", "cannot be read as Parquet"),
        ("two --column say --out o.csv", "two/b.csv has another header than two/a.csv"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    arguments: str,
    fault: str,
    tmp_path: Path,
    toy_bundle: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_text("id,say\n1,to Boston\n")
    Path("no.parquet").write_text("no Parquet")
    for folder in ("in", "two"):
        Path(folder).mkdir()
    Path("two/a.csv").write_text("say\n")
    Path("two/b.csv").write_text("say,id\n")
    with pytest.raises(SystemExit) as stop:
        main(["tag", "--model-dir", str(toy_bundle), *arguments.split()])
    line = str(stop.value.code)
    assert line.startswith("slotline: ")
    assert fault in line
    assert "\n" not in line


@pytest.mark.parametrize("share", ["3/3", "1", "-1/3", "a/b", "0/0"])
def test_a_share_that_is_none_is_a_usage_error(
    share: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["tag", "in.txt", "--out", "out/", f"--shard={share}"])
    assert stop.value.code == 2
    assert "is not a share such as 0/3, 1/3 or 2/3" in capsys.readouterr().err


def test_only_parquet_needs_an_extra(tag: Tag, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(ABSENT.format(packages=["pyarrow"]))
    environment = os.environ | {"PYTHONPATH": str(site)}
    for name in ("in.txt", "in.parquet"):
        (tmp_path / name).write_text("to Boston\n")
    assert tag("in.txt", "--out", "out.csv", env=environment).returncode == 0
    for arguments in (("in.txt", "--out", "out.parquet"), ("in.parquet", "--out", "out.jsonl")):
        done = tag(*arguments, env=environment)
        assert (done.returncode, done.stderr) == (
            2,
            f"slotline: tag needs pyarrow, which is not installed: {install_command('bulk')}\n",
        )


def test_settings_hold_as_for_the_service(
    tag: Tag, tmp_path: Path, toy_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in.txt").write_text("to Boston by tomorrow\n")
    monkeypatch.setenv("SLOTLINE_MAX_WORDS", "3")
    assert tag("in.txt", "--out", "out.jsonl").returncode == 0
    assert read(tmp_path / "out.jsonl")[0]["error"].startswith("text_too_long: ")
    command = ["tag", "in.txt", "--out", "two.jsonl", "--model-dir", str(toy_bundle)]
    monkeypatch.setenv("SLOTLINE_MAX_WORDS", "none")
    with pytest.raises(SystemExit, match=r"^slotline: SLOTLINE_MAX_WORDS: "):
        main(command)
    monkeypatch.delenv("SLOTLINE_MAX_WORDS")
    monkeypatch.setenv("SLOTLINE_TRUSTED_KEYS", str(tmp_path / "nowhere"))
    with pytest.raises(SystemExit, match="SLOTLINE_TRUSTED_KEYS"):
        main(command)


def test_lists_hold_as_for_the_service(tag: Tag, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("leave Taipei\nleave Boston\n")
    folder = tmp_path / "lists" / "toy"
    folder.mkdir(parents=True)
    closed = folder / "place_of_departure.closed.tsv"
    closed.write_text("value\nboston\n")

    def values(*options: str, **more: Any) -> list[list[str]]:
        done = tag("in.txt", "--out", "out.jsonl", "--overwrite", *options, **more)
        assert done.returncode == 0, done.stderr
        return [[slot["value"] for slot in row["slots"]] for row in read(tmp_path / "out.jsonl")]

    assert values() == [["Taipei"], ["Boston"]]
    assert values("--lists-dir", "lists") == [[], ["Boston"]]
    environment = os.environ | {"SLOTLINE_LISTS_DIR": str(tmp_path / "lists")}
    assert values(env=environment) == [[], ["Boston"]]
    assert tag("in.txt", "--out", "out/", "--lists-dir", "lists").returncode == 0
    closed.write_text("value\ntaipei\n")
    assert (
        "another version of the lists"
        in tag("in.txt", "--out", "out/", "--lists-dir", "lists").stderr
    )
    closed.write_text("no header\n")
    for options, reason in (
        (["lists"], "list toy/place_of_departure.closed.tsv: line 1: expected a header"),
        (["nowhere"], "there is no such folder of lists"),
    ):
        done = tag("in.txt", "--out", "other.jsonl", "--lists-dir", *options)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert reason in done.stderr


def test_lists_that_change_during_a_run_end_it(toy_bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "place_of_departure.closed.tsv").write_text("value\nboston\n")
    version = version_of(tmp_path, "toy", 1000)
    options = TaggingOptions(toy_bundle, lists=tmp_path, lists_version=version)
    assert [each.slots for each in tag_rows(["leave Taipei"], options)] == [[]]
    with pytest.raises(BulkError, match="have changed since the run began: start it again"):
        tag_rows(["leave Taipei"], replace(options, lists_version="another"))


def test_it_costs_little_more_than_the_tagger(convert: Convert, tmp_path: Path) -> None:
    """At least 0.55 of `tag_texts`' sentences in a second of CPU time, in and out of Parquet."""
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    texts = mixed(4_000)
    pq.write_table(pa.table({"text": texts}), tmp_path / "in.parquet")
    options = TaggingOptions(ROOT / "models" / "atis")
    tagger = open_tagger(options)
    shares = []
    for _ in range(3):
        began = time.process_time()
        for start in range(0, len(texts), 512):
            tagger.tag_texts(texts[start : start + 512])
        between = time.process_time()
        convert(
            *(tmp_path / "in.parquet", "parquet", tmp_path / "out.parquet", Shape("parquet")),
            size=4_000,
            options=options,
        )
        shares.append((between - began) / (time.process_time() - between))
    assert max(shares) >= 0.55, shares
