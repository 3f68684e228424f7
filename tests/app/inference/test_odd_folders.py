"""Folders among the bundles that are none, or have odd names: none takes the service down."""

import json
import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.inference.loading import open_registry
from app.main import create_app
from app.observability.logs import JsonFormatter, TextFormatter
from app.security.api_keys import new_key
from app.settings import Settings
from app.tagging.bundle import EXAMPLES, GRAPH, MANIFEST, SIGNATURE
from app.tagging.errors import (
    BundleError,
    BundleInvalidError,
    BundleNotFoundError,
    TrustedKeysError,
    readable,
)
from benchmarks.harness.service import serving
from tests.conftest import WriteVersion

# A folder's name as the system has it, and as it is told.
ODD_NAMES = {
    b"\xff": r"\xff",
    b"caf\xe9": r"caf\xe9",
    b"\xe6\xa8\xa1\xe5": r"模\xe5",
    b"\xed\xa0\x80": r"\xed\xa0\x80",
    b"\xff" * 255: r"\xff" * 255,
    b"a\nERROR: all is lost": r"a\nERROR: all is lost",
    b"a\r\x1b[2J\x07": r"a\r\x1b[2J\x07",
    b"a\xe2\x80\xa8b\xc2\x85c": r"a\u2028b\x85c",
    "a\u202egnp".encode(): r"a\u202egnp",
    b"\t": r"\t",
    b"%s{}%(name)d": "%s{}%(name)d",
    b'"quoted\\': '"quoted\\',
    b"<b>": "<b>",
    "模型 🎉".encode(): "模型 🎉",
    b"m" * 255: "m" * 255,
}
SYSTEM_FOLDERS = [
    *("lost+found", "System Volume Information", "$RECYCLE.BIN", "$Recycle.Bin", "RECYCLER"),
    *("__MACOSX", "@eaDir", "@Recycle", "#recycle", "#snapshot", "~snapshot", "FOUND.000"),
    *(".snapshot", ".snapshots", ".zfs", ".Trash-1000", ".Trashes", ".fseventsd", ".git", "CVS"),
    *("..data", "..2024_01_01_00_00_00.123", ".ipynb_checkpoints", "__pycache__"),
    *("PaxHeaders.1234", "PaxHeader", "Network Trash Folder", "Temporary Items", "$Extend"),
]
SYSTEM_FILES = [".DS_Store", "Thumbs.db", "desktop.ini", "._booking", "Icon\r", "aquota.user"]
KEPT = [MANIFEST, GRAPH, EXAMPLES, "words.txt", "slots.txt", SIGNATURE]


def make(folder: Path, name: bytes) -> Path:
    """A folder of such a name; the test is skipped where the system has none."""
    path = folder / os.fsdecode(name)
    try:
        path.mkdir()
    except OSError as error:
        pytest.skip(f"this system takes no such name: {error.strerror}")
    return path


@pytest.fixture
def bundles(tmp_path: Path, write_version: WriteVersion) -> Path:
    write_version(tmp_path / "bundles" / "booking", "booking", 1)
    return tmp_path / "bundles"


@pytest.fixture
def client(bundles: Path, tmp_path: Path) -> Iterator[TestClient]:
    key = new_key(tmp_path / "admin-keys", "operator")
    settings = Settings(
        model_dir=bundles, admin_keys_file=tmp_path / "admin-keys", metrics_access="public"
    )
    headers = {"authorization": f"Bearer {key}"}
    app = create_app(settings)
    with TestClient(app, headers=headers, raise_server_exceptions=False) as client:
        yield client


def told(client: TestClient, bundles: Path) -> list[dict[str, Any]]:
    """The faults that a reload finds; everything must answer after it, and tell the same."""
    reloaded = client.post("/admin/reload")
    assert reloaded.status_code == 200, reloaded.text
    models, ready = client.get("/models"), client.get("/health/ready")
    assert models.status_code == ready.status_code == 200
    for answer in (reloaded, models, ready):
        assert "\\ud" not in answer.text
        assert str(bundles) not in answer.text
    assert client.get("/metrics").status_code == 200
    assert client.post("/slots", json={"text": "leave Taipei"}).status_code == 200
    faults: list[dict[str, Any]] = reloaded.json()["errors"]
    assert models.json().get("errors", []) == faults
    assert ready.json().get("skipped_models", []) == [fault["folder"] for fault in faults]
    return faults


@pytest.mark.parametrize(("name", "shown"), ODD_NAMES.items())
def test_an_odd_name_is_a_fault_that_is_told_and_no_more(
    client: TestClient,
    bundles: Path,
    caplog: pytest.LogCaptureFixture,
    name: bytes,
    shown: str,
) -> None:
    make(bundles, name)
    [fault] = told(client, bundles)
    assert fault["folder"] == shown
    assert fault["detail"].startswith(f"{shown} holds no {MANIFEST}")
    [record] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert shown in record.getMessage()
    for line in (
        TextFormatter("%(message)s", texts=False).format(record),
        JsonFormatter(texts=False).format(record),
    ):
        assert line.encode(), "it can be written"
        assert "\n" not in line


