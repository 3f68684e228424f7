"""Signing bundles, and a service that serves none that is not signed."""

import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("cryptography")

from fastapi.testclient import TestClient

from app.extras import install_command
from app.inference.loading import open_registry, reopen_registry
from app.main import create_app
from app.security.signing import new, sign_bundle
from app.settings import Settings
from app.tagging.bundle import SIGNATURE
from app.tagging.errors import BundleInvalidError, SigningKeyError, TrustedKeysError

ROOT = Path(__file__).parents[3]


@pytest.fixture
def bundle(toy_bundle: Path, tmp_path: Path) -> Path:
    """The toy bundle where it may be signed."""
    return Path(shutil.copytree(toy_bundle, tmp_path / "bundles" / "toy"))


def test_what_is_signed_is_served_and_nothing_else(bundle: Path, tmp_path: Path) -> None:
    public = new(tmp_path / "key")
    settings = Settings(model_dir=bundle.parent, trusted_keys=public)
    with (
        pytest.raises(BundleInvalidError, match="bears no signature"),
        TestClient(create_app(settings)),
    ):
        pass
    sign_bundle(bundle, tmp_path / "key")
    with TestClient(create_app(settings)) as client:
        assert client.get("/health/ready").status_code == 200


def test_a_reload_asks_for_a_signature_too(bundle: Path, tmp_path: Path) -> None:
    public = new(tmp_path / "key")
    sign_bundle(bundle, tmp_path / "key")
    before = open_registry(bundle.parent, trusted=public)
    (bundle / SIGNATURE).unlink()
    after = reopen_registry(before, bundle.parent, trusted=public)
    assert after.tagger() is before.tagger()
    [fault] = after.load_errors
    assert "bears no signature" in fault.detail
    public.write_text("no key")
    with pytest.raises(TrustedKeysError):
        reopen_registry(before, bundle.parent, trusted=public)


def test_a_private_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    public = new(tmp_path / "key")
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert b"PUBLIC KEY" in public.read_bytes()


def test_a_key_is_not_written_over(tmp_path: Path) -> None:
    new(tmp_path / "key")
    before = (tmp_path / "key").read_bytes()
    with pytest.raises(SigningKeyError, match="cannot be written: File exists"):
        new(tmp_path / "key")
    assert (tmp_path / "key").read_bytes() == before


def test_half_a_pair_is_not_left_behind(tmp_path: Path) -> None:
    (tmp_path / "key.pub").touch()
    with pytest.raises(SigningKeyError, match=r"key\.pub cannot be written: File exists"):
        new(tmp_path / "key")
    assert not (tmp_path / "key").exists()


def test_a_damaged_bundle_is_not_signed(bundle: Path, tmp_path: Path) -> None:
    new(tmp_path / "key")
    (bundle / "words.txt").write_text("nothing\n")
    with pytest.raises(BundleInvalidError):
        sign_bundle(bundle, tmp_path / "key")
    assert not (bundle / SIGNATURE).exists()


def test_without_cryptography_one_is_told_what_to_install(toy_bundle: Path) -> None:
    program = (
        "import sys; sys.modules['cryptography'] = None\n"
        "from pathlib import Path\n"
        "from app.inference.loading import open_registry\n"
        f"open_registry(Path({str(toy_bundle)!r}))\n"
        f"open_registry(Path({str(toy_bundle)!r}), trusted=Path('keys'))\n"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "TrustedKeysError" in finished.stderr
    assert finished.stderr.splitlines()[-1].endswith(install_command("signing"))
