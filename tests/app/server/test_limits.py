"""What a client may send, at the edge, and hostile texts: over a socket to a real server."""

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, BinaryIO

import httpx2
import pytest

from benchmarks.harness.service import serving

LIMITS = {
    "MAX_BODY_BYTES": "40000",
    "MAX_WORDS": "20",
    "MAX_BATCH_SIZE": "5",
    "MAX_PROBABILITIES": "50",
    "READ_TIMEOUT": "0.5",
}
HEAD = b"POST /slots HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
BODY = b'{"text": "leave Taipei"}'


@pytest.fixture(scope="module")
def server(toy_bundle: Path) -> Iterator[httpx2.Client]:
    limits = {f"SLOTLINE_{name}": value for name, value in LIMITS.items()}
    with serving(SLOTLINE_MODEL_DIR=str(toy_bundle), **limits) as (client, _):
        yield client


def connect(server: httpx2.Client) -> socket.socket:
    line = socket.create_connection((server.base_url.host, server.base_url.port or 80))
    line.settimeout(60)
    return line


def heard(line: socket.socket) -> tuple[int, dict[str, Any]]:
    """The status and the content of the answer on a line, read to its end."""
    with line.makefile("rb") as stream:
        return heard_from(stream)


def heard_from(stream: BinaryIO) -> tuple[int, dict[str, Any]]:
    status = int(stream.readline().split()[1])
    length = 0
    while header := stream.readline().strip().lower():
        if header.startswith(b"content-length:"):
            length = int(header.split(b":")[1])
    return status, json.loads(stream.read(length))


def speak(server: httpx2.Client, request: bytes) -> tuple[int, dict[str, Any]]:
    with connect(server) as line:
        line.sendall(request)
        return heard(line)


def with_body(body: bytes, length: object = None) -> bytes:
    length = len(body) if length is None else length
    return HEAD + b"Content-Length: %s\r\n\r\n" % str(length).encode() + body


def chunked(body: bytes, size: int) -> bytes:
    chunks = [body[start : start + size] for start in range(0, len(body), size)]
    parts = [b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks]
    return HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(parts) + b"0\r\n\r\n"


@pytest.mark.parametrize(("size", "status"), [(40_000, 200), (40_001, 413)])
@pytest.mark.parametrize("way", ["declared", "chunked", "in small chunks"])
def test_a_body_may_be_as_large_as_the_limit(
    server: httpx2.Client, size: int, status: int, way: str
) -> None:
    body = BODY.ljust(size)
    request = {
        "declared": with_body(body),
        "chunked": chunked(body, size),
        "in small chunks": chunked(body, 500),
    }[way]
    found, answer = speak(server, request)
    assert found == status
    assert status == 200 or answer["code"] == "body_too_large"


@pytest.mark.parametrize("length", ["-1", "many", "1e3", "24, 25", ""])
def test_a_length_that_is_none_is_no_http(server: httpx2.Client, length: str) -> None:
    status, problem = speak(server, with_body(BODY, length))
    assert status == 400
    assert problem["code"] == "invalid_http"


def test_a_body_longer_than_it_says_is_cut_and_the_rest_is_no_request(
    server: httpx2.Client,
) -> None:
    with connect(server) as line:
        line.sendall(with_body(BODY + b"more and more\r\n\r\n", len(BODY)))
        status, answer = heard(line)
        assert (status, len(answer["slots"])) == (200, 1), "what was a question has its answer"
        assert line.recv(1) == b""


def test_a_body_shorter_than_it_says_is_waited_for_in_vain(server: httpx2.Client) -> None:
    since = time.monotonic()
    with connect(server) as line:
        line.sendall(with_body(BODY, len(BODY) + 1))
        status, problem = heard(line)
        assert (status, problem["code"]) == (408, "read_timeout")
        assert line.recv(1) == b"", "the line is cut"
    assert time.monotonic() - since > 0.4


def test_a_body_that_trickles_is_not_waited_for(server: httpx2.Client) -> None:
    with connect(server) as line:
        line.sendall(with_body(b"", 1_000))
        with pytest.raises(OSError, match=r"reset|Broken pipe"):  # noqa: PT012 when is not known
            for _ in range(1_000):
                line.sendall(b" ")
                time.sleep(0.05)


def test_a_slow_body_that_comes_in_time_is_read(server: httpx2.Client) -> None:
    with connect(server) as line:
        line.sendall(with_body(b"", len(BODY)))
        for start in range(0, len(BODY), 8):
            time.sleep(0.02)
            line.sendall(BODY[start : start + 8])
        assert heard(line)[0] == 200


