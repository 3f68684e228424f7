"""Bundles that change while the service runs."""

import asyncio
import gc
import json
import logging
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.datastructures import State

from app.api.routes import SETTINGS_AT_FAULT
from app.inference.errors import NotReadyError
from app.inference.loading import open_registry, reopen_registry
from app.inference.registry import ModelRegistry
from app.inference.reload import Reloader
from app.main import create_app
from app.security.api_keys import new_key
from app.settings import Settings
from app.tagging.bundle import MANIFEST
from app.tagging.errors import BundleNotFoundError
from benchmarks.harness.faults import edit, replace_file
from tests.app.api.test_openapi import assert_documented
from tests.conftest import WriteVersion


@pytest.fixture
def bundles(tmp_path: Path, write_version: WriteVersion) -> Path:
    """Two bundles, booking and other, in their first versions."""
    for name in ("booking", "other"):
        write_version(tmp_path / "bundles" / name, name, 1)
    return tmp_path / "bundles"


@pytest.fixture
def client(bundles: Path, tmp_path: Path) -> Iterator[TestClient]:
    key = new_key(tmp_path / "admin-keys", "operator")
    settings = Settings(model_dir=bundles, admin_keys_file=tmp_path / "admin-keys")
    headers = {"authorization": f"Bearer {key}"}
    with TestClient(create_app(settings), headers=headers) as client:
        yield client


def reload(client: TestClient) -> dict[str, Any]:
    response = client.post("/admin/reload")
    assert response.status_code == 200, response.text
    changes: dict[str, Any] = response.json()
    return changes


def version(client: TestClient, model: str | None = None) -> str:
    """The version that answers."""
    question = {"text": "leave Taipei"} | ({} if model is None else {"model": model})
    answer = client.post("/slots", json=question).json()
    assert answer["slots"][0]["value"] == "Taipei"
    found: str = answer["model"]["version"]
    return found


def test_a_reload_that_finds_nothing_new_changes_nothing(client: TestClient) -> None:
    before = client.get("/models").json()
    assert reload(client) == {"loaded": [], "unloaded": [], "errors": []}
    assert client.get("/models").json() == before


def test_a_changed_bundle_answers_and_its_version_before_can_be_asked_for(
    client: TestClient, bundles: Path, write_version: WriteVersion
) -> None:
    first = version(client)
    second = write_version(bundles / "booking", "booking", 2)
    assert version(client) == first, "nothing changes before it is told to"
    assert reload(client)["loaded"] == [{"name": "booking", "version": second}]
    assert version(client) == version(client, "booking") == second
    assert version(client, f"booking@{second}") == second
    assert version(client, f"booking@{first}") == first
    [booking, other] = client.get("/models").json()["models"]
    assert booking["versions"] == [second, first]
    assert len(other["versions"]) == 1
    details = client.get(f"/models/booking@{first}").json()
    assert (details["version"], details["default"]) == (first, False)


def test_of_three_versions_the_first_is_forgotten(
    client: TestClient, bundles: Path, write_version: WriteVersion
) -> None:
    first = version(client)
    for number in (2, 3):
        write_version(bundles / "booking", "booking", number)
        reload(client)
    refusal = client.post("/slots", json={"text": "", "model": f"booking@{first}"})
    assert refusal.status_code == 404
    assert f"booking@{version(client)}" in refusal.json()["detail"]


def test_a_version_of_no_model_is_unknown(client: TestClient) -> None:
    for model in ("mine@1", "booking@", "@", "booking@1@2"):
        response = client.post("/slots", json={"text": "", "model": model})
        assert response.json()["code"] == "model_not_found"


def test_new_bundles_come_and_those_that_are_gone_go(
    client: TestClient, bundles: Path, write_version: WriteVersion
) -> None:
    new = write_version(bundles / "alpha", "alpha", 1)
    shutil.rmtree(bundles / "other")
    changes = reload(client)
    assert changes == {
        "loaded": [{"name": "alpha", "version": new}],
        "unloaded": ["other"],
        "errors": [],
    }
    assert [model["name"] for model in client.get("/models").json()["models"]] == [
        "alpha",
        "booking",
    ]
    assert client.get("/models/other").status_code == 404


def test_a_broken_bundle_leaves_the_one_before_and_is_reported(
    client: TestClient, bundles: Path, caplog: pytest.LogCaptureFixture, write_version: WriteVersion
) -> None:
    first = version(client)
    (bundles / "booking" / "words.txt").write_text("nothing\n")
    second = write_version(bundles / "other", "other", 2)
    changes = reload(client)
    assert [opened["name"] for opened in changes["loaded"]] == ["other"], "the rest goes on"
    [fault] = changes["errors"]
    assert (fault["folder"], fault["model"]) == ("booking", "booking")
    assert "bundle booking: words.txt is not the file" in fault["detail"]
    assert str(bundles) not in fault["detail"], "where it is on the machine is not for callers"
    assert "words.txt is not the file" in caplog.text
    assert version(client) == first
    assert version(client, "other") == second
    assert client.get("/models").json()["errors"] == [fault]
    assert client.get("/health/ready").status_code == 200
    write_version(bundles / "booking", "booking", 1)
    assert reload(client)["errors"] == []
    assert "errors" not in client.get("/models").json()


