"""The columns of a table of gold or of predictions: ids, answers, clusters and targets."""

import json
import math
from collections.abc import Sequence
from itertools import islice
from typing import Any

import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.eval.task import Answer, Type

Id = tuple[str, ...]
_EXAMPLES = 3


def asked(gold: pa.Table, predictions: pa.Table) -> pa.Table:
    """Return the rows of our gold that answer the question the predictions answer."""
    import pyarrow.compute as pc

    for column in ("scheme", "question"):
        if column in gold.column_names and column in predictions.column_names:
            named = [value for value in pc.unique(predictions[column]).to_pylist() if value is not None]
            if len(named) > 1:
                raise GoldwireError(
                    f"the predictions answer more than one {column}: {', '.join(sorted(map(str, named)))}",
                    hint="Score one file of predictions a question.",
                )
            if named:
                gold = gold.filter(pc.is_in(gold[column], pa.array(named, gold.schema.field(column).type)))
            if named and not gold.num_rows:
                raise GoldwireError(f'the gold has no row of {column} "{named[0]}"')
    return gold


def ids_named(gold: pa.Table, predictions: pa.Table, given: Sequence[str]) -> list[str]:
    """Return the columns that identify a row."""
    return list(given) or [first(gold, predictions, ("unit_id", "id"), "id", "--id")]


def first(gold: pa.Table, predictions: pa.Table, names: Sequence[str], what: str, flag: str) -> str:
    """Return the first of these columns that both tables have."""
    for name in names:
        if name in gold.column_names and name in predictions.column_names:
            return name
    shared = [name for name in gold.column_names if name in predictions.column_names]
    raise GoldwireError(
        f"no column for the {what}: neither {' nor '.join(names)} stands in both tables",
        hint=f"Name it with {flag}. Both have: {', '.join(shared) or 'no column'}",
    )


def column(table: pa.Table, name: str, what: str) -> list[Any]:
    """Return the values of a column; what pandas writes as NaN is no value."""
    if name not in table.column_names:
        raise GoldwireError(f'{what} has no column "{name}"', hint=f"It has: {', '.join(table.column_names)}")
    if pa.types.is_nested(table[name].type) and not isinstance(table[name].type, pa.ListType | pa.LargeListType):
        raise GoldwireError(f'column "{name}" of {what} holds objects', hint="Give texts, or lists of texts.")
    values: list[Any] = table[name].to_pylist()
    return [None if isinstance(value, float) and math.isnan(value) else value for value in values]


def ids(table: pa.Table, columns: Sequence[str], what: str) -> list[Id]:
    """Return the id of each row, as texts: 7 in one table and "7" in the other are the same."""
    for name in columns:
        if name in table.column_names and pa.types.is_nested(table[name].type):
            row = next((at for at, value in enumerate(table[name], 1) if value.is_valid), 1)
            raise GoldwireError(
                f'column "{name}" of {what} holds lists or objects, first in row {row}: these are no ids',
                hint="Give each row a text or a number as its id.",
            )
    parts = [column(table, name, what) for name in columns]
    if any(None in part for part in parts):
        empty = [(str(at),) for at, row in enumerate(zip(*parts, strict=True), 1) if None in row]
        raise GoldwireError(f"{what}: no id in {len(empty)} rows, such as row {empty[0][0]}")
    return list(zip(*([str(value) for value in part] for part in parts), strict=True))


def targets(table: pa.Table, name: str, what: str) -> list[str | None]:
    """Return a column as text; None where the field is empty."""
    values = (None if value is None else str(value) for value in column(table, name, what))
    return [value if value and value.strip() else None for value in values]


def texts(table: pa.Table, name: str, keys: Sequence[Id], what: str = "the gold") -> list[str]:
    """Return a column as text; a row without a value stands alone, under a name that no other can have."""
    values = column(table, name, what)
    return ["\0".join(("", *key)) if value is None else str(value) for key, value in zip(keys, values, strict=True)]


def answers(table: pa.Table, name: str, what: str, separator: str | None) -> list[Answer | None]:
    """Return the answer of each row: a tuple of labels, None where the field is empty.

    A text is one label, however it looks, unless every text of the column is a JSON list of texts, which is how
    lists stand in a CSV file. Labels given twice count once.
    """
    values = column(table, name, what)
    if separator is not None:
        return [_separated(value, separator) for value in values]
    if not isinstance(table[name].type, pa.ListType | pa.LargeListType):
        distinct = dict.fromkeys(values)
        lists = {value: _as_list(value) for value in distinct if isinstance(value, str)}
        plain = [value for value, labels in lists.items() if labels is None]
        if lists and not plain:
            read = {value: _answer(lists.get(value)) for value in distinct}
        elif len(plain) < len(lists):
            many = sum(lists.get(value) is not None for value in values)
            raise GoldwireError(
                f'column "{name}" of {what} has lists in {many} rows and plain text in others, such as "{plain[0]}"',
                hint='Write all of them as lists (["a"]), or none.',
            )
        else:
            read = {value: _answer(value) for value in distinct}
        return [read[value] for value in values]
    return [_answer(value) for value in values]


def several(tables: Sequence[Sequence[Answer | None]], question_type: Type | None, separator: str | None) -> bool:
    """Return whether answers can have several labels: as the type says; without one, when any has, or may have."""
    if question_type is not None:
        return question_type in ("multiple", "tree")
    return separator is not None or any(answer is not None and len(answer) > 1 for each in tables for answer in each)


def fitting(given: Sequence[Answer | None], many: bool, what: str) -> Sequence[Answer | None]:
    """Return answers to a question of that kind; where one label is asked, none is no answer and two are an error."""
    if many:
        return given
    if wide := [answer for answer in given if answer is not None and len(answer) > 1]:
        raise GoldwireError(
            f"{what} has several labels in {len(wide)} rows, such as {', '.join(wide[0])}",
            hint="Questions with several answers are of --type multiple or tree.",
        )
    return [answer or None for answer in given]


def some(keys: Sequence[Id]) -> str:
    """Return how many there are, with the first three."""
    listed = ", ".join(shown(key) for key in islice(keys, _EXAMPLES))
    return f"{len(keys)} ({listed}{', ...' if len(keys) > _EXAMPLES else ''})"


def shown(key: Id) -> str:
    """Return an id as it is shown to people."""
    return key[0] if len(key) == 1 else f"({', '.join(key)})"


def _answer(value: Any) -> Answer | None:
    if value is None:
        return None
    if isinstance(value, list):
        return tuple(dict.fromkeys(str(label) for label in value if label is not None))
    return (str(value),)


def _separated(value: Any, separator: str) -> Answer:
    if isinstance(value, list):
        return tuple(dict.fromkeys(map(str, value)))
    parts = ("" if value is None else str(value)).split(separator)
    return tuple(dict.fromkeys(label for part in parts if (label := part.strip())))


def _as_list(value: str) -> list[str] | None:
    if not value.startswith("["):
        return None
    try:
        found = json.loads(value)
    except (json.JSONDecodeError, RecursionError):
        return None
    return found if isinstance(found, list) and all(isinstance(label, str) for label in found) else None
