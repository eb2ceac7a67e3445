"""The units behind the confusion cells, as a reader will see them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from goldwire.eval.result import Cell, Example

if TYPE_CHECKING:
    import pandas as pd

PER_CELL = 8
_LENGTH = 2400  # characters of a text


def examples(test: "pd.DataFrame", cells: Sequence[Cell]) -> dict[str, Example]:
    """Return the first units of every cell; a unit that stands in cells of several models is there once.

    Parameters
    ----------
    test : DataFrame
        Labelled rows of the test split (see `inputs.Inputs.rows`).
    """
    wanted = {unit for cell in cells for unit in cell.units[:PER_CELL]}
    rows = test[test["unit_id"].isin(wanted)].to_dict("records")
    found = {}
    for row in rows:
        # A title is followed by a blank line; a sentence may be the title, or begin with its words.
        text = str(row["text"]).removeprefix(f"{row['title']}\n\n")
        found[str(row["unit_id"])] = Example(
            title=row["title"],
            text=text[:_LENGTH].rstrip() if len(text) > _LENGTH else text,
            shortened=len(text) > _LENGTH,
            outlet=row["outlet"],
            published_at=str(row["published_at"])[:10],
            target=row["target"],
            holder=row["holder"],
            gold=row["label"],
            decided_by=row["decided_by"],
            n_votes=row["n_votes"],
            votes={label: round(share, 6) for label, share in sorted(row["distribution"].items())},
        )
    return found
