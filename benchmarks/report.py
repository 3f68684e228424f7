"""
What the other commands have measured, on one page.

    python -m benchmarks.report FOLDER --out PAGE

FOLDER holds what they have written with --json, each a file by its name.
"""

import argparse
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from statistics import median
from typing import Any

from training.reporting.charts import Row, Series, interval_chart, line_chart
from training.reporting.html import page

_STYLE = "td { white-space: nowrap; } .spread { color: var(--muted); font-size: 0.85em; }"
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
    found = {path.stem: json.loads(path.read_text()) for path in options.folder.glob("*.json")}
    options.out.write_text(page("How fast it is", body(found), _STYLE))
    print(options.out)


def body(found: Mapping[str, Any]) -> str:
    """A section for each command that has measured, by its name."""
    parts = ["<h1>How fast it is</h1>"]
    known = [name for name in _SECTIONS if name in found]
    for name in (*known, *sorted(found.keys() - _SECTIONS.keys())):
        title, section = _SECTIONS.get(name, (name, lambda value: [_told(value)]))
        parts.append(f"<h2>{escape(title)}</h2><p><code>python -m benchmarks.{name}</code></p>")
        parts += section(found[name])
    return "\n".join(parts)


def _http(found: Mapping[str, Any]) -> list[str]:
    grouped = [
        (candidate, connections, list(rounds))
        for (candidate, connections), rounds in groupby(
            found["rounds"], itemgetter("candidate", "connections")
        )
    ]
    rows = [
        {"candidate": candidate, "connections": connections}
        | {
            title: median(each[name] for each in rounds)
            for title, name in (
                ("answers/s", "rate"),
                ("p50, ms", "p50"),
                ("p99, ms", "p99"),
                ("server's cpu, µs", "cpu"),
                ("client busy, share", "client"),
            )
        }
        for candidate, connections, rounds in grouped
    ]
    ratios = [
        {"connections": connections} | each
        for connections, each in found["service_to_floor"].items()
    ]
    drawn = [
        Series(
            candidate,
            [(row["connections"], row["answers/s"]) for row in of_candidate],
            dots=True,
        )
        for candidate, of_candidate in (
            (name, [row for row in rows if row["candidate"] == name])
            for name in ("floor", "service")
        )
    ]
    return [
        "<p>The floor is a FastAPI endpoint of the same schemas that computes nothing.</p>",
        _figure(
            line_chart("rates", drawn, "connections", "answers/s", 0), "Medians of the rounds."
        ),
        _table(rows),
        "<h3>Service to floor</h3>",
        _table(ratios),
        "<h3>Texts a second in batches to single requests</h3>",
        f"<p>{_told(found['texts_of_batches_to_single'])}</p>",
    ]


def _tagger(found: Sequence[Mapping[str, Any]]) -> list[str]:
    batches = [{"bundle": each["bundle"]} | batch for each in found for batch in each["batches"]]
    bulk = [{"bundle": each["bundle"]} | each["bulk"] for each in found]
    return [
        "<h3>Against a bare run of the network</h3>",
        _table(batches),
        "<h3>Many at once</h3>",
        _table(bulk),
    ]


def _peers(found: Mapping[str, Any]) -> list[str]:
    candidates = found["candidates"]
    times = [
        Row(each["candidate"], *(each["alone_us"][at] for at in ("median", "low", "high")))
        for each in candidates
    ]
    f1s = [Row(each["candidate"], *[each["slot_f1"]] * 3) for each in candidates]
    return [
        _table(candidates),
        _figure(
            interval_chart("one at a time", times, "µs a sentence"),
            "A sentence at a time on one core: median and quartiles of the rounds.",
        ),
        _figure(
            interval_chart("slot F1", f1s, "slot F1"),
            f"On the {found['dev_sentences']} dev sentences of {found['corpus']}.",
        ),
    ]


def _start(found: Mapping[str, Any]) -> list[str]:
    packages = sorted(found["packages_megabytes"].items(), key=itemgetter(1), reverse=True)
    large = [(name, size) for name, size in packages if size >= 1]
    large.append(("all others", sum(size for _, size in packages[len(large) :])))
    rest = {name: value for name, value in found.items() if name != "packages_megabytes"}
    return [
        _told(rest),
        f"<h3>The {len(packages)} packages that serving installs</h3>",
        _table([{"package": name, "megabytes": size} for name, size in large]),
    ]


