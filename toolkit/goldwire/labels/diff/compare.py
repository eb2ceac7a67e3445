"""Two states compared: everything that differs, as one dictionary."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import pyarrow as pa

from goldwire.labels.diff import asked, figures, spans, units
from goldwire.labels.diff.place import dataset_of, names_dataset, opened
from goldwire.labels.diff.rows import counts, decoded, differing, rows, with_answer
from goldwire.labels.diff.side import Side, read_side

_ANSWER = ("scheme", "question", "unit_id")
_VOTE = (*_ANSWER, "annotator")


def diff(revision_a: str, revision_b: str | None, start: Path) -> dict[str, Any]:
    """Compare two states; nothing is written.

    Parameters
    ----------
    revision_a, revision_b : str or None
        Each a git revision of the study that `start` lies in, or a folder with a study or a dataset; None is the
        study as it stands on disk. A study is compared with a dataset by its own labels/dataset.
    start : Path

    Returns
    -------
    dict
        from, to (``{"name", "commit", "date", "kind", "version"}``); units (see `goldwire.labels.diff.units.units`);
        labels: SCHEME.QUESTION -> added, removed (numbers of decided answers), decided_otherwise (how many have the
        same label, decided in another way), changed: ``[{"unit_id", "from", "to", "decided_by": {"from", "to"}, "by",
        "votes"}]``, where `by` are the annotators whose answers to it changed, and the adjudicator whose ruling came,
        went or changed; votes: annotators -> added, removed, changed, and changed ``[{"scheme", "question",
        "unit_id", "annotator", "from", "to"}]``; mentions, relations (see
        `goldwire.labels.diff.spans`); schemes (see `asked.schemes`); agreement, params (see
        `figures`); notes: what could not be compared.

    Raises
    ------
    GoldwireError
        See `goldwire.labels.diff.place.opened` and `goldwire.labels.diff.side.read_side`.
    """
    dataset = any(names_dataset(given, start) for given in (revision_a, revision_b))
    with opened(revision_a, start, dataset=dataset) as one, opened(revision_b, start, dataset=dataset) as other:
        if one.is_dataset != other.is_dataset:  # a revision that has its tables neither in git nor in DVC
            one, other = dataset_of(one), dataset_of(other)
        return compare(read_side(one), read_side(other))


def compare(before: Side, after: Side) -> dict[str, Any]:
    """Compare two states that were read; see `diff`."""
    names = asked.renamed(before, after)
    votes = differing(
        with_answer(before.votes, names),
        with_answer(after.votes).append_column("said", pa.nulls(after.votes.num_rows, pa.string())),
        _VOTE,
        ["answer"],
        ["said"],
    )
    return {
        "from": _about(before),
        "to": _about(after),
        "units": units.units(before, after),
        "labels": _labels(before, after, names, votes),
        "votes": _votes(votes),
        "mentions": spans.mentions(before, after, names),
        "relations": spans.relations(before, after, names),
        "schemes": asked.schemes(before, after),
        "agreement": figures.agreement(before, after),
        "params": figures.params(before, after),
        "notes": _notes(before, after),
    }


def is_same(value: dict[str, Any]) -> bool:
    """Whether nothing differs."""
    parts = (value["labels"], value["votes"]["annotators"], value["mentions"], value["relations"], value["schemes"])
    listed = ("added", "removed", "moved", "left_out", "taken_in", "edited")
    return not any([*parts, value["agreement"], value["params"], *(value["units"][name] for name in listed)])


def _about(side: Side) -> dict[str, Any]:
    place = side.place
    kind = "dataset" if place.is_dataset else "study"
    about = {"name": place.name, "commit": place.commit, "date": place.date, "kind": kind, "version": side.version}
    return {**about, "votes": side.votes.num_rows, "labels": side.gold.num_rows}


def _votes(votes: pa.Table) -> dict[str, Any]:
    import pyarrow.compute as pc

    changed = votes.filter(pc.and_(votes["was"], votes["is"]))
    people = {row.pop("annotator") or "": row for row in counts(votes, ["annotator"])}
    return {"annotators": people, "changed": [{**_named(row, _VOTE), **_answers(row)} for row in rows(changed)]}


def _named(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names}


def _answers(row: dict[str, Any]) -> dict[str, Any]:
    return {"from": decoded(row["said_from"]), "to": decoded(row["answer_to"])}


def _labels(before: Side, after: Side, names: Any, votes: pa.Table) -> dict[str, Any]:
    import pyarrow.compute as pc

    gold = differing(
        with_answer(before.gold, names),
        with_answer(after.gold).append_column("said", pa.nulls(after.gold.num_rows, pa.string())),
        _ANSWER,
        ["answer", "decided_by"],
        ["said", "adjudicator"],
    )
    both = pc.and_(gold["was"], gold["is"])
    other = pc.not_equal(gold["answer_from"], gold["answer_to"])
    found: dict[str, Any] = {}
    for row in counts(gold, ["scheme", "question"]):
        name = f"{row.pop('scheme')}.{row.pop('question')}"
        found[name] = {
            "added": row["added"],
            "removed": row["removed"],
            "decided_otherwise": row["changed"],
            "changed": [],
        }
    changed = gold.filter(pc.and_(both, other))
    keys = list(_ANSWER)
    cause = votes.join(changed.select(keys), keys=keys, join_type="left semi").sort_by(
        [(name, "ascending") for name in _VOTE]
    )
    causes: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows(cause):
        causes[tuple(row[key] for key in keys)].append({"annotator": row["annotator"], **_answers(row)})
    for row in rows(changed):
        one = found[f"{row['scheme']}.{row['question']}"]
        one["decided_otherwise"] -= 1
        one["changed"].append(_change(row, causes[tuple(row[key] for key in keys)]))
    return found


def _change(row: dict[str, Any], votes: list[dict[str, Any]]) -> dict[str, Any]:
    how = {"from": row["decided_by_from"], "to": row["decided_by_to"]}
    rulers = {row[f"adjudicator_{end}"] for end in ("from", "to") if row[f"adjudicator_{end}"]}
    if how["to"] == "adjudicated":
        rulers = {row["adjudicator_to"]} - {None}
    by = sorted({*(vote["annotator"] for vote in votes), *rulers})
    return {"unit_id": row["unit_id"], **_answers(row), "decided_by": how, "by": by, "votes": votes}


def _notes(before: Side, after: Side) -> list[str]:
    notes = []
    for side in (before, after):
        name = side.place.name
        if side.place.is_dataset:
            notes.append(
                f"{name} is a dataset: of its schemes only the hashes are known, of agreement and params nothing."
            )
        elif not side.votes.num_rows and not side.gold.num_rows:
            notes.append(f"{name} has no votes and no gold: they were not made yet, or dvc.lock was not committed.")
        elif not side.divided:
            notes.append(f"{name} has no splits yet, so that none is compared.")
    return notes
