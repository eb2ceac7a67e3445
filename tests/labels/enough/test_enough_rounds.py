"""From votes to the table, the words and the page: whole answers, too little to answer, bad input, a study."""

import numpy as np
import pytest

from crowd import SCHEME, SMALL, answered, plain, votes
from goldwire import tables
from goldwire.errors import GoldwireError, UsageError
from goldwire.labels.agreement.measure import agreement
from goldwire.labels.enough.measure import enough
from goldwire.labels.enough.options import Options, numbers


def test_every_row_says_what_it_costs_and_gives():
    rows = [*answered(60), ("u0060", "ann", "x")]  # one unit with one answer
    found = enough(plain(rows), SMALL)
    assert list(found) == [
        "question", "units", "units_with_two", "annotators", "answers", "design", "method", "alpha", "unanimous",
        "design_effect", "model", "rows", "measured", "words", "notes",
    ]  # fmt: skip
    assert (found["units"], found["units_with_two"], found["annotators"], found["answers"]) == (61, 60, 3, 181)
    assert found["design"] == "team"
    counted = [
        tuple(row[name] for name in ("annotators", "more", "units", "answers", "new_answers"))
        for row in found["rows"]
    ]
    assert counted == [
        (2, 0, 61, 122, 1), (2, 100, 161, 322, 201), (3, 0, 61, 183, 2), (3, 100, 161, 483, 302),
        (4, 0, 61, 244, 63), (4, 100, 161, 644, 463), (5, 0, 61, 305, 124), (5, 100, 161, 805, 624),
    ]  # fmt: skip
    for row in found["rows"]:
        assert set(row["alpha"]) == {"value", "low", "high", "half_width", "other_people"}
        assert set(row["accuracy"]) == {"value", "low", "high", "half_width", "decided"}
        assert row["alpha"]["other_people"] >= row["alpha"]["half_width"]
    halves = {(row["annotators"], row["more"]): row["alpha"]["half_width"] for row in found["rows"]}
    # the half-width goes with 1 / sqrt(n), and what there is has the interval that is measured
    assert halves[3, 100] == pytest.approx(halves[3, 0] * (61 / 161) ** 0.5, abs=2e-4)
    measured = (found["alpha"]["high"] - found["alpha"]["low"]) / 2
    assert halves[3, 0] == pytest.approx(measured, rel=0.25)
    assert found["model"]["alpha"] == pytest.approx(found["alpha"]["value"], abs=0.06)


def test_the_accuracy_is_that_of_the_votes_it_foretells():
    # nine equal annotators with an accuracy of 0.8: three are right together in 0.896 of the cases, five in 0.942
    found = enough(plain(answered(300, [f"a{i}" for i in range(9)], p=0.8)), SMALL)
    accuracy = {row["annotators"]: row["accuracy"]["value"] for row in found["rows"]}
    assert [accuracy[k] for k in (2, 3, 5)] == pytest.approx([0.8, 0.896, 0.942], abs=0.02)
    for row in found["measured"]:
        assert row["same_as_all"] == pytest.approx(row["expected_same_as_all"], abs=0.03)
        assert row["alpha"]["value"] == pytest.approx(found["alpha"]["value"], abs=0.03)


def test_order_and_names_of_columns_do_not_matter_and_the_seed_does():
    rows = answered(80, p=0.7)
    shuffled = [rows[i] for i in np.random.default_rng(1).permutation(len(rows))]
    one = enough(plain(rows), SMALL)
    assert one == enough(plain(shuffled), SMALL)
    assert one == enough(plain(rows, ("id", "who", "what")), SMALL, unit="id", annotator="who", label="what")
    other = enough(plain(rows), Options(annotators=(2, 3, 4, 5), more=(0, 100), simulations=40, seed=1))
    assert one["rows"] != other["rows"]


def test_stories_widen_the_intervals():
    generator = np.random.default_rng(4)
    rows, clusters = [], {}
    for story in range(40):
        hard = story % 2
        for part in range(5):
            unit, truth = f"{story}-{part}", int(generator.integers(2))
            clusters[unit] = str(story)
            rows += [
                (unit, name, "xy"[truth ^ int(generator.random() < (0.45 if hard else 0.02))])
                for name in ("ann", "bob", "eve")
            ]
    alone, together = (enough(plain(rows), SMALL, clusters=one) for one in ({}, clusters))
    assert alone["design_effect"] == 1
    assert together["design_effect"] > 1.3
    for a, b in zip(alone["rows"], together["rows"], strict=True):
        assert b["alpha"]["half_width"] == pytest.approx(
            a["alpha"]["half_width"] * together["design_effect"] ** 0.5, abs=3e-4
        )
    few = enough(plain(rows), SMALL, clusters={unit: str(int(story) % 5) for unit, story in clusters.items()})
    assert few["design_effect"] is None
    assert any(note.startswith("Fewer than 10 stories") for note in few["notes"])


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (answered(20, ["ann"]), "one annotator only"),
        (answered(20, labels=["x"]), "all answers are the same"),
        (answered(9), "9 units have two answers: 10 are needed"),
        (
            [*answered(1), *[(f"v{i}", "ann", "xy"[i % 2]) for i in range(30)]],
            "1 unit has two answers: 10 are needed",
        ),
    ],
)
def test_too_little_is_said_so(rows, why):
    found = enough(plain(rows), SMALL)
    assert (found["rows"], found["why"], found["alpha"]) == (
        [], why, {"value": None, "low": None, "high": None, "why": why},
    )  # fmt: skip


def test_of_two_annotators_nobody_knows_who_is_right():
    found = enough(plain(answered(50, ["ann", "bob"])), SMALL)
    assert {row["accuracy"]["value"] for row in found["rows"]} == {None}
    assert found["rows"][0]["accuracy"]["why"].startswith("of two annotators who differ")
    assert None not in {row["alpha"]["value"] for row in found["rows"]}


