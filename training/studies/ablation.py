"""Ablation: what each ingredient of a recipe brings, measured by training the recipe without it."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from training.corpora.loading import Data, read_data
from training.corpora.vocabularies import vocabularies_of
from training.errors import ExperimentError
from training.experiment import Experiment, Holdout, experiment_from
from training.studies.plan import Plan, is_shipped, named_experiment, seeded_fits, sources_of

WHOLE = "the recipe"


@dataclass(frozen=True, slots=True)
class Ingredient:
    """A part that a recipe may have, and the settings of a recipe that lacks it."""

    name: str
    network: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    experiment: dict[str, Any] = field(default_factory=dict)

    def without(self, recipe: Experiment) -> Experiment:
        """The recipe without this ingredient."""
        values = recipe.as_dict()
        values["network"] |= self.network
        values["training"] |= self.training
        return experiment_from(values | self.experiment, f"{recipe.name} without {self.name}")


INGREDIENTS = (
    # Marks of lists are read as trigrams are.
    Ingredient("letter trigrams", network={"inputs": "words"}),
    Ingredient("rare words read as unknown", network={"min_count": 1}),
    Ingredient("static vectors", experiment={"vectors": None}),
    Ingredient("a lexicon", experiment={"lexicon": ()}),
    Ingredient("casing", network={"casing": False}),
    Ingredient("shapes", network={"shapes": False}),
    Ingredient("the second direction", network={"bidirectional": False}),
    Ingredient("the intent head", network={"intents": False}),
    Ingredient("dropout", network={"dropout": 0.0}),
    Ingredient("word dropout", training={"word_dropout": 0.0}),
    Ingredient("trigram dropout", training={"trigram_dropout": 0.0}),
    Ingredient("slot swapping", training={"mention_replacement": 0.0}),
    Ingredient("words of similar vectors", training={"similar_words": 0.0}),
    Ingredient("invented words", training={"random_words": 0.0}),
    Ingredient("values from lists", training={"list_copies": 0}),
    Ingredient("typing noise", training={"typo_rate": 0.0}),
    Ingredient("the likelihood of sequences", training={"loss": "token"}),
    Ingredient("weight decay", training={"weight_decay": 0.0}),
    Ingredient("the one-cycle schedule", training={"schedule": "constant"}),
    Ingredient("averaged weights", training={"ema_decay": 0.0}),
)


def ablation_plan(
    recipe: str,
    seeds: int,
    epochs: int | None,
    runs: Path,
    *,
    schedule: int | None = None,
    holdout: bool = True,
    only: Sequence[str] = (),
) -> Plan:
    """
    Plan the fits of a recipe, and of it without each ingredient that it has, or those in `only`.

    `recipe` is an experiment or, for the default recipe, the path of a corpus. `epochs` other than
    the recipe's own change the number of updates in proportion; `schedule` sets the updates as a
    percentage of the recipe's own. With `holdout`, the same values are held out of training in
    every fit. Raises ExperimentError and CorpusError.
    """
    if seeds < 1:
        raise ExperimentError("there is nothing to compare: ask for 1 seed or more")
    experiment = recipe_of(recipe)
    if holdout and experiment.holdout is None:
        experiment = replace(experiment, holdout=Holdout("values", experiment.seed))
    command = f"slotline ablate {shlex.quote(recipe)} --seeds {seeds}"
    if epochs is not None:
        command += f" --epochs {epochs}"
    elif schedule is not None:
        command += f" --schedule {schedule}"
        epochs = max(1, round(experiment.training.epochs * schedule / 100))
    if not holdout:
        command += " --holdout none"
    if only:
        command += f" --only {shlex.join(only)}"
    if epochs is not None:
        own = experiment.training
        values = experiment.as_dict()
        steps = round(own.min_steps * epochs / own.epochs)
        values["training"] |= {"epochs": epochs, "min_steps": steps}
        experiment = experiment_from(values, f"{recipe} with other epochs")
    data = read_data(experiment)
    whole = as_far_as_it_goes(experiment, data)
    digest = data.digest()
    fits = {
        name: seeded_fits(variant, seeds, runs / experiment.name, digest, experiment.seed)
        for name, variant in _chosen(variants_of(whole), only).items()
    }
    return Plan(experiment.name, command, experiment.corpora, data, fits, {}, {})


def recipe_of(recipe: str) -> Experiment:
    """The experiment of a name or, for the path of a corpus, the default recipe on it."""
    if recipe.endswith(".toml") or is_shipped(recipe):
        return named_experiment(recipe)
    name, sources, _ = sources_of(recipe)
    return replace(named_experiment("default"), name=name, corpora=sources)


def variants_of(whole: Experiment) -> dict[str, Experiment]:
    """The recipe, and it without each ingredient that it has, by what a table calls them."""
    # Beside static vectors known words have no letter trigrams that could be dropped. The recipe
    # keeps the setting: without static vectors it is in effect.
    idle = "trigram dropout" if whole.vectors is not None else None
    return {WHOLE: whole} | {
        f"without {ingredient.name}": without
        for ingredient in INGREDIENTS
        if ingredient.name != idle and (without := ingredient.without(whole)) != whole
    }


def _chosen(variants: dict[str, Experiment], only: Sequence[str]) -> dict[str, Experiment]:
    """The recipe, and it without those ingredients; with `only` empty, without each."""
    if not only:
        return variants
    names = {f"without {ingredient}": ingredient for ingredient in only}
    if absent := [ingredient for name, ingredient in names.items() if name not in variants]:
        there = ", ".join(name.removeprefix("without ") for name in variants if name != WHOLE)
        raise ExperimentError(
            f"the recipe has no ingredient named {' or '.join(absent)}: choose from {there}"
        )
    return {name: variants[name] for name in (WHOLE, *names)}


def as_far_as_it_goes(experiment: Experiment, data: Data) -> Experiment:
    """The experiment without the ingredients that have no effect on this corpus."""
    settings = experiment.network
    vocabularies, _ = vocabularies_of(experiment, data.train)
    network = replace(settings, intents=bool(vocabularies.intents), casing=vocabularies.casing)
    vectors = experiment.vectors if vocabularies.vector_size else None
    lexicon = experiment.lexicon if vocabularies.lexicon else ()
    training = experiment.training
    if not vocabularies.letter_trigrams:
        training = replace(training, trigram_dropout=0.0)
    return replace(experiment, network=network, training=training, vectors=vectors, lexicon=lexicon)
