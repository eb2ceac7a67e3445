"""The rows of one round: each annotation of each task as rows of votes, mentions and relations."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from goldwire.errors import GoldwireError
from goldwire.labels import results
from goldwire.labels.interface import AUTHOR, RELATION, Control, controls
from goldwire.labels.results import Answer
from goldwire.labels.rounds import Round
from goldwire.labels.units import hash_of
from goldwire.scheme import Scheme

Row = dict[str, Any]


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


@dataclass
class Rows:
    """What one round gives to the tables. `counts` is not known yet."""

    units: list[Row] = field(default_factory=list)
    votes: list[Row] = field(default_factory=list)
    mentions: list[Row] = field(default_factory=list)
    relations: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def of_round(
    state: Iterable[Row], round_: Round, scheme: Scheme, tasks: Iterable[Row], articles: Mapping[str, str]
) -> Rows:
    """Return the rows of a round; for the parameters and errors see `goldwire.labels.fold.fold`."""
    rows = Rows([task["meta"] for task in tasks])
    units = {unit["unit_id"]: unit for unit in rows.units}
    names = controls(scheme)
    for task in state:
        number, unit = int(task["id"]), units.get(task["data"].get("unit_id"))
        given = list(_given(task))
        if unit is None:
            if given:
                message = (
                    f"its unit is not of this round: {task['data'].get('unit_id')} ({len(given)} answers left out)"
                )
                rows.problems.append(Problem(round_.round, number, "", message))
            continue
        shown = _shown(unit, articles, round_)
        if given and hash_of(shown) != unit["content_hash"]:
            message = f"the text of {unit['unit_id']} has changed since it was shown"
            rows.problems.append(Problem(round_.round, number, "", message))
        for annotation_id, status, annotation in given:
            place = Problem(round_.round, number, annotation_id, "")
            who = (annotation.get("completed_by") or {}).get("pseudonym")
            if who is None:
                rows.problems.append(replace(place, message="nobody is named who gave it: left out"))
                continue
            answer = _read(annotation, status, scheme, names, shown, unit["start"], place)
            common = {"scheme": scheme.name, "scheme_hash": scheme.hash, "unit_id": unit["unit_id"]}
            common |= _by(round_, who, annotation_id, status, annotation, answer)
            _add(rows, common, answer, scheme)
            if status == "submitted":
                rows.problems += [
                    replace(place, message=remark) for remark in [*answer.remarks, *_missing(answer, scheme)]
                ]
    return rows


def _given(task: Row) -> Iterator[tuple[str, str, Row]]:
    """Yield what was given to a task: id, status, annotation."""
    for annotation in task["annotations"]:
        if annotation.get("deleted"):
            status = "deleted"
        else:
            status = "skipped" if annotation.get("was_cancelled") else "submitted"
        yield str(annotation["id"]), status, annotation
    for draft in task.get("drafts", []):
        yield f"draft-{draft['id']}", "draft", draft


def _shown(unit: Row, articles: Mapping[str, str], round_: Round) -> str:
    if unit["article_id"] not in articles:
        raise GoldwireError(
            f'the article "{unit["article_id"]}" is not there any more',
            where=f"round {round_.round}, unit {unit['unit_id']}",
            hint="Import it again with: goldwire corpus import PATH",
        )
    return articles[unit["article_id"]][unit["start"] : unit["end"]]


def _read(
    annotation: Row, status: str, scheme: Scheme, names: Mapping[str, Control], shown: str, start: int, place: Problem
) -> Answer:
    """Read an annotation; of a skipped one, only the comment. What is not submitted may be wrong: it is left out."""
    try:
        answer = results.read(
            annotation.get("result") or [], scheme, names, shown, start, strict=status == "submitted"
        )
    except GoldwireError as error:
        where = str(place).removesuffix(": ")
        raise GoldwireError(error.message, where=where, hint=error.hint) from None
    if status == "skipped":
        return Answer({question.name: [] for question in scheme.questions}, comment=answer.comment)
    return answer


def _by(round_: Round, who: str, annotation_id: str, status: str, annotation: Row, answer: Answer) -> Row:
    prediction = annotation.get("parent_prediction")
    return {
        "round": round_.round,
        "annotator": who,
        "annotation_id": annotation_id,
        "status": status,
        "counts": False,
        "ground_truth": bool(annotation.get("ground_truth")),
        "prediction_id": None if prediction is None else str(prediction),
        "comment": answer.comment,
        "created": _time(annotation.get("created_at")),
        "updated": _time(annotation.get("updated_at")),
        "lead_time_s": annotation.get("lead_time"),
    }


def _add(rows: Rows, common: Row, answer: Answer, scheme: Scheme) -> None:
    begin = common["annotation_id"]
    for question in scheme.questions:
        given = answer.questions[question.name]
        text = question.type == "text"
        value = "\n".join(given) if given and question.type in ("text", "ordinal") else None
        rows.votes.append({**common, "question": question.name, "labels": [] if text else given, "value": value})
    for mention in answer.mentions:
        rows.mentions.append(
            {
                **common,
                "question": mention.layer,
                "mention_id": f"{begin}/{mention.id}",
                "start": mention.start,
                "end": mention.end,
                "text": mention.text,
                "label": mention.label,
                "entity": mention.entity,
                "attributes": json.dumps(mention.attributes, ensure_ascii=False, sort_keys=True),
            }
        )
    for link in answer.relations:
        rows.relations.append(
            {
                **common,
                "question": RELATION,
                "relation_id": f"{begin}/{link.from_}-{link.to}/{link.label}",
                "from": AUTHOR if link.from_ == AUTHOR else f"{begin}/{link.from_}",
                "to": f"{begin}/{link.to}",
                "label": link.label,
                "attributes": "{}",
            }
        )


def _missing(answer: Answer, scheme: Scheme) -> list[str]:
    required = [question.name for question in scheme.questions if question.required]
    return [f"{name} was not answered" for name in required if not answer.questions[name]]


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)
