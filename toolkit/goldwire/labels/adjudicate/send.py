"""What goes to Label Studio with an adjudication round: the annotators' answers, and what is agreed."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from goldwire.labels import rounds
from goldwire.labels.adjudicate import shown
from goldwire.labels.predictions.preannotate import send
from goldwire.labels.server import Client
from goldwire.study import Study


def send_shown(
    study: Study,
    name: str,
    projects: Sequence[int],
    *,
    client: Client,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Send what adjudicators are shown as predictions, once, and let the page begin from "agreed".

    Parameters
    ----------
    projects : sequence of int
        The round's, after its tasks were pushed.

    Returns
    -------
    dict
        The fields of `goldwire.labels.predictions.preannotate.Preannotated`.
    """
    folder = study.rounds / name
    round_ = rounds.read(folder)
    found = shown.guesses(rounds.scheme_of(study, round_), rounds.tasks(folder), shown.read(study, name))
    made = send(client, round_, projects, found, model=shown.AGREED, dry_run=dry_run, progress=progress)
    return asdict(made)
