"""Plans: which networks are trained, on which data, with which seeds."""

import hashlib
import json
import shlex
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path

from training.corpora.loading import Data, read_data
from training.corpora.vocabularies import build_vocabularies
from training.errors import ExperimentError
from training.experiment import (
    RECIPES,
    Experiment,
    Source,
    check_name,
    experiment_from,
    read_experiment,
)
from training.fitting.construction import build_network

_NETWORKS_FILE = Path(__file__).with_name("networks.toml")
# In the order of the lecture, and then what else there is to choose.
NETWORKS = (
    "feedforward",
    "feedforward-window",
    "elman",
    "jordan",
    "lstm-input-gates",
    "lstm",
    "lstm-peephole-full",
    "lstm-peephole",
    "gru",
    "bielman",
    "bijordan",
    "bilstm",
    "bilstm-peephole",
    "bigru",
    "lstm-stacked",
    "bilstm-stacked",
    "bilstm-words",
    "bilstm-trigrams",
)


@dataclass(frozen=True, slots=True)
class ComparisonOptions:
    """
    The networks to compare, by name or by experiment file.

    sweep_networks: those to vary in width and depth, all of them if none is named. epochs: in place
    of those that the files set.
    """

    networks: Sequence[str] = NETWORKS
    seeds: int = 3
    hidden_sizes: Sequence[int] = ()
    num_layers: Sequence[int] = ()
    sweep_networks: Sequence[str] = ()
    epochs: int | None = None

    def command(self, corpus: str) -> str:
        """The command that repeats the comparison of one corpus, for a shell."""
        parts = ["slotline compare", shlex.quote(corpus)]
        for wish in fields(self):
            value = getattr(self, wish.name)
            if value != wish.default:
                text = ",".join(map(str, value)) if isinstance(value, Sequence) else str(value)
                option = wish.name.replace("_", "-")
                parts.append(f"--{option} {shlex.quote(text)}")
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """
    One network to train with one seed; `folder` keeps its results.

    data_seed: the seed that the data are read with. It is the same for every fit of a plan, so that
    all learn from and answer the same sentences of a grammar.
    """

    experiment: Experiment
    folder: Path
    data_seed: int


@dataclass(frozen=True, slots=True)
class Plan:
    """
    The fits of one corpus.

    networks: the networks to compare, each with a fit per seed. widths, depths: the fits of each
    width or depth, for the networks that are varied. A fit may occur in several of them.
    """

    corpus: str
    command: str
    sources: tuple[Source, ...]
    data: Data
    networks: dict[str, list[TrainingRun]]
    widths: dict[str, dict[int, list[TrainingRun]]]
    depths: dict[str, dict[int, list[TrainingRun]]]

    @property
    def fits(self) -> list[TrainingRun]:
        """Each fit once."""
        curves = [*self.widths.values(), *self.depths.values()]
        varied = [fits for curve in curves for fits in curve.values()]
        every = [fit for fits in [*self.networks.values(), *varied] for fit in fits]
        return list({fit.folder: fit for fit in every}.values())


def make_plan(corpus: str, wishes: ComparisonOptions, runs: Path) -> Plan:
    """
    Read the corpus and plan the fits; no network is trained yet.

    `corpus` is an experiment whose corpora are meant, or a path. Raises ExperimentError if an
    experiment makes no network, CorpusError if the corpus cannot be read.
    """
    if not wishes.networks or wishes.seeds < 1:
        raise ExperimentError("there is nothing to compare: name a network, and 1 seed or more")
    if wishes.sweep_networks and not (wishes.hidden_sizes or wishes.num_layers):
        raise ExperimentError(
            "--sweep-networks names what is varied: say how with --hidden-sizes or --num-layers"
        )
    name, sources, languages = sources_of(corpus)
    compared, varied = (
        [replace(named_experiment(name), corpora=sources, languages=languages) for name in names]
        for names in (wishes.networks, _varied(wishes))
    )
    for experiments in (compared, varied):
        _refuse_namesakes(experiments)
    data = read_data(compared[0])
    digest = data.digest()

    def fits(experiment: Experiment, **settings: int) -> list[TrainingRun]:
        values = experiment.as_dict()
        values["network"] |= settings
        if wishes.epochs is not None:
            values["training"]["epochs"] = wishes.epochs
        checked = experiment_from(values, f"comparing {experiment.name}")
        return seeded_fits(checked, wishes.seeds, runs / name, digest, compared[0].seed)

    plan = Plan(
        name,
        wishes.command(corpus),
        sources,
        data,
        {each.name: fits(each) for each in compared},
        {
            each.name: {width: fits(each, hidden=width) for width in sorted(wishes.hidden_sizes)}
            for each in varied
            if wishes.hidden_sizes
        },
        {
            each.name: {depth: fits(each, layers=depth) for depth in sorted(wishes.num_layers)}
            for each in varied
            if wishes.num_layers
        },
    )
    vocabularies = build_vocabularies(data.train, intents=False)
    for fit in plan.fits:
        build_network(fit.experiment, vocabularies)
    return plan


