"""The page at `/`, as the browser gets it; tests/browser tries it there."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.security.api_keys import new_key
from app.settings import Settings
from app.web.playground import FOLDER

FILES = sorted(path.name for path in FOLDER.iterdir())
KINDS = {
    ".html": {"text/html"},
    ".css": {"text/css"},
    ".js": {"text/javascript", "application/javascript"},
    ".svg": {"image/svg+xml"},
}


def test_the_page_and_its_files_are_what_browsers_take_them_for(client: TestClient) -> None:
    assert client.get("/").headers["content-type"] == "text/html; charset=utf-8"
    for name in FILES:
        answer = client.get(f"/page/{name}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].split(";")[0] in KINDS[Path(name).suffix]
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_browser_may_do_nothing_but_what_the_page_needs(client: TestClient) -> None:
    for path in ("/", "/page/main.js"):
        headers = client.get(path).headers
        policy = dict(
            directive.split(" ", 1) for directive in headers["content-security-policy"].split("; ")
        )
        assert policy == {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "connect-src": "'self'",
            "img-src": "'self'",
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": "'none'",
            "require-trusted-types-for": "'script'",
            "trusted-types": "'none'",
        }
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"


def test_the_first_paint_needs_less_than_100_kilobytes(client: TestClient) -> None:
    page = len(client.get("/").content)
    files = [len(client.get(f"/page/{name}").content) for name in FILES if name != "index.html"]
    assert page + sum(files) <= 100_000


def test_all_that_the_page_fetches_is_beside_it(client: TestClient) -> None:
    fetched = re.findall(r'(?:src|href)="([^"]+)"', client.get("/").text)
    assert "page/main.js" in fetched
    for address in fetched:
        # Relative, so that a proxy may serve all this under a path of its own.
        assert not re.match(r"/|[a-z]+:", address)
        assert client.get(f"/{address}").status_code == 200


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".js")])
def test_a_module_is_fetched_with_the_page_and_not_behind_another(
    client: TestClient, name: str
) -> None:
    assert f'"page/{name}"' in client.get("/").text
    for imported in re.findall(r'from "([^"]+)"', (FOLDER / name).read_text(encoding="utf-8")):
        assert imported.removeprefix("./") in FILES


@pytest.mark.parametrize("name", FILES)
def test_no_file_names_another_host(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert set(re.findall(r"(?:https?:)?//[\w.-]+\.\w+", text)) <= {"http://www.w3.org"}
    assert not re.search(r"\burl\(|@import", text)


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".js")])
def test_no_module_writes_html(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text)


def test_nothing_in_the_page_itself_is_script_or_style(client: TestClient) -> None:
    page = client.get("/").text
    assert re.findall(r"<script[^>]*>([^<]*)", page) == [""]
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)


def test_after_an_upgrade_no_old_file_is_used(client: TestClient) -> None:
    assert client.get("/").headers["cache-control"] == "no-cache"
    first = client.get("/page/main.js")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get("/page/main.js", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304


def test_what_is_not_there_is_not_found(client: TestClient) -> None:
    for path in ("/page", "/page/", "/page/none.js", "/page/../pages.py", "/page/%2e%2e/pages.py"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert answer.json()["code"] == "not_found"


def test_the_page_is_open_to_those_without_a_key(toy_bundle: Path, tmp_path: Path) -> None:
    new_key(tmp_path / "keys", "someone")
    settings = Settings(model_dir=toy_bundle, api_keys_file=tmp_path / "keys")
    with TestClient(create_app(settings)) as client:
        assert client.get("/").status_code == 200
        assert client.get("/page/main.js").status_code == 200
        assert client.get("/models").status_code == 401


def test_the_page_is_not_in_the_document(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert not [path for path in paths if path == "/" or path.startswith("/page")]
