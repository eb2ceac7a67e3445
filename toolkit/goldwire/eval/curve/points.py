"""How well a baseline does when it learns from parts of the train split: the points of a learning curve.

The parts are nested and made of whole stories: of each repeat the stories stand in one order, in which every label
comes about as regularly as it comes in all, and a part is its beginning.

The test split is not looked at. A curve is there to decide by (label more, or look for a better model), and is looked
at again and again; what is decided by the test split fits the test split.
"""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from goldwire.errors import GoldwireError
from goldwire.eval.baselines.base import Baseline, Shared
from goldwire.eval.measure import Gold
from goldwire.eval.suspects.folds import folds_of
from goldwire.eval.task import Answer, Array, Codes, Task
from goldwire.stats.draws import Rows
from goldwire.stats.resample import Function

if TYPE_CHECKING:
    import pandas as pd

SIZES = 6
FEWEST_UNITS, FEWEST_STORIES = 60, 40
JUDGES = 200
"""Stories that the validation split must have to be what the parts are judged on; else folds of train are."""

_REPEATS = 6
_FOLDS, _PASSES = 4, 2
_SMALLEST = 10  # units
_LEAST_SIZES = 4


class TooAlikeError(Exception):
    """Rows of which parts cannot be learnt from."""


@dataclass(frozen=True)
class Learnt:
    """What was learnt from parts of n units.

    Attributes
    ----------
    sizes : array of length s
        Units learnt from, ascending; the mean over the repeats.
    statistics : list of s lists of r tables, clusters x k
        Sufficient statistics of each size and repeat, by story.
    function : callable
        From sums, m x k, to the metric, length m.
    chains : int
        Orders of stories, independently drawn, that one repeat joins: the folds.
    total : int
        Labelled units of the train split.
    on : str
        What the parts were judged on.
    judged : int
        How many units those are.
    effort : float
        Units learnt from in all trainings together, over `total`: so many times one training, where its time is
        linear in the units.
    """

    sizes: Array
    statistics: list[list[Rows]]
    function: Function
    chains: int
    total: int
    on: str
    judged: int
    effort: float


def lacking(train: "pd.DataFrame") -> str | None:
    """Return why there is no curve for these rows, or None."""
    if not len(train):
        return "no unit of the train split has a gold label"
    if len(set(train["labels"])) == 1:
        (only,) = set(train["labels"])
        return f"all labelled units of the train split have one answer: {', '.join(only) or 'none'}"
    stories = train["cluster"].nunique()
    if len(train) < FEWEST_UNITS or stories < FEWEST_STORIES:
        return (
            f"the train split has {len(train)} labelled units in {stories} stories: "
            f"a curve needs {FEWEST_UNITS} in {FEWEST_STORIES}"
        )
    return None


def learn(
    task: Task, train: "pd.DataFrame", validation: "pd.DataFrame", baseline: Baseline, metric: str, seed: int = 0
) -> Learnt:
    """Train on growing parts, and count what is right.

    The parts are judged on the validation split where it has at least 200 stories, by six orders of the train split.
    Else they are judged by four folds of the train split, twice: each fold is answered by what learnt from parts of
    the other three.

    Parameters
    ----------
    task : Task
    train, validation : DataFrame
        Labelled rows of `inputs.Inputs.rows`; `validation` may be empty.
    baseline : Baseline
    metric : str
        See `goldwire.eval.measure.Gold.names`.
    seed : int

    Raises
    ------
    GoldwireError
        When the metric is unknown or undefined for the question.
    TooAlikeError
        When the parts have one answer only.
    """
    if validation["cluster"].nunique() >= JUDGES:
        judged, on, chains = validation, "the validation split", 1
        plan = [_whole(train) for _ in range(_REPEATS)]
    else:
        judged, on, chains = train, "folds of the train split", _FOLDS
        plan = [folds_of(train, _FOLDS, seed)] * _PASSES
    named = () if metric.startswith("f1:") else (metric,)
    gold = Gold.of(task, list(judged["labels"]), list(judged["cluster"]), list(judged["target"]), named)
    if metric not in gold.names:
        raise GoldwireError(
            f'there is no label "{metric.removeprefix("f1:")}"',
            where="--metric",
            hint=f"There are: {', '.join(task.labels)}",
        )
    generator = np.random.default_rng(seed)
    parts = [[list(_parts(train, learnt, generator)) for learnt, _ in folds] for folds in plan]
    kept = [at for at in range(SIZES) if all(_several(train, chain[at]) for repeat in parts for chain in repeat)]
    if len(kept) < _LEAST_SIZES:
        raise TooAlikeError("smaller parts of the train split have one answer only")
    predicted, effort = _predictions(task, train, judged, baseline, seed, plan, parts, kept)
    flat = gold.estimators([answers for repeats in predicted for answers in repeats])
    at = gold.names.index(metric)
    repeats = len(plan)
    return Learnt(
        sizes=np.array([np.mean([len(chain[i]) for repeat in parts for chain in repeat]) for i in kept]),
        statistics=[[one.statistics for one in flat[i : i + repeats]] for i in range(0, len(flat), repeats)],
        function=lambda sums: np.asarray(flat[0].function(sums)[:, at]),
        chains=chains,
        total=len(train),
        on=on,
        judged=len(judged),
        effort=effort / len(train),
    )