@pytest.mark.parametrize(("name", "shown"), ODD_NAMES.items())
def test_a_broken_bundle_of_an_odd_name_is_told_at_the_start(
    bundles: Path, caplog: pytest.LogCaptureFixture, name: bytes, shown: str
) -> None:
    (make(bundles, name) / MANIFEST).write_text("{")
    with pytest.raises(BundleInvalidError) as refused:
        open_registry(bundles)
    assert shown in str(refused.value)
    assert str(refused.value).isprintable()
    assert open_registry(bundles, "booking", skip_invalid_models=True).skipped == (shown,)
    assert shown in caplog.text


def test_a_good_bundle_answers_from_a_folder_of_any_name(
    client: TestClient, bundles: Path, write_version: WriteVersion
) -> None:
    write_version(make(bundles, b"\xff\n"), "mine", 1)
    assert told(client, bundles) == []
    assert client.get("/models/mine").status_code == 200
    (bundles / os.fsdecode(b"\xff\n") / "words.txt").write_text("nothing")
    faults = client.post("/admin/reload").json()["errors"]
    assert [(fault["folder"], fault["model"]) for fault in faults] == [(r"\xff\n", "mine")]
    shutil.rmtree(bundles / os.fsdecode(b"\xff\n"))
    assert told(client, bundles) == []


def test_the_default_may_have_been_in_a_folder_of_an_odd_name(
    tmp_path: Path, write_version: WriteVersion
) -> None:
    bundles = tmp_path / os.fsdecode(b"all\xff")
    write_version(make(tmp_path, b"all\xff") / os.fsdecode(b"\xfe"), "booking", 1)
    key = new_key(tmp_path / "admin-keys", "operator")
    settings = Settings(model_dir=bundles, admin_keys_file=tmp_path / "admin-keys")
    headers = {"authorization": f"Bearer {key}"}
    with TestClient(create_app(settings), headers=headers) as client:
        write_version(bundles / "other", "other", 1)
        shutil.rmtree(bundles / os.fsdecode(b"\xfe"))
        [fault] = client.post("/admin/reload").json()["errors"]
        assert (fault["folder"], fault["model"]) == (r"\xfe", "booking")
        shutil.rmtree(bundles)
        [fault, *_] = client.post("/admin/reload").json()["errors"]
        assert r"all\xff cannot be read" in fault["detail"]
        for path in ("/models", "/health/ready"):
            assert client.get(path).status_code == 200


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_a_service_tells_of_odd_names_in_lines_that_can_be_read(
    bundles: Path, log_format: str
) -> None:
    for name in (b"\xff", b"a\nERROR: all is lost"):
        make(bundles, name)
    variables = {
        "SLOTLINE_MODEL_DIR": str(bundles),
        "SLOTLINE_SKIP_INVALID_MODELS": "true",
        "SLOTLINE_DEFAULT_MODEL": "booking",
        "SLOTLINE_LOG_FORMAT": log_format,
    }
    with serving(**variables) as (client, _):
        assert client.get("/health/ready").json()["skipped_models"] == [
            r"a\nERROR: all is lost",
            r"\xff",
        ]
        assert len(client.get("/models").json()["errors"]) == 2


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_what_others_log_of_such_names_can_be_written(log_format: str) -> None:
    formatter: logging.Formatter = JsonFormatter(texts=True)
    if log_format == "text":
        formatter = TextFormatter("%(message)s", texts=True)
    try:
        raise FileNotFoundError(os.fsdecode(b"/\xff/keys"))
    except FileNotFoundError as error:
        fault = (type(error), error, error.__traceback__)
    record = logging.LogRecord("a", 40, "b", 1, "no %s", (os.fsdecode(b"\xfe"),), fault)
    line = formatter.format(record)
    assert line.encode()
    whole = str(json.loads(line)) if log_format == "json" else line
    assert r"\udcfe" in whole
    assert r"\udcff" in whole
    assert "\udcfe" not in whole


@pytest.mark.parametrize(
    "error",
    [
        BundleError(os.fsdecode(b"\xff\nb")),
        BundleNotFoundError("a\u2028b\ud800"),
        BundleInvalidError(os.fsdecode(b"\xff\n"), "its file is named\n\udcff\x1b"),
        TrustedKeysError(Path(os.fsdecode(b"\xff\n")), "it is no file"),
    ],
)
def test_what_is_said_of_bundles_is_one_line_that_can_be_sent(error: BundleError) -> None:
    assert str(error).isprintable()
    assert str(error).encode()


def test_a_readable_name_stays_as_it_is() -> None:
    for name in ("booking", "模型 🎉", r"a\xff", readable(os.fsdecode(b"\xff\n"))):
        assert readable(name) == name


