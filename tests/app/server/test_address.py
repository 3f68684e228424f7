"""HOST and PORT: what is an address, and one sentence about what is none."""

import errno
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from pydantic import ValidationError

from app.address import AddressError, address_error, bind, read_host
from app.settings import Settings
from benchmarks.harness.service import ROOT, serving

HAS_IPV6 = socket.has_ipv6 and Path("/proc/net/if_inet6").exists()
CONDA = "x86_64-conda-linux-gnu"


@pytest.mark.parametrize(
    ("value", "host"),
    [
        ("127.0.0.1", "127.0.0.1"),
        (" 0.0.0.0\n", "0.0.0.0"),
        ("[::1]", "::1"),
        (" [::] ", "::"),
        ("::1", "::1"),
        ("[fe80::1%eth0]", "fe80::1%eth0"),
        ("localhost", "localhost"),
        ("my_host.example.", "my_host.example."),
        (CONDA, CONDA),
        ("", "127.0.0.1"),
        ("  ", "127.0.0.1"),
    ],
)
def test_an_address_is_read_with_brackets_and_blanks_or_without(value: str, host: str) -> None:
    assert read_host(value) == host


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("http://localhost:8000", "is a URL"),
        ("tcp://10.0.0.1:8000", "is a URL"),
        ("localhost:8000", "has a port: set HOST=localhost and PORT=8000"),
        ("127.0.0.1:9000", "has a port: set HOST=127.0.0.1 and PORT=9000"),
        ("[::1]:9000", r"has a port: set HOST=\[::1\] and PORT=9000"),
        ("localhost:", "has a port: set HOST=localhost and PORT=8000"),
        ("*", "set HOST=0.0.0.0"),
        ("0", "no address to listen on"),
        ("8000", "no address to listen on"),
        ("127.1", "no address to listen on"),
        ("0x7f000001", "no address to listen on"),
        ("256.0.0.1", "no address to listen on"),
        ("::g", "no address to listen on"),
        ("[127.0.0.1]", "no address to listen on"),
        ("[::1", "no address to listen on"),
        ("'127.0.0.1'", "without quotes"),
        ('"127.0.0.1"', "without quotes"),
        ("127.0.0.1,::1", "one address or name"),
        ("0.0.0.0/0", "no address to listen on"),
        ("my host", "no address to listen on"),
        ("user@host", "no address to listen on"),
        ("$HOST", "no address to listen on"),
        ("\udcff", "no address to listen on"),
    ],
)
def test_what_is_no_address_is_refused_by_the_name_of_its_variable(
    value: str, sentence: str
) -> None:
    with pytest.raises(AddressError, match=sentence) as error:
        bind(value, 0)
    assert str(error.value).startswith(f"HOST={value!r}")


@pytest.mark.parametrize("value", [CONDA, "no-such-host.invalid", "ä" * 64, "a..b", "192.0.2.1"])
def test_a_name_of_nothing_and_an_address_elsewhere_are_told_as_the_host(value: str) -> None:
    with pytest.raises(AddressError, match="is no address of this machine") as error:
        bind(value, 0)
    assert f"HOST={value!r}" in str(error.value)
    assert "unset HOST, or set HOST=127.0.0.1" in str(error.value)


def test_all_addresses_of_a_name_get_the_same_port() -> None:
    sockets = bind("localhost", 0)
    try:
        assert len({each.getsockname()[1] for each in sockets}) == 1
        assert sockets[0].getsockname()[0] in {"127.0.0.1", "::1"}
    finally:
        for each in sockets:
            each.close()


def test_an_address_that_the_system_lacks_beside_others_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    addresses = [("192.0.2.1", 0), ("127.0.0.1", 0)]
    found = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", address) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    [only] = bind("both", 0)
    with only:
        assert only.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize(
    ("number", "port", "sentence"),
    [
        (errno.EACCES, 80, "PORT=80 .* set PORT to 1024 or above"),
        (errno.EACCES, 8000, "cannot listen on HOST='127.0.0.1', PORT=8000"),
        (errno.EADDRINUSE, 8000, "PORT=8000 is in use .* set PORT to another"),
        (errno.EAFNOSUPPORT, 8000, "HOST='127.0.0.1' is no address of this machine"),
        (errno.EINVAL, 8000, "cannot listen on HOST='127.0.0.1', PORT=8000"),
    ],
)
def test_what_the_system_refuses_is_told_with_what_to_do(
    number: int, port: int, sentence: str
) -> None:
    error = address_error("127.0.0.1", port, OSError(number, os.strerror(number)))
    pattern = pytest.raises(AddressError, match=sentence)
    with pattern:
        raise error


