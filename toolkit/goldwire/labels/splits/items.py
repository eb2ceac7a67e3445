"""What is divided: units with the values that they share with others, and the labels that are spread evenly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goldwire import study
from goldwire.errors import GoldwireError

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

SPLITS = ("train", "validation", "test")
NONE = -1
"""The code of no value, of no split, and of no fold."""


@dataclass(frozen=True)
class Field:
    """What units can have in common.

    Attributes
    ----------
    codes : array of int64
        The value of every unit as a position in `names`, or `NONE`.
    names : sequence of str
        The values.
    whole : bool
        Whether all units of one owner (an article) have the same value.
    """

    codes: Ints
    names: Sequence[str]
    whole: bool


@dataclass(frozen=True)
class Labels:
    """The labels of units, as pairs of positions: `units[k]` has `names[columns[k]]`, a ``QUESTION\\0LABEL``."""

    units: Ints
    columns: Ints
    names: Sequence[str]


@dataclass(frozen=True)
class Items:
    """Units, sorted by id, with their fields; the first field, the owner, is never divided whatever the rest says.

    Attributes
    ----------
    ids : sequence of str
    fields : mapping
        Field by name; the owner comes first ("article" in a study).
    labels : Labels
    noun : str
        What one of them is called, for errors and notes.
    """

    ids: Sequence[str]
    fields: Mapping[str, Field]
    labels: Labels
    noun: str = "unit"

    @property
    def owner(self) -> str:
        """The name of the field that a unit is never divided by."""
        return next(iter(self.fields))

    def owners(self, at: Ints | Flags) -> list[str]:
        """Return the owners of the units at these positions, each once, sorted."""
        field = self.fields[self.owner]
        found = [field.names[code] for code in np.unique(field.codes[at]).tolist()]
        return sorted(found, key=int if self.owner == "row" else None)


def of_study(units: pa.Table, articles: pa.Table, gold: pa.Table, params: study.Splits) -> Items:
    """Return the units of a study, with the fields that ``splits.by`` and ``splits.group_by`` name.

    Raises
    ------
    GoldwireError
        When a unit's article is missing.
    """
    import pyarrow.compute as pc

    units = units.select(["unit_id", "article_id", "kind", "target"]).sort_by("unit_id")
    at = pc.index_in(units["article_id"], value_set=articles["article_id"].combine_chunks())
    if at.null_count:
        missing = sorted(set(units["article_id"].filter(pc.is_null(at)).to_pylist()))
        raise GoldwireError(
            f"{len(missing)} articles have units but are not in the articles: {', '.join(missing[:5])}",
            hint="Import them again with: goldwire corpus import PATH",
        )
    target = units["target"]
    headline = pc.if_else(pc.equal(units["kind"], "headline"), target, pa.scalar(None, pa.string()))
    fields = {
        "article": encoded(units["article_id"], whole=True),
        "story": encoded(articles["story_id"].take(at), whole=True),
    }
    if "group" in params.group_by:
        fields["group"] = encoded(articles["group"].take(at), whole=True)
    if "headline" in params.group_by:
        fields["headline"] = encoded(headline, whole=False)
    if "target" in params.group_by or params.by == "target":
        fields["target"] = encoded(target, whole=False)
    if params.by == "outlet":
        fields["outlet"] = encoded(articles["outlet"].take(at), whole=True)
    return Items(units["unit_id"].to_pylist(), fields, _labels(gold, units["unit_id"]))


def encoded(values: pa.ChunkedArray | pa.Array, *, whole: bool) -> Field:
    """Return a column of text as a field; its values are numbered as they come."""
    column = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    found = column.dictionary_encode()
    codes = found.indices.fill_null(NONE).to_numpy(zero_copy_only=False).astype(np.int64)
    return Field(codes, found.dictionary.to_pylist(), whole)


def labels_of(units: Ints, names: pa.Array) -> Labels:
    """Return what units have, each label of a unit once; names are numbered in their order."""
    found = encoded(names, whole=False)
    order = sorted(range(len(found.names)), key=lambda code: found.names[code])
    rank: Ints = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    unit, column = np.divmod(np.unique(units * max(1, len(order)) + rank[found.codes]), max(1, len(order)))
    return Labels(unit, column, [found.names[code] for code in order])


def _labels(gold: pa.Table, ids: pa.ChunkedArray) -> Labels:
    """Return the gold labels of each unit, named by scheme and question; unresolved units have none."""
    import pyarrow.compute as pc

    lists = gold["labels"].combine_chunks()
    rows = pc.list_parent_indices(lists)
    unit = pc.index_in(gold["unit_id"], value_set=ids.combine_chunks()).combine_chunks().take(rows)
    named = pc.binary_join_element_wise(
        gold["scheme"].combine_chunks().take(rows),
        gold["question"].combine_chunks().take(rows),
        lists.flatten(),
        "\0",
    )
    known = pc.is_valid(unit)
    return labels_of(unit.filter(known).to_numpy(zero_copy_only=False).astype(np.int64), named.filter(known))
