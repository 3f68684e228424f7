"""Files of keys: made, read, read again."""

import errno
import logging
import os
from pathlib import Path

import pytest

from app.security.api_keys import _LARGEST, PREFIX, KeysFile, KeysFileError, new_key, read_keys

DIGEST = "0123456789abcdef" * 4


def test_a_key_is_known_by_the_name_it_was_made_for(tmp_path: Path) -> None:
    ours, theirs = (new_key(tmp_path / "keys", name) for name in ("ours", "theirs"))
    keys = KeysFile(tmp_path / "keys")
    assert keys.owner(ours.encode()) == "ours"
    assert keys.owner(theirs.encode()) == "theirs"
    for stranger in (b"", b"slotline_", ours[:-1].encode(), f"{ours} ".encode(), b"\xff"):
        assert keys.owner(stranger) is None


def test_a_key_is_long_and_is_not_in_the_file(tmp_path: Path) -> None:
    key = new_key(tmp_path / "keys", "ours")
    assert key.startswith(PREFIX)
    assert len(key) == len(PREFIX) + 43  # 256 bits, six a character
    assert key != new_key(tmp_path / "keys", "theirs")
    assert key.removeprefix(PREFIX) not in (tmp_path / "keys").read_text()


def test_remarks_and_empty_lines_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(f"# ours\n\n  a.b-c_D\tsha256:{DIGEST} \r\n")
    assert read_keys(tmp_path / "keys") == {DIGEST: "a.b-c_D"}


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(f"a.b-c_D sha256:{DIGEST}\n", encoding="utf-8-sig")
    assert read_keys(tmp_path / "keys") == {DIGEST: "a.b-c_D"}
    new_key(tmp_path / "keys", "second")
    assert set(read_keys(tmp_path / "keys").values()) == {"a.b-c_D", "second"}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("ours", "line 2: expected a name"),
        (f"ours {DIGEST}", "line 2: expected a name"),
        (f"ours sha256:{DIGEST[:-1]}", "line 2: expected a name"),
        (f"ours sha256:{DIGEST} more", "line 2: expected a name"),
        (f"{'n' * 65} sha256:{DIGEST}", "line 2: expected a name"),
        (f"first sha256:{DIGEST}", "line 2: this name or key stands there twice"),
        (f"other sha256:{'f' * 64}", "line 2: this name or key stands there twice"),
        ("\udcff", "is not text in UTF-8"),
    ],
)
def test_a_malformed_file_is_refused_by_its_line(tmp_path: Path, line: str, fault: str) -> None:
    content = f"first sha256:{'f' * 64}\n{line}\n"
    (tmp_path / "keys").write_text(content, errors="surrogateescape")
    with pytest.raises(KeysFileError, match=fault):
        KeysFile(tmp_path / "keys")


def test_a_file_is_read_whole_or_not_at_all(tmp_path: Path) -> None:
    line = f"\nlast sha256:{DIGEST}\n"
    remark = "#" * (_LARGEST - len(line))
    (tmp_path / "keys").write_text(remark + line)
    assert list(read_keys(tmp_path / "keys").values()) == ["last"]
    (tmp_path / "keys").write_text("#" + remark + line)
    with pytest.raises(KeysFileError, match=f"has more than {_LARGEST} bytes"):
        read_keys(tmp_path / "keys")


def test_what_stands_on_a_malformed_line_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("slotline_whole-key\n")
    with pytest.raises(KeysFileError) as caught:
        read_keys(tmp_path / "keys")
    assert "whole-key" not in str(caught.value)


@pytest.mark.parametrize("content", ["", "# nobody yet\n"])
def test_a_file_without_keys_is_none_to_start_with(tmp_path: Path, content: str) -> None:
    (tmp_path / "keys").write_text(content)
    with pytest.raises(KeysFileError, match=r"holds no key: create a key with slotline keys new"):
        KeysFile(tmp_path / "keys")
    with pytest.raises(KeysFileError, match="cannot be read"):
        KeysFile(tmp_path / "nowhere")


def test_keys_come_and_go_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    first = new_key(path, "first").encode()
    keys = KeysFile(path, seconds=0)
    second = new_key(path, "second").encode()
    assert keys.owner(second) == "second"
    path.write_text(path.read_text().splitlines()[1])
    assert keys.owner(first) is None
    assert keys.owner(second) == "second"
    path.write_text("")
    assert keys.owner(second) is None


def test_the_file_is_not_looked_at_more_often_than_is_said(tmp_path: Path) -> None:
    new_key(tmp_path / "keys", "first")
    keys = KeysFile(tmp_path / "keys", seconds=60)
    assert keys.owner(new_key(tmp_path / "keys", "second").encode()) is None


def test_a_file_that_differs_in_nothing_but_its_content_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    new_key(path, "ours")
    keys = KeysFile(path, seconds=0)
    status = path.stat()
    other = new_key(tmp_path / "other", "ours")
    path.write_text((tmp_path / "other").read_text())
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert keys.owner(other.encode()) == "ours"


def test_a_file_that_cannot_be_opened_for_a_moment_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "keys"
    new_key(path, "ours")
    keys = KeysFile(path, seconds=0)
    other = new_key(path, "other").encode()
    with monkeypatch.context() as no_files:

        def fail(*_: object) -> None:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

        no_files.setattr(Path, "open", fail)
        assert [keys.owner(other) for _ in range(3)] == [None] * 3
    assert len(caplog.records) == 1
    assert keys.owner(other) == "other"


@pytest.mark.parametrize("harm", ["malformed", "gone"])
def test_a_file_that_breaks_leaves_the_keys_as_they_were(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, harm: str
) -> None:
    path = tmp_path / "keys"
    key = new_key(path, "ours").encode()
    keys = KeysFile(path, seconds=0)
    whole = path.read_text()
    if harm == "gone":
        path.unlink()
    else:
        path.write_text(whole[:-9])
    assert [keys.owner(key) for _ in range(3)] == ["ours"] * 3
    assert len(caplog.records) == 1, "told once, and not with every request"
    assert "keeping the API keys that were read before" in caplog.text
    caplog.set_level(logging.INFO)
    path.write_text(f"{whole}# mended\n")
    assert keys.owner(key) == "ours"
    assert "holds 1 keys now" in caplog.text


def test_a_line_without_an_end_gets_one(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(f"first sha256:{DIGEST}")
    new_key(tmp_path / "keys", "second")
    assert list(read_keys(tmp_path / "keys").values()) == ["first", "second"]


@pytest.mark.parametrize("name", ["", "two words", "a/b", "n" * 65, "a\nb"])
def test_a_name_that_no_file_can_hold_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(KeysFileError, match="is no name"):
        new_key(tmp_path / "keys", name)
    assert not (tmp_path / "keys").exists()


def test_a_file_where_nobody_may_look_gets_no_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(path: Path, **_: bool) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "stat", denied)  # root may look anywhere
    with pytest.raises(KeysFileError, match=r"cannot be written \(Permission denied\)"):
        new_key(tmp_path / "keys", "ours")
