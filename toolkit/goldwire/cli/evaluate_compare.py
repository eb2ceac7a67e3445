"""`goldwire eval compare`: paired differences between predictions."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from goldwire.cli import names, output
from goldwire.cli.table_options import (
    Align,
    Cluster,
    Extra,
    Ids,
    Label,
    Labels,
    Level,
    Missing,
    Resamples,
    Seed,
    Separator,
    Target,
    Type,
    Unknown,
    listed,
    option,
)


def register(group: typer.Typer) -> None:
    """Add the command to `goldwire eval`."""
    group.command()(compare)


def compare(
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="A table with the right labels.")],
    predictions: Annotated[list[Path], typer.Argument(metavar="A B...", help="Tables of predictions, two or more.")],
    against: Annotated[
        Literal["first", "best", "both", "all"],
        typer.Option(help="Compare with the first, the best, both of these, or all with all."),
    ] = "first",
    id_columns: Ids = None,
    label: Label = None,
    target: Target = None,
    cluster: Cluster = None,
    question_type: Type = None,
    labels: Labels = None,
    separator: Separator = None,
    align: Align = "id",
    extra: Extra = "error",
    missing: Missing = "error",
    unknown: Unknown = "error",
    metrics: Annotated[
        list[str] | None, option("metric", "NAME", "Compare these metrics; macro-f1 and accuracy without any.")
    ] = None,
    fail_if_worse: Annotated[
        bool,
        typer.Option(
            "--fail-if-worse", help="Exit with 3 when the first is worse than another, at a one-sided p below .05."
        ),
    ] = False,
    resamples: Resamples = 1000,
    level: Level = 0.95,
    seed: Seed = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare predictions: paired differences by story with intervals, and p-values adjusted by Holm.

    Wins and losses are rows on which one alone is right, with McNemar's exact test, which ignores stories. Needed is
    about how many labelled rows give four chances in five that the adjusted p is below 1 - level, if the difference
    stays; "settled" where it is, and "not told" where the difference is so near 0 that no number is a plan.

    Example: goldwire eval compare gold.csv baseline.csv ours.csv theirs.csv --id id --cluster story
    """
    from goldwire.cli.evaluate_gate import stop
    from goldwire.cli.table_input import read_all
    from goldwire.eval.compare.tables import compare as compare_tables

    names.check_metrics(metrics or [])
    _refuse_twice(predictions)
    right, *given = read_all(gold, *predictions)
    value = compare_tables(
        right,
        {str(path): table for path, table in zip(predictions, given, strict=True)},
        against=against,
        gate=fail_if_worse,
        id_columns=id_columns or [],
        label=label,
        target=target,
        cluster=cluster,
        question_type=question_type,
        labels=listed(labels),
        separator=separator,
        align=align,
        extra=extra,
        missing=missing,
        unknown=unknown,
        resamples=resamples,
        level=level,
        seed=seed,
        **({"metrics": metrics} if metrics else {}),
    )
    for warning in value["warnings"]:
        output.say(f"Warning: {warning}")
    output.emit(value, as_json, lambda: _text(value))
    first = str(predictions[0])
    stop([(first, name, row) for name, row in value.get("gate", {}).items()])


def _refuse_twice(predictions: list[Path]) -> None:
    from goldwire.errors import UsageError

    named: dict[Path, Path] = {}
    for path in predictions:
        if (place := path.resolve()) in named:
            same = "" if str(named[place]) == str(path) else f": {named[place]} is the same file"
            raise UsageError(f"{path} is compared with itself{same}", hint="Name each file of predictions once.")
        named[place] = path


def _text(value: dict[str, Any]) -> str:
    names = list(next(iter(value["models"].values())))
    models = [
        [model, *(output.figure(one["value"], one["low"], one["high"]) for one in figures.values())]
        for model, figures in value["models"].items()
    ]
    header = ["model", "against", "metric", "difference", "p (Holm)", "won-tied-lost", "McNemar (Holm)", "needed"]
    rows = [
        [
            one["a"],
            one["b"],
            one["metric"] if one["label"] is None else f"{one['metric']} of {one['label']}",
            output.figure(one["difference"], one["low"], one["high"]),
            one["p_holm"],
            f"{one['wins']}-{one['ties']}-{one['losses']}",
            one["mcnemar_holm"],
            one["needed"] or ("not told" if "needed_why" in one else "settled"),
        ]
        for one in value["comparisons"]
    ]
    return "\n\n".join([output.table(["model", *names], models), output.table(header, rows), value["signature"]])
