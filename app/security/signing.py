"""
Signs bundles, for services that serve none that is not signed.

    slotline signing-key KEY        makes KEY, to sign with, and KEY.pub, to trust
    slotline sign BUNDLE --key KEY  writes BUNDLE/manifest.json.sig
"""

import os
from pathlib import Path

from app.tagging.bundle import MANIFEST, SIGNATURE, open_bundle
from app.tagging.errors import SigningKeyError
from app.tagging.signatures import new_key_pair, sign


def new(path: Path) -> Path:
    """
    Write a private key that only its owner can read, and its public key beside it.

    Returns the path of the public key. Raises SigningKeyError where one of them is there already.
    """
    private, public = new_key_pair()
    beside = path.with_name(f"{path.name}.pub")
    written: list[Path] = []
    try:
        for file, content, mode in ((path, private, 0o600), (beside, public, 0o644)):
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            written.append(file)
            with os.fdopen(descriptor, "wb") as opened:
                opened.write(content)
    except OSError as error:
        for file in written:  # half a pair would only be in the way
            file.unlink()
        raise SigningKeyError(f"{error.filename} cannot be written: {error.strerror}") from error
    return beside


def sign_bundle(folder: Path, private_key: Path) -> Path:
    """
    Sign a bundle, having verified that its files are those of its manifest.

    Returns the path of the signature. Raises BundleError.
    """
    open_bundle(folder)
    path = folder / SIGNATURE
    path.write_bytes(sign((folder / MANIFEST).read_bytes(), private_key))
    return path
