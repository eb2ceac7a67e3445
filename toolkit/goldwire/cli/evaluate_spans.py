"""`goldwire eval score --kind mentions` and `--kind relations`: what is of these kinds alone."""

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pyarrow as pa

    from goldwire.eval.measure import Bootstrap
    from goldwire.eval.spans.policies import Policy


def policy(
    align: Literal["id", "order"],
    extra: Literal["error", "ignore", "wrong"],
    missing: Literal["error", "wrong", "ignore"],
    unknown: Literal["error", "wrong", "label"],
) -> "Policy":
    """Return what the options say.

    Raises
    ------
    UsageError
        For what only rows that are paired can have.
    """
    from goldwire.errors import UsageError
    from goldwire.eval.spans.policies import Policy

    if align != "id":
        raise UsageError(
            f"--align {align} goes with --kind labels", hint="Mentions and relations are paired by unit and place."
        )
    if missing == "ignore":
        raise UsageError(
            "--missing ignore goes with --kind labels",
            hint="What a model did not find is missed. Leave units out of the gold that it was not given.",
        )
    return Policy(extra, missing, unknown)


def unit(id_columns: list[str]) -> str:
    """Return the column of the unit."""
    from goldwire.errors import UsageError

    if len(id_columns) > 1:
        raise UsageError("mentions and relations are of a unit, which is one --id")
    return id_columns[0] if id_columns else "unit_id"


def names() -> tuple[str, ...]:
    """Return the metrics there are."""
    from goldwire.eval.spans.figures import NAMES

    return NAMES


def scores(
    kind: Literal["mentions", "relations"],
    files: "list[pa.Table]",
    metrics: list[str],
    *,
    unit: str,
    cluster: str | None,
    policy: "Policy",
    bootstrap: "Bootstrap",
) -> dict[str, Any]:
    """Return the scores of gold, predictions and, with relations, the mentions of both, of these metrics alone.

    Raises
    ------
    UsageError
        When there is no such metric.
    GoldwireError
        See `goldwire.eval.spans.score_mentions` and `goldwire.eval.spans.relations.score_relations`.
    """
    from goldwire.errors import UsageError
    from goldwire.eval.spans import score_mentions
    from goldwire.eval.spans.relations import score_relations

    gold, predicted, *mentions = files
    if kind == "relations":
        first, second = mentions or (None, None)
        value = score_relations(
            gold,
            predicted,
            gold_mentions=first,
            predicted_mentions=second,
            unit=unit,
            cluster=cluster,
            policy=policy,
            bootstrap=bootstrap,
        )
    else:
        value = score_mentions(gold, predicted, unit=unit, cluster=cluster, policy=policy, bootstrap=bootstrap)
    if lacking := [name for name in metrics if name not in value["metrics"]]:
        raise UsageError(f'there is no metric "{lacking[0]}"', hint=f"There are: {', '.join(value['metrics'])}")
    return {**value, "metrics": {name: value["metrics"][name] for name in metrics or value["metrics"]}}
