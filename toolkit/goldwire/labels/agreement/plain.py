"""The agreement of a plain file with one answer a row, with its breakdowns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pyarrow as pa

from goldwire.errors import UsageError
from goldwire.labels.agreement import hard, slices
from goldwire.labels.agreement.measure import agreement
from goldwire.labels.agreement.part import Figures
from goldwire.labels.agreement.study import Wanted
from goldwire.labels.answers import Answers
from goldwire.labels.ballots import columns_of, counted
from goldwire.labels.plain_answers import is_votes
from goldwire.labels.plain_table import as_text


@dataclass(frozen=True)
class Columns:
    """The columns of a plain table: unit, annotator and label, by default ours or crowd-kit's; `by` makes slices."""

    unit: str | None = None
    annotator: str | None = None
    label: str | None = None
    by: Sequence[str] = ()


@dataclass(frozen=True)
class Reading:
    """How a plain table is read.

    Parameters
    ----------
    distance : "nominal", "ordinal" or "interval", optional
        Alpha's.
    order : sequence of str
        The labels from low to high.
    duplicates : "first", "last" or "error", optional
        Which answer counts when an annotator answered a unit twice.
    recode : mapping
        Label as typed -> label.
    """

    distance: Literal["nominal", "ordinal", "interval"] | None = None
    order: Sequence[str] = ()
    duplicates: Literal["first", "last", "error"] | None = None
    recode: Mapping[str, str] = field(default_factory=dict)


def of_table(
    table: pa.Table, columns: Columns, reading: Reading, wanted: Wanted, level: float = 0.95
) -> dict[str, Any]:
    """Measure the agreement in a plain table, or in a table of votes outside its study.

    Returns
    -------
    dict
        That of `goldwire.labels.agreement.measure.agreement`; each question also has hard (see
        `goldwire.labels.agreement.hard`) and, with columns to slice by, slices and not_in_slices (see
        `goldwire.labels.agreement.slices`). Every unit is drawn alone: a plain file has no stories.

    Raises
    ------
    UsageError
        When a way to read plain tables is asked for, and the table is one of votes.
    GoldwireError
        See `goldwire.labels.agreement.measure.agreement` and `goldwire.labels.agreement.slices.of_columns`.
    """
    votes = is_votes(table, columns.unit, columns.annotator, columns.label)
    if votes and reading != Reading():
        name = next(name for name, value in vars(reading).items() if value)
        raise UsageError(
            f"--{name} goes with a plain table, and this is one of votes", hint="Its scheme and its fold say this."
        )
    if votes:
        rows, unit = counted(table), "unit_id"
    else:
        named = columns_of(table, columns.unit, columns.annotator, columns.label)
        rows, unit = as_text(table, *named), named[0]
    slicings = slices.of_columns(rows, unit, columns.by)
    figures = Figures({}, wanted.resamples or 1000, wanted.seed or 0, level, reading.distance)
    labels: dict[str, list[str]] = {}

    def breakdowns(answers: Answers) -> dict[str, Any]:
        labels[answers.question] = answers.labels
        found = slices.slices_of(answers, slicings, figures) if slicings else {}
        return {**found, "hard": hard.hard_of(answers, wanted.easy, None, figures)}

    value = agreement(
        table if votes else rows,
        unit=columns.unit,
        annotator=columns.annotator,
        label=columns.label,
        distance=reading.distance,
        order=reading.order or None,
        duplicates=reading.duplicates,
        recode=reading.recode or None,
        pairs=wanted.pairs or None,
        breakdowns=breakdowns,
        resamples=figures.resamples,
        seed=figures.seed,
        level=figures.level,
    )
    hard.check_easy(wanted.easy, labels)
    return value
