"""What people reach, worked by hand: who counts, who is tied, and which units are used."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from goldwire import scheme
from goldwire.eval.ceiling import ceiling, verdict
from goldwire.eval.ceiling.against import apart, paired
from goldwire.eval.ceiling.halves import split_half
from goldwire.eval.ceiling.votes import majority
from goldwire.eval.inputs import Inputs
from goldwire.eval.measure import Bootstrap, Gold, measure
from goldwire.eval.result import Ceiling
from goldwire.eval.task import Answer, Task, Type

STANCE = scheme.load("stance-target")
LABELS = ("favor", "against", "none")


def inputs(votes: Mapping[str, Mapping[str, Any]], test: int, kind: Type = "single", labels: Any = LABELS) -> Inputs:
    """Units u0, u1, ... with votes; the first `test` of them are in the test split."""
    rows = pd.DataFrame(
        [
            {"unit_id": unit, "labels": (labels[0],), "split": "test" if i < test else "train", "cluster": f"s{i}"}
            for i, unit in enumerate(votes)
        ]
    )
    said = [
        (unit, who, (answer,) if isinstance(answer, str) else answer)
        for unit, given in votes.items()
        for who, answer in given.items()
    ]
    frame = pd.DataFrame(said, columns=["unit_id", "annotator", "labels"])
    return Inputs(STANCE, STANCE.questions[0], Task(tuple(labels), kind), rows, frame)


def many(n: int, right: Sequence[float], seed: int = 0) -> dict[str, dict[str, str]]:
    """Votes of people who are right with these chances."""
    generator = np.random.default_rng(seed)
    truth = generator.choice(LABELS, n)
    return {
        f"u{i:03}": {
            f"a{who}": str(truth[i] if generator.random() < chance else generator.choice(LABELS))
            for who, chance in enumerate(right)
        }
        for i in range(n)
    }


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
    Ceiling.model_validate(found)
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
    share = {"all": "5%", "test": "6%"}[scope]  # the rule of three
    why = f"the same in every resample: what none of {judged} clusters shows, up to {share} of others may show"
    assert found["metrics"]["accuracy"] == {"value": 1.0, "low": None, "high": None, "why": why}


def test_two_annotators_have_no_ceiling_and_the_reason_is_given_beside_how_they_agree() -> None:
    votes = {"u0": {"x": "favor", "y": "favor"}, "u1": {"x": "favor", "y": "none"}}
    found = ceiling(inputs(votes, 1), Bootstrap(100))
    Ceiling.model_validate(found)
    assert found["why"] == "no unit has answers of three annotators of whom two others agree"
    assert found["split_half"]["accuracy"]["value"] == 0.5
    assert ceiling(inputs({"u0": {"x": "favor"}}, 1), Bootstrap(100))["split_half"] == {}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([("x",), ("x", "y"), ("y", "x")], ("x", "y")),
        ([("x",), ("x", "y"), ("z",)], ("x",)),
        ([("x",), ("x", "y")], None),  # y is in half of them
        ([("x",), ("y",), ("z",)], ()),  # none has a majority
        ([(), (), ("z",)], ()),
    ],
)
def test_of_several_labels_each_is_decided_alone(answers: list[Answer], expected: Answer | None) -> None:
    assert majority(Task(("x", "y", "z"), "multiple"), answers) == expected


def test_no_label_is_no_answer_where_one_is_required() -> None:
    task = Task(("x", "y"), "multiple", question=STANCE.questions[0])
    assert task.question is not None
    assert task.question.required
    assert majority(task, [(), (), ("x",)]) is None


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([("A/x",), ("A/x",), ("A/y",)], ("A/x",)),
        ([("A/x",), ("A/y",), ("A",)], ("A",)),  # all say A, none of those below has a majority
        ([("A/x",), ("A/y",)], None),
        ([("A/x",), ("B",), ("A/y",)], ("A",)),
    ],
)
def test_an_answer_to_a_tree_also_says_what_is_above(answers: list[Answer], expected: Answer | None) -> None:
    assert majority(Task(("A", "A/x", "A/y", "B"), "tree"), answers) == expected


@pytest.mark.parametrize("kind", ["single", "ordinal", "multiple", "tree"])
def test_every_type_of_question_has_the_metrics_of_its_models(kind: Type) -> None:
    votes = {unit: {who: (label,) for who, label in given.items()} for unit, given in many(40, [0.9] * 4).items()}
    data = inputs(votes, 0, kind)
    found = ceiling(data, Bootstrap(100))
    Ceiling.model_validate(found)
    names = Gold.of(data.task, [("favor",)], ["s"]).metrics
    assert list(found["metrics"]) == [metric.name for metric in names]
    assert 0.8 < found["metrics"]["accuracy"]["value"] < 1
    assert list(found["split_half"]) == ["accuracy", "macro-f1", "reliability"]


def test_halves_of_two_people_are_their_agreement_and_the_reliability_is_stepped_up() -> None:
    votes = many(60, [0.8, 0.7])
    found = split_half(inputs(votes, 0), "all", Bootstrap(100))
    one, other = ([given[who] for given in votes.values()] for who in ("a0", "a1"))
    assert found["accuracy"]["value"] == pytest.approx(
        np.mean([a == b for a, b in zip(one, other, strict=True)]), abs=1e-6
    )
    task = Task(LABELS)
    first, second = (task.marks([(label,) for label in said]).astype(float) for said in (one, other))
    x, y = np.vstack([first, second]), np.vstack([second, first])  # each half once as the first
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    r = (x * y).sum() / (x * x).sum()
    assert found["reliability"]["value"] == pytest.approx(2 * r / (1 + r), abs=1e-6)


def test_more_votes_are_more_reliable_and_units_with_four_are_preferred() -> None:
    few = split_half(inputs(many(120, [0.7] * 2), 0), "all", Bootstrap(100))
    lots = split_half(inputs(many(120, [0.7] * 8), 0), "all", Bootstrap(100))
    assert lots["reliability"]["value"] > few["reliability"]["value"] + 0.1
    assert lots["accuracy"]["value"] > few["accuracy"]["value"]
    both = {**many(60, [1.0] * 4), **{f"v{unit}": given for unit, given in many(60, [0.0, 0.0]).items()}}
    assert split_half(inputs(both, 0), "all", Bootstrap(100))["accuracy"]["value"] == 1.0


def test_the_stepped_up_reliability_of_halves_is_that_of_all_the_votes() -> None:
    """Two panels of six are as reliable as one panel, split into threes and stepped up, says."""
    votes = many(400, [0.6] * 12)
    panel = {unit: {who: said[who] for who in list(said)[:6]} for unit, said in votes.items()}
    halves = split_half(inputs(panel, 0), "all", Bootstrap(100))
    task = Task(LABELS)
    shares = [
        np.array([task.marks([(said[who],) for who in list(said)[part]]).mean(axis=0) for said in votes.values()])
        for part in (slice(0, 6), slice(6, 12))
    ]
    one, other = (share - share.mean(axis=0) for share in shares)
    expected = (one * other).sum() / np.sqrt((one**2).sum() * (other**2).sum())
    assert halves["reliability"]["value"] == pytest.approx(expected, abs=0.05)


def test_a_model_in_the_place_of_each_annotator_is_told_apart_by_the_paired_difference() -> None:
    everybody = many(150, [0.8] * 4, seed=3)
    votes = {unit: {who: given[who] for who in ("a0", "a1", "a2")} for unit, given in everybody.items()}
    data = inputs(votes, 150)
    people = ceiling(data, Bootstrap(200))
    assert people["units"] == "test"
    units = list(data.labelled("test")["unit_id"])
    one_more: list[Answer] = [(everybody[unit]["a3"],) for unit in units]
    best: list[Answer] = [(max(set(said := list(votes[unit].values())), key=said.count),) for unit in units]
    worst: list[Answer] = [("favor",)] * 150
    unused = {"value": 0.0, "low": 0.0, "high": 0.0}
    assert [verdict(data, a, unused, people, Bootstrap(200)) for a in (worst, one_more, best)] == [
        "below",
        "within",
        "above",
    ]
    found = paired(data, dict(zip(units, best, strict=True)), Bootstrap(200))
    assert found is not None
    judged = [(u, who) for u in units for who in votes[u] if len({votes[u][o] for o in votes[u] if o != who}) == 1]
    gold = Gold.of(
        data.task, [(next(votes[u][o] for o in votes[u] if o != who),) for u, who in judged], ["s"] * len(judged)
    )
    model, person = (
        measure(gold, answers, Bootstrap(100))[0]["macro-f1"]["value"]
        for answers in (
            [dict(zip(units, best, strict=True))[u] for u, _ in judged],
            [(votes[u][who],) for u, who in judged],
        )
    )
    assert found["value"] == pytest.approx(model - person, abs=2e-6)


def test_a_difference_that_is_the_same_in_every_resample_decides_by_itself() -> None:
    votes = {f"u{i:02}": dict.fromkeys("xyz", "favor" if i % 2 else "none") for i in range(60)}
    data = inputs(votes, 60)
    people = ceiling(data, Bootstrap(100))
    right: list[Answer] = [(votes[unit]["x"],) for unit in data.labelled("test")["unit_id"]]
    wrong: list[Answer] = [("none" if label == "favor" else "favor",) for (label,) in right]
    unknown = {"value": 1.0, "low": None, "high": None}
    assert verdict(data, right, unknown, people, Bootstrap(100)) == "within"
    assert verdict(data, wrong, unknown, people, Bootstrap(100)) == "below"


def test_where_people_were_judged_on_other_units_both_intervals_count() -> None:
    data = inputs(many(60, [0.9, 0.9, 0.9]), 20)
    people = {"metrics": {"macro-f1": {"value": 0.80, "low": 0.76, "high": 0.84}}}
    figures = [(0.74, 0.69, 0.79), (0.70, 0.65, 0.75), (0.90, 0.86, 0.94), (0.85, None, None)]
    answers: list[Answer] = [("favor",)] * 20
    said = [
        verdict(data, answers, dict(zip(("value", "low", "high"), one, strict=True)), people, Bootstrap(100))
        for one in figures
    ]
    # .74 lies below the people's interval, and yet is not told apart from it
    assert said == ["within", "below", "above", None]
    low, high = apart({"value": 0.7, "low": 0.67, "high": 0.74}, {"value": 0.8, "low": 0.77, "high": 0.84}) or (0, 0)
    assert (low, high) == (pytest.approx(-0.1 - 0.05), pytest.approx(-0.1 + 0.05))
    assert verdict(data, answers, {"value": 0.5, "low": 0.4, "high": 0.6}, {"why": "nobody"}, Bootstrap(100)) is None
