"""`goldwire eval compare`: paired differences between predictions."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from goldwire.cli import output


def register(group: typer.Typer) -> None:
    """Add the command to `goldwire eval`."""
    group.command()(compare)


def _option(name: str, metavar: str, help_text: str) -> Any:
    return typer.Option(f"--{name}", metavar=metavar, help=help_text, show_default=False)


def compare(
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="A table with the right labels.")],
    predictions: Annotated[list[Path], typer.Argument(metavar="A B...", help="Tables of predictions, two or more.")],
    against: Annotated[
        Literal["first", "best", "both", "all"],
        typer.Option(help="Compare with the first, the best, both of these, or all with all."),
    ] = "first",
    id_columns: Annotated[list[str] | None, _option("id", "COL", "Column(s) that identify a row.")] = None,
    label: Annotated[str | None, _option("label", "COL", "Column with the label, or the list of labels.")] = None,
    target: Annotated[str | None, _option("target", "COL", "Column with the target.")] = None,
    cluster: Annotated[
        str | None, _option("cluster", "COL", "Column with the story, drawn for the intervals.")
    ] = None,
    question_type: Annotated[
        Literal["single", "multiple", "tree", "ordinal"] | None,
        typer.Option(
            "--type", help="Of the question: single, or multiple where lists of labels stand.", show_default=False
        ),
    ] = None,
    labels: Annotated[
        str | None, _option("labels", "A,B,C", "All labels, in their order; others are then unknown.")
    ] = None,
    separator: Annotated[str | None, _option("separator", "TEXT", "What stands between several labels.")] = None,
    align: Annotated[
        Literal["id", "order"], typer.Option(help="Pair rows by id, or row with row while comparing the ids.")
    ] = "id",
    extra: Annotated[
        Literal["error", "ignore"], typer.Option(help="What becomes of predictions whose ids the gold has not.")
    ] = "error",
    missing: Annotated[
        Literal["error", "wrong", "ignore"], typer.Option(help="What becomes of gold rows without a prediction.")
    ] = "error",
    unknown: Annotated[
        Literal["error", "wrong"], typer.Option(help="What becomes of predicted labels that --labels has not.")
    ] = "error",
    metrics: Annotated[
        list[str] | None, _option("metric", "NAME", "Compare these metrics; macro-f1 and accuracy without any.")
    ] = None,
    fail_if_worse: Annotated[
        bool,
        typer.Option("--fail-if-worse", help="Exit with 3 when the first is significantly worse than another."),
    ] = False,
    resamples: Annotated[int, typer.Option(min=1, help="Draws for the intervals.")] = 1000,
    level: Annotated[float, typer.Option(min=0.01, max=0.999, help="Coverage of the intervals.")] = 0.95,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the draws.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare predictions: paired differences by story with intervals, and p-values adjusted by Holm.

    Wins and losses are rows on which one alone is right, with McNemar's exact test, which ignores stories. Needed is
    how many labelled rows give four chances in five that the interval leaves zero out, if the difference stays.

    Example: goldwire eval compare gold.csv baseline.csv ours.csv theirs.csv --id id --cluster story
    """
    from goldwire.cli.evaluate_gate import stop
    from goldwire.cli.evaluate_score import listed
    from goldwire.eval.compare.tables import compare_files

    value = compare_files(
        gold,
        predictions,
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
            one["mcnemar"],
            one["needed"],
        ]
        for one in value["comparisons"]
    ]
    return "\n\n".join([output.table(["model", *names], models), output.table(header, rows), value["signature"]])
