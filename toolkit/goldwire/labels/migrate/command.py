"""`goldwire labels migrate`, in a study: compare, read or write the mapping file, and do what was asked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from goldwire import tables
from goldwire.errors import GoldwireError, UsageError
from goldwire.files import read_jsonl, write_text
from goldwire.labels import rounds
from goldwire.labels.interface import config
from goldwire.labels.migrate import chain, in_place, plan, rules
from goldwire.labels.migrate import mapping as files
from goldwire.labels.migrate.allowed import refuse_others
from goldwire.labels.migrate.new_round import new_round
from goldwire.labels.migrate.recast import recast
from goldwire.labels.migrate.rules import Migration
from goldwire.labels.server import Client
from goldwire.scheme import Scheme, load, parse, shipped, shipped_text
from goldwire.study import Study

Tables = tuple[pa.Table, pa.Table, pa.Table]

_NAMES = ("votes", "vote_mentions", "vote_relations")


@dataclass(frozen=True)
class _Versions:
    """The two versions, with their YAML. `file` is where the new one was found."""

    old: Scheme
    old_text: str
    new: Scheme
    new_text: str
    file: Path


def migrate(
    study: Study,
    name: str,
    *,
    scheme: str | None = None,
    mapping: Path | None = None,
    into: str | None = None,
    on_server: bool = False,
    clear: bool = False,
    dry_run: bool = False,
    client: Client | None = None,
    verify: bool = True,
    progress: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Bring the answers of a round to the study's current version of its scheme.

    Parameters
    ----------
    study : Study
    name : str
        The round.
    scheme : str, optional
        The new version, by name or file; without it, the study's scheme of the round's name. A file from elsewhere
        becomes the study's.
    mapping : Path, optional
        A mapping file from elsewhere, which becomes the study's.
    into : str, optional
        The new round; without it ROUND-VERSION.
    on_server, clear : bool
        Rewrite the project instead; see `goldwire.labels.migrate.in_place`.
    dry_run : bool
        Write nothing.
    client : Client, optional
        With `on_server`; without it, that of the environment.
    verify : bool
        Whether that server must have a certificate that we trust.
    progress : callable, optional
        With `on_server`; told how many answers are rewritten.

    Returns
    -------
    dict
        ``{"round", "scheme", "from", "to", "mapping", "draft", "rows", "undecided", "again", "into", "tasks",
        "left_out", "projects", "rewritten", "cleared", "meanwhile"}``. `rows` are those of
        `goldwire.labels.migrate.plan.rows`; `undecided` names what has answers and no decision: nothing but the
        draft of a mapping was written then. `again` counts units to answer again, by what is asked; `into` is the
        round that asks them, None when there is nothing to ask, and `tasks` how many it has. `left_out` are known
        answers of its units that are not known any more: ``{"unit_id", "question", "labels"}``.

    Raises
    ------
    GoldwireError
        When the round asks the current version already, was adopted, or is a retest and not rewritten in place; the
        version was not raised, a mapping is wrong, or the server fails.
    """
    refuse_others(study, name, on_server=on_server)
    if not on_server:
        in_place.refuse_unfinished(study.rounds / name)
    versions = _versions(study, name, scheme)
    found, drafted = _migration(study, versions, mapping)
    finishing = in_place.unfinished(study.rounds / name)
    if on_server and not dry_run and not finishing:
        client = client or _connect(verify)
        _pull(study, name, client, full=False)
    answers = _nothing() if finishing else _answers(study, name, versions.old.hash)
    rows = plan.rows(found, plan.given(*answers, versions.old))
    value: dict[str, Any] = {
        "round": name,
        "scheme": versions.new.name,
        "from": {"version": versions.old.version, "hash": versions.old.hash},
        "to": {"version": versions.new.version, "hash": versions.new.hash},
        "mapping": files.path(study.schemes, versions.old, versions.new).relative_to(study.root).as_posix(),
        "draft": drafted,
        "rows": rows,
        "undecided": _undecided(rows, answers[0]),
        "again": {"units": 0, "names": {}},
        "into": None,
        "tasks": 0,
        "left_out": [],
        "projects": [],
        "rewritten": 0,
        "cleared": [],
        "meanwhile": [],
    }
    if not dry_run:
        _write(study, versions, found, mapping)
    if value["undecided"]:
        return value
    again = recast(*answers, found).again
    units = sorted(again["unit_id"].unique().to_pylist())
    value["again"] = {"units": len(units), "names": _by_name(again)}
    if on_server:
        if not dry_run:
            client = client or _connect(verify)
            value |= _on_server(study, name, found, versions, client, clear, progress)
    elif units:
        value["into"] = into or f"{name}-{versions.new.version}"
        made = new_round(study, name, value["into"], found, versions.new_text, units, dry_run=dry_run)
        left_out = [{"unit_id": x.unit_id, "question": x.question, "labels": list(x.labels)} for x in made.left_out]
        value |= {"tasks": made.tasks, "left_out": left_out}
    return value


