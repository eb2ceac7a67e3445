"""`goldwire eval curve`: what more labels would bring."""

from pathlib import Path
from typing import Annotated, Any

import typer

from goldwire.cli import names, output


def register(group: typer.Typer) -> None:
    """Add the command to `goldwire eval`."""
    group.command()(curve)


def curve(
    model: names.Model = None,
    metric: Annotated[
        str, typer.Option(metavar="NAME", help="What is forecast; f1:LABEL is one label's.")
    ] = "macro-f1",
    more: Annotated[int, typer.Option(metavar="N", min=1, help="More labels, whose gain is forecast.")] = 500,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what more labels would bring: learn from growing parts of the train split, and go on from there.

    Writes eval/curve.json. Takes about as long as training the baseline ten times. The parts are judged on the
    validation split, or on folds of the train split when it has fewer than 200 stories; never on the test split.
    The forecast weighs laws that level off and laws that go on.

    Example: goldwire eval curve --model tfidf-logreg --more 500
    """
    from goldwire.eval.curve import FILE, curve_all
    from goldwire.study import find

    study = find(Path.cwd())
    names.check_baselines(model)
    names.check_metrics([metric] if not metric.startswith("f1:") else [])
    output.progress("Training on parts of the train split; this takes about ten trainings.")
    value = curve_all(study, model=model, metric=metric, more=more)
    output.say(f"Written: {study.eval / FILE}")
    output.emit(value, as_json, lambda: "\n\n".join(_text(key, one) for key, one in value.items()))


def _text(key: str, one: dict[str, Any]) -> str:
    head = f"{key}: {one['metric']} of {one['model']}"
    if one["on"]:
        head += f" on {one['on']} ({one['judged']} units)"
    rows = [["learnt", *_row(point)] for point in one["points"]]
    rows += [["now", *_row(one["now"])]] if one["now"] else []
    rows += [["forecast", *_row(point)] for point in one["forecast"]]
    parts = [head, output.table(["", "labels", one["metric"]], rows)] if rows else [head]
    if one["gain"]:
        gain = one["gain"]
        bring = output.figure(gain["value"], gain["low"], gain["high"])
        parts.append(f"{gain['labels']} more labels would bring {bring}.")
    if one["why"]:
        parts.append(
            f"No forecast, because {one['why']}." if not one["forecast"] else f"No gain, because {one['why']}."
        )
    return "\n".join(parts)


def _row(point: dict[str, Any]) -> list[Any]:
    return [point["n"], output.figure(point["value"], point["low"], point["high"])]
