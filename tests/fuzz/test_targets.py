"""Everything that a fuzzer begins with, or has found, and what hypothesis makes of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import CORPUS, FILES, Bundles, Requests

REQUESTS = sorted((CORPUS / "requests").iterdir())
BUNDLES = sorted((CORPUS / "bundles").iterdir())


@pytest.fixture(scope="module")
def requests() -> Iterator[Requests]:
    target = Requests()
    yield target
    target.close()


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Bundles:
    return Bundles(tmp_path_factory.mktemp("fuzz"))


@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.name)
def test_a_known_request_is_answered_as_documented(requests: Requests, path: Path) -> None:
    assert requests(path.read_bytes()) < 500


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
