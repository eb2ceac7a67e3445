"""The study: a folder with corpus/, labels/ and eval/, and the parameters that change its results."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.scheme import refuse_double_keys

PARAMS = "params.yaml"
_TAG = re.compile(r"[0-9A-Za-z]+(?:[._+-][0-9A-Za-z]+)*")  # what git, the Hub and a shell take as it is


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Share = Annotated[float, Field(ge=0, le=1)]


class Stories(_Model):
    """How near-duplicates become stories."""

    containment: float = Field(
        0.5, gt=0, le=1, description="share of the shorter text's shingles found in the longer one"
    )
    shingle: int = Field(5, ge=1, description="words in a shingle")
    mask: bool = Field(False, description="leave out what agencies and publishing systems add, for comparing only")


class Gold(_Model):
    """How votes become gold."""

    method: Literal["majority", "dawid-skene", "mace"] = "majority"
    ties: Literal["unresolved", "first-label", "random"] = Field(
        "unresolved", description="what becomes of a unit on which a tie left nothing decided"
    )
    repeats: Literal["last", "first", "error"] = Field(
        "last", description="which answer counts of an annotator who answered a unit more than once"
    )


class Splits(_Model):
    """How units are divided. Units of one article or one story are never divided, whatever the rest says."""

    by: Literal["random", "time", "outlet", "target", "official"] = "random"
    group_by: tuple[Literal["group", "headline", "target"], ...] = Field(
        ("group", "headline"), description="fields whose values stay in one split, too"
    )
    column: str = Field("split", description="the key of articles.meta that names the official split")
    train: Share = 0.6
    validation: Share = 0.15
    test: Share = 0.25
    folds: int = Field(
        0, ge=0, le=100, description="of train and validation together, for cross-validation; 0 is none"
    )

    @model_validator(mode="after")
    def _sum_to_one(self) -> Self:
        if abs(self.train + self.validation + self.test - 1) > 1e-9:
            raise ValueError("train, validation and test must sum to 1")
        if self.folds == 1:
            raise ValueError("folds must be 0 or at least 2")
        return self


class Publish(_Model):
    """What of the texts stands in the dataset."""

    texts: bool = Field(True, description="false leaves out what the licence forbids to pass on: titles and texts")
    scrub: bool = Field(False, description="mask e-mail addresses and phone numbers, letter by letter")


class Audit(_Model):
    """What the checks of the dataset do."""

    fail_on: Literal["error", "warning"] = Field("error", description="the severity from which a gate fails")
    accept: dict[str, str] = Field(default_factory=dict, description="code of a check -> why its finding is accepted")
    against: list[str] = Field(default_factory=list, description="paths of other datasets, to look for overlap")

    @model_validator(mode="after")
    def _reasons(self) -> Self:
        if blank := [code for code, why in self.accept.items() if not why.strip()]:
            raise ValueError(f"accept needs a reason for {blank[0]}")
        return self


class Evaluation(_Model):
    """What is trained and how it is measured."""

    baselines: list[str] = Field(
        default_factory=lambda: ["majority", "tfidf-logreg", "one-vs-rest", "keywords"], min_length=1
    )
    resamples: int = Field(1000, ge=100, description="bootstrap resamples of stories")
    level: float = Field(0.95, gt=0, lt=1, description="of the intervals")


class Datasheet(_Model):
    """What only people know of how the dataset came about (Gebru et al. 2021, Datasheets for Datasets)."""

    motivation: str = Field("", description="why it was made, for which task")
    funding: str = Field("", description="who paid")
    selection: str = Field("", description="which articles could come in, and which could not")
    consent: str = Field("", description="what people and publishers agreed to")
    training: str = Field("", description="how annotators were taught and tested")
    compensation: str = Field("", description="what annotators were paid")
    review: str = Field("", description="ethics review, with its number")
    uses: str = Field("", description="what it is meant for, and what it must not be used for")
    distribution: str = Field("", description="where it is given out, and under which terms")
    maintenance: str = Field("", description="who keeps it, and how mistakes are reported")


class Card(_Model):
    """What only people know, for the dataset card."""

    title: str = "Labelled news articles"
    summary: str = ""
    collection: str = ""
    annotators: str = ""
    limits: str = ""
    licence: str = "unknown"
    authors: list[str] = Field(default_factory=list)
    url: str = Field("", description="where the dataset is found")
    doi: str = ""
    datasheet: Datasheet = Datasheet()


class Params(_Model):
    """Everything in params.yaml. A field that is left out has the value given here."""

    version: str = Field(
        "0.1.0", description="of the dataset, and of git's and the Hub's tags; a released version is never changed"
    )
    seed: int = 0
    stories: Stories = Stories()
    recode: dict[str, dict[str, dict[str, str]]] = Field(
        default_factory=dict, description="scheme -> question -> old label -> new label"
    )
    gold: Gold = Gold()
    splits: Splits = Splits()
    dataset: Publish = Publish()
    audit: Audit = Audit()
    eval: Evaluation = Evaluation()
    card: Card = Card()

    @field_validator("version")
    @classmethod
    def _names_a_tag(cls, version: str) -> str:
        if not _TAG.fullmatch(version) or version.endswith(".lock"):
            raise ValueError(
                f"{version!r} cannot name a tag; write it as 1.0.0: letters and digits, one of . _ + - between them"
            )
        return version


@dataclass(frozen=True)
class Study:
    """A folder in the shape of a study. Its properties are the paths of everything in it."""

    root: Path

    @property
    def params_file(self) -> Path:
        return self.root / PARAMS

    @property
    def articles(self) -> Path:
        return self.root / "corpus" / "articles.parquet"

    @property
    def labels(self) -> Path:
        return self.root / "labels"

    @property
    def schemes(self) -> Path:
        return self.labels / "schemes"

    @property
    def rounds(self) -> Path:
        return self.labels / "rounds"

    @property
    def annotators(self) -> Path:
        return self.labels / "annotators.csv"

    @property
    def dataset(self) -> Path:
        return self.labels / "dataset"

    @property
    def eval(self) -> Path:
        return self.root / "eval"

    @property
    def models(self) -> Path:
        return self.eval / "models"

    @property
    def predictions(self) -> Path:
        return self.eval / "predictions"

    @property
    def results(self) -> Path:
        return self.eval / "results"

    @property
    def report(self) -> Path:
        return self.eval / "report.html"

    def table(self, name: str) -> Path:
        """Return the path of a table under labels/tables (every table but articles and predictions)."""
        return self.labels / "tables" / f"{name}.parquet"

    def read(self, name: str) -> Any:
        """Read a table of the study, `articles` or one under labels/tables, as a pyarrow.Table."""
        return tables.read(self.articles if name == "articles" else self.table(name), name)

    def params(self) -> Params:
        """Read params.yaml.

        Raises
        ------
        GoldwireError
            When it is missing, is not UTF-8 or not YAML, or has a key twice or an unknown or wrong field; the message
            names the field.
        """
        return read_params(self.params_file)


def find(start: Path) -> Study:
    """Return the study that `start` lies in: the nearest folder, from it upwards, that has params.yaml.

    Raises
    ------
    GoldwireError
        When there is none.
    """
    for folder in [start.resolve(), *start.resolve().parents]:
        if (folder / PARAMS).is_file():
            return Study(folder)
    raise GoldwireError(
        "this is not a study: no folder from here upwards has params.yaml",
        where=str(start.resolve()),
        hint="Make one with: goldwire init DIR, then cd DIR, or name one with: goldwire -C DIR ...",
    )


def read_params(path: Path) -> Params:
    """Read and check a params.yaml; see `Study.params`."""
    try:
        text = path.read_text(encoding="utf-8")
        refuse_double_keys(yaml.compose(text, Loader=yaml.SafeLoader), str(path))
        value = yaml.safe_load(text)
        return Params.model_validate({} if value is None else value)
    except FileNotFoundError:
        raise GoldwireError("params.yaml is not there", where=str(path)) from None
    except UnicodeDecodeError:
        raise GoldwireError("params.yaml is not UTF-8", where=str(path)) from None
    except ValidationError as error:
        items = [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]
        raise GoldwireError("\n".join(items), where=str(path), hint="Mend these fields.") from None
    except (yaml.YAMLError, ValueError) as error:  # PyYAML reads 2021-13-45 as a date
        raise GoldwireError(f"not valid YAML: {error}", where=str(path)) from None
