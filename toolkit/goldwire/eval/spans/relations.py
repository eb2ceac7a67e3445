"""Scores of relations between mentions against gold.

A predicted relation is right when the gold has one in the same unit with the same label between the same mentions.
Mentions are the same, exactly, when their spans and labels are; overlapping, when they match as in
`goldwire.eval.spans`. The author of a text has no span, and is the same wherever it is named.
"""

from typing import Any

import numpy as np
import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.eval.align.columns import asked, column
from goldwire.eval.measure import Bootstrap, codes
from goldwire.eval.metrics.sums import Codes
from goldwire.eval.spans import check, clusters_of, mentions
from goldwire.eval.spans.figures import Items, figures, result
from goldwire.eval.spans.policies import Policy, fit, refuse_repeated, refuse_unknown
from goldwire.stats.span_agreement import twins

AUTHOR = "author"
_ENDS = ("from", "to")
_FIELDS = (*_ENDS, "label")


def score_relations(
    gold: pa.Table,
    predicted: pa.Table,
    *,
    gold_mentions: pa.Table | None = None,
    predicted_mentions: pa.Table | None = None,
    unit: str = "unit_id",
    cluster: str | None = None,
    policy: Policy | None = None,
    bootstrap: Bootstrap | None = None,
) -> dict[str, Any]:
    """Score relations.

    Parameters
    ----------
    gold, predicted : pa.Table
        With the unit, from, to and label.
    gold_mentions, predicted_mentions : pa.Table, optional
        The mentions that from and to name, by unit and mention_id. Without them from and to are compared as they
        stand, which needs both tables to name the same mentions.
    unit, cluster, policy, bootstrap
        As for `spans.score_mentions`; a unit of the gold's mentions is one of the gold, too.

    Returns
    -------
    dict
        As `spans.score_mentions`; without mentions there are no figures by overlap.

    Raises
    ------
    GoldwireError
        When a column is missing or empty, a relation names a mention that is not there, or, without mentions, gold
        and predictions name none that both have; see also `policies.fit`.
    """
    policy = policy or Policy()
    gold = asked(gold, predicted)
    for table, what in ((gold, "the gold"), (predicted, "the predictions")):
        rows = zip(*(column(table, name, what) for name in (unit, *_FIELDS)), strict=True)
        if bad := [number for number, row in enumerate(rows, 1) if None in row]:
            raise GoldwireError(f"{what}: {len(bad)} rows have no unit, end or label, such as row {bad[0]}")
        refuse_repeated(table, what, unit, _FIELDS, "relation_id")
    marked = None
    if gold_mentions is not None and predicted_mentions is not None:
        marked = asked(gold_mentions, predicted_mentions), predicted_mentions
        _check_mentions(*marked, unit, policy)
    more = set() if marked is None else {str(value) for value in marked[0][unit].to_pylist()}
    fitted = fit(gold, predicted, unit, policy, more)
    predicted = fitted.predicted
    sides = ((gold, "the gold"), (predicted, "the predictions"))
    parts = {name: [column(table, name, what) for table, what in sides] for name in (unit, *_FIELDS)}
    units, labels = ([str(value) for each in parts[name] for value in each] for name in (unit, "label"))
    side = np.repeat([0, 1], [gold.num_rows, predicted.num_rows])
    clustered = cluster or ("story_id" if "story_id" in gold.column_names else None)
    names = sorted(set(units))
    by_unit = clusters_of(names, [gold, predicted], unit, clustered)
    unit_codes, label_codes = codes(units), codes(labels)
    items = Items(label_codes, side, by_unit[unit_codes] if units else unit_codes, sorted(set(labels)))
    ends = [[str(value) for each in parts[name] for value in each] for name in _ENDS]
    if marked is None:
        _refuse_strangers(units, side, ends)
        identities = {"": [codes(each) for each in ends]}
    else:
        identities = _identities(*marked, unit, units, side, ends)
    matched = {}
    for name, (start, stop) in identities.items():
        first, second = twins(side, unit_codes, label_codes, start, stop)
        matched[name] = np.where(side[first] == 0, first, second)
    values, per_label = figures(items, matched, bootstrap or Bootstrap())
    data = [units, labels, side.tolist(), *([each.tolist() for each in both] for both in identities.values())]
    return result(
        items,
        values,
        per_label,
        data,
        "relations",
        clustered,
        bootstrap or Bootstrap(),
        policy,
        fitted.warnings,
    )


def _check_mentions(gold: pa.Table, predicted: pa.Table, unit: str, policy: Policy) -> None:
    """Look at the mentions that relations link: of those with another label none is the same."""
    check(gold, predicted, unit)
    if policy.unknown == "error":
        refuse_unknown(gold, predicted, unit, ("the gold", "the predicted mentions"))


def _refuse_strangers(units: list[str], side: Codes, ends: list[list[str]]) -> None:
    """Raise when both sides name mentions and none is named by both: ids of one's own mean nothing to the other."""
    named: tuple[set[tuple[str, str]], ...] = (set(), set())
    for each in ends:
        for at, place, end in zip(side.tolist(), units, each, strict=True):
            if end != AUTHOR:
                named[at].add((place, end))
    gold, predicted = named
    if gold and predicted and not gold & predicted:
        (where, mine), (there, theirs) = min(gold), min(predicted)
        raise GoldwireError(
            f"gold and predictions share no end of a relation: {mine} of {where} against {theirs} of {there}",
            hint="Say what the ends are: give --gold-mentions and --predicted-mentions.",
        )


def _identities(
    gold: pa.Table, predicted: pa.Table, unit: str, units: list[str], side: Codes, ends: list[list[str]]
) -> dict[str, list[Codes]]:
    """Return what both ends of each relation are: equal numbers where they are the same, exactly or by overlap."""
    read = mentions(gold, predicted, unit, None)
    ids = [
        str(value)
        for table, what in ((gold, "the gold"), (predicted, "the predictions"))
        for value in column(table, "mention_id", what)
    ]
    place = {
        (at, read.units[where], name): number
        for number, (at, where, name) in enumerate(zip(read.side.tolist(), read.unit.tolist(), ids, strict=True))
    }
    exact: dict[tuple[int, ...], int] = {}
    spans = zip(*(array.tolist() for array in (read.unit, read.start, read.end, read.label)), strict=True)
    same = np.array([exact.setdefault(span, len(exact)) for span in spans], dtype=np.int64)
    near = np.arange(len(same))
    found, by = read.overlap()
    near[by] = found
    keys = [list(zip(side.tolist(), units, each, strict=True)) for each in ends]
    if lost := [key for each in keys for key in each if key[2] != AUTHOR and key not in place]:
        raise GoldwireError(
            f"{len(lost)} ends of relations are no mentions of their unit, such as {lost[0][2]} of {lost[0][1]}"
        )
    positions = [np.array([place.get(key, -1) for key in each], dtype=np.int64) for each in keys]
    return {
        name: [np.where(at >= 0, of[at] if len(of) else -1, -1) for at in positions]
        for name, of in (("", same), ("overlap-", near))
    }
