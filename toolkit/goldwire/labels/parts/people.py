"""A task of the server as it is kept: without people.

Only named fields of tasks and answers are kept, so that what else a later server says of people has no way in. What
stands in them is kept as it is: a task's `data` and the words of an answer may name whomever the study is about. Of a
project that goldwire did not make, fields of `data` that are about those who work in it go too; see `without_names`.
Kept is what an export snapshot and a page of the API both say, in the same words: else one task would be two.

Left out are

- people: `updated_by`, `last_created_by`, `annotators`, `comment_authors`, `reviewers`, `assignees`,
  `created_username`, and what stands in `completed_by` and a draft's `user`, for which there is a pseudonym;
- what only one of the two has: `unique_id`, `result_count` and `prediction` of an annotation, `overlap`,
  `is_labeled`, `allow_skip`, `completed_at`, `file_upload`, `avg_lead_time`, and the data manager's columns;
- what is counted from the rest (`total_annotations`, `cancelled_annotations`, `total_predictions`, the counts of
  comments) or is told anew every time (`created_ago`);
- what stands there already: `task` and `project` of an answer.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

Task = dict[str, Any]

_NAMES = re.compile(
    r"(completed|(last)?created|updated|annotated|label+ed|reviewed)by|(annotator|coder|user|reviewer|assignee)"
    r"(name|id|email)?s?|createdusername|commentauthors|email(address)?|emails|meta"
)
"""Fields of a task's data that name who works in the project: in lower case, without what is no letter."""

_TASK = ("id", "inner_id", "project", "created_at", "updated_at", "data", "meta")
_ANNOTATION = (
    "id",
    "result",
    "was_cancelled",
    "ground_truth",
    "created_at",
    "updated_at",
    "draft_created_at",
    "lead_time",
    "parent_prediction",
    "parent_annotation",
    "import_id",
    "last_action",
    "bulk_created",
)
_DRAFT = ("id", "annotation", "result", "created_at", "updated_at", "lead_time", "was_postponed", "import_id")
_PREDICTION = (
    "id",
    "model_version",
    "score",
    "result",
    "created_at",
    "updated_at",
    "cluster",
    "neighbors",
    "mislabeling",
)


def without_people(
    task: Mapping[str, Any], pseudonym: Callable[[Any], str | None], *, drafts: bool = False, foreign: bool = False
) -> Task:
    """Return the server's task with the fields that are kept, lists by id, and pseudonyms for people.

    Parameters
    ----------
    task : mapping
        The server's JSON.
    pseudonym : callable
        Turns what stands in ``completed_by`` (a user's JSON, an id, or None) into a pseudonym.
    drafts : bool
        Keep drafts.
    foreign : bool
        The project is not one of goldwire's: `meta`, and fields of `data` by `without_names`, are left out too.
    """
    annotations = []
    for annotation in _by_id(task["annotations"]):
        kept = _only(annotation, _ANNOTATION)
        kept["completed_by"] = {"pseudonym": pseudonym(annotation["completed_by"])}
        annotations.append(kept)
    found = _only(task, _TASK)
    if foreign:
        found.pop("meta", None)
        found["data"] = without_names(task["data"])
    found["annotations"] = annotations
    found["predictions"] = [_only(prediction, _PREDICTION) for prediction in _by_id(task.get("predictions", []))]
    if drafts and task["drafts"]:
        found["drafts"] = [
            {**_only(draft, _DRAFT), "completed_by": {"pseudonym": pseudonym({"email": draft["user"]})}}
            for draft in _by_id(task["drafts"])
        ]
    return found


def without_names(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a task's data without the fields that name who works in the project, however deep they stand.

    They are told by their names, capitals, blanks and signs aside: completed_by, created_by, updated_by; annotator,
    coder, user, reviewer, assignee, and their names, ids and addresses; email; and meta, whatever that has.
    """
    return {name: _nameless(value) for name, value in data.items() if not _names(name)}


def _names(field: str) -> bool:
    return _NAMES.fullmatch(re.sub(r"[^a-z]", "", field.lower())) is not None


def _nameless(value: Any) -> Any:
    match value:
        case Mapping():
            return without_names(value)
        case list():
            return [_nameless(one) for one in value]
    return value


def _only(value: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    return {field: value[field] for field in fields if field in value}


def _by_id(values: Iterable[Any]) -> list[Any]:
    return sorted(values, key=lambda value: int(value["id"]))
