"""The units behind the confusion cells, as a reader will see them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from goldwire.eval.result import Cell, Example, Mark, Task

if TYPE_CHECKING:
    import pandas as pd

PER_CELL = 8
MOST = 400
"""Units of a question, so that a page of many labels stays one that opens at once."""
_LENGTH = 2400  # characters of a text


def examples(
    test: "pd.DataFrame",
    cells: Sequence[Cell],
    *,
    mentions: Mapping[str, Sequence[Mark]] | None = None,
    tasks: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
) -> dict[str, Example]:
    """Return the first units of every cell, up to `MOST` in all; a unit that stands in several cells is there once.

    Parameters
    ----------
    test : DataFrame
        Labelled rows of the test split (see `inputs.Inputs.rows`).
    cells : sequence of Cell
        The confusion of the best model. Where there are too many, each cell has fewer, errors first.
    mentions : mapping, optional
        unit_id -> mentions of the gold, with offsets into the text of that unit (see `goldwire.eval.marks`). Those
        that do not lie within what is shown are left out.
    tasks : mapping, optional
        unit_id -> ``[{"project": int, "task": int}]``.
    """
    wanted = chosen(cells)
    found = {}
    for row in test[test["unit_id"].isin(wanted)].to_dict("records"):
        unit = str(row["unit_id"])
        # A title is followed by a blank line; a sentence may be the title, or begin with its words.
        whole = str(row["text"])
        text = whole.removeprefix(f"{row['title']}\n\n")
        shown = text[:_LENGTH].rstrip() if len(text) > _LENGTH else text
        begin = len(whole) - len(text)
        found[unit] = Example(
            title=row["title"],
            text=shown,
            shortened=len(text) > _LENGTH,
            outlet=row["outlet"],
            published_at=str(row["published_at"])[:10],
            target=row["target"],
            holder=row["holder"],
            gold=list(row["labels"]),
            decided_by=row["decided_by"],
            n_votes=row["n_votes"],
            votes={label: round(share, 6) for label, share in sorted(row["distribution"].items())},
            mentions=moved((mentions or {}).get(unit, ()), begin, len(shown)),
            tasks=[Task.model_validate(task) for task in (tasks or {}).get(unit, ())],
        )
    return found


def chosen(cells: Sequence[Cell]) -> set[str]:
    """Return the units to show: the first of each cell, then the second of each, errors first, the largest first."""
    ordered = sorted(cells, key=lambda cell: (cell.right, -len(cell.units)))
    found: dict[str, None] = {}
    for at in range(PER_CELL):
        for cell in ordered:
            if at < len(cell.units) and len(found) < MOST:
                found[cell.units[at]] = None
    return set(found)


def moved(mentions: Sequence[Mark], begin: int, length: int) -> list[Mark]:
    """Return the mentions that lie in ``text[begin : begin + length]``, with offsets into that, sorted."""
    inside = [
        Mark(start=mark.start - begin, end=mark.end - begin, label=mark.label)
        for mark in mentions
        if begin <= mark.start < mark.end <= begin + length
    ]
    return sorted(inside, key=lambda mark: (mark.start, mark.end, mark.label))
