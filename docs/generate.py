"""
Writes the pages of the reference that the code defines.

    python -m docs.generate
"""

import argparse
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from inspect import cleandoc, getdoc, getsource
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import onnxruntime
from prometheus_client.parser import text_string_to_metric_families
from websockets.sync.client import connect

import app.tagging.bundle
from app import cli
from app.http.error_handlers import HTTP_PROBLEMS, STATUS, UNEXPECTED
from app.http.paths import STREAM_PATH
from app.server import http_protocol, refusals
from app.settings import Settings
from app.tagging.bundle import CorpusNote, Manifest
from app.tagging.errors import SlotFillingError
from benchmarks.harness.service import serving
from training.commands import COMMANDS, parser_for
from training.commands import TITLE as TRAINING
from training.experiment import Experiment

ROOT = Path(__file__).parents[1]
FOLDER = Path(__file__).parent / "reference"
NOTE = "<!-- `python -m docs.generate` writes this page from the code: change the code instead. -->"
# Errors that have no class: the HTTP server answers before anything is routed.
_OF_THE_SERVER = {
    "invalid_http": (400, "The bytes are not a valid HTTP/1.1 request; the connection is closed."),
    "too_many_connections": (
        503,
        "`SLOTLINE_MAX_CONNECTIONS` connections are open. Try again after `Retry-After` seconds.",
    ),
}
# Counted and logged, but nobody is there to read the response.
_UNSEEN = {"client_gone"}


def pages() -> Mapping[str, str]:
    """Each page's name in docs/reference, and its text."""
    return {
        "settings.md": settings_page(),
        "errors.md": errors_page(),
        "metrics.md": metrics_page(),
        "cli.md": cli_page(),
        "experiment.md": experiment_page(),
        "bundle.md": bundle_page(),
    }


def settings_page() -> str:
    """Every setting, its default and what it does."""
    rows = []
    for name, field in Settings.model_fields.items():
        variable = field.validation_alias or f"SLOTLINE_{name.upper()}"
        rows.append((f"`{variable}`", _default(field.default), field.description or ""))
    return _page(
        "Settings",
        "Each setting is an environment variable, read once when the service starts. An empty "
        "variable counts as unset. An invalid value stops the start with one line that names it. "
        "Unknown `SLOTLINE_*` variables are logged as a warning. `slotline serve` has options for "
        "some of them: see [the command line](cli.md#slotline-serve).",
        _table(("Setting", "Default", "Meaning"), rows),
        "Training reads one variable: `SLOTLINE_DATA`, the folder below which an experiment's "
        "corpora are (default `../shared/data`). Tracing reads the standard `OTEL_*` variables; "
        "see [Monitor](../how-to/monitor.md#traces).",
    )


def errors_page() -> str:
    """Every code of an error response."""
    rows = {
        kind.code: (status, kind.code, _first_sentences(kind))
        for kind, status in reversed(list(STATUS.items()))
        if status != 500 and not kind.__subclasses__() and issubclass(kind, SlotFillingError)
    }
    rows |= {
        code: (status, code, _sentence(text)) for status, (code, text) in HTTP_PROBLEMS.items()
    }
    rows["internal_error"] = (500, "internal_error", _sentence(UNEXPECTED))
    source = getsource(http_protocol) + getsource(refusals)
    for code, (status, text) in _OF_THE_SERVER.items():
        assert f'"{code}"' in source, f"app/server sends no {code}"
        rows[code] = (status, code, text)
    shown = sorted(row for code, row in rows.items() if code not in _UNSEEN)
    return _page(
        "Error codes",
        "Every error response is `application/problem+json` (RFC 9457). `detail` says what is "
        "wrong and what to do, in words that may change. `code` is for programs:",
        _table(("Status", "Code", "Meaning"), [(str(s), f"`{c}`", text) for s, c, text in shown]),
        "The same codes are the labels of the metric `slotline_errors_total`. It has one more: "
        "`client_gone`, for a client that disconnected before its response.",
        "```json\n"
        '{"type": "about:blank", "title": "Not Found", "status": 404,\n'
        ' "detail": "there is no model \'bookings\'; there are: atis, booking, snips", '
        '"code": "model_not_found"}\n'
        "```",
        "`invalid_request` has also `errors`, a list of objects with `location` and `message`.",
    )


