"""Which networks are trained, on what, how often."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from training.data import Data, read_data, take_inventory
from training.experiment import RECIPES, Experiment, Source, read_experiment
from training.fit import build_network

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
CURVES = ("feedforward", "elman", "lstm", "gru", "bilstm")


@dataclass(frozen=True, slots=True)
class Wishes:
    """Networks, by their experiment files, and those of them to vary in width and depth."""

    networks: Sequence[str] = NETWORKS
    seeds: int = 3
    widths: Sequence[int] = ()
    depths: Sequence[int] = ()
    curves: Sequence[str] = CURVES


@dataclass(frozen=True, slots=True)
class Fit:
    """One network to train with one seed; `folder` keeps what comes of it."""

    experiment: Experiment
    folder: Path


@dataclass(frozen=True, slots=True)
class Plan:
    """
    The fits of one corpus.

    networks: those to compare, each with a fit for every seed; widths, depths: of the networks
    that are varied, the fits of each width or depth. A fit may be in several places.
    """

    corpus: str
    sources: tuple[Source, ...]
    data: Data
    networks: dict[str, list[Fit]]
    widths: dict[str, dict[int, list[Fit]]]
    depths: dict[str, dict[int, list[Fit]]]

    @property
    def fits(self) -> list[Fit]:
        """Each fit once."""
        curves = [*self.widths.values(), *self.depths.values()]
        varied = [fits for curve in curves for fits in curve.values()]
        every = [fit for fits in [*self.networks.values(), *varied] for fit in fits]
        return list({fit.folder: fit for fit in every}.values())


def make_plan(corpus: str, wishes: Wishes, runs: Path) -> Plan:
    """
    Read the corpus and lay out the fits; no network is trained yet.

    `corpus` is an experiment whose corpora are meant, or a path. Raises ExperimentError where
    an experiment makes no network, CorpusError where the corpus cannot be read.
    """
    name, sources, languages = _sources(corpus)
    experiments = {
        network: replace(_experiment(network), corpora=sources, languages=languages)
        for network in dict.fromkeys([*wishes.networks, *_varied(wishes)])
    }
    data = read_data(next(iter(experiments.values())))
    digest = data.digest()

    def fits(network: str, hidden: int = 0, layers: int = 0) -> list[Fit]:
        made = []
        for seed in range(1, wishes.seeds + 1):
            experiment = experiments[network]
            settings = experiment.network
            settings = replace(
                settings, hidden=hidden or settings.hidden, layers=layers or settings.layers
            )
            experiment = replace(experiment, seed=seed, network=settings)
            folder = runs / name / _folder_name(experiment, digest)
            made.append(Fit(experiment, folder))
        return made

    plan = Plan(
        name,
        sources,
        data,
        {network: fits(network) for network in wishes.networks},
        {
            network: {width: fits(network, hidden=width) for width in sorted(wishes.widths)}
            for network in wishes.curves
            if wishes.widths
        },
        {
            network: {depth: fits(network, layers=depth) for depth in sorted(wishes.depths)}
            for network in wishes.curves
            if wishes.depths
        },
    )
    inventory = take_inventory(data.train, intents=False)
    for fit in plan.fits:
        build_network(fit.experiment, inventory)
    return plan


def _varied(wishes: Wishes) -> Iterable[str]:
    return wishes.curves if wishes.widths or wishes.depths else ()


def _experiment(network: str) -> Experiment:
    path = Path(network)
    return read_experiment(path if path.suffix == ".toml" else RECIPES / f"{network}.toml")


def _sources(corpus: str) -> tuple[str, tuple[Source, ...], tuple[str, ...]]:
    """What to call the corpus, where it is, and its languages as far as they are known."""
    if (recipe := RECIPES / f"{corpus}.toml").exists():
        experiment = read_experiment(recipe)
        return corpus, experiment.corpora, experiment.languages
    path = Path(corpus)
    # A path that is not there is taken to be below the folder of corpora.
    place = path.resolve() if path.exists() else path
    return path.stem, (Source(path.stem, str(place)),), ()


def _folder_name(experiment: Experiment, data: str) -> str:
    """Another for every experiment and every state of the data, so that no result is mistaken."""
    whole = json.dumps([experiment.as_dict(), data], sort_keys=True)
    digest = hashlib.sha256(whole.encode()).hexdigest()[:8]
    settings = experiment.network
    return f"{experiment.name}-{settings.hidden}x{settings.layers}-seed{experiment.seed}-{digest}"
