"""Published dataset folders compared: with one another, and with a study by its own dataset."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

import small_dataset
from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.diff.compare import diff, is_same
from goldwire.study import Params


def relabelled(table: pa.Table, unit: str, question: str, label: str) -> pa.Table:
    rows = table.to_pylist()
    for row in rows:
        if (row["unit_id"], row["question"]) == (unit, question):
            row["labels"] = [label]
    return pa.Table.from_pylist(rows, schema=table.schema)


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    made = small_dataset.study()
    small_dataset.build(tmp_path / "one")
    votes = made["votes"].filter(
        pc.or_(
            pc.not_equal(made["votes"]["unit_id"], "a1/document"), pc.equal(made["votes"]["annotator"], "annotator-1")
        )
    )
    changed = {
        "gold": relabelled(made["gold"], "a0/document", "main", "HIT"),
        "votes": relabelled(votes, "a0/document", "main", "HIT"),
    }
    splits = [
        {**row, "split": "test" if row["unit_id"] == "a1/document" else row["split"]}
        for row in made["splits"].to_pylist()
    ]
    small_dataset.build(
        tmp_path / "two", params=Params(version="0.2.0"), **changed, splits=tables.build("splits", splits)
    )
    return tmp_path


def test_two_folders_of_a_dataset(folders: Path) -> None:
    found = diff("one", "two", folders)
    people = ("annotator-1", "annotator-2")
    assert [found[side]["version"] for side in ("from", "to")] == ["0.1.0", "0.2.0"]
    assert found["units"]["moved"] == [{"unit_id": "a1/document", "from": "train", "to": "test"}]
    assert found["labels"]["event-small.main"]["changed"] == [
        {
            "unit_id": "a0/document",
            "from": ["MEET"],
            "to": ["HIT"],
            "decided_by": {"from": "unanimous", "to": "unanimous"},
            "by": list(people),
            "votes": [{"annotator": who, "from": ["MEET"], "to": ["HIT"]} for who in people],
        }
    ]
    assert found["votes"]["annotators"]["annotator-2"] == {"added": 0, "removed": 1, "changed": 1}
    assert (found["schemes"], found["params"], found["agreement"]) == ([], [], [])
    assert found["notes"][0] == (
        "one is a dataset: of its schemes only the hashes are known, of agreement and params nothing."
    )
    assert is_same(diff("one", "one", folders))


def test_a_study_is_compared_by_its_dataset(folders: Path) -> None:
    study = folders / "study"
    study.mkdir()
    (study / "params.yaml").write_text("")
    with pytest.raises(GoldwireError, match="study has no labels/dataset to compare with a dataset"):
        diff("study", "one", folders)
    small_dataset.build(study / "labels" / "dataset")
    assert is_same(diff("study", "one", folders))
    assert is_same(diff("../one", None, study))
    assert diff("one", "study", folders)["to"]["kind"] == "dataset"
