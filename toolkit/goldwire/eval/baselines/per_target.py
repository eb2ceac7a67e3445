"""Models a target: what words say for one target they need not say for another."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from goldwire.eval.baselines.base import Baseline, Shared
from goldwire.eval.baselines.features import Features, Fitted, joined
from goldwire.eval.baselines.tfidf import Tfidf
from goldwire.eval.baselines.tfidf_logreg import LogReg
from goldwire.eval.task import Codes

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 20  # rows of a target that has weights of its own
COMMON = 0.5  # what the features shared by all targets weigh beside those of a target's own


class FittedPerTarget(Fitted):
    """Features once for all targets, and once more for each target that has weights of its own."""

    def __init__(self, parts: Sequence[Fitted], columns: dict[str, Codes]) -> None:
        self._parts = list(parts)
        self._columns = columns

    def matrix(self, rows: "pd.DataFrame", shared: Shared) -> Any:
        """Return the common features, those of each target's own, and which target it is."""
        from scipy.sparse import block_diag, csr_matrix

        common = joined([part.matrix(rows, shared) for part in self._parts])
        of_row = rows["target"].to_numpy()
        own, places = [csr_matrix((int((~np.isin(of_row, list(self._columns))).sum()), 0))], []
        places.append(np.flatnonzero(~np.isin(of_row, list(self._columns))))
        for target, columns in self._columns.items():
            places.append(np.flatnonzero(of_row == target))
            own.append(common[places[-1]][:, columns])
        order = np.argsort(np.concatenate(places), kind="stable")
        which = np.column_stack([of_row == target for target in self._columns] or [np.zeros((len(rows), 0))])
        return joined([common * COMMON, block_diag(own, format="csr")[order], csr_matrix(which, dtype=np.float64)])


class PerTarget(Features):
    """Features with weights of each target's own, drawn towards those of all targets.

    A weight is the sum of one for all targets and one for this target, and the penalty is on both, so that a target
    with few rows stays near the others and one with many goes its own way (Daume 2007, Frustratingly easy domain
    adaptation). A target with fewer than 20 rows, or not seen in training, has the common weights alone.
    """

    def __init__(self, *parts: Features) -> None:
        self._parts = parts
        self.fields = tuple(dict.fromkeys(field for part in parts for field in part.fields))

    def fit(self, rows: "pd.DataFrame", shared: Shared, size: int) -> FittedPerTarget:
        """Learn the features, and which of them occur with each target."""
        parts = [part.fit(rows, shared, size) for part in self._parts if part.used(rows)]
        common = joined([part.matrix(rows, shared) for part in parts])
        counts = rows["target"].value_counts()
        of_row = rows["target"].to_numpy()
        large = sorted(str(target) for target, count in counts.items() if count >= FEWEST)
        columns = {target: np.unique(common[of_row == target].indices).astype(np.int64) for target in large}
        return FittedPerTarget(parts, columns)


class PerTargetLogReg(LogReg):
    """A logistic regression whose penalty is stronger, since each feature is there twice."""

    grid = (1.0, 3.0)
    fixed = 1.0


BASELINES = (
    Baseline(
        "tfidf-per-target",
        "TF-IDF of the text, logistic regression with weights of each target's own, drawn towards those of all",
        lambda task, seed: PerTargetLogReg(task, seed, PerTarget(Tfidf(("text",)))),
        needs_target=True,
        probes=("majority-per-target",),
    ),
)
