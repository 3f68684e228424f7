"""One result, described in one TOML file: data, network, training."""

import tomllib
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, FiniteFloat, TypeAdapter, ValidationError

from app.tagging.bundle import NAMES, Manifest, can_be_asked_for
from training.encodings import encoding_of
from training.errors import ExperimentError

_STRICT = ConfigDict(extra="forbid", frozen=True)
RECIPES = Path(__file__).parent / "experiments"

_Count = Annotated[int, Field(gt=0)]
_CountOrNone = Annotated[int, Field(ge=0)]
_Positive = Annotated[FiniteFloat, Field(gt=0)]
_Weight = Annotated[FiniteFloat, Field(ge=0)]
_Share = Annotated[FiniteFloat, Field(ge=0, le=1)]
_Seed = Annotated[int, Field(ge=0, lt=2**32)]


def _several(found: Any) -> Any:
    """One table, or none, where several may be."""
    return () if found is None else (found,) if isinstance(found, dict) else found


@dataclass(frozen=True, slots=True)
class Source:
    """
    Where sentences come from: a corpus, or a grammar that makes them.

    name: Name of the corpus in the manifest.
    path: Place of the corpus below the data folder.
    format: Format of the corpus; recognised where it is unset.
    grammar: Grammar that makes the sentences, in place of `path`.
    sentences: How many sentences the grammar makes, or how many training sentences are sampled from
        the corpus; 0 for all.
    slots: Renames slots of the corpus; an empty name drops the slot.
    package: Installed package below which `path` is, in place of the data folder.
    negative: Whether the corpus is about other topics, so that all its slots are dropped.
    guide: Annotation guide that the annotation is brought in line with.
    oversample: How often an epoch reads each training sentence.
    oversample_slotless: How often it reads one that fills no slot; 0 for as often as the others.
    dev: Whether its dev sentences count when the epoch is chosen and confidences are calibrated;
        they should be like what the bundle will be asked.
    license: License of the corpus, for the manifest.
    citation: What to cite, for the manifest.
    source: Where the corpus was obtained, for the manifest.
    """

    __pydantic_config__ = _STRICT

    name: str
    path: str = ""
    format: str | None = None
    grammar: Literal["booking"] | None = None
    sentences: _CountOrNone = 0
    slots: dict[str, str] = field(default_factory=dict)
    package: str = ""
    negative: bool = False
    guide: Literal["booking"] | None = None
    oversample: _Count = 1
    oversample_slotless: _CountOrNone = 0
    dev: bool = True
    license: str = "not stated"
    citation: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Holdout:
    """
    Sentences that are kept out of training, to be measured on beside dev.

    rule: `"values"` keeps chosen values out of training with all their sentences, and leaves dev as
        it is. `"fold"` puts train and dev together, divides them into `folds` parts and holds out
        part `fold`; there is no dev then, so the last epoch counts.
    seed: Random seed of the choice.
    share: Share of the sentences that `"values"` holds out, about.
    fold: Number of the part that is held out, from 1.
    folds: Number of parts.
    """

    __pydantic_config__ = _STRICT

    rule: Literal["values", "fold"]
    seed: _Seed = 1
    share: _Share = 0.1
    fold: _Count = 1
    folds: _Count = 5


@dataclass(frozen=True, slots=True)
class StaticVectors:
    """
    Word vectors in GloVe's or word2vec's text format. Training does not change them.

    name: Name of the vectors in the manifest.
    path: Place of the file below the data folder.
    words: How many of the most frequent words go into the bundle.
    optional: Whether to train without the file where it is absent or of another language.
    license: License of the vectors, for the manifest.
    citation: What to cite, for the manifest.
    source: Where the vectors were obtained, for the manifest.
    """

    __pydantic_config__ = _STRICT

    name: str
    path: str
    words: int = 30_000
    optional: bool = False
    license: str = "not stated"
    citation: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class WordList:
    """
    A list of words in the format of jieba's dictionaries, for corpora whose words are letters.

    Where the list has no parts of speech, a line is a word and its count.

    name: Name of the list in the manifest.
    package: Installed package that has the list.
    path: Place of the file in the package.
    script: Unicode script of the list's words; other corpora do not use the list.
    words: How many of the most frequent words go into the bundle.
    longest: Most letters of a word.
    license: License of the list, for the manifest.
    citation: What to cite, for the manifest.
    source: Where the list was obtained, for the manifest.
    """

    __pydantic_config__ = _STRICT

    name: str
    package: str
    path: str
    script: str = "Han"
    words: int = 100_000
    longest: _Count = 4
    license: str = "not stated"
    citation: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class ListSource:
    """
    A list of values for slots; training draws from it as `list_copies` says.

    name: Name of the list in the manifest.
    path: Place of the file below the data folder.
    slots: Slots that the values may fill.
    license: License of the list, for the manifest.
    citation: What to cite, for the manifest.
    source: Where the list was obtained, for the manifest.
    package: Installed package below which `path` is, in place of the data folder.
    """

    __pydantic_config__ = _STRICT

    name: str
    path: str
    slots: Annotated[tuple[str, ...], Field(min_length=1)]
    license: str = "not stated"
    citation: str = ""
    source: str = ""
    package: str = ""


