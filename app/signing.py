"""
Signs bundles, for services that serve none that is not signed.

    python -m app.signing new KEY                makes KEY, to sign with, and KEY.pub, to trust
    python -m app.signing sign BUNDLE --key KEY  writes BUNDLE/manifest.json.sig
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from app.tagging.bundle import MANIFEST, SIGNATURE, open_bundle
from app.tagging.errors import BundleError, SigningKeyError

try:
    from app.tagging.signatures import new_key_pair, sign
except ImportError:
    sys.exit("error: cryptography is not installed: pip install cryptography")


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


def main(arguments: Sequence[str] | None = None) -> None:
    """The commands."""
    parser = argparse.ArgumentParser(prog="python -m app.signing", description="Sign bundles.")
    commands = parser.add_subparsers(required=True)
    maker = commands.add_parser("new", help="make a pair of keys")
    maker.add_argument("path", type=Path, metavar="KEY", help="file for the private key")
    maker.set_defaults(command=lambda options: new(options.path))
    signer = commands.add_parser("sign", help="sign a bundle")
    signer.add_argument("bundle", type=Path, metavar="BUNDLE", help="folder of the bundle")
    signer.add_argument("--key", type=Path, required=True, help="file of the private key")
    signer.set_defaults(command=lambda options: sign_bundle(options.bundle, options.key))
    options = parser.parse_args(arguments)
    try:
        written = options.command(options)
    except (BundleError, OSError) as error:
        sys.exit(f"error: {error}")
    sys.stdout.write(f"{written}\n")


if __name__ == "__main__":
    main()
