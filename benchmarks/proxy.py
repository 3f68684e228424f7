"""nginx as deploy/nginx.conf sets it up, in front of a service of a benchmark, without its TLS."""

import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from os import environ, geteuid
from pathlib import Path

CONFIGURATION = Path(__file__).parents[1] / "deploy" / "nginx.conf"
# Debian keeps it where only administrators look.
NGINX = shutil.which("nginx", path=f"{environ.get('PATH', '')}:/usr/sbin")
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@contextmanager
def proxied(service: int) -> Iterator[int]:
    """The port of an nginx that passes requests to the service at another port."""
    assert NGINX is not None, "asked for only where it is"
    with tempfile.TemporaryDirectory() as name, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        free.close()
        folder = Path(name)
        path = folder / "nginx.conf"
        path.write_text(_adapted(folder, service, port), encoding="utf-8")
        command = [NGINX, "-e", f"{folder}/log", "-p", name, "-c", str(path), "-g", "daemon off;"]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            try:
                _await(port, process)
                yield port
            finally:
                process.terminate()


def _adapted(folder: Path, service: int, port: int) -> str:
    """The configuration with its places changed; TLS ends at nginx and is no service's affair."""
    text = CONFIGURATION.read_text(encoding="utf-8")
    own = "".join(f"    {kind}_temp_path {folder}/{kind};\n" for kind in _TEMPORARY)
    own += (
        "    keepalive_requests 1000000;\n"  # of the benchmark's clients, which do not connect anew
    )
    # Else its processes could not write to the folder.
    user = "user root root;\n" if geteuid() == 0 else ""
    for place, instead in (
        (r"/run/nginx-slotline\.pid", f"{folder}/pid"),
        (r"127\.0\.0\.1:8000", f"127.0.0.1:{service}"),
        (r"    server \{\s+listen 80;.*?\n    \}\n", ""),
        (r"listen 443 ssl[^;]*;", f"listen 127.0.0.1:{port};"),
        (r" *ssl_\w+ [^\n]*\n", ""),
        (r"events \{\n", f"{user}events {{\n"),
        (r"http \{\n", f"http {{\n{own}"),
    ):
        text, count = re.subn(place, instead, text, flags=re.DOTALL)
        assert count, f"{CONFIGURATION} has no {place}"
    return text


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            assert process.poll() is None, "nginx has ended: its configuration may be at fault"
            assert time.monotonic() < until, "nginx listens at last"
            time.sleep(0.05)
        else:
            return
