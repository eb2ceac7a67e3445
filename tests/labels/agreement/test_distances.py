import krippendorff
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.agreement.measure import agreement
from goldwire.labels.agreement.question import _ties as ties_of
from goldwire.labels.agreement.question import cells_of, marks_of
from goldwire.labels.ballots import of_frame
from goldwire.labels.decide import decide
from goldwire.scheme import Scheme


def plain(*rows, kind=None):
    columns = list(zip(*rows, strict=True))
    types = [pa.string(), pa.string(), kind or pa.string()]
    return pa.table({n: pa.array(c, t) for n, c, t in zip(("task", "worker", "label"), columns, types, strict=True)})


TREE = Scheme.model_validate(
    {
        "name": "events",
        "version": "1.0.0",
        "title": "Events",
        "description": "For tests.",
        "unit": "document",
        "questions": [
            {
                "name": "event",
                "text": "?",
                "type": "tree",
                "labels": [
                    {"name": "Battles", "definition": "d", "children": [
                        {"name": "Armed clash", "definition": "d"}, {"name": "Territory", "definition": "d"}]},
                    {"name": "Riots", "definition": "d"},
                ],
            }
        ],
    }
)  # fmt: skip


def test_a_tree_has_the_distance_of_trees():
    said = [("1", "p", ["Battles/Armed clash"]), ("1", "q", ["Battles/Territory"])]
    said += [("2", "p", ["Riots"]), ("2", "q", ["Riots"])]
    rows = [{"scheme": "events", "unit_id": u, "annotator": who, "question": "event", "labels": x, "counts": True,
             "status": "submitted"} for u, who, x in said]  # fmt: skip
    found = agreement(tables.build("votes", rows), schemes={"events": TREE})
    # Observed 2 * 1/2; expected 2 * (1/2 + 2 + 2): alpha 1 - 3 * 1 / 9.
    assert (found["distance"], found["alpha"]["value"]) == ("tree", 0.666667)
    assert list(found["alphas"]) == ["nominal", "masi", "tree"]
    assert found["alphas"]["masi"]["value"] == found["alphas"]["nominal"]["value"] == 0.4
    assert found["observed"] == 0.75
    # Both say Battles, by what they say below it.
    assert found["per_label"]["Battles"]["alpha"]["value"] == 1.0
    assert found["per_label"]["Battles"]["votes"] == 2
    wanted = agreement(tables.build("votes", rows), schemes={"events": TREE}, distance="nominal")
    assert (wanted["distance"], wanted["alpha"]["value"], wanted["observed"]) == ("nominal", 0.4, 0.5)


NUMBERS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 3), st.sampled_from(["2", "10", "-1", "3.5"])),
    min_size=2,
    max_size=36,
    unique_by=lambda row: row[:2],
)


@settings(deadline=None, max_examples=40)
@given(NUMBERS)
def test_labels_that_are_numbers_are_ordered_as_numbers(rows):
    table = plain(*((str(u), str(a), x) for u, a, x in rows))
    found = agreement(table, distance="interval", resamples=10)
    assert list(found["alphas"]) == ["nominal", "ordinal", "interval"]
    given = sorted({float(x) for _, _, x in rows})
    counts = np.zeros((10, len(given)))
    for u, _, x in rows:
        counts[u, given.index(float(x))] += 1
    for level, one in found["alphas"].items():
        if one["value"] is None:
            assert one["why"]
        else:
            theirs = krippendorff.alpha(value_counts=counts, value_domain=given, level_of_measurement=level)
            assert one["value"] == pytest.approx(theirs, abs=6e-7)
    assert found["alpha"] == found["alphas"]["interval"]


def test_labels_that_are_words_need_their_order():
    table = plain(("1", "a", "low"), ("1", "b", "mid"), ("2", "a", "high"), ("2", "b", "high"))
    with pytest.raises(GoldwireError, match="the labels are not numbers, so their order is not known") as error:
        agreement(table, distance="ordinal")
    assert error.value.hint == "Name every label, the lowest first: --order low,mid,high"
    found = agreement(table, order=["low", "mid", "high"])
    theirs = krippendorff.alpha([[0, 2], [1, 2]], level_of_measurement="ordinal")
    assert (found["distance"], found["alpha"]["value"]) == ("ordinal", pytest.approx(theirs, abs=5e-7))
    assert list(found["per_label"]) == ["low", "mid", "high"]
    with pytest.raises(GoldwireError, match=r'^label "high" is not in the order$'):
        agreement(table, order=["low", "mid"])
    with pytest.raises(GoldwireError, match="a label stands twice in the order"):
        agreement(table, order=["low", "mid", "high", "mid"])
    with pytest.raises(GoldwireError, match="labels that are not numbers, and interval needs numbers"):
        agreement(table, distance="interval", order=["low", "mid", "high"])


