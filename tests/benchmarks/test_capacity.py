"""The command that plans pods: its client of streams, its sums and what it prints."""

import asyncio
import json
import re
import sys
from pathlib import Path

import pytest

from benchmarks import capacity
from benchmarks.capacity import Measured, _Loop, _verdict
from benchmarks.load import Load, pinned_service
from benchmarks.simulation import TURN, Cost
from benchmarks.streaming import TEXTS, Speakers, frame

pytestmark = pytest.mark.linux
GUIDE = (Path(__file__).parents[2] / "docs" / "scaling.md").read_text(encoding="utf-8")
COST = ["--cost", "400", "100", "--stream-cost", "400", "300"]


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr(sys, "argv", ["capacity", *arguments])
    capacity.main()


def test_a_load_gets_the_pods_that_its_rate_asks_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "plan.json"
    load = ["--requests", "30000", "--speakers", "3000", "--json", str(file)]
    run(monkeypatch, *COST, *load)
    requests, people = json.loads(file.read_text())["plans"]
    most = TURN / (400e-6 + TURN * 100e-6)
    assert requests["deploy"] == -(-30_000 * 30 / 14 // (0.6 * most))
    assert 30_000 / most < requests["random"] < requests["bursts"] < requests["deploy"]
    assert people["random"] < people["deploy"]
    printed = capsys.readouterr().out
    rows = re.findall(
        r"^(30,000 requests/s|3,000 people speaking) .* (\d+)$", printed, re.MULTILINE
    )
    assert [int(pods) for _, pods in rows] == [requests["deploy"], people["deploy"]]
    assert f"{0.6 * most:,.0f} requests/s" in printed


def test_the_guide_has_the_plans_of_the_costs_that_it_names(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    [costs] = re.findall(r"`(--cost \d+ \d+ --stream-cost \d+ \d+)`", GUIDE)
    rows = re.findall(r"^\| ([\d,]+ (?:requests/s|people speaking)) \|(.*)\|$", GUIDE, re.MULTILINE)
    told = {load: [each for each in cells.split() if each not in "|–"] for load, cells in rows}
    run(monkeypatch, *costs.split())
    printed = re.findall(
        r"^([\d,]+ (?:requests/s|people speaking)) +(.*)$", capsys.readouterr().out, re.MULTILINE
    )
    assert told == {load: cells.split() for load, cells in printed}


def test_a_shorter_p99_needs_more_pods(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pods = []
    for bound in ("50", "1.5"):
        run(monkeypatch, *COST, "--requests", "20000", "--p99", bound, "--json", f"{tmp_path}/p")
        [plan] = json.loads((tmp_path / "p").read_text())["plans"]
        pods.append(plan["random"])
        assert plan["deploy"] >= max(plan["bursts"], plan["random"])
    assert pods[0] < pods[1]


@pytest.mark.parametrize("arguments", [COST[:3], COST[3:], [*COST, "--check"]])
def test_costs_are_given_together_and_not_checked(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run(monkeypatch, *arguments)
    assert "--stream-cost" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--p99", "0.3"], "one request alone takes 0.50 ms"),
        (["--p99", "-1"], "not above 0"),
        (["--requests", "0"], "not above 0"),
        (["--requests", "nan"], "not above 0"),
        (["--speakers", "0"], "below 1"),
    ],
)
def test_what_no_number_of_pods_can_keep_is_refused(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    told: str,
) -> None:
    with pytest.raises(SystemExit) as error:
        run(monkeypatch, *COST, *arguments)
    assert told in f"{error.value} {capsys.readouterr().err}"


def test_what_rejections_cost_is_what_turns_leave() -> None:
    cost = Cost(turn=200e-6, sentence=100e-6)
    loop = _Loop(seconds=1.0, cpu=0.9, turns=100, sentences=6_000, rejections=8_000)
    found = loop.with_rejections(Measured(cpu=cost, clock=cost))
    assert found.clock.rejection == pytest.approx((1 - 0.62) / 8_000)
    assert found.cpu.rejection == pytest.approx((0.9 - 0.62) / 8_000)
    assert loop.size == 60


def test_the_verdict_is_of_the_loads_that_matter() -> None:
    low = {"load": 0.3, "p50": 9.0, "p50_model": 1.0, "rejected": 0.0, "rejected_model": 0.0}
    half = {"load": 0.5, "p50": 3.0, "p50_model": 2.0, "rejected": 0.0, "rejected_model": 0.0}
    over = {"load": 1.2, "p50": 4.0, "p50_model": 5.0, "rejected": 18.0, "rejected_model": 15.5}
    assert "0.80 to 1.50 times" in _verdict([low, half, over])
    assert "2.5 points" in _verdict([low, half, over])


def test_streams_are_asked_and_answered(toy_bundle: Path) -> None:
    long = frame("leave Taipei " * 20, final=True)
    wrong = b"\x81\x82" + bytes(4) + b"{{"

    async def ask(port: int) -> tuple[Load, list[tuple[str, bytes]]]:
        client, load, answers = Speakers(port, TEXTS), Load("streams"), []
        await client.closed_loop(load, 3, 0.3)
        caller = await client.caller()
        for message in (long, wrong, TEXTS[0]):
            status: asyncio.Future[str] = asyncio.get_running_loop().create_future()
            caller.ask(message, status.set_result)
            answers.append((await status, caller.answer))
        client.release(caller)
        client.hang_up()
        return load, answers

    with pinned_service("app", {"SLOTLINE_MODEL_DIR": str(toy_bundle)}) as service:
        load, answers = asyncio.run(ask(service.port))
    assert load.accepted
    assert not load.refused
    assert [status for status, _ in answers] == ["200", "429", "200"]
    whole = json.loads(answers[0][1])
    assert whole["final"] is True
    assert len(whole["slots"]) == 20
    assert json.loads(answers[2][1])["final"] is False


def test_what_turns_cost_is_measured(toy_bundle: Path) -> None:
    with pinned_service("app", {"SLOTLINE_MODEL_DIR": str(toy_bundle)}) as service:
        requests, streams = asyncio.run(capacity._costs(service, 1, 0.2))
    for cost in (requests.clock, streams.clock):
        assert 0 < cost.sentence < 0.1
        assert cost.most > 10
