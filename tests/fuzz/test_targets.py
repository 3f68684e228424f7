"""Everything that a fuzzer begins with, or has found, and what hypothesis makes of it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.harness.fuzzing import CORPUS, FILES, Bundles, Readers, Requests

REQUESTS = sorted((CORPUS / "requests").iterdir())
BUNDLES = sorted((CORPUS / "bundles").iterdir())
READERS = sorted((CORPUS / "readers").iterdir())
REFUSED = {"no-format", "foreign"}


@pytest.fixture(scope="module")
def requests(toy_with_types: Path) -> Iterator[Requests]:
    target = Requests(toy_with_types)
    yield target
    target.close()


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Bundles:
    return Bundles(tmp_path_factory.mktemp("fuzz"))


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Readers:
    return Readers(tmp_path_factory.mktemp("fuzz"))


@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.name)
def test_a_known_request_is_answered_as_documented(requests: Requests, path: Path) -> None:
    assert requests(path.read_bytes()) < 500


def test_the_state_of_a_form_among_them_is_one_of_it(requests: Requests) -> None:
    assert requests((CORPUS / "requests" / "form-state").read_bytes()) == 200


@pytest.mark.parametrize("path", BUNDLES, ids=lambda path: path.name)
def test_a_known_bundle_is_opened_or_refused(bundles: Bundles, path: Path) -> None:
    assert bundles(path.read_bytes()) is (path.name in FILES)


@st.composite
def spliced(draw: st.DrawFn, seeds: list[bytes]) -> bytes:
    """A seed with a stretch of it replaced."""
    seed = draw(st.sampled_from(seeds))
    start = draw(st.integers(0, len(seed)))
    end = draw(st.integers(start, min(len(seed), start + 20)))
    return seed[:start] + draw(st.binary(max_size=20)) + seed[end:]


@given(spliced([path.read_bytes() for path in REQUESTS]))
def test_a_damaged_request_is_answered_as_documented(requests: Requests, data: bytes) -> None:
    assert requests(data) < 500


@settings(max_examples=200)
@given(spliced([path.read_bytes() for path in BUNDLES]))
def test_a_damaged_bundle_is_opened_or_refused(bundles: Bundles, data: bytes) -> None:
    assert bundles(data) in (True, False)


@pytest.mark.parametrize("path", READERS, ids=lambda path: path.name)
def test_a_known_corpus_is_read_or_refused(readers: Readers, path: Path) -> None:
    assert (readers(path.read_bytes()) > 0) is (path.name not in REFUSED)


@settings(max_examples=300)
@given(spliced([path.read_bytes() for path in READERS]))
def test_a_damaged_corpus_is_read_or_refused(readers: Readers, data: bytes) -> None:
    assert readers(data) >= 0


@given(st.sampled_from(READERS), st.integers(0, 300))
def test_a_corpus_that_is_cut_short_is_read_or_refused(
    readers: Readers, path: Path, length: int
) -> None:
    assert readers(path.read_bytes()[:length]) >= 0


# What is no string where one is expected, half a character, a number of no use, a key twice.
WRONG = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.sampled_from(["", " ", "\ud83c", "B-\ud83c", "\u2028", "\0", "a\nb", "O", "B-x", "text"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["text", "spans", "start", "end", "slot", "data", "entity", "slot_name"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=5,
)
VALUES = re.compile(rb'"[^"]*"(?!:)|\d+|null')
KEYS = re.compile(rb'"[^"]*"(?=:)')


@st.composite
def mistyped(draw: st.DrawFn) -> bytes:
    """A corpus of JSON in which values are others, or stand twice or deep."""
    names = ["span-lines", "tagged-lines", "list", "snips-json", "snips-nlu"]
    content = (CORPUS / "readers" / draw(st.sampled_from(names))).read_bytes()
    for _ in range(draw(st.integers(1, 3))):
        places = [match.span() for match in VALUES.finditer(content)]
        start, end = draw(st.sampled_from(places))
        value = json.dumps(draw(WRONG)).encode()
        if draw(st.booleans()):
            value = content[start:end] + b', "text": ' + value
        elif draw(st.integers(0, 9)) == 0:
            depth = draw(st.sampled_from([9, 999, 99_999]))
            value = b"[" * depth + value + b"]" * depth
        content = content[:start] + value + content[end:]
    if draw(st.booleans()):
        start, end = draw(st.sampled_from([match.span() for match in KEYS.finditer(content)]))
        key = json.dumps(draw(st.sampled_from(["\ud83c", "a\nb", "\u2028", "", "intents"])))
        content = content[:start] + key.encode() + content[end:]
    return content


@settings(max_examples=300)
@given(mistyped())
def test_a_corpus_of_wrong_values_is_read_or_refused(readers: Readers, data: bytes) -> None:
    assert readers(data) >= 0


@pytest.mark.parametrize("path", READERS, ids=lambda path: path.name)
def test_an_oversized_line_is_read_or_refused(readers: Readers, path: Path) -> None:
    content = path.read_bytes()
    assert readers(content.replace(b"Taipei", b"Taipei" * 50_000)) >= 0
    assert readers(content + b"\n" + b"x" * 300_000) >= 0
    assert readers(content + b" \t" * 100_000) >= 0
