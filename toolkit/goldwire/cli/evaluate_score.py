"""`goldwire eval score`: scores with intervals, of anyone's files or of the study."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from goldwire.cli import evaluate_spans, names, output
from goldwire.cli.table_options import (
    Align,
    Cluster,
    ExtraOrWrong,
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

if TYPE_CHECKING:
    import pyarrow as pa

    from goldwire.eval.gates.limits import Limit
    from goldwire.study import Study


_POLICIES = ("align", "extra", "missing", "unknown")
_RECIPE = ("resamples", "level", "seed")


def register(group: typer.Typer) -> None:
    """Add the command to `goldwire eval`."""
    group.command()(score)


def _file(metavar: str, help_text: str) -> Any:
    return typer.Argument(metavar=f"[{metavar}]", help=help_text, show_default=False)


def score(
    context: typer.Context,
    gold: Annotated[Path | None, _file("GOLD", "A table with the right labels; - is stdin.")] = None,
    predictions: Annotated[
        Path | None, _file("PREDICTIONS", "A table with the predicted labels; - is stdin.")
    ] = None,
    id_columns: Ids = None,
    label: Label = None,
    target: Target = None,
    cluster: Cluster = None,
    kind: Annotated[
        Literal["labels", "mentions", "relations"], typer.Option(help="What the rows of the tables are.")
    ] = "labels",
    question_type: Type = None,
    labels: Labels = None,
    separator: Separator = None,
    scores: Annotated[
        str | None, option("scores", "COL|PREFIX", "Column with shares of labels, or columns, one a label.")
    ] = None,
    align: Align = "id",
    extra: ExtraOrWrong = "error",
    missing: Missing = "error",
    unknown: Unknown = "error",
    gold_mentions: Annotated[
        Path | None, option("gold-mentions", "FILE", "With relations: the mentions that the gold ones link.")
    ] = None,
    predicted_mentions: Annotated[
        Path | None, option("predicted-mentions", "FILE", "With relations: those that the predicted ones link.")
    ] = None,
    metrics: Annotated[list[str] | None, option("metric", "NAME", "Only these metrics.")] = None,
    fail_under: Annotated[
        list[str] | None, option("fail-under", "NAME=VALUE", "Exit with 3 when a figure is below.")
    ] = None,
    fail_over: Annotated[
        list[str] | None, option("fail-over", "NAME=VALUE", "The same above it, of figures where less is better.")
    ] = None,
    not_worse_than: Annotated[
        str | None,
        option(
            "not-worse-than",
            "REV",
            "Of a study: exit with 3 when a model is worse than there (one-sided p below .05), or gone.",
        ),
    ] = None,
    resamples: Resamples = 1000,
    level: Level = 0.95,
    seed: Seed = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Score predictions, with intervals; without files, the study's, into eval/results.

    Metrics of every question: accuracy, macro-f1, micro-f1, weighted-f1. Of one label an answer: balanced-accuracy,
    mcc, kappa, fnc, semeval-favg, semeval-favg-by-target; ordinal: quadratic-kappa, linear-kappa, mae-ranks,
    within-one. Of several: subset-accuracy, hamming-loss, jaccard-samples; trees: hierarchical-precision,
    hierarchical-recall, hierarchical-f1.

    Limits can be of these, of f1:LABEL, precision:LABEL and recall:LABEL; with shares of labels of log-loss, brier,
    ece and lrap; with votes of unanimous and contested, and with both of cross-entropy, jensen-shannon and manhattan.
    Less is better, so that --fail-over limits it: mae-ranks, hamming-loss, log-loss, brier, ece, cross-entropy,
    jensen-shannon, manhattan.

    Example: goldwire eval score gold.csv predictions.csv --id id --label stance --fail-under macro-f1=0.60
    """
    from goldwire.errors import UsageError
    from goldwire.eval.gates.limits import NAMES, check_labels, failed, figures_of, limits
    from goldwire.eval.measure import Bootstrap

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
        _refuse(_typed(context, "kind", *_POLICIES), "goes with GOLD and PREDICTIONS")
        _refuse(
            _typed(context, *_RECIPE), "goes with GOLD and PREDICTIONS", "Those of a study stand in its params.yaml."
        )
        _study(limits(fail_under or [], fail_over or []), not_worse_than, as_json)
        return
    _refuse({"not-worse-than": not_worse_than}, "goes with a study; of files, see goldwire eval compare")
    if kind != "labels":
        _refuse(about_labels, "goes with --kind labels")
    else:
        names.check_metrics(metrics or [])
    if kind != "relations":
        _refuse(about_links, "goes with --kind relations")
    asked = limits(fail_under or [], fail_over or [], names=NAMES if kind == "labels" else evaluate_spans.names())
    if labels:
        check_labels(asked, listed(labels))
    files = _files(gold, predictions, gold_mentions, predicted_mentions)
    if kind == "labels":
        if extra == "wrong":
            raise UsageError(
                "--extra wrong goes with --kind mentions and --kind relations",
                hint="A row that the gold has not is neither right nor wrong: --extra ignore leaves it out.",
            )
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
        value = evaluate_spans.scores(
            kind,
            files,
            metrics or [],
            unit=evaluate_spans.unit(id_columns or []),
            cluster=cluster,
            policy=evaluate_spans.policy(align, extra, missing, unknown),
            bootstrap=Bootstrap(resamples, level, seed),
        )
    for warning in value["warnings"]:
        output.say(f"Warning: {warning}")
    output.emit(value, as_json, lambda: _text(value))
    _stop(failed(figures_of(value), asked))


