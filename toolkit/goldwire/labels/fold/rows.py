"""The rows of one round: each annotation of each task as rows of votes, mentions and relations."""

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from goldwire.errors import GoldwireError
from goldwire.labels.fold.batches import Batch, Given, batch
from goldwire.labels.fold.results import Answer, Reader
from goldwire.labels.fold.typed import Annotation, Task
from goldwire.labels.interface import controls
from goldwire.labels.predictions.origin import began_from
from goldwire.labels.rounds import Round
from goldwire.labels.units import hash_of
from goldwire.scheme import Scheme

Row = dict[str, Any]

_BATCH = 1024  # answers that are Python objects at a time


@dataclass(frozen=True, order=True)
class Problem:
    """Something from the server that is in no table, or may be a slip. Task 0 and annotation "" stand for all."""

    round: str
    task: int
    annotation: str
    message: str

    def __str__(self) -> str:
        where = [f"round {self.round}"]
        where += [f"task {self.task}"] if self.task else []
        where += [f"annotation {self.annotation}"] if self.annotation else []
        return f"{', '.join(where)}: {self.message}"


def of_round(
    state: Iterable[Task],
    round_: Round,
    scheme: Scheme,
    units: Mapping[str, Row],
    articles: Mapping[str, str],
    said: Mapping[str, Sequence[str]] | None = None,
) -> tuple[list[Batch], list[Problem]]:
    """Return the rows of a round, and what has no place in them.

    For the parameters and errors see `goldwire.labels.fold.fold`; `units` are those of the round, by unit_id, and
    `said` is what is to be remarked of annotations, by id, once their task has been read.
    """
    problems: list[Problem] = []
    batches: list[Batch] = []
    answers = _answers(state, round_, scheme, units, articles, said or {}, problems)
    with _no_collection():
        while given := list(islice(answers, _BATCH)):
            batches.append(batch(given, scheme, round_))
    return batches, problems


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the garbage collector from looking through millions of objects that are in no cycle."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _answers(
    state: Iterable[Task],
    round_: Round,
    scheme: Scheme,
    units: Mapping[str, Row],
    articles: Mapping[str, str],
    said: Mapping[str, Sequence[str]],
    problems: list[Problem],
) -> Iterator[Given]:
    reader = Reader(scheme, controls(scheme))
    required = [question.name for question in scheme.questions if question.required]
    changed: set[int] = set()
    strange: Counter[tuple[int, str | None]] = Counter()
    for task in state:
        unit = units.get(task.data.unit_id or "")
        if not (given := _given(task)):
            continue
        if unit is None:
            strange[task.id, task.data.unit_id] += len(given)
            continue
        shown = _shown(unit, articles, round_)
        if hash_of(shown) != unit["content_hash"] and task.id not in changed:
            changed.add(task.id)
            message = f"the text of {unit['unit_id']} has changed since it was shown"
            problems.append(Problem(round_.round, task.id, "", message))
        for number, status, annotation in given:
            who = annotation.completed_by.pseudonym if annotation.completed_by else None
            if who is None:
                message = "nobody is named who gave it: left out"
                problems.append(Problem(round_.round, task.id, number, message))
                continue
            try:
                answer = _read(reader, annotation, status, shown, unit["start"])
            except GoldwireError as error:
                where = str(Problem(round_.round, task.id, number, "")).removesuffix(": ")
                raise GoldwireError(error.message, where=where, hint=error.hint) from None
            prediction = began_from(annotation, task.predictions)
            annotation.result = None  # it has been read, and would stay in memory with its batch
            yield Given(unit["unit_id"], who, number, status, annotation, answer, prediction)
            if status == "submitted":
                missing = [f"{name} was not answered" for name in required if not answer.questions[name]]
                if remarks := [*answer.remarks, *missing, *said.get(number, ())]:
                    problems += [Problem(round_.round, task.id, number, remark) for remark in remarks]
    for (task_id, unit_id), left in strange.items():
        message = f"its unit is not of this round: {unit_id} ({left} answers left out)"
        problems.append(Problem(round_.round, task_id, "", message))


def _given(task: Task) -> list[tuple[str, str, Annotation]]:
    """Return what was given to a task: id, status, annotation."""
    given = [(str(annotation.id), _status(annotation), annotation) for annotation in task.annotations]
    return given + [(f"draft-{draft.id}", "draft", draft) for draft in task.drafts]


def _status(annotation: Annotation) -> str:
    if annotation.deleted:
        return "deleted"
    return "skipped" if annotation.was_cancelled else "submitted"


def _shown(unit: Row, articles: Mapping[str, str], round_: Round) -> str:
    if unit["article_id"] not in articles:
        raise GoldwireError(
            f'the article "{unit["article_id"]}" is not there any more',
            where=f"round {round_.round}, unit {unit['unit_id']}",
            hint="Import it again with: goldwire corpus import PATH",
        )
    return articles[unit["article_id"]][unit["start"] : unit["end"]]


def _read(reader: Reader, annotation: Annotation, status: str, shown: str, start: int) -> Answer:
    """Read an annotation; of a skipped one, only the comment. What is not submitted may be wrong: it is left out."""
    answer = reader.read(annotation.result or [], shown, start, strict=status == "submitted")
    if status == "skipped":
        return Answer({name: [] for name in answer.questions}, comment=answer.comment)
    return answer