@pytest.mark.parametrize("field", ["description", "experiment", "command", "metrics"])
def test_half_a_surrogate_pair_in_a_manifest_is_refused(bundles: Path, field: str) -> None:
    """JSON can spell it, and no answer could."""
    path = bundles / "booking" / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    del manifest["digest"]
    value = {"\ud800": 1.0} if field in ("experiment", "metrics") else "\udfff"
    path.write_text(json.dumps(manifest | {field: value}), encoding="utf-8")
    with pytest.raises(BundleInvalidError, match=MANIFEST):
        open_registry(bundles)


def fill(folder: Path) -> None:
    """With what such folders hold, a bundle's leavings too."""
    (folder / "booking").mkdir()
    for name in ("#12345", "._manifest.json", "IndexerVolumeGuid", "booking/._words.txt"):
        (folder / name).write_bytes(b"\0\5\x16\7")


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("name", SYSTEM_FOLDERS)
def test_a_folder_of_the_system_is_no_bundle(
    client: TestClient, bundles: Path, name: str, full: bool
) -> None:
    (bundles / name).mkdir()
    if full:
        fill(bundles / name)
    assert told(client, bundles) == []
    assert [tagger.manifest.name for tagger in open_registry(bundles)] == ["booking"]


def test_folders_of_all_systems_at_once_are_no_bundles(bundles: Path) -> None:
    for name in {name.lower(): name for name in SYSTEM_FOLDERS}.values():
        (bundles / name).mkdir()
    for name in SYSTEM_FILES:
        (bundles / name).write_bytes(b"\0")
    (bundles / "nowhere").symlink_to(bundles / "gone")
    assert open_registry(bundles).load_errors == ()


@pytest.mark.parametrize("name", ["lost+found", "$RECYCLE.BIN", "System Volume Information"])
def test_a_folder_of_the_system_that_nobody_may_read_is_no_bundle(
    client: TestClient, bundles: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Root may read all, so that the system's refusal is played."""
    (bundles / name).mkdir()
    read = Path.iterdir

    def refuse(path: Path) -> Any:
        if path.name == name:
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert told(client, bundles) == []


@pytest.mark.parametrize("name", ["lost+found", ".snapshot", "@eaDir"])
def test_a_volume_may_be_a_bundle_itself(bundles: Path, name: str) -> None:
    (bundles / "booking" / name).mkdir()
    for file in SYSTEM_FILES:
        (bundles / "booking" / file).write_bytes(b"\0")
    assert len(list(open_registry(bundles))) == len(list(open_registry(bundles / "booking"))) == 1


def test_a_volume_of_kubernetes_holds_links(bundles: Path) -> None:
    """The files are links into ..data, which is a link to the folder of the time."""
    folder = bundles / "booking"
    moment = folder / "..2024_01_01_00_00_00.123"
    moment.mkdir()
    (folder / "..data").symlink_to(moment.name)
    for path in [path for path in folder.iterdir() if path.is_file()]:
        path.rename(moment / path.name)
        path.symlink_to(Path("..data") / path.name)
    assert open_registry(bundles).load_errors == ()
    assert open_registry(folder).load_errors == ()


@pytest.mark.parametrize("kept", KEPT)
@pytest.mark.parametrize("name", ["lost+found", "$mine", "__MACOSX", "_old", "mine"])
def test_what_holds_a_file_of_a_bundle_is_one_that_is_broken(
    client: TestClient, bundles: Path, name: str, kept: str
) -> None:
    (bundles / name).mkdir()
    (bundles / name / kept).write_text("{")
    [fault] = told(client, bundles)
    assert fault["folder"] == name
    with pytest.raises(BundleError, match="bundle"):
        open_registry(bundles)


@pytest.mark.parametrize("name", ["snips", "draft", "found", "recycle", "lost", "New Folder", "v1"])
def test_a_folder_of_any_other_name_that_holds_nothing_is_told(
    client: TestClient, bundles: Path, name: str
) -> None:
    """A bundle that was not copied, or a volume that was not mounted, must not go unnoticed."""
    (bundles / name).mkdir()
    assert [fault["folder"] for fault in told(client, bundles)] == [name]
    with pytest.raises(BundleNotFoundError, match=name):
        open_registry(bundles)


def test_a_fresh_volume_holds_no_bundle(tmp_path: Path) -> None:
    (tmp_path / "lost+found").mkdir()
    with pytest.raises(BundleNotFoundError, match="holds no bundle"):
        open_registry(tmp_path)


def test_a_link_to_where_nobody_may_look_is_one_fault(client: TestClient, bundles: Path) -> None:
    (bundles / "loop").symlink_to("loop")
    (bundles / "long").symlink_to("m" * 300)
    assert [fault["folder"] for fault in told(client, bundles)] == ["long", "loop"]
