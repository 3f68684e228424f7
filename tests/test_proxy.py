"""The example of a proxy with TLS in front of the service, as deploy/nginx.conf has it."""

import datetime
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

pytest.importorskip("cryptography")

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.security.api_keys import new_key
from tests.app.server.test_lifecycle import serving

# Debian keeps it where only administrators look.
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
CONFIGURATION = (Path(__file__).parents[1] / "deploy" / "nginx.conf").read_text(encoding="utf-8")


def write_certificate(folder: Path) -> None:
    """A certificate for localhost that it has signed itself, and its key."""
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(private)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def adapted(folder: Path, service: int, tls: int, plain: int) -> str:
    """The configuration with its places changed to those of a test, each of which it must have."""
    text = CONFIGURATION
    # Else its processes could not write to the test's folder.
    user = "user root root;\n" if os.geteuid() == 0 else ""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    own = "".join(f"    {kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    for place, instead in [
        ("/run/nginx-slotline.pid", f"{folder}/pid"),
        ("127.0.0.1:8000", f"127.0.0.1:{service}"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{tls} ssl"),
        ("/etc/slotline/tls", str(folder)),
        ("events {\n", f"{user}events {{\n"),
        ("http {\n", f"http {{\n{own}"),  # those of the system are an administrator's
    ]:
        assert place in text
        text = text.replace(place, instead)
    return text


@contextmanager
def proxied(folder: Path, service: httpx2.URL) -> Iterator[tuple[httpx2.Client, str]]:
    """A client of nginx in front of the service, and nginx' address without TLS."""
    tls, plain = free_port(), free_port()
    write_certificate(folder)
    path = folder / "nginx.conf"
    path.write_text(adapted(folder, service.port or 80, tls, plain), encoding="utf-8")
    assert NGINX
    command = [NGINX, "-e", "stderr", "-p", str(folder), "-c", str(path)]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    assert "warn" not in tested.stderr
    with subprocess.Popen([*command, "-g", "daemon off;"]) as process:
        try:
            until = time.monotonic() + 10
            while True:
                try:
                    socket.create_connection(("127.0.0.1", tls)).close()
                    break
                except ConnectionRefusedError:
                    assert time.monotonic() < until
                    time.sleep(0.05)
            trust = ssl.create_default_context(cafile=str(folder / "certificate.pem"))
            with httpx2.Client(base_url=f"https://localhost:{tls}", verify=trust) as client:
                yield client, f"http://127.0.0.1:{plain}"
        finally:
            process.terminate()


def test_what_is_asked_through_the_proxy_is_answered(toy_bundle: Path, tmp_path: Path) -> None:
    new_key(tmp_path / "admin-keys", "operator")
    settings = {
        "SLOTLINE_MODEL_DIR": str(toy_bundle),
        "SLOTLINE_RATE_LIMIT": "20/minute",
        "SLOTLINE_ADMIN_KEYS_FILE": str(tmp_path / "admin-keys"),
    }
    with serving(**settings) as (direct, _), proxied(tmp_path, direct.base_url) as (client, plain):
        answer = client.post("/slots", json={"text": "leave Taipei"})
        assert answer.status_code == 200, answer.text
        assert answer.json()["slots"][0]["value"] == "Taipei"
        assert "max-age" in answer.headers["strict-transport-security"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert client.get("/docs/files/swagger-ui-bundle.js").status_code == 200

        too_large = client.post(
            "/slots", content=b" " * 1_048_577, headers={"content-type": "application/json"}
        )
        assert too_large.json()["code"] == "body_too_large", "the service refuses, not nginx"

        for path in ("/admin/reload", "/metrics"):
            assert client.post(path).status_code == 404
        assert direct.post("/admin/reload").status_code == 401

        moved = httpx2.get(f"{plain}/models?a=b")
        assert moved.status_code == 308
        assert moved.headers["location"] == "https://127.0.0.1/models?a=b"

        # Nobody chooses the address by which it is counted.
        left = [
            int(
                client.get("/models", headers={"x-forwarded-for": f"192.0.2.{n}"})
                .headers["ratelimit"]
                .split("r=")[1]
                .split(";")[0]
            )
            for n in range(3)
        ]
        assert left == [left[0], left[0] - 1, left[0] - 2]


def test_what_a_closed_connection_has_lost_is_sent_again(toy_bundle: Path, tmp_path: Path) -> None:
    # As where SLOTLINE_KEEP_ALIVE_TIMEOUT is below what nginx has.
    settings = {"SLOTLINE_MODEL_DIR": str(toy_bundle), "SLOTLINE_KEEP_ALIVE_TIMEOUT": "0.1"}
    with serving(**settings) as (direct, _), proxied(tmp_path, direct.base_url) as (client, _):
        for number in range(60):
            answer = client.post("/slots", json={"text": "leave Taipei"})
            assert answer.status_code == 200, answer.text
            time.sleep(0.095 + number % 20 / 2_000)