def _whole(rows: "pd.DataFrame") -> list[tuple[Codes, Codes]]:
    return [(np.arange(len(rows), dtype=np.int64), np.zeros(0, dtype=np.int64))]


def _predictions(
    task: Task,
    train: "pd.DataFrame",
    judged: "pd.DataFrame",
    baseline: Baseline,
    seed: int,
    plan: list[list[tuple[Codes, Codes]]],
    parts: list[list[list[Codes]]],
    kept: list[int],
) -> tuple[list[list[list[Answer]]], int]:
    """Return the answers of each size and repeat, and how many units were learnt from in all."""
    learnt_from: dict[tuple[int, bytes], list[Answer]] = {}
    effort, texts = 0, Shared()
    found: list[list[list[Answer]]] = [[] for _ in kept]
    for repeat, folds in enumerate(plan):
        for at, size in enumerate(kept):
            answers: list[Answer] = [()] * len(judged)
            for fold, ((_, held_out), chain) in enumerate(zip(folds, parts[repeat], strict=True)):
                asked = held_out if len(held_out) else np.arange(len(judged))
                part = np.sort(chain[size])  # so that the same rows are the same training, whatever their order
                key = fold, part.tobytes()
                if key not in learnt_from:
                    shared = Shared(beside=texts)
                    model = baseline.make(task, seed)
                    with warnings.catch_warnings():
                        # of ten units and many labels there are few each, which scikit-learn remarks on
                        warnings.filterwarnings("ignore", message="The number of unique classes")
                        model.fit(train.iloc[part].reset_index(drop=True), shared)
                    rows = judged.iloc[asked].reset_index(drop=True)
                    learnt_from[key] = model.decide(model.shares(rows, shared))
                    effort += len(part)
                for place, answer in zip(asked, learnt_from[key], strict=True):
                    answers[place] = answer
            found[at].append(answers)
    return found, effort


def _parts(train: "pd.DataFrame", learnt: Codes, generator: np.random.Generator) -> Iterator[Codes]:
    """Yield nested parts of the rows to learn from, whole stories, the sizes in a geometric row."""
    ordered = _ordered(train.iloc[learnt], generator)
    ends = np.cumsum([len(story) for story in ordered])
    for size in np.geomspace(max(_SMALLEST, len(learnt) / 10), len(learnt), SIZES):
        stories = int(np.abs(ends - size).argmin()) + 1
        yield learnt[np.concatenate(ordered[:stories])]


def _ordered(rows: "pd.DataFrame", generator: np.random.Generator) -> list[Codes]:
    """Return the positions of each story, in an order in which every label comes regularly.

    A story counts for its rarest label. The stories of a label, shuffled, are set at equal distances from a random
    beginning, which is systematic sampling by label.
    """
    answers: list[tuple[str, ...]] = list(rows["labels"])
    names, counts = np.unique([label for answer in answers for label in answer or ("",)], return_counts=True)
    often = dict(zip(names.tolist(), counts.tolist(), strict=True))
    members: dict[str, list[int]] = {}
    for place, story in enumerate(rows["cluster"]):
        members.setdefault(story, []).append(place)
    strata: dict[str, list[str]] = {}
    for story in sorted(members):
        labels = {label for place in members[story] for label in answers[place] or ("",)}
        strata.setdefault(min(labels, key=lambda label: (often[label], label)), []).append(story)
    placed: list[tuple[float, float, str]] = []
    for label in sorted(strata):
        stories = [strata[label][at] for at in generator.permutation(len(strata[label]))]
        start = generator.random()
        placed += [((at + start) / len(stories), float(generator.random()), s) for at, s in enumerate(stories)]
    return [np.array(members[story], dtype=np.int64) for _, _, story in sorted(placed)]


def _several(train: "pd.DataFrame", part: Codes) -> bool:
    labels: Any = train["labels"].iloc[part]
    return len(set(labels)) > 1