def seeded_fits(
    experiment: Experiment, seeds: int, runs: Path, data: str, data_seed: int
) -> list[TrainingRun]:
    """A fit for each seed from 1 up; `data` is the digest of the data read with `data_seed`."""
    check_name(experiment)
    seeded = [replace(experiment, seed=seed) for seed in range(1, seeds + 1)]
    return [TrainingRun(each, runs / _folder_name(each, data), data_seed) for each in seeded]


def _refuse_namesakes(experiments: Sequence[Experiment]) -> None:
    """Raise ExperimentError if two networks have the same name, which a report uses."""
    names = Counter(experiment.name for experiment in experiments)
    if twice := [name for name, count in names.items() if count > 1]:
        raise ExperimentError(
            f"several of the networks to compare are named {', '.join(twice)}: name each "
            "once, and give each experiment file a name of its own"
        )


def _varied(wishes: ComparisonOptions) -> Sequence[str]:
    return (
        (wishes.sweep_networks or wishes.networks)
        if wishes.hidden_sizes or wishes.num_layers
        else ()
    )


def named_experiment(name: str) -> Experiment:
    """The experiment of a .toml file, of a network in networks.toml, or of a recipe."""
    path = Path(name)
    if path.suffix == ".toml":
        return read_experiment(path)
    if (network := network_experiments().get(name)) is not None:
        return network
    recipe = RECIPES / f"{name}.toml"
    if not recipe.exists():
        known = [*NETWORKS, *sorted(path.stem for path in RECIPES.glob("*.toml"))]
        raise ExperimentError(
            f"there is no network or recipe {name}; there are: {', '.join(known)}. "
            "An experiment file is named with its ending, .toml"
        )
    return read_experiment(recipe)


@cache
def network_experiments() -> Mapping[str, Experiment]:
    """The networks to compare, by name: one recipe, with the settings of each."""
    base = tomllib.loads(_NETWORKS_FILE.read_text(encoding="utf-8"))
    found = {}
    for name, settings in base.pop("networks").items():
        own = {"name": name, "description": settings.pop("description")}
        network = base["network"] | settings
        found[name] = experiment_from(
            base | own | {"network": network}, f"{_NETWORKS_FILE}, {name}"
        )
    return found


def is_shipped(name: str) -> bool:
    """Whether there is a recipe or a network of this name."""
    return name in network_experiments() or (RECIPES / f"{name}.toml").exists()


def sources_of(corpus: str) -> tuple[str, tuple[Source, ...], tuple[str, ...]]:
    """The name of the corpus, its sources, and its languages if they are known."""
    if is_shipped(corpus):
        experiment = named_experiment(corpus)
        return corpus, experiment.corpora, experiment.languages
    path = Path(corpus)
    # A path that is not there is taken to be below the folder of corpora.
    place = path.resolve() if path.exists() else path
    return path.stem, (Source(path.stem, str(place)),), ()


def _folder_name(experiment: Experiment, data: str) -> str:
    """A name that differs for every experiment and every state of the data."""
    whole = json.dumps([experiment.as_dict(), data], sort_keys=True)
    digest = hashlib.sha256(whole.encode()).hexdigest()[:8]
    settings = experiment.network
    return f"{experiment.name}-{settings.hidden}x{settings.layers}-seed{experiment.seed}-{digest}"
