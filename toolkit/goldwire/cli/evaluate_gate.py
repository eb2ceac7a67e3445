"""Gates of `goldwire eval`: a model that became significantly worse ends the command with 3."""

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from goldwire.cli import names, output

PREDICTIONS = "eval/predictions"


def not_worse_than(revision: str, start: Path) -> dict[str, Any]:
    """Compare each model of the study that `start` lies in with the same model at a revision, and say what is found.

    Parameters
    ----------
    revision : str
        A git revision, or a folder with a study.
    start : Path

    Returns
    -------
    dict
        See `goldwire.eval.gates.study.compared`; for the JSON of the command that asks.

    Raises
    ------
    CheckFailedError
        When a model is significantly worse, or gone.
    """
    from goldwire.errors import CheckFailedError

    value = compared(revision, start)
    for row in value["models"]:
        if row["left_out"]:
            output.say(f"{row['question']}, {row['model']}: {row['left_out']} test units had no prediction before")
    if problems := of_study(value, revision):
        raise CheckFailedError("; ".join(problems))
    return value


def of_study(value: Mapping[str, Any], revision: str) -> list[str]:
    """Say what could not be compared, and return a sentence for each model that is significantly worse or gone."""
    for note in value["notes"]:
        output.say(f"Not compared: {note}")
    gone = [
        f"{row['question']}, {row['model']}: {revision} has its predictions, and the study has them no more"
        for row in value["gone"]
    ]
    rows = ((f"{row['question']}, {row['model']}", revision, row) for row in value["models"])
    return [*gone, *worse(rows)]


def compared(revision: str, start: Path) -> dict[str, Any]:
    """Return what `goldwire.eval.gates.study.compared` finds; nothing is printed."""
    from goldwire.eval.gates import study as gates_study
    from goldwire.labels.diff.files import folder_at
    from goldwire.study import find

    study = find(start)
    with ExitStack() as opened:
        with names.given():
            before = opened.enter_context(folder_at(revision, PREDICTIONS, start))
        return gates_study.compared(study, before, revision)


def table(value: Mapping[str, Any]) -> str:
    """Return what was compared as a table."""
    header = ["question", "model", "metric", "now", "before", "difference", "one-sided p (Holm)", "n"]
    rows = [
        [
            row["question"],
            row["model"],
            row["metric"],
            row["now"],
            row["before"],
            output.figure(row["difference"], row["low"], row["high"]),
            row["p_holm"],
            row["n"],
        ]
        for row in value["models"]
    ]
    return output.table(header, rows)


def stop(compared: Iterable[tuple[str, str, Mapping[str, Any]]]) -> None:
    """Raise when a model is significantly worse.

    Parameters
    ----------
    compared : iterable of tuples
        The model, what it is compared with, and the row; see `goldwire.eval.gates.not_worse`.

    Raises
    ------
    CheckFailedError
    """
    from goldwire.errors import CheckFailedError

    if problems := worse(compared):
        raise CheckFailedError("; ".join(problems))


def worse(compared: Iterable[tuple[str, str, Mapping[str, Any]]]) -> list[str]:
    """Return a sentence for each model that is significantly worse; see `stop`."""
    from goldwire.eval.gates import said

    return [said(name, row, before) for name, before, row in compared if row["worse"]]
