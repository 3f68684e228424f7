"""No damaged bundle is served, whichever file is damaged and wherever: over HTTP, by reloads."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from app.security.api_keys import new_key
from benchmarks.harness.faults import damages
from benchmarks.harness.service import serving
from tests.app.inference.test_live_reload import asked_all_the_time, version
from tests.conftest import WriteVersion

POSITIONS = 6


@pytest.fixture
def bundles(tmp_path: Path, write_version: WriteVersion) -> Path:
    write_version(tmp_path / "bundles" / "toy", "toy", 1)
    return tmp_path / "bundles"


@pytest.fixture
def operator(bundles: Path, tmp_path: Path) -> Iterator[httpx2.Client]:
    """A client with a key for reloads."""
    key = new_key(tmp_path / "admin-keys", "operator")
    settings = {
        "SLOTLINE_MODEL_DIR": str(bundles),
        "SLOTLINE_ADMIN_KEYS_FILE": str(tmp_path / "admin-keys"),
    }
    with serving(**settings) as (client, _):
        client.headers["x-api-key"] = key
        yield client


def test_no_damage_is_served_and_each_is_reported(
    operator: httpx2.Client, bundles: Path, write_version: WriteVersion
) -> None:
    address = operator.base_url
    first = version(address)
    second = write_version(bundles / "toy", "toy", 2)
    with asked_all_the_time(address) as seen:
        for path in sorted((bundles / "toy").iterdir()):
            for damage in damages(bundles / "toy", path.name, POSITIONS):
                changes = operator.post("/admin/reload").json()
                assert changes["loaded"] == [], damage
                [fault] = changes["errors"]
                assert fault["model"] == "toy", damage
    assert seen == {first}
    assert operator.post("/admin/reload").json()["loaded"] == [{"name": "toy", "version": second}]
    assert version(address) == second
