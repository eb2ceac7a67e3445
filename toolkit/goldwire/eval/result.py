"""The result of a question: everything that reports show, computed once and kept as JSON.

A Result is one file, eval/results/<scheme>.<question>.json. Renderers read nothing else. Numbers are rounded to 6
digits and nothing depends on the time of day, so equal inputs give equal bytes.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from goldwire import files
from goldwire.errors import GoldwireError

HEADLINE = "macro-f1"
CheckState = Literal["error", "warning", "note", "accepted", "ok", "not applicable"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Figure(_Model):
    """A number with its interval; what is not defined is null, and `why` says the reason."""

    value: float | None
    low: float | None = None
    high: float | None = None
    why: str | None = None


class LabelInfo(_Model):
    """A label of the question."""

    name: str
    definition: str
    support: dict[str, int] = Field(description="split -> units whose gold it is")


class LabelScore(_Model):
    """How a model does on one label."""

    precision: float
    recall: float
    f1: float
    support: int
    f1_low: float | None
    f1_high: float | None
    why: str | None = Field(None, description="the reason where the F1 has no interval")


class Cell(_Model):
    """Units with the same gold and predicted label, or of one label among several.

    Where an answer can have several labels, a cell is about one of them: given by both (actual and predicted), missed
    (actual alone) or added (predicted alone); one without either is about units that have no label, in both.
    """

    actual: str | None
    predicted: str | None
    units: list[str] = Field(description="all of them, sorted")

    @property
    def right(self) -> bool:
        """Whether gold and prediction say the same."""
        return self.actual == self.predicted


class Bin(_Model):
    """Predictions whose largest share lies between `low` and `high`; for several labels, shares of any label."""

    low: float
    high: float
    share: float = Field(description="their mean share")
    right: float = Field(description="how many of them are right, 0 to 1")
    n: int


class Calibration(_Model):
    """How good a model's shares are as probabilities."""

    metrics: dict[str, Figure] = Field(description="log-loss, brier, ece")
    reliability: list[Bin]


class ModelResult(_Model):
    """One model on the test split."""

    name: str
    summary: str
    role: Literal["baseline", "probe", "given"] = Field(
        description="probe: trained beside a baseline as a check; given: somebody's own predictions"
    )
    metrics: dict[str, Figure]
    per_label: dict[str, LabelScore]
    confusion: list[Cell]
    against_people: Literal["below", "within", "above"] | None = Field(
        None, description="its headline metric and that of people on the same units; within: not told apart"
    )
    calibration: Calibration | None = Field(None, description="null where it gave no shares that sum to one")
    soft: dict[str, Figure] = Field(
        default_factory=dict,
        description="against the shares of the votes: cross-entropy, jensen-shannon, manhattan",
    )
    by_votes: dict[str, Figure] = Field(
        default_factory=dict,
        description="headline metric on unanimous and on contested units; on those of one vote where there are any",
    )


class Mark(_Model):
    """A mention that gold has in an example's text; offsets in code points into that text, end-exclusive."""

    start: int
    end: int
    label: str


class Task(_Model):
    """A task in Label Studio, by the numbers of that server."""

    project: int
    task: int


class Example(_Model):
    """A test unit that stands in a confusion cell of the best model."""

    title: str
    text: str
    shortened: bool
    outlet: str
    published_at: str
    target: str
    holder: str
    gold: list[str]
    decided_by: str
    n_votes: int
    votes: dict[str, float] = Field(description="label -> share of the votes")
    mentions: list[Mark] = Field(default_factory=list)
    tasks: list[Task] = Field(default_factory=list, description="where it was answered")


class AnnotatorFigures(_Model):
    """An annotator against the majority of the others."""

    answers: int
    accuracy: Figure
    macro_f1: Figure = Field(alias="macro-f1")


class Ceiling(_Model):
    """What people reach; `why` is the reason when nothing can be said."""

    units: Literal["test", "all"] | None = None
    judged: int = 0
    answers: int = 0
    metrics: dict[str, Figure] = Field(default_factory=dict)
    annotators: dict[str, AnnotatorFigures] = Field(default_factory=dict)
    split_half: dict[str, Figure] = Field(
        default_factory=dict, description="the majority of one half of a unit's votes against that of the other half"
    )
    why: str | None = None


class Comparison(_Model):
    """A paired difference, a less b."""

    a: str
    b: str
    metric: str
    label: str | None = Field(None, description="for f1 of one label")
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    p_holm: float | None
    wins: int | None = Field(None, description="units on which a alone is right")
    ties: int | None = None
    losses: int | None = Field(None, description="units on which b alone is right")
    mcnemar: float | None = Field(None, description="p of McNemar's exact test of wins and losses")
    mcnemar_holm: float | None = Field(None, description="the same, Holm-adjusted")
    needed: int | None = Field(
        None,
        description=(
            "about how many labelled test units give four chances in five that p_holm is below 1 - level, if the "
            "difference is as large as seen; null when it is"
        ),
    )
    needed_why: str | None = Field(None, description="the reason where it is not settled and needed is null")
    why: str | None = Field(None, description="the reason where the difference has no interval")


