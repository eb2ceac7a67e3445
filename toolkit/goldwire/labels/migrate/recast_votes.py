"""A mapping applied to votes: the answers to questions."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from goldwire import tables
from goldwire.labels.migrate.rows import BETWEEN, Codes, Found, annotation_of, same, versioned, with_columns
from goldwire.labels.migrate.rules import TEXT, Migration, Outcome, Rule


class _Outcomes:
    """The distinct outcomes of all questions, and which of them each row has; -1 where the row goes."""

    def __init__(self, rows: int) -> None:
        self.question: list[str] = []
        self.labels: list[list[str] | None] = []
        self.value: list[str | None] = []
        self.written: list[bool] = []
        self.code = np.full(rows, -1, dtype=np.int64)

    def add(self, here: Codes, name: str, rule: Rule, code: Codes, found: list[Outcome]) -> None:
        """Note the outcomes of a question; `code` says which of them each row in `here` has."""
        assert rule.new is not None
        self.code[here] = code + len(self.question)
        for outcome in found:
            given, text = outcome.labels, rule.new.type == "text"
            self.question.append(name)
            self.labels.append(None if given is None else [] if text else list(given))
            self.value.append(given[0] if given and rule.new.type == "ordinal" else None)
            self.written.append(text and given is not None)

    def of(self, votes: pa.Table) -> tuple[pa.Table, Codes]:
        """Return the rows that stay, in their order, and their places among all."""
        stay = self.code >= 0
        rows = votes if stay.all() else votes.filter(pa.array(stay))
        code = pa.array(self.code[stay])
        value = pa.array(self.value, pa.string()).take(code)
        if any(self.written):
            value = pc.if_else(pa.array(self.written).take(code), rows["value"], value)
        labels = pa.array(self.labels, tables.STRINGS).take(code)
        question = pa.array(self.question, pa.string()).take(code)
        return with_columns(rows, question=question, labels=labels, value=value), np.flatnonzero(stay)


def recast_votes(votes: pa.Table, migration: Migration, found: Found) -> pa.Table:
    """Return the votes under the new scheme; see `goldwire.labels.migrate.recast.recast`."""
    asked = votes["question"].combine_chunks().dictionary_encode()
    names = {name: code for code, name in enumerate(asked.dictionary.to_pylist())}
    which = asked.indices.to_numpy(zero_copy_only=False)
    became = _Outcomes(votes.num_rows)
    for name, rule in migration.rules.items():
        if rule.old.kind == "question" and name in names:
            _question(votes, np.flatnonzero(which == names[name]), rule, found, became)
    kept, places = became.of(votes)
    added = _new_questions(votes, migration, found)
    if added:
        whole = pa.concat_tables([kept, *(rows for rows, _ in added)])
        order = np.argsort(np.concatenate([places, *(place for _, place in added)]), kind="stable")
        kept = whole.combine_chunks().take(pa.array(order))
    return versioned(kept, migration)


def _question(votes: pa.Table, here: Codes, rule: Rule, found: Found, became: _Outcomes) -> None:
    rows = votes.select(["round", "annotation_id", "unit_id", "counts", "labels", "value"]).take(pa.array(here))
    code, given = _said(rows, rule)
    outcomes = [Outcome(None) if labels is None else rule.of(labels) for labels in given]
    times = np.bincount(code, minlength=len(given)).tolist()
    for outcome, number in zip(outcomes, times, strict=True):
        for label in outcome.undecided:
            found.undecided[rule.old.name, label] += number
    again = np.array([outcome.again for outcome in outcomes], dtype=bool)[code]
    if again.any():
        why = pa.array([", ".join(labels or ()) or None for labels in given], pa.string())
        name = rule.new.name if rule.new else rule.old.name
        found.answer(rows.filter(pa.array(again)), name, why.take(pa.array(code[again])))
    if rule.new is not None:
        became.add(here, rule.new.name, rule, code, outcomes)


def _said(rows: pa.Table, rule: Rule) -> tuple[Codes, list[tuple[str, ...] | None]]:
    """Return the distinct answers, and which of them each row has; None is one that is open already."""
    waiting = rows["labels"].combine_chunks().is_null().to_numpy(zero_copy_only=False)
    if rule.old.type == "text":
        there = pc.not_equal(pc.fill_null(rows["value"], ""), "").to_numpy()
        return np.where(waiting, 2, there).astype(np.int64), [(), (TEXT,), None]
    joined = pc.binary_join(rows["labels"], BETWEEN).combine_chunks().dictionary_encode(null_encoding="encode")
    texts = joined.dictionary.to_pylist()
    given = [None if text is None else tuple(text.split(BETWEEN)) if text else () for text in texts]
    return joined.indices.to_numpy(zero_copy_only=False).astype(np.int64), given


def _new_questions(votes: pa.Table, migration: Migration, found: Found) -> list[tuple[pa.Table, Codes]]:
    """Return a row of each annotation for each question that is new, empty or open, and its place among all."""
    names = [name for name in migration.added if migration.new_fields[name].kind == "question"]
    if not names or not votes.num_rows:
        return []
    keys = annotation_of(votes).dictionary_encode().indices.to_numpy(zero_copy_only=False)
    first = np.unique(keys, return_index=True)[1]
    rows = votes.take(pa.array(first))
    made = []
    for name in names:
        empty = migration.added[name] == "empty"
        if migration.added[name] == "again":
            found.answer(rows, name, pa.nulls(rows.num_rows, pa.string()))
        elif not empty:
            found.undecided[name, "(new)"] += pc.sum(pc.fill_null(rows["counts"], False)).as_py() or 0
        labels = pa.array([[] if empty else None], tables.STRINGS).take(pa.array(np.zeros(len(first), np.int64)))
        value = pa.nulls(rows.num_rows, pa.string())
        made.append((with_columns(rows, question=same(name, rows), labels=labels, value=value), first))
    return made
