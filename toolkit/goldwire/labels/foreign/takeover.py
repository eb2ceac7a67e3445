"""Rounds of projects that goldwire did not make: from the server, or from an export that was downloaded by hand."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from goldwire import __version__
from goldwire.errors import GoldwireError
from goldwire.files import one_at_a_time
from goldwire.labels import parts, rounds
from goldwire.labels.exchange.members import earlier
from goldwire.labels.foreign import mapping as foreign
from goldwire.labels.foreign.adopt import Adopted, Stories, adopt
from goldwire.labels.foreign.export_config import config_of
from goldwire.labels.foreign.export_file import file_tasks
from goldwire.labels.foreign.export_people import ExportPeople
from goldwire.labels.parts import Writer, without_people
from goldwire.labels.server import Client
from goldwire.labels.team import annotators
from goldwire.study import Study

_CONFIG = "Save what stands in the project under Settings, Labeling Interface, Code."


@dataclass(frozen=True)
class FromFile:
    """What an export brought: tasks and annotations in it, and of the annotations those new and changed."""

    project: int
    tasks: int
    annotations: int
    new: int
    changed: int
    part: Path | None


def is_foreign(study: Study, name: str, project: int | None) -> bool:
    """Return whether a pull of `project` into the round takes over a project that goldwire did not make."""
    folder = study.rounds / name
    if (folder / "round.yaml").is_file():
        return foreign.read(folder) is not None
    return project is not None


def adopt_project(
    study: Study,
    name: str,
    project: int | None,
    *,
    client: Client,
    stories: Stories,
    text_field: str | None = None,
) -> Adopted:
    """Make the round of a project, or add the project's new tasks to it; see `goldwire.labels.foreign.adopt.adopt`.

    Raises
    ------
    GoldwireError
        Also when the project is one of goldwire's own.
    """
    folder = study.rounds / name
    number = project or (rounds.read(folder).project if (folder / "round.yaml").is_file() else None)
    if number is None:
        raise GoldwireError(
            f"round {name} was read from a file, which does not say its project's number",
            where=str(folder),
            hint="Give it with --project ID, or read the next file: --file EXPORT",
        )
    found = client.project(number)
    if rounds.marked(found.description):
        raise GoldwireError(
            f"project {number} was made by goldwire",
            where=client.url,
            hint="Pull it by the name of its round, in the study that it was pushed from.",
        )
    return adopt(
        study,
        name,
        found.config,
        found.title,
        client.outline(number),
        stories=stories,
        project=number,
        text_field=text_field,
        overlap=found.maximum_annotations,
    )


def adopt_file(
    study: Study,
    name: str,
    path: Path,
    *,
    stories: Stories,
    config: Path | None = None,
    text_field: str | None = None,
) -> tuple[Adopted, FromFile]:
    """Take an export in, as a round of its own or as news of one; its answers become the next part.

    A task that the parts have in a later state stays as it is there, and one that is not in the file is not taken
    for deleted: a file may be old, or hold less than the project. Some exports name people by number only; then they
    get pseudonyms of their own, and a remark says so: see `goldwire.labels.foreign.export_people`.

    Parameters
    ----------
    study, name
        The study, and the round.
    path : Path
        See `goldwire.labels.foreign.export_file.file_tasks`.
    stories : callable
        See `goldwire.labels.foreign.adopt.adopt`.
    config : Path, optional
        The project's labelling configuration (Settings, Labeling Interface, Code), which an export does not have;
        without it, what was answered says what is asked.
    text_field : str, optional
        Which field of a task's data has the text.

    Raises
    ------
    GoldwireError
        When the file, or the configuration, cannot be read or does not fit; see the functions named above.
    """
    first = next(file_tasks(path))
    project = int(first["project"])
    folder = study.rounds / name
    if (folder / "round.yaml").is_file() and foreign.read(folder) is None:
        raise GoldwireError(
            f"round {name} is one of goldwire's own, and reads its answers from the server",
            where=str(path),
            hint="Take the file in under another name, or leave --file out.",
        )
    xml = _text(config) if config else config_of(file_tasks(path), text_field, where=str(path))
    made = adopt(
        study,
        name,
        xml,
        path.name.split(".")[0],
        file_tasks(path),
        stories=stories,
        project=project,
        text_field=text_field,
    )
    with one_at_a_time(folder):
        brought, remarks = _append(study, folder, made, path, project)
    return replace(made, remarks=[*made.remarks, *remarks]), brought


def _append(study: Study, folder: Path, made: Adopted, path: Path, project: int) -> tuple[FromFile, list[str]]:
    pulls = folder / "pulls"
    known = parts.known(pulls)
    people = ExportPeople(annotators.read(study.annotators), project, earlier(pulls))
    head: dict[str, Any] = {
        "round": made.round.round,
        "project": project,
        "file": path.name,
        "scheme_hash": made.round.scheme_hash,
        "goldwire": __version__,
    }
    tasks = annotations = new = changed = 0
    with Writer(pulls, head) as writer:
        for task in file_tasks(path):
            before = known.get(int(task["id"]))
            if before and before.updated_at > str(task.get("updated_at") or ""):
                continue
            entry = writer.update(without_people(people.task(task), people.pseudonym, foreign=True), before)
            old = before.annotations if before else {}
            tasks, annotations = tasks + 1, annotations + len(entry.annotations)
            new += len(entry.annotations.keys() - old.keys())
            changed += sum(entry.annotations[a] != old[a] for a in entry.annotations.keys() & old.keys())
    return FromFile(project, tasks, annotations, new, changed, writer.path), people.remarks(made.round.round)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise GoldwireError("the file is not there", where=str(path), hint=_CONFIG) from None
    except UnicodeDecodeError:
        raise GoldwireError("the file is not UTF-8", where=str(path), hint=_CONFIG) from None
