"""Label Studio: tasks of an export or of an import become articles; answers do not."""

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.corpus.readers.base import Record, Reject, Source
from goldwire.corpus.readers.json import READER as JSON
from goldwire.corpus.readers.labelstudio import READER

# The keys of a task as Label Studio 1.x exports it, with values written for the test.
EXPORTED: dict[str, Any] = {
    "id": 7,
    "annotations": [
        {
            "id": 3,
            "completed_by": 1,
            "result": [
                {"from_name": "stance", "to_name": "text", "type": "choices", "value": {"choices": ["favor"]}}
            ],
            "was_cancelled": False,
        }
    ],
    "file_upload": "a.json",
    "drafts": [],
    "predictions": [],
    "data": {"text": "They met.", "title": "Talks", "source": {"desk": "North"}},
    "meta": {"batch": 2},
    "inner_id": 1,
    "total_annotations": 1,
}


def read(tasks: Any) -> list[Record | Reject]:
    return list(READER.read(Source(io.BytesIO(json.dumps(tasks, indent=1).encode()), "a.json")))


def test_tasks_of_an_export_are_articles_with_their_task() -> None:
    assert read([EXPORTED, {"id": 8, "data": {"text": "They left."}, "annotations": []}]) == [
        Record(
            {
                "text": "They met.",
                "title": "Talks",
                "source": {"desk": "North"},
                "label_studio_task": 7,
                "meta": {"batch": 2},
            },
            "a.json",
        ),
        Record({"text": "They left.", "label_studio_task": 8}, "a.json"),
    ]


@pytest.mark.parametrize(
    "tasks", [[{"data": {"text": "They met."}}], {"total": 1, "tasks": [{"data": {"text": "They met."}}]}]
)
def test_tasks_that_were_never_imported_are_articles(tasks: Any) -> None:
    assert read(tasks) == [Record({"text": "They met."}, "a.json")]


def test_one_task_is_one_article_also_with_a_list_in_its_data() -> None:
    task = {"id": 7, "data": {"tasks": [{"a": 1}], "text": "They met."}, "predictions": []}
    assert read(task) == [Record({"tasks": [{"a": 1}], "text": "They met.", "label_studio_task": 7}, "a.json")]


def test_columns_of_the_data_come_before_those_of_the_task() -> None:
    task = {
        "id": 7,
        "meta": {"batch": 2},
        "data": {"text": "They met.", "meta": {"desk": "North"}, "label_studio_task": 1},
    }
    assert read([task]) == [
        Record({"text": "They met.", "meta": {"desk": "North"}, "label_studio_task": 1}, "a.json")
    ]


def test_what_is_no_task_is_rejected_in_its_place() -> None:
    assert read([{"id": 1, "text": "flat"}, 3, {"id": 2, "data": "They met."}]) == [
        Reject("a.json", None, "item 1: data: is not an object"),
        Reject("a.json", None, "item 2: is not a JSON object"),
        Reject("a.json", None, "item 3: data: is not an object"),
    ]


@pytest.mark.parametrize(
    ("value", "task"),
    [
        ([EXPORTED], True),
        (EXPORTED, True),
        ([{"data": {"text": "a"}}], True),
        ([{"id": 1, "data": {"text": "a"}, "meta": {}}], True),
        ([{"id": 1, "data": {"text": "a"}, "predictions": [{"result": []}]}], True),
        ([{"id": 1, "text": "They met.", "stance": "favor", "annotator": 1, "annotation_id": 3}], False),  # JSON_MIN
        ({"data": {"articles": []}}, False),
        ([{"data": "a", "annotations": []}], False),
        ([{"kind": "t3", "data": {"text": "a"}}], False),
        ([{"text": "a"}], False),
        ([], False),
    ],
)
def test_tasks_are_told_from_other_json(value: Any, task: bool) -> None:
    for indent in (None, 2):
        assert READER.recognises(json.dumps(value, indent=indent).encode()) is task
    if task:
        assert not JSON.recognises(json.dumps(value).encode())


def test_a_task_with_many_annotations_is_told_before_its_data() -> None:
    task = EXPORTED | {"annotations": EXPORTED["annotations"] * 5_000}
    assert READER.recognises(json.dumps([task]).encode()[:65_536])


@settings(deadline=None)
@given(content=st.binary(max_size=200))
def test_any_bytes_give_records_and_rejects(content: bytes) -> None:
    list(READER.read(Source(io.BytesIO(content), "a.json")))
    list(READER.read(Source(io.BytesIO(b'[{"data": ' + content), "a.json")))
    assert READER.recognises(content) is False
