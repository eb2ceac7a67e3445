"""A task of the server as it is kept: without people.

Only named fields are kept, so that what may name a person has no way in, whatever a later server sends. Kept is
what an export snapshot and a page of the API both say, in the same words: else one task would be two.

Left out are

- people: `updated_by`, `last_created_by`, `annotators`, `comment_authors`, `reviewers`, `assignees`,
  `created_username`, and what stands in `completed_by` and a draft's `user`, for which there is a pseudonym;
- what only one of the two has: `unique_id`, `result_count` and `prediction` of an annotation, `overlap`,
  `is_labeled`, `allow_skip`, `completed_at`, `file_upload`, `avg_lead_time`, and the data manager's columns;
- what is counted from the rest (`total_annotations`, `cancelled_annotations`, `total_predictions`, the counts of
  comments) or is told anew every time (`created_ago`);
- what stands there already: `task` and `project` of an answer.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

Task = dict[str, Any]

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


def without_people(task: Mapping[str, Any], pseudonym: Callable[[Any], str | None], *, drafts: bool = False) -> Task:
    """Return the server's task with the fields that are kept, lists by id, and pseudonyms for people.

    `pseudonym` turns what stands in ``completed_by`` (a user's JSON, an id, or None) into a pseudonym. Drafts are
    left out unless asked for.
    """
    annotations = []
    for annotation in _by_id(task["annotations"]):
        kept = _only(annotation, _ANNOTATION)
        kept["completed_by"] = {"pseudonym": pseudonym(annotation["completed_by"])}
        annotations.append(kept)
    found = _only(task, _TASK)
    found["annotations"] = annotations
    found["predictions"] = [_only(prediction, _PREDICTION) for prediction in _by_id(task.get("predictions", []))]
    if drafts and task["drafts"]:
        found["drafts"] = [
            {**_only(draft, _DRAFT), "completed_by": {"pseudonym": pseudonym({"email": draft["user"]})}}
            for draft in _by_id(task["drafts"])
        ]
    return found


def _only(value: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    return {field: value[field] for field in fields if field in value}


def _by_id(values: Iterable[Any]) -> list[Any]:
    return sorted(values, key=lambda value: int(value["id"]))
