"""A mapping applied to the rows of votes, vote_mentions and vote_relations that have the old scheme's hash.

Every distinct answer is looked at once, and the rows are made by taking from those: a million rows take seconds.

An answer that has to be given again stays a row of votes whose `labels` are null: neither an answer nor an empty one.
Where a span, an attribute or a relation would have to be marked again, the whole annotation does not count, since
a span that is not there would read as one that the annotator saw and did not mark.
"""

from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from goldwire.labels.migrate.recast_spans import recast_mentions, recast_relations
from goldwire.labels.migrate.recast_votes import recast_votes
from goldwire.labels.migrate.rows import AGAIN, Found, among, annotation_of, refuse_undecided, with_columns
from goldwire.labels.migrate.rules import Migration


class Recast(NamedTuple):
    """The three tables under the new scheme, rows in the order they had, and `AGAIN`, of the answers that count."""

    votes: pa.Table
    mentions: pa.Table
    relations: pa.Table
    again: pa.Table


def recast(votes: pa.Table, mentions: pa.Table, relations: pa.Table, migration: Migration) -> Recast:
    """Return the answers to the old scheme as answers to the new one.

    Parameters
    ----------
    votes, mentions, relations : pa.Table
        `votes`, `vote_mentions` and `vote_relations`; every row has the hash of ``migration.old``. `counts` is known.
    migration : Migration
        See `goldwire.labels.migrate.rules.migration`.

    Returns
    -------
    Recast
        Labels in the order of the new scheme, each once. `counts` is False for annotations with a span, an attribute
        or a relation to be marked again. A mention that is retired takes its relations with it.

    Raises
    ------
    GoldwireError
        When an answer has a label of which the mapping does not say what became of it. It names each, with its
        number of rows.
    """
    found = Found()
    votes, mentions, relations = (table.combine_chunks() for table in (votes, mentions, relations))
    made = recast_votes(votes, migration, found)
    marked = recast_mentions(mentions, migration, found)
    linked = recast_relations(relations, marked, migration, found)
    _nothing_added(votes, mentions, migration, found)
    refuse_undecided(found.undecided, migration)
    stale = pa.chunked_array(found.stale, pa.string()).unique() if found.stale else pa.array([], pa.string())
    made, marked, linked = (_not_counting(table, stale) for table in (made, marked, linked))
    again = pa.concat_tables([AGAIN.empty_table(), *found.again])
    return Recast(made, marked, linked, again)


def _nothing_added(votes: pa.Table, mentions: pa.Table, migration: Migration, found: Found) -> None:
    """Layers, attributes and relations that are new: nobody was asked, so the annotation waits, or has none."""
    submitted = votes.filter(pc.fill_null(votes["counts"], False))
    for name, wish in migration.added.items():
        new = migration.new_fields[name]
        if new.kind == "question" or wish == "empty":
            continue
        rows = submitted
        if new.kind == "attribute":
            layer = name.split(".")[0]
            olds = [old for old, rule in migration.rules.items() if rule.new and rule.new.name == layer]
            about = [
                label
                for old in olds
                for label, to in migration.rules[old].labels.items()
                if isinstance(to, str) and to in new.spans
            ]
            marked = pc.and_(among(mentions["question"], olds), among(mentions["label"], about))
            rows = mentions.filter(pc.and_(marked, pc.fill_null(mentions["counts"], False)))
        if wish == "again":
            found.answer(rows, name, pa.nulls(rows.num_rows, pa.string()))
            found.spoil(rows)
        elif rows.num_rows:
            found.undecided[name, "(new)"] += len(annotation_of(rows).unique())


def _not_counting(rows: pa.Table, stale: pa.Array) -> pa.Table:
    if not len(stale) or not rows.num_rows:
        return rows
    spoilt = pc.is_in(annotation_of(rows), value_set=stale)
    return with_columns(rows, counts=pc.and_(rows["counts"].combine_chunks(), pc.invert(spoilt)))
