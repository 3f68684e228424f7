"""How often a caller may call."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from starlette.types import Scope

from app.http.authentication import caller_of
from app.http.rate_limit import _MOST_CALLERS, Counts
from app.main import create_app
from app.security.api_keys import new_key
from app.settings import Settings
from tests.app.http.test_error_handlers import assert_is_problem

FIELD = re.compile(r'"default";r=(\d+);t=(\d+)')


@contextmanager
def limited(bundles: Path, limit: str, keys: Path | None = None) -> Iterator[TestClient]:
    settings = Settings(model_dir=bundles, rate_limit=limit, api_keys_file=keys)
    with TestClient(create_app(settings)) as client:
        yield client


def test_a_caller_is_told_what_is_left_and_then_to_wait(toy_bundle: Path) -> None:
    with limited(toy_bundle, "3/minute") as client:
        left = []
        for _ in range(3):
            response = client.get("/models")
            assert response.status_code == 200
            assert response.headers["ratelimit-policy"] == '"default";q=3;w=60'
            found = FIELD.fullmatch(response.headers["ratelimit"])
            assert found
            left.append(int(found.group(1)))
            assert 1 <= int(found.group(2)) <= 60
        assert left == [2, 1, 0]
        refusal = client.post("/slots", json={"text": "leave Taipei"})
        assert_is_problem(refusal, 429, "rate_limited")
        assert 55 <= int(refusal.headers["retry-after"]) <= 60
        assert refusal.headers["ratelimit"].startswith('"default";r=0;')


def test_whoever_has_waited_is_answered_again(toy_bundle: Path) -> None:
    with limited(toy_bundle, "1/second") as client:
        assert client.get("/models").status_code == 200
        refusal = client.get("/models")
        assert refusal.status_code == 429
        time.sleep(int(refusal.headers["retry-after"]))
        assert client.get("/models").status_code == 200


def test_health_and_the_page_are_not_counted(toy_bundle: Path) -> None:
    with limited(toy_bundle, "1/minute") as client:
        for path in ("/health/live", "/docs", "/openapi.json") * 2:
            response = client.get(path)
            assert response.status_code == 200
            assert "ratelimit" not in response.headers


def test_every_key_has_its_own_count(toy_bundle: Path, tmp_path: Path) -> None:
    keys = [new_key(tmp_path / "keys", name) for name in ("ours", "theirs")]
    with limited(toy_bundle, "1/minute", tmp_path / "keys") as client:
        for key in keys:
            answers = [client.get("/models", headers={"x-api-key": key}) for _ in range(2)]
            assert [answer.status_code for answer in answers] == [200, 429]
        assert client.get("/models").status_code == 401


def test_without_a_limit_nothing_is_said_of_one(client: TestClient) -> None:
    assert "ratelimit" not in client.get("/models").headers


@pytest.mark.parametrize(
    ("scope", "caller"),
    [
        ({"client": ("192.0.2.7", 1)}, "address 192.0.2.7"),
        ({"client": ("2001:db8::1:2:3:4", 1)}, "network 2001:db8::/64"),
        ({"client": ("2001:db8::9", 2)}, "network 2001:db8::/64"),
        ({"client": ("::ffff:192.0.2.7", 2)}, "address 192.0.2.7"),
        ({"client": ("testclient", 1)}, "host testclient"),
        ({"client": None}, "somebody"),
        ({"client": ("192.0.2.7", 1), "state": {"caller": "ours"}}, "key ours"),
    ],
)
def test_a_caller_is_a_key_or_an_address(scope: Scope, caller: str) -> None:
    assert caller_of(scope) == caller


@pytest.fixture
def counts() -> Counts:
    return Counts()


def count(counts: Counts, key: str, seconds: float = 60) -> int:
    # limits wraps the method, and its type is lost on the way.
    increase: Callable[..., int] = counts.incr
    return increase(key, seconds)


def test_each_is_counted_alone_and_anew_when_the_time_is_over(counts: Counts) -> None:
    assert [count(counts, "a", 0.05) for _ in range(3)] == [1, 2, 3]
    assert count(counts, "b", 0.05) == 1
    assert counts.get("a") == 3
    time.sleep(0.06)
    assert counts.get("a") == 0
    assert count(counts, "a", 0.05) == 1
    assert counts.get_expiry("nobody") <= time.monotonic()


def test_those_whose_time_is_over_are_forgotten(counts: Counts) -> None:
    for number in range(100):
        count(counts, str(number), 0.01)
    time.sleep(0.02)
    count(counts, "last", 0.01)
    assert counts.reset() == 1


def test_no_more_callers_are_remembered_than_there_is_room_for(counts: Counts) -> None:
    for number in range(_MOST_CALLERS + 10):
        count(counts, str(number))
    assert counts.get("0") == 0
    assert counts.get(str(_MOST_CALLERS + 9)) == 1
    assert counts.reset() == _MOST_CALLERS
    counts.clear("nobody")
    assert counts.check()