@dataclass(frozen=True, slots=True)
class TypesSource:
    """
    Which slot has which type of value, in a TOML file at `path`, which docs/values.md describes.

    path: The file, below the data folder.
    package: Installed package below which `path` is, in place of the data folder.
    """

    __pydantic_config__ = _STRICT

    path: str
    package: str = ""


@dataclass(frozen=True, slots=True)
class StabilitySource:
    """
    Sentences, one a line, on which it is found when a slot of a stream is stable, beside dev.

    They need no annotation. Those that training has are left out.

    path: The file in UTF-8, below the data folder.
    package: Installed package below which `path` is, in place of the data folder.
    """

    __pydantic_config__ = _STRICT

    path: str
    package: str = ""


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """
    The network, and what it reads of a sentence.

    cell: Kind of recurrent cell, as in `training/networks`.
    hidden: Width of the hidden layer in each direction.
    layers: Number of recurrent layers.
    bidirectional: Whether the network reads the sentence both ways.
    window: Number of words that a feedforward network sees at once.
    inputs: What a word is read as: `"words"`, `"trigrams"` or `"both"`.
    word_size: Size of a word's vector.
    trigram_size: Size of a letter trigram's vector.
    combine: How a word's vectors are combined: side by side (`"concat"`) or added up (`"sum"`).
    min_count: Words that training has less often share one vector, that of unknown words; trigrams
        and static vectors still tell them apart.
    dropout: Share of the activations that training drops.
    intents: Whether to learn intents, where the corpus has them.
    casing: Whether to read which words begin with a capital, where the corpus has capitals.
    shapes: Whether to read what numbers have in common (1840s and 1990s, flight 914 and 212).
    """

    __pydantic_config__ = _STRICT

    cell: str = "lstm"
    hidden: int = 200
    layers: int = 1
    bidirectional: bool = True
    window: int = 1
    inputs: str = "both"
    word_size: int = 128
    trigram_size: int = 128
    combine: Literal["concat", "sum"] = "concat"
    min_count: _Count = 1
    dropout: FiniteFloat = 0.5
    intents: bool = True
    casing: bool = False
    shapes: bool = True


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """
    How the weights are found.

    epochs: How often dev is measured: after each pass over the training data, or after as many
        passes as `min_steps` needs.
    min_steps: Fewest updates in all.
    batch_size: Sentences of an update.
    learning_rate: Learning rate of AdamW.
    schedule: `"constant"`, or `"one-cycle"`: the rate rises to `learning_rate` and falls to
        nothing, and `mention_replacement` falls with it. The former finds more values that
        training has not, the latter learns more of a large corpus.
    patience: Epochs without a better F1 on dev after which training stops; 0 for never. It suits a
        constant schedule only, since one-cycle is best at its end.
    weight_decay: Weight decay of AdamW.
    word_dropout: Share of the words that are read as unknown.
    vector_dropout: Share of those words that are read without their static vector too, so by their
        letters alone.
    trigram_dropout: Share of the words that are read without their letter trigrams, where the
        network reads words too but has no static vectors; with those no known word has any.
    mention_replacement: Share of the sentences whose slots get values of other sentences.
    typo_rate: Share of the sentences that get typing errors.
    similar_words: Share of the words in replaced values that are read as words with similar static
        vectors.
    random_words: Share of the replaced values whose rare words are read as any words.
    list_copies: How often each sentence with a slot that has a list is read again in an epoch, with
        values from the lists.
    ema_decay: Decay of the moving average of the weights.
    intent_weight: Weight of the intents in the loss.
    loss: The likelihood of a sentence's tags among all sequences that BIO allows (`"crf"`), or of
        each word's tag by itself (`"token"`).
    max_grad_norm: Gradients with a larger norm are scaled down to it.
    """

    __pydantic_config__ = _STRICT

    epochs: _Count = 30
    min_steps: _CountOrNone = 3000
    batch_size: _Count = 32
    learning_rate: _Positive = 0.002
    schedule: Literal["constant", "one-cycle"] = "constant"
    patience: _CountOrNone = 0
    weight_decay: _Weight = 0.01
    word_dropout: _Share = 0.1
    vector_dropout: _Share = 0.5
    trigram_dropout: _Share = 0.5
    mention_replacement: _Share = 0.5
    typo_rate: _Share = 0.0
    similar_words: _Share = 0.0
    random_words: _Share = 0.0
    list_copies: _CountOrNone = 0
    ema_decay: _Share = 0.998
    intent_weight: _Weight = 0.3
    loss: Literal["crf", "token"] = "crf"
    max_grad_norm: _Positive = 5.0


