"""Agreement without the units of the easy label."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from goldwire.errors import GoldwireError
from goldwire.labels.agreement.hard import check_easy, hard_of
from goldwire.labels.agreement.part import Figures, of_answers
from goldwire.labels.answers import Answers
from goldwire.labels.ballots import of_frame


def plain(rows: Iterable[tuple[str, str, Any]]) -> Answers:
    return of_frame(pa.Table.from_pylist([dict(zip("uwl", row, strict=True)) for row in rows]), "u", "w", "l")


def answered(**labels: str) -> Answers:
    """One unit an argument, with the answers of ann, bob and eve; a blank is none."""
    return plain(
        (unit, who, label)
        for unit, said in labels.items()
        for who, label in zip(("ann", "bob", "eve"), said, strict=True)
        if label != " "
    )


@pytest.mark.parametrize("people", [2, 3])
def test_by_majority_it_is_lower_and_without_any_easy_answer_higher_than_on_units_known_to_be_hard(
    people: int,
) -> None:
    rng = np.random.default_rng(0)
    truth = rng.choice(3, 3000, p=[0.6, 0.2, 0.2])
    said = np.where(rng.random((3000, people)) < 0.7, truth[:, None], rng.integers(3, size=(3000, people)))
    rows = [(f"u{u:04}", f"a{a}", "NXY"[said[u, a]]) for u in range(3000) for a in range(people)]
    figures, answers = Figures(resamples=20), plain(rows)
    found = hard_of(answers, "N", None, figures)
    known = figures.of(of_answers(answers, truth[answers.unit] > 0))["alpha"]["value"]
    assert found["alpha"]["value"] < known - 0.05
    assert found["never_easy"]["alpha"]["value"] > known + 0.1


def test_units_of_the_easy_label_by_majority_are_left_out_and_ties_stay() -> None:
    answers = answered(a="NNN", b="NNN", c="NNX", d="XXN", e="XYY", f="NX ", g="N  ")
    found = hard_of(answers, None, None, Figures())
    # d, e and f stay. Observed: 1/3, 1/3, 0. Alpha: N 2, X 4, Y 2 of 8, with 2, 2 and 2 unequal pairs over m - 1:
    # 4/2 + 4/2 + 2/1 = 6; expected 64 - 24 = 40: alpha 1 - 7 * 6 / 40. Shares: N 5/18, X 9/18, Y 4/18: chance
    # 122/324; observed in all 2/9 = 72/324.
    few = {"low": None, "high": None, "why": "3 clusters: an interval needs 10"}
    nothing = {"value": None, "low": None, "high": None, "why": "1 unit with two answers: a figure needs two"}
    assert found["kappa"].pop("value") == pytest.approx((72 - 122) / (324 - 122), abs=5e-7)
    assert found == {
        "easy": "N",
        "because": "it was given most often",
        "easy_votes": 2,
        "units": 3,
        "units_with_two": 3,
        "votes": 8,
        "observed": {"value": 0.222222, **few},
        "alpha": {"value": -0.05, **few},
        "kappa": few,
        "never_easy": {
            "units": 1,
            "units_with_two": 1,
            "votes": 3,
            "observed": nothing,
            "alpha": nothing,
            "kappa": nothing,
        },
    }


def test_the_easy_label_is_the_named_one_else_the_negative_one_else_the_most_frequent() -> None:
    answers = answered(a="NNX", b="XYY")

    def easy(*labels: str | None) -> tuple[str, str]:
        found = hard_of(answers, *labels, Figures())
        return found["easy"], found["because"]

    assert easy("Y", "X") == ("Y", "named")
    assert easy("unknown", "X") == ("X", "its role is negative")
    assert easy(None, "never given") == ("never given", "its role is negative")
    # N, X and Y have two each: the first in the order of the labels
    assert easy(None, None) == ("N", "it was given most often")


def test_a_set_is_easy_when_it_is_the_easy_label_alone() -> None:
    rows = [("1", "a", ["n"]), ("1", "b", ["n"]), ("2", "a", ["n", "x"]), ("2", "b", ["n", "x"])]
    rows += [("3", "a", ["y"]), ("3", "b", ["n", "y"])]
    found = hard_of(plain(rows), None, None, Figures())
    assert (found["easy"], found["units"], found["easy_votes"], found["never_easy"]["units"]) == ("n", 2, 0, 2)


def test_without_an_answer_there_is_no_easy_label() -> None:
    answers = plain([("1", "a", []), ("1", "b", ["x"])])
    none = Answers(**{**vars(answers), "unit": answers.unit[:0], "annotator": answers.annotator[:0],
                      "answer": answers.answer[:0]})  # fmt: skip
    assert hard_of(none, None, None, Figures()) == {"easy": None, "because": "no label was given"}


def test_an_easy_label_of_no_question_is_refused() -> None:
    check_easy(None, {})
    check_easy("x", {"a": ["y"], "b": ["x"]})
    with pytest.raises(GoldwireError, match=r'^no question has the label "z"$') as error:
        check_easy("z", {"a": ["y"], "b": ["x", "w"]})
    assert error.value.hint == "The labels are: a: y; b: x, w"


@pytest.mark.shared
def test_the_human_labels_of_fnc_1_without_unrelated(shared_data: Path) -> None:
    path = shared_data / "fnc1_human_upper_bound" / "upper_bound_summary_V2.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        pairs = list(csv.DictReader(stream))
    people = ["avinesh", "andreas V2", "debanjan V2", "Benjamin V2", "felix V2"]
    typed = {"unrelatedn": "unrelated", "discuu": "discuss"}
    rows = [(f"{i:03}", who, typed.get(said := pair[who].strip().lower(), said))
            for i, pair in enumerate(pairs) for who in people]  # fmt: skip
    found = hard_of(plain(rows), None, None, Figures())
    assert (found["easy"], found["units"], found["never_easy"]["units"]) == ("unrelated", 55, 50)
    assert found["kappa"]["value"] == pytest.approx(0.165, abs=5e-4)
    assert found["kappa"]["low"] < 0.165 < found["kappa"]["high"]
    assert found["never_easy"]["kappa"]["value"] == pytest.approx(0.188, abs=5e-4)
    without = [row for row in rows if row[2] != "unrelated"]
    dropped = hard_of(plain(row for row in without if row[0] in _hard_units(rows)), "none", "none", Figures())
    assert dropped["kappa"]["value"] == pytest.approx(0.173, abs=5e-4)


def _hard_units(rows: list[tuple[str, str, str]]) -> set[str]:
    """Return the pairs to which at most two of five answered "unrelated"."""
    unrelated = [unit for unit, _, label in rows if label == "unrelated"]
    return {unit for unit, _, _ in rows if unrelated.count(unit) <= 2}