def metrics_page() -> str:
    """Every metric that two workers expose after some requests, with its labels."""
    with serving(SLOTLINE_MODEL_DIR=str(ROOT / "models"), SLOTLINE_WORKERS="2") as (client, _):
        client.post("/slots", json={"text": "leave Taipei"})
        turn = client.post("/forms/trip", json={"text": "leave Taipei tomorrow"})
        assert turn.status_code == 200, turn.text
        client.get("/nothing")
        with connect(f"ws://{client.base_url.netloc.decode()}{STREAM_PATH}") as stream:
            stream.send('{"text": "leave Taipei", "final": true}')
            stream.recv()
        exposition = client.get("/metrics").text
    for name in _declared_metrics():
        assert f"{name}{{" in exposition or f"{name} " in exposition, f"{name} did not happen"
    own: list[tuple[str, ...]] = []
    process: list[tuple[str, ...]] = []
    for family in text_string_to_metric_families(exposition):
        labels = dict.fromkeys(
            label for sample in family.samples for label in sample.labels if label != "le"
        )
        name = family.name + ("_total" if family.type == "counter" else "")
        row = (
            f"`{name}`",
            family.type,
            ", ".join(f"`{label}`" for label in labels),
            family.documentation,
        )
        (own if name.startswith("slotline_") else process).append(row)
    heads = ("Metric", "Type", "Labels", "Meaning")
    return _page(
        "Metrics",
        "`GET /metrics` answers in the Prometheus text format or, where `Accept` asks for it, in "
        "OpenMetrics. Several workers answer as one. Times are in seconds.",
        _table(heads, sorted(own)),
        "`endpoint` is a route such as `/models/{name}`, never a path as it came; `kind` is "
        "`short` or `long`; `code` is one of the [error codes](errors.md). One worker alone has no "
        "`slotline_worker_restarts_total` and no `slotline_requests_lost_total`.",
        "## Processes",
        "These come from Linux. With several workers each has the label `pid`.",
        _table(heads, sorted(process)),
    )


def _declared_metrics() -> set[str]:
    """The names in app/observability, so that none is left out because nothing caused it."""
    found = set()
    for path in (ROOT / "app" / "observability").glob("*.py"):
        source = path.read_text(encoding="utf-8")
        for kind, name in re.findall(r'\b(counter|gauge|histogram)\(\s*"(\w+)"', source):
            ending = {"counter": "_total", "histogram": "_count"}.get(kind, "")
            found.add(f"slotline_{name}{ending}")
    assert found
    return found


def cli_page() -> str:
    """Every command and its options."""
    sections = ["## Serve"]
    for name, command in cli.COMMANDS.items():
        parser = argparse.ArgumentParser(prog=f"slotline {name}", description=command.summary)
        command.add_arguments(parser)
        sections += _command(parser, command.summary)
    sections.append(f"## {TRAINING}")
    for name, (parser, summary) in _subcommands(training_parser()).items():
        parser.prog = f"slotline {name}"
        sections += _command(parser, summary)
    return _page(
        "Command line",
        "`make serve` and `make test` install the command as `.venv/bin/slotline`. "
        "`slotline COMMAND --help` describes a command. The commands of the second group need the "
        "extra `training`, which `make test` installs. Where no script is installed, `python -m "
        "app` runs the same commands.",
        *sections,
    )


def training_parser() -> argparse.ArgumentParser:
    """The parser of all commands of training."""
    return parser_for(list(COMMANDS))


