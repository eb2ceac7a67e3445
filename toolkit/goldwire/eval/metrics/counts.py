"""Sufficient statistics: from answers to one row a cluster, whose sums the metrics are functions of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from goldwire.eval.metrics.sums import Array, Cells, Codes, Sums, Upward
from goldwire.eval.task import Answer, Task
from goldwire.stats.draws import Rows, table


@dataclass(frozen=True)
class Statistics:
    """The rows of one model or more, all with the same columns; `read` says what sums, m x columns, are."""

    of_models: list[Rows]
    read: Callable[[Array], Sums]


def count_one(
    labels: tuple[str, ...], actual: Codes, predicted: Sequence[Codes], clusters: Codes, targets: Codes
) -> Statistics:
    """Count, in each cluster, how often each pair of gold and predicted label comes for each target.

    Pairs that no model has take no column. A target of -1 is none.
    """
    size = len(labels)
    flat = [((targets + 1) * size + actual) * size + given for given in predicted]
    width = (int(targets.max(initial=0)) + 2) * size * size
    occurring = np.flatnonzero(sum(np.bincount(cells, minlength=width) for cells in flat))
    column = np.zeros(width, dtype=np.int64)
    column[occurring] = np.arange(len(occurring))
    shape = int(clusters.max(initial=-1)) + 1, len(occurring)
    given_of, rest = occurring % size, occurring // size
    actual_of, target_of = rest % size, rest // size - 1
    is_actual, is_given = np.eye(size)[actual_of], np.eye(size)[given_of]
    same = (actual_of == given_of).astype(np.float64)

    def read(sums: Array) -> Sums:
        return Sums(
            labels,
            rows=sums.sum(axis=1),
            right=sums @ same,
            hits=sums @ (is_actual * same[:, None]),
            given=sums @ is_given,
            support=sums @ is_actual,
            cells=Cells(sums, actual_of, given_of, target_of),
        )

    return Statistics([table(clusters, column[cells], 1.0, shape) for cells in flat], read)


def count_several(
    task: Task, actual: Sequence[Answer], predicted: Sequence[Sequence[Answer]], clusters: Codes
) -> Statistics:
    """Count, in each cluster, how often each label is right, predicted and gold, and what is of whole answers."""
    size, tree = len(task.labels), task.type == "tree"
    width = 3 * size + (6 if tree else 3)

    def read(sums: Array) -> Sums:
        hits, given, support = (sums[:, at : at + size] for at in (0, size, 2 * size))
        rows, right, shared, *upward = sums[:, 3 * size :].T
        above = Upward(*upward) if tree else None
        return Sums(task.labels, rows, right, hits, given, support, shared=shared, upward=above)

    return Statistics([_several(task, actual, given, clusters, width) for given in predicted], read)


def _several(task: Task, actual: Sequence[Answer], predicted: Sequence[Answer], clusters: Codes, width: int) -> Rows:
    """Count one model's answers; equal pairs of answers are looked at once."""
    from scipy.sparse import csr_array

    both = list(zip(actual, predicted, strict=True))
    number = {
        pair: at for at, pair in enumerate(sorted(set(both)))
    }  # sorted: sums do not depend on the order of rows
    pair = np.array([number[each] for each in both], dtype=np.int64)
    rows = [_row(task, set(gold), set(given)) for gold, given in number]
    where = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    column = np.array(list(chain.from_iterable(rows)), dtype=np.int64)
    value = np.array([amount for row in rows for amount in row.values()], dtype=np.float64)
    many = int(clusters.max(initial=-1)) + 1
    member = csr_array((np.ones(len(pair)), (clusters, pair)), shape=(many, len(rows)))
    sums = (member @ csr_array((value, (where, column)), shape=(len(rows), width))).tocoo()
    return table(sums.row.astype(np.int64), sums.col.astype(np.int64), sums.data, (many, width))


def _row(task: Task, gold: set[str], given: set[str]) -> dict[int, float]:
    """Return the columns of one pair of answers that are not zero, in the order that `count_several` reads."""
    size, position = len(task.labels), {label: at for at, label in enumerate(task.labels)}
    found = dict.fromkeys((position[label] for label in gold & given), 1.0)
    found |= {size + position[label]: 1.0 for label in given}
    found |= {2 * size + position[label]: 1.0 for label in gold}
    whole = [1.0, float(gold == given), len(gold & given) / len(gold | given) if gold | given else 1.0]
    if task.type == "tree":
        above, below = set(task.upward(tuple(gold))), set(task.upward(tuple(given)))
        whole += [float(len(above & below)), float(len(below)), float(len(above))]
    return found | {3 * size + at: amount for at, amount in enumerate(whole) if amount}
