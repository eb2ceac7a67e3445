"""The way from the version that a round was made with to the study's current one, and the study's tables on it.

Every version that took part in a migration is kept as labels/schemes/migrations/NAME-1.0.0.yaml, so that a chain
holds when the study's own file has gone on.
"""

import re
from collections import deque
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.files import write_text
from goldwire.labels import rounds
from goldwire.labels.adjudicate.reasons import REASON
from goldwire.labels.migrate import mapping as files
from goldwire.labels.migrate import rules
from goldwire.labels.migrate.recast import recast
from goldwire.labels.migrate.rows import versioned
from goldwire.labels.migrate.rules import Migration
from goldwire.scheme import Scheme, load
from goldwire.scheme import read as read_scheme
from goldwire.study import Study

_VERSION = re.compile(r"-\d+\.\d+\.\d+")


def keep(study: Study, text: str, scheme: Scheme) -> None:
    """Keep a version of a scheme beside the mapping files."""
    path = files.folder(study.schemes) / f"{scheme.name}-{scheme.version}.yaml"
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_text(path, text)


def known_schemes(study: Study, name: str) -> dict[str, Scheme]:
    """Return every version of a scheme that the study has, by hash: its own, those kept, those of its rounds."""
    own = study.schemes / f"{name}.yaml"
    kept = [
        path
        for path in sorted(files.folder(study.schemes).glob(f"{name}-*.yaml"))
        if _VERSION.fullmatch(path.stem.removeprefix(name))
    ]
    found = {}
    for path in [*sorted(study.rounds.glob("*/scheme*.yaml")), *kept, *([own] if own.is_file() else [])]:
        scheme = read_scheme(path)
        if scheme.name == name:
            found[scheme.hash] = scheme
    return found


def migrations(study: Study, name: str) -> list[Migration]:
    """Return the migrations of a scheme, by file, that lead between versions which are known."""
    known = known_schemes(study, name)
    found = []
    for path in files.listing(study.schemes, name):
        mapping = files.read(path)
        old, new = known.get(mapping.from_.hash), known.get(mapping.to.hash)
        if old and new:
            found.append(rules.load(path, old, new))
    return found


def path_to_current(study: Study, scheme_name: str, from_hash: str) -> list[Migration]:
    """Return the shortest chain of migrations from a version of a scheme to the study's current one.

    Returns
    -------
    list of Migration
        Empty when it is the current one.

    Raises
    ------
    GoldwireError
        When there is none, or a mapping file is wrong.
    """
    current = load(scheme_name, study.schemes)
    if from_hash == current.hash:
        return []
    edges = migrations(study, scheme_name)
    waiting = deque([(from_hash, list[Migration]())])
    seen = {from_hash}
    while waiting:
        at, way = waiting.popleft()
        for step in edges:
            to = step.new.hash
            if step.old.hash == at and to not in seen:
                if to == current.hash:
                    return [*way, step]
                seen.add(to)
                waiting.append((to, [*way, step]))
    raise GoldwireError(
        f"its answers are to another state of the scheme {scheme_name} ({from_hash}) than the study's "
        f"({current.version}, {current.hash}), and no mapping leads there",
        where=str(study.schemes / f"{scheme_name}.yaml"),
        hint="Bring the old file back, or say what became of its labels: goldwire labels migrate ROUND",
    )


