"""One result, described in one TOML file: data, network, training."""

import tomllib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, FiniteFloat, TypeAdapter, ValidationError

from app.tagging.bundle import NAMES, can_be_asked_for
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
    Where sentences come from: a corpus below the data folder, or a grammar of ours.

    package: the installed package below which `path` is, in place of the data folder; slots renames
    the corpus's slots, an empty name drops one, and of a corpus about other things `negative` drops
    all; guide brings what then remains in line with an annotation guide; `sentences` is how many
    the grammar makes, or how many training sentences of a corpus are read, from all over it (0:
    all); oversample is how often each training sentence is read in an epoch; `dev` is whether its
    dev sentences count when an epoch is chosen and confidences are calibrated, for which they must
    be like what the bundle will be asked.
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
    dev: bool = True
    license: str = "not stated"
    citation: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Holdout:
    """
    Sentences that are kept out of training, to be measured on beside dev.

    values: values chosen by `seed` leave training with all their sentences, about the share
    `share` of these; dev stays as it is.
    fold: train and dev are put together and divided into `folds` parts by `seed`; part `fold`,
    from 1, is held out, and there is no dev: the last epoch counts.
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
    Word vectors in GloVe's text format, below the data folder, that the network reads as they are.

    Those of the `words` most frequent words go into the bundle. An `optional` file is left out
    where it is absent, or of another language than the corpus.
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
    A list of words in the format of jieba's dictionaries, at `path` of an installed `package`.

    The `words` most frequent, of `longest` letters at most, go into the bundles of corpora whose
    words are letters of the `script`; others have no use for them. Where the list has no parts of
    speech a line is a word and its count.
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
    A list of values, at `path` below the data folder, that the `slots` may be filled with.

    Training draws from it as `listed_values` says.
    """

    __pydantic_config__ = _STRICT

    name: str
    path: str
    slots: Annotated[tuple[str, ...], Field(min_length=1)]
    license: str = "not stated"
    citation: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class TypesSource:
    """
    Which slot has which type of value, in a TOML file at `path`, which docs/values.md describes.

    package: the installed package below which `path` is, in place of the data folder.
    """

    __pydantic_config__ = _STRICT

    path: str
    package: str = ""


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """
    What `training.networks.build` needs besides the sizes that the data give, and what is read.

    combine: whether a word's vectors are put side by side ("concat") or added up ("sum");
    min_count: words that training has less often share one vector, that of words never seen,
    beside their trigrams and static vectors;
    casing: whether to read which words begin with a capital, where the corpus has capitals;
    shapes: whether to read what numbers have in common (1840s and 1990s, flight 914 and 212).
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

    epochs: how often dev is asked, each time after a pass over the training data, or after as
    many passes as it takes to make min_steps updates in all;
    patience: stop earlier, after so many epochs without a better F1 on dev (0: never), which only
    a constant schedule makes sense of: one-cycle is at its best at its end.
    word_dropout: share of words read as never seen.
    mention_replacement: share of sentences whose slots get the values of other sentences; under
    one-cycle it falls to none, as the learning rate does, unless fade_mention_replacement is off:
    where anything may be a value, none is to be learnt.
    typo_rate: share of sentences that are read as if typed in a hurry.
    ema_decay: decay of the running mean of the weights.
    similar_words, random_words: where words have static vectors, the share of the words of
    replaced values that are read as others close to them, and the share of these values whose rare
    words are read as any words.
    loss: the likelihood of a sentence's tags among all sequences that BIO allows ("crf"), or of
    each word's tag by itself ("token").
    max_grad_norm: gradients of a larger norm are scaled down to it.
    listed_values: share of sentences that are read with values from the experiment's lists, to the
    end of training.
    """

    __pydantic_config__ = _STRICT

    epochs: _Count = 30
    min_steps: _CountOrNone = 3000
    batch_size: _Count = 32
    learning_rate: _Positive = 0.004
    schedule: Literal["one-cycle", "constant"] = "one-cycle"
    patience: _CountOrNone = 0
    weight_decay: _Weight = 0.01
    word_dropout: _Share = 0.1
    mention_replacement: _Share = 0.5
    fade_mention_replacement: bool = True
    typo_rate: _Share = 0.0
    similar_words: _Share = 0.0
    random_words: _Share = 0.0
    listed_values: _Share = 0.0
    ema_decay: _Share = 0.998
    intent_weight: _Weight = 0.3
    loss: Literal["crf", "token"] = "crf"
    max_grad_norm: _Positive = 5.0


@dataclass(frozen=True, slots=True)
class Experiment:
    """Everything that decides how a bundle comes out, but for the data themselves."""

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
    network: NetworkSettings = field(default_factory=NetworkSettings)
    training: TrainingSettings = field(default_factory=TrainingSettings)
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


def check_name(experiment: Experiment) -> None:
    """Raise ExperimentError, before anything is trained, where no bundle may have the name."""
    if not can_be_asked_for(experiment.name):
        raise ExperimentError(
            f"the name {experiment.name!r} is none that a bundle can be asked for by: {NAMES}; "
            "choose another in the experiment's file or, for fit, with --name"
        )
