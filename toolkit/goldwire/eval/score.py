"""Scores of predictions against gold, for our tables and for anyone's files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from goldwire import tables
from goldwire.eval.align import Align, Extra, Missing, pair
from goldwire.eval.align.columns import asked
from goldwire.eval.measure import Bootstrap, Gold, measure
from goldwire.eval.scoring import OTHER, Unknown, gold_labels, predicted, task_of, uncertain_count, warnings
from goldwire.eval.scoring import shares as scoring_shares
from goldwire.eval.task import Type
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
    question_type: Type | None = None,
    separator: str | None = None,
    scores: str | None = None,
    align: Align = "id",
    extra: Extra = "error",
    missing: Missing = "error",
    unknown: Unknown = "error",
    resamples: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> dict[str, Any]:
    """Score predictions of one question.

    Parameters
    ----------
    gold, predictions : pa.Table
        Tables with an id and a label; see `align.pair` for the columns, for `question_type` and `separator`, and for
        `align`, `extra` and `missing`.
    metrics : sequence of str
        Names of `metrics.METRICS`; without any, all that are defined for the question.
    labels : sequence of str
        The labels there are, in their order; without any, those of the gold, sorted, and those that only
        shares have.
    scores : str, optional
        The column of the predictions with the shares of labels, or the beginning of the names of columns, one a
        label. Without it `scores`, where that holds probabilities; see `scoring_shares.read`.
    unknown : {"error", "wrong", "label"}
        What becomes of predicted labels that are none of these: "label" makes them labels, too.
    resamples, level, seed : int, float, int
        Of the bootstrap over clusters.

    Returns
    -------
    dict
        ``{"n", "metrics": {name: {"value", "low", "high"}}, "per_label": {label: {"precision", "recall", "f1",
        "support", "f1_low", "f1_high"}}, "type", "clusters", "left_out", "warnings", "signature"}``, and where there
        are shares "calibration" (see `probabilities.calibration`), and where the gold has a distribution of votes
        as well "by_votes" and "soft" (see `goldwire.eval.soft`). Metrics are 0 to 1 (mcc and the kappas -1 to 1,
        mae-ranks in ranks), rounded to 6 digits.

    Raises
    ------
    GoldwireError
        When columns or ids do not match, a label is unknown, nothing has a label, or shares are no probabilities.
    """
    gold = asked(gold, predictions)
    pairs = pair(
        gold,
        predictions,
        id_columns=id_columns,
        label=label,
        target=target,
        cluster=cluster,
        align=align,
        extra=extra,
        missing=missing,
        question_type=question_type,
        separator=separator,
    )
    shares = scoring_shares.read(predictions, scores, label)
    shares, more, said = scoring_shares.fitting(
        shares, gold_labels(pairs, question_type), labels, needed=scores is not None
    )
    task = task_of([pairs], question_type=question_type, labels=labels, unknown=unknown, more=more)
    answers = predicted(task, pairs)
    bootstrap = Bootstrap(resamples, level, seed)
    values, per_label = measure(
        Gold.of(task, pairs.actual, pairs.clusters, pairs.targets, metrics), answers, bootstrap
    )
    soft = scoring_shares.figures(task, pairs, answers, shares, gold, bootstrap, needed=scores is not None)
    uncertain = uncertain_count(task, pairs) if "hamming-loss" in values and not labels else []
    data = [pairs.ids, pairs.actual, answers, pairs.clusters, pairs.targets, task.labels]
    recipe = {
        "data": digest_json(data if shares is None else [*data, shares.digest]),
        "n": len(pairs.ids),
        "type": task.type,
        "align": align,
        **{name: value for name, value in (("missing", missing), ("unknown", unknown)) if value != "error"},
        "cluster": pairs.clustered or "row",
        "bootstrap": resamples,
        "level": level,
        "seed": seed,
    }
    return {
        "n": len(pairs.ids),
        "metrics": values,
        "per_label": {name: figures for name, figures in per_label.items() if name != OTHER},
        **soft.found,
        "type": task.type,
        "clusters": len(set(pairs.clusters)),
        "left_out": {
            "gold_without_label": pairs.unlabelled,
            "gold_without_prediction": pairs.missing if missing == "ignore" else 0,
            "predictions_not_in_gold": pairs.extra,
        },
        "warnings": [*warnings(task, pairs, question_type), *uncertain, *said, *soft.warnings],
        "signature": signature(recipe),
    }


def score_files(gold: Path, predictions: Path, **options: Any) -> dict[str, Any]:
    """Score two files (Parquet, CSV, TSV or JSONL); the options are those of `score`."""
    return score(tables.read(gold), tables.read(predictions), **options)
