"""From tables of predictions, ours or anybody's, to what each model says of each unit of a round, checked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, NamedTuple

import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.labels.fold.results import Answer
from goldwire.labels.fold.results import read as read_back
from goldwire.labels.interface import controls
from goldwire.labels.predictions import cells
from goldwire.labels.predictions.cells import MistakeError, Row
from goldwire.labels.predictions.results import Item, write
from goldwire.labels.predictions.spans import Place, Said, Spans
from goldwire.scheme import Question, Scheme

SHOWN = 20
_UNIT = ("unit_id", "unit", "task", "id")
_LABEL = ("labels", "label")
_MODEL = ("model", "model_version")


class Table(NamedTuple):
    """A table, and the name of its file for messages."""

    name: str
    table: pa.Table


@dataclass
class Guess:
    """What one model says of one unit, as the labelling page takes it.

    `score` is the probability of the least certain answer, 0 to 1; None where no probability is given.
    """

    unit_id: str
    model: str
    result: list[Item]
    score: float | None


Take = Callable[[Row, str, Said], None]


def read_guesses(
    scheme: Scheme,
    tasks: Sequence[Row],
    predictions: Sequence[Table],
    mentions: Sequence[Table] = (),
    relations: Sequence[Table] = (),
    *,
    model: str | None = None,
    extra: Literal["error", "ignore"] = "error",
) -> tuple[list[Guess], int]:
    """Check tables of predictions, and return what is to be sent.

    A row of `predictions` answers one question: unit_id, question (not needed when the scheme has one), and label or
    labels; or it answers several, in columns with the questions' names. Labels are text, a list, or a list as JSON.
    `score` is the probability of the answer; or `scores` has one for each label, as a list of {label, share}, an
    object, or either as JSON. Instead of unit_id, the column may be called unit, task or id; instead of model,
    model_version. A row without a label answers nothing. Rows that name another scheme are left out.

    Parameters
    ----------
    scheme : Scheme
    tasks : sequence of mapping
        The round's; see `goldwire.labels.rounds.tasks`.
    predictions, mentions, relations : sequence of Table
        Like `predictions`, `predicted_mentions` and `predicted_relations`. Offsets of mentions count in the article's
        text, and `text` must stand there. mention_id may be left out where there are no relations.
    model : str, optional
        Who predicted, where a table has no column that says it.
    extra : "error" or "ignore"
        What becomes of predictions for units that the round has not.

    Returns
    -------
    tuple
        Guesses by unit and model, and the number of rows that were left out.

    Raises
    ------
    GoldwireError
        When anything does not fit: the first 20 mistakes with file, row (from 1, without the header) and column, and
        their number.
    """
    reading = _Reading(scheme, tasks, model, extra)
    for given, take in (
        (predictions, reading.prediction),
        (mentions, reading.mention),
        (relations, reading.relation),
    ):
        for table in given:
            reading.table(table, take)
    if not (reading.mistakes or reading.said) and reading.left_out:
        raise GoldwireError(
            "not one prediction is about a unit of the round", hint="Is it the file of another round?"
        )
    guesses = reading.guesses()
    if reading.mistakes:
        count = len(reading.mistakes)
        lines = reading.mistakes[:SHOWN] + ([f"and {count - SHOWN} more"] if count > SHOWN else [])
        many = "1 prediction does" if count == 1 else f"{count} predictions do"
        raise GoldwireError(
            "\n".join([f"{many} not fit round and scheme:", *lines]),
            hint="Nothing was sent. Mend these and push again.",
        )
    return guesses, reading.left_out


class _Reading:
    def __init__(self, scheme: Scheme, tasks: Sequence[Row], model: str | None, extra: str) -> None:
        self.scheme, self.names, self.model, self.extra = scheme, controls(scheme), model, extra
        self.spans = Spans(scheme, self.names)
        self.shown = {
            task["data"]["unit_id"]: (task["data"]["text"], task["meta"].get("start") or 0) for task in tasks
        }
        self.said: dict[tuple[str, str], Said] = {}
        self.mistakes: list[str] = []
        self.left_out = 0

    def table(self, given: Table, taking: Callable[[Table], Take]) -> None:
        """Give each row to what takes it, and note the mistakes."""
        columns = given.table.column_names
        unit = _first(_UNIT, columns)
        model = _first(_MODEL, columns)
        if unit is None:
            raise GoldwireError(
                f"no column says which unit a row is about (it has {', '.join(columns)})",
                where=given.name,
                hint="Call it unit_id.",
            )
        if model is None and not self.model:
            raise GoldwireError(
                "no column says which model predicted", where=given.name, hint="Name it with --model NAME."
            )
        take = taking(given)
        for number, row in enumerate(given.table.to_pylist(), start=1):
            place = Place(given.name, number)
            if row.get("scheme") not in (None, self.scheme.name):
                self.left_out += 1
                continue
            try:
                unit_id = cells.text(row[unit], unit)
                if unit_id not in self.shown:
                    if self.extra == "error":
                        raise MistakeError(unit, f"unit {unit_id} is not in the round")
                    self.left_out += 1
                    continue
                who = cells.text(row[model], model) if model else self.model or ""
                fresh = Said(place, Answer({question.name: [] for question in self.scheme.questions}))
                take(row, unit_id, self.said.setdefault((unit_id, who), fresh))
            except MistakeError as mistake:
                self.mistakes.append(f"{place.at(mistake.column)}: {mistake}")

    def prediction(self, given: Table) -> Take:
        """Return what takes a row of predictions, in the form that the table has."""
        columns = given.table.column_names
        label = _first(_LABEL, columns)
        if label is None and "question" not in columns:
            asked = [question for question in self.scheme.questions if question.name in columns]
            if not asked:
                known = ", ".join(question.name for question in self.scheme.questions)
                raise GoldwireError(
                    f"no column has labels, and none is a question of scheme {self.scheme.name} ({known})",
                    where=given.name,
                    hint="Give the columns question and label, or one column for each question.",
                )
            return partial(self._answers, asked)
        if "question" not in columns and len(self.scheme.questions) > 1:
            known = ", ".join(question.name for question in self.scheme.questions)
            raise GoldwireError(
                f"no column says which question is answered, and scheme {self.scheme.name} has {known}",
                where=given.name,
                hint="Give a column question, or one column for each question.",
            )

        def take(row: Row, _: str, said: Said) -> None:
            question = self._question(row)
            column = label or "value"
            value = row.get("value") if question.type == "text" and row.get("value") is not None else row.get(column)
            self._answer(row, question, said, value, column)

        return take

    def _answers(self, asked: list[Question], row: Row, _: str, said: Said) -> None:
        for question in asked:
            self._answer(row, question, said, row[question.name], question.name)

    def _question(self, row: Row) -> Question:
        if "question" not in row:
            return self.scheme.questions[0]
        name = cells.text(row["question"], "question")
        for question in self.scheme.questions:
            if question.name == name:
                return question
        known = ", ".join(question.name for question in self.scheme.questions)
        raise MistakeError("question", f'the scheme has no question "{name}" (it has {known})')

    def _answer(self, row: Row, question: Question, said: Said, value: Any, column: str) -> None:
        labels = cells.labels(self.names[question.name], cells.strings(value), column)
        if not labels:
            return
        if said.answer.questions[question.name]:
            raise MistakeError(column, f"{question.name} of this unit is answered in an earlier row already")
        said.answer.questions[question.name] = labels
        said.scores += cells.scores(row, labels)

    def mention(self, _: Table) -> Take:
        """Return what takes a row of mentions."""
        return lambda row, unit, said: self.spans.mention(row, *self.shown[unit], said)

    def relation(self, _: Table) -> Take:
        """Return what takes a row of relations."""
        return lambda row, _, said: self.spans.relation(row, said)

    def guesses(self) -> list[Guess]:
        """Return everything that was said, after reading it back as an annotator's answer would be."""
        found = []
        for (unit, model), said in sorted(self.said.items()):
            said.answer.mentions.sort(key=lambda mention: (mention.start, mention.end, mention.id))
            said.answer.relations.sort()
            if not (any(said.answer.questions.values()) or said.answer.mentions):
                self.left_out += 1
                continue
            text, start = self.shown[unit]
            result = write(said.answer, self.names, text, start)
            try:
                back = read_back(result, self.scheme, self.names, text, start)
                message = "; ".join(back.remarks) or (
                    "" if back == said.answer else "it would be read as another answer"
                )
            except GoldwireError as error:
                message = error.message
            if message:
                self.mistakes.append(f"{said.row.at('unit')}: {unit}: {message}")
            found.append(Guess(unit, model, result, min(said.scores, default=None)))
        return found


def _first(names: Sequence[str], columns: Sequence[str]) -> str | None:
    return next((name for name in names if name in columns), None)