@pytest.mark.parametrize(("value", "port"), [(" 9000 ", 9000), ("", 8000), ("  ", 8000), ("0", 0)])
def test_a_port_is_read_with_blanks_around_it(
    monkeypatch: pytest.MonkeyPatch, value: str, port: int
) -> None:
    monkeypatch.setenv("PORT", value)
    assert Settings().port == port


@pytest.mark.parametrize(
    "value",
    [
        *("65536", "-1", "http", "8000/tcp", "tcp://10.0.0.1:8000", "80 00", "8_000", "+8000"),
        *("8000.0", "８０００", "٨٠٠٠", "0x1f40", ":8000", "'8000'", "9" * 5_000),
    ],
)
def test_what_is_no_port_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PORT", value)
    with pytest.raises(ValidationError, match="is no port: unset PORT, or set it to a number"):
        Settings()


@pytest.fixture(scope="module")
def taken() -> Iterator[int]:
    """A port of 127.0.0.1 at which another listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("log_format", ["text", "json"])
@pytest.mark.parametrize(
    ("variable", "value"),
    [("HOST", CONDA), ("HOST", "localhost:8000"), ("PORT", "TAKEN"), ("PORT", "８０００")],
)
def test_the_start_ends_with_one_sentence(
    toy_bundle: Path, taken: int, workers: str, log_format: str, variable: str, value: str
) -> None:
    settings = {
        "SLOTLINE_MODEL_DIR": str(toy_bundle),
        "SLOTLINE_WORKERS": workers,
        "SLOTLINE_LOG_FORMAT": log_format,
        "PORT": "0",
        variable: str(taken) if value == "TAKEN" else value,
    }
    finished = start([sys.executable, "-m", "app"], settings)
    assert finished.returncode != 0
    assert "Traceback" not in finished.stderr
    told = [line for line in finished.stderr.splitlines() if variable in line]
    [line] = told
    assert finished.stderr.splitlines()[-1] == line
    if log_format == "json":
        assert all(json.loads(each) for each in finished.stderr.splitlines())
        assert json.loads(line)["level"] == "critical"
        assert json.loads(line)["message"].startswith(variable)
    else:
        assert line.startswith(f"slotline: {variable}")


def start(command: list[str], settings: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_serve_tells_of_the_host_that_conda_exports(toy_bundle: Path) -> None:
    binaries = str(Path(sys.executable).parent)
    command = ["make", "--assume-old=.venv/.serving", "serve", f"BIN={binaries}"]
    settings = {"HOST": CONDA, "PORT": "0", "SLOTLINE_MODEL_DIR": str(toy_bundle)}
    finished = start(command, settings)
    assert finished.returncode != 0
    assert f"slotline: HOST={CONDA!r} is no address of this machine" in finished.stderr
    assert "unset HOST" in finished.stderr


@pytest.mark.skipif(not HAS_IPV6, reason="this machine has no IPv6")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_address_in_brackets_is_listened_on(toy_bundle: Path, workers: str) -> None:
    settings = {"SLOTLINE_MODEL_DIR": str(toy_bundle), "SLOTLINE_WORKERS": workers}
    with serving(HOST=" [::1] ", **settings) as (client, _):
        assert client.base_url.host == "::1"
        assert client.get("/health/ready").status_code == 200


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_name_is_listened_on_at_all_its_addresses(toy_bundle: Path, workers: str) -> None:
    addresses = {found[4][0] for found in socket.getaddrinfo("localhost", 0)}
    settings = {"SLOTLINE_MODEL_DIR": str(toy_bundle), "SLOTLINE_WORKERS": workers}
    with serving(HOST="localhost", **settings) as (client, _):
        for address in addresses:
            shown = f"[{address}]" if ":" in str(address) else address
            answer = httpx2.get(f"http://{shown}:{client.base_url.port}/health/ready")
            assert answer.status_code == 200


@pytest.mark.parametrize(("host", "status"), [(" 127.0.0.1 ", 0), ("", 0), ("127.0.0.2", 1)])
def test_the_health_check_of_the_images_reads_the_host_as_the_service_does(
    toy_bundle: Path, host: str, status: int
) -> None:
    with serving(SLOTLINE_MODEL_DIR=str(toy_bundle), HOST="127.0.0.1") as (client, _):
        settings = {"HOST": host, "PORT": f" {client.base_url.port} "}
        assert start([sys.executable, "deploy/health.py"], settings).returncode == status
