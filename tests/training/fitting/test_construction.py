"""Networks and featurizers that fit each other and the data."""

from pathlib import Path

import pytest
import torch

from app.tagging.features import CAPITAL, Featurizer
from training.corpora.splits import Utterance
from training.corpora.vocabularies import vocabularies_of
from training.experiment import Experiment, NetworkSettings, StaticVectors, TrainingSettings
from training.fitting.construction import build_network, featurizer_of


@pytest.mark.parametrize("texts", [["Fly to Oslo at 5:30", "fly at 914"], ["雨 天 南 京"]])
def test_networks_learn_from_what_they_read_when_they_serve(
    texts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLOTLINE_DATA", str(tmp_path))
    (tmp_path / "vectors.txt").write_text("to 0.5 0.2\nat 0.1 0.7\nin 0.3 0.1\n", "utf-8")
    experiment = Experiment(
        "own",
        vectors=StaticVectors("own", "vectors.txt"),
        network=NetworkSettings(casing=True, min_count=2, dropout=0.0),
        training=TrainingSettings(word_dropout=0.0),
    )
    train = [Utterance(tuple(text.split()), ("O",) * len(text.split()), None) for text in texts]
    vocabularies, vectors = vocabularies_of(experiment, train)
    network = build_network(experiment, vocabularies, vectors)
    words = [[CAPITAL + "oslo", "to", CAPITAL + "fly", "in", "osl", "914", "5:30", "天", "qx"]]

    def scores(featurizer: Featurizer) -> torch.Tensor:
        found = network(*map(torch.from_numpy, featurizer(words)))[0]
        assert isinstance(found, torch.Tensor)
        return found

    learnt = scores(featurizer_of(vocabularies, spell_all=True))
    network.eval()
    torch.testing.assert_close(scores(featurizer_of(vocabularies)), learnt)
