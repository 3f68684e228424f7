"""
The service under a steady load and one fault after another: what it held, survived and lost.

    python -m benchmarks.soak [--minutes 10] [--bundle models/booking] [--json FILE]

Starts it with two workers, sees how much it can answer, and asks for 80 % of that, in an open
loop, for so many minutes. Meanwhile workers are killed, bundles damaged in every file and renewed,
connections broken off, left idle in their thousands and filled with rubbish, and workers left
without files. Then a fuzzer and schemathesis have a minute for every five. It ends with 1 where
a request was lost other than those that a killed worker held, an answer was another than before,
a fault was not survived, or memory grew by a tenth. Needs the extra `soak`.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import random
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from app.security.api_keys import new_key
from benchmarks.harness.exploration import cases, explore
from benchmarks.harness.faults import (
    REQUEST,
    break_off_everywhere,
    connect,
    damages,
    idle_connections,
)
from benchmarks.harness.service import serving, settle, workers_of
from benchmarks.load import QUESTIONS, SENTENCES, Caller, Client, Load, percentile
from benchmarks.measures import needs_linux

SHARE = 0.8
# The service closes what was idle for five seconds; whoever asks just then would be lost.
LONGEST_IDLE = 3.0
PATIENCE = 30.0
PAUSE = 1.0  # that a fault lasts, and between two looks at what is served, in seconds
REST = 5.0  # between two faults, which take a part of the machine from the load
POSITIONS = 3
RUBBISH = 50
IDLE = 1_000
TOY = Path("tests/toy_bundle")
REFUSED, HELD = "429 overloaded", "held by the killed"
# Requests on their way at a time: a caller who has so many open asks for no more.
UNDER_WAY = 100
_CODE = re.compile(rb'"code":"(\w+)"')


@dataclass
class Outcome:
    """What has happened so far."""

    capacity: float = 0.0
    load: Load = field(default_factory=lambda: Load("80 %"))
    faults: Counter[str] = field(default_factory=Counter)
    inputs: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    checked: int = 0
    memory: list[tuple[float, float]] = field(default_factory=list)

    @property
    def lost(self) -> int:
        """Requests that were neither answered nor refused, and were not a dead worker's."""
        plain = ("200", REFUSED, HELD)
        return sum(count for name, count in self.load.statuses.items() if name not in plain)

    @property
    def growth(self) -> tuple[float, float, float]:
        """Of the worker that lives on: megabytes at first, at last, and more in an hour."""
        settled = self.memory[len(self.memory) // 5 :]
        times, sizes = zip(*settled, strict=True)
        slope = statistics.linear_regression(times, sizes).slope
        return sizes[0], sizes[-1], slope * 3_600

    def figures(self) -> dict[str, Any]:
        """For the file."""
        first, last, slope = self.growth
        return {
            "capacity": self.capacity,
            "rate": self.load.rate,
            "seconds": self.load.seconds,
            "statuses": self.load.statuses,
            "p50": percentile(self.load.accepted, 50),
            "p99": percentile(self.load.accepted, 99),
            "answers_compared": self.checked,
            "megabytes": {"first": first, "last": last, "an_hour": slope},
            "faults": self.faults,
            "inputs": self.inputs,
            "failures": self.failures,
            "lost": self.lost,
        }


class Soak:
    """The service that suffers, and who makes it."""

    def __init__(
        self, operator: httpx2.Client, supervisor: subprocess.Popen[str], bundles: Path
    ) -> None:
        self.outcome = Outcome()
        self._operator = operator
        self._address = operator.base_url
        self._port = operator.base_url.port or 80
        self._supervisor = supervisor
        self._toy = bundles / "toy"
        self._files = itertools.cycle(sorted(path.name for path in TOY.iterdir()))
        self._dead: set[int] = set()
        # This one is never killed, so that its memory can be watched.
        self._survivor = min(workers_of(supervisor))
        self._client = Client(self._port, QUESTIONS)
        self._expected = [self._answer(sentence) for sentence in SENTENCES]

    async def run(self, seconds: float) -> None:
        """Measure, load and harm."""
        client = self._client
        for _ in range(2):  # the first warms up
            load = Load("capacity")
            await client.closed_loop(load, 64, 3.0)
        self.outcome.capacity = load.rate
        client.hang_up()
        until = time.monotonic() + seconds
        await asyncio.gather(
            self._ask_at(SHARE * load.rate, until),
            asyncio.to_thread(self._harm, until),
            asyncio.to_thread(self._watch, until),
        )

    async def _ask_at(self, rate: float, until: float) -> None:
        """So many questions a second, at random times, whatever becomes of them."""
        loop = asyncio.get_running_loop()
        idle: list[tuple[float, Caller]] = []
        load = self.outcome.load

        async def ask(due: float) -> None:
            caller = None
            while idle and caller is None:
                since, other = idle.pop()
                if other.transport is not None and loop.time() - since < LONGEST_IDLE:
                    caller = other
                elif other.transport is not None:
                    other.transport.close()
            try:
                if caller is None:
                    _, caller = await loop.create_connection(Caller, "127.0.0.1", self._port)
            except OSError:
                load.note("no connection", (loop.time() - due) * 1e3)
                return
            assert caller.transport is not None, "it was just made or looked at"
            port = caller.transport.get_extra_info("sockname")[1]
            answered: asyncio.Future[str] = loop.create_future()

            def hear(status: str) -> None:
                if not answered.done():  # for lack of patience
                    answered.set_result(status)

            caller.ask(self._client.question(), hear)
            try:
                status = await asyncio.wait_for(answered, PATIENCE)
            except TimeoutError:
                status = "no answer"
                if caller.transport is not None:
                    caller.transport.abort()
            if status == "lost" and port in self._dead:
                status = HELD
            elif status.isdigit() and (code := _CODE.search(caller.answer)):
                status = f"{status} {code[1].decode()}"
            idle.append((loop.time(), caller))
            load.note(status, (loop.time() - due) * 1e3)

        due = began = loop.time()
        asked: set[asyncio.Task[None]] = set()
        while time.monotonic() < until:
            due += random.expovariate(rate)
            await asyncio.sleep(max(0.0, due - loop.time()))
            if len(asked) >= UNDER_WAY:
                await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
                due = loop.time()
            task = asyncio.ensure_future(ask(due))
            asked.add(task)
            task.add_done_callback(asked.discard)
        await asyncio.gather(*asked)
        load.seconds = loop.time() - began
        for _, caller in idle:
            if caller.transport is not None:
                caller.transport.close()

    def _watch(self, until: float) -> None:
        """See that answers stay the same, and how much memory they take."""
        for sentence, expected in itertools.cycle(zip(SENTENCES, self._expected, strict=True)):
            pages = int(Path(f"/proc/{self._survivor}/statm").read_text().split()[1])
            size = pages * resource.getpagesize() / 1e6
            self.outcome.memory.append((time.monotonic(), size))
            if time.monotonic() > until:
                break
            found = self._answer(sentence)
            self.outcome.checked += 1
            if found != expected:
                self.outcome.failures.append(f"{sentence!r} was answered with {found}")
            time.sleep(PAUSE)

    def _answer(self, sentence: str) -> Any:
        """What the slots are, on a new connection, and what was wrong if there are none."""
        while True:
            try:
                response = httpx2.post(
                    self._address.join("/slots"), json={"text": sentence}, timeout=PATIENCE
                )
            except httpx2.TransportError:  # its worker was killed: the load counts what is lost
                continue
            answer = response.json()
            if response.status_code == 200:
                return [(slot["name"], slot["value"]) for slot in answer["slots"]]
            if response.status_code != 429:
                return answer
            self.outcome.load.note(REFUSED, 0.0)
            time.sleep(1)

    def _harm(self, until: float) -> None:
        """One fault after another, until there is no more time."""
        harms: list[Callable[[], None]] = [
            self._damage,
            self._kill,
            self._throw_rubbish,
            self._break_off,
            self._leave_idle,
            self._renew,
            self._take_files_away,
        ]
        while time.monotonic() < until:
            for harm in harms:
                try:
                    harm()
                except (AssertionError, OSError, httpx2.HTTPError) as error:
                    self.outcome.failures.append(f"{harm.__name__}: {error!r}")
                if time.monotonic() > until:
                    break
                time.sleep(REST)

    def _reload(self) -> dict[str, Any]:
        changes: dict[str, Any] = self._operator.post("/admin/reload").json()
        return changes

    def _damage(self) -> None:
        """Damage one file of the toy in all ways, and see that none of them is served."""
        name = next(self._files)
        for damage in damages(self._toy, name, POSITIONS):
            changes = self._reload()
            faults = [fault.get("model") for fault in changes["errors"]]
            if changes["loaded"] or faults != ["toy"]:
                self.outcome.failures.append(f"{damage}: {changes}")
            self.outcome.faults["bundles damaged and not served"] += 1

    def _renew(self) -> None:
        """A version of its own of another model, in one step."""
        number = self.outcome.faults["bundles renewed under load"]
        other = self._toy.with_name(f"toy-{number % 2}")
        shutil.copytree(TOY, other.with_name(".new"))
        manifest = other.with_name(".new") / "manifest.json"
        found = json.loads(manifest.read_text(encoding="utf-8")) | {"name": other.name}
        del found["digest"]
        found["description"] = f"number {number}"
        manifest.write_text(json.dumps(found), encoding="utf-8")
        shutil.rmtree(other, ignore_errors=True)
        other.with_name(".new").rename(other)
        assert other.name in [model["name"] for model in self._reload()["loaded"]]
        self.outcome.faults["bundles renewed under load"] += 1

    def _kill(self) -> None:
        """Kill a worker, having noted what it holds."""
        workers = settle(self._supervisor, self._operator, 2)
        victim = max(workers - {self._survivor})
        os.kill(victim, signal.SIGSTOP)
        self._dead |= _ports_of(victim)
        os.kill(victim, signal.SIGKILL)
        until = time.monotonic() + 60
        while victim in workers_of(self._supervisor) and time.monotonic() < until:
            time.sleep(0.05)
        settle(self._supervisor, self._operator, 2)
        self.outcome.faults["workers killed and replaced"] += 1

    def _throw_rubbish(self) -> None:
        """Requests with stretches replaced, cut off and repeated at random."""
        for _ in range(RUBBISH):
            start = random.randrange(len(REQUEST))
            end = random.randrange(start, min(len(REQUEST), start + 30))
            rubbish = REQUEST[:start] + random.randbytes(random.randrange(30)) + REQUEST[end:]
            with connect(self._address) as line, contextlib.suppress(ConnectionError):
                line.settimeout(0.2)
                line.sendall(rubbish)
                with contextlib.suppress(TimeoutError):
                    said = line.recv(65_536)
                    assert not said or said.startswith(b"HTTP/1.1 "), said
                    assert not said.startswith(b"HTTP/1.1 500"), rubbish
            self.outcome.inputs["broken requests"] += 1
        self.outcome.faults["rounds of rubbish"] += 1

    def _break_off(self) -> None:
        broken = break_off_everywhere(self._address, step=30)
        self.outcome.faults["connections reset, closed or half-closed"] += broken

    def _leave_idle(self) -> None:
        with idle_connections(self._address, IDLE):
            time.sleep(PAUSE)
        self.outcome.faults["idle connections, at once 1,000"] += IDLE

    def _take_files_away(self) -> None:
        """A worker may open two files more, for a second."""
        victim = max(settle(self._supervisor, self._operator, 2) - {self._survivor})
        usual = resource.prlimit(victim, resource.RLIMIT_NOFILE)
        open_files = len(list(Path(f"/proc/{victim}/fd").iterdir()))
        resource.prlimit(victim, resource.RLIMIT_NOFILE, (open_files + 2, usual[1]))
        with idle_connections(self._address, 20):
            time.sleep(PAUSE)
        resource.prlimit(victim, resource.RLIMIT_NOFILE, usual)
        self.outcome.faults["workers without a file left"] += 1


def _ports_of(worker: int) -> set[int]:
    """The other ends of its connections."""
    sockets = set()
    for descriptor in Path(f"/proc/{worker}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            sockets.add(descriptor.readlink().name)
    ports = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if f"socket:[{fields[9]}]" in sockets:
            ports.add(int(fields[2].partition(":")[2], 16))
    return ports


def main() -> None:
    """Soak, print, and end with 1 where something was lost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--bundle", type=Path, default=Path("models/booking"))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    needs_linux()
    with tempfile.TemporaryDirectory() as folder:
        outcome = _soak(Path(folder), options.bundle, options.minutes * 60)
    _print(outcome)
    if options.json:
        options.json.write_text(json.dumps(outcome.figures(), indent=2) + "\n")
    if outcome.lost or outcome.failures:
        sys.exit(1)


def _soak(folder: Path, bundle: Path, seconds: float) -> Outcome:
    bundles, keys = folder / "bundles", folder / "keys"
    shutil.copytree(bundle, bundles / bundle.name)
    shutil.copytree(TOY, bundles / "toy")
    key = new_key(keys, "operator")
    settings = {
        "SLOTLINE_MODEL_DIR": str(bundles),
        "SLOTLINE_DEFAULT_MODEL": bundle.name,
        "SLOTLINE_WORKERS": "2",
        "SLOTLINE_ADMIN_KEYS_FILE": str(keys),
    }
    with serving(**settings) as (operator, supervisor):
        operator.headers["x-api-key"] = key
        settle(supervisor, operator, 2)
        soak = Soak(operator, supervisor, bundles)
        asyncio.run(soak.run(seconds))
    outcome = soak.outcome
    first, last, _ = outcome.growth
    if last > 1.1 * first:
        outcome.failures.append("memory has grown by more than a tenth")
    for target in ("requests", "bundles"):
        _fuzz(outcome, target, max(5, round(seconds / 10)))
    with serving(**settings, SLOTLINE_API_KEYS_FILE=str(keys)) as (operator, _):
        try:
            examples = str(max(10, round(seconds / 6)))
            report = explore(operator.base_url, key, "--max-examples", examples)
            outcome.inputs["requests by schemathesis"] = cases(report)
        except subprocess.CalledProcessError as error:
            outcome.failures.append(f"schemathesis: {error.stdout}{error.stderr}")
    return outcome


def _fuzz(outcome: Outcome, target: str, seconds: int) -> None:
    command = (sys.executable, "-m", "benchmarks.fuzz", target, "--seconds", str(seconds))
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    told = [line.split()[-1] for line in finished.stderr.splitlines() if "executed_units" in line]
    if finished.returncode or not told:
        outcome.failures.append(f"the fuzzer of {target}: {finished.stderr[-2_000:]}")
    else:
        outcome.inputs[f"{target} by the fuzzer"] = int(told[0])


def _print(outcome: Outcome) -> None:
    load, (first, last, slope) = outcome.load, outcome.growth
    p50, p99 = percentile(load.accepted, 50) or 0.0, percentile(load.accepted, 99) or 0.0
    rows = [
        ("load held", f"{load.rate:.0f}/s", f"for {load.seconds / 60:.1f} minutes"),
        (
            "",
            f"{load.rate / outcome.capacity:.0%}",
            f"of what it could answer before, {outcome.capacity:.0f}/s",
        ),
        ("", f"{len(load.accepted)}", f"answers, p50 {p50:.1f} ms, p99 {p99:.1f} ms"),
        ("", f"{outcome.checked}", "of others compared with those before the faults"),
        ("memory", f"{last:.0f} MB", f"{first:.0f} MB at first, {slope:+.1f} MB an hour"),
        *(("faults survived", f"{count}", name) for name, count in outcome.faults.items()),
        *(("bad inputs tried", f"{count}", name) for name, count in outcome.inputs.items()),
        *(
            ("other ends", f"{count}", name)
            for name, count in load.statuses.items()
            if name != "200"
        ),
        ("requests lost", f"{outcome.lost}", "but for those that a killed worker held"),
    ]
    before = ""
    for what, count, remark in rows:
        print(f"{'' if what == before else what:18} {count:>10}  {remark}")
        before = what
    for failure in outcome.failures:
        print(f"FAILED {failure}")


if __name__ == "__main__":
    main()
