"""Scores of predictions against gold, for our tables and for anyone's files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.eval.align import Align, Extra, Pairs, pair
from goldwire.eval.measure import Bootstrap, Gold, measure
from goldwire.eval.metrics import choose
from goldwire.provenance import digest_json, signature


def score(
    gold: pa.Table,
    predictions: pa.Table,
    *,
    id_columns: Sequence[str] = (),
    label: str | None = None,
    target: str | None = None,
    cluster: str | None = None,
    metrics: Sequence[str] = (),
    labels: Sequence[str] = (),
    align: Align = "id",
    extra: Extra = "error",
    resamples: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> dict[str, Any]:
    """Score predictions of one single-choice question.

    Parameters
    ----------
    gold, predictions : pa.Table
        Tables with an id and a label; see `align.pair` for the columns and for `align` and `extra`.
    metrics : sequence of str
        Names of `metrics.METRICS`; without any, all that are defined for the labels.
    labels : sequence of str
        The labels there are, in their order; without any, those of gold and predictions, sorted.
    resamples, level, seed : int, float, int
        Of the bootstrap over clusters.

    Returns
    -------
    dict
        ``{"n", "metrics": {name: {"value", "low", "high"}}, "per_label": {label: {"precision", "recall", "f1",
        "support", "f1_low", "f1_high"}}, "clusters", "left_out", "warnings", "signature"}``. Metrics are 0 to 1
        (mcc and kappa -1 to 1), rounded to 6 digits.

    Raises
    ------
    GoldwireError
        When columns or ids do not match, a label is unknown, or nothing has a label.
    """
    pairs = pair(
        gold,
        predictions,
        id_columns=id_columns,
        label=label,
        target=target,
        cluster=cluster,
        align=align,
        extra=extra,
    )
    names = _label_names(pairs, labels)
    chosen = choose(metrics, names, targets=pairs.targets is not None)
    coded = Gold.of(names, pairs.actual, pairs.clusters, pairs.targets)
    values, per_label = measure(coded, pairs.predicted, chosen, Bootstrap(resamples, level, seed))
    recipe = {
        "data": digest_json([pairs.ids, pairs.actual, pairs.predicted, pairs.clusters, pairs.targets]),
        "n": len(pairs.ids),
        "align": align,
        "cluster": pairs.clustered or "row",
        "bootstrap": resamples,
        "level": level,
        "seed": seed,
    }
    return {
        "n": len(pairs.ids),
        "metrics": values,
        "per_label": per_label,
        "clusters": len(set(pairs.clusters)),
        "left_out": {"gold_without_label": pairs.unlabelled, "predictions_not_in_gold": pairs.extra},
        "warnings": _warnings(pairs),
        "signature": signature(recipe),
    }


def score_files(gold: Path, predictions: Path, **options: Any) -> dict[str, Any]:
    """Score two files (Parquet, CSV, TSV or JSONL); the options are those of `score`."""
    return score(tables.read(gold), tables.read(predictions), **options)


def _label_names(pairs: Pairs, given: Sequence[str]) -> list[str]:
    found = set(pairs.actual) | set(pairs.predicted)
    if given:
        for what, values in (("gold", pairs.actual), ("predictions", pairs.predicted)):
            if unknown := sorted(set(values) - set(given)):
                rows = sum(value in unknown for value in values)
                raise GoldwireError(
                    f"the {what} has labels that are not known, in {rows} rows: {', '.join(unknown[:5])}",
                    hint=f"Known: {', '.join(given)}",
                )
        return list(given)
    if not set(pairs.actual) & set(pairs.predicted):
        raise GoldwireError(
            f"gold and predictions share no label: {', '.join(sorted(set(pairs.actual))[:5])} against "
            f"{', '.join(sorted(set(pairs.predicted))[:5])}",
            hint="Check the column named with --label.",
        )
    return sorted(found)


def _warnings(pairs: Pairs) -> list[str]:
    warnings = []
    if strange := sorted(set(pairs.predicted) - set(pairs.actual)):
        warnings.append(f"predicted, and without support in the gold: {', '.join(strange)}")
    if len(set(pairs.actual)) == 1:
        warnings.append(f"the gold has one label only: {pairs.actual[0]}")
    if pairs.clustered is None:
        warnings.append("rows count as independent: name the column of stories with --cluster")
    return warnings
