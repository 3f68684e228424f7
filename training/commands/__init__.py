"""
The commands that train taggers and measure them: `slotline fit` and others.

`slotline` finds this package through its entry point. Importing it loads nothing else of training:
the module of a command is imported once the command is asked for. So `slotline --help` is quick,
and commands that measure bundles run where torch is not installed.
"""

import argparse
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from io import TextIOWrapper

from app.tagging.errors import SlotFillingError

TITLE = "Train and evaluate"
EXTRA = "training"


@dataclass(frozen=True, slots=True)
class Command:
    """
    A command; `PARSERS` of its module adds its arguments.

    resumes: whether the same command continues an interrupted run; trouble: the exit status on
    errors.
    """

    module: str
    summary: str
    resumes: bool = False
    trouble: int = 1


COMMANDS: Mapping[str, Command] = {
    "fit": Command("fitting", "train a tagger and write its bundle", resumes=True),
    "evaluate": Command("evaluation", "measure a bundle on annotated text"),
    "export": Command("fitting", "write the bundle of a checkpoint"),
    "tune-stability": Command("evaluation", "tune on dev when a slot of a stream counts as stable"),
    "compare": Command("studies", "train every network and report on all of them", resumes=True),
    "ablate": Command("studies", "train a recipe without each of its ingredients", resumes=True),
    "cross-validate": Command(
        "studies", "measure a recipe on all of train and dev, fold by fold", resumes=True
    ),
    # As of diff and cmp: 1 is a result of a comparison, and trouble is 2.
    "compare-bundles": Command(
        "evaluation", "test whether bundle B is better than A on a corpus", trouble=2
    ),
    "snips-benchmark": Command("studies", "measure few-shot F1 on each intent of SNIPS"),
    "explain": Command("studies", "show a sentence on its way through an LSTM"),
}


def summaries() -> Mapping[str, str]:
    """Each command's name and help, in the order in which they are listed."""
    return {name: command.summary for name, command in COMMANDS.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, whose name comes first; returns the exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        # What a terminal in another encoding than UTF-8 cannot show is escaped.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    options, unknown = parser_for(arguments[:1]).parse_known_args(arguments)
    if unknown:  # by the parser of the command, so that the usage is the command's
        options.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    command = COMMANDS[options.chosen]
    try:
        status: int | None = options.command(options)
    except (SlotFillingError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return command.trouble
    except KeyboardInterrupt:
        hint = ": the same command without --restart continues from the last epoch"
        print(f"interrupted{hint if command.resumes else ''}", file=sys.stderr)
        return 130
    return status or 0


def parser_for(names: Sequence[str]) -> argparse.ArgumentParser:
    """A parser that lists every command and knows the arguments of those that are named."""
    parser = argparse.ArgumentParser(prog="slotline", description=(__doc__ or "").split("\n")[1])
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="chosen")
    for name, command in COMMANDS.items():
        description = f"{command.summary[0].upper()}{command.summary[1:]}."
        added = commands.add_parser(name, help=command.summary, description=description)
        added.set_defaults(parser=added)
        if name in names:
            import_module(f"{__name__}.{command.module}").PARSERS[name](added)
    return parser


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command as a process of its own; returns the exit status."""
    if sys.platform == "win32":
        sys.exit("error: training does not run on Windows itself: install and start it in WSL 2")
    # SIGTERM interrupts like Ctrl-C, so that worker processes are stopped too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    return main(arguments)
