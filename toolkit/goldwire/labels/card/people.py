"""Who answered how much, counted from the votes."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from goldwire.labels.rounds import ADJUDICATION
from goldwire.scheme import Scheme

_UNIT = ["scheme", "unit_id"]


def process(votes: pa.Table, schemes: Sequence[Scheme]) -> dict[str, Any]:
    """Return what is known of the annotators: answers of each, and how many answers the units have.

    Units are counted by scheme: one that was asked about under two schemes counts twice.
    """
    import pyarrow.compute as pc

    ruled = pc.fill_null(pc.equal(votes["purpose"], ADJUDICATION), False)
    skipped = pc.equal(votes["status"], "skipped")
    counts = pc.and_(pc.and_not(votes["counts"], ruled), pc.invert(skipped))
    said = votes.select([*_UNIT, "annotator"])  # the other columns are not copied to count rows
    answered = said.filter(counts).group_by([*_UNIT, "annotator"]).aggregate([])
    overlap = answered.group_by(_UNIT).aggregate([([], "count_all")])["count_all"]
    people = {
        "answered": _units(answered),
        "unsure": _units(_unsure(votes.select([*_UNIT, "question", "labels", "annotator"]), counts, schemes)),
        "skipped": _units(said.filter(pc.and_not(skipped, ruled))),
    }
    rulings = _units(said.filter(pc.and_(ruled, pc.equal(votes["status"], "submitted"))))
    names = sorted({name for found in people.values() for name in found})
    return {
        "people": [(name, *(found.get(name, 0) for found in people.values())) for name in names],
        "adjudicators": sorted(rulings.items()),
        "rounds": sorted(str(name) for name in votes["round"].unique().to_pylist()),
        "units": len(overlap),
        "overlap": sorted((one["values"], one["counts"]) for one in pc.value_counts(overlap).to_pylist()),
        "once": pc.sum(pc.equal(overlap, 1)).as_py() or 0,
    }


def _units(rows: pa.Table) -> dict[str, int]:
    """Return how many units each annotator has in these rows."""
    units = rows.select([*_UNIT, "annotator"]).group_by([*_UNIT, "annotator"]).aggregate([])
    found = units.group_by("annotator").aggregate([([], "count_all")]).to_pylist()
    return {one["annotator"]: one["count_all"] for one in found}


def _unsure(rows: pa.Table, counts: pa.ChunkedArray, schemes: Sequence[Scheme]) -> pa.Table:
    """Return the rows that count and have a label by which the annotator abstains."""
    import pyarrow.compute as pc

    parts = [rows.slice(0, 0)]
    for scheme in schemes:
        for question in scheme.questions:
            names = [name for name in question.label_names() if question.label(name).role == "unsure"]
            if not names:
                continue
            asked = pc.and_(pc.equal(rows["scheme"], scheme.name), pc.equal(rows["question"], question.name))
            part = rows.filter(pc.and_(asked, counts))
            lists = part["labels"].combine_chunks()
            hits = pc.is_in(pc.list_flatten(lists), value_set=pa.array(names))
            parts.append(part.take(pc.unique(pc.list_parent_indices(lists).filter(hits))))
    return pa.concat_tables(parts)
