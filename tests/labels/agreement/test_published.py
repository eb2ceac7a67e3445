"""Figures of published data, which are not in the project."""

import csv
import json
from collections import defaultdict

import pyarrow as pa
import pytest
from sklearn.metrics import cohen_kappa_score

from goldwire import tables
from goldwire.labels.agreement.measure import agreement

pytestmark = pytest.mark.shared

# The second pass where there is one.
PEOPLE = ["avinesh", "andreas V2", "debanjan V2", "Benjamin V2", "felix V2"]
LABELS = ["unrelated", "agree", "disagree", "discuss"]
TYPED = {name.capitalize(): name for name in LABELS} | {"Unrelatedn": "unrelated", "discuu": "discuss"}


@pytest.fixture
def pairs(shared_data):
    path = shared_data / "fnc1_human_upper_bound" / "upper_bound_summary_V2.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    said = [{"task": str(i), "worker": who, "label": row[who]} for i, row in enumerate(rows) for who in PEOPLE]
    return pa.Table.from_pylist(said)


def test_figures_of_snow_2008_rte(shared_data):
    found = agreement(tables.read(shared_data / "snow2008_rte" / "rte_votes.csv"))
    assert (found["units"], found["annotators"], found["votes"], found["ties"]) == (800, 164, 8000, 65)
    assert found["alpha"]["value"] == pytest.approx(0.2415, abs=5e-5)
    assert 0.21 < found["alpha"]["low"] < 0.2415 < found["alpha"]["high"] < 0.27
    assert (found["pairs"], found["pairs_left_out"]) == ([], 1254)


def test_kappa_of_two_workers_of_snow_2008_rte_equals_scikit_learn(shared_data):
    table = tables.read(shared_data / "snow2008_rte" / "rte_votes.csv")
    said = defaultdict(dict)
    for row in table.select(["task", "worker", "label"]).to_pylist():
        said[str(row["worker"])][row["task"]] = row["label"]
    found = agreement(table, pairs=True, resamples=100)
    met = [(a, b) for a in said for b in said if a < b and said[a].keys() & said[b].keys()]
    assert [(pair["a"], pair["b"]) for pair in found["pairs"]] == sorted(met)
    assert (len(met), "pairs_left_out" in found) == (1254, False)
    for pair in [pair for pair in found["pairs"] if pair["kappa"]["value"] is not None][::97]:
        both = sorted(said[pair["a"]].keys() & said[pair["b"]].keys())
        theirs = cohen_kappa_score([said[pair["a"]][u] for u in both], [said[pair["b"]][u] for u in both])
        assert (pair["n"], pair["kappa"]["value"]) == (len(both), pytest.approx(theirs, abs=5e-7))


def test_fleiss_kappa_of_the_human_labels_of_fnc_1(pairs):
    found = agreement(pairs, recode=TYPED)
    assert found["kappa"] == pytest.approx(0.680, abs=5e-4)
    assert (found["units"], found["annotators"], found["unknown"]) == (200, 5, {})
    assert found["recoded"] == {
        "Agree": {"to": "agree", "n": 29},
        "Disagree": {"to": "disagree", "n": 9},
        "Discuss": {"to": "discuss", "n": 18},
        "Unrelated": {"to": "unrelated", "n": 143},
        "Unrelatedn": {"to": "unrelated", "n": 1},
        "discuu": {"to": "discuss", "n": 1},
    }


def test_fleiss_kappa_of_related_or_not_in_fnc_1(pairs):
    related = {old: new if new == "unrelated" else "related" for old, new in TYPED.items()}
    related |= dict.fromkeys(LABELS[1:], "related")
    found = agreement(pairs, recode=related)
    assert (found["kappa"], list(found["per_label"])) == (pytest.approx(0.948, abs=5e-4), ["related", "unrelated"])


def test_a_typed_label_that_the_map_does_not_know_is_reported(pairs):
    known = {old: new for old, new in TYPED.items() if old not in ("Unrelatedn", "discuu")}
    found = agreement(pairs, recode=known)
    assert (found["unknown"], found["votes"]) == ({"Unrelatedn": 1, "discuu": 1}, 998)


def test_alpha_of_the_ideology_of_articles_in_seesaw(shared_data):
    said = []
    for path in sorted((shared_data / "seesaw" / "annotations").glob("*.json")):
        for one in json.loads(path.read_text(encoding="utf-8"))["article ideology"]:
            said.append({"task": path.stem, "worker": one["annotator"], "label": one["ideology"]})
    sides = ["Liberal", "Slightly Liberal", "Moderate", "Slightly Conservative", "Conservative"]
    found = agreement(
        pa.Table.from_pylist(said), distance="ordinal", order=["Very Liberal", *sides, "Very Conservative"]
    )
    assert (found["units"], found["units_with_two"], found["annotators"]) == (609, 63, 6)
    assert found["alphas"]["nominal"]["value"] == pytest.approx(0.263, abs=5e-4)
    assert found["alpha"]["value"] > 0.5  # those who differ are mostly neighbours
