"""What each config of the dataset holds: its columns, its rows, and which columns are labels of a scheme."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from goldwire.labels.ballots import Recode
from goldwire.labels.dataset.config import UNASSIGNED, Config
from goldwire.labels.dataset.events import events
from goldwire.labels.dataset.fitting import refuse_misplaced
from goldwire.labels.dataset.frame import UNIT, frame_of, shared
from goldwire.labels.dataset.joins import Codes, known, one, order_by, positions, ranks, taken
from goldwire.labels.dataset.provenance import Provenance
from goldwire.labels.dataset.wide import label_names, question_columns, wide
from goldwire.labels.splits.division import SPLITS
from goldwire.scheme import Scheme
from goldwire.study import Gold

__all__ = ["UNASSIGNED", "Config", "configs", "label_names", "question_columns"]

_NOT_PUBLISHED = ("created", "updated")  # they tell when an annotator was at work


def configs(
    *,
    articles: pa.Table,
    units: pa.Table,
    votes: pa.Table,
    gold: pa.Table,
    mentions: pa.Table,
    relations: pa.Table,
    splits: pa.Table,
    schemes: Sequence[Scheme],
    recode: Recode,
    method: str = Gold().method,
) -> list[Config]:
    """Return the configs of the dataset, `gold` first. Units without a split are in none but `articles`.

    Parameters
    ----------
    mentions, relations : pa.Table
        The decided ones (`gold_mentions`, `gold_relations`).
    recode : mapping
        Scheme, question, old label, new label: as already applied to `gold`, never to `votes`.
    method : str
        By which gold was decided; see `goldwire.labels.dataset.provenance`.

    Raises
    ------
    GoldwireError
        When a row belongs to no unit, a unit to no article, a mention is not the text at its place, or gold has a
        label that its scheme has not.
    """
    texts = shared(articles["text"])
    frame = frame_of(units, articles, texts, splits)
    refuse_misplaced(mentions, frame, articles)
    known(votes, "unit_id", frame, "votes", "units")
    behind = Provenance(votes, schemes, recode)
    marked, linked = (
        _decided(table, frame, name, behind, method, [], keys)
        for table, name, keys in (
            (mentions, "gold_mentions", ("start", "end", "mention_id")),
            (relations, "gold_relations", ("relation_id",)),
        )
    )
    decided = _decided(gold, frame, "gold", behind, method, [*UNIT, "text", "fold"], ("question",))
    del behind
    flat = events(mentions, relations, _only(units, mentions), schemes)
    return [
        Config("gold", "a unit and a question, as decided", decided),
        *[wide(scheme, gold, frame, recode.get(scheme.name, {})) for scheme in schemes],
        Config("votes", "an annotator's answer to a question about a unit", _votes(votes, frame)),
        Config("mentions", "a marked span, as decided", _first(marked, "mention_id")),
        Config("relations", "a link between two spans, as decided", _first(linked, "relation_id")),
        Config("events", "an event: its trigger, attributes and roles", _joined(flat, frame, "events", [], ())),
        Config("articles", "an article, labelled or not", _articles(articles, texts, frame)),
    ]


def _decided(
    table: pa.Table,
    frame: pa.Table,
    name: str,
    behind: Provenance,
    method: str,
    columns: Sequence[str],
    keys: Sequence[str],
) -> pa.Table:
    known(table, "unit_id", frame, name, "units")
    return _joined(behind.added(table, method), frame, name, columns, ("scheme", "unit_id", *keys))


def _votes(votes: pa.Table, frame: pa.Table) -> pa.Table:
    import pyarrow.compute as pc

    answered = pc.is_in(one(votes["status"]), value_set=pa.array(["submitted", "skipped"]))
    columns = [name for name in votes.column_names if name not in _NOT_PUBLISHED]
    keys = ("scheme", "unit_id", "question", "annotator", "annotation_id", "round")
    return _joined(votes.select(columns), frame, "votes", [], keys, answered)


def _joined(
    table: pa.Table,
    frame: pa.Table,
    name: str,
    columns: Sequence[str],
    keys: Sequence[str],
    wanted: pa.Array | None = None,
) -> pa.Table:
    """Return the wanted rows of units that have a split, sorted by keys, ids first, with columns of their units."""
    at = known(table, "unit_id", frame, name, "units")
    keep = one(frame["split"]).is_valid().to_numpy(zero_copy_only=False)[at]
    if wanted is not None:
        keep &= wanted.to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(keep)
    rows = rows[order_by(_keys(table, rows, at, keys), len(rows))]
    made, place = taken(table, rows), pa.array(at[rows])
    for column in [*(["article_id"] if "article_id" not in made.column_names else []), *columns, "split"]:
        made = made.append_column(frame.schema.field(column), one(frame[column]).take(place))
    return _first(made, "unit_id", "article_id")


def _keys(table: pa.Table, rows: Codes, at: Codes, keys: Sequence[str]) -> Iterator[Codes]:
    """Yield the ranks of each key; the frame is sorted by unit_id, so a place in it is one."""
    for key in keys:
        yield at[rows] if key == "unit_id" else ranks(one(table[key]).take(pa.array(rows)))


def _first(table: pa.Table, *columns: str) -> pa.Table:
    return table.select([*columns, *[name for name in table.column_names if name not in columns]])


def _only(units: pa.Table, mentions: pa.Table) -> pa.Table:
    at = positions(mentions["unit_id"].unique(), units["unit_id"]).drop_null()
    return units.take(at)


def _articles(articles: pa.Table, texts: pa.Array, frame: pa.Table) -> pa.Table:
    """Return all articles; one without labelled units has the split of its story and group, when that is one."""
    placed = frame.select(["article_id", "story_id", "group", "split"])
    placed = placed.filter(one(placed["split"]).is_valid())
    side = positions(placed["split"], pa.array(SPLITS)).to_numpy()
    found = {name: _sides(placed[name], side, articles[name]) for name in ("article_id", "story_id", "group")}
    own, (story, group) = found.pop("article_id"), found.values()
    sides = np.where(own, own, story | group)
    names = [{1: SPLITS[0], 2: SPLITS[1], 4: SPLITS[2]}.get(bits, UNASSIGNED) for bits in range(8)]
    order = order_by([ranks(articles["article_id"])], articles.num_rows)
    at = articles.column_names.index("text")
    text = pa.DictionaryArray.from_arrays(pa.array(order, pa.int32()), texts)
    made = taken(articles.remove_column(at), order).add_column(at, "text", text)
    return made.append_column("split", pa.array(names).take(pa.array(sides[order])))


def _sides(column: pa.ChunkedArray, side: Codes, of: pa.ChunkedArray) -> Codes:
    """Return the splits that the values of `of` are in, as bits: those of the rows with the same value."""
    values = one(column).unique().drop_null()
    bits: Codes = np.zeros(len(values) + 1, dtype=np.int64)
    at = positions(column, values).fill_null(len(values)).to_numpy()
    np.bitwise_or.at(bits, at, 1 << side.astype(np.int64))
    bits[-1] = 0  # a value that is not known is shared with nobody
    wanted: Codes = positions(of, values).fill_null(len(values)).to_numpy()
    return bits[wanted]
