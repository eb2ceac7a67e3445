"""Scores of marked spans against gold: exact, and where spans only overlap.

A predicted mention is right when the gold has one in the same unit with the same label and, exactly, the same
start and end, or, overlapping, at least one character in common. A gold mention is found by one predicted mention at
most: equal ones first, then in order of overlap (characters in both over characters in either), the largest first.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.eval.align.columns import asked, column
from goldwire.eval.measure import Bootstrap, codes
from goldwire.eval.metrics.sums import Codes
from goldwire.eval.spans.figures import Items, figures, result
from goldwire.eval.spans.policies import Policy, fit, refuse_repeated
from goldwire.stats.span_agreement import one_to_one, overlapping, twins

_ANY = 1e-9  # an overlap of one character in the longest text is more
_FIELDS = ("start", "end", "label")


@dataclass(frozen=True)
class Mentions:
    """Mentions of gold (side 0) and of a model (side 1), one element each.

    Attributes
    ----------
    unit, label, side, start, end : integer arrays
    units, labels : lists of str
        The names of the codes.
    clusters : array
        The cluster of each unit.
    """

    unit: Codes
    label: Codes
    side: Codes
    start: Codes
    end: Codes
    units: list[str]
    labels: list[str]
    clusters: Codes

    def exact(self) -> tuple[Codes, Codes]:
        """Return which gold and which predicted mentions match exactly."""
        return self._sides(*twins(self.side, self.unit, self.label, self.start, self.end))

    def overlap(self) -> tuple[Codes, Codes]:
        """Return which gold and which predicted mentions match by overlap."""
        place = self.unit * len(self.labels) + self.label
        first, second, _ = overlapping(place, self.side, self.start, self.end, _ANY)
        kept = one_to_one(self.side, first, second)
        return self._sides(first[kept], second[kept])

    def _sides(self, first: Codes, second: Codes) -> tuple[Codes, Codes]:
        swapped = self.side[first] > self.side[second]
        return np.where(swapped, second, first), np.where(swapped, first, second)


def mentions(gold: pa.Table, predicted: pa.Table, unit: str, cluster: str | None) -> Mentions:
    """Read both tables, which `check` has passed."""
    sides = ((gold, "the gold"), (predicted, "the predictions"))
    parts = {
        name: [value for table, what in sides for value in column(table, name, what)] for name in (unit, *_FIELDS)
    }
    units, labels = (sorted(set(map(str, parts[name]))) for name in (unit, "label"))
    start, end = (np.array([int(value) for value in parts[name]], dtype=np.int64) for name in ("start", "end"))
    return Mentions(
        unit=codes(list(map(str, parts[unit]))),
        label=codes(list(map(str, parts["label"]))),
        side=np.repeat([0, 1], [gold.num_rows, predicted.num_rows]),
        start=start,
        end=end,
        units=units,
        labels=labels,
        clusters=clusters_of(units, [gold, predicted], unit, cluster),
    )


def clusters_of(units: list[str], listed: list[pa.Table], unit: str, cluster: str | None) -> Codes:
    """Return the cluster of each unit: that which the first table that has the column says, else its own."""
    found: dict[str, str] = {}
    if cluster is not None:
        for table in listed:
            if cluster in table.column_names:
                pairs = zip(table[unit].to_pylist(), table[cluster].to_pylist(), strict=True)
                found = {str(key): str(value) for key, value in pairs if value is not None} | found
        if not found:
            raise GoldwireError(f'no table has the column "{cluster}"')
    return codes([found.get(name, f"\0{name}") for name in units])


def score_mentions(
    gold: pa.Table,
    predicted: pa.Table,
    *,
    unit: str = "unit_id",
    cluster: str | None = None,
    policy: Policy | None = None,
    bootstrap: Bootstrap | None = None,
) -> dict[str, Any]:
    """Score mentions.

    Parameters
    ----------
    gold, predicted : pa.Table
        With the unit, start, end (code points, end-exclusive) and label. Of our gold only the scheme and layer that
        is predicted is used.
    unit : str
        The column of the unit.
    cluster : str, optional
        The column with what belongs together; by default `story_id` where there is one, else each unit is drawn.
    policy : Policy, optional
        What becomes of predictions that do not fit the gold; without it they are errors.

    Returns
    -------
    dict
        As `score.score`; n is the number of gold mentions. Metrics: precision, recall, micro-f1 and macro-f1 (over
        labels with support) of exact matches, and the same with "overlap-" before. `per_label` is exact.

    Raises
    ------
    GoldwireError
        See `check` and `policies.fit`.
    """
    policy = policy or Policy()
    gold = asked(gold, predicted)
    clustered = cluster or ("story_id" if "story_id" in gold.column_names else None)
    check(gold, predicted, unit)
    fitted = fit(gold, predicted, unit, policy)
    read = mentions(gold, fitted.predicted, unit, clustered)
    items = Items(read.label, read.side, read.clusters[read.unit], read.labels)
    matched = {"": read.exact()[0], "overlap-": read.overlap()[0]}
    values, per_label = figures(items, matched, bootstrap or Bootstrap())
    data = [[array.tolist() for array in (read.unit, read.label, read.side, read.start, read.end)], read.units]
    return result(
        items,
        values,
        per_label,
        [*data, read.labels],
        "mentions",
        clustered,
        bootstrap or Bootstrap(),
        policy,
        fitted.warnings,
    )


def check(gold: pa.Table, predicted: pa.Table, unit: str) -> None:
    """Look at both tables of mentions.

    Raises
    ------
    GoldwireError
        When a column is missing, a row has no unit or label, or no span, or a mention stands more than once.
    """
    for table, what in ((gold, "the gold"), (predicted, "the predictions")):
        _check(table, unit, what)
        refuse_repeated(table, what, unit, _FIELDS, "mention_id")


def _check(table: pa.Table, unit: str, what: str) -> None:
    rows = list(zip(*(column(table, name, what) for name in (unit, *_FIELDS)), strict=True))
    bad = [at for at, row in enumerate(rows, 1) if None in row or not _span(row[1], row[2])]
    if bad:
        raise GoldwireError(
            f"{what}: {len(bad)} rows have no unit, label or span, such as row {bad[0]}",
            hint="start and end are whole numbers, start not after end.",
        )


def _span(start: Any, end: Any) -> bool:
    try:
        return 0 <= int(start) <= int(end) and float(start).is_integer() and float(end).is_integer()
    except (ValueError, TypeError):
        return False