class Slice(_Model):
    """A part of the test split: how the best model does on it, and on the rest."""

    by: str = Field(description="outlet, month, language, target, length, target seen, agreement, flag")
    value: str
    n: int
    stories: int
    figure: Figure
    rest: Figure
    difference: Figure = Field(description="figure less rest")
    p: float | None
    p_holm: float | None


class Slices(_Model):
    """The slices of the best model, the worst first."""

    metric: str
    listed: list[Slice]
    left_out: dict[str, str] = Field(default_factory=dict, description="by -> why it was not looked at")


class Check(_Model):
    """A finding about the data or the models; one of the audit is named by its code."""

    name: str
    title: str
    state: CheckState
    text: str


class SplitSize(_Model):
    """How much a split holds."""

    split: str
    units: int
    labelled: int
    stories: int


class Data(_Model):
    """What was scored."""

    title: str
    summary: str
    limits: str
    version: str
    units: int
    articles: int
    annotators: int
    targets: int
    decided_by: dict[str, int]


class Bootstrapped(_Model):
    """How the intervals were made."""

    resamples: int
    level: float
    seed: int


class Result(_Model):
    """A question that was scored."""

    status: Literal["scored"] = "scored"
    scheme: str
    scheme_title: str
    scheme_version: str
    scheme_hash: str
    question: str
    question_text: str
    type: Literal["single", "multiple", "tree", "ordinal"] = "single"
    n: int = Field(description="labelled units of the test split")
    stories: int
    labels: list[LabelInfo]
    splits: list[SplitSize]
    data: Data
    models: list[ModelResult]
    ceiling: Ceiling
    agreement: dict[str, Any] | None = Field(None, description="as `goldwire labels agreement --json` has it")
    comparisons: list[Comparison]
    slices: Slices | None = None
    checks: list[Check]
    examples: dict[str, Example]
    bootstrap: Bootstrapped
    signature: str

    @property
    def key(self) -> str:
        """``<scheme>.<question>``."""
        return f"{self.scheme}.{self.question}"

    @property
    def best(self) -> ModelResult:
        """The model, probes aside, with the highest headline metric; of equals the first."""
        return best(self.models)

    def measured(self, model: ModelResult) -> list[tuple[str, LabelScore]]:
        """Return a model's figures of each label that has test units, in scheme order."""
        scores = [(label.name, model.per_label[label.name]) for label in self.labels]
        return [(name, score) for name, score in scores if score.support]


class Unscored(_Model):
    """A question that was not scored."""

    status: Literal["not applicable"] = "not applicable"
    scheme: str
    question: str
    reason: str

    @property
    def key(self) -> str:
        """``<scheme>.<question>``."""
        return f"{self.scheme}.{self.question}"


def best(models: Sequence[ModelResult]) -> ModelResult:
    """Return the model with the highest headline metric, probes aside where there are others; of equals the first."""
    return max([model for model in models if model.role != "probe"] or models, key=headline)


def headline(model: ModelResult) -> float:
    """Return the value of the headline metric; below every other when it is not defined."""
    value = model.metrics[HEADLINE].value
    return -1.0 if value is None else value


def write(result: Result | Unscored, folder: Path) -> Path:
    """Write a result to its file in `folder` and return the path."""
    path = folder / f"{result.key}.json"
    files.write_json(path, result.model_dump(mode="json", by_alias=True))
    return path


def read_all(folder: Path) -> tuple[list[Result], list[Unscored]]:
    """Read the results of a study, sorted by scheme and question; `goldwire.eval.facts` reads the other file.

    Raises
    ------
    GoldwireError
        When there are none, or a file is not a result of this version.
    """
    scored, unscored = [], []
    for path in sorted(folder.glob("*.*.json")):
        value = files.read_json(path)
        try:
            if isinstance(value, dict) and value.get("status") == "not applicable":
                unscored.append(Unscored.model_validate(value))
            else:
                scored.append(Result.model_validate(value))
        except ValidationError as error:
            problem = error.errors()[0]
            field = ".".join(str(part) for part in problem["loc"])
            raise GoldwireError(
                f"not a result of this version of goldwire: {field}: {problem['msg']}",
                where=str(path),
                hint="Score again: goldwire eval score",
            ) from None
    if not scored:
        raise GoldwireError("there are no results", where=str(folder), hint="Make them: goldwire eval score")
    return scored, unscored
