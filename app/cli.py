"""
The command `slotline`.

It imports nothing heavy before a command needs it, so that its help is quick and `serve` handles
signals from the start. Commands of other packages, such as training's, are found through entry
points of the group `slotline.commands`.
"""

import argparse
import os
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from app import __version__
from app.extras import NAME as _PROGRAM
from app.extras import install_command

_ENTRY_POINTS = "slotline.commands"
# The exit status where no command was run: argparse's for what it does not understand.
_NOT_RUN = 2
# As shells have it: 128 and the number of SIGINT.
_INTERRUPTED = 130
_ABOUT = "Train taggers for slot filling on annotated text, and serve them over HTTP."
_EXAMPLES = (
    "slotline serve --port 9000",
    "slotline tag texts.csv --column question --out tagged.csv",
    "slotline fit --corpus my-corpus --out my-bundles/mine",
    "slotline evaluate my-bundles/mine my-corpus",
)


class CommandGroup(Protocol):
    """
    What an entry point of `slotline.commands` names: commands that share an extra.

    Its module is imported for `slotline --help`: what is heavy is imported by `run`.
    """

    TITLE: str
    """A heading for the list of commands."""
    EXTRA: str
    """The optional dependencies of this distribution that the commands need."""

    def summaries(self) -> Mapping[str, str]:
        """Each command's name and one line about it."""
        ...

    def run(self, arguments: Sequence[str]) -> int:
        """Run a command, whose name comes first; returns the exit status."""
        ...


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the service's own; `extra` is what it needs installed, if anything."""

    summary: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], None]
    extra: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status, or raises SystemExit as argparse does."""
    name, *rest = (sys.argv[1:] if arguments is None else list(arguments)) or [""]
    if name == "help" and rest:
        name, rest = rest[0], ["--help"]
    if name in ("-h", "--help", "help"):
        print(_overview(_groups()))
        return 0
    if name in ("-V", "--version"):
        print(f"{_PROGRAM} {__version__}")
        return 0
    if name in COMMANDS:
        return _run_own(name, rest)
    groups = _groups()
    if not name:
        print(_overview(groups), file=sys.stderr)
        return _NOT_RUN
    owners = {command: group for group in groups for command in group.summaries()}
    if name in owners:
        return _with_extra(name, owners[name].EXTRA, partial(owners[name].run, [name, *rest]))
    print(f"{_PROGRAM}: {_unknown(name, groups)}", file=sys.stderr)
    return _NOT_RUN


def _add_action(actions: Any, name: str, summary: str) -> argparse.ArgumentParser:
    """A command within a command, whose help begins with its summary."""
    description = f"{summary[0].upper()}{summary[1:]}."
    added: argparse.ArgumentParser = actions.add_parser(
        name, help=summary, description=description, allow_abbrev=False
    )
    return added


def _run_own(name: str, arguments: Sequence[str]) -> int:
    command = COMMANDS[name]
    parser = argparse.ArgumentParser(
        prog=f"{_PROGRAM} {name}",
        description=f"{command.summary[0].upper() + command.summary[1:]}.",
        allow_abbrev=False,
    )
    command.add_arguments(parser)
    options = parser.parse_args(arguments)

    def run() -> int:
        command.run(options)
        return 0

    return _with_extra(name, command.extra, run)


def _with_extra(name: str, extra: str, run: Callable[[], int]) -> int:
    """Run a command; a package that is missing is one sentence with the command to install it."""
    try:
        return run()
    except KeyboardInterrupt:  # while it imports, say
        return _INTERRUPTED
    except ModuleNotFoundError as error:
        # A missing submodule, such as `app.nothing`, is no missing package but a bug.
        if not extra or not error.name or "." in error.name:
            raise
        print(
            f"{_PROGRAM}: {name} needs {error.name}, which is not installed: "
            f"{install_command(extra)}",
            file=sys.stderr,
        )
        return _NOT_RUN


def _groups() -> list[CommandGroup]:
    from importlib.metadata import distributions

    # Not by `entry_points()`: of two records of one distribution it reads the first alone, and that
    # may be an old *.egg-info in the current folder.
    points = {
        point
        for distribution in distributions()
        for point in distribution.entry_points
        if point.group == _ENTRY_POINTS
    }
    return [point.load() for point in sorted(points)]


def _overview(groups: Sequence[CommandGroup]) -> str:
    own = {name: command.summary for name, command in COMMANDS.items()}
    sections = [("Serve and tag", own)]
    sections += [
        (f"{group.TITLE} (needs the extra `{group.EXTRA}`)", dict(group.summaries()))
        for group in groups
    ]
    known = {name for _, commands in sections for name in commands}
    width = max(map(len, known))
    lines = [f"usage: {_PROGRAM} COMMAND [OPTION ...]", "", _ABOUT]
    for title, commands in sections:
        lines += ["", f"{title}:"]
        lines += [f"  {name:{width}}  {summary}" for name, summary in commands.items()]
    lines += ["", "Examples:"]
    lines += [f"  {example}" for example in _EXAMPLES if example.split()[1] in known]
    lines += ["", f"`{_PROGRAM} COMMAND --help` describes a command and its options."]
    return "\n".join([*lines, f"`{_PROGRAM} --version` prints the version."])


def _unknown(name: str, groups: Sequence[CommandGroup]) -> str:
    from difflib import get_close_matches

    hint = f"`{_PROGRAM} --help` lists the commands"
    if name.startswith("-"):
        return f"{name!r} is not an option before a command: {hint}"
    known = [*COMMANDS, *(summary for group in groups for summary in group.summaries())]
    near = get_close_matches(name.lower(), known, n=1)
    question = f"did you mean {near[0]!r}? " if near else ""
    return f"{name!r} is not a command: {question}{hint}"


@dataclass(frozen=True, slots=True)
class _Override:
    """An option of `serve` that takes the place of a variable of the environment."""

    variable: str
    metavar: str
    help: str
    default: str


OVERRIDES: Mapping[str, _Override] = {
    "--host": _Override("HOST", "ADDRESS", "address to listen on", "127.0.0.1"),
    "--port": _Override("PORT", "PORT", "port to listen on, 0 for any free one", "8000"),
    "--workers": _Override("SLOTLINE_WORKERS", "N", "processes that share the port", "1"),
    "--model-dir": _Override("SLOTLINE_MODEL_DIR", "DIR", "folder of the bundles", "models"),
}


def _add_serve(parser: argparse.ArgumentParser) -> None:
    for option, override in OVERRIDES.items():
        parser.add_argument(
            option,
            dest=override.variable,
            metavar=override.metavar,
            help=f"{override.help}; overrides {override.variable} (default: {override.default})",
        )
    # For the workers, which the supervisor starts: see app/server/supervisor.py.
    parser.add_argument("--worker", nargs=4, help=argparse.SUPPRESS)
    parser.epilog = (
        "Settings are environment variables, SLOTLINE_...; docs/reference/settings.md lists them. "
        "The options above override their variables."
    )


def _serve(options: argparse.Namespace) -> None:
    _refuse_windows()
    from app.server.signals import install_startup_handlers

    # To import the rest takes the most of a start, and the first process of a container, which
    # ignores each signal that it does not catch, could not be stopped in that time.
    install_startup_handlers()
    for override in OVERRIDES.values():
        value = getattr(options, override.variable)
        if value is not None:
            _set_variable(override.variable, value)
    from app.serve import serve

    serve(options.worker)


def _refuse_windows() -> None:
    if sys.platform == "win32":
        sys.exit(f"{_PROGRAM}: it does not run on Windows itself: install and start it in WSL 2")


def _set_variable(variable: str, value: str) -> None:
    for name in [name for name in os.environ if name.upper() == variable]:
        del os.environ[name]  # settings are read whatever the case of their names
    os.environ[variable] = value


def _add_keys(parser: argparse.ArgumentParser) -> None:
    from app.security.api_keys import FILE_VARIABLE

    actions = parser.add_subparsers(required=True, metavar="ACTION")
    new = _add_action(actions, "new", "create a key, print it once, and add its hash to a file")
    new.add_argument("name", metavar="NAME", help="name of the client")
    new.add_argument(
        "--file",
        type=Path,
        metavar="FILE",
        default=os.environ.get(FILE_VARIABLE) or None,
        help=f"file that the hash is added to (default: the value of {FILE_VARIABLE})",
    )
    new.set_defaults(parser=new)


def _keys(options: argparse.Namespace) -> None:
    from app.security.api_keys import FILE_VARIABLE, KeysFileError, new_key

    if options.file is None:
        options.parser.error(f"name the file of keys with --file or {FILE_VARIABLE}")
    path = Path(options.file)
    try:
        key = new_key(path, options.name)
    except KeysFileError as error:
        sys.exit(f"{_PROGRAM}: {error}")
    # Standard output gets the key alone.
    print(f"added to {path}; save the key now, it is not shown again:", file=sys.stderr)
    print(key)


def _add_signing_key(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "key",
        type=Path,
        metavar="FILE",
        help="file for the private key; the public key is written beside it, as FILE.pub",
    )


def _signing_key(options: argparse.Namespace) -> None:
    from app.security.signing import new

    _print_written(lambda: new(options.key))


def _add_sign(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("bundle", type=Path, metavar="BUNDLE", help="folder of the bundle")
    parser.add_argument(
        "--key",
        type=Path,
        required=True,
        metavar="FILE",
        help=f"private key, as made by `{_PROGRAM} signing-key`",
    )


def _sign(options: argparse.Namespace) -> None:
    from app.security.signing import sign_bundle

    _print_written(lambda: sign_bundle(options.bundle, options.key))


def _add_types(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("bundle", type=Path, metavar="BUNDLE", help="folder of the bundle")
    parser.add_argument(
        "--declare",
        type=Path,
        metavar="FILE",
        help="TOML file with the types; they replace those of the bundle, which gets a new version "
        "and loses its signature (default: print the types of the bundle)",
    )


def _types(options: argparse.Namespace) -> None:
    from app.inference.slot_types import types_of
    from app.tagging.bundle import add_types, open_bundle
    from app.tagging.errors import BundleError
    from app.values import InvalidDeclarationError, read_declaration

    try:
        bundle = open_bundle(options.bundle)
        if options.declare is not None:
            declared = read_declaration(options.declare, bundle.contents.slots)
            again = _with_types(bundle.manifest.command, options.bundle, options.declare)
            add_types(options.bundle, *declared, again)
            bundle = open_bundle(options.bundle)
        types = types_of(bundle)
    except (BundleError, InvalidDeclarationError, OSError) as error:
        sys.exit(f"{_PROGRAM}: {error}")
    print(f"{options.bundle}: version {bundle.manifest.version}, {len(types)} slots with types")
    for slot in types:
        table = (bundle.manifest.types or {})["values"][slot]
        print(f"  {slot}: {', '.join(f'{name} {value}' for name, value in table.items())}")


def _with_types(command: str, bundle: Path, declaration: Path) -> str:
    """The command that makes a bundle again, and then gives it the types of a declaration."""
    added = shlex.join([_PROGRAM, "types", str(bundle), "--declare", str(declaration)])
    made, _, _ = command.partition(f" && {_PROGRAM} types ")
    return f"{made} && {added}"


def _add_lists(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    check = _add_action(actions, "check", "count the values of each list, and print its errors")
    check.set_defaults(act=_check_lists)
    check.add_argument(
        "--model-dir",
        type=Path,
        metavar="DIR",
        default=os.environ.get("SLOTLINE_MODEL_DIR") or None,
        help="folder of the bundles, to check that they have the slots of the lists (default: the "
        "value of SLOTLINE_MODEL_DIR; unset: the slots are not checked)",
    )
    add = _add_action(actions, "add", "add a value to a list; the list is created if needed")
    add.set_defaults(act=_add_to_list)
    remove = _add_action(actions, "remove", "remove a value from a list")
    remove.set_defaults(act=_remove_from_list)
    for action in (add, remove):
        action.add_argument("model", metavar="MODEL", help="name of the model")
        action.add_argument(
            "slot", metavar="SLOT", help="slot that the list is for, or several: SLOT+SLOT"
        )
        action.add_argument("value", metavar="VALUE", help="value as people write it")
        action.add_argument(
            "--closed",
            action=argparse.BooleanOptionalAction,
            help="change the closed list, which holds all values of the slot, or the open list "
            "(default: the list that exists, else the open list)",
        )
    add.add_argument(
        "--canonical", default="", metavar="NAME", help="usual name of what the value stands for"
    )
    add.add_argument("--id", default="", help="identifier of what the value stands for")
    for action in (check, add, remove):
        action.add_argument(
            "--lists-dir",
            type=Path,
            metavar="DIR",
            default=os.environ.get("SLOTLINE_LISTS_DIR") or None,
            help="folder of the lists (default: the value of SLOTLINE_LISTS_DIR)",
        )
        action.set_defaults(parser=action)


def _lists(options: argparse.Namespace) -> None:
    from app.tagging.errors import BundleError

    if options.lists_dir is None:
        options.parser.error("name the folder of lists with --lists-dir or SLOTLINE_LISTS_DIR")
    try:
        options.act(options)
    except (BundleError, OSError) as error:
        sys.exit(f"{_PROGRAM}: {error}")


def _check_lists(options: argparse.Namespace) -> None:
    from app.inference.list_editing import checked_lists

    broken = 0
    for line in checked_lists(
        Path(options.lists_dir), options.model_dir and Path(options.model_dir)
    ):
        broken += not isinstance(line, str)
        print(line, file=sys.stdout if isinstance(line, str) else sys.stderr)
    if broken:
        sys.exit(1)


def _add_to_list(options: argparse.Namespace) -> None:
    from app.inference.list_editing import add_value
    from app.values.list_format import Entry

    texts = (options.value, options.canonical, options.id)
    value, canonical, identifier = (" ".join(text.split()) for text in texts)
    if not value:
        options.parser.error("the value is empty")
    path, is_new = add_value(
        Path(options.lists_dir),
        options.model,
        options.slot.split("+"),
        Entry(value, canonical, identifier),
        is_closed=options.closed,
    )
    print(f"{path}: {'added' if is_new else 'has'} {value!r}")


def _remove_from_list(options: argparse.Namespace) -> None:
    from app.inference.list_editing import remove_value

    value = " ".join(options.value.split())
    path, count = remove_value(
        Path(options.lists_dir),
        options.model,
        options.slot.split("+"),
        value,
        is_closed=options.closed,
    )
    if not count:
        sys.exit(f"{_PROGRAM}: {path} has no {value!r}")
    print(f"{path}: removed {value!r}")


def _print_written(write: Callable[[], Path]) -> None:
    from app.tagging.errors import BundleError

    try:
        print(write())
    except (BundleError, OSError) as error:
        sys.exit(f"{_PROGRAM}: {error}")


def _add_tag(parser: argparse.ArgumentParser) -> None:
    from app.bulk.command import add_arguments

    add_arguments(parser)


def _tag(options: argparse.Namespace) -> None:
    _refuse_windows()
    from app.bulk.command import run

    run(options)


COMMANDS: Mapping[str, Command] = {
    "serve": Command("start the HTTP service", _add_serve, _serve),
    "tag": Command("find the slots in each row of a file", _add_tag, _tag, "bulk"),
    "keys": Command("create an API key for a client of the service", _add_keys, _keys),
    "signing-key": Command(
        "create a key pair to sign bundles with", _add_signing_key, _signing_key, "signing"
    ),
    "sign": Command("sign a bundle", _add_sign, _sign, "signing"),
    "types": Command("show or set the types of a bundle's slots", _add_types, _types),
    "lists": Command("check or change the lists of values of models", _add_lists, _lists),
}
