"""A round's exchange with Label Studio: what `goldwire labels push` and `goldwire labels pull` do in a study."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from goldwire.labels import annotators, parts, rounds
from goldwire.labels.server import Client, connect
from goldwire.study import Study


def push_round(
    study: Study,
    name: str,
    *,
    dry_run: bool = False,
    client: Client | None = None,
    progress: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Bring the round's project on the server to what its tasks.jsonl says; see `goldwire.labels.push.push`.

    Returns
    -------
    dict
        ``{"project", "projects", "created", "updated", "unchanged", "deleted", "kept"}``
    """
    from goldwire.labels.interface import config
    from goldwire.labels.push import push

    folder = study.rounds / name
    round_ = rounds.read(folder)
    scheme = rounds.scheme_of(study, round_)
    before = [parts.read(path) for path in parts.listing(folder / "pulls")]
    pushed = push(
        client or connect(),
        round_,
        rounds.tasks(folder),
        config(scheme),
        f"{name}: {scheme.title}",
        dry_run,
        pulled=before[-1].header["project"] if before else None,
        progress=progress,
    )
    return asdict(pushed)


def pull_round(
    study: Study, name: str, *, full: bool = False, project: int | None = None, client: Client | None = None
) -> dict[str, Any]:
    """Bring the round's answers back as a new part; see `goldwire.labels.pull.pull`.

    Returns
    -------
    dict
        ``{"project", "tasks", "annotations", "new", "changed", "deleted", "part"}``; the part is a path within the
        study, or None when nothing had changed.
    """
    from goldwire.labels.pull import pull

    folder = study.rounds / name
    pulled = pull(
        client or connect(),
        folder,
        rounds.read(folder),
        annotators.read(study.annotators),
        full=full,
        project=project,
    )
    part = pulled.part.relative_to(study.root).as_posix() if pulled.part else None
    return {**asdict(pulled), "part": part}
