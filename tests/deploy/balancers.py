"""nginx and HAProxy as deploy/ sets them up, in front of instances of a test."""

import datetime
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

DEPLOY = Path(__file__).parents[2] / "deploy"
# Debian keeps them where only administrators look.
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
NGINX = shutil.which("nginx", path=_PATH)
HAPROXY = shutil.which("haproxy", path=_PATH)


@dataclass(frozen=True, slots=True)
class Front:
    """Where a balancer listens: with TLS, and for who forgot it; `trust` is its certificate."""

    tls: int
    plain: int
    trust: Path


@contextmanager
def nginx(
    folder: Path, instances: Sequence[int], clients: int = 100, patience: int = 10
) -> Iterator[Front]:
    """
    In front of the instances at these ports.

    clients: connections that one address may have; patience: seconds until an instance that does
    not answer has failed.
    """
    assert NGINX, "asked for only where it is"
    front = _front(folder)
    # Else its processes could not write to the test's folder.
    user = "user root root;\n" if os.geteuid() == 0 else ""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    own = "".join(f"    {kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    places = {
        "/run/nginx-slotline.pid": f"{folder}/pid",
        "listen 80;": f"listen 127.0.0.1:{front.plain};",
        "listen 443 ssl": f"listen 127.0.0.1:{front.tls} ssl",
        "/etc/slotline/tls": str(folder),
        "limit_conn clients 100;": f"limit_conn clients {clients};",
        "proxy_read_timeout 10s;": f"proxy_read_timeout {patience}s;",
        "events {\n": f"{user}events {{\n",
        "http {\n": f"http {{\n{own}",  # those of the system are an administrator's
    }
    text = _adapted("nginx.conf", places, instances)
    path = folder / "nginx.conf"
    path.write_text(text, encoding="utf-8")
    command = [NGINX, "-e", "stderr", "-p", str(folder), "-c", str(path)]
    with _running([*command, "-t"], [*command, "-g", "daemon off;"], front):
        yield front


@contextmanager
def haproxy(
    folder: Path, instances: Sequence[int], clients: int = 100, patience: int = 10
) -> Iterator[Front]:
    """As `nginx`."""
    assert HAPROXY, "asked for only where it is"
    front = _front(folder)
    both = (folder / "certificate.pem").read_bytes() + (folder / "key.pem").read_bytes()
    (folder / "combined.pem").write_bytes(both)
    places = {
        "bind :80 ": f"bind 127.0.0.1:{front.plain} ",
        "bind :443 ssl": f"bind 127.0.0.1:{front.tls} ssl",
        "/etc/slotline/tls": str(folder),
        "sc0_conn_cur gt 100": f"sc0_conn_cur gt {clients}",
        "timeout server 10s": f"timeout server {patience}s",
        "timeout check 2s": f"timeout check {max(2, patience // 5)}s",
    }
    path = folder / "haproxy.cfg"
    path.write_text(_adapted("haproxy.cfg", places, instances), encoding="utf-8")
    command = [HAPROXY, "-f", str(path)]
    with _running([*command, "-c", "-dW"], [*command, "-db"], front):
        yield front


def _adapted(name: str, places: dict[str, str], instances: Sequence[int]) -> str:
    """The configuration with its places changed to those of a test, each of which it must have."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    for place, instead in places.items():
        assert place in text, f"{name} has no {place!r}"
        text = text.replace(place, instead)
    lines, added = [], 0
    for line in text.splitlines():
        server = re.match(r"( +server (?:\w+ )?127\.0\.0\.1:)(\d+)(.*)", line)
        if server is None:
            lines.append(line)
            added = 0
        elif name == "nginx.conf":  # which has one line for all
            lines += [f"{server[1]}{port}{server[3]}" for port in instances]
        else:
            lines.append(f"{server[1]}{instances[added % len(instances)]}{server[3]}")
            added += 1
    assert lines != text.splitlines()
    return "\n".join(lines) + "\n"


def _front(folder: Path) -> Front:
    write_certificate(folder)
    tls, plain = free_ports(2)
    return Front(tls, plain, folder / "certificate.pem")


@contextmanager
def _running(check: list[str], command: list[str], front: Front) -> Iterator[None]:
    tested = subprocess.run(check, capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    assert "warn" not in tested.stderr.lower()
    with subprocess.Popen(command) as process:
        try:
            until = time.monotonic() + 10
            while True:
                try:
                    socket.create_connection(("127.0.0.1", front.tls)).close()
                    break
                except ConnectionRefusedError:
                    assert process.poll() is None, "it has ended"
                    assert time.monotonic() < until, "it does not listen"
                    time.sleep(0.05)
            yield
        finally:
            process.terminate()


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens at, all different."""
    found = []
    for free in [socket.socket() for _ in range(count)]:
        free.bind(("127.0.0.1", 0))
        found.append(free)
    ports = [free.getsockname()[1] for free in found]
    for free in found:
        free.close()
    return ports


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