def _typed(context: typer.Context, *options: str) -> dict[str, bool]:
    """Return which options were given, be it with the value they have without."""
    sources = {name: context.get_parameter_source(name) for name in options}
    return {name: source is not None and source.name == "COMMANDLINE" for name, source in sources.items()}


def _refuse(options: dict[str, Any], why: str, hint: str = "Name what it goes with, or leave it out.") -> None:
    from goldwire.errors import UsageError

    if given := [name for name, value in options.items() if value]:
        raise UsageError(f"--{given[0]} {why}", hint=hint)


def _files(gold: Path, predictions: Path | None, *mentions: Path | None) -> "list[pa.Table]":
    from goldwire.cli.table_input import read_all
    from goldwire.errors import UsageError

    if predictions is None:
        raise UsageError("GOLD needs PREDICTIONS beside it", hint="goldwire eval score GOLD PREDICTIONS")
    named = [path for path in mentions if path is not None]
    if len(named) == 1:
        raise UsageError("--gold-mentions and --predicted-mentions go together")
    return read_all(gold, predictions, *named)


def _study(asked: "list[Limit]", revision: str | None, as_json: bool) -> None:
    from goldwire.cli import evaluate_gate, wrote
    from goldwire.corpus.stats import stats_of_file
    from goldwire.eval import assess
    from goldwire.labels.links import task_links
    from goldwire.study import find

    study = find(Path.cwd())
    _check_labels(study, asked)  # before the work
    before = None if revision is None else evaluate_gate.compared(revision, Path.cwd())
    written = assess.score_all(study, corpus=stats_of_file(study.articles), tasks=task_links(study))
    more = {} if before is None else {"not_worse_than": before}
    told = [wrote.main_figures(study), *([] if before is None else [evaluate_gate.table(before)])]
    wrote.say(written, as_json, more, "\n\n".join(told))
    problems = _of_study(study, asked) if asked else []
    if revision is not None and before is not None:
        problems += evaluate_gate.of_study(before, revision)
    _stop(problems)


def _check_labels(study: "Study", asked: "list[Limit]") -> None:
    from goldwire.eval.gates.limits import check_labels, label_of
    from goldwire.eval.inputs import load_all

    if any(label_of(one.name) is not None for one in asked):
        there = [label for each in load_all(study)[0] for label in each.labels]
        check_labels(asked, list(dict.fromkeys(there)))


def _of_study(study: "Study", asked: "list[Limit]") -> list[str]:
    """Return what the best model of each question fails; a limit is not asked of a question without its figure.

    Raises
    ------
    UsageError
        When no question has the figure.
    """
    from goldwire.errors import UsageError
    from goldwire.eval import result
    from goldwire.eval.gates.limits import failed, figures_of

    scored = result.read_all(study.results)[0]
    figures = {each.key: figures_of(each.best.model_dump()) for each in scored}
    for one in asked:
        without = [key for key, there in figures.items() if one.name not in there]
        if len(without) == len(scored):
            every = dict.fromkeys(name for there in figures.values() for name in there)
            raise UsageError(f"no question here has the metric {one.name}", hint=f"There are: {', '.join(every)}")
        if without:
            output.say(f"Warning: {one} is not asked of {', '.join(without)}: no {one.name} there")
    return [
        f"{each.key}, {each.best.name}: {text}"
        for each in scored
        for text in failed(figures[each.key], [one for one in asked if one.name in figures[each.key]])
    ]


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
