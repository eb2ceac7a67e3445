"""Agreement by outlet, by month, over time, by language, by round; in a plain file, by any of its columns."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from goldwire.errors import GoldwireError
from goldwire.labels.agreement.part import Figures, Flags, of_answers
from goldwire.labels.answers import Answers, Codes
from goldwire.labels.ballots import counted
from goldwire.labels.plain_table import text_column

MOST = 50
"""So many values of a slice have figures, those with most answers; the rest are counted."""


class Given(Protocol):
    """Who answered what in a scheme: the answers to a question, or submissions, one element each."""

    @property
    def scheme(self) -> str:
        """Empty for a plain file."""

    @property
    def units(self) -> list[str]:
        """What `unit` indexes."""

    @property
    def annotators(self) -> list[str]:
        """What `annotator` indexes."""

    @property
    def unit(self) -> Codes:
        """The unit of each."""

    @property
    def annotator(self) -> Codes:
        """The annotator of each."""


Slicing = Callable[[Given], Sequence[str | None]]
"""Gives the value of each answer; None where it is not known."""

_WEEKS = 26


def slices_of(answers: Answers, slicings: Mapping[str, Slicing], figures: Figures) -> dict[str, Any]:
    """Return the figures of each value of each slicing.

    Returns
    -------
    dict
        slices: SLICING -> VALUE, sorted -> its figures (see `goldwire.labels.agreement.part.Figures.of`).
        not_in_slices: SLICING -> not_known (units without a value), values and units (those beyond the `MOST`
        largest).
    """
    slices, rest = by_value(answers, slicings, lambda kept: figures.of(of_answers(answers, kept)))
    return {"slices": slices, "not_in_slices": rest}


def by_value(
    given: Given, slicings: Mapping[str, Slicing], figures: Callable[[Flags], dict[str, Any]]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return slices and not_in_slices, as `slices_of` does; `figures` takes which answers are in a slice."""
    slices: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    for name, slicing in slicings.items():
        said = slicing(given)
        values = sorted({value for value in said if value is not None})
        place = {value: code for code, value in enumerate(values)}
        code = np.array([-1 if value is None else place[value] for value in said], dtype=np.int64)
        votes = np.bincount(code[code >= 0], minlength=len(values))
        largest = np.argsort(-votes, kind="stable")[:MOST]
        beyond = np.setdiff1d(np.arange(len(values)), largest)
        slices[name] = {values[one]: figures(code == one) for one in np.sort(largest).tolist()}
        rest[name] = {
            "not_known": len(np.unique(given.unit[code < 0])),
            "values": len(beyond),
            "units": len(np.unique(given.unit[np.isin(code, beyond)])),
        }
    return slices, rest


def of_study(votes: pa.Table, units: pa.Table, articles: pa.Table) -> dict[str, Slicing]:
    """Return the slicings of a study's votes: outlet, month, labelled, language, round.

    month is that of the article's publication. labelled is when the last answer to the unit that counts was given:
    a week (2026-W10) where all were given within half a year, else a month. Times are UTC.
    """
    rows = counted(votes)
    article = dict(zip(units["unit_id"].to_pylist(), units["article_id"].to_pylist(), strict=True))
    ids = articles["article_id"].to_pylist()

    def by_article(column: pa.ChunkedArray) -> Slicing:
        value = dict(zip(ids, column.to_pylist(), strict=True))
        return _by_unit({unit: value.get(of) for unit, of in article.items()})

    return {
        "outlet": by_article(articles["outlet"]),
        "month": by_article(pc.strftime(articles["published_at"], "%Y-%m")),
        "labelled": _labelled(rows),
        "language": by_article(articles["language"]),
        "round": _by_answer(rows, rows["round"].to_pylist()),
    }


def of_columns(table: pa.Table, unit: str, columns: Iterable[str]) -> dict[str, Slicing]:
    """Return slicings by columns of a plain table; a cell without a value says nothing.

    Raises
    ------
    GoldwireError
        When a column is not there or cannot be text, or the rows of a unit disagree on it.
    """
    return {column: _by_unit(_of_column(table, unit, column)) for column in columns}


def _of_column(table: pa.Table, unit: str, column: str) -> dict[str, str | None]:
    said = pa.table({"unit": text_column(table, unit), "value": text_column(table, column)})
    said = said.filter(pc.is_valid(said["value"])).group_by(["unit", "value"]).aggregate([])
    value: dict[str, str | None] = {}
    for one, found in sorted(zip(said["unit"].to_pylist(), said["value"].to_pylist(), strict=True)):
        if value.setdefault(one, found) != found:
            raise GoldwireError(
                f'the rows of unit "{one}" disagree on "{column}": "{value[one]}" and "{found}"',
                hint="Name a column that says the same in every row of a unit, or mend the rows.",
            )
    return value


def _by_unit(value: Mapping[str, str | None]) -> Slicing:
    def values(answers: Given) -> Sequence[str | None]:
        of_unit = [value.get(unit) for unit in answers.units]
        return [of_unit[code] for code in answers.unit.tolist()]

    return values


def _by_answer(rows: pa.Table, given: Sequence[str | None]) -> Slicing:
    keys = zip(*(rows[name].to_pylist() for name in ("scheme", "unit_id", "annotator")), strict=True)
    value = dict(zip(keys, given, strict=True))

    def values(answers: Given) -> Sequence[str | None]:
        return [
            value.get((answers.scheme, answers.units[unit], answers.annotators[annotator]))
            for unit, annotator in zip(answers.unit.tolist(), answers.annotator.tolist(), strict=True)
        ]

    return values


def _labelled(rows: pa.Table) -> Slicing:
    given = pc.coalesce(rows["created"], rows["updated"])
    last = pa.table({"scheme": rows["scheme"], "unit": rows["unit_id"], "given": given})
    last = last.group_by(["scheme", "unit"]).aggregate([("given", "max")])
    span = pc.min_max(last["given_max"]).as_py()
    short = span["min"] is None or (span["max"] - span["min"]).days <= 7 * _WEEKS
    period = pc.strftime(last["given_max"], "%G-W%V" if short else "%Y-%m")
    keys = zip(last["scheme"].to_pylist(), last["unit"].to_pylist(), strict=True)
    value = dict(zip(keys, period.to_pylist(), strict=True))

    def values(answers: Given) -> Sequence[str | None]:
        of_unit = [value.get((answers.scheme, unit)) for unit in answers.units]
        return [of_unit[code] for code in answers.unit.tolist()]

    return values
