"""Whose bundles are believed."""

import shutil
from pathlib import Path

import pytest

pytest.importorskip("cryptography")

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from app.tagging.bundle import MANIFEST, SIGNATURE, LoadPolicy, open_bundle, write_bundle
from app.tagging.errors import BundleInvalidError, SigningKeyError, TrustedKeysError
from app.tagging.signatures import new_key_pair, read_trusted_keys, sign
from tests.app.tagging.test_bundle import about


@pytest.fixture
def private_key(tmp_path: Path) -> Path:
    """A private key; `public.pem` beside it is its public key."""
    private, public = new_key_pair()
    (tmp_path / "private.pem").write_bytes(private)
    (tmp_path / "public.pem").write_bytes(public)
    return tmp_path / "private.pem"


@pytest.fixture
def policy(private_key: Path) -> LoadPolicy:
    return LoadPolicy(trusted=read_trusted_keys(private_key.with_name("public.pem")))


@pytest.fixture
def signed(toy_bundle: Path, tmp_path: Path, private_key: Path) -> Path:
    """The toy bundle with a signature."""
    folder = Path(shutil.copytree(toy_bundle, tmp_path / "signed"))
    (folder / SIGNATURE).write_bytes(sign((folder / MANIFEST).read_bytes(), private_key))
    return folder


def test_a_signed_bundle_is_opened(signed: Path, policy: LoadPolicy) -> None:
    assert open_bundle(signed, policy).manifest.name == "toy"


def test_a_bundle_without_a_signature_is_refused(toy_bundle: Path, policy: LoadPolicy) -> None:
    with pytest.raises(BundleInvalidError, match="bears no signature"):
        open_bundle(toy_bundle, policy)
    assert open_bundle(toy_bundle)


def test_no_bit_of_a_signed_manifest_can_change(signed: Path, policy: LoadPolicy) -> None:
    manifest = bytearray((signed / MANIFEST).read_bytes())
    for position in range(0, len(manifest), 7):
        manifest[position] ^= 1
        (signed / MANIFEST).write_bytes(manifest)
        with pytest.raises(BundleInvalidError, match="bears no signature"):
            open_bundle(signed, policy)
        manifest[position] ^= 1


def test_every_other_file_is_covered_by_its_hash(signed: Path, policy: LoadPolicy) -> None:
    (signed / "words.txt").write_text("leave\n")
    with pytest.raises(BundleInvalidError, match=r"words\.txt is not the file"):
        open_bundle(signed, policy)


@pytest.mark.parametrize("signature", [b"", b"AAAA", b"\xff", b"A" * 88, b"not base 64!"])
def test_what_is_no_signature_is_refused(
    signed: Path, policy: LoadPolicy, signature: bytes
) -> None:
    (signed / SIGNATURE).write_bytes(signature)
    with pytest.raises(BundleInvalidError, match="bears no signature"):
        open_bundle(signed, policy)


def test_a_strangers_signature_is_refused(signed: Path, policy: LoadPolicy, tmp_path: Path) -> None:
    (tmp_path / "stranger.key").write_bytes(new_key_pair()[0])
    stranger = sign((signed / MANIFEST).read_bytes(), tmp_path / "stranger.key")
    (signed / SIGNATURE).write_bytes(stranger)
    with pytest.raises(BundleInvalidError, match="bears no signature"):
        open_bundle(signed, policy)


def test_every_key_of_a_file_and_of_a_folder_is_trusted(
    signed: Path, private_key: Path, tmp_path: Path
) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    ours, others = private_key.with_name("public.pem").read_bytes(), new_key_pair()[1]
    (keys / "ours.pub").write_bytes(others + b"a remark\n" + ours)
    (keys / "others.pub").write_bytes(new_key_pair()[1])
    (keys / "README").write_text("no key")
    assert len(read_trusted_keys(keys).keys) == 3
    assert open_bundle(signed, LoadPolicy(trusted=read_trusted_keys(keys)))
    assert open_bundle(signed, LoadPolicy(trusted=read_trusted_keys(keys / "ours.pub")))


def test_writing_over_a_signed_bundle_takes_its_signature_away(signed: Path) -> None:
    opened = open_bundle(signed)
    write_bundle(signed, opened.contents, about(opened))
    assert not (signed / SIGNATURE).exists()


def other_kind() -> tuple[bytes, bytes]:
    """Keys of another kind than Ed25519."""
    key = generate_private_key(SECP256R1())
    return (
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    )


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "contains no public key"),
        (new_key_pair()[0], "not every entry is a public key"),
        (new_key_pair()[1][:60], "is cut off"),
        (new_key_pair()[1] + new_key_pair()[1][:60], "is cut off"),
        (other_kind()[1], "not an Ed25519 key"),
    ],
    ids=["nothing", "a private key", "half a key", "a key and a half", "another kind"],
)
def test_what_holds_no_keys_to_trust_is_refused(tmp_path: Path, content: bytes, fault: str) -> None:
    (tmp_path / "keys.pem").write_bytes(content)
    with pytest.raises(TrustedKeysError, match=fault):
        read_trusted_keys(tmp_path / "keys.pem")
    with pytest.raises(TrustedKeysError, match=r"SLOTLINE_TRUSTED_KEYS=.*cannot be read"):
        read_trusted_keys(tmp_path / "nowhere.pem")


def test_an_empty_folder_of_keys_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrustedKeysError, match="contains no public key"):
        read_trusted_keys(tmp_path)


def test_only_an_ed25519_private_key_signs(private_key: Path, tmp_path: Path) -> None:
    (tmp_path / "other.pem").write_bytes(other_kind()[0])
    with pytest.raises(SigningKeyError, match="another kind"):
        sign(b"", tmp_path / "other.pem")
    for name in ("public.pem", "nowhere.pem"):
        with pytest.raises(SigningKeyError, match="no private key can be read"):
            sign(b"", private_key.with_name(name))
