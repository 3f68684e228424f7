"""
What the other commands have measured, on one page.

    python -m benchmarks.report FOLDER --out PAGE

FOLDER holds what they have written with --json, each a file by its name.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from training.comparison.charts import Series, line_chart
from training.pages import page

# Of growth: what grows, its unit on the axis, and what is to be seen.
_LINES = {
    "words": (
        "words of a text",
        "A recurrent network takes its words one by one, so the line is straight.",
    ),
    "batch": (
        "texts at once",
        "Straight beyond the first few, which share each reading of weights.",
    ),
    "vocabulary": (
        "words of the vocabulary",
        "Flat: a word is looked up once, and then remembered.",
    ),
    "slots": ("slots of the bundle", "The decoder looks at each word with each slot."),
}


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    parts = ["<h1>How fast it is</h1>"]
    for path in sorted(options.folder.glob("*.json")):
        found = json.loads(path.read_text())
        parts.append(
            f"<h2>{escape(path.stem)}</h2><p><code>python -m benchmarks.{path.stem}</code></p>"
        )
        if path.stem == "growth":
            parts += _growth(found)
        else:
            parts.append(_told(found))
    options.out.write_text(page("How fast it is", "\n".join(parts)))
    print(options.out)


def _growth(found: Mapping[str, Any]) -> list[str]:
    parts = [
        _figure(line_chart(name, [Series("median", found[name], dots=True)], unit, "ms"), said)
        for name, (unit, said) in _LINES.items()
    ]
    workers = [
        Series(
            f"{workers} worker{'s' if workers != '1' else ''}",
            [(load["connections"], load["answers_per_second"]) for load in loads],
            dots=True,
        )
        for workers, loads in found["workers"].items()
    ]
    bundles = [(each["bundles"], each["sentences_per_second"]) for each in found["bundles"]]
    return [
        *parts,
        _figure(
            line_chart(
                "bundles", [Series("in turns", bundles, dots=True)], "bundles", "sentences/s", 0
            ),
            "Each sentence asks the next bundle, so that caches hold the weights of none.",
        ),
        _told(found["bundles"]),
        _figure(
            line_chart("workers", workers, "connections", "answers/s", 0),
            "The client has the same cores as the workers.",
        ),
        *(_told(loads) for loads in found["workers"].values()),
    ]


def _figure(drawing: str, caption: str) -> str:
    return f"<figure>{drawing}<figcaption>{escape(caption)}</figcaption></figure>"


def _told(value: Any) -> str:
    """Any JSON: lists of objects as tables, and what is within others as it comes."""
    if isinstance(value, Mapping):
        if value.keys() == {"median", "low", "high"}:
            return f"{_told(value['median'])} ({_told(value['low'])} to {_told(value['high'])})"
        rows = (
            f"<tr><th>{_name(key)}</th><td>{_told(each)}</td></tr>" for key, each in value.items()
        )
        return f'<div class="wide"><table><tbody>{"".join(rows)}</tbody></table></div>'
    if isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
        return _table(value)
    if isinstance(value, list):
        return ", ".join(_told(each) for each in value)
    return f"{value:.4g}" if isinstance(value, float) else escape(str(value))


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    head = "".join(f"<th>{_name(name)}</th>" for name in names)
    body = "".join(
        "<tr>" + "".join(f"<td>{_told(row.get(name, ''))}</td>" for name in names) + "</tr>"
        for row in rows
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="wide">{table}</div>'


def _name(key: str) -> str:
    return escape(key.replace("_", " "))


if __name__ == "__main__":
    main()
