"""A page that shows how the LSTMs of a bundle process one sentence."""

import base64
import re
import struct
import zlib
from collections.abc import Sequence
from html import escape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.tagging.bundle import open_bundle
from app.tagging.errors import InputError
from app.tagging.features import read_tokens
from app.tagging.slots import OUTSIDE
from app.tagging.tagger import TaggedSentence, Tagger
from training.reporting.html import page, shaded
from training.studies.gates import LSTMTrace, read_gates

_FOLLOWED = 3  # cells whose every number is shown
_LIKELY = 0.05  # a slot is shown that some word fills with this probability

_STYLE = """
.flow { table-layout: fixed; }
.flow th:first-child { width: 13rem; white-space: normal; }
.flow th, .flow td { width: 5.75rem; }
.flow thead th { color: var(--text); font-weight: 600; text-align: center; }
.flow td { text-align: center; font-variant-numeric: tabular-nums; }
.flow tbody th { vertical-align: top; }
.flow tbody th small { display: block; color: var(--muted); font-weight: 400; }
.flow .map td { padding: 0; }
.flow .map img { display: block; width: 100%; height: 9rem; image-rendering: pixelated; }
.flow .first th, .flow .first td { border-top: 2px solid var(--line); }
.answer { font-weight: 600; }
dt { font-weight: 600; margin-top: 0.6rem; }
dd { margin: 0; max-width: 46rem; }
"""
_PARTS = """
<dl>
<dt>Input gate</dt>
<dd>Open (1) it lets in what the cell hears of the word; closed (0) it keeps it out.</dd>
<dt>Forget gate</dt>
<dd>Open (1) the cell <strong>remembers</strong>: all of its memory is kept. Closed (0) it forgets.
The name says the opposite of what the open gate does.</dd>
<dt>Output gate</dt>
<dd>Open (1) the cell tells what it remembers; closed (0) it keeps it to itself.</dd>
<dt>Memory</dt>
<dd>What stands in the cell after the word: what was kept, and what was let in, added up.</dd>
</dl>
"""
_POSITIVE, _NEGATIVE = (31, 111, 235), (217, 108, 20)


def explain(folder: Path, text: str) -> str:
    """
    The page for a sentence, as HTML.

    Raises ExplanationError if the bundle's network has no LSTM, InputError if it reads no word of
    the text.
    """
    bundle = open_bundle(folder)
    (tagging,) = Tagger(bundle).tag_texts([text])
    sentence = read_tokens(
        [token.text for token in tagging.tokens],
        punctuation=bundle.manifest.punctuation == "read",
        casing=bundle.featurizer.casing,
        shapes=bundle.featurizer.shapes,
        cut=bundle.featurizer.cut,
    )
    # `tokenize` has cut the text already, so that no token is more than a word.
    read = [number for number, head in enumerate(sentence.first_words) if head is not None]
    if not read:
        raise InputError(f"{bundle.manifest.name} reads no word of {text!r}")
    words = [tagging.tokens[number].text for number in read]
    traces = read_gates(bundle, sentence.words)
    fills = np.array([tagging.tags[number] != OUTSIDE for number in read])
    title = f"How {bundle.manifest.name} reads “{text}”"
    description = bundle.manifest.description.rstrip(".")
    about = f"{bundle.manifest.name}, version {bundle.manifest.version}"
    about += f": {description}" * bool(description)
    proof = "The gates were computed again from its weights, and agree with what its graph answers."
    body = [
        f"<h1>{escape(title)}</h1>",
        f"<p>{escape(about)}. {proof}</p>",
        "<h2>What it answers</h2>",
        _answer_table(words, tagging, read, bundle.contents.slots),
        "<h2>What the parts of a cell do</h2>",
        _PARTS,
        *(_section(words, each, fills) for each in traces),
    ]
    return page(title, "\n".join(body), _STYLE)


def _answer_table(
    words: Sequence[str], tagging: TaggedSentence, read: Sequence[int], slots: Sequence[str]
) -> str:
    distributions = tagging.distributions[list(read)]  # (words, 1 + slots)
    likely = [slot for slot in range(1, 1 + len(slots)) if distributions[:, slot].max() > _LIKELY]
    tags = "".join(
        f'<td class="answer">{_breaking(tag) if tag != OUTSIDE else "–"}</td>'
        for tag in (tagging.tags[number] for number in read)
    )
    rows = [f'<tr><th scope="row">tag</th>{tags}</tr>']
    for slot in [0, *likely]:
        name = slots[slot - 1] if slot else "no slot"
        rows.append(_row(name, "", distributions[:, slot]))
    caption = (
        "The probability that a word fills a slot; slots that no word fills with more than "
        f"{100 * _LIKELY:g} % are left out."
    )
    return _table(words, caption, rows)


