import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.values import Context, SlotType, resolve

HERE = Path(__file__).parent
TIME = SlotType("datetime", bare_duration="offset")


def cases(name: str) -> list[dict[str, Any]]:
    lines = (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def resolved(case: dict[str, Any]) -> dict[str, Any]:
    text = case["text"]
    context = Context(
        datetime.fromisoformat(case["reference_time"]),
        ZoneInfo(case["time_zone"]),
        case["locale"],
    )
    return resolve(text, case.get("start", 0), case.get("end", len(text)), TIME, context)


@pytest.mark.parametrize("case", cases("check_set_times"), ids=lambda case: case["text"])
def test_times_of_the_check_sets_have_the_values_that_were_expected(case: dict[str, Any]) -> None:
    assert resolved(case) == case["expected"]


def test_nearly_every_time_of_the_check_sets_gets_a_value_and_none_a_wrong_one() -> None:
    answers = [(resolved(case), case["expected"]) for case in cases("check_set_times")]
    assert len(answers) > 150
    values = [(answer, expected) for answer, expected in answers if "unresolved" not in answer]
    assert len(values) >= 0.97 * len(answers)
    assert [pair for pair in values if pair[0] != pair[1]] == []


def test_every_time_of_the_check_sets_has_an_expected_value() -> None:
    """So that a sentence that is added to them is not forgotten here."""
    sets = Path(__file__).parents[2] / "check_sets"
    known = {(case["text"], case["start"], case["end"]) for case in cases("check_set_times")}
    for name in ("booking-en", "booking-zh"):
        for line in (sets / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            sentence = json.loads(line)
            times = [slot for slot in sentence["spans"] if slot["slot"].startswith("time_of_")]
            for slot in times:
                assert (sentence["text"], slot["start"], slot["end"]) in known, sentence["text"]


@pytest.mark.parametrize(
    "case", cases("relative_times"), ids=lambda case: f"{case['text']}-{case['reference_time']}"
)
def test_relative_times_have_the_values_that_were_expected(case: dict[str, Any]) -> None:
    answer = resolved(case)
    if "unresolved" in case["expected"]:
        answer = {"unresolved": answer.get("unresolved")}
    assert answer == case["expected"]