def test_a_distance_that_does_not_fit_is_refused():
    table = plain(("1", "a", "x"), ("1", "b", "y"))
    with pytest.raises(GoldwireError, match="this takes one label, and masi compares sets"):
        agreement(table, distance="masi")
    with pytest.raises(GoldwireError, match=r'^there is no distance "cosine"$') as error:
        agreement(table, distance="cosine")
    assert error.value.hint == "There are: nominal, ordinal, interval, masi, tree"
    sets = plain(("1", "a", ["x"]), ("1", "b", ["y"]), kind=pa.list_(pa.string()))
    with pytest.raises(GoldwireError, match="an answer may have several labels, which have no order"):
        agreement(sets, distance="ordinal")


def test_paths_of_a_plain_file_are_compared_as_a_tree_when_asked():
    table = plain(("1", "a", "B/x"), ("1", "b", "B/y"), ("2", "a", "R"), ("2", "b", "R"))
    assert agreement(table, distance="tree")["alpha"]["value"] == 0.666667


def test_a_map_recodes_a_plain_file_and_says_what_it_does_not_know():
    table = plain(("1", "a", "Yes"), ("1", "b", "yes"), ("2", "a", "no"), ("2", "b", "x"), ("3", "c", "x"))
    found = agreement(table, recode={"Yes": "yes", "nope": "no"})
    assert found["recoded"] == {"Yes": {"to": "yes", "n": 1}, "nope": {"to": "no", "n": 0}}
    assert found["unknown"] == {"x": 2}
    assert (found["units"], found["annotators"], found["votes"], found["observed"]) == (2, 2, 3, 1.0)
    with pytest.raises(GoldwireError, match="there is no answer in these 5 rows") as error:
        agreement(table, recode={"oui": "ja"})
    assert error.value.hint == 'A row needs a label in the column "label". The map knows none of them.'
    with pytest.raises(GoldwireError, match='"q" is not mapped to a label'):
        agreement(table, recode={"q": {"Yes": "yes"}})


def test_a_set_with_an_unknown_label_is_left_out_whole():
    table = plain(("1", "a", ["A", "b"]), ("1", "b", ["a"]), ("2", "a", ["a", "?"]), kind=pa.list_(pa.string()))
    found = agreement(table, recode={"A": "a", "B": "b"})
    assert (found["votes"], found["unknown"], list(found["per_label"])) == (2, {"?": 1}, ["a", "b"])


def test_pairs_can_be_left_out_or_asked_for():
    rows = [(str(u), f"w{(u + k) % 33:02}", "xy"[(u * k) % 2]) for u in range(330) for k in range(3)]
    left_out = agreement(plain(*rows), resamples=20)
    assert (left_out["pairs"], left_out["pairs_left_out"]) == ([], 66)
    asked = agreement(plain(*rows), resamples=20, pairs=True)
    assert (len(asked["pairs"]), "pairs_left_out" in asked) == (66, False)
    assert [(pair["a"], pair["b"]) for pair in asked["pairs"]] == sorted((p["a"], p["b"]) for p in asked["pairs"])
    few = agreement(plain(*(row for row in rows if row[1] < "w03")), pairs=False)
    assert (few["pairs"], few["pairs_left_out"]) == ([], 3)


def test_two_annotators_have_one_kappa():
    rows = [(str(u), who, "xyz"[(u * (who == "b") + u // 3) % 3]) for u in range(40) for who in "ab"]
    found = agreement(plain(*rows))
    assert found["pairs"][0]["kappa"] == found["intervals"]["kappa"]
    assert found["intervals"]["kappa"]["low"] < found["kappa"] < found["intervals"]["kappa"]["high"]


def test_breakdowns_are_added_to_each_question():
    table = plain(("1", "a", "x"), ("1", "b", "y"))
    found = agreement(table, breakdowns=lambda answers: {"slices": {"units": answers.units}})
    assert found.pop("slices") == {"units": ["1"]}
    assert found == agreement(table)


LISTS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 4), st.lists(st.sampled_from("abc"), min_size=1, unique=True)),
    min_size=1,
    max_size=25,
    unique_by=lambda row: row[:2],
)


@settings(deadline=None, max_examples=40)
@given(LISTS)
def test_ties_are_those_of_the_majority_in_gold(rows):
    sets = plain(*((str(u), str(a), sorted(x)) for u, a, x in rows), kind=pa.list_(pa.string()))
    single = plain(*((str(u), str(a), x[0]) for u, a, x in rows))
    for table in (sets, single):
        answers = of_frame(table, "task", "worker", "label")
        assert ties_of(answers, marks_of(answers, cells_of(answers)[0])) == decide(answers).tied.sum()
        assert agreement(table, resamples=5)["ties"] == decide(answers).tied.sum()


def test_ten_thousand_labels_have_figures():
    draw = np.random.default_rng(0)
    truth = np.arange(12_000) % 10_000
    rows = [(str(u), who, f"l{truth[u] if draw.random() < 0.6 else draw.integers(10_000)}")
            for u in range(12_000) for who in "abc"]  # fmt: skip
    found = agreement(plain(*rows), resamples=50)
    assert found["alpha"]["value"] == pytest.approx(0.36, abs=0.02)
    assert found["alpha"]["low"] < found["alpha"]["value"]
    assert len(found["per_label"]) > 9_000
