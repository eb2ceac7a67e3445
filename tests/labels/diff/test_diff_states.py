"""What differs between two states, worked out by hand."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.diff.compare import diff, is_same
from goldwire.study import Study

State = dict[str, Any]


@pytest.fixture
def found(before: State, after: State, written: Any, tmp_path: Path) -> dict[str, Any]:
    written("one", before)
    written("two", after)
    return diff("one", "two", tmp_path)


def test_units_come_go_move_and_are_left_out(found: dict[str, Any]) -> None:
    assert found["units"] == {
        "from": {"all": 4, "train": 2, "test": 1, "none": 1},
        "to": {"all": 5, "train": 3, "test": 1, "none": 1},
        "added": [
            {"unit_id": "e/document", "article_id": "e", "split": "train"},
            {"unit_id": "f/document", "article_id": "f", "split": None},
        ],
        "removed": [{"unit_id": "c/document", "article_id": "c", "split": "test"}],
        "moved": [{"unit_id": "b/document", "from": "train", "to": "test"}],
        "left_out": [{"unit_id": "f/document", "from": None}],
        "taken_in": [{"unit_id": "d/document", "to": "train"}],
        "edited": [{"article_id": "a", "units": 1}],
    }


def test_a_changed_label_names_whose_answers_changed_and_who_ruled(found: dict[str, Any]) -> None:
    assert found["labels"] == {
        "weather.sky": {
            "added": 1,
            "removed": 1,
            "decided_otherwise": 1,
            "changed": [
                {
                    "unit_id": "b/document",
                    "from": ["clear"],
                    "to": ["grey"],
                    "decided_by": {"from": "unanimous", "to": "unanimous"},
                    "by": ["ann", "bea"],
                    "votes": [
                        {"annotator": "ann", "from": ["clear"], "to": ["grey"]},
                        {"annotator": "bea", "from": ["clear"], "to": ["grey"]},
                    ],
                },
                {
                    "unit_id": "d/document",
                    "from": None,
                    "to": ["grey"],
                    "decided_by": {"from": "unresolved", "to": "adjudicated"},
                    "by": ["ann", "cid", "eve"],
                    "votes": [
                        {"annotator": "ann", "from": ["grey"], "to": None},
                        {"annotator": "cid", "from": None, "to": ["clear"]},
                    ],
                },
            ],
        }
    }


def test_votes_are_counted_by_annotator_and_drafts_are_none(found: dict[str, Any]) -> None:
    assert found["votes"]["annotators"] == {
        "ann": {"added": 1, "removed": 2, "changed": 1},
        "bea": {"added": 0, "removed": 1, "changed": 1},
        "cid": {"added": 1, "removed": 0, "changed": 0},
    }
    of_b = {"scheme": "weather", "question": "sky", "unit_id": "b/document", "from": ["clear"], "to": ["grey"]}
    assert found["votes"]["changed"] == [{**of_b, "annotator": who} for who in ("ann", "bea")]
    assert (found["from"]["votes"], found["to"]["votes"]) == (9, 8)


def test_spans_are_compared_by_their_place_not_by_their_ids(found: dict[str, Any]) -> None:
    storm = {"unit_id": "a/document", "start": 0, "end": 5, "label": "storm"}
    same = {"from": None, "to": None}
    sun = {"unit_id": "e/document", "start": 3, "end": 6, "label": "sun", "text": "sun"}
    assert found["mentions"] == {
        "weather.word": {
            "added": [{**sun, "entity": None, "attributes": None}],
            "removed": [],
            "changed": [
                {
                    **storm,
                    "text": {"from": "Storm", "to": "Storm"},
                    "entity": {"from": None, "to": "Storm Ada"},
                    "attributes": same,
                }
            ],
        }
    }
    assert found["relations"] == {}


def test_agreement_and_parameters(found: dict[str, Any]) -> None:
    assert found["agreement"] == [
        {
            "of": "weather.sky",
            "figure": "alpha",
            "from": {"value": 0.5, "low": 0.25, "high": 0.75, "units": 4},
            "to": {"value": 0.625, "low": None, "high": None, "units": 4},
        }
    ]
    assert found["params"] == [
        {"param": "version", "from": "1.0.0", "to": "1.1.0"},
        {"param": "gold.method", "from": "majority", "to": "mace"},
        {"param": "seed", "from": None, "to": 3},
    ]
    assert found["notes"] == []


def test_a_state_is_the_same_as_itself_in_another_order(before: State, written: Any, tmp_path: Path) -> None:
    written("one", before)
    for name in ("units", "votes", "gold", "gold_mentions"):
        before[name].reverse()
    written("two", before)
    found = diff("one", "two", tmp_path)
    assert is_same(found)
    assert not is_same({**found, "params": [{"param": "seed", "from": 0, "to": 1}]})


def test_a_relation_that_went_says_between_which_spans(before: State, written: Any, tmp_path: Path) -> None:
    written("one", before)
    before["gold_relations"] = []
    written("two", before)
    found = diff("one", "two", tmp_path)
    gone = {"unit_id": "a/document", "label": "then", "from_span": "storm 0-5", "to_span": "sun 8-11"}
    removed = [{**gone, "attributes": None}]
    assert found["relations"] == {"weather.then": {"added": [], "removed": removed, "changed": []}}


def test_what_is_not_made_yet_is_empty_and_said(before: State, written: Any, tmp_path: Path) -> None:
    written("two", before)
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "params.yaml").write_text("")
    found = diff("one", "two", tmp_path)
    assert len(found["units"]["added"]) == 4
    assert found["labels"]["weather.sky"] == {"added": 4, "removed": 0, "decided_otherwise": 0, "changed": []}
    assert found["from"]["version"] is None
    assert found["notes"] == ["one has no votes and no gold: they were not made yet, or dvc.lock was not committed."]


def test_before_there_are_splits_nothing_has_moved(before: State, written: Any, tmp_path: Path) -> None:
    shutil.copytree(written("two", before), tmp_path / "one")
    Study(tmp_path / "one").table("splits").unlink()
    found = diff("one", "two", tmp_path)
    assert [found["units"][name] for name in ("moved", "left_out", "taken_in")] == [[], [], []]
    assert found["units"]["from"] == {"all": 4}
    assert found["notes"] == ["one has no splits yet, so that none is compared."]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda path: path.write_bytes(b"PAR1 and no more"), "cannot be read: "),
        (lambda path: tables.write(tables.read(path).drop_columns("annotator"), path), "it lacks annotator"),
    ],
)
def test_a_damaged_table_is_named(before: State, written: Any, tmp_path: Path, damage: Any, message: str) -> None:
    written("two", before)
    damage(Study(written("one", before)).table("votes"))
    with pytest.raises(GoldwireError) as caught:
        diff("one", "two", tmp_path)
    assert caught.value.where == str(tmp_path / "one" / "labels" / "tables" / "votes.parquet")
    assert message in caught.value.message


def test_a_table_of_an_older_goldwire_without_a_column_is_read(before: State, written: Any, tmp_path: Path) -> None:
    written("two", before)
    path = Study(written("one", before)).table("gold")
    tables.write(tables.read(path).drop_columns("adjudicator"), path)
    assert is_same(diff("one", "two", tmp_path))


def test_params_that_yaml_reads_as_days_or_no_number_are_text(before: State, written: Any, tmp_path: Path) -> None:
    written("one", before)
    written("two", {**before, "params": before["params"] + "card: {x: 2024-05-01, y: .nan}\n"})
    found = diff("one", "two", tmp_path)
    assert [row["to"] for row in found["params"]] == ["2024-05-01", "NaN"]


def test_a_typed_answer_that_changed_is_told(before: State, written: Any, tmp_path: Path) -> None:
    """As `labels build` and `labels gold` write the answers of a text question: no labels, and a value."""
    vote, decided = ({**before[table][0], "question": "why", "labels": []} for table in ("votes", "gold"))
    for name, text in (("one", "it was dull"), ("two", "it was dry")):
        before["votes"], before["gold"] = [vote | {"value": text}], [decided | {"value": text}]
        written(name, before)
    found = diff("one", "two", tmp_path)
    ways = {"from": "it was dull", "to": "it was dry"}
    assert [(row["annotator"], row["from"], row["to"]) for row in found["votes"]["changed"]] == [
        ("ann", *ways.values())
    ]
    (changed,) = found["labels"]["weather.why"]["changed"]
    assert (changed["from"], changed["to"], changed["votes"]) == (*ways.values(), [{"annotator": "ann", **ways}])


def test_an_ordinal_answer_is_its_label(before: State, written: Any, tmp_path: Path) -> None:
    written("one", before)
    before["gold"][0]["value"] = "clear"
    written("two", before)
    assert diff("one", "two", tmp_path)["labels"] == {}


def test_a_figure_of_more_units_that_stayed_is_none_that_changed(before: State, written: Any, tmp_path: Path) -> None:
    written("one", before)
    before["agreement"]["questions"]["sky"]["units"] = 5
    written("two", before)
    assert diff("one", "two", tmp_path)["agreement"] == []


def test_an_empty_mapping_is_no_parameter(before: State, written: Any, tmp_path: Path) -> None:
    written("one", {**before, "params": "recode: {}\n"})
    written("two", {**before, "params": "recode: {weather: {sky: {fog: grey}}}\n"})
    assert diff("one", "two", tmp_path)["params"] == [{"param": "recode.weather.sky.fog", "from": None, "to": "grey"}]
