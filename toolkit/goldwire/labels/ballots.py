"""From the votes table, or a plain file with one answer a row, to `Answers`: abstentions, recodes, repeats."""

from collections.abc import Iterator, Mapping
from typing import Literal

import numpy as np
import pyarrow as pa

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.answers import Answers, Codes, assemble
from goldwire.labels.plain_table import BETWEEN, as_text, no_column
from goldwire.scheme import Question, Scheme

Recode = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Scheme -> question -> old label -> new label."""
Duplicates = Literal["first", "last", "error"]
"""Which answer counts when an annotator answered a unit twice; "error" refuses."""

COLUMNS = ("scheme", "unit_id", "annotator", "question", "labels", "value", "counts")
"""The columns of the votes table that are used here."""

_NO_VOTES = "CSV does not hold lists: use the votes as .parquet or .jsonl."


def counted(votes: pa.Table) -> pa.Table:
    """Return the rows that count: each annotator's one answer to each unit; see gold.repeats in params.yaml.

    Raises
    ------
    GoldwireError
        When the table does not say which rows count.
    """
    counts = votes["counts"].combine_chunks()
    if not pa.types.is_boolean(counts.type):
        raise GoldwireError(f'this is not a votes table: "counts" holds {counts.type}, not bool', hint=_NO_VOTES)
    return votes.filter(counts.fill_null(False))


def of_votes(votes: pa.Table, schemes: Mapping[str, Scheme], recode: Recode) -> Iterator[Answers]:
    """Yield the answers to each question of a votes table, by scheme name, then in the scheme's order.

    An annotator who submitted a unit, and left empty a multiple or tree question that is not required, answered it
    with the empty set; where the labels are null, the question has to be answered again under a new version of the
    scheme, and there is no answer. A scheme that is not in `schemes` is read off the votes, and has no "unsure".

    Raises
    ------
    GoldwireError
        When a column has not its type, an annotator has two answers that count to a question about a unit, or an
        answer has several labels where the question takes one.
    """
    import pyarrow.compute as pc

    try:
        rows = counted(
            votes.select(COLUMNS).cast(pa.schema([tables.SCHEMAS["votes"].field(name) for name in COLUMNS]))
        )
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise GoldwireError(f"this is not a votes table: {error}", hint=_NO_VOTES) from None
    for name in sorted(pc.unique(rows["scheme"]).to_pylist()):
        part = rows.filter(pc.equal(rows["scheme"], name))
        recodes = recode.get(name, {})
        if name in schemes:
            for question in schemes[name].questions:
                yield _of_question(part, name, question.name, question, recodes.get(question.name, {}))
        else:
            for asked in sorted(pc.unique(part["question"]).drop_null().to_pylist()):
                yield _of_question(part, name, asked, None, recodes.get(asked, {}))


def columns_of(table: pa.Table, unit: str | None, annotator: str | None, label: str | None) -> tuple[str, str, str]:
    """Return the columns of a plain table: those that are named, else ours, else crowd-kit's task, worker, label.

    Raises
    ------
    GoldwireError
        When one is not there.
    """
    usual = (("unit", unit, ("unit_id", "task")), ("annotator", annotator, ("annotator", "worker")))
    found = []
    for option, named, names in (*usual, ("label", label, ("label",))):
        name = next((one for one in names if one in table.column_names), None) if named is None else named
        if name is None or name not in table.column_names:
            raise no_column(table, *names, option=option) if named is None else no_column(table, named)
        found.append(name)
    return found[0], found[1], found[2]


def of_frame(table: pa.Table, unit: str, annotator: str, label: str, duplicates: Duplicates | None = None) -> Answers:
    """Return the answers of a plain table: one row an answer, a label (or a list of labels) each.

    Parameters
    ----------
    table : pa.Table
        Any types; ids and labels are taken as text, see `goldwire.labels.plain_table`. A row without a label is no
        answer.
    unit, annotator, label : str
        Its columns.
    duplicates : "first", "last" or "error", optional
        Which row counts when an annotator answered a unit twice; "error" and None refuse.

    Raises
    ------
    GoldwireError
        When a column is not there or cannot be text, a row has no unit or no annotator, or an annotator answered a
        unit twice.
    """
    import pyarrow.compute as pc

    who = as_text(table, unit, annotator, label)
    given = who[label].combine_chunks()
    if lists := pa.types.is_list(given.type):
        given = pc.binary_join(given, BETWEEN)
    answered = pc.and_(given.is_valid(), pc.not_equal(given.fill_null(""), ""))
    rows, names = {}, []
    for name, column in (("unit", unit), ("annotator", annotator)):
        rows[name], listed = _coded(who[column].combine_chunks().filter(answered))
        names.append(listed)
    units, annotators = names
    distinct = given.filter(answered).dictionary_encode()
    said = [tuple(text.split(BETWEEN)) if lists else (text,) for text in distinct.dictionary.to_pylist()]
    chosen = distinct.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    if duplicates in ("first", "last"):
        keep = _one_each(rows["unit"] * len(annotators) + rows["annotator"], duplicates)
        rows = {name: code[keep] for name, code in rows.items()}
        chosen = chosen[keep]
    return assemble("", "", "multiple" if lists else "single", False, [], said, chosen, units, annotators, **rows)


def _of_question(
    part: pa.Table, scheme: str, name: str, question: Question | None, recode: Mapping[str, str]
) -> Answers:
    import pyarrow.compute as pc

    kind = question.type if question else "multiple"
    known = list(dict.fromkeys(recode.get(label, label) for label in question.label_names())) if question else []
    abstains = {label.name for label in question.labels if label.role == "unsure"} if question else set()
    asked = part.filter(pc.equal(part["question"], name))
    rows = asked if kind == "text" else asked.filter(asked["labels"].is_valid())  # null: to be answered again
    units, annotators = (sorted(pc.unique(part[column]).to_pylist()) for column in ("unit_id", "annotator"))
    unit, annotator = _codes(rows["unit_id"], units), _codes(rows["annotator"], annotators)
    given = rows["value"] if kind == "text" else pc.binary_join(rows["labels"], BETWEEN)
    distinct = given.combine_chunks().fill_null("").dictionary_encode()
    said: list[tuple[str, ...] | None] = []
    for text in distinct.dictionary.to_pylist():
        labels = [recode.get(label, label) for label in ([text] if kind == "text" else text.split(BETWEEN)) if label]
        sure = tuple(label for label in labels if label not in abstains)
        said.append(None if labels and not sure else sure)
    chosen = distinct.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    if question is None and all(labels is None or len(labels) <= 1 for labels in said):
        kind = "single"
    may_be_empty = question is not None and kind in ("multiple", "tree") and not question.required
    if may_be_empty:
        pairs = _codes(part["unit_id"], units) * len(annotators) + _codes(part["annotator"], annotators)
        heard = _codes(asked["unit_id"], units) * len(annotators) + _codes(asked["annotator"], annotators)
        silent = np.setdiff1d(pairs, heard)
        unit = np.concatenate([unit, silent // len(annotators)])
        annotator = np.concatenate([annotator, silent % len(annotators)])
        chosen = np.concatenate([chosen, np.full(len(silent), len(said))])
        said.append(())
    known = [label for label in known if label not in abstains]
    return assemble(scheme, name, kind, may_be_empty, known, said, chosen, units, annotators, unit, annotator)


def _coded(column: pa.Array) -> tuple[Codes, list[str]]:
    """Return each value's place among the distinct ones, and these, sorted."""
    import pyarrow.compute as pc

    found = column.dictionary_encode()
    order = pc.sort_indices(found.dictionary)
    place = np.empty(len(order), dtype=np.int64)
    place[order.to_numpy()] = np.arange(len(order))
    return place[found.indices.to_numpy(zero_copy_only=False)], found.dictionary.take(order).to_pylist()


def _codes(column: pa.ChunkedArray | pa.Array, names: list[str]) -> Codes:
    import pyarrow.compute as pc

    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    found = pc.index_in(column, value_set=pa.array(names, column.type))
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.int64)


def _one_each(key: Codes, which: str) -> Codes:
    """Return the positions of the first or last row of each key."""
    if which == "first":
        return np.unique(key, return_index=True)[1]
    return len(key) - 1 - np.unique(key[::-1], return_index=True)[1]
