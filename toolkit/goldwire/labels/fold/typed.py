"""The JSON of a part with the types that the tables need; the fields that they do not need are skipped unread."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from goldwire.labels.parts.lines import decode


class Value(Struct, gc=False):
    """What was answered. An answer to a control that goldwire does not make, such as a rating, has none of these."""

    choices: list[str] | None = None
    taxonomy: list[list[str]] | None = None
    labels: list[str] | None = None
    text: str | list[str] | None = None
    start: int | None = None
    end: int | None = None


class Item(Struct, gc=False):
    """One item of a result: an answer, a span, an answer about a span, or (`type` "relation") a link."""

    id: str | None = None
    type: str | None = None
    from_name: str | None = None
    value: Value | None = None
    from_id: str | None = None
    to_id: str | None = None
    direction: str | None = None
    labels: list[str] | None = None
    origin: str | None = None


class Who(Struct, gc=False):
    """Who gave an answer; None where nobody is named."""

    pseudonym: str | None = None


class Annotation(Struct, gc=False):
    """An answer to a task: an annotation, or a draft of one."""

    id: int
    result: list[Item] | None = None
    was_cancelled: bool | None = None
    ground_truth: bool | None = None
    created_at: str | None = None
    updated_at: str | None = None
    lead_time: float | None = None
    parent_prediction: int | None = None
    completed_by: Who | None = None
    deleted: bool = False


class Data(Struct, gc=False):
    """What a task shows; only the unit is wanted here."""

    unit_id: str | None = None


class Copied(Struct, gc=False):
    """An item of a prediction; whatever it says, an answer that took it over has its id."""

    id: str | None = None


class Prediction(Struct, gc=False):
    """A model's answer, from which annotators may have started."""

    id: int
    model_version: str | None = None
    result: list[Copied] | None = None


class Task(Struct, gc=False):
    """A task and what was given to it."""

    id: int
    data: Data
    annotations: list[Annotation]
    drafts: list[Annotation] = []
    predictions: list[Prediction] = []


_DECODER = msgspec.json.Decoder(Task)


def task(line: bytes) -> Task:
    """Read a line of a part. What has another form than the page sends is kept as far as it can be reported."""
    try:
        return _DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return of(decode(line))


def of(value: Mapping[str, Any]) -> Task:
    """Return a task that was read as plain JSON."""
    try:
        return msgspec.convert(_whole(value), Task)
    except msgspec.ValidationError:
        return msgspec.convert(_plain(_whole(value)), Task)


def items(result: Sequence[Any]) -> list[Item]:
    """Return a result that was read as plain JSON."""
    return msgspec.convert([_item(item) for item in _whole(result)], list[Item])


def _whole(value: Any) -> Any:
    """Put U+FFFD for each half of a character, for which a table has no place."""
    match value:
        case str():
            return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case Mapping():
            return {key: _whole(found) for key, found in value.items()}
        case list() | tuple():
            return [_whole(found) for found in value]
    return value


def _plain(task: Mapping[str, Any]) -> dict[str, Any]:
    answers = {key: [_answer(a) for a in task.get(key) or []] for key in ("annotations", "drafts")}
    unit = task["data"].get("unit_id") if isinstance(task.get("data"), Mapping) else None
    predictions = [_prediction(prediction) for prediction in task.get("predictions") or []]
    data = {"unit_id": unit if isinstance(unit, str) else None}
    return {"id": int(task["id"]), "data": data, "predictions": predictions, **answers}


def _prediction(prediction: Mapping[str, Any]) -> dict[str, Any]:
    result, model = prediction.get("result"), prediction.get("model_version")
    items = [item for item in result if isinstance(item, Mapping)] if isinstance(result, list) else []
    return {
        "id": int(prediction["id"]),
        "model_version": None if model is None else str(model),
        "result": [{"id": str(item.get("id"))} for item in items],
    }


def _answer(answer: Mapping[str, Any]) -> dict[str, Any]:
    result, who, prediction = (answer.get(key) for key in ("result", "completed_by", "parent_prediction"))
    return {
        **{key: answer.get(key) for key in ("created_at", "updated_at", "lead_time")},
        **{key: bool(answer.get(key)) for key in ("was_cancelled", "ground_truth", "deleted")},
        "id": int(answer["id"]),
        "parent_prediction": prediction if isinstance(prediction, int) else None,
        "completed_by": who if isinstance(who, Mapping) else None,
        "result": [_item(item) for item in (result if isinstance(result, list) else [result] if result else [])],
    }


def _item(item: Any) -> dict[str, Any]:
    """Names become text, whatever they are; of a value, and of a link's labels, stays what has the right form."""
    if not isinstance(item, Mapping):
        return {"type": type(item).__name__}
    names = ("id", "type", "from_name", "from_id", "to_id", "direction", "origin")
    named = {name: str(item[name]) for name in names if item.get(name) is not None}
    value = item.get("value")
    return {
        **named,
        "labels": _texts(item.get("labels")),
        "value": _value(value) if isinstance(value, Mapping) else None,
    }


def _value(value: Mapping[str, Any]) -> dict[str, Any]:
    paths = value.get("taxonomy")
    listed = [_texts(path) for path in paths] if isinstance(paths, list) else [None]
    text = value.get("text")
    return {
        "choices": _texts(value.get("choices")),
        "taxonomy": None if None in listed else listed,
        "labels": _texts(value.get("labels")),
        "text": text if isinstance(text, str) else _texts(text),
        **{end: at if type(at := value.get(end)) is int else None for end in ("start", "end")},
    }


def _texts(value: Any) -> list[str] | None:
    """Return a list of texts, which one text is too; None for anything else."""
    if isinstance(value, str):
        return [value]
    return value if isinstance(value, list) and all(isinstance(text, str) for text in value) else None
