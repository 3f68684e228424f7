"""The service as it is put together."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.tagging.errors import BundleNotFoundError


def test_without_settings_the_environment_is_read(
    monkeypatch: pytest.MonkeyPatch, toy_bundle: Path
) -> None:
    monkeypatch.setenv("SLOTLINE_MODEL_DIR", str(toy_bundle))
    with TestClient(create_app()) as client:
        assert client.get("/models").json()["models"][0]["name"] == "toy"


def test_a_broken_bundle_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SLOTLINE_MODEL_DIR", str(tmp_path))
    with pytest.raises(BundleNotFoundError), TestClient(create_app()):
        pass
