"""Each intent alone, from few queries or from all."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.tagging.slots import read_spans
from training.errors import CorpusError
from training.experiment import Experiment
from training.studies.snips_benchmark import (
    Measured,
    Task,
    all_queries,
    few_queries,
    measure,
    summary,
    table,
)

INTENTS = ("Arrive", "Leave")


def queries(intent: str, cities: int) -> str:
    """One query for each city."""
    data = [
        {"data": [{"text": f"{intent} at "}, {"text": f"City{number}", "entity": "place"}]}
        for number in range(cities)
    ]
    return json.dumps({intent: data})


@pytest.fixture
def pools(tmp_path: Path) -> Path:
    for intent in INTENTS:
        (tmp_path / f"train_{intent}.json").write_text(queries(intent, 12))
        (tmp_path / f"train_{intent}_full.json").write_text(queries(intent, 60))
    return tmp_path


def texts(task: Task) -> tuple[list[str], list[str]]:
    """What is learnt and what is asked."""
    parts = (task.splits.train, task.splits.dev)
    learnt, asked = ([str(each.text) for each in part.utterances] for part in parts)
    return learnt, asked


def test_every_draw_has_every_intent_and_asks_what_it_did_not_draw(pools: Path) -> None:
    tasks = few_queries(pools, queries=9, draws=2)
    assert [(task.intent, task.draw) for task in tasks] == [
        (intent, draw) for draw in (0, 1) for intent in INTENTS
    ]
    for task in tasks:
        learnt, asked = texts(task)
        assert (len(learnt), len(asked)) == (9, 3)
        assert {*learnt, *asked} == {f"{task.intent} at City{number}" for number in range(12)}
    assert texts(tasks[0])[0] != texts(tasks[2])[0]
    assert tasks == few_queries(pools, queries=9, draws=2)


def test_a_query_that_was_drawn_is_not_asked_again(pools: Path) -> None:
    [arrive] = json.loads((pools / "train_Arrive.json").read_text()).values()
    (pools / "train_Arrive.json").write_text(json.dumps({"Arrive": arrive * 2}))
    learnt, asked = texts(few_queries(pools, queries=9, draws=1)[0])
    assert asked
    assert not set(learnt) & set(asked)


def test_the_published_queries_are_asked_where_they_are(pools: Path) -> None:
    for intent in INTENTS:
        (pools / f"validate_{intent}.json").write_text(queries(intent, 3))
    few, every = few_queries(pools, queries=9, draws=1)[1], all_queries(pools)[1]
    published = [f"Leave at City{number}" for number in range(3)]
    assert texts(few)[1] == published == texts(every)[1]
    assert (len(texts(few)[0]), len(texts(every)[0])) == (9, 60)


def test_of_all_queries_every_twentieth_is_held_out(pools: Path) -> None:
    tasks = all_queries(pools)
    assert [task.intent for task in tasks] == [*INTENTS]
    learnt, asked = texts(tasks[0])
    assert asked == ["Arrive at City19", "Arrive at City39", "Arrive at City59"]
    assert len(learnt) == 57


@pytest.mark.parametrize("queries", [12, 70])
def test_a_pool_that_leaves_nothing_to_ask_is_refused(pools: Path, queries: int) -> None:
    with pytest.raises(CorpusError, match=f"expected more than {queries} queries, found 12"):
        few_queries(pools, queries=queries)


def test_a_pool_whose_rest_repeats_what_is_learnt_is_refused(pools: Path) -> None:
    (pools / "train_Arrive.json").write_text(queries("Arrive", 1))
    [arrive] = json.loads((pools / "train_Arrive.json").read_text()).values()
    (pools / "train_Arrive.json").write_text(json.dumps({"Arrive": arrive * 12}))
    with pytest.raises(CorpusError, match=r"train_Arrive\.json: expected a query to measure on"):
        few_queries(pools, queries=9)


def test_a_folder_without_pools_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"expected files train_INTENT\.json, found none"):
        few_queries(tmp_path)
    with pytest.raises(CorpusError, match=r"expected files train_INTENT_full\.json, found none"):
        all_queries(tmp_path)


def test_a_task_is_learnt_and_measured(pools: Path, experiment: Experiment) -> None:
    task = few_queries(pools, queries=9, draws=1)[0]
    [found] = measure(experiment, [task])
    assert (found.intent, found.draw, found.learnt, found.asked) == ("Arrive", 0, 9, 3)
    assert found.macro_f1 == found.slot_f1 > 90


def test_what_was_not_learnt_is_missed(pools: Path, experiment: Experiment) -> None:
    task = few_queries(pools, queries=9, draws=1)[0]
    short = replace(experiment, training=replace(experiment.training, epochs=1))
    dev = task.splits.dev
    renamed = tuple(
        replace(each, tags=tuple(tag.replace("place", "city") for tag in each.tags))
        for each in dev.utterances
    )
    assert {span.name for each in renamed for span in read_spans(each.tags)} == {"city"}
    strange = replace(task, splits=replace(task.splits, dev=replace(dev, utterances=renamed)))
    [found] = measure(short, [strange])
    assert (found.macro_f1, found.slot_f1) == (0, 0)


def test_means_are_over_tasks_and_over_those_of_each_draw() -> None:
    found = [
        Measured("Arrive", 0, 9, 3, 50.0, 60.0, spans=5),
        Measured("Leave", 0, 9, 3, 70.0, 80.0, spans=5),
        Measured("Arrive", 1, 9, 3, 80.0, 80.0, spans=5, changed_spans=1),
        Measured("Leave", 1, 9, 3, 100.0, 100.0, spans=5, repeated=3),
    ]
    assert summary(found) == {
        "macro_f1": 75.0,
        "slot_f1": 80.0,
        "draws": [60.0, 90.0],
        "spans": 20,
        "changed_spans": 1,
        "repeated": 3,
    }
    lines = table(found).splitlines()
    assert lines[2].split() == ["Leave", "0", "9", "3", "70.00", "80.00"]
    assert lines[-4].split() == ["mean", "75.00", "80.00"]
    assert lines[-3] == "macro F1 of each draw: 60.00, 90.00"
    assert lines[-2] == "spans changed: 1 of 20 (5.00%), counted as missed"
    assert lines[-1] == "queries that are in training word for word, left out: 3"
    last = table(found[:2]).splitlines()
    assert last[-2].split() == ["mean", "60.00", "70.00"]
    assert last[-1] == "spans changed: 0 of 10 (0.00%), counted as missed"
