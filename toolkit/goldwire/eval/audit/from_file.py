"""The subject of a plain table: one unit a row, or one answer a row where annotators are named."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from goldwire import tables
from goldwire.errors import GoldwireError, UsageError
from goldwire.eval.audit import frames
from goldwire.eval.audit.subject import Other, Subject

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Columns:
    """The columns of a table, by what they hold. One that is not given is that of our own name, where it is there.

    Attributes
    ----------
    id : str, optional
        Else `unit_id`, else the number of the row.
    label : sequence of str
        A question each: a label, a list of labels, or such a list in JSON. Else `label` or `labels`.
    shared : sequence of str
        Whose values should stand in one split. The article and the story are shared, too.
    annotator : str, optional
        With it a row is an answer, an id may repeat, and there are votes and no gold.
    """

    id: str | None = None
    text: str | None = None
    label: Sequence[str] = ()
    split: str | None = None
    shared: Sequence[str] = ()
    article: str | None = None
    story: str | None = None
    target: str | None = None
    holder: str | None = None
    outlet: str | None = None
    date: str | None = None
    licence: str | None = None
    annotator: str | None = None

    def given(self) -> list[str]:
        """Return the fields that are given."""
        return [field.name for field in fields(self) if getattr(self, field.name)]


_OURS = {
    "id": "unit_id",
    "text": "text",
    "split": "split",
    "article": "article_id",
    "story": "story_id",
    "target": "target",
    "holder": "holder",
    "outlet": "outlet",
    "date": "published_at",
    "licence": "licence",
}
_FRAME = {"id": "unit_id", "article": "article_id", "story": "story", "date": "published_at"}  # else the same name
_LABELS = ("label", "labels")
_SPELT = {
    spelt: ours
    for ours, names in (
        ("train", "train training"),
        ("validation", "validation valid val dev development"),
        ("test", "test testing eval evaluation"),
    )
    for spelt in names.split()
}


def of_file(path: Path, columns: Columns, *, others: Sequence[Other] = (), seed: int = 0) -> Subject:
    """Return what there is to audit in a table (.parquet, .csv, .tsv, .jsonl).

    Raises
    ------
    GoldwireError
        When the file cannot be read, a column is not there, an id repeats without annotators, or a date is none.
    UsageError
        When a column is to be shared under the name of another one.
    """
    table = tables.read(path)
    named = _named(table, columns, path)
    values = {_FRAME.get(kind, kind): _texts(table, name) for kind, name in named.items() if kind != "licence"}
    values.setdefault("unit_id", [str(number + 1) for number in range(table.num_rows)])
    if lost := [number for number, value in enumerate(values["unit_id"], 1) if value is None]:
        raise GoldwireError(f"row {lost[0]} has no id", where=f"{path}: {named['id']}")
    if "published_at" in values:
        values["published_at"] = _dates(table, named["date"], path)
    if "split" in values:
        values["split"] = _splits(values["split"])
    for name in columns.shared:
        if name in (
            "split",
            "start",
            "published_at",
            "unit_id",
            named.get("split"),
            named.get("date"),
            named.get("id"),
        ):
            raise UsageError(
                f"--shared {name}: units do not share that", hint="Name a column such as a body or a story."
            )
        if name in frames.UNITS and named.get(_kind(name), name) != name:
            raise UsageError(f"--shared {name} and another column given as {name} do not go together")
        values[name] = _texts(table, name)
    questions = list(columns.label) or [name for name in _LABELS if name in table.column_names][:1]
    answers = {name: _labels(table, name) for name in questions}
    shared = ["article_id"] * ("article_id" in values) + ["story"] * ("story" in values) + list(columns.shared)
    values.setdefault("article_id", values["unit_id"])
    first = _first(values["unit_id"]) if columns.annotator else list(range(table.num_rows))
    try:
        units = frames.units({name: [column[at] for at in first] for name, column in values.items()})
    except GoldwireError as error:
        hint = "Name the column of the annotator with --annotator, or another --id."
        raise GoldwireError(error.message, where=str(path), hint=hint) from None
    licences = _texts(table, named["licence"]) if "licence" in named else [None] * table.num_rows
    said = [(name, values["unit_id"][at], at) for name in sorted(answers) for at in range(table.num_rows)]
    gold, votes = [], None
    if columns.annotator:
        people = _texts(table, columns.annotator)
        given = [(name, unit, people[at], answers[name][at]) for name, unit, at in said]
        votes = frames.rows(frames.VOTES, [row for row in given if row[2] is not None and row[3] is not None])
    else:
        gold = [(name, unit, answers[name][at], None, False, 0) for name, unit, at in said]
    return Subject(
        units=units,
        shared=list(dict.fromkeys(shared)),
        answers=frames.rows(frames.ANSWERS, sorted(gold, key=itemgetter(0, 1))),
        labels={name: sorted({label for row in answers[name] for label in row or []}) for name in sorted(answers)},
        articles=_articles(values, licences, units),
        votes=votes,
        others=others,
        seed=seed,
    )


def _named(table: pa.Table, columns: Columns, path: Path) -> dict[str, str]:
    """Return the column of each thing that is known."""
    asked = [*columns.label, *columns.shared, *([columns.annotator] if columns.annotator else [])]
    asked += [name for kind in _OURS if (name := getattr(columns, kind))]
    if missing := sorted(set(asked) - set(table.column_names)):
        raise GoldwireError(
            f"there is no column {', '.join(missing)}",
            where=str(path),
            hint=f"There are: {', '.join(table.column_names)}",
        )
    chosen = {kind: getattr(columns, kind) or ours for kind, ours in _OURS.items()}
    return {kind: name for kind, name in chosen.items() if name in table.column_names}


def _kind(name: str) -> str:
    return next((kind for kind, ours in _FRAME.items() if ours == name), name)


def _texts(table: pa.Table, name: str) -> list[Any]:
    """Return a column as texts; equal ones are one object, since a body may stand in thousands of rows.

    What is empty, or not a number, is None.
    """
    column = table[name]
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        encoded = column.combine_chunks().dictionary_encode()
        known = [value or None for value in encoded.dictionary.to_pylist()]
        return [None if at is None else known[at] for at in encoded.indices.to_pylist()]
    return [str(value) if _there(value) else None for value in column.to_pylist()]


def _splits(given: list[Any]) -> list[Any]:
    """Return splits under our names where they are spelt otherwise, such as dev for validation; see `_SPELT`.

    Two spellings in one table are two splits, and both stay.
    """
    names: dict[str, list[str]] = {}
    for name in dict.fromkeys(given):
        if name is not None:
            ours = _SPELT.get(name.strip().casefold(), name)
            names.setdefault(ours, []).append(name)
    renamed = {spelt[0]: ours for ours, spelt in names.items() if len(spelt) == 1}
    return [renamed.get(name, name) for name in given]


def _there(value: Any) -> bool:
    return value is not None and value != "" and value == value  # NaN is unlike itself


def _dates(table: pa.Table, name: str, path: Path) -> list[Any]:
    import pandas as pd

    known: dict[Any, Any] = {}
    found: list[Any] = []
    for number, value in enumerate(table[name].to_pylist(), 1):
        if not _there(value):
            found.append(None)
            continue
        try:
            when = known[value] if value in known else known.setdefault(value, pd.Timestamp(value))
        except (ValueError, TypeError, OverflowError):
            raise GoldwireError(
                f'"{value}" is no date', where=f"{path}: row {number}: {name}", hint="Write dates as 2024-05-31."
            ) from None
        found.append(when if when.tzinfo else when.tz_localize("UTC"))
    return found


def _labels(table: pa.Table, name: str) -> list[list[str] | None]:
    """Return the labels of every row, sorted; None where the field is empty, [] where a list is."""
    return [_answer(value) for value in table[name].to_pylist()]


def _answer(value: Any) -> list[str] | None:
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except (json.JSONDecodeError, RecursionError):
            return [value]
    if isinstance(value, list):
        return sorted({str(label) for label in value if _there(label)})
    return [str(value)] if _there(value) else None


def _first(ids: Sequence[str]) -> list[int]:
    """Return the first row of every id."""
    seen: dict[str, int] = {}
    for at, name in enumerate(ids):
        seen.setdefault(name, at)
    return list(seen.values())


def _articles(
    values: Mapping[str, Sequence[Any]], licences: Sequence[str | None], units: "pd.DataFrame"
) -> "pd.DataFrame":
    """Return the articles, each as it stands in its first row."""
    first = _first(values["article_id"])
    nothing = [None] * len(values["article_id"])
    splits = frames.split_of_articles(units)
    columns = {name: [values.get(name, nothing)[at] for at in first] for name in ("article_id", "text", "outlet")}
    columns["split"] = [splits.get(name) for name in columns["article_id"]]
    columns["licence"] = [licences[at] for at in first]
    return frames.frame({name: columns[name] for name in frames.ARTICLES}).sort_values(
        "article_id", ignore_index=True
    )
