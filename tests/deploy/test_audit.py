"""That there is no vulnerability, that there is one, and that nobody knows are three things."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from deploy.audit import main

HASH = "--hash=sha256:" + "0" * 64
VULNERABILITY = {
    "id": "OSV-1",
    "summary": "It tells secrets.",
    "affected": [
        {
            "package": {"name": "leaky", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1"}]}],
        }
    ],
}


class _Osv(BaseHTTPRequestHandler):
    """Answers as the databases of vulnerabilities do."""

    def do_POST(self) -> None:
        query = json.loads(self.rfile.read(int(self.headers["content-length"])))
        known = {"vulns": [VULNERABILITY]} if query["package"]["name"] == "leaky" else {}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(known).encode())

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def service(tmp_path: Path) -> Iterator[list[str]]:
    """The options by which a database on this machine is asked."""
    with HTTPServer(("127.0.0.1", 0), _Osv) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield options(server.server_port, tmp_path)
        server.shutdown()
        thread.join()


def options(port: int, folder: Path) -> list[str]:
    cache = f"--cache-dir={folder / 'cache'}"
    return ["--vulnerability-service=osv", f"--osv-url=http://127.0.0.1:{port}/", cache]


def lock(folder: Path, *lines: str) -> str:
    path = folder / "some.lock"
    path.write_text("".join(f"{line} {HASH}\n" for line in lines))
    return str(path)


def test_good_packages_pass(
    service: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([lock(tmp_path, "fine==1.0", "good==2.0"), *service])
    assert not ended.value.code
    said = capsys.readouterr().out
    assert "0 vulnerabilities known in the 2 packages that could be asked about" in said
    assert "COULD NOT ASK" not in said


def test_a_vulnerable_package_fails(
    service: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([lock(tmp_path, "fine==1.0", "leaky==1.0"), *service])
    assert ended.value.code == 1
    said = capsys.readouterr().out
    assert "leaky 1.0 has OSV-1 (mended by 1.1): It tells secrets." in said


def test_a_package_that_nobody_could_be_asked_about_is_named(
    service: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = lock(tmp_path, "fine==1.0", "ours @ http://127.0.0.1/ours-1.0-py3-none-any.whl")
    with pytest.raises(SystemExit) as ended:
        main([path, *service])
    assert not ended.value.code
    said = capsys.readouterr().out
    assert "in the 1 packages that could be asked about" in said
    assert "COULD NOT ASK about ours" in said


def test_where_nobody_answers_that_is_said_and_no_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with HTTPServer(("127.0.0.1", 0), _Osv) as server:
        port = server.server_port
    with pytest.raises(SystemExit) as ended:
        main([lock(tmp_path, "leaky==1.0"), *options(port, tmp_path)])
    assert not ended.value.code
    said = capsys.readouterr().out
    assert "COULD NOT ASK, nothing is known" in said
    assert "0 vulnerabilities" not in said


def test_a_lock_that_cannot_be_read_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "some.lock"
    path.write_text("fine==1.0\n")
    with pytest.raises(SystemExit, match="does not contain a hash"):
        main([str(path)])