@pytest.mark.parametrize("said", [b"", b"POST /slots HT", HEAD])
def test_who_does_not_finish_a_head_is_cut(server: httpx2.Client, said: bytes) -> None:
    since = time.monotonic()
    with connect(server) as line:
        line.sendall(said)
        assert line.recv(1) == b""
    assert time.monotonic() - since > 0.4


def test_a_line_that_is_half_closed_is_closed(server: httpx2.Client) -> None:
    with connect(server) as line:
        line.sendall(with_body(BODY)[:-1])
        line.shutdown(socket.SHUT_WR)
        assert line.recv(1) == b""
    assert server.get("/health/ready").status_code == 200


def test_a_client_that_leaves_in_the_middle_harms_nobody(server: httpx2.Client) -> None:
    for cut in (10, len(HEAD) + 5, len(with_body(BODY)) - 3, len(with_body(BODY))):
        with connect(server) as line:
            line.sendall(with_body(BODY)[:cut])
    assert server.get("/health/ready").status_code == 200


@pytest.mark.parametrize(("beside", "refused"), [(3, False), (4, True)])
def test_as_many_may_be_connected_as_the_limit_and_the_next_is_told(
    toy_bundle: Path, beside: int, refused: bool
) -> None:
    limits = {"SLOTLINE_MODEL_DIR": str(toy_bundle), "SLOTLINE_MAX_CONNECTIONS": "4"}
    with serving(**limits) as (server, _), ExitStack() as lines:
        for _ in range(beside):
            line = lines.enter_context(closing(connect(server)))
            line.sendall(with_body(BODY))
            assert heard(line)[0] == 200
        status, answer = speak(server, with_body(BODY))
        assert status == (503 if refused else 200)
        assert not refused or answer["code"] == "too_many_connections"
        lines.close()
        time.sleep(0.1)
        assert speak(server, with_body(BODY))[0] == 200


UPGRADE = (
    b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAA\r\n"
)


