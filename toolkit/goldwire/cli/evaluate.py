"""`goldwire eval`: baselines, scores, the report."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from goldwire.cli import output

if TYPE_CHECKING:
    from goldwire.eval.models import Written
    from goldwire.study import Study

group = typer.Typer(name="eval", help="Baselines, scores with intervals, the report.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Id = Annotated[
    list[str] | None, typer.Option("--id", metavar="COL", help="Column(s) that identify a row.", show_default=False)
]
LabelColumn = Annotated[
    str | None, typer.Option("--label", metavar="COL", help="Column with the label.", show_default=False)
]
Target = Annotated[
    str | None, typer.Option("--target", metavar="COL", help="Column with the target.", show_default=False)
]
Cluster = Annotated[
    str | None,
    typer.Option(
        "--cluster", metavar="COL", help="Column with the story, drawn for the intervals.", show_default=False
    ),
]
Align = Annotated[
    Literal["id", "order"], typer.Option(help="Pair rows by id, or row with row while comparing the ids.")
]
Extra = Annotated[
    Literal["error", "ignore"], typer.Option(help="What becomes of predictions whose ids the gold has not.")
]
Metrics = Annotated[
    list[str] | None, typer.Option("--metric", metavar="NAME", help="Only these metrics.", show_default=False)
]


@group.command()
def train(as_json: AsJson = False) -> None:
    """Train the baselines of params.yaml on the train split, into eval/models.

    Example: goldwire eval train
    """
    from goldwire.eval import models

    _wrote(models.train_all(_study()), as_json)


@group.command()
def predict(as_json: AsJson = False) -> None:
    """Predict the validation and test splits with the trained models, into eval/predictions.

    Example: goldwire eval predict
    """
    from goldwire.eval import models

    _wrote(models.predict_all(_study()), as_json)


@group.command()
def score(
    gold: Annotated[
        Path | None,
        typer.Argument(metavar="[GOLD]", help="A table with the right labels.", show_default=False),
    ] = None,
    predictions: Annotated[
        Path | None,
        typer.Argument(metavar="[PREDICTIONS]", help="A table with the predicted labels.", show_default=False),
    ] = None,
    id_columns: Id = None,
    label: LabelColumn = None,
    target: Target = None,
    cluster: Cluster = None,
    align: Align = "id",
    extra: Extra = "error",
    metrics: Metrics = None,
    as_json: AsJson = False,
) -> None:
    """Score predictions, with intervals; without files, the study's, into eval/results.

    Metrics: accuracy, macro-f1, micro-f1, weighted-f1, mcc, kappa, fnc, semeval-favg, semeval-favg-by-target.

    Example: goldwire eval score gold.csv predictions.csv --id id --label stance
    """
    if gold is None:
        from goldwire.corpus.stats import stats_of_file
        from goldwire.errors import UsageError
        from goldwire.eval import assess

        options = {"id": id_columns, "label": label, "target": target, "cluster": cluster, "metric": metrics}
        if given := [name for name, value in options.items() if value]:
            raise UsageError(f"--{given[0]} goes with GOLD and PREDICTIONS", hint="Name the files, or leave it out.")
        study = _study()
        _wrote(assess.score_all(study, corpus=stats_of_file(study.articles)), as_json)
        return
    if predictions is None:
        from goldwire.errors import UsageError

        raise UsageError("GOLD needs PREDICTIONS beside it", hint="goldwire eval score GOLD PREDICTIONS")
    from goldwire.eval.score import score_files

    value = score_files(
        gold,
        predictions,
        id_columns=id_columns or [],
        label=label,
        target=target,
        cluster=cluster,
        align=align,
        extra=extra,
        metrics=metrics or [],
    )
    for warning in value["warnings"]:
        output.say(f"Warning: {warning}")
    output.emit(value, as_json, lambda: _scores(value))


@group.command()
def compare(
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="A table with the right labels.")],
    predictions: Annotated[
        list[Path], typer.Argument(metavar="A B...", help="Tables of predictions; each is compared with the first.")
    ],
    id_columns: Id = None,
    label: LabelColumn = None,
    target: Target = None,
    cluster: Cluster = None,
    align: Align = "id",
    extra: Extra = "error",
    metrics: Metrics = None,
    as_json: AsJson = False,
) -> None:
    """Compare predictions: paired differences with intervals, and p-values adjusted by Holm.

    Example: goldwire eval compare gold.csv ours.csv theirs.csv --id id
    """
    from goldwire.eval.compare import compare_files

    value = compare_files(
        gold,
        predictions,
        id_columns=id_columns or [],
        label=label,
        target=target,
        cluster=cluster,
        align=align,
        extra=extra,
        **({"metrics": metrics} if metrics else {}),
    )
    output.emit(value, as_json, lambda: _differences(value))


@group.command()
def report(as_json: AsJson = False) -> None:
    """Write eval/report.html and report.md from eval/results.

    Example: goldwire eval report
    """
    from goldwire.eval import report as renderers

    _wrote(renderers.write(_study()), as_json)


def _study() -> "Study":
    from goldwire.study import find

    return find(Path.cwd())


def _wrote(written: "Written", as_json: bool) -> None:
    for skipped in written.skipped:
        output.say(f"Not applicable: {skipped.key}, because {skipped.reason}")
    files = [str(path) for path in written.files]
    value = {
        "files": files,
        "models": written.models,
        "not_applicable": [{"question": skipped.key, "reason": skipped.reason} for skipped in written.skipped],
    }
    output.emit(value, as_json, lambda: "\n".join(files))


def _scores(value: dict[str, Any]) -> str:
    rows = [[name, output.figure(f["value"], f["low"], f["high"])] for name, f in value["metrics"].items()]
    labels = [[name, f["precision"], f["recall"], f["f1"], f["support"]] for name, f in value["per_label"].items()]
    return "\n\n".join(
        [
            output.table(["metric", "value"], rows),
            output.table(["label", "precision", "recall", "f1", "support"], labels),
            value["signature"],
        ]
    )


def _differences(value: dict[str, Any]) -> str:
    rows = []
    for entry in value["comparisons"]:
        rows.append(
            [
                entry["a"],
                entry["b"],
                entry["metric"],
                output.figure(entry["difference"], entry["low"], entry["high"]),
                entry["p_holm"],
            ]
        )
    return "\n\n".join(
        [output.table(["model", "against", "metric", "difference", "p (Holm)"], rows), value["signature"]]
    )