def test_ten_thousand_labels_are_refused_with_a_reason():
    rows = [(f"u{i}", name, f"{name}{i}") for i in range(5000) for name in ("ann", "bob")]
    assert enough(plain(rows), SMALL)["why"].startswith("10,000 labels are too many")


def test_questions_of_a_scheme_each_as_it_is():
    ordinal = answered(40, labels=("small", "mid", "big"))
    several = [(unit, who, ["a", "b"] if said == "x" else ["b"]) for unit, who, said in answered(40)]
    unsure = [("u9999", "ann", "unsure"), ("u9999", "bob", "unsure")]
    table = tables.build(
        "votes",
        [
            *votes("stance", [*answered(40, labels=("for", "against")), *unsure]),
            *votes("size", ordinal),
            *votes("topics", several),
        ],
    )
    found = enough(table, SMALL, schemes={"little": SCHEME})["questions"]
    assert list(found) == ["stance", "size", "topics"]
    assert found["stance"]["units"] == 40
    assert found["size"]["alpha"]["value"] != enough(plain(ordinal), SMALL)["alpha"]["value"]  # ordinal, not nominal
    topics = found["topics"]["labels"]
    assert list(topics) == ["a", "b", "c"]
    assert topics["b"]["why"] == "all answers are the same"
    assert topics["c"] == {"rows": [], "why": "fewer than 10 answers have it"}
    yes_no = [(unit, who, "1" if "a" in said else "0") for unit, who, said in several]
    assert topics["a"]["alpha"] == enough(plain(yes_no), SMALL)["alpha"]
    assert enough(table, SMALL, schemes={"little": SCHEME}, question="little.size") == found["size"] | {
        "question": "size"
    }
    with pytest.raises(GoldwireError, match='there is no question "sizes"') as error:
        enough(table, SMALL, schemes={"little": SCHEME}, question="sizes")
    assert error.value.hint == "There are: stance, size, topics"


def test_dawid_skene_gold_is_simulated_by_fitting_it():
    options = Options(annotators=(3,), more=(0,), simulations=20, method="dawid-skene")
    found = enough(plain(answered(60, [f"a{i}" for i in range(5)])), options)
    assert found["method"] == "dawid-skene"
    assert 0.85 < found["rows"][0]["accuracy"]["value"] <= 1
    assert found["notes"][-1].startswith("Gold by Dawid-Skene is simulated")


def test_two_who_always_differ_are_no_fewer_stories():
    found = enough(plain([(f"u{i}", who, said) for i in range(20) for who, said in (("a", "x"), ("b", "y"))]), SMALL)
    assert found["design_effect"] == 1
    assert not any("stories" in note for note in found["notes"])


def test_a_draw_without_alpha_does_not_cost_the_others():
    # ten units with three answers, of which one differs: two draws in three have it, and all else are without alpha
    rows = [(f"u{i}", who, "x") for i in range(10) for who in "abc"]
    rows[0] = ("u0", "a", "y")
    found = enough(plain(rows), Options(annotators=(2, 3), more=(0,), simulations=20))
    (measured,) = found["measured"]
    assert measured["alpha"]["value"] == pytest.approx(0, abs=1e-4)
    assert measured["same_as_all"] == pytest.approx(1 - 1 / 30, abs=0.02)


def test_what_is_not_measured_says_why():
    # 20 units with four answers, all tied two to two; of another twelve all but one are the same
    rows = [(f"u{i}", who, said) for i in range(20) for who, said in zip("abcd", "xxyy", strict=True)]
    (row,) = enough(plain(rows), Options(annotators=(2,), more=(0,), simulations=20))["measured"]
    assert row["same_as_all"] is None
    assert row["why"]["same_as_all"] == "each of these units is tied with all its answers"
    rows = [(f"u{i:02}", f"{i}{who}", "x") for i in range(12) for who in "abcdefgh"]
    rows[0] = ("u00", "0a", "y")
    (row,) = enough(plain(rows), Options(annotators=(2,), more=(0,), simulations=20))["measured"]
    assert row["alpha"] == {
        "value": None, "low": None, "high": None, "half_width": None,
        "why": "not defined in most draws: their answers are all the same",
    }  # fmt: skip
    assert row["same_as_all"] > 0.9


def test_alpha_as_measured_is_that_of_labels_agreement():
    rows = [*answered(60), ("u0060", "ann", "x")]
    for resamples in (100, 1000):
        options = Options(annotators=(2,), more=(0,), simulations=20, resamples=resamples)
        ours, theirs = enough(plain(rows), options)["alpha"], agreement(plain(rows), resamples=resamples)["alpha"]
        assert ours == {name: round(value, 4) for name, value in theirs.items()}


def test_labels_of_a_plain_table_are_taken_as_nominal_and_that_is_said():
    said = "A plain table does not say whether its labels have an order: alpha takes them as nominal."
    assert enough(plain(answered(40, labels="123")), SMALL)["notes"][-1] == said
    assert said not in enough(plain(answered(40)), SMALL)["notes"]


def test_lists_of_numbers():
    assert numbers("2-5", "--annotators") == (2, 3, 4, 5)
    assert numbers("0, 500,100", "--more") == (0, 100, 500)
    for text in ("", "2-", "x", "5-2", "1-2-3", "-1", "1e3"):
        with pytest.raises(UsageError):
            numbers(text, "--more")
    for bad in ({"annotators": (1, 2)}, {"simulations": 5}, {"half_width": 0}, {"accuracy": 1.5}, {"more": ()}):
        with pytest.raises(UsageError):
            Options(**bad)
