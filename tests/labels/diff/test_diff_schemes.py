"""What changed in a codebook, and labels that only changed their name."""

from pathlib import Path
from typing import Any

from goldwire.labels.diff.compare import diff
from goldwire.labels.diff.sections import scheme_words

State = dict[str, Any]


def changed(before: State, written: Any, folder: Path, *changes: tuple[str, str], **more: Any) -> dict[str, Any]:
    written("one", before)
    scheme = before["scheme"]
    for old, new in changes:
        assert scheme.count(old) == 1
        scheme = scheme.replace(old, new)
    written("two", {**before, "scheme": scheme, **more})
    return diff("one", "two", folder)


def test_labels_are_added_removed_redefined_and_renamed(before: State, written: Any, tmp_path: Path) -> None:
    found = changed(
        before,
        written,
        tmp_path,
        ("version: 1.0.0", "version: 1.1.0"),
        ("{name: clear, definition: C}", "{name: bright, definition: C}"),
        ("{name: grey, definition: G}", "{name: grey, definition: Grey all over}"),
        ("{name: fog, definition: F}", "{name: haze, definition: Z}"),
        ("text: Why,", "text: Why so,"),
        ("relations:\n  - {name: then, definition: T, from: [storm], to: [sun]}\n", ""),
        gold_relations=[],
    )
    (scheme,) = found["schemes"]
    assert (scheme["scheme"], scheme["state"], scheme["version"]) == (
        "weather",
        "changed",
        {"from": "1.0.0", "to": "1.1.0"},
    )
    nothing: dict[str, Any] = {"asked": [], "added": [], "removed": [], "redefined": [], "renamed": []}
    assert scheme["questions"] == [
        {
            "question": "sky",
            "state": "changed",
            "asked": [],
            "added": ["haze"],
            "removed": ["fog"],
            "redefined": ["grey"],
            "renamed": [{"from": "clear", "to": "bright"}],
        },
        {**nothing, "question": "why", "state": "changed", "asked": ["text"]},
        {**nothing, "question": "relation", "state": "removed", "removed": ["then"]},
    ]
    assert scheme_words(scheme) == [
        "sky: added haze",
        "sky: removed fog",
        "sky: redefined grey",
        "sky: clear renamed to bright",
        "why: text changed",
        "relation removed",
    ]


def test_a_label_that_is_called_otherwise_is_no_changed_answer(before: State, written: Any, tmp_path: Path) -> None:
    def renamed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**row, "labels": ["bright" if x == "clear" else x for x in row["labels"]]} for row in rows]

    votes, gold = renamed(before["votes"]), renamed(before["gold"])
    votes[0] = {**votes[0], "labels": ["fog"]}
    change = ("{name: clear, definition: C}", "{name: bright, definition: C}")
    found = changed(before, written, tmp_path, change, votes=votes, gold=gold)
    of_a = {"scheme": "weather", "question": "sky", "unit_id": "a/document", "annotator": "ann"}
    assert found["labels"] == {}
    assert found["votes"] == {
        "annotators": {"ann": {"added": 0, "removed": 0, "changed": 1}},
        "changed": [{**of_a, "from": ["clear"], "to": ["fog"]}],
    }


def test_two_labels_defined_alike_are_not_taken_for_one_another(before: State, written: Any, tmp_path: Path) -> None:
    before["scheme"] = before["scheme"].replace("{name: grey, definition: G}", "{name: grey, definition: C}")
    found = changed(
        before,
        written,
        tmp_path,
        ("{name: clear, definition: C}", "{name: bright, definition: C}"),
        ("{name: grey, definition: C}", "{name: dull, definition: C}"),
    )
    (sky,) = found["schemes"][0]["questions"]
    assert (sky["added"], sky["removed"], sky["renamed"]) == (["bright", "dull"], ["clear", "grey"], [])


def test_another_order_of_labels_changes_no_answer(before: State, written: Any, tmp_path: Path) -> None:
    rows = [{**row, "labels": row["labels"][::-1]} for row in before["votes"]]
    assert changed(before, written, tmp_path, votes=rows)["votes"] == {"annotators": {}, "changed": []}


def test_a_scheme_that_came_or_is_worded_otherwise(before: State, written: Any, tmp_path: Path) -> None:
    found = changed(before, written, tmp_path, ("description: Written for", "description: Rewritten for"))
    assert (found["schemes"][0]["rewritten"], found["schemes"][0]["questions"]) == (["description"], [])
    (tmp_path / "one" / "labels" / "schemes" / "weather.yaml").unlink()
    nothing: dict[str, Any] = {**before, "votes": [], "gold": [], "gold_mentions": [], "gold_relations": []}
    written("three", nothing)
    (tmp_path / "three" / "labels" / "schemes" / "weather.yaml").unlink()
    (scheme,) = diff("three", "two", tmp_path)["schemes"]
    assert (scheme["state"], scheme["version"], scheme["hash"]["from"]) == (
        "added",
        {"from": None, "to": "1.0.0"},
        None,
    )


def test_a_span_or_relation_that_is_called_otherwise_has_not_changed(
    before: State, written: Any, tmp_path: Path
) -> None:
    written("one", before)
    before["scheme"] = before["scheme"].replace("storm", "gale").replace("then", "after")
    before["gold_mentions"][0]["label"] = "gale"
    before["gold_relations"][0]["label"] = "after"
    written("two", before)
    found = diff("one", "two", tmp_path)
    assert (found["mentions"], found["relations"]) == ({}, {})
    assert [(one["question"], one["renamed"]) for one in found["schemes"][0]["questions"] if one["renamed"]] == [
        ("word", [{"from": "storm", "to": "gale"}]),
        ("relation", [{"from": "then", "to": "after"}]),
    ]