def _command(parser: argparse.ArgumentParser, summary: str) -> Iterator[str]:
    actions = [action for action in parser._actions if action.help != argparse.SUPPRESS]
    inner = _subcommands(parser)
    if inner:
        for name, (each, about) in inner.items():
            each.prog = f"{parser.prog} {name}"
            yield from _command(each, about)
        return
    positional = [
        f"[{action.metavar}]" if action.nargs in ("?", "*") else str(action.metavar)
        for action in actions
        if not action.option_strings
    ]
    required = [
        _invocation(action) for action in actions if action.option_strings and action.required
    ]
    yield f"### `{parser.prog}`"
    usage = " ".join([parser.prog, *positional, *required, "[OPTION ...]"])
    yield f"{_sentence(summary)} Usage: `{usage}`"
    if parser.description and _sentence(parser.description) != _sentence(summary):
        yield parser.description
    formatter = parser._get_formatter()
    rows = [
        (
            f"`{_invocation(action)}`",
            _sentence(formatter._expand_help(action)) if action.help else "",
        )
        for action in actions
        if not isinstance(action, argparse._HelpAction)
    ]
    yield _table(("Argument", "Meaning"), rows)


def _invocation(action: argparse.Action) -> str:
    if not action.option_strings:
        return str(action.metavar or action.dest)
    if action.nargs == 0:  # of one that can be switched off, both
        return ", ".join(action.option_strings)
    value = action.metavar or (
        "|".join(map(str, action.choices)) if action.choices else action.dest.upper()
    )
    more = " ..." if action.nargs == "+" else ""
    return f"{action.option_strings[-1]} {value}{more}"