def break_manifest(folder: Path) -> None:
    (folder / MANIFEST).write_text("{")


def take_manifest_away(folder: Path) -> None:
    """As it is while a bundle is being written."""
    (folder / MANIFEST).unlink()


def lead_out(folder: Path) -> None:
    shutil.move(folder, folder.parents[1] / "elsewhere")
    folder.symlink_to(folder.parents[1] / "elsewhere")


def promise_other_scores(folder: Path) -> None:
    """Another name and version would hide that the examples do not hold: they are proved."""
    lines = (folder / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    example = json.loads(lines[0])
    example["scores"][0][0] += 1
    replace_file(folder, "examples.jsonl", (json.dumps(example) + "\n").encode())


@pytest.mark.parametrize(
    "harm", [break_manifest, take_manifest_away, lead_out, promise_other_scores]
)
def test_no_kind_of_harm_is_served(client: TestClient, bundles: Path, harm: Any) -> None:
    first = version(client)
    harm(bundles / "booking")
    [fault] = reload(client)["errors"]
    assert fault["folder"] == "booking"
    assert version(client) == first


def test_a_new_bundle_that_is_broken_is_left_out(client: TestClient, bundles: Path) -> None:
    (bundles / "new").mkdir()
    [fault] = reload(client)["errors"]
    assert fault["folder"] == "new"
    assert "model" not in fault
    assert client.get("/health/ready").json()["skipped_models"] == ["new"]


def test_the_default_answers_whatever_becomes_of_its_folder(
    client: TestClient, bundles: Path
) -> None:
    shutil.rmtree(bundles / "booking")
    [fault] = reload(client)["errors"]
    assert fault["model"] == "booking"
    assert "is the default model" in fault["detail"]
    assert version(client)


def test_a_new_bundle_does_not_become_the_default(
    tmp_path: Path, write_version: WriteVersion
) -> None:
    write_version(tmp_path / "mine", "mine", 1)
    before = open_registry(tmp_path)
    write_version(tmp_path / "booking", "booking", 1)
    after = reopen_registry(before, tmp_path)
    assert [tagger.manifest.name for tagger in after] == ["booking", "mine"]
    assert after.default == "mine"


def test_nobody_takes_the_name_of_one_that_answers(
    client: TestClient, bundles: Path, write_version: WriteVersion
) -> None:
    first = version(client)
    write_version(bundles / "a-first-folder", "booking", 2)
    [fault] = reload(client)["errors"]
    assert fault["folder"] == "a-first-folder"
    assert "another bundle is named 'booking' too" in fault["detail"]
    assert version(client) == first


def test_a_folder_may_get_another_name(client: TestClient, bundles: Path) -> None:
    first = version(client)
    (bundles / "booking").rename(bundles / "renamed")
    assert reload(client) == {"loaded": [], "unloaded": [], "errors": []}
    assert version(client) == first


def test_a_manifest_that_says_something_else_is_read_anew(
    client: TestClient, bundles: Path
) -> None:
    first = version(client)
    edit(bundles / "booking", lambda manifest: manifest.update(description="renewed"))
    assert reload(client)["loaded"] == [{"name": "booking", "version": first}]
    [booking, _] = client.get("/models").json()["models"]
    assert booking["description"] == "renewed"
    assert booking["versions"] == [first]


def test_where_the_folder_is_gone_all_stays_and_that_is_reported(
    client: TestClient, bundles: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bundles.rename(bundles.with_name("away"))
    for _ in range(2):
        [fault] = reload(client)["errors"]
        assert fault.keys() == {"detail"}
        assert "cannot be read" in fault["detail"]
    assert "cannot be read" in caplog.text
    told = client.get("/models").json()
    assert len(told["models"]) == 2
    assert told["errors"] == [{"detail": SETTINGS_AT_FAULT}], "nor where the folder was"
    assert "skipped_models" not in client.get("/health/ready").json()
    bundles.with_name("away").rename(bundles)
    assert reload(client)["errors"] == []


def test_the_answer_of_a_reload_is_documented(client: TestClient, bundles: Path) -> None:
    (bundles / "new").mkdir()
    document = client.get("/openapi.json").json()
    endpoint = document["paths"]["/admin/reload"]["post"]
    assert endpoint["security"] == [{"admin": []}]
    response = client.post("/admin/reload")
    assert_documented(document, "/admin/reload", "post", response)
    assert_documented(document, "/models", "get", client.get("/models"))


def test_no_request_fails_or_sees_two_versions_while_bundles_change(
    client: TestClient, bundles: Path, write_version: WriteVersion
) -> None:
    made = {version(client)}
    seen: list[tuple[int, str]] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            texts = ["leave Taipei", "arrive Taipei"]
            response = client.post("/slots/batch", json={"texts": texts})
            seen.append((response.status_code, response.json()["model"]["version"]))

    asking = threading.Thread(target=ask)
    asking.start()
    for number in range(2, 12):
        made.add(write_version(bundles / "booking", "booking", number))
        assert reload(client)["errors"] == []
    stop.set()
    asking.join()
    assert {status for status, _ in seen} == {200}
    assert {found for _, found in seen} <= made
    assert len({found for _, found in seen}) > 1


def resident() -> int:
    """Bytes of memory that this process has."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.linux
def test_a_hundred_reloads_leave_memory_where_it_was(
    bundles: Path, write_version: WriteVersion
) -> None:
    state = State()
    state.registry = open_registry(bundles)

    def reopen(before: ModelRegistry) -> ModelRegistry:
        return reopen_registry(before, bundles)

    async def reload_often(numbers: range) -> None:
        for number in numbers:
            write_version(bundles / "booking", "booking", number)
            changes = await reloader.reload()
            assert len(changes.loaded) == 1

    async def measured() -> int:
        await reload_often(range(2, 32))
        gc.collect()
        before = resident()
        await reload_often(range(32, 132))
        gc.collect()
        return resident() - before

    reloader = Reloader(state, reopen)
    grown = asyncio.run(measured())
    reloader.close()
    # A bundle and its session take half a megabyte at least: a hundred would be fifty.
    assert grown < 8_000_000, f"{grown / 1e6:.1f} MB more than after thirty reloads"


async def settled(reloader: Reloader) -> None:
    while reloader.pending:
        await asyncio.sleep(0.01)


def test_words_of_others_are_followed_and_those_that_come_at_once_together(
    bundles: Path,
) -> None:
    state, calls = State(), []
    state.registry = open_registry(bundles)

    def reopen(before: ModelRegistry) -> ModelRegistry:
        calls.append(before)
        return before

    async def told_often() -> None:
        for _ in range(9):
            reloader.follow()
        await settled(reloader)
        assert len(calls) == 1
        reloader.follow()
        await asyncio.sleep(0)  # begun
        await asyncio.sleep(0)
        reloader.follow()
        await settled(reloader)
        assert len(calls) == 3, "what it may have missed is looked at again"

    reloader = Reloader(state, reopen)
    asyncio.run(told_often())
    reloader.close()


def test_a_reload_that_fails_for_no_known_reason_is_told_to_the_log(
    bundles: Path, caplog: pytest.LogCaptureFixture
) -> None:
    state = State()
    registry = state.registry = open_registry(bundles)

    def reopen(_before: ModelRegistry) -> ModelRegistry:
        raise MemoryError

    async def told() -> None:
        reloader.follow()
        await settled(reloader)

    reloader = Reloader(state, reopen)
    asyncio.run(told())
    reloader.close()
    assert state.registry is registry
    assert "keeping the models that were loaded before" in caplog.text
    assert "MemoryError" in caplog.text


def test_where_nothing_is_open_there_is_nothing_to_reload() -> None:
    state = State()
    state.registry = None

    def reopen(before: ModelRegistry) -> ModelRegistry:
        return before

    reloader = Reloader(state, reopen)
    with pytest.raises(NotReadyError):
        asyncio.run(reloader.reload())
    reloader.close()


def test_a_service_that_has_stopped_meanwhile_stays_stopped(bundles: Path) -> None:
    state = State()
    state.registry = open_registry(bundles)

    def reopen(before: ModelRegistry) -> ModelRegistry:
        state.registry = None
        return before

    reloader = Reloader(state, reopen)
    asyncio.run(reloader.reload())
    reloader.close()
    assert state.registry is None


def test_what_has_changed_is_logged(
    bundles: Path, caplog: pytest.LogCaptureFixture, write_version: WriteVersion
) -> None:
    caplog.set_level(logging.INFO)
    state = State()
    state.registry = open_registry(bundles)
    found = write_version(bundles / "booking", "booking", 2)
    shutil.rmtree(bundles / "other")
    reloader = Reloader(state, lambda before: reopen_registry(before, bundles))
    asyncio.run(reloader.reload())
    reloader.close()
    assert f"opened booking, version {found}" in caplog.text
    assert "withdrew other" in caplog.text


def test_an_empty_folder_is_no_reason_to_withdraw_all(bundles: Path) -> None:
    before = open_registry(bundles)
    for name in ("booking", "other"):
        shutil.rmtree(bundles / name)
    with pytest.raises(BundleNotFoundError):
        reopen_registry(before, bundles)
