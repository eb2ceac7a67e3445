"""A round's exchange with Label Studio: what `goldwire labels push` and `goldwire labels pull` do in a study."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from goldwire.errors import CheckFailedError
from goldwire.files import one_at_a_time
from goldwire.labels import rounds
from goldwire.labels.exchange.cursors import cursors
from goldwire.labels.exchange.pull import Pulled
from goldwire.labels.migrate.in_place import refuse_unfinished
from goldwire.labels.server import Client
from goldwire.labels.team import annotators, assignments
from goldwire.study import Study


def push_round(
    study: Study,
    name: str,
    *,
    client: Client,
    dry_run: bool = False,
    delete: bool = False,
    progress: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Bring the round's projects to what its tasks.jsonl says; see `goldwire.labels.exchange.push.push`.

    Only one push or pull of a round runs at a time on this machine; another one waits.

    Returns
    -------
    dict
        ``{"project", "projects", "created", "updated", "unchanged", "deleted", "kept", "left", "tabs"}``; tabs has
        the address under which each annotator works, where the round is assigned and not blind. Of an adjudication
        also "predictions", see `goldwire.labels.adjudicate.send.send_shown`, and "lists", the addresses of its
        projects; tabs are then lists too.
    """
    from goldwire.labels.adjudicate.send import send_shown
    from goldwire.labels.exchange.push import push
    from goldwire.labels.interface import config
    from goldwire.labels.team.tabs import link, tabs

    folder = study.rounds / name
    rounds.read(folder)  # else a folder would be made to be locked
    with one_at_a_time(folder):
        refuse_unfinished(folder)
        round_ = rounds.read(folder)
        scheme = rounds.scheme_of(study, round_)
        pushed = push(
            client,
            round_,
            rounds.tasks(folder),
            config(scheme),
            f"{name}: {scheme.title}",
            dry_run,
            delete=delete,
            assigned=assignments.read(folder),
            pulled=list(cursors(folder / "pulls")),
            progress=progress,
        )
        links: dict[str, str] = {}
        if pushed.project and round_.annotators and not round_.blind:
            made = tabs(client, pushed.project, round_.annotators, dry_run=dry_run)
            links = {who: link(client, pushed.project, number) for who, number in made.numbers.items()}
        told: dict[str, Any] = {**asdict(pushed), "tabs": links}
        if round_.adjudicates:
            told["predictions"] = send_shown(study, name, pushed.projects, client=client, dry_run=dry_run)
            # handed out one by one, a task shows no predictions beside the form; opened from the list, it does
            told["lists"] = [f"{client.url}/projects/{project}/data" for project in pushed.projects]
            told["tabs"] = {who: address.removesuffix("&labeling=1") for who, address in links.items()}
    return told


def pull_round(
    study: Study,
    name: str,
    *,
    client: Client,
    full: bool = False,
    drafts: bool = False,
    project: int | None = None,
) -> dict[str, Any]:
    """Bring the round's answers back as a new part; see `goldwire.labels.exchange.pull.pull`.

    Returns
    -------
    dict
        ``{"project", "projects", "tasks", "annotations", "new", "changed", "deleted", "part", "parts", "full"}``;
        parts are paths within the study; `part` is None when nothing had changed.
    """
    from goldwire.labels.exchange.pull import pull

    folder = study.rounds / name
    rounds.read(folder)
    with one_at_a_time(folder):
        refuse_unfinished(folder)
        people = annotators.read(study.annotators)
        round_ = rounds.read(folder)
        return _told(study, pull(client, folder, round_, people, full=full, drafts=drafts, project=project))


def verify_round(study: Study, name: str, *, client: Client, project: int | None = None) -> dict[str, Any]:
    """Pull, and compare what is stored with the server's full state; see `goldwire.labels.exchange.verify.verify`.

    Returns
    -------
    dict
        As `pull_round`, and `differing`: the ids of tasks, none when the two are the same.
    """
    from goldwire.labels.exchange.verify import verify

    folder = study.rounds / name
    rounds.read(folder)
    with one_at_a_time(folder):
        refuse_unfinished(folder)
        found = verify(client, folder, rounds.read(folder), annotators.read(study.annotators), project=project)
    return {**_told(study, found.pulled), "differing": found.differing}


def refuse_difference(value: dict[str, Any], name: str) -> None:
    """Raise CheckFailedError when a verified pull found differing tasks."""
    if tasks := value["differing"]:
        shown = ", ".join(map(str, tasks[:10])) + (" ..." if len(tasks) > 10 else "")
        raise CheckFailedError(
            f"{len(tasks)} tasks are not on the server as they are in the parts: {shown}",
            where=f"round {name}",
            hint=f"Read everything again: goldwire labels pull {name} --full",
        )


def _told(study: Study, pulled: Pulled) -> dict[str, Any]:
    paths = [part.relative_to(study.root).as_posix() for part in pulled.parts]
    return {**asdict(pulled), "part": paths[-1] if paths else None, "parts": paths}
