"""A recipe without each of its ingredients."""

import json
from dataclasses import replace
from pathlib import Path
from queue import Queue
from threading import Event

import pytest

from tests.training.toy_corpus import write_recipe
from training.corpora.vocabularies import vocabularies_of
from training.errors import ExperimentError
from training.experiment import Experiment, Holdout, StaticVectors, experiment_from
from training.studies.ablation import INGREDIENTS, WHOLE, Ingredient, ablation_plan, variants_of
from training.studies.ablation_report import ARGMAX, write_ablation
from training.studies.plan import Plan
from training.studies.run import run_plan, train_one


@pytest.fixture
def recipe(corpus: Path, tmp_path: Path) -> str:
    path = write_recipe(tmp_path / "toy.toml", epochs=4)
    path.write_text(path.read_text().replace("toy-corpus", str(corpus)))
    return str(path)


@pytest.fixture(scope="module")
def plan(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Every fit is done."""
    folder = tmp_path_factory.mktemp("ablation")
    path = write_recipe(folder / "toy.toml", epochs=3)
    path.write_text(path.read_text().replace("toy-corpus", str(corpus)))
    made = ablation_plan(str(path), 2, None, folder / "runs")
    chosen = (WHOLE, "without letter trigrams", "without slot swapping")
    small = replace(made, networks={name: made.networks[name] for name in chosen})
    for fit in small.fits:
        train_one(fit, Queue(), Event())
    run_plan(small, quiet=True)
    return small


@pytest.mark.parametrize("ingredient", INGREDIENTS, ids=lambda each: each.name)
def test_one_ingredient_is_taken_away_and_nothing_else(ingredient: Ingredient) -> None:
    whole = experiment_from(
        {
            "name": "all",
            "vectors": {"name": "some", "path": "some"},
            "lexicon": {"name": "some", "package": "some", "path": "some"},
            "network": {"casing": True, "min_count": 2},
            "training": {
                "typo_rate": 0.5,
                "similar_words": 0.1,
                "random_words": 0.1,
                "list_copies": 1,
                "schedule": "one-cycle",
            },
        },
        "a test",
    )
    without = ingredient.without(whole)
    changed = {
        (table, setting)
        for table in ("network", "training")
        for setting, value in whole.as_dict()[table].items()
        if without.as_dict()[table][setting] != value
    }
    asked = {("network", name) for name in ingredient.network}
    asked |= {("training", name) for name in ingredient.training}
    assert changed == asked
    assert (without.vectors is None) == ("vectors" in ingredient.experiment)
    assert (not without.lexicon) == ("lexicon" in ingredient.experiment)
    assert without != whole


def test_each_recipe_without_an_ingredient_can_be_trained(recipe: str, tmp_path: Path) -> None:
    plan = ablation_plan(recipe, 1, None, tmp_path)
    assert "without letter trigrams" in plan.networks
    for fit in plan.fits:
        assert vocabularies_of(fit.experiment, plan.data.train)[0].slots


def test_what_the_corpus_has_nothing_for_is_not_taken_away(recipe: str, tmp_path: Path) -> None:
    text = Path(recipe).read_text().replace("[network]", "[network]\ncasing = true")
    Path(recipe).write_text(text)
    names = list(ablation_plan(recipe, 1, None, tmp_path).networks)
    assert names[0] == WHOLE
    assert "without slot swapping" in names
    # The toy corpus is in small letters, and its recipe has no vectors, lexicon or noise.
    absent = (
        "casing",
        "static vectors",
        "a lexicon",
        "typing noise",
        "label smoothing",
    )
    assert not {f"without {name}" for name in absent} & set(names)


def test_other_epochs_change_the_updates_in_proportion(recipe: str, tmp_path: Path) -> None:
    text = Path(recipe).read_text().replace("min_steps = 0", "min_steps = 100")
    Path(recipe).write_text(text)
    (fit,) = ablation_plan(recipe, 1, 2, tmp_path).networks[WHOLE]
    assert fit.experiment.training.epochs == 2
    assert fit.experiment.training.min_steps == 50


def test_a_corpus_is_ablated_by_the_default_recipe(corpus: Path, tmp_path: Path) -> None:
    plan = ablation_plan(str(corpus), 1, None, tmp_path)
    assert plan.corpus == "toy-corpus"
    assert plan.command == f"slotline ablate {corpus} --seeds 1"
    assert "without typing noise" in plan.networks


def test_no_seed_is_nothing_to_compare(recipe: str, tmp_path: Path) -> None:
    with pytest.raises(ExperimentError, match="ask for 1 seed or more"):
        ablation_plan(recipe, 0, None, tmp_path)


def test_the_table_has_a_line_for_each_and_one_for_decoding(plan: Plan, tmp_path: Path) -> None:
    markdown, data = write_ablation(plan, tmp_path)
    found = json.loads(data.read_text())
    names = [line["figures"]["network"] for line in found["lines"]]
    assert names == [*plan.networks, ARGMAX]
    text = markdown.read_text()
    assert f"As `{plan.command}` wrote it." in text
    assert [line.split(" | ")[0][2:] for line in text.splitlines()[-4:]] == names


def test_values_are_held_out_of_every_fit_and_measured_apart(plan: Plan, tmp_path: Path) -> None:
    rules = {fit.experiment.holdout for fit in plan.fits}
    assert rules == {Holdout("values", 3)}  # the recipe's seed, whatever that of the fit
    assert plan.data.held_out
    markdown, data = write_ablation(plan, tmp_path)
    whole, *others = json.loads(data.read_text())["lines"]
    assert whole["unseen_brings"] is None
    for line in others:
        differences = [
            one - other for one, other in zip(whole["unseen_f1"], line["unseen_f1"], strict=True)
        ]
        assert line["unseen_brings"]["seeds"] == pytest.approx(differences)
    text = markdown.read_text()
    assert f"all their {len(plan.data.held_out)} sentences" in text
    assert "tags cannot spell 0 of 20 (0.00%) as they were written" in text


def test_a_share_of_the_schedule_has_as_much_of_its_updates(recipe: str, tmp_path: Path) -> None:
    text = Path(recipe).read_text().replace("min_steps = 0", "min_steps = 100")
    Path(recipe).write_text(text)
    plan = ablation_plan(recipe, 1, None, tmp_path, schedule=50, holdout=False)
    (fit,) = plan.networks[WHOLE]
    assert (fit.experiment.training.epochs, fit.experiment.training.min_steps) == (2, 50)
    assert fit.experiment.holdout is None
    assert plan.command.endswith(" --seeds 1 --schedule 50 --holdout none")


def test_trigram_dropout_is_no_ingredient_beside_static_vectors() -> None:
    with_vectors = Experiment("some", vectors=StaticVectors("some", "some"))
    assert "without trigram dropout" in variants_of(Experiment("some"))
    assert "without trigram dropout" not in variants_of(with_vectors)


def test_some_ingredients_alone_can_be_left_out(recipe: str, tmp_path: Path) -> None:
    plan = ablation_plan(recipe, 1, None, tmp_path, only=["word dropout", "dropout"])
    assert set(plan.networks) == {WHOLE, "without dropout", "without word dropout"}
    assert plan.command.endswith(" --seeds 1 --only 'word dropout' dropout")
    with pytest.raises(
        ExperimentError, match=r"no ingredient named magic: choose from letter.*decay"
    ):
        ablation_plan(recipe, 1, None, tmp_path, only=["magic"])


def test_what_an_ingredient_brings_is_f1_of_the_recipe_less_f1_without(
    plan: Plan, tmp_path: Path
) -> None:
    _, data = write_ablation(plan, tmp_path)
    whole, *others = json.loads(data.read_text())["lines"]
    assert whole["brings"] is None
    for line in others:
        differences = [
            one - other
            for one, other in zip(
                whole["figures"]["f1_seeds"], line["figures"]["f1_seeds"], strict=True
            )
        ]
        assert line["brings"]["seeds"] == pytest.approx(differences)
        assert 0 < line["brings"]["p"] <= 1
    assert others[-1]["figures"]["seconds"] == whole["figures"]["seconds"]
