"""The command of `slotline` that checks and changes lists of values."""

from pathlib import Path

import pytest

from app.cli import main


@pytest.fixture
def lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SLOTLINE_LISTS_DIR", str(tmp_path / "lists"))
    return tmp_path / "lists"


def content(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_values_are_added_once_and_removed(lists: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert main(["lists", "add", "toy", "destination", "Hotel  Zürich"]) == 0
    path = lists / "toy" / "destination.tsv"
    assert content(path) == ["value", "Hotel Zürich"]
    assert main(["lists", "add", "toy", "destination", "ritz", "--id", "7"]) == 0
    assert content(path) == ["value\tid", "Hotel Zürich\t", "ritz\t7"]
    assert main(["lists", "remove", "toy", "destination", "Hotel Zürich"]) == 0
    assert content(path) == ["value\tid", "ritz\t7"]
    capsys.readouterr()
    with pytest.raises(SystemExit, match="has no 'Hotel Zürich'"):
        main(["lists", "remove", "toy", "destination", "Hotel Zürich"])


def test_a_value_goes_into_the_list_that_there_is(lists: Path) -> None:
    main(["lists", "add", "toy", "destination+origin", "boston", "--closed"])
    main(["lists", "add", "toy", "destination+origin", "taipei"])
    [path] = (lists / "toy").iterdir()
    assert path.name == "destination+origin.closed.tsv"
    assert content(path) == ["value", "boston", "taipei"]


def test_a_broken_list_is_not_written_over(lists: Path) -> None:
    path = lists / "toy" / "destination.tsv"
    path.parent.mkdir(parents=True)
    path.write_text("boston\n")
    with pytest.raises(SystemExit, match=r"toy/destination.tsv: line 1: expected a header"):
        main(["lists", "add", "toy", "destination", "taipei"])
    assert path.read_text() == "boston\n"


def test_a_check_tells_what_is_right_and_what_is_wrong(
    lists: Path, toy_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["lists", "add", "toy", "destination", "boston"])
    check = ["lists", "check", "--model-dir", str(toy_bundle)]
    assert main(check) == 0
    assert "toy/destination.tsv: 1 values" in capsys.readouterr().out
    main(["lists", "add", "toy", "hotel", "ritz"])
    (lists / "toy" / "destination.tsv").write_text("value\n\tx\n")
    (lists / "other").mkdir()
    with pytest.raises(SystemExit):
        main(check)
    faults = capsys.readouterr().err.splitlines()
    assert [fault.split(":")[0] for fault in faults] == [
        "list other",
        "list toy/destination.tsv",
        "list toy/hotel.tsv",
    ]


def test_the_folder_must_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["lists", "check"])
    assert "SLOTLINE_LISTS_DIR" in capsys.readouterr().err
