"""`goldwire eval score`: scores with intervals, of anyone's files or of the study."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from goldwire.cli import output

if TYPE_CHECKING:
    import pyarrow as pa

    from goldwire.study import Study


def register(group: typer.Typer) -> None:
    """Add the command to `goldwire eval`."""
    group.command()(score)


def _file(metavar: str, help_text: str) -> Any:
    return typer.Argument(metavar=f"[{metavar}]", help=help_text, show_default=False)


def _option(name: str, metavar: str, help_text: str) -> Any:
    return typer.Option(f"--{name}", metavar=metavar, help=help_text, show_default=False)


def score(
    gold: Annotated[Path | None, _file("GOLD", "A table with the right labels; - is stdin.")] = None,
    predictions: Annotated[
        Path | None, _file("PREDICTIONS", "A table with the predicted labels; - is stdin.")
    ] = None,
    id_columns: Annotated[list[str] | None, _option("id", "COL", "Column(s) that identify a row.")] = None,
    label: Annotated[str | None, _option("label", "COL", "Column with the label, or the list of labels.")] = None,
    target: Annotated[str | None, _option("target", "COL", "Column with the target.")] = None,
    cluster: Annotated[
        str | None, _option("cluster", "COL", "Column with the story, drawn for the intervals.")
    ] = None,
    kind: Annotated[
        Literal["labels", "mentions", "relations"], typer.Option(help="What the rows of the tables are.")
    ] = "labels",
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
    scores: Annotated[
        str | None, _option("scores", "COL|PREFIX", "Column with shares of labels, or columns, one a label.")
    ] = None,
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
    gold_mentions: Annotated[
        Path | None, _option("gold-mentions", "FILE", "With relations: the mentions that the gold ones link.")
    ] = None,
    predicted_mentions: Annotated[
        Path | None, _option("predicted-mentions", "FILE", "With relations: those that the predicted ones link.")
    ] = None,
    metrics: Annotated[list[str] | None, _option("metric", "NAME", "Only these metrics.")] = None,
    fail_under: Annotated[
        list[str] | None, _option("fail-under", "METRIC=VALUE", "Exit with 3 when a metric is below.")
    ] = None,
    not_worse_than: Annotated[
        str | None,
        _option("not-worse-than", "REV", "Of a study: exit with 3 when a model is significantly worse than there."),
    ] = None,
    resamples: Annotated[int, typer.Option(min=1, help="Draws for the intervals.")] = 1000,
    level: Annotated[float, typer.Option(min=0.01, max=0.999, help="Coverage of the intervals.")] = 0.95,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the draws.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Score predictions, with intervals; without files, the study's, into eval/results.

    Metrics of every question: accuracy, macro-f1, micro-f1, weighted-f1. Of one label an answer: balanced-accuracy,
    mcc, kappa, fnc, semeval-favg, semeval-favg-by-target; ordinal: quadratic-kappa, linear-kappa, mae-ranks,
    within-one. Of several: subset-accuracy, hamming-loss, jaccard-samples; trees: hierarchical-precision,
    hierarchical-recall, hierarchical-f1.

    Example: goldwire eval score gold.csv predictions.csv --id id --label stance --fail-under macro-f1=0.60
    """
    about_labels = {
        "label": label,
        "target": target,
        "labels": labels,
        "type": question_type,
        "separator": separator,
        "scores": scores,
    }
    about_links = {"gold-mentions": gold_mentions, "predicted-mentions": predicted_mentions}
    about_rows = {"id": id_columns, "cluster": cluster, "metric": metrics}
    if gold is None:
        _refuse({**about_rows, **about_labels, **about_links}, "goes with GOLD and PREDICTIONS")
        _study(fail_under or [], not_worse_than, as_json)
        return
    _refuse({"not-worse-than": not_worse_than}, "goes with a study; of files, see goldwire eval compare")
    if kind != "labels":
        _refuse(about_labels, "goes with --kind labels")
    if kind != "relations":
        _refuse(about_links, "goes with --kind relations")
    if fail_under:
        from goldwire.eval.gates import limits_of

        limits_of(fail_under)  # a malformed one is said before the work
    files = _files(gold, predictions, gold_mentions, predicted_mentions)
    recipe = (resamples, level, seed)
    if kind == "labels":
        from goldwire.eval.score import score as of_labels

        value = of_labels(
            files[0],
            files[1],
            id_columns=id_columns or [],
            label=label,
            target=target,
            cluster=cluster,
            metrics=metrics or [],
            labels=listed(labels),
            question_type=question_type,
            separator=separator,
            scores=scores,
            align=align,
            extra=extra,
            missing=missing,
            unknown=unknown,
            resamples=resamples,
            level=level,
            seed=seed,
        )
    else:
        value = _spans(kind, files, _unit(id_columns or []), cluster, metrics or [], recipe)
    for warning in value["warnings"]:
        output.say(f"Warning: {warning}")
    output.emit(value, as_json, lambda: _text(value))
    _stop(_failed(value["metrics"], fail_under or []))