@pytest.mark.parametrize("pieces", [1, 2, 7])
def test_who_asks_for_another_protocol_is_answered_in_this_one(
    server: httpx2.Client, pieces: int
) -> None:
    # As Java's client and `curl --http2` do. What is in the body is no request.
    inner = b"GET /health/live HTTP/1.1\r\nHost: here\r\n\r\n"
    body = BODY + b" " * len(inner)
    request = with_body(body).replace(b"Host: here\r\n", b"Host: here\r\n" + UPGRADE)
    hidden = request.replace(BODY + b" " * len(inner), inner + b" " * len(BODY))
    for sent, status in ((request, 200), (hidden, 400), (request, 200)):
        with connect(server) as line:
            step = -(-len(sent) // pieces)
            for start in range(0, len(sent), step):
                line.sendall(sent[start : start + step])
                time.sleep(0.02)
            assert heard(line)[0] == status
            line.sendall(with_body(BODY))
            assert heard(line)[1]["slots"]


@pytest.mark.parametrize("asked", [2, 40, 3_000])
def test_many_who_ask_for_another_protocol_at_once_are_each_answered(
    server: httpx2.Client, asked: int
) -> None:
    inner = b"GET /health/live HTTP/1.1\r\nHost: here\r\n\r\n"
    one = with_body(BODY + b" " * len(inner)).replace(
        b"Host: here\r\n", b"Host: here\r\nA:b\r\n" + UPGRADE
    )
    with connect(server) as line:
        writer = threading.Thread(target=line.sendall, args=(one * asked,))
        writer.start()
        with line.makefile("rb") as stream:
            for _ in range(asked):
                assert heard_from(stream)[1]["slots"]
        writer.join()


def test_a_connection_that_is_to_end_ends_whatever_it_asks_for(server: httpx2.Client) -> None:
    asked = b"Connection: close, Upgrade\r\nUpgrade: h2c\r\n"
    with connect(server) as line:
        line.sendall(with_body(BODY).replace(b"Host: here\r\n", b"Host: here\r\n" + asked))
        assert heard(line)[0] == 200
        assert line.recv(1) == b""


@pytest.mark.parametrize(
    "said",
    [
        with_body(BODY).replace(b"\r\n", b"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n", 1),
        b"GET /slots/stream HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        b"Cookie: " + b"a" * 9_000 + b"\r\n\r\n",
        with_body(b"").replace(b"\r\n", b"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n", 1),
    ],
    ids=["a body", "a large line", "no key"],
)
def test_what_is_no_handshake_is_refused_and_ends(toy_bundle: Path, said: bytes) -> None:
    settings = {"SLOTLINE_MODEL_DIR": str(toy_bundle), "SLOTLINE_SHUTDOWN_DELAY": "0.1"}
    with serving(**settings) as (server, process):
        with connect(server) as line:
            line.sendall(said)
            status, answer = heard(line)
            assert (status, answer["code"]) == (400, "invalid_http")
            assert line.recv(1) == b""
        process.terminate()
        assert process.wait(timeout=60) == 0


@pytest.mark.parametrize(("size", "status"), [(60_000, 200), (70_000, 400)])
@pytest.mark.parametrize("header", [b"x-a: b\r\n", b"x-a: %s\r\n"], ids=["many", "large"])
def test_a_head_may_be_as_large_as_the_limit(
    server: httpx2.Client, size: int, status: int, header: bytes
) -> None:
    more = header % (b"b" * size) if b"%" in header else header * (size // len(header))
    with connect(server) as line:
        line.sendall(HEAD)
        time.sleep(0.05)
        line.sendall(more)
        if status == 200:
            line.sendall(b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY)
        found, answer = heard(line)
    assert found == status
    assert status == 200 or answer["code"] == "invalid_http"


HANDSHAKE = (
    b"GET /slots/stream HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nConnection: keep-alive\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


def test_what_asks_for_a_websocket_in_two_lines_gets_one(server: httpx2.Client) -> None:
    with connect(server) as line:
        line.sendall(HANDSHAKE)
        assert line.recv(12) == b"HTTP/1.1 101"


@pytest.mark.parametrize("behind", [b"\x16\x03\r\n\r\n", HANDSHAKE], ids=["no HTTP", "a stream"])
def test_a_question_has_its_answer_whatever_comes_behind_it(
    server: httpx2.Client, behind: bytes
) -> None:
    with connect(server) as line:
        line.sendall(with_body(BODY) * 2 + behind)
        with line.makefile("rb") as stream:
            for _ in range(2):
                assert heard_from(stream)[1]["slots"]
            assert stream.read() == b""


def test_trailers_end_somewhere(server: httpx2.Client) -> None:
    with connect(server) as line:
        line.sendall(chunked(BODY, 10)[:-2])
        time.sleep(0.05)
        line.sendall(b"x-a: " + b"a" * 100_000)
        status, answer = heard(line)
    assert (status, answer["code"]) == (400, "invalid_http")


@pytest.mark.parametrize("pause", [0.0, 0.05])
def test_what_comes_behind_a_body_is_no_header(server: httpx2.Client, pause: float) -> None:
    head, end = chunked(BODY, 10)[:-2], b"X-Request-ID: from-a-trailer\r\n\r\n"
    with connect(server) as line:
        if pause:
            line.sendall(head)
            time.sleep(pause)
            line.sendall(end)
        else:
            line.sendall(head + end)
        answer = line.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"from-a-trailer" not in answer


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_json_in_another_encoding_is_refused(server: httpx2.Client, encoding: str) -> None:
    # In UTF-16 the second byte of this letter would open a string.
    body = '{"text": "∀", "x": ' + "[" * 900 + "]" * 900 + "}"
    status, problem = speak(server, with_body(body.encode(encoding)))
    assert (status, problem["code"]) == (400, "invalid_json")


def test_what_is_not_http_is_a_problem_too(server: httpx2.Client) -> None:
    assert speak(server, b"\x16\x03\x01\x02\x00\r\n\r\n")[1]["code"] == "invalid_http"


@pytest.mark.parametrize(("depth", "status"), [(2, 422), (199, 422), (250, 400), (100_00, 400)])
def test_json_may_be_as_deep_as_pydantic_reads(
    server: httpx2.Client, depth: int, status: int
) -> None:
    body = b'{"text": ' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"
    found, problem = speak(server, with_body(body))
    assert found == status
    assert problem["code"] == ("invalid_request" if status == 422 else "invalid_json")
    assert status == 422 or "too deeply" in problem["detail"]


@pytest.mark.parametrize(
    ("path", "question", "more", "code"),
    [
        ("/slots", {"text": "go " * 20}, {"text": "go " * 21}, "text_too_long"),
        ("/slots", {"tokens": ["go"] * 20}, {"tokens": ["go"] * 21}, "text_too_long"),
        ("/slots/batch", {"texts": ["go"] * 5}, {"texts": ["go"] * 6}, "batch_too_large"),
        (
            "/slots/batch",
            {"texts": ["go go"] * 5, "detail": "distributions"},
            {"texts": ["go go"] * 4 + ["go go go"], "detail": "distributions"},
            "response_too_large",
        ),
        (
            "/slots/batch",
            {"texts": ["go " * 20] * 5, "detail": "tokens"},
            {"texts": ["go " * 20] * 5, "detail": "distributions"},
            "response_too_large",
        ),
    ],
)
def test_words_and_texts_may_be_as_many_as_the_limits(
    server: httpx2.Client, path: str, question: Any, more: Any, code: str
) -> None:
    assert server.post(path, json=question).status_code == 200
    answer = server.post(path, json=more)
    assert answer.status_code == 413
    assert answer.json()["code"] == code


HOSTILE = {
    "NUL": "leave\x00Taipei\x00",
    "controls": "".join(map(chr, range(32))) + " leave Taipei",
    "bidirectional marks": "leave \u202etaipei\u202c \u2066to\u2069 \u200fBoston",
    "joined emoji": "leave 👩‍👩‍👧‍👦 Taipei 🏳️‍🌈 tomorrow",
    "flags and skins": "🇹🇼👍🏽 to Taipei 👍🏽🇹🇼",
    "marks without a letter": "\u0301\u0308 leave Taipei\u0301\u0308\u0323",
    "many marks": "leave T" + "\u0301" * 900 + "aipei to Boston",
    "zero width": "leave\u200b \u200dTaipei\ufeff",
    "tags": "leave \U000e0041Taipei",
    "private and unassigned": "\ue000 leave \U0010ffff Taipei \u0378",
    "noncharacters": "leave \ufffe\uffff Taipei",
    "Hangul in parts": "\u1112\u1161\u11ab to Taipei",
    "one that grows": "ﷺ to Boston ﬃ İ ŉ",
    "full width": "ｌｅａｖｅ　Ｔａｉｐｅｉ",
    "lines": "leave\u2028Taipei\u2029to\x85Boston",
    "one long word": "a" * 39_000,
    "one long word of marks": "a" + "\u0301" * 9_000,
}


@pytest.mark.parametrize("unit", ["codepoint", "utf16", "byte"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_gets_offsets_that_are_right(
    server: httpx2.Client, name: str, unit: str
) -> None:
    text = HOSTILE[name]
    answer = server.post("/slots", json={"text": text, "offset_unit": unit, "detail": "tokens"})
    assert answer.status_code == 200, answer.text
    encoding, width = {"codepoint": ("utf-32-le", 4), "utf16": ("utf-16-le", 2)}.get(
        unit, ("utf-8", 1)
    )
    encoded = text.encode(encoding)
    found = answer.json()
    for stretch in found["tokens"] + found["slots"]:
        cut = encoded[stretch["start"] * width : stretch["end"] * width].decode(encoding)
        assert cut == stretch.get("value", stretch.get("text"))
    told = "".join(token["text"] for token in found["tokens"])
    assert set(re.findall(r"\w", text)) <= set(told), "no letter is lost"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"text": "\xff\xfe"}', 400),
        (b'{"text": "\xc0\xaf"}', 400),
        (b'{"text": "\xed\xa0\x80"}', 422),
        (b'{"text": "\xf4\x90\x80\x80"}', 400),
        (b'{"text": "\xe4\xbd"}', 400),
        (b'{"text": "\x00"}', 400),
        (rb'{"text": "\ud800"}', 422),
        (rb'{"text": "\udc00\ud800"}', 422),
        (rb'{"text": "\ud83d\ude00"}', 200),
        (rb'{"text": "\u0000"}', 200),
        (rb'{"text": "\x41"}', 400),
        (b"\xef\xbb\xbf" + BODY, 200),
        (b'{"text": 1e999}', 422),
        (b'{"text": NaN}', 422),
        (b'{"text": "a", "text": "b"}', 200),
        (b"", 422),
    ],
)
def test_broken_bytes_and_escapes_are_the_callers(
    server: httpx2.Client, body: bytes, status: int
) -> None:
    found, answer = speak(server, with_body(body))
    assert found == status, answer
    assert status == 200 or answer["status"] == status


def test_a_megabyte_of_one_letter_is_answered_or_refused(toy_bundle: Path) -> None:
    # The deadline would refuse too, on a machine that is busy.
    with serving(SLOTLINE_MODEL_DIR=str(toy_bundle), SLOTLINE_REQUEST_TIMEOUT="60") as (client, _):
        for letter in ("a", "到", "\u0301", "👍", " "):
            text = letter * ((1_048_000) // len(letter.encode()))
            body = json.dumps({"text": text, "detail": "tokens"}, ensure_ascii=False).encode()
            answer = client.post(
                "/slots", content=body, headers={"content-type": "application/json"}, timeout=60
            )
            if letter in "到👍\u0301":  # each of which is a word
                assert answer.json()["code"] == "text_too_long"
            else:
                assert answer.status_code == 200
                for token in answer.json()["tokens"]:
                    assert text[token["start"] : token["end"]] == token["text"]
        answer = client.post("/slots", json={"text": "a" * 10_000_000}, timeout=60)
        assert answer.status_code == 413
        assert client.get("/health/ready").status_code == 200