def _section(words: Sequence[str], trace: LSTMTrace, fills: NDArray[np.bool_]) -> str:
    """The section of one LSTM: its mean gates, all its cells, and a few cells in detail."""
    cells = trace.memory.shape[1]
    way = (
        "backward, from the last word to the first ←"
        if trace.backward
        else "forward, from the first word to the last →"
    )
    layer = next(int(part) for part in trace.name.split(".") if part.isdigit()) + 1
    # Where memory is fullest, a line further down for every word: bands that move along.
    order = np.lexsort((-np.abs(trace.memory).max(axis=0), np.abs(trace.memory).argmax(axis=0)))
    rows = []
    for name, says, values in (
        ("Input gate", "open: lets in", trace.input_gate),
        ("Forget gate", "open: remembers", trace.forget_gate),
        ("Output gate", "open: tells", trace.output_gate),
        ("Memory", "how full, whatever its sign", trace.memory),
        ("What is told", "how loud, whatever its sign", trace.told),
    ):
        rows.append(_row(name, says, np.abs(values).mean(axis=1), first=True))
        rows.append(_map_row(f"{name} of each cell at each word", values[:, order], len(words)))
    caption = (
        f"Means over the {cells} cells, read {way}. Below each, the cells one by one, a line a "
        "cell in the same order throughout: the stronger the colour the more open, or fuller, up "
        "to 1; what is below zero is orange."
    )
    said = np.abs(trace.told)[fills if fills.any() else slice(None)].sum(axis=0)
    followed = np.argsort(-said, kind="stable")[:_FOLLOWED]
    closely = [row for cell in followed for row in _cell_rows(trace, int(cell))]
    return "\n".join(
        [
            f"<h2>Layer {layer}, {way}</h2>",
            _table(words, caption, rows),
            _table(
                words,
                "The cells that say most at the words that fill a slot, followed closely.",
                closely,
            ),
        ]
    )


def _cell_rows(trace: LSTMTrace, cell: int) -> list[str]:
    rows = []
    for name, says, values in (
        (f"Cell {cell + 1} hears", "of the word and of what was last told", trace.heard),
        ("Input gate", "open: lets in", trace.input_gate),
        ("Forget gate", "open: remembers", trace.forget_gate),
        ("Memory", "kept + let in", trace.memory),
        ("Output gate", "open: tells", trace.output_gate),
        ("It tells", "", trace.told),
    ):
        rows.append(_row(name, says, values[:, cell], first=name.startswith("Cell")))
    return rows


def _table(words: Sequence[str], caption: str, rows: Sequence[str]) -> str:
    head = "".join(f'<th scope="col"><bdi>{escape(word)}</bdi></th>' for word in words)
    return (
        f'<div class="wide"><table class="flow"><caption>{escape(caption)}</caption>'
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _row(name: str, says: str, values: NDArray[np.float64], *, first: bool = False) -> str:
    small = f"<small>{escape(says)}</small>" if says else ""
    cells = "".join(
        f'<td style="{shaded(max(-1.0, min(value, 1.0)))}">{value:.2f}</td>'
        for value in values.tolist()
    )
    start = '<tr class="first">' if first else "<tr>"
    return f'{start}<th scope="row">{_breaking(name)}{small}</th>{cells}</tr>'


def _breaking(name: str) -> str:
    """A name that may break into lines between its parts."""
    return re.sub(r"(?<=[._-])", "<wbr>", escape(name))


def _map_row(description: str, values: NDArray[np.float64], words: int) -> str:
    data = base64.b64encode(_png(values.T)).decode()
    return (
        f'<tr class="map"><th scope="row"><small>cell by cell</small></th><td colspan="{words}">'
        f'<img alt="{escape(description)}" src="data:image/png;base64,{data}"></td></tr>'
    )


def _png(values: NDArray[np.float64]) -> bytes:
    """An image with a pixel for each of values (rows, columns); colour is sign, opacity amount."""
    pixels = np.zeros((*values.shape, 4), np.uint8)
    pixels[..., :3] = np.where(values[..., None] < 0, _NEGATIVE, _POSITIVE)
    pixels[..., 3] = np.round(255 * np.minimum(np.abs(values), 1.0))
    height, width = values.shape
    # Every row begins with the number of its filter: none.
    rows = np.concatenate([np.zeros((height, 1), np.uint8), pixels.reshape(height, -1)], axis=1)
    eight_bits_of_rgba = (8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in (
            (b"IHDR", struct.pack(">II5B", width, height, *eight_bits_of_rgba)),
            (b"IDAT", zlib.compress(rows.tobytes(), 9)),
            (b"IEND", b""),
        )
    )