def _refuse(options: dict[str, Any], why: str) -> None:
    from goldwire.errors import UsageError

    if given := [name for name, value in options.items() if value]:
        raise UsageError(f"--{given[0]} {why}", hint="Name what it goes with, or leave it out.")


def _files(gold: Path, predictions: Path | None, *mentions: Path | None) -> "list[pa.Table]":
    from goldwire.cli.table_input import read_all
    from goldwire.errors import UsageError

    if predictions is None:
        raise UsageError("GOLD needs PREDICTIONS beside it", hint="goldwire eval score GOLD PREDICTIONS")
    named = [path for path in mentions if path is not None]
    if len(named) == 1:
        raise UsageError("--gold-mentions and --predicted-mentions go together")
    return read_all(gold, predictions, *named)


def listed(labels: str | None) -> list[str]:
    """Return the labels of a list with commas; one that has a comma itself stands in double quotes."""
    import csv

    if labels is None:
        return []
    from goldwire.errors import UsageError

    found = [label for row in csv.reader([labels], skipinitialspace=True) for label in row]
    if not found or not all(found) or len(set(found)) < len(found):
        raise UsageError("--labels names each label once, with commas between", hint="--labels low,middle,high")
    return found


def _unit(id_columns: list[str]) -> str:
    from goldwire.errors import UsageError

    if len(id_columns) > 1:
        raise UsageError("mentions and relations are of a unit, which is one --id")
    return id_columns[0] if id_columns else "unit_id"


def _spans(
    kind: str,
    files: "list[pa.Table]",
    unit: str,
    cluster: str | None,
    metrics: list[str],
    recipe: tuple[int, float, int],
) -> dict[str, Any]:
    from goldwire.errors import GoldwireError
    from goldwire.eval.measure import Bootstrap
    from goldwire.eval.spans import score_mentions
    from goldwire.eval.spans.relations import score_relations

    bootstrap, (gold, predicted, *mentions) = Bootstrap(*recipe), files
    if kind == "relations":
        first, second = mentions or (None, None)
        value = score_relations(
            gold,
            predicted,
            gold_mentions=first,
            predicted_mentions=second,
            unit=unit,
            cluster=cluster,
            bootstrap=bootstrap,
        )
    else:
        value = score_mentions(gold, predicted, unit=unit, cluster=cluster, bootstrap=bootstrap)
    if lacking := [name for name in metrics if name not in value["metrics"]]:
        raise GoldwireError(f'there is no metric "{lacking[0]}"', hint=f"There are: {', '.join(value['metrics'])}")
    return {**value, "metrics": {name: value["metrics"][name] for name in metrics or value["metrics"]}}


def _study(fail_under: list[str], revision: str | None, as_json: bool) -> None:
    from goldwire.cli import evaluate_gate, wrote
    from goldwire.corpus.stats import stats_of_file
    from goldwire.eval import assess
    from goldwire.eval.gates import limits_of
    from goldwire.labels.links import task_links
    from goldwire.study import find

    limits_of(fail_under)  # a malformed one is said before the work
    study = find(Path.cwd())
    before = None if revision is None else evaluate_gate.compared(revision, Path.cwd())
    written = assess.score_all(study, corpus=stats_of_file(study.articles), tasks=task_links(study))
    more = {} if before is None else {"not_worse_than": before}
    wrote.say(written, as_json, more, "" if before is None else evaluate_gate.table(before))
    problems = _of_study(study, fail_under) if fail_under else []
    if revision is not None and before is not None:
        for note in before["notes"]:
            output.say(f"Not compared: {note}")
        rows = ((f"{row['question']}, {row['model']}", revision, row) for row in before["models"])
        problems += evaluate_gate.worse(rows)
    _stop(problems)


def _of_study(study: "Study", fail_under: list[str]) -> list[str]:
    """Return what the best model of each question fails."""
    from goldwire.eval import result

    problems = []
    for each in result.read_all(study.results)[0]:
        figures = {name: figure.model_dump() for name, figure in each.best.metrics.items()}
        problems += [f"{each.key}, {each.best.name}: {text}" for text in _failed(figures, fail_under)]
    return problems


def _failed(metrics: dict[str, Any], limits: list[str]) -> list[str]:
    if not limits:
        return []
    from goldwire.eval.gates import fail_under

    return fail_under(metrics, limits)


def _stop(problems: list[str]) -> None:
    from goldwire.errors import CheckFailedError

    if problems:
        raise CheckFailedError("; ".join(problems))


def _text(value: dict[str, Any]) -> str:
    figures = dict(value["metrics"])
    for more in (value.get("calibration", {}).get("metrics", {}), value.get("soft", {}), value.get("by_votes", {})):
        figures |= more
    rows = [[name, output.figure(f["value"], f["low"], f["high"])] for name, f in figures.items()]
    labels = [
        [name, f["precision"], f["recall"], output.figure(f["f1"], f["f1_low"], f["f1_high"]), f["support"]]
        for name, f in value["per_label"].items()
    ]
    return "\n\n".join(
        [
            output.table(["metric", "value"], rows),
            output.table(["label", "precision", "recall", "f1", "support"], labels),
            value["signature"],
        ]
    )
