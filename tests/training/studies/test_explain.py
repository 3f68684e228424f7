"""The page about one sentence."""

import base64
import re
import zlib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.tagging.bundle import open_bundle
from app.tagging.errors import InputError
from app.tagging.tagger import Tagger
from training.errors import ExplanationError
from training.studies.explain import explain
from training.studies.gates import read_gates

TEXT = "Please leave Taipei"


@pytest.fixture(scope="module")
def shown(trained_bundle: Path) -> str:
    return explain(trained_bundle, TEXT)


def rows(page: str, name: str) -> list[list[float]]:
    """The numbers of every row of this name."""
    found = re.findall(
        rf"<tr[^>]*><th scope=\"row\">{name}(?:<small>.*?</small>)?</th>(.*?)</tr>", page
    )
    return [[float(cell) for cell in re.findall(r">(-?[\d.]+)</td>", row)] for row in found]


def pixels(data: str) -> NDArray[np.uint8]:
    """A PNG without filters, as (rows, columns, 4)."""
    content = base64.b64decode(data)
    width, height = (int.from_bytes(content[at : at + 4]) for at in (16, 20))
    start = content.index(b"IDAT")
    length = int.from_bytes(content[start - 4 : start])
    raw = zlib.decompress(content[start + 4 : start + 4 + length])
    table = np.frombuffer(raw, np.uint8).reshape(height, 1 + 4 * width)
    assert not table[:, 0].any()
    return table[:, 1:].reshape(height, width, 4)


def test_every_word_heads_a_column_of_every_table(shown: str) -> None:
    heads = re.findall(r"<thead>(.*?)</thead>", shown)
    assert len(heads) == 5  # the answer, and two for each direction
    for head in heads:
        assert re.findall(r"<bdi>(.*?)</bdi>", head) == ["Please", "leave", "Taipei"]


def test_slots_are_told_with_the_probabilities_of_the_service(
    shown: str, trained_bundle: Path
) -> None:
    (tagging,) = Tagger(open_bundle(trained_bundle)).tag_texts([TEXT])
    (found,) = rows(shown, "place_<wbr>of_<wbr>departure")
    assert found == [round(float(share), 2) for share in tagging.distributions[:, 2]]
    assert 'class="answer">B-<wbr>place_<wbr>of_<wbr>departure</td>' in shown


def test_both_directions_are_shown(shown: str) -> None:
    assert "<h2>Layer 1, forward, from the first word to the last →</h2>" in shown
    assert "<h2>Layer 1, backward, from the last word to the first ←</h2>" in shown


@pytest.mark.parametrize(
    ("gate", "says"),
    [
        ("Input gate", "open: lets in"),
        ("Forget gate", "open: remembers"),
        ("Output gate", "open: tells"),
    ],
)
def test_what_open_means_is_written_on_each_gate(shown: str, gate: str, says: str) -> None:
    # In both directions on the whole, and for three cells.
    assert shown.count(f'<th scope="row">{gate}<small>{says}</small></th>') == 2 * (1 + 3)


def test_gates_are_told_on_the_whole_and_of_single_cells(shown: str, trained_bundle: Path) -> None:
    bundle = open_bundle(trained_bundle)
    forward, _ = read_gates(bundle, ["please", "leave", "taipei"])
    on_the_whole, *cells = rows(shown, "Forget gate")
    assert on_the_whole == pytest.approx(forward.forget_gate.mean(axis=1), abs=0.006)
    loudest = int(np.abs(forward.told[2]).argmax())
    assert f"Cell {loudest + 1} hears" in shown
    assert cells[0] == pytest.approx(forward.forget_gate[:, loudest], abs=0.006)


def test_maps_have_a_line_for_each_cell(shown: str, trained_bundle: Path) -> None:
    forward, _ = read_gates(open_bundle(trained_bundle), ["please", "leave", "taipei"])
    maps = [pixels(data) for data in re.findall(r"base64,([^\"]+)\"", shown)]
    assert len(maps) == 2 * 5
    _, forget, _, memory, _ = maps[:5]
    assert forget.shape == (16, 3, 4)
    opacity = np.round(255 * forward.forget_gate)
    assert (np.sort(forget[..., 3], axis=0) == np.sort(opacity.T, axis=0)).all()
    negative = memory[..., 0] > memory[..., 2]
    assert negative.sum() == (forward.memory < 0).sum()


def test_every_map_is_described(shown: str) -> None:
    assert len(re.findall(r'<img alt="[^"]+ of each cell at each word"', shown)) == 10


def test_the_page_needs_nothing_beside_it(shown: str) -> None:
    assert "<script" not in shown
    assert "http" not in shown


def test_the_text_is_shown_as_text(trained_bundle: Path) -> None:
    page = explain(trained_bundle, "arrive <b>Paris</b>")
    assert "“arrive &lt;b&gt;Paris&lt;/b&gt;”" in page
    assert "<b>" not in page


def test_a_sentence_that_fills_no_slot_has_cells_to_follow_too(trained_bundle: Path) -> None:
    page = explain(trained_bundle, "thank you")
    assert len(rows(page, "It tells")) == 6
    assert page.count('class="answer">–</td>') == 2


def test_what_the_network_does_not_read_is_left_out(trained_bundle: Path) -> None:
    page = explain(trained_bundle, "leave, please!")
    assert re.findall(r"<bdi>(.*?)</bdi>", page)[:2] == ["leave", "please"]


def test_a_text_without_words_is_refused(trained_bundle: Path) -> None:
    with pytest.raises(InputError, match="toy reads no word of '\\?!'"):
        explain(trained_bundle, "?!")


def test_a_bundle_without_gates_is_refused(toy_bundle: Path) -> None:
    with pytest.raises(ExplanationError, match="toy cannot be explained"):
        explain(toy_bundle, TEXT)
