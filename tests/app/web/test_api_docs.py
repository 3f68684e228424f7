"""The page works without any other host."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from fastapi.testclient import TestClient

ADDRESS = re.compile(
    r"""(?:src|href)\s*=\s*["']([^"']*)|url\(\s*["']?((?!data:)[^)"']+)|url:\s*"([^"]+)"""
)


def addresses(client: TestClient, path: str) -> set[str]:
    """What a file of the page makes the browser fetch, seen from the page."""
    found = {next(filter(None, match)) for match in ADDRESS.findall(client.get(path).text)}
    return {urljoin("http://here/docs", address) for address in found}


@pytest.mark.parametrize("path", ["/docs", "/docs/start.js", "/docs/files/swagger-ui.css"])
def test_all_that_the_page_fetches_is_served_here(client: TestClient, path: str) -> None:
    for address in addresses(client, path):
        assert urlsplit(address).netloc == "here"
        assert client.get(urlsplit(address).path).status_code == 200


def test_the_page_loads_its_scripts_its_styles_and_its_icon(client: TestClient) -> None:
    assert {urlsplit(address).path for address in addresses(client, "/docs")} == {
        "/docs/files/favicon-32x32.png",
        "/docs/files/swagger-ui.css",
        "/docs/files/swagger-ui-bundle.js",
        "/docs/start.js",
    }
    assert addresses(client, "/docs/start.js") == {"http://here/openapi.json"}


def test_the_files_are_what_browsers_take_them_for(client: TestClient) -> None:
    kinds = {
        "/docs": "text/html",
        "/docs/start.js": "text/javascript",
        "/docs/files/swagger-ui-bundle.js": "text/javascript",
        "/docs/files/swagger-ui.css": "text/css",
        "/docs/files/favicon-32x32.png": "image/png",
    }
    for path, kind in kinds.items():
        assert client.get(path).headers["content-type"].split(";")[0] == kind


def test_the_browser_is_told_to_fetch_from_nowhere_else(client: TestClient) -> None:
    policy = client.get("/docs").headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy
    assert "script-src" not in policy


def test_the_document_is_not_sent_away_to_be_checked(client: TestClient) -> None:
    assert "validatorUrl: null" in client.get("/docs/start.js").text
