"""The fenced blocks of a Markdown page, and the shell script that runs them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"( *)(```+|~~~+)(\S*)")
_NOT_RUN = re.compile(r"<!-- not run: (.+?) -->")
_FILE = re.compile(r"<!-- file: (.+?) -->")


@dataclass(frozen=True, slots=True)
class Block:
    """
    A fenced block, of which `line` is the line of its fence.

    not_run: the reason why it is not run, if it is not. file: the name of the file that it is the
    contents of, if the page asks the reader to write one.
    """

    language: str
    text: str
    line: int
    not_run: str | None = None
    file: str | None = None

    @property
    def is_run(self) -> bool:
        """Whether the script runs it, as commands or as a program."""
        return self.language in ("sh", "python") and not self.not_run and not self.file


def pages() -> list[Path]:
    """The pages whose blocks are tested."""
    docs = ROOT / "docs"
    written = list(docs.glob("*.md"))
    for folder in ("tutorials", "how-to", "reference", "explanation"):
        written += (docs / folder).glob("*.md")
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(written)]


def blocks_of(page: Path) -> list[Block]:
    """The blocks of a page, in order."""
    found: list[Block] = []
    lines = iter(enumerate(page.read_text(encoding="utf-8").splitlines(), start=1))
    reason = file = None
    for number, line in lines:
        if mark := _NOT_RUN.fullmatch(line.strip()):
            reason = mark[1]
        elif mark := _FILE.fullmatch(line.strip()):
            file = mark[1]
        elif fence := _FENCE.match(line):
            text = "\n".join(_until(lines, fence[2], len(fence[1])))
            found.append(Block(fence[3], text, number, reason, file))
            reason = file = None
        elif line.strip():
            reason = file = None
    return found


def _until(lines: Iterator[tuple[int, str]], fence: str, indent: int) -> Iterator[str]:
    for _, line in lines:
        if line.strip() == fence:
            return
        yield line[indent:]


def script_of(page: Path, blocks: Sequence[Block], port: int) -> str:
    """
    A bash script of the blocks that run; each block's output goes to the file out/LINE.

    A block that is a file is written where the page says. `make serve` and `slotline serve` start
    the service in the background, in place of the one before, and wait until it is ready.
    """
    parts = [_PRELUDE.replace("8000", str(port))]
    for block in blocks:
        text = block.text.replace("8000", str(port))
        if block.file:
            parts.append(f"cat > {quote(block.file)} <<'END_OF_FILE'\n{text}\nEND_OF_FILE")
        if not block.is_run:
            continue
        text = re.sub(r"\.venv/bin/slotline serve\b", "serve", text)
        if block.language == "python":
            text = f".venv/bin/python - <<'END_OF_BLOCK'\n{text}\nEND_OF_BLOCK"
        parts.append(f'echo "{page.name}:{block.line}" >&2\n{{\n{text}\n}} > out/{block.line}')
    return "\n\n".join(parts)


_PRELUDE = """
set -euo pipefail
mkdir -p out
SERVICE=
stop() { if [ -n "$SERVICE" ]; then kill "$SERVICE" 2>/dev/null && wait "$SERVICE" || true; fi; }
trap stop EXIT
serve() {
    stop
    : > server.log  # here and now: the service before this one wrote that it runs
    PORT=8000 .venv/bin/slotline serve "$@" 2> server.log &
    SERVICE=$!
    until grep -q "running on" server.log; do
        kill -0 "$SERVICE" || { cat server.log >&2; return 1; }
        sleep 0.1
    done
}
make() {
    case $1 in
        serve) serve ;;
        test) ;;  # has installed what these blocks need
        *) echo "a block may not run make $1: mark it" >&2; return 1 ;;
    esac
}
"""