def _versions(study: Study, name: str, scheme: str | None) -> _Versions:
    folder = study.rounds / name
    round_ = rounds.read(folder)
    file, text = _new_version(study, scheme or round_.scheme)
    new = parse(text, str(file))
    begun = (
        next((row for _, row in read_jsonl(folder / in_place.JOURNAL)), None) if in_place.unfinished(folder) else None
    )
    if begun:
        old = chain.known_schemes(study, round_.scheme)[begun["from"]]
        kept = files.folder(study.schemes) / f"{old.name}-{old.version}.yaml"
        return _Versions(old, kept.read_text(encoding="utf-8"), new, text, file)
    old = rounds.scheme_of(study, round_)
    if new.name != old.name:
        raise UsageError(
            f"round {name} asks {old.name}, and this is {new.name}",
            hint="A migration is between versions of a scheme.",
        )
    if new.hash == old.hash:
        raise GoldwireError(
            f"round {name} asks {new.name} {new.version} already, as it stands there",
            where=str(file),
            hint="Change that file first, and raise its version; the round keeps the one that it asked.",
        )
    if new.version == old.version:
        raise GoldwireError(
            f"the scheme is another one than round {name} asked, under the same version {new.version}",
            where=f"{file}: version",
            hint="Raise the version.",
        )
    config(new)  # so that nothing is written for a scheme that Label Studio would misread
    return _Versions(old, chain.scheme_text(study, name)[0], new, text, file)


def _new_version(study: Study, scheme: str) -> tuple[Path, str]:
    own = study.schemes / f"{scheme}.yaml"
    path = own if own.is_file() else Path(scheme)
    if path.is_file():
        return path, path.read_text(encoding="utf-8")
    if scheme in shipped():
        return own, shipped_text(scheme)
    load(scheme, study.schemes)
    raise AssertionError("load finds what is there, or raises")


def _migration(study: Study, versions: _Versions, given: Path | None) -> tuple[Migration, bool]:
    """Return the migration, and whether its mapping is a draft that was made now."""
    old, new = versions.old, versions.new
    path = given or files.path(study.schemes, old, new)
    if given or path.is_file():
        text = _current_hash(files.read_text(path), str(path), new)
        return rules.migration(files.parse(text, str(path)), old, new, str(path), text), False
    text = plan.text_of_draft(old, new)
    return rules.migration(files.parse(text, str(path)), old, new, str(path), text), True


def _current_hash(text: str, source: str, new: Scheme) -> str:
    """The new version may go on being changed until its mapping is right: the file follows."""
    to = files.parse(text, source).to
    return text.replace(to.hash, new.hash) if (to.name, to.version) == (new.name, new.version) else text


def _write(study: Study, versions: _Versions, found: Migration, given: Path | None) -> None:
    own = study.schemes / f"{versions.new.name}.yaml"
    if not own.is_file() or own.read_text(encoding="utf-8") != versions.new_text:
        write_text(own, versions.new_text)
    chain.keep(study, versions.old_text, versions.old)
    chain.keep(study, versions.new_text, versions.new)
    path = files.path(study.schemes, versions.old, versions.new)
    source = given or path
    if source.is_file():
        text = _current_hash(files.read_text(source), str(source), versions.new)
    else:
        text = plan.text_of_draft(found.old, found.new)
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_text(path, text)


def _answers(study: Study, name: str, hash_: str) -> Tables:
    """Return the round's answers under the old version, folded anew; `counts` is that of the whole study."""
    from goldwire.labels.fold import build_tables

    made, _ = build_tables(study)
    masks = (pc.and_(pc.equal(made[t]["round"], name), pc.equal(made[t]["scheme_hash"], hash_)) for t in _NAMES)
    votes, mentions, relations = (made[t].filter(mask) for t, mask in zip(_NAMES, masks, strict=True))
    return votes, mentions, relations


def _nothing() -> Tables:
    votes, mentions, relations = (tables.SCHEMAS[table].empty_table() for table in _NAMES)
    return votes, mentions, relations


def _undecided(rows: Iterable[dict[str, Any]], votes: pa.Table) -> list[str]:
    """Name what answers have, and what nobody decided; what is new counts as soon as there is an answer."""
    any_answer = pc.any(votes["counts"]).as_py() or False
    found = []
    for row in rows:
        number = row["answers"] + row["others"]
        if row["what"] == "undecided" and (number or (row["changed"] == [files.UNDECIDED] and any_answer)):
            label = f": {row['label']}" if row["label"] is not None else ""
            found.append(f"{row['name']}{label} ({f'{number} answers' if number else 'new'})")
    return found


def _by_name(again: pa.Table) -> dict[str, int]:
    counted = again.group_by("name").aggregate([("unit_id", "count_distinct")]).sort_by("name")
    return dict(zip(counted["name"].to_pylist(), counted["unit_id_count_distinct"].to_pylist(), strict=True))


def _on_server(
    study: Study,
    name: str,
    found: Migration,
    versions: _Versions,
    client: Client,
    clear: bool,
    progress: Callable[[int], None] | None,
) -> dict[str, Any]:
    done = in_place.migrate_in_place(
        study,
        name,
        found,
        versions.new_text,
        client,
        lambda: _pull(study, name, client, full=True),
        clear=clear,
        progress=progress,
    )
    return {
        "projects": done.projects,
        "rewritten": done.rewritten,
        "cleared": done.cleared,
        "meanwhile": done.meanwhile,
    }


def _connect(verify: bool) -> Client:
    from goldwire.labels.server import connect

    return connect(verify=verify)


def _pull(study: Study, name: str, client: Client, *, full: bool) -> None:
    from goldwire.labels.exchange import pull_round

    pull_round(study, name, full=full, client=client)
