"""Adopt: a Label Studio project that goldwire did not make becomes a round, with its articles and its units.

The stored text of a task is the article's text exactly as it is, since spans count in it: it is not normalised.
Nothing in the project is changed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
from pydantic import ValidationError

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.files import one_at_a_time, write_jsonl, write_text
from goldwire.labels import rounds
from goldwire.labels.foreign import mapping as foreigns
from goldwire.labels.foreign.adopt_texts import Found, collect
from goldwire.labels.foreign.draft import Draft, draft
from goldwire.labels.foreign.mapping import Foreign, mapped
from goldwire.labels.rounds import Round
from goldwire.labels.tasks import make_tasks
from goldwire.scheme import Scheme, shipped
from goldwire.scheme import read as read_scheme
from goldwire.study import Study

Task = Mapping[str, Any]
Stories = Callable[[pa.Table], Sequence[str]]


@dataclass(frozen=True)
class Adopted:
    """What became of a project.

    `articles` and `units` count what is new, `known` the new units whose text the study had already, `tasks` the
    tasks that have a unit now. `scheme_file` is the draft in labels/schemes. `remarks` say what the draft takes
    otherwise than the project, and whom an export does not name, `problems` name tasks that have no unit.
    """

    round: Round
    scheme: Scheme
    scheme_file: Path
    articles: int
    known: int
    units: int
    tasks: int
    remarks: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def adopt(
    study: Study,
    round_name: str,
    config_xml: str,
    title: str,
    tasks: Iterable[Task],
    *,
    stories: Stories,
    project: int | None = None,
    text_field: str | None = None,
    overlap: int = 1,
) -> Adopted:
    """Make a round of a project that goldwire did not make, or add its new tasks to one.

    A task is a unit of its own article. Tasks with the same text (and, where the project asks about a target, the
    same target) are one unit: a second import of it. An article has the task's own id where no other text has it,
    else "a" and the digest of its text; a text that the study has already is not added again.

    Parameters
    ----------
    study : Study
    round_name : str
        The round, and its folder.
    config_xml : str
        The project's labelling configuration.
    title : str
        The project's; the scheme is named after it.
    tasks : iterable of mapping
        The server's JSON: id and data. For a round that is there, any of its tasks, those that are new among them.
    stories : callable
        Given all articles, `story_id` of each, in their order.
    project : int, optional
        The project's id.
    text_field : str, optional
        Which field of the data is the text; see `goldwire.labels.foreign.page.read`.
    overlap : int
        Annotators a task.

    Raises
    ------
    GoldwireError
        When the project is not for text, no task has a text, or the round is there and is not of this project.
        Nothing is written then.
    """
    with one_at_a_time(study.articles.parent):
        folder = study.rounds / round_name
        if (folder / "round.yaml").is_file():
            follow(study, round_name)
            round_, known = _there(folder, project)
            scheme, drafted = rounds.scheme_of(study, round_), None
            path = study.schemes / f"{round_.scheme}.yaml"
            lines = rounds.tasks(folder)
        else:
            drafted = _drafted(study, config_xml, title, text_field)
            scheme, known, lines = drafted.scheme, drafted.foreign, []
            path = study.schemes / f"{scheme.name}.yaml"
            round_ = _round(round_name, scheme, overlap, project)
        articles = study.read("articles") if study.articles.is_file() else tables.build("articles", [])
        found = collect(tasks, known, articles, lines)
        if drafted and not found.tasks:
            raise GoldwireError(
                "; ".join(found.problems[:3]) or "the project has no task",
                where=f"project {title}",
                hint="Name the field that has the text with --text-field.",
            )
        _write(study, folder, found, articles, lines, stories)
        if drafted:
            if not path.is_file():
                write_text(path, drafted.text)
            rounds.write_scheme(folder, path.read_text(encoding="utf-8"))
            foreigns.write(folder, known)
            rounds.write(folder, round_)  # last: from now on the round is there
    remarks = drafted.remarks if drafted else _changed(config_xml, title, known)
    return Adopted(
        round_, scheme, path, len(found.articles), found.known, len(found.units), found.tasks, remarks, found.problems
    )


def follow(study: Study, round_name: str) -> bool:
    """Let an adopted round take what was filled in in its scheme's draft; return whether there was anything.

    Definitions, texts, hints, roles, kinds, and from and to of relations may change; what answers are read by may
    not: names and labels.

    Raises
    ------
    GoldwireError
        When it did.
    """
    folder = study.rounds / round_name
    round_, known = rounds.read(folder), foreigns.read(folder)
    path = study.schemes / f"{round_.scheme}.yaml"
    if known is None or not path.is_file():
        return False
    now = read_scheme(path)
    if now.hash == round_.scheme_hash:
        return False
    before = rounds.scheme_of(study, round_) if (folder / "scheme.yaml").is_file() else now
    if _asks(before, known) != _asks(now, known) or _relations(before) != _relations(now) or now.name != before.name:
        raise GoldwireError(
            f"the scheme has other names or labels than when round {round_name} was adopted",
            where=str(path),
            hint="Bring them back: answers are read by them. Labels can be merged with recode in params.yaml.",
        )
    rounds.write_scheme(folder, path.read_text(encoding="utf-8"))
    rounds.write(folder, round_.model_copy(update={"scheme_hash": now.hash, "scheme_version": now.version}))
    return True


def _asks(scheme: Scheme, known: Foreign) -> dict[str, tuple[Any, ...]]:
    controls = mapped(known, scheme, f"{scheme.name}.yaml")
    return {name: (c.kind, c.name, c.layer, c.type, set(c.labels), set(c.spans)) for name, c in controls.items()}


def _relations(scheme: Scheme) -> set[str]:
    return {relation.name for relation in scheme.relations}


def _there(folder: Path, project: int | None) -> tuple[Round, Foreign]:
    round_, known = rounds.read(folder), foreigns.read(folder)
    if known is None:
        raise GoldwireError(
            f"round {round_.round} was made by goldwire, and no other project's answers go into it",
            where=str(folder),
            hint="Choose another name for the round.",
        )
    if project is not None and round_.project is not None and project != round_.project:
        raise GoldwireError(
            f"round {round_.round} is of project {round_.project}, not of {project}",
            where=str(folder),
            hint="Choose another name for the round.",
        )
    return round_, known


def _drafted(study: Study, config: str, title: str, text_field: str | None) -> Draft:
    """Return the draft under a name that is free in the study, or its own where the study has the same scheme."""
    try:
        made = draft(config, title, text_field=text_field)
    except GoldwireError as error:
        raise GoldwireError(error.message, where=error.where or f"project {title}", hint=error.hint) from None
    base, number = made.scheme.name, 1
    while True:
        path = study.schemes / f"{made.scheme.name}.yaml"
        if path.is_file() and read_scheme(path).hash == made.scheme.hash:
            return made
        if not path.is_file() and made.scheme.name not in shipped():
            return made
        number += 1
        made = draft(config, title, name=f"{base}-{number}", text_field=text_field)


def _round(name: str, scheme: Scheme, overlap: int, project: int | None) -> Round:
    try:
        return Round(
            round=name,
            scheme=scheme.name,
            scheme_version=scheme.version,
            scheme_hash=scheme.hash,
            overlap=max(overlap, 1),
            project=project,
        )
    except ValidationError as error:
        items = [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]
        raise GoldwireError(
            "\n".join(items), where=f"round {name}", hint="A name is letters, digits, . _ and -"
        ) from None


def _write(
    study: Study, folder: Path, found: Found, articles: pa.Table, lines: list[dict[str, Any]], stories: Stories
) -> None:
    """Write the articles, then the tasks: an article without a task does no harm."""
    if found.articles:
        grown = pa.concat_tables([articles, tables.build("articles", found.articles)]).sort_by("article_id")
        place = grown.schema.get_field_index("story_id")
        articles = grown.set_column(place, "story_id", pa.array(stories(grown), pa.string()))
        tables.write(articles, study.articles)
    made = {task["data"]["unit_id"]: task for task in make_tasks(articles, tables.build("units", found.units))}
    all_lines = [*lines, *(made[unit["unit_id"]] for unit in found.units)]
    grown_lines = [{**line, "tasks": found.numbers[line["data"]["unit_id"]]} for line in all_lines]
    if grown_lines != lines or not (folder / "tasks.jsonl").is_file():
        write_jsonl(folder / "tasks.jsonl", grown_lines)


def _changed(config: str, title: str, known: Foreign) -> list[str]:
    """Say whether the project asks something else than when it was adopted."""
    if not config:
        return []
    now = draft(config, title, text_field=known.field)
    new = sorted(now.foreign.controls.keys() - known.controls.keys())
    return [f'the project has a new control "{name}", which the scheme has not' for name in new]
