"""Parts: appended, checked, folded, and free of people."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.errors import GoldwireError
from goldwire.labels import parts
from goldwire.labels.fold.latest import latest

HEADER = {"round": "pilot", "project": 7}


def annotation(number: int, answer: str = "yes") -> dict[str, Any]:
    return {"id": number, "result": [{"value": {"choices": [answer]}}], "completed_by": {"pseudonym": "annotator-01"}}


def task(number: int, *annotations: dict[str, Any], text: str = "x", updated: str = "2026-01-01") -> dict[str, Any]:
    data = {"unit_id": f"u{number}", "text": text}
    return {"id": number, "updated_at": updated, "data": data, "annotations": list(annotations), "predictions": []}


def test_parts_are_numbered_and_read_back_as_written(tmp_path: Path) -> None:
    first = parts.append(tmp_path, HEADER, [task(1, annotation(1)), task(2)], [])
    second = parts.append(tmp_path, HEADER, [task(3, text="a\u2028b\u0085c 😀")], [1, 2])
    assert [first.name, second.name] == ["part-00001.jsonl", "part-00002.jsonl"]
    assert parts.listing(tmp_path) == [first, second]
    assert sorted(tmp_path.iterdir()) == [first, second]
    assert parts.read(first) == parts.Part({"part": 1, **HEADER}, [task(1, annotation(1)), task(2)], [])
    assert parts.read(second) == parts.Part({"part": 2, **HEADER}, [task(3, text="a\u2028b\u0085c 😀")], [1, 2])
    lines = first.read_text(encoding="utf-8").split("\n")
    assert json.loads(lines[0]) == {"part": 1, "round": "pilot", "project": 7}
    assert list(json.loads(lines[3])) == ["index"]
    assert json.loads(lines[4])["lines"] == 4
    assert lines[5:] == [""]


@settings(deadline=None)
@given(st.data())
def test_any_single_changed_or_missing_byte_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = parts.append(tmp_path_factory.mktemp("p"), HEADER, [task(1, annotation(1)), task(2)], [9])
    content = path.read_bytes()
    place = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        path.write_bytes(content[:place])
    else:
        byte = data.draw(st.integers(0, 255).filter(lambda b: b != content[place]))
        path.write_bytes(content[:place] + bytes([byte]) + content[place + 1 :])
    for look in (lambda: parts.read(path), lambda: parts.known(path.parent), lambda: list(latest(path.parent))):
        with pytest.raises(GoldwireError, match="cut off or changed") as caught:
            look()
        assert caught.value.where == str(path)


def test_a_part_under_another_number_is_noticed(tmp_path: Path) -> None:
    path = parts.append(tmp_path, HEADER, [task(1)], [])
    path.rename(tmp_path / "part-00002.jsonl")
    with pytest.raises(GoldwireError, match="cut off or changed"):
        parts.read(tmp_path / "part-00002.jsonl")


def test_a_missing_part_is_named_and_nothing_is_appended_after_it(tmp_path: Path) -> None:
    first = parts.append(tmp_path, HEADER, [task(1)], [])
    parts.append(tmp_path, HEADER, [task(2)], [])
    first.unlink()
    with pytest.raises(GoldwireError, match="the part is not there, but later ones are") as caught:
        parts.append(tmp_path, HEADER, [task(3)], [])
    assert caught.value.where == str(first)
    assert [path.name for path in tmp_path.iterdir()] == ["part-00002.jsonl"]
    with pytest.raises(GoldwireError, match="the part is not there") as caught:
        parts.read(first)
    assert (caught.value.where, caught.value.hint) == (str(first), "Bring it back, from DVC or git.")


def test_the_state_is_the_latest_with_what_has_gone_marked() -> None:
    folded = parts.state(
        [
            parts.Part({}, [task(2, annotation(3)), task(1, annotation(1), annotation(2))], []),
            parts.Part({}, [task(1, annotation(2, "no"), annotation(4))], []),
            parts.Part({}, [task(1, annotation(4), annotation(1))], [2]),
        ]
    )
    assert folded == {
        1: task(1, annotation(1), {**annotation(2, "no"), "deleted": True}, annotation(4)),
        2: {**task(2, {**annotation(3), "deleted": True}), "deleted": True},
    }
    assert list(folded) == [1, 2]
    assert parts.live(folded[1]) == {1: annotation(1), 4: annotation(4)}


def test_states_are_compared_without_what_moves_by_itself() -> None:
    def digest(task: dict[str, Any]) -> bytes:
        return parts.entry(task, HEADER)[0].digest

    before = task(1, annotation(1))
    assert digest(before) == digest(task(1, annotation(1), updated="2027-01-01"))
    others = [
        task(1, annotation(1), annotation(2)),
        task(1),
        task(1, annotation(1, "no")),
        task(1, annotation(1), text="y"),
    ]
    assert len({digest(one) for one in [before, *others]}) == 5


def test_the_data_of_another_project_loses_who_works_in_it_and_keeps_the_rest() -> None:
    kept = {"text": "Written by Jane.", "author": "Jane", "by": 1, "userland": 2, "turns": [{"text": "a"}], "n": None}
    named = [
        "completed_by", "Completed By", "createdBy", "updated_by", "annotator", "Annotators", "annotator_1", "coder",
        "CODER-2", "email", "E-Mail", "user", "user_id", "username", "user name", "reviewer", "assignee", "meta",
    ]  # fmt: skip
    turns = [{"text": "a", "user": "jane@x.org"}]
    data = {**kept, **dict.fromkeys(named, "jane@x.org"), "turns": turns}
    given = {"id": 1, "data": data, "meta": {"who": "jane@x.org"}, "annotations": [], "predictions": []}
    found = parts.without_people(given, lambda _: None, foreign=True)
    assert found == {"id": 1, "data": kept, "annotations": [], "predictions": []}
    assert parts.without_people(given, lambda _: None) == given  # goldwire's own: what it put there
    assert turns == [{"text": "a", "user": "jane@x.org"}]


def test_no_person_gets_through_wherever_the_server_puts_one() -> None:
    person = {"id": 2, "email": "anna@example.org", "first_name": "Anna", "last_name": "A", "avatar": None}
    given = {
        "id": 1,
        "inner_id": 1,
        "project": 7,
        "data": {"unit_id": "u"},
        "meta": None,
        "created_at": "c",
        "updated_at": "u",
        "updated_by": [{"user_id": 2, "email": "anna@example.org"}],
        "annotators": [person],
        "comment_authors": ["anna@example.org"],
        "reviewers": [person],
        "assignees": ["anna@example.org"],
        "annotations_results": "anna@example.org",
        "annotations": [
            {
                "id": 6,
                "completed_by": None,
                "result": [],
                "was_cancelled": True,
                "ground_truth": False,
                "lead_time": 1.5,
                "import_id": 4,
                "last_action": "skipped",
                "bulk_created": False,
                "unique_id": "ea80ca57",
                "created_username": " anna@example.org, 2",
                "updated_by": person,
                "last_created_by": 2,
                "reviews": [{"created_by": person}],
                "prediction": {"created_ago": "2 minutes"},
            },
            {"id": 5, "completed_by": person, "result": [1], "parent_prediction": 3},
        ],
        "drafts": [{"id": 1, "user": "anna@example.org", "created_username": "anna@example.org, 2", "result": []}],
        "predictions": [{"id": 9, "result": [], "created_ago": "now", "model_version": "m", "score": None}],
    }

    def pseudonym(user: Any) -> str | None:
        return user and {"anna@example.org": "annotator-01"}[user["email"]]

    kept = parts.without_people(given, pseudonym, drafts=True)
    assert kept == {
        "id": 1,
        "inner_id": 1,
        "project": 7,
        "data": {"unit_id": "u"},
        "meta": None,
        "created_at": "c",
        "updated_at": "u",
        "annotations": [
            {"id": 5, "completed_by": {"pseudonym": "annotator-01"}, "result": [1], "parent_prediction": 3},
            {
                "id": 6,
                "completed_by": {"pseudonym": None},
                "result": [],
                "was_cancelled": True,
                "ground_truth": False,
                "lead_time": 1.5,
                "import_id": 4,
                "last_action": "skipped",
                "bulk_created": False,
            },
        ],
        "drafts": [{"id": 1, "completed_by": {"pseudonym": "annotator-01"}, "result": []}],
        "predictions": [{"id": 9, "result": [], "model_version": "m", "score": None}],
    }
    assert "drafts" not in parts.without_people(given, pseudonym)
