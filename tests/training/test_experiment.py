"""Experiment files."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.tagging.bundle import open_bundle
from training.errors import ExperimentError
from training.experiment import (
    RECIPES,
    Experiment,
    NetworkSettings,
    TrainingSettings,
    experiment_from,
    experiment_of_bundle,
    read_experiment,
)

MODELS = Path(__file__).parents[2] / "models"


def test_a_file_needs_a_name_alone(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('name = "mine"\n')
    assert read_experiment(path) == Experiment("mine")


def test_the_default_recipe_adds_vectors_casing_rare_words_and_noise_to_the_defaults() -> None:
    default = read_experiment(RECIPES / "default.toml")
    assert default.network == NetworkSettings(casing=True, min_count=2)
    assert default.training == TrainingSettings(
        learning_rate=0.004, schedule="one-cycle", typo_rate=0.3
    )
    assert default.vectors is not None
    assert default.vectors.optional


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_file_is_valid_and_named_like_its_experiment(path: Path) -> None:
    assert read_experiment(path).name == path.stem


def test_lists_of_what_ships_may_be_used_by_anybody() -> None:
    lists = [each for path in RECIPES.glob("*.toml") for each in read_experiment(path).lists]
    assert lists
    free = ("CC0 1.0", "PDDL", "public domain", "MIT", "BSD", "Apache", "CC BY 4.0")
    assert [each.name for each in lists if not each.license.startswith(free)] == []
    assert all(each.source for each in lists)


def test_an_experiment_survives_the_manifest() -> None:
    experiment = read_experiment(RECIPES / "atis.toml")
    assert experiment_from(experiment.as_dict(), "manifest") == experiment


def test_a_bundle_of_a_version_with_more_settings_has_an_experiment() -> None:
    manifest = open_bundle(MODELS / "atis").manifest
    config = manifest.training_config
    older = config | {"training": config["training"] | {"fade_mention_replacement": True}}
    assert experiment_of_bundle(replace(manifest, training_config=older)) == experiment_of_bundle(
        manifest
    )
    with pytest.raises(ExperimentError, match=r"training\.fade_mention_replacement: unexpected"):
        experiment_from(older, "a file")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("nome = 'x'", "name: field required; nome: unexpected"),
        ("name = 'x'\n[network]\nhiden = 3", r"network.hiden: unexpected"),
        ("name = 'x'\n[training]\nepochs = 'ten'", r"training.epochs: input should be a valid int"),
        ("name = 'x'\n[training]\nepochs = 0", "training.epochs: .* greater than 0"),
        ("name = 'x'\n[training]\nbatch_size = 0", "training.batch_size: .* greater than 0"),
        ("name = 'x'\n[training]\nlearning_rate = -1", "training.learning_rate: .* than 0"),
        ("name = 'x'\n[training]\nlearning_rate = inf", "training.learning_rate: .* finite number"),
        ("name = 'x'\n[training]\nmax_grad_norm = inf", "training.max_grad_norm: .* finite number"),
        ("name = 'x'\n[training]\nweight_decay = nan", "training.weight_decay: .* finite number"),
        (
            "name = 'x'\n[training]\nmention_replacement = nan",
            "training.mention_replacement: .* finite number",
        ),
        ("name = 'x'\n[network]\ndropout = nan", "network.dropout: .* finite number"),
        (
            "name = 'x'\n[training]\nmention_replacement = 1.5",
            "training.mention_replacement: .* less than or equal to 1",
        ),
        ("name = 'x'\nseed = -1", "seed: .* greater than or equal to 0"),
        ("name = ", "is not TOML"),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "faulty.toml"
    path.write_text(text)
    with pytest.raises(ExperimentError, match=complaint):
        read_experiment(path)


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "marked.toml"
    path.write_text("name = 'x'\n", encoding="utf-8-sig")
    assert read_experiment(path).name == "x"


@pytest.mark.parametrize(
    ("encoding", "named"), [("cp1252", "WINDOWS-1252"), ("utf-16", "UTF-16LE"), ("gbk", "GB18030")]
)
def test_another_encoding_is_named(tmp_path: Path, encoding: str, named: str) -> None:
    path = tmp_path / "foreign.toml"
    text = "去台北的机票" if encoding == "gbk" else "für später"
    path.write_text(f"name = '{text}'\n", encoding=encoding)
    with pytest.raises(ExperimentError, match=f"not in UTF-8: .* iconv -f {named} -t UTF-8"):
        read_experiment(path)


def test_deep_nesting_is_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "deep.toml"
    path.write_text("name = " + "[" * 99_999)
    with pytest.raises(ExperimentError, match="is not TOML"):
        read_experiment(path)


def test_a_missing_file_is_answered_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(ExperimentError, match=r"atis.*default"):
        read_experiment(tmp_path / "none.toml")
