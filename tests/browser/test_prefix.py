"""The pages behind a proxy that publishes the service under a prefix, which it takes away."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, expect

from benchmarks.harness.service import serving
from tests.browser.conftest import PATIENCE

PREFIX = "/team/nlu"
UVICORN = ("uvicorn", "--factory", "app.main:create_app", "--port", "0", "--root-path", PREFIX)
expect.set_options(timeout=PATIENCE)


@contextmanager
def published(service: httpx2.Client) -> Iterator[tuple[str, list[str]]]:
    """The address of a proxy, and what was asked of it outside of the prefix."""
    strays: list[str] = []

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not self.path.startswith(f"{PREFIX}/"):
                strays.append(self.path)
                self.send_error(404)
                return
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {"content-type": self.headers.get("content-type", "")}
            path = self.path.removeprefix(PREFIX)
            answer = service.request(self.command, path, content=body, headers=headers)
            self.send_response(answer.status_code)
            for name in ("content-type", "content-security-policy"):
                if name in answer.headers:
                    self.send_header(name, answer.headers[name])
            self.send_header("content-length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_POST = do_GET  # noqa: N815  # the server's name

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{PREFIX}", strays
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("command", [(), UVICORN])
def test_the_pages_work_under_a_prefix(
    browser: Browser, bundles: Path, command: tuple[str, ...]
) -> None:
    settings = {"SLOTLINE_MODEL_DIR": str(bundles), "SLOTLINE_DEFAULT_MODEL": "toy"}
    with (
        serving(*command, **settings) as (client, _),
        published(client) as (address, strays),
        browser.new_page() as page,
    ):
        page.goto(f"{address}/docs")
        page.locator("#operations-slots-fill_slots_slots_post").click()
        page.get_by_role("button", name="Execute").click()
        shown = page.locator(".live-responses-table tbody .response-col_status")
        expect(shown.first).to_contain_text("200")
        expect(page.locator(".request-url")).to_contain_text(f"{address}/slots")
        page.goto(f"{address}/")
        page.get_by_role("textbox", name="Sentence").fill("leave Taipei")
        expect(page.locator("mark")).to_have_text(["Taipei"])
    assert strays == []