@dataclass(frozen=True, slots=True)
class CalibrationSettings:
    """
    What is found on dev once the weights are.

    outside_bias: Whether to raise or lower the scores of words without a slot, where slot F1 on dev
        then is higher. It suits a bundle that often hears of other things.
    """

    __pydantic_config__ = _STRICT

    outside_bias: bool = False


@dataclass(frozen=True, slots=True)
class Experiment:
    """
    Everything that decides how a bundle comes out, except the data.

    name: Name of the bundle.
    description: One sentence about the bundle, for `GET /models`.
    languages: Languages of the bundle, as BCP 47 tags.
    seed: Random seed.
    examples: Sentences that the bundle keeps as verification examples.
    """

    __pydantic_config__ = _STRICT

    name: str
    description: str = ""
    languages: tuple[str, ...] = ()
    seed: _Seed = 1
    corpora: tuple[Source, ...] = ()
    holdout: Holdout | None = None
    vectors: StaticVectors | None = None
    lexicon: Annotated[tuple[WordList, ...], BeforeValidator(_several)] = ()
    lists: tuple[ListSource, ...] = ()
    types: TypesSource | None = None
    stability: StabilitySource | None = None
    network: NetworkSettings = field(default_factory=NetworkSettings)
    training: TrainingSettings = field(default_factory=TrainingSettings)
    calibration: CalibrationSettings = field(default_factory=CalibrationSettings)
    examples: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as the manifest and the checkpoint keep them."""
        return asdict(self)


_EXPERIMENT: TypeAdapter[Experiment] = TypeAdapter(Experiment)


def read_experiment(path: Path) -> Experiment:
    """Read an experiment file; raises ExperimentError that names the entry that is off."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        shipped = ", ".join(sorted(recipe.stem for recipe in RECIPES.glob("*.toml")))
        raise ExperimentError(
            f"there is no experiment file {path}; in {RECIPES} there are: {shipped}"
        ) from None
    except UnicodeDecodeError as error:
        encoding = encoding_of(path.read_bytes()) or "ENCODING"
        raise ExperimentError(
            f"{path} is not in UTF-8: convert it with iconv -f {encoding} -t UTF-8"
        ) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ExperimentError(f"{path} is not TOML: {error}") from error
    return experiment_from(found, str(path))


def experiment_from(found: dict[str, Any], origin: str) -> Experiment:
    """Check plain values; `origin` is what to call them in an error."""
    try:
        return _EXPERIMENT.validate_python(found)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg'].lower()}"
            for fault in error.errors(include_url=False)
        )
        raise ExperimentError(f"{origin}: {faults}") from error


def experiment_of_bundle(manifest: Manifest) -> Experiment:
    """
    The experiment of a bundle, without settings that only earlier versions had.

    It names the bundle's corpora; trained again, it may give another network. Raises
    ExperimentError.
    """
    config = dict(manifest.training_config)
    for table, settings in (
        ("network", NetworkSettings),
        ("training", TrainingSettings),
        ("calibration", CalibrationSettings),
    ):
        known = {setting.name for setting in fields(settings)}
        config[table] = {
            name: value for name, value in config.get(table, {}).items() if name in known
        }
    return experiment_from(config, f"the manifest of {manifest.name}")


def check_name(experiment: Experiment) -> None:
    """Raise ExperimentError, before anything is trained, where no bundle may have the name."""
    if not can_be_asked_for(experiment.name):
        raise ExperimentError(
            f"the name {experiment.name!r} is none that a bundle can be asked for by: {NAMES}; "
            "choose another in the experiment's file or, for fit, with --name"
        )
