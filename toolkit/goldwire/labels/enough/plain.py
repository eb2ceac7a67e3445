"""What would be enough, from a file with one answer a row, or from a table of votes outside its study."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from goldwire.errors import UsageError
from goldwire.labels.ballots import Duplicates
from goldwire.labels.enough.measure import enough
from goldwire.labels.enough.options import Options
from goldwire.labels.plain_answers import is_votes


def of_table(
    table: pa.Table,
    options: Options,
    *,
    question: str | None = None,
    unit: str | None = None,
    annotator: str | None = None,
    label: str | None = None,
    duplicates: Duplicates | None = None,
    recode: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return what `goldwire.labels.enough.measure.enough` does; every unit is a story of its own.

    Raises
    ------
    UsageError
        When a way to read plain tables is asked for, and the table is one of votes.
    GoldwireError
        See `goldwire.labels.enough.measure.enough`.
    """
    if is_votes(table, unit, annotator, label):
        for name, value in (("duplicates", duplicates), ("recode", recode)):
            if value is not None:
                raise UsageError(
                    f"--{name} goes with a plain table, and this is one of votes",
                    hint="Its scheme and its fold say this.",
                )
    return enough(
        table,
        options,
        question=question,
        unit=unit,
        annotator=annotator,
        label=label,
        duplicates=duplicates,
        recode=recode,
    )