def _training(found: Mapping[str, Any]) -> list[str]:
    run = {name: value for name, value in found["run"].items() if name != "course"}
    course = Series("slot F1", found["run"]["course"], dots=True)
    loop = found["loop"]
    loops = [
        {
            "loop": name,
            "sentences_per_second": rate,
            "bucketed to it": loop["bucketed_to"].get(name),
            "words, share of places": loop["words_of_places"].get(name),
        }
        for name, rate in loop["sentences_per_second"].items()
    ]
    return [
        _figure(
            line_chart("to the goal", [course], "seconds", "slot F1 on dev", 80),
            f"Until the slot F1 on {found['corpus']} dev is {found['goal']}.",
        ),
        _table([run]),
        "<h3>The loop, on one thread</h3>",
        _table(loops),
    ]


def _growth(found: Mapping[str, Any]) -> list[str]:
    parts = [
        _figure(line_chart(name, [Series("median", found[name], dots=True)], unit, "ms", 0), said)
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
        _table(
            [
                {"workers": workers} | load
                for workers, loads in found["workers"].items()
                for load in loads
            ]
        ),
    ]


def _overload(found: Sequence[Mapping[str, Any]]) -> list[str]:
    return [_table(found)]


# By the names of the commands, in the order of the page.
_SECTIONS: Mapping[str, tuple[str, Callable[[Any], list[str]]]] = {
    "http": ("Over HTTP", _http),
    "tagger": ("The tagger in process", _tagger),
    "peers": ("Beside others", _peers),
    "start": ("Start, memory and packages", _start),
    "training": ("Training", _training),
    "growth": ("How times grow", _growth),
    "overload": ("Under too much load", _overload),
}


def _figure(drawing: str, caption: str) -> str:
    return f"<figure>{drawing}<figcaption>{escape(caption)}</figcaption></figure>"


def _told(value: Any) -> str:
    """Any JSON: lists of objects as tables, and what is within others as it comes."""
    if value is None:
        return "–"
    if isinstance(value, Mapping):
        if _is_spread(value):
            middle, low, high = map(_number, value.values())
            return f'{middle} <span class="spread">({low} to {high})</span>'
        rows = (
            f"<tr><th>{_name(key)}</th><td>{_told(each)}</td></tr>" for key, each in value.items()
        )
        return f'<div class="wide"><table><tbody>{"".join(rows)}</tbody></table></div>'
    if isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
        return _table(value)
    if isinstance(value, list):
        return ", ".join(_told(each) for each in value)
    if isinstance(value, int | float):
        return _number(value)
    return escape(str(value))


def _number(value: float) -> str:
    """Some three digits, but for F1, of which the fourth counts."""
    if abs(value) < 0.0005:
        return "0"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}" if abs(value) >= 10 else f"{value:.3g}"


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    flat = [dict(_flattened(row)) for row in rows]
    names = list(dict.fromkeys(name for row in flat for name in row))
    head = "".join(_cell("th", _name(name), flat[0].get(name)) for name in names)
    lines = (
        "".join(_cell("td", _told(row.get(name, "")), row.get(name)) for name in names)
        for row in flat
    )
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="wide">{table}</div>'


def _flattened(row: Mapping[str, Any], before: str = "") -> Iterable[tuple[str, Any]]:
    """Objects within a row as columns of their own."""
    for name, value in row.items():
        if isinstance(value, Mapping) and not _is_spread(value):
            yield from _flattened(value, f"{before}{name} ")
        else:
            yield f"{before}{name}", value


def _cell(tag: str, content: str, value: Any) -> str:
    """Words begin on the left, numbers end on the right."""
    kind = "" if isinstance(value, str) else ' class="number"'
    return f"<{tag}{kind}>{content}</{tag}>"


def _is_spread(value: Mapping[str, Any]) -> bool:
    return tuple(value) in (("median", "low", "high"), ("median", "least", "most"))


def _name(key: str) -> str:
    return escape(re.sub(r"\bus\b", "µs", key.replace("_", " ")))


if __name__ == "__main__":
    main()
