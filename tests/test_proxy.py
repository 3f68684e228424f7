"""The examples of proxies with TLS in front of the service, as deploy/ has them."""

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx2
import pytest

pytest.importorskip("cryptography")

from app.security.api_keys import new_key
from benchmarks.harness.service import serving
from tests.deploy.balancers import HAPROXY, NGINX, Front, haproxy, nginx

PROXIES = pytest.mark.parametrize(
    "proxy",
    [
        pytest.param(
            nginx, marks=pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
        ),
        pytest.param(
            haproxy, marks=pytest.mark.skipif(HAPROXY is None, reason="haproxy is not installed")
        ),
    ],
)
Proxy = Callable[[Path, list[int]], AbstractContextManager[Front]]


@contextmanager
def proxied(proxy: Proxy, folder: Path, service: httpx2.URL) -> Iterator[tuple[httpx2.Client, str]]:
    """A client of a proxy in front of the service, and the proxy's address without TLS."""
    with proxy(folder, [service.port or 80]) as front:
        trust = ssl.create_default_context(cafile=str(front.trust))
        with httpx2.Client(base_url=f"https://localhost:{front.tls}", verify=trust) as client:
            yield client, f"http://127.0.0.1:{front.plain}"


@PROXIES
def test_what_is_asked_through_the_proxy_is_answered(
    proxy: Proxy, toy_bundle: Path, tmp_path: Path
) -> None:
    new_key(tmp_path / "admin-keys", "operator")
    settings = {
        "SLOTLINE_MODEL_DIR": str(toy_bundle),
        "SLOTLINE_RATE_LIMIT": "20/minute",
        "SLOTLINE_ADMIN_KEYS_FILE": str(tmp_path / "admin-keys"),
    }
    with (
        serving(**settings) as (direct, _),
        proxied(proxy, tmp_path, direct.base_url) as (client, plain),
    ):
        answer = client.post("/slots", json={"text": "leave Taipei"})
        assert answer.status_code == 200, answer.text
        assert answer.json()["slots"][0]["value"] == "Taipei"
        assert "max-age" in answer.headers["strict-transport-security"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert client.get("/docs/files/swagger-ui-bundle.js").status_code == 200

        too_large = client.post(
            "/slots", content=b" " * 1_048_577, headers={"content-type": "application/json"}
        )
        assert too_large.json()["code"] == "body_too_large", "the service refuses, not the proxy"

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


@PROXIES
def test_what_a_closed_connection_has_lost_is_sent_again(
    proxy: Proxy, toy_bundle: Path, tmp_path: Path
) -> None:
    # As where SLOTLINE_KEEP_ALIVE_TIMEOUT is below what the proxy has.
    settings = {"SLOTLINE_MODEL_DIR": str(toy_bundle), "SLOTLINE_KEEP_ALIVE_TIMEOUT": "0.1"}
    with (
        serving(**settings) as (direct, _),
        proxied(proxy, tmp_path, direct.base_url) as (client, _),
    ):
        for number in range(60):
            answer = client.post("/slots", json={"text": "leave Taipei"})
            assert answer.status_code == 200, answer.text
            time.sleep(0.095 + number % 20 / 2_000)