def _subcommands(
    parser: argparse.ArgumentParser,
) -> Mapping[str, tuple[argparse.ArgumentParser, str]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            about = {choice.dest: choice.help or "" for choice in action._choices_actions}
            return {name: (each, about[name]) for name, each in action.choices.items()}
    return {}


def experiment_page() -> str:
    """Every table and key of an experiment file."""
    sections = [_keys(Experiment)]
    hints = get_type_hints(Experiment, include_extras=True)
    described: dict[type, str] = {}
    for field in fields(Experiment):
        for kind in _dataclasses(hints[field.name]):
            several = "tuple" in str(hints[field.name])
            title = f"[[{field.name}]]" if several else f"[{field.name}]"
            sections.append(f"## `{title}`")
            if kind in described:
                sections.append(f"The keys are those of `{described[kind]}`.")
            else:
                sections += [_prose(kind), _keys(kind)]
            described[kind] = title
    return _page(
        "Experiment file",
        "One TOML file decides how a bundle comes out; the manifest keeps a copy of it. The files "
        "of the shipped bundles are in `training/experiments`. `fit --corpus` without a file takes "
        "`default.toml` from there, or `few-shot.toml` for 100 sentences or fewer. Unknown keys "
        "and values out of range are errors that name the key.",
        *sections,
    )


def _keys(kind: type) -> str:
    about = _descriptions(kind)
    hints = get_type_hints(kind, include_extras=True)
    rows = []
    for field in fields(kind):
        if any(_dataclasses(hints[field.name])):
            continue  # a table of its own
        assert field.name in about, f"the docstring of {kind.__name__} lacks {field.name}"
        rows.append(
            (f"`{field.name}`", _type(hints[field.name]), _field_default(field), about[field.name])
        )
    return _table(("Key", "Type", "Default", "Meaning"), rows)


def bundle_page() -> str:
    """The files of a bundle and the fields of its manifest."""
    about = _descriptions(Manifest)
    hints = get_type_hints(Manifest)
    missing = {field.name for field in fields(Manifest)} - about.keys()
    assert not missing, f"the docstring of Manifest lacks {missing}"
    rows = [
        (f"`{field.name}`", _type(hints[field.name]), about[field.name])
        for field in fields(Manifest)
    ]
    rows.append(("`digest`", "string", "SHA-256 of the manifest without this field."))
    session = onnxruntime.InferenceSession(ROOT / "models" / "atis" / "model.onnx")
    graph = [
        (f"`{each.name}`", role, each.type, " × ".join(map(str, each.shape)))
        for role, values in (("input", session.get_inputs()), ("output", session.get_outputs()))
        for each in values
    ]
    files = cleandoc(app.tagging.bundle.__doc__ or "").partition("\n\n")[2]
    return _page(
        "Bundle format",
        f"A bundle is a folder. This release reads and writes format {app.tagging.bundle.FORMAT}.",
        f"```text\n{cleandoc(files)}\n```",
        "Opening a bundle checks the manifest, the SHA-256 of every file and the verification "
        "examples, on the device in use. A bundle that fails is not served.",
        "## `manifest.json`",
        _table(("Field", "Type", "Meaning"), rows),
        "Each entry of `corpora`: "
        + "; ".join(
            f"`{name}`, {text[0].lower()}{text[1:].rstrip('.')}"
            for name, text in _descriptions(CorpusNote).items()
        )
        + ".",
        "## The graph",
        "Every network has the same inputs and outputs, whatever is inside; these are those of "
        "`models/atis`. Probabilities are the softmax of scores. A bundle without "
        "intents has no `intent_scores` and no `intent_probabilities`.",
        _table(("Name", "Role", "Type", "Shape"), graph),
    )


def _descriptions(kind: type) -> dict[str, str]:
    """What a docstring says of fields, in paragraphs that begin with `name: ` or `a, b: `."""
    found: dict[str, str] = {}
    names: list[str] = []
    known = {field.name for field in fields(kind)}
    for line in (getdoc(kind) or "").splitlines():
        start = re.match(r"(\w+(?:, \w+)*): (.*)", line)
        if start and set(start[1].split(", ")) <= known:
            names, line = start[1].split(", "), start[2]
        elif not line.strip():
            names = []
        for name in names:
            found[name] = f"{found.get(name, '')} {line.strip()}".strip()
    return {name: _sentence(text) for name, text in found.items()}


def _prose(kind: type) -> str:
    """A docstring without its list of fields."""
    known = {field.name for field in fields(kind)}
    paragraphs = (getdoc(kind) or "").split("\n\n")
    return "\n\n".join(
        " ".join(each.split())
        for each in paragraphs
        if not (
            (start := re.match(r"(\w+(?:, \w+)*): ", each)) and set(start[1].split(", ")) <= known
        )
    )


def _dataclasses(hint: Any) -> Iterator[type]:
    if is_dataclass(hint) and isinstance(hint, type):
        yield hint
    for inner in get_args(hint):
        yield from _dataclasses(inner)


def _type(hint: Any) -> str:
    origin = get_origin(hint)
    if origin is Annotated:
        return _type(get_args(hint)[0])
    if origin is Literal:
        return " or ".join(f'`"{value}"`' for value in get_args(hint))
    if origin in (Union, UnionType):
        return " or ".join(_type(each) for each in get_args(hint) if each is not type(None))
    if origin in (tuple, list):
        return f"list of {_type(get_args(hint)[0])}s"
    if origin is dict:
        return "table" if get_args(hint)[1] is Any else f"table of {_type(get_args(hint)[1])}s"
    if is_dataclass(hint):
        return "table"
    return {str: "string", int: "integer", float: "number", bool: "boolean"}.get(hint, str(hint))


def _field_default(field: "Field[Any]") -> str:
    if field.default_factory is not MISSING:
        return _toml(field.default_factory())
    return "required" if field.default is MISSING else _toml(field.default)


def _default(value: object) -> str:
    if value is None or value in ((), {}, ""):
        return "unset"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`"


def _toml(value: object) -> str:
    return f'`"{value}"`' if isinstance(value, str) and value else _default(value)


def _first_sentences(kind: type) -> str:
    return _sentence(" ".join((getdoc(kind) or "").partition("\n\n")[0].split()))


def _sentence(text: str) -> str:
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", ")", ":")) else f"{text}."


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in lines
    )


def _page(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", NOTE, *(part for part in parts if part)]) + "\n"


def main() -> None:
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