def recast_tables(study: Study, made: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """Return the tables of all rounds with every answer under the current version of its scheme.

    Parameters
    ----------
    study : Study
    made : dict
        `votes`, `vote_mentions` and `vote_relations`, with `counts`; other tables are passed on. Each row has the
        hash of the version that its round asked.

    Returns
    -------
    dict
        The same tables in the same order of rows. Without an old hash, the very same.

    Raises
    ------
    GoldwireError
        When no mapping leads from a version to the current one, or one leaves a label out that answers have.
    """
    names = ("votes", "vote_mentions", "vote_relations")
    ways: dict[str, list[Migration]] = {}
    for name, hash_, round_ in _asked(made[name] for name in names):
        try:
            ways[hash_] = path_to_current(study, name, hash_)
        except GoldwireError as error:
            where = f"round {round_}: {error.where}"
            hint = (error.hint or "").replace(" ROUND", f" {round_}")
            raise GoldwireError(error.message, where=where, hint=hint) from None
    if not any(ways.values()):
        return made
    parts: dict[str, list[pa.Table]] = {name: [] for name in names}
    for hash_, way in ways.items():
        three = [made[name].filter(pc.equal(made[name]["scheme_hash"], hash_)) for name in names]
        why = pc.equal(three[0]["question"], REASON)  # of adjudications, whatever the scheme says
        reasons, three[0] = three[0].filter(why), three[0].filter(pc.invert(why))
        for step in way:
            three = [*recast(three[0], three[1], three[2], step)[:3]]
            reasons = versioned(reasons, step)
        three[0] = pa.concat_tables([three[0], reasons])
        for name, table in zip(names, three, strict=True):
            parts[name].append(table)
    found = {name: _sorted(study, pa.concat_tables(several), name) for name, several in parts.items()}
    return {**made, **found}


def _asked(several: Iterable[pa.Table]) -> list[tuple[str, str, str]]:
    """Return (scheme, hash, one of its rounds) for every version that answers have."""
    found: dict[tuple[str, str], str] = {}
    for table in several:
        rows = table.select(["scheme", "scheme_hash", "round"]).group_by(["scheme", "scheme_hash", "round"])
        for row in rows.aggregate([]).to_pylist():
            key = (row["scheme"], row["scheme_hash"])
            found[key] = min(found.get(key, row["round"]), row["round"])
    return sorted((*key, round_) for key, round_ in found.items())


def _sorted(study: Study, table: pa.Table, name: str) -> pa.Table:
    """Sort as the fold does: scheme, unit, annotator, round, annotation, then place on the page or in the text."""
    number = pc.replace_substring(table["annotation_id"], "draft-", "").cast(pa.int64())
    last: dict[str, pa.ChunkedArray | pa.Array]
    if name == "votes":
        order: dict[str, int] = {}
        for scheme in sorted(pc.unique(table["scheme"]).to_pylist()):
            for place, question in enumerate(load(scheme, study.schemes).questions):
                order[f"{scheme}/{question.name}"] = place
        keys = pc.binary_join_element_wise(table["scheme"], table["question"], "/")
        places = pa.array(list(order.values()), pa.int64())
        last = {"0": places.take(pc.index_in(keys.combine_chunks(), value_set=pa.array(list(order))))}
    elif name == "vote_mentions":
        last = {column: table[column] for column in ("start", "end", "mention_id")}
    else:
        last = {"relation_id": table["relation_id"]}
    first = {column: table[column] for column in ("scheme", "unit_id", "annotator", "round")}
    by = pa.table({**first, "number": number, "annotation_id": table["annotation_id"], **last})
    return table.take(pc.sort_indices(by, [(column, "ascending") for column in by.column_names])).cast(
        tables.SCHEMAS[name]
    )


def schemes_of_round(study: Study, name: str) -> dict[str, Scheme]:
    """Return every version that a round was asked with, by hash: scheme.yaml, and scheme-HASH.yaml before it.

    Raises
    ------
    GoldwireError
        When a file says another hash than its name.
    """
    folder = study.rounds / name
    current = rounds.scheme_of(study, rounds.read(folder))
    found = {current.hash: current}
    for path in sorted(folder.glob("scheme-*.yaml")):
        scheme = read_scheme(path)
        if path.name != kept_name(scheme.hash):
            raise GoldwireError("the scheme was changed after it was kept", where=str(path), hint="Bring it back.")
        found[scheme.hash] = scheme
    return found


def kept_name(hash_: str) -> str:
    """Return the name of the file in which a round keeps a version that it was asked with before."""
    return f"scheme-{hash_}.yaml"


def scheme_text(study: Study, name: str) -> tuple[str, Path]:
    """Return the text of the scheme that a round asks, and its file: its frozen copy, or the study's file."""
    round_ = rounds.read(study.rounds / name)
    frozen = study.rounds / name / "scheme.yaml"
    path = frozen if frozen.is_file() else study.schemes / f"{round_.scheme}.yaml"
    return path.read_text(encoding="utf-8"), path
