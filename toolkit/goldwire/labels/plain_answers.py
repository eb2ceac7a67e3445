"""A table from elsewhere: whether it is one of votes, and the answers of a plain one, under a map of its labels."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from goldwire.labels.answers import Answers
from goldwire.labels.ballots import COLUMNS, Duplicates, columns_of, of_frame
from goldwire.labels.plain_table import as_text
from goldwire.labels.typed_labels import recoded


@dataclass(frozen=True)
class PlainAnswers:
    """The answers of a plain table.

    Parameters
    ----------
    answers : Answers
    recoding : dict
        With a map, recoded (old label -> to, n rows) and unknown (label -> rows); else empty.
    hint : str
        What a row needs, should there be no answer.
    """

    answers: Answers
    recoding: dict[str, Any]
    hint: str


def is_votes(table: pa.Table, unit: str | None, annotator: str | None, label: str | None) -> bool:
    """Whether a table is one of votes, as `labels build` makes them; naming a column makes it a plain one."""
    return set(COLUMNS) <= set(table.column_names) and not (unit or annotator or label)


def plain_answers(
    table: pa.Table,
    unit: str | None,
    annotator: str | None,
    label: str | None,
    duplicates: Duplicates | None,
    recode: Mapping[str, Any] | None,
) -> PlainAnswers:
    """Return the answers of a plain table; see `goldwire.labels.ballots.columns_of` and `of_frame`.

    Parameters
    ----------
    recode : mapping, optional
        Old label -> new label; see `goldwire.labels.typed_labels.recoded`.

    Raises
    ------
    GoldwireError
        When a column is missing or has gaps, an annotator answered a unit twice, or the map is not one of labels.
    """
    columns, recoding = columns_of(table, unit, annotator, label), {}
    hint = f'A row needs a label in the column "{columns[2]}".'
    if recode is not None:
        known = recoded(as_text(table, *columns), columns[2], recode)
        table, recoding = known.table, {"recoded": known.applied, "unknown": known.unknown}
        hint += " The map knows none of them." if known.unknown else ""
    return PlainAnswers(of_frame(table, *columns, duplicates), recoding, hint)
