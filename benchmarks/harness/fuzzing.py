"""
What a fuzzer calls: bytes in, and an AssertionError where the service does what it must not.

A request is written as HTTP writes it, with simple line ends: a method and a path, headers, an
empty line, and the body. A bundle is the name of a file of the toy bundle, a line end, and what
is in that file instead; the manifest names it as if it belonged there, so that not the hashes
alone are tried. A corpus is the content of a file.
"""

import asyncio
import json
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from starlette.types import Message, Scope

from app.main import create_app
from app.settings import Settings
from app.tagging.bundle import GRAPH, MANIFEST, open_bundle
from app.tagging.errors import BundleError
from app.tagging.onnx_graph import is_in_one_piece
from app.tagging.slots import read_spans
from app.tagging.tagger import Tagger
from benchmarks.harness.faults import replace_file
from benchmarks.harness.service import ROOT
from training.corpora.formats import FORMATS
from training.corpora.splits import read_corpus
from training.errors import CorpusError

TESTS = ROOT / "tests"
TOY = TESTS / "toy_bundle"
CORPUS = TESTS / "fuzz" / "corpus"
FILES = sorted(path.name for path in TOY.iterdir())
PATIENCE = 3_600.0  # a busy machine is slow, and that is no fault of a request


class Requests:
    """The application without its HTTP server; to be closed."""

    def __init__(self, bundle: Path = TOY) -> None:
        settings = Settings(
            model_dir=bundle,
            forms_dir=TESTS / "toy_forms",
            max_words=50,
            max_batch_size=9,
            max_body_bytes=100_000,
            request_timeout=PATIENCE,
        )
        self._loop = asyncio.new_event_loop()
        self._app = create_app(settings)
        self._lifespan = self._app.router.lifespan_context(self._app)
        self._loop.run_until_complete(self._lifespan.__aenter__())
        self._documented = self._app.openapi()["paths"]

    def __call__(self, data: bytes) -> int:
        """The status of the answer."""
        scope, body = read_request(data)
        messages: list[Message] = []
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Message:
            if waiting:
                return waiting.pop()
            await asyncio.get_running_loop().create_future()
            raise AssertionError("nobody answers it")

        async def send(message: Message) -> None:
            messages.append(message)

        self._loop.run_until_complete(self._app(scope, receive, send))
        start, *rest = messages
        assert start["type"] == "http.response.start"
        assert all(message["type"] == "http.response.body" for message in rest)
        status: int = start["status"]
        headers = dict(start["headers"])
        assert headers[b"x-request-id"]
        content = b"".join(message.get("body", b"") for message in rest)
        if status >= 400:
            assert status < 500, content
            assert headers[b"content-type"] == b"application/problem+json"
            if scope["method"] != "HEAD":
                assert json.loads(content)["status"] == status
        if scope["method"] == "HEAD":
            assert content == b""
        endpoint = self._documented.get(scope["path"], {}).get(scope["method"].lower())
        if endpoint:
            assert str(status) in endpoint["responses"], content
        if status == 200 and scope["path"] == "/slots":
            _check_slots(json.loads(body), json.loads(content))
        return status

    def close(self) -> None:
        """End the application and its loop."""
        self._loop.run_until_complete(self._lifespan.__aexit__(None, None, None))
        self._loop.close()


def read_request(data: bytes) -> tuple[Scope, bytes]:
    """A request as an HTTP server hands it on, whatever the bytes are."""
    head, _, body = data.partition(b"\n\n")
    first, *lines = head.split(b"\n")
    method, _, target = first.partition(b" ")
    path, _, query = target.partition(b"?")
    headers = [
        (name.lower(), value.strip()) for name, _, value in (x.partition(b":") for x in lines)
    ]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method.decode("latin-1").upper(),
        "scheme": "http",
        "path": unquote(path.decode("latin-1")),
        "raw_path": path,
        "query_string": query,
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
        "state": {},
    }, body


def _check_slots(question: dict[str, Any], answer: dict[str, Any]) -> None:
    """Offsets in code points cut just what they are said to."""
    text = question.get("text")
    if not isinstance(text, str) or question.get("offset_unit", "codepoint") != "codepoint":
        return
    for slot in answer["slots"]:
        assert text[slot["start"] : slot["end"]] == slot["value"]
        assert 0 <= slot["confidence"] <= 1
        assert ("resolution" in slot) <= ("resolved" in answer)
    for token in answer.get("tokens", ()):
        assert text[token["start"] : token["end"]] == token["text"]


class Bundles:
    """The reader of bundles, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = Path(shutil.copytree(TOY, folder / "bundle"))

    def __call__(self, data: bytes) -> bool:
        """Whether it is a bundle that could be served."""
        first, _, content = data.partition(b"\n")
        name = first.decode("latin-1")
        if name not in FILES:
            name = FILES[first[0] % len(FILES) if first else 0]
        if name == MANIFEST:
            (self._folder / name).write_bytes(content)
        else:
            replace_file(self._folder, name, content)
        try:
            return self._can_be_served(name)
        finally:
            for changed in {MANIFEST, name}:
                shutil.copy(TOY / changed, self._folder)

    def _can_be_served(self, name: str) -> bool:
        try:
            bundle = open_bundle(self._folder)
        except BundleError:
            return False
        if name == GRAPH:
            # What onnxruntime does with hostile graphs is what signatures are for.
            with suppress(ValueError):
                return is_in_one_piece(bundle.contents.graph)
            return False
        try:
            tagger = Tagger(bundle)
        except BundleError:
            return False
        [tagging] = tagger.tag_texts(["leave Taipei tomorrow"])
        assert len(tagging.tags) == 3
        return True


class Readers:
    """The readers of corpora: the one that is recognised, and every other that is told to read."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "corpus"

    def __call__(self, data: bytes) -> int:
        """How many of the readers took it for a corpus."""
        self._path.write_bytes(data)
        return sum(map(self._is_read, (None, *(set(FORMATS) - {"parallel"}))))

    def _is_read(self, name: str | None) -> bool:
        try:
            corpus = read_corpus(self._path, name)
        except CorpusError as error:
            said = str(error)
            assert said.startswith(str(self._path)), said
            assert "expected " in said, said
            assert len(said.splitlines()) == 1 or "; the formats are:" in said, said
            said.encode()  # a terminal can show it
            return False
        for each in corpus.utterances:
            assert each.tokens, "no query is empty"
            assert read_spans(each.tags) is not None
            "".join((*each.tokens, *each.tags, each.intent or "", each.text or "")).encode()
        return True
