"""From the votes table, or a plain file with one answer a row, to `Answers`: abstentions, recodes, repeats."""

from collections.abc import Iterator, Mapping
from typing import Literal

import numpy as np
import pyarrow as pa

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.answers import Answers, Codes, assemble
from goldwire.scheme import Question, Scheme

Recode = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Scheme -> question -> old label -> new label."""
Duplicates = Literal["first", "last"]

COLUMNS = ("scheme", "unit_id", "annotator", "question", "labels", "value", "counts")
"""The columns of the votes table that are used here."""

_BETWEEN = "\x1f"


def counted(votes: pa.Table) -> pa.Table:
    """Return the rows that count: each annotator's latest submitted answer to each unit."""
    return votes.filter(votes["counts"].combine_chunks().fill_null(False))


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
        raise GoldwireError(
            f"this is not a votes table: {error}",
            hint="CSV does not hold lists: use the votes as .parquet or .jsonl.",
        ) from None
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
    """Return the columns of a plain table: those that are named, else ours, else crowd-kit's task, worker, label."""
    ours = set(table.column_names)
    return (
        unit or ("unit_id" if "unit_id" in ours else "task"),
        annotator or ("annotator" if "annotator" in ours else "worker"),
        label or "label",
    )


def of_frame(table: pa.Table, unit: str, annotator: str, label: str, duplicates: Duplicates | None = None) -> Answers:
    """Return the answers of a plain table: one row an answer, a label (or a list of labels) each.

    Parameters
    ----------
    table : pa.Table
        Any types; ids and labels are taken as text. A row without a label is no answer.
    unit, annotator, label : str
        Its columns.
    duplicates : "first" or "last", optional
        Which row counts when an annotator answered a unit twice; None refuses.

    Raises
    ------
    GoldwireError
        When a column is not there, a row has no unit or no annotator, or an annotator answered a unit twice.
    """
    import pyarrow.compute as pc

    who = {column: _text_column(table, column) for column in (unit, annotator)}
    lists = label in table.column_names and pa.types.is_list(table[label].type)
    if lists:
        given = pc.binary_join(table[label].combine_chunks().cast(pa.list_(pa.string())), _BETWEEN)
    else:
        given = _text_column(table, label, may_be_null=True)
    answered = pc.and_(given.is_valid(), pc.not_equal(given.fill_null(""), ""))
    units, annotators = (sorted(pc.unique(who[column].filter(answered)).to_pylist()) for column in (unit, annotator))
    rows = {
        "unit": _codes(who[unit].filter(answered), units),
        "annotator": _codes(who[annotator].filter(answered), annotators),
    }
    distinct = given.filter(answered).dictionary_encode()
    said = [tuple(text.split(_BETWEEN)) if lists else (text,) for text in distinct.dictionary.to_pylist()]
    chosen = distinct.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    if duplicates is not None:
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
    given = rows["value"] if kind == "text" else pc.binary_join(rows["labels"], _BETWEEN)
    distinct = given.combine_chunks().fill_null("").dictionary_encode()
    said: list[tuple[str, ...] | None] = []
    for text in distinct.dictionary.to_pylist():
        labels = [recode.get(label, label) for label in ([text] if kind == "text" else text.split(_BETWEEN)) if label]
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


def _codes(column: pa.ChunkedArray | pa.Array, names: list[str]) -> Codes:
    import pyarrow.compute as pc

    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    found = pc.index_in(column, value_set=pa.array(names, column.type))
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.int64)


def _text_column(table: pa.Table, name: str, may_be_null: bool = False) -> pa.Array:
    if name not in table.column_names:
        raise GoldwireError(f'there is no column "{name}"', hint=f"The columns are: {', '.join(table.column_names)}")
    column = table[name].combine_chunks()
    if pa.types.is_nested(column.type):
        raise GoldwireError(f'column "{name}" holds lists or structures, not text')
    column = column.cast(pa.string())
    if column.null_count and not may_be_null:
        row = column.is_null().index(pa.scalar(True)).as_py()
        raise GoldwireError(f'"{name}" is empty', where=f"row {row + 1}")
    return column


def _one_each(key: Codes, which: Duplicates) -> Codes:
    """Return the positions of the first or last row of each key."""
    if which == "first":
        return np.unique(key, return_index=True)[1]
    return len(key) - 1 - np.unique(key[::-1], return_index=True)[1]
