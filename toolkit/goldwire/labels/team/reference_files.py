"""References from a table: calibration units or control items with the answers that somebody knows."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.team.references import Purpose, Reference
from goldwire.scheme import Question, Scheme

_UNDECIDED = "unresolved"


@dataclass(frozen=True)
class _Row:
    """A row of the table; `number` counts data rows from 1."""

    path: Path
    number: int
    values: Mapping[str, Any]

    def where(self, column: str) -> str:
        return f"{self.path}: row {self.number}: {column}"


def make(scheme: Scheme, units: Iterable[Mapping[str, Any]], path: Path, purpose: Purpose) -> list[Reference]:
    """Return the references that a table has, checked against the scheme and the units of the round.

    Parameters
    ----------
    scheme : Scheme
    units : iterable of mapping
        unit_id and article_id of the round's units: rows of `units`, or the `meta` of its tasks.
    path : Path
        Parquet, CSV, TSV or JSONL with unit_id, or article_id where the article has one unit. Then either a column
        for each question, where an empty field says that the answer is not known; or `labels` (a list, JSON in CSV)
        or `label`, and `question` where the scheme has several. A gold table is one: its rows of other schemes, and
        those that are unresolved, are passed over.
    purpose : {"calibration", "control"}

    Returns
    -------
    list of Reference
        Sorted, at least one.

    Raises
    ------
    GoldwireError
        For a unit, question or label that is not known, an abstention, several labels where one is asked for, a unit
        without any answer, or one with two answers to a question; the message names row and column.
    """
    rows = [_Row(path, number, values) for number, values in enumerate(tables.read(path).to_pylist(), start=1)]
    columns = list(rows[0].values) if rows else []
    key = next((name for name in ("unit_id", "article_id") if name in columns), None)
    if key is None:
        raise GoldwireError("there is no column unit_id or article_id with a row", where=str(path))
    known = _Units(units)
    found: dict[tuple[str, str], Reference] = {}
    for row in rows:
        if row.values.get("scheme") not in (None, scheme.name) or row.values.get("decided_by") == _UNDECIDED:
            continue
        unit = known.unit(row, key)
        for question, column in _questions(scheme, row, columns):
            if (unit, question.name) in found:
                raise GoldwireError(f"{unit} has an answer to {question.name} already", where=row.where(column))
            labels = _labels(question, row, column)
            found[unit, question.name] = Reference(unit, question.name, purpose, labels)
    if not found:
        raise GoldwireError(f"no row has an answer of scheme {scheme.name}", where=str(path))
    return sorted(found.values())


class _Units:
    """The units of the round, to be found by either id."""

    def __init__(self, units: Iterable[Mapping[str, Any]]) -> None:
        self.of_article: dict[str, list[str]] = {}
        for unit in units:
            self.of_article.setdefault(str(unit["article_id"]), []).append(str(unit["unit_id"]))
        self.ids = {unit for units in self.of_article.values() for unit in units}

    def unit(self, row: _Row, key: str) -> str:
        given = row.values[key]
        if given is None:
            raise GoldwireError("the field is empty", where=row.where(key))
        if key == "unit_id":
            if str(given) in self.ids:
                return str(given)
            raise GoldwireError(f"the round has no unit {given}", where=row.where(key))
        units = self.of_article.get(str(given), [])
        if len(units) == 1:
            return units[0]
        what = f"has {len(units)} units of article {given}" if units else f"has no unit of article {given}"
        raise GoldwireError(
            f"the round {what}", where=row.where(key), hint="Give a column unit_id." if units else None
        )


def _questions(scheme: Scheme, row: _Row, columns: list[str]) -> list[tuple[Question, str]]:
    """Return the questions that the row answers, each with the column of the answer."""
    single = next((name for name in ("labels", "label") if name in columns), None)
    if single and single not in {question.name for question in scheme.questions}:
        if "question" in columns:
            return [(_question(scheme, row, "question", row.values["question"]), single)]
        if len(scheme.questions) > 1:
            raise GoldwireError(
                f"scheme {scheme.name} has several questions, and nothing says which one is answered",
                where=row.where(single),
                hint="Add a column question, or name a column after each question.",
            )
        return [(_question(scheme, row, single, scheme.questions[0].name), single)]
    asked = [question.name for question in scheme.questions]
    wide = [name for name in asked if name in columns]
    if not wide:
        raise GoldwireError(
            "no column has an answer",
            where=str(row.path),
            hint=f"Name columns after the questions ({', '.join(asked)}), or have question and labels.",
        )
    answered = [name for name in wide if row.values[name] not in (None, "", [])]
    if not answered:
        raise GoldwireError("the row has no answer", where=row.where(wide[0]))
    return [(_question(scheme, row, name, name), name) for name in answered]


def _question(scheme: Scheme, row: _Row, column: str, name: Any) -> Question:
    question = next((question for question in scheme.questions if question.name == name), None)
    if question is None or question.type == "text":
        known = ", ".join(question.name for question in scheme.questions if question.type != "text")
        why = f'scheme {scheme.name} has no question "{name}"' if question is None else f"{name} is free text"
        raise GoldwireError(why, where=row.where(column), hint=f"Questions with labels: {known}")
    return question


def _labels(question: Question, row: _Row, column: str) -> tuple[str, ...]:
    names = list(question.label_names())
    given = _list(row.values[column], names)
    if not given:
        raise GoldwireError("the field is empty", where=row.where(column))
    for label in given:
        if label not in names:
            raise GoldwireError(
                f'question {question.name} has no label "{label}"',
                where=row.where(column),
                hint=f"Labels: {', '.join(names)}",
            )
        if question.label(label).role == "unsure":
            raise GoldwireError(f'"{label}" is an abstention, no known answer', where=row.where(column))
    if len(set(given)) > 1 and question.type in ("single", "ordinal"):
        raise GoldwireError(f"question {question.name} has one answer", where=row.where(column))
    return tuple(sorted(set(given), key=names.index))


def _list(value: Any, names: list[str]) -> list[str]:
    """Return the labels of a field: a list, JSON of one, or one label."""
    if isinstance(value, str) and value not in names and value.startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            return [value]
    return [str(label) for label in (value if isinstance(value, list) else [value]) if label not in (None, "")]
