"""Gold of plain files with one answer a row."""

import pyarrow as pa
import pytest

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.gold.compare import compare_frame
from goldwire.labels.gold.merge import gold_from_frame


def test_gold_of_a_plain_table():
    rows = [("2", "a", "x"), ("10", "b", "y"), ("2", "b", "x"), ("10", "a", "x"), ("3", "c", "y"), ("4", "c", None)]
    columns = zip(("task", "worker", "label"), zip(*rows, strict=True), strict=True)
    table = pa.table({name: pa.array(column, pa.string()) for name, column in columns})
    assert gold_from_frame(table, "task", "worker", "label").to_pylist() == [
        {"unit": "10", "label": None, "decided_by": "unresolved", "n_votes": 2, "tied": True,
         "distribution": [{"label": "x", "share": 0.5}, {"label": "y", "share": 0.5}], "posterior": None},
        {"unit": "2", "label": "x", "decided_by": "unanimous", "n_votes": 2, "tied": False,
         "distribution": [{"label": "x", "share": 1.0}], "posterior": None},
        {"unit": "3", "label": "y", "decided_by": "unanimous", "n_votes": 1, "tied": False,
         "distribution": [{"label": "y", "share": 1.0}], "posterior": None},
    ]  # fmt: skip


def test_a_plain_table_that_cannot_be_decided_is_refused():
    lists = pa.table({"task": ["1"], "worker": ["a"], "label": [["x", "y"]]})
    with pytest.raises(GoldwireError, match='column "label" holds lists of labels'):
        gold_from_frame(lists, "task", "worker", "label")
    empty = pa.table({"task": ["1"], "worker": ["a"], "label": pa.array([None], pa.string())})
    with pytest.raises(GoldwireError, match="there is no answer in these 1 rows"):
        gold_from_frame(empty, "task", "worker", "label")
    twice = pa.table({"task": ["1", "1"], "worker": ["a", "a"], "label": ["x", "y"]})
    with pytest.raises(GoldwireError, match="a answered 1 twice"):
        gold_from_frame(twice, "task", "worker", "label")
    assert gold_from_frame(twice, "task", "worker", "label", "last")["label"].to_pylist() == ["y"]


def test_a_tie_in_a_plain_table_is_settled_by_the_rule_that_was_named():
    rows = {"task": ["1", "1", "2", "2"], "worker": ["a", "b", "a", "b"], "label": ["y", "x", "x", "x"]}
    table = pa.table(rows)
    named = {ties: gold_from_frame(table, "task", "worker", "label", ties=ties) for ties in ("first-label", "random")}
    assert named["first-label"].select(["label", "decided_by", "tied"]).to_pylist() == [
        {"label": "x", "decided_by": "majority", "tied": True},
        {"label": "x", "decided_by": "unanimous", "tied": False},
    ]
    drawn = {
        gold_from_frame(table, "task", "worker", "label", ties="random", seed=n)["label"][0].as_py()
        for n in range(20)
    }
    assert drawn == {"x", "y"}
    assert named["random"].equals(gold_from_frame(table, "task", "worker", "label", ties="random"))


@pytest.mark.shared
def test_majority_of_snow_2008_rte(shared_data):
    table = tables.read(shared_data / "snow2008_rte" / "rte_votes.csv")
    found = gold_from_frame(table, "task", "worker", "label").to_pylist()
    assert sum(row["tied"] for row in found) == 65
    assert {row["decided_by"] for row in found if row["tied"]} == {"unresolved"}
    true, first = {}, {}
    for row in table.to_pylist():
        true[row["task"]] = row["gold"]
        first.setdefault(row["task"], row["label"])
    right = sum((row["label"] or first[row["unit"]]) == true[row["unit"]] for row in found)
    assert right / len(found) == 0.9025


@pytest.mark.shared
def test_models_of_snow_2008_rte(shared_data):
    table = tables.read(shared_data / "snow2008_rte" / "rte_votes.csv")
    found = compare_frame(table, "task", "worker", "label", "gold", resamples=100)
    assert (found["n"], found["clusters"]) == (800, 800)
    right = {name: method["right"]["value"] for name, method in found["methods"].items()}
    assert right == {"majority": 0.85625, "dawid-skene": 0.9275, "mace": 0.92625}
    majority = found["methods"]["majority"]
    assert (majority["unresolved"]["value"], majority["right_if_drawn"]["value"]) == (65 / 800, 0.896875)
    for method in ("dawid-skene", "mace"):
        made = gold_from_frame(table, "task", "worker", "label", method=method).to_pylist()
        assert sum(row["tied"] for row in made) == 65
        assert {row["decided_by"] for row in made} == {"unanimous", "aggregated"}
        assert all(abs(sum(one["share"] for one in row["posterior"]) - 1) < 1e-5 for row in made)
