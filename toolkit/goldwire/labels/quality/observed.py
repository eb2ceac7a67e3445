"""The answers to one question, each with when it was given and how long it took."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goldwire.errors import GoldwireError
from goldwire.labels.answers import Answers, Codes
from goldwire.labels.ballots import Duplicates, Recode, columns_of, counted, of_frame, of_votes
from goldwire.labels.clusters import stories_of
from goldwire.labels.plain_table import as_text, no_column
from goldwire.scheme import Scheme
from goldwire.stats.draws import Array

TIME, SECONDS = "created", "lead_time_s"


@dataclass(frozen=True)
class Observed:
    """The answers to one question.

    Parameters
    ----------
    answers : Answers
    time : array
        When each answer was given, in seconds since 1970 (UTC); NaN where that is not known.
    seconds : array
        How long it took; NaN where that is not known. In a study this is the time for all questions of the page.
    cluster : array of int
        The story of each of `answers.units`.
    """

    answers: Answers
    time: Array
    seconds: Array
    cluster: Codes

    @cached_property
    def size(self) -> Codes:
        """How many answers the unit of each answer has."""
        return self.answers.size[self.answers.unit]

    @cached_property
    def story(self) -> Codes:
        """The story of each answer."""
        return self.cluster[self.answers.unit]

    @cached_property
    def of(self) -> list[Codes]:
        """The places of each annotator's answers."""
        order = np.argsort(self.answers.annotator, kind="stable")
        bounds = np.searchsorted(self.answers.annotator[order], np.arange(len(self.answers.annotators) + 1))
        return [order[start:end] for start, end in pairwise(bounds.tolist())]

    def has(self, label: int) -> NDArray[np.bool_]:
        """Whether each answer includes a label."""
        name = self.answers.labels[label]
        return np.array([name in found for found in self.answers.sets], dtype=bool)[self.answers.answer]


def observed_votes(
    votes: pa.Table, schemes: Mapping[str, Scheme], recode: Recode, clusters: Mapping[str, str]
) -> Iterator[Observed]:
    """Yield the answers that count to each question of a votes table; free text is left out.

    Raises
    ------
    GoldwireError
        See `goldwire.labels.ballots.of_votes`.
    """
    rows = counted(votes)
    for answers in of_votes(votes, schemes, recode):
        if answers.type != "text":
            part = rows.filter(_is(rows["scheme"], answers.scheme))
            time, seconds = _utc(part[TIME]), part[SECONDS].to_numpy().astype(float)
            seconds[~(seconds >= 0)] = np.nan  # no server says less than nothing in earnest
            yield _observed(answers, part["unit_id"], part["annotator"], time, seconds, clusters)


def observed_frame(
    table: pa.Table,
    *,
    unit: str | None = None,
    annotator: str | None = None,
    label: str | None = None,
    time: str | None = None,
    seconds: str | None = None,
    duplicates: Duplicates | None = None,
) -> Observed:
    """Return the answers of a plain table; see `goldwire.labels.ballots.of_frame`.

    Parameters
    ----------
    time, seconds : str, optional
        Columns with when an answer was given (ISO 8601; without an offset it is UTC) and how long it took. Without
        them, created and lead_time_s where they are there. An empty cell is not known.

    Raises
    ------
    GoldwireError
        When a column is not there, or a cell of it is no time, no number, or negative; the message names the row.
    """
    columns = columns_of(table, unit, annotator, label)
    table = as_text(table, *columns)
    answers = of_frame(table, *columns, duplicates)
    when, took = (_column(table, time, TIME, _times), _column(table, seconds, SECONDS, _numbers))
    keep = np.array([bool(said) for said in table[columns[2]].to_pylist()], dtype=bool)
    of, by = (table[name].filter(pa.array(keep)) for name in columns[:2])
    return _observed(answers, of, by, when[keep], took[keep], {}, last=duplicates == "last")


def _observed(
    answers: Answers,
    unit: pa.ChunkedArray,
    annotator: pa.ChunkedArray,
    time: Array,
    seconds: Array,
    clusters: Mapping[str, str],
    last: bool = False,
) -> Observed:
    """Find the row of each answer: that of its unit and annotator."""
    width = len(answers.annotators)
    key = _codes(unit, answers.units) * width + _codes(annotator, answers.annotators)
    order = np.argsort(key, kind="stable")
    sought = answers.unit * width + answers.annotator
    side = np.searchsorted(key[order], sought, side="right") - 1 if last else np.searchsorted(key[order], sought)
    row = order[side] if len(sought) else np.zeros(0, dtype=np.int64)
    return Observed(answers, time[row], seconds[row], stories_of(answers.units, clusters))


def _codes(column: pa.ChunkedArray, names: list[str]) -> Codes:
    import pyarrow.compute as pc

    found = pc.index_in(column.combine_chunks(), value_set=pa.array(names, pa.string()))
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.int64)


def _is(column: pa.ChunkedArray, value: str) -> pa.ChunkedArray:
    import pyarrow.compute as pc

    return pc.equal(column, value)


def _utc(column: pa.ChunkedArray) -> Array:
    """Return times as seconds since 1970; a time without a zone is UTC."""
    micros = column.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()).to_numpy()
    return np.asarray(micros, dtype=np.float64) / 1e6


def _column(table: pa.Table, named: str | None, usual: str, read: Callable[[pa.ChunkedArray, str], Array]) -> Array:
    if named is None and usual not in table.column_names:
        return np.full(table.num_rows, np.nan)
    name = named or usual
    if name not in table.column_names:
        raise no_column(table, name)
    return read(table[name], name)


def _times(column: pa.ChunkedArray, name: str) -> Array:
    if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
        return _utc(column.cast(pa.timestamp("us", tz=getattr(column.type, "tz", None))))
    return _each(column, name, _time, "Write times as 2026-03-31T14:05:00+02:00.")


def _numbers(column: pa.ChunkedArray, name: str) -> Array:
    return _each(column, name, _seconds, "Give seconds as numbers, such as 12.5, or nothing.")


def _each(column: pa.ChunkedArray, name: str, read: Callable[[Any], float], hint: str) -> Array:
    found = np.full(len(column), np.nan)
    known: dict[Any, float] = {}
    for row, cell in enumerate(column.to_pylist()):
        if cell is None or cell == "" or cell != cell:  # a table of floats holds NaN for what is not known
            continue
        if cell not in known:
            try:
                known[cell] = read(cell)
            except (ValueError, TypeError, OverflowError) as error:
                raise GoldwireError(f'"{cell}" {error}', where=f"row {row + 1}: {name}", hint=hint) from None
        found[row] = known[cell]
    return found


def _time(cell: Any) -> float:
    try:
        found = datetime.fromisoformat(cell)
    except (ValueError, TypeError):
        raise ValueError("is no time") from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _seconds(cell: Any) -> float:
    try:
        found = float(cell)
    except (ValueError, TypeError):
        raise ValueError("is no number") from None
    if not np.isfinite(found):
        raise ValueError("is no number")
    if found < 0:
        raise ValueError("is negative")
    return found
