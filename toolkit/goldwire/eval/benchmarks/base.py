"""What every benchmark is: how its data are read, what is measured, and what others have reached."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from goldwire.eval.task import Answer, Task

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Data:
    """The rows of a benchmark in its official split.

    Attributes
    ----------
    task : Task
    train, test : DataFrame
        One row a unit, with the columns of `eval.inputs.Inputs.rows` that models use; see `frame`.
    clustered : str
        What is drawn for the intervals, as in "stories of the bodies".
    warnings : tuple of str
        What was seen in these files and makes a figure less than it seems, in whole sentences with numbers.
    notes : tuple of str
        Other facts of these files.
    """

    task: Task
    train: "pd.DataFrame"
    test: "pd.DataFrame"
    clustered: str
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Published:
    """A figure of somebody else's; metrics by our names, 0 to 1."""

    system: str
    metrics: Mapping[str, float]
    source: str


@dataclass(frozen=True)
class View:
    """A coarser question that the same answers are scored on, beside: `of` maps an answer to one of `task`."""

    name: str
    task: Task
    of: Callable[[Answer], Answer]


@dataclass(frozen=True)
class Benchmark:
    """A published benchmark.

    Attributes
    ----------
    read : callable
        From the folder of the data set to its rows. GoldwireError when a file is missing or not as it should be.
    metrics : tuple of str
        Names of metrics, the official one first.
    baselines : tuple of str
        Names of the baselines that are run when none is named.
    published : tuple of Published
        Figures of others on the same test rows and metric.
    notes : tuple of str
        What a reader of the figures must know.
    views : tuple of View
    """

    name: str
    title: str
    read: Callable[[Path], Data]
    metrics: tuple[str, ...]
    baselines: tuple[str, ...]
    published: tuple[Published, ...]
    notes: tuple[str, ...] = ()
    views: tuple[View, ...] = field(default=())


def frame(columns: Mapping[str, Any], task: Task) -> "pd.DataFrame":
    """Return rows with every column that models use; what is not given is empty.

    Parameters
    ----------
    columns : mapping
        unit_id (unique), text, labels (answers: tuples of str) and cluster in any case; title, target, aliases (lists
        of str), holder, outlet, published_at, language, kind and article_id where there are any.
    task : Task
        Says whether `label`, the one label of an answer, can be filled.
    """
    import pandas as pd

    n = len(columns["unit_id"])
    answers = list(columns["labels"])
    rows = pd.DataFrame(
        {
            "unit_id": list(columns["unit_id"]),
            "article_id": list(columns.get("article_id", columns["unit_id"])),
            **{name: list(columns.get(name, [""] * n)) for name in _TEXTS},
            "cluster": list(columns["cluster"]),
        }
    )
    rows["aliases"] = pd.Series(list(columns.get("aliases", [[] for _ in range(n)])), rows.index, dtype=object)
    rows["labels"] = pd.Series(answers, rows.index, dtype=object)
    rows["label"] = pd.Series([None if task.several else a[0] for a in answers], rows.index, dtype=object)
    if not rows["unit_id"].is_unique:
        raise ValueError("unit_id repeats")
    return rows


_TEXTS = ("title", "text", "kind", "outlet", "published_at", "language", "target", "holder")
