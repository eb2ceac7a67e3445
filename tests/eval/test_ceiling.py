"""What people reach, worked by hand: who counts, who is tied, and which units are used."""

import pandas as pd
import pytest

from goldwire import scheme
from goldwire.eval.ceiling import ceiling
from goldwire.eval.inputs import Inputs
from goldwire.eval.measure import Bootstrap

STANCE = scheme.load("stance-target")
LABELS = ["favor", "against", "none"]


def inputs(votes: dict[str, dict[str, str]], test: int) -> Inputs:
    """Units u0, u1, ... with votes; the first `test` of them are in the test split."""
    rows = pd.DataFrame(
        [
            {"unit_id": unit, "label": "favor", "split": "test" if i < test else "train", "cluster": f"s{i}"}
            for i, unit in enumerate(votes)
        ]
    )
    said = [(unit, who, label) for unit, given in votes.items() for who, label in given.items()]
    frame = pd.DataFrame(said, columns=["unit_id", "annotator", "label"])
    return Inputs(STANCE, STANCE.questions[0], LABELS, rows, frame)


def test_each_annotator_is_scored_against_the_majority_of_the_others() -> None:
    votes = {
        "u0": {"x": "favor", "y": "favor", "z": "favor"},  # all three agree with the others
        "u1": {"x": "against", "y": "favor", "z": "favor"},  # x is wrong; for y and z the others are tied
        "u2": {"x": "none", "y": "none", "z": "against"},  # z is wrong
        "u3": {"x": "none", "y": "none"},  # one other only
        "u4": {"x": "favor", "y": "against", "z": "none"},  # tied for everyone
        "u5": {"x": "favor", "y": "favor", "z": "invented"},  # a label that is none leaves one other
    }
    found = ceiling(inputs(votes, test=0), Bootstrap(100))
    assert (found["units"], found["judged"], found["answers"]) == ("all", 3, 5)
    assert found["metrics"]["accuracy"]["value"] == 0.6
    # gold favor x 4 (3 right, 1 said against), none x 1 (said against): F1 favor 6/7, none 0
    assert found["metrics"]["macro-f1"]["value"] == pytest.approx(3 / 7, abs=1e-6)
    assert {who: (f["answers"], f["accuracy"]["value"]) for who, f in found["annotators"].items()} == {
        "x": (2, 0.5),
        "y": (1, 1.0),
        "z": (2, 0.5),
    }


def test_four_annotators_may_be_outvoted_two_to_one() -> None:
    votes = {"u0": {"w": "favor", "x": "favor", "y": "favor", "z": "none"}}
    found = ceiling(inputs(votes, test=0), Bootstrap(100))
    assert {who: f["accuracy"]["value"] for who, f in found["annotators"].items()} == {"w": 1, "x": 1, "y": 1, "z": 0}


@pytest.mark.parametrize(("test", "scope", "judged"), [(49, "all", 60), (50, "test", 50)])
def test_all_units_are_used_when_the_test_split_has_too_few(test: int, scope: str, judged: int) -> None:
    votes = {f"u{i:02}": dict.fromkeys("xyz", "favor") for i in range(60)}
    found = ceiling(inputs(votes, test), Bootstrap(100))
    assert (found["units"], found["judged"]) == (scope, judged)
    assert found["metrics"]["accuracy"] == {"value": 1.0, "low": 1.0, "high": 1.0}


def test_two_annotators_have_no_ceiling_and_the_reason_is_given() -> None:
    votes = {"u0": {"x": "favor", "y": "favor"}}
    assert ceiling(inputs(votes, 1), Bootstrap(100)) == {
        "why": "no unit has answers of three annotators of whom two others agree"
    }
