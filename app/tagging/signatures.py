"""
Who made a bundle: Ed25519 signatures of manifests.

A manifest has the hash of every other file, so its signature stands for the bundle. Whoever
imports this needs cryptography, which is in the `signing` extra.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from app.tagging.errors import SigningKeyError, TrustedKeysError

_PEM = re.compile(rb"-----BEGIN [^-]+-----.*?-----END [^-]+-----", re.DOTALL)
_BEGIN = b"-----BEGIN "
_LARGEST = 65_536  # bytes of a file of keys


@dataclass(frozen=True, slots=True)
class TrustedKeys:
    """The public keys whose owners' bundles are served."""

    keys: tuple[Ed25519PublicKey, ...]

    def verify(self, content: bytes, signature: bytes) -> bool:
        """Whether one of the keys made the signature of the content; it is as `sign` gave it."""
        try:
            raw = base64.b64decode(signature.strip(), validate=True)
        except binascii.Error:
            return False
        for key in self.keys:
            try:
                key.verify(raw, content)
            except InvalidSignature:
                continue
            return True
        return False


def sign(content: bytes, private_key: Path) -> bytes:
    """
    The signature of the content, in Base64, with a line end.

    Raises SigningKeyError where the file holds no Ed25519 private key.
    """
    try:
        key = load_pem_private_key(private_key.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SigningKeyError(f"{private_key}: no private key can be read: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyError(f"{private_key}: its key is of another kind than Ed25519")
    return base64.b64encode(key.sign(content)) + b"\n"


def new_key_pair() -> tuple[bytes, bytes]:
    """A private key to sign with and its public key, in PEM."""
    key = Ed25519PrivateKey.generate()
    return (
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    )


def read_trusted_keys(path: Path) -> TrustedKeys:
    """
    The public keys in a PEM file, or in all *.pub of a folder.

    Raises TrustedKeysError where there is none, or what is there is something else.
    """
    keys = []
    for block in _blocks(path):
        try:
            key = load_pem_public_key(block)
        except (ValueError, UnsupportedAlgorithm) as error:
            raise TrustedKeysError(path, "not every entry is a public key in PEM") from error
        if not isinstance(key, Ed25519PublicKey):
            raise TrustedKeysError(path, "a key is not an Ed25519 key")
        keys.append(key)
    if not keys:
        raise TrustedKeysError(path, "it contains no public key in PEM")
    return TrustedKeys(tuple(keys))


def _blocks(path: Path) -> list[bytes]:
    blocks = []
    try:
        for file in sorted(path.glob("*.pub")) if path.is_dir() else [path]:
            with file.open("rb") as opened:
                content = opened.read(_LARGEST)
            keys = _PEM.findall(content)
            if len(keys) != content.count(_BEGIN):
                raise TrustedKeysError(path, "a key in it is cut off")
            blocks += keys
    except OSError as error:
        raise TrustedKeysError(path, f"it cannot be read: {error.strerror}") from error
    return blocks
