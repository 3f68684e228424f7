"""Which fits there are."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.training.studies.conftest import write_recipes
from training.errors import CorpusError, ExperimentError
from training.experiment import RECIPES, NetworkSettings, read_experiment
from training.studies.plan import NETWORKS, ComparisonOptions, make_plan, network_experiments


def test_networks_are_compared_at_equal_width_and_training() -> None:
    experiments = network_experiments().values()
    own = NetworkSettings()
    alike = {
        replace(
            experiment.network,
            cell=own.cell,
            bidirectional=own.bidirectional,
            layers=own.layers,
            window=own.window,
            inputs=own.inputs,
        )
        for experiment in experiments
    }
    assert len(alike) == 1
    assert len({experiment.training for experiment in experiments}) == 1


def test_every_network_differs_from_every_other() -> None:
    networks = {experiment.network for experiment in network_experiments().values()}
    assert len(networks) == len(NETWORKS)


def test_the_networks_of_the_file_are_compared_in_its_order() -> None:
    assert tuple(network_experiments()) == NETWORKS
    assert all(each.description for each in network_experiments().values())


def test_a_network_has_its_own_settings_and_else_those_of_all() -> None:
    of = network_experiments()
    assert (of["elman"].name, of["elman"].network.cell) == ("elman", "elman")
    assert of["bilstm-words"].network == replace(of["bilstm"].network, inputs="words")
    assert (of["lstm-stacked"].network.layers, of["lstm-stacked"].network.bidirectional) == (
        2,
        False,
    )


def test_a_network_is_trained_once_for_each_seed(corpus: Path, tmp_path: Path) -> None:
    plan = make_plan(str(corpus), ComparisonOptions(["elman", "bilstm"], seeds=2), tmp_path)
    assert [(fit.experiment.name, fit.experiment.seed) for fit in plan.fits] == [
        ("elman", 1),
        ("elman", 2),
        ("bilstm", 1),
        ("bilstm", 2),
    ]


def test_a_fit_that_is_wanted_twice_is_done_once(corpus: Path, tmp_path: Path) -> None:
    wishes = ComparisonOptions(["elman"], 1, hidden_sizes=(50, 100), num_layers=(1, 2))
    plan = make_plan(str(corpus), wishes, tmp_path)
    settings = [fit.experiment.network for fit in plan.fits]
    assert [(each.hidden, each.layers) for each in settings] == [(100, 1), (50, 1), (100, 2)]
    assert plan.widths["elman"][100] == plan.depths["elman"][1] == plan.networks["elman"]


def test_other_networks_than_those_compared_can_be_varied(corpus: Path, tmp_path: Path) -> None:
    plan = make_plan(
        str(corpus),
        ComparisonOptions(["gru"], 1, num_layers=(2,), sweep_networks=["elman"]),
        tmp_path,
    )
    assert list(plan.networks) == ["gru"]
    assert list(plan.depths) == ["elman"]
    assert plan.widths == {}


def test_other_epochs_take_the_place_of_the_files_own(corpus: Path, tmp_path: Path) -> None:
    plan = make_plan(str(corpus), ComparisonOptions(["elman"], 1, epochs=3), tmp_path)
    assert plan.fits[0].experiment.training.epochs == 3


def test_other_data_and_other_settings_have_other_folders(corpus: Path, tmp_path: Path) -> None:
    more = tmp_path / "data" / "toy-corpus"
    more.mkdir(parents=True)
    for name in ("train.jsonl", "dev.jsonl"):
        text = (corpus / name).read_text()
        (more / name).write_text(text + text.splitlines()[0] + "\n")
    folders = {
        make_plan(path, ComparisonOptions(["elman"], 1, epochs=epochs), tmp_path).fits[0].folder
        for path in (str(corpus), str(more))
        for epochs in (2, 3)
    }
    assert len(folders) == 4
    again = (
        make_plan(str(corpus), ComparisonOptions(["elman"], 1, epochs=2), tmp_path).fits[0].folder
    )
    assert again in folders


def test_an_experiment_lends_its_corpora(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLOTLINE_DATA", str(tmp_path))
    (tmp_path / "atis").symlink_to(corpus)
    plan = make_plan("atis", ComparisonOptions(["elman"], 1), tmp_path)
    assert plan.corpus == "atis"
    assert plan.sources == read_experiment(RECIPES / "atis.toml").corpora
    assert plan.fits[0].experiment.languages == ("en",)


def test_a_corpus_is_looked_for_among_the_corpora_too(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLOTLINE_DATA", str(corpus.parent))
    monkeypatch.chdir(tmp_path)
    plan = make_plan("toy-corpus", ComparisonOptions(["elman"], 1), tmp_path)
    assert len(plan.data.train) == 18


def test_the_command_says_what_is_not_as_usual() -> None:
    wishes = ComparisonOptions(["elman", "my net.toml"], hidden_sizes=(8, 16), epochs=2)
    assert ComparisonOptions().command("atis") == "slotline compare atis"
    assert wishes.command("my corpus") == (
        "slotline compare 'my corpus' --networks 'elman,my net.toml' --hidden-sizes 8,16 --epochs 2"
    )


@pytest.mark.parametrize(
    ("wishes", "complaint"),
    [
        (ComparisonOptions(["lstn"]), "no network or recipe lstn; there are: .*lstm"),
        (ComparisonOptions(["elman"], num_layers=(7,)), "layers = 7 makes no network"),
        (
            ComparisonOptions(["elman"], sweep_networks=["elman"]),
            "with --hidden-sizes or --num-layers",
        ),
        (
            ComparisonOptions(["elman"], hidden_sizes=(8,), sweep_networks=["gruu"]),
            "no network or recipe gruu; there are: .*gru",
        ),
        (ComparisonOptions(["elman"], hidden_sizes=(0,)), "hidden = 0 makes no network"),
        (
            ComparisonOptions(["elman"], epochs=0),
            "comparing elman: training.epochs: .*greater than",
        ),
        (ComparisonOptions([]), "nothing to compare"),
        (ComparisonOptions(["elman"], seeds=0), "nothing to compare"),
    ],
)
def test_what_cannot_be_trained_is_refused_by_name(
    corpus: Path, tmp_path: Path, wishes: ComparisonOptions, complaint: str
) -> None:
    with pytest.raises(ExperimentError, match=complaint):
        make_plan(str(corpus), wishes, tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_networks_that_share_a_name_are_refused(corpus: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    paths = [path for name in ("one", "two") for path in write_recipes(tmp_path / name, "gru")]
    for wishes in (
        ComparisonOptions(paths),
        ComparisonOptions(["elman"], hidden_sizes=(8,), sweep_networks=paths),
    ):
        with pytest.raises(ExperimentError, match=r"several of the networks .* are named gru: "):
            make_plan(str(corpus), wishes, tmp_path / "runs")


def test_a_name_that_no_bundle_may_have_is_refused(corpus: Path, tmp_path: Path) -> None:
    [path] = write_recipes(tmp_path, "gru")
    Path(path).write_text(Path(path).read_text().replace('name = "gru"', 'name = "a/b"'))
    with pytest.raises(ExperimentError, match="the name 'a/b' is none"):
        make_plan(str(corpus), ComparisonOptions([path]), tmp_path / "runs")


def test_a_direction_for_a_network_without_memory_is_refused(corpus: Path, tmp_path: Path) -> None:
    (path,) = write_recipes(tmp_path, "feedforward")
    text = Path(path).read_text()
    Path(path).write_text(text.replace("bidirectional = false", "bidirectional = true"))
    with pytest.raises(ExperimentError, match="bidirectional = True makes no network"):
        make_plan(str(corpus), ComparisonOptions([path]), tmp_path)


def test_a_corpus_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no-such-corpus"):
        make_plan("no-such-corpus", ComparisonOptions(["elman"]), tmp_path)
