"""What is read of a body, and what is not."""

import asyncio
import json
import time
from collections.abc import Sequence
from datetime import datetime

import pytest
from starlette.types import Message, Scope

from app.api.queries import parse_batch, parse_message, parse_query
from app.api.schemas import ResolveOptions
from app.http.bodies import BodyLimits, is_json, read_json
from app.http.errors import (
    BodyTooLargeError,
    InvalidJsonError,
    InvalidRequestError,
    ReadTimeoutError,
    RequestError,
)
from app.inference.errors import ClientDisconnectedError

JSON = [(b"content-type", b"application/json")]


def chunks_read(length: str | None, chunks: int) -> int:
    """How many chunks of ten bytes are read, of a request under a limit of twenty-five."""
    read = 0

    async def receive() -> Message:
        nonlocal read
        read += 1
        return {"type": "http.request", "body": b"0123456789", "more_body": read < chunks}

    headers = JSON if length is None else [*JSON, (b"content-length", length.encode())]
    scope: Scope = {"type": "http", "headers": headers}
    try:
        asyncio.run(read_json(scope, receive, BodyLimits(25, 5)))
    except BodyTooLargeError:
        assert read == 0 or read * 10 > 25
    return read


@pytest.mark.parametrize(
    ("length", "chunks", "read"),
    [
        ("20", 2, 2),
        (None, 2, 2),
        (None, 99, 3),
        ("20", 99, 3),
        ("990", 99, 0),
        ("9" * 5_000, 99, 0),
        ("many", 99, 3),
    ],
)
def test_nothing_is_read_beyond_the_limit(length: str | None, chunks: int, read: int) -> None:
    assert chunks_read(length, chunks) == read


def read_all(chunks: Sequence[bytes], pause: float = 0, seconds: float = 5) -> bytes:
    """The body of chunks that come after pauses; after them, where none is the last, an end."""
    left = list(chunks)

    async def receive() -> Message:
        await asyncio.sleep(pause)
        if not left:
            return {"type": "http.disconnect"}
        chunk = left.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": chunk != b"."}

    return asyncio.run(
        read_json({"type": "http", "headers": JSON}, receive, BodyLimits(9, seconds))
    )


def test_a_body_may_come_as_slowly_as_the_limit_and_no_more_slowly() -> None:
    assert read_all([b"a", b"b", b"."], pause=0.05, seconds=5) == b"ab."
    with pytest.raises(ReadTimeoutError, match=r"0\.12 seconds") as error:
        read_all([b"a"] * 5, pause=0.05, seconds=0.12)
    assert error.value.headers == {"connection": "close"}


def test_a_client_that_leaves_in_the_middle_is_noticed() -> None:
    with pytest.raises(ClientDisconnectedError):
        read_all([b"a", b"b"])


@pytest.mark.parametrize("end", ["whole", "too large", "cut off"])
def test_the_beginning_of_a_body_is_kept_for_the_log_where_that_is_asked_for(end: str) -> None:
    scope: Scope = {"type": "http", "headers": JSON, "state": {}}
    left = [b"0123456789" * 300] * 3

    async def receive() -> Message:
        if not left:
            return {"type": "http.disconnect"}
        chunk = left.pop()
        return {"type": "http.request", "body": chunk, "more_body": bool(left) or end == "cut off"}

    limits = BodyLimits(8_000 if end == "too large" else 9_000, 5, log_bodies=True)
    try:
        asyncio.run(read_json(scope, receive, limits))
    except (BodyTooLargeError, ClientDisconnectedError):
        assert end != "whole"
    assert scope["state"]["body"] == ("0123456789" * 900)[:4096]


@pytest.mark.parametrize(
    ("kind", "accepted"),
    [
        (None, False),
        ("", False),
        ("application/json", True),
        ("application/json; charset=utf-8", True),
        ("Application/JSON ;charset=latin-1", True),
        ("application/problem+json", True),
        ("application/jsonl", False),
        ("text/plain", False),
        ("application/json, text/plain", False),
    ],
)
def test_a_content_type_is_of_json_or_not(kind: str | None, accepted: bool) -> None:
    headers = [] if kind is None else [(b"content-type", kind.encode())]
    assert is_json({"type": "http", "headers": headers}) is accepted


@pytest.mark.parametrize("parse", [parse_query, parse_batch, lambda data: parse_message(data, 999)])
@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b'{"text": "a" b', 13),
        ('{"text": "ä" b'.encode(), 13),
        (b'{"text":\n"a"\nb', 13),
        (b"\xef\xbb\xbf{,", 1),
        (b'{"text": "\xff"}', 10),
        ('{"text": "a"}'.encode("utf-16"), 0),
        (b"x", 0),
    ],
)
def test_what_is_no_json_is_told_with_the_place(parse: object, data: bytes, place: int) -> None:
    with pytest.raises(InvalidJsonError, match=rf"is not JSON, at character {place}$"):
        parse(data)  # type: ignore[operator]


@pytest.mark.parametrize("brackets", [300, 100_000])
@pytest.mark.parametrize("end", ["", "]"])
def test_what_is_nested_too_deeply_is_told(brackets: int, end: str) -> None:
    with pytest.raises(InvalidJsonError, match="nested too deeply"):
        parse_query(b"[" * brackets + end.encode() * brackets)


def test_half_of_a_surrogate_pair_is_told_by_name_wherever_it_is() -> None:
    for data in (rb'{"text": "a\ud800"}', b'{"text": "a\xed\xa0\x80"}'):
        with pytest.raises(RequestError, match="Half of a surrogate pair stands alone"):
            parse_query(data)


def test_a_byte_order_mark_is_no_fault() -> None:
    assert parse_query(b'\xef\xbb\xbf{"text": "a"}') == parse_query(b'{"text": "a"}')


def resolve_of(**resolve: object) -> ResolveOptions | None:
    return parse_query(json.dumps({"text": "Friday", "resolve": resolve}).encode()).resolve


def test_options_that_are_sent_again_are_read_once() -> None:
    at = {"reference_time": "2026-11-29T09:00:00Z", "time_zone": "Asia/Taipei", "locale": "en-GB"}
    first, again = resolve_of(**at), resolve_of(**at)
    assert first is not None
    assert again is first
    assert again.reference is first.reference
    assert first.reference.resolved == at | {"reference_time": "2026-11-29T17:00:00+08:00"}
    assert resolve_of(**at | {"locale": "en-US"}) != first


def test_equal_times_of_other_offsets_are_told_as_they_were_given() -> None:
    for given in ("2026-11-29T09:00:00+00:00", "2026-11-29T10:00:00+01:00") * 2:
        found = resolve_of(reference_time=given)
        assert found is not None
        assert found.reference.resolved["reference_time"] == given


@pytest.mark.parametrize("value", [["en"], {"language": "en"}, True, 1, 1.5])
def test_options_that_cannot_be_used_are_not_remembered(value: object) -> None:
    for _ in range(2):
        with pytest.raises(InvalidRequestError):
            resolve_of(locale=value)


def test_without_a_reference_time_the_clock_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    for second in (1_796_000_000, 1_796_000_000, 1_796_000_001):
        monkeypatch.setattr(time, "time", lambda second=second: second + 0.5)
        found = resolve_of(time_zone="UTC")
        assert found is not None
        told.append(datetime.fromisoformat(found.reference.resolved["reference_time"]))
    assert [moment.timestamp() for moment in told] == [1_796_000_000, 1_796_000_000, 1_796_000_001]
