"""`goldwire eval benchmark`: published benchmarks, and our baselines on them."""

from pathlib import Path
from typing import Annotated, Any

import typer

from goldwire.cli import names, output
from goldwire.cli.table_options import Resamples


def register(group: typer.Typer) -> None:
    """Add the command to `goldwire eval`."""
    group.command()(benchmark)


def benchmark(
    name: Annotated[str, typer.Argument(metavar="NAME", help="fnc1, semeval2016-t6, muc4 or seesaw.")],
    data: Annotated[
        Path, typer.Option("--data", metavar="DIR", help="The folder of the data set, as its authors ship it.")
    ],
    baseline: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="Only these baselines, of goldwire eval baselines; repeatable.", show_default=False
        ),
    ] = None,
    resamples: Resamples = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the baselines and of the draws.")] = 0,
    timed: Annotated[bool, typer.Option("--seconds", help="With --json: how long each baseline took.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Train baselines on a benchmark's official train rows, score them on its test rows, beside published figures.

    The data are not part of goldwire. Intervals are of the test rows drawn by story. The JSON is the same at each
    run, so it has the seconds that a baseline took only with --seconds.

    Example: goldwire eval benchmark fnc1 --data fnc-1 --baseline majority --baseline two-step
    """
    from goldwire.eval.benchmarks.run import known, run

    with names.given():
        found = known(name)
    names.check_baselines(*(baseline or []))
    value = run(found, data, baselines=baseline or [], seed=seed, resamples=resamples)
    if as_json and not timed:
        for one in value["models"]:
            del one["seconds"]
    output.emit(value, as_json, lambda: text_of(value, found.title, found.metrics))


def text_of(value: dict[str, Any], title: str, metrics: tuple[str, ...]) -> str:
    """Return a result of `benchmarks.run.run` for people: ours beside the published, then per label, then remarks."""
    ours = [
        [one["model"], *(_figure(one["metrics"].get(name)) for name in metrics), f"here, {one['seconds']:.0f} s"]
        for one in value["models"]
    ]
    theirs = [
        [one["system"], *(output.figure(one["metrics"].get(name)) for name in metrics), one["source"]]
        for one in value["published"]
    ]
    labels = [
        [one["model"], label, f["precision"], f["recall"], f["f1"], f["support"]]
        for one in value["models"]
        for label, f in one["per_label"].items()
    ]
    views = [
        [one["model"], view, metric, _figure(figure)]
        for one in value["models"]
        for view, scored in one["views"].items()
        for metric, figure in scored["metrics"].items()
    ]
    parts = [
        f"{title}, {value['n']:,} test rows",
        output.table(["system", *metrics, "from"], [*ours, *theirs]),
        output.table(["model", "label", "precision", "recall", "f1", "support"], labels),
    ]
    if views:
        parts.append(output.table(["model", "view", "metric", "value"], views))
    if value["notes"]:
        parts.append("\n".join(f"Note: {note}" for note in value["notes"]))
    if value["warnings"]:
        parts.append("\n".join(f"Warning: {warning}" for warning in value["warnings"]))
    return "\n\n".join([*parts, value["signature"]])


def _figure(figure: dict[str, Any] | None) -> str:
    return output.figure(figure["value"], figure["low"], figure["high"]) if figure else "-"
