"""The whole report: of a small table, of a study, of a round, of a retest."""

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels import rounds, stages
from goldwire.labels.agreement.measure import agreement
from goldwire.labels.quality.measure import of_study, of_table
from goldwire.labels.team import references
from goldwire.labels.team.references import Reference
from goldwire.study import Study
from pulled import A, Answer, B, C, a_study, document, pull

FEW = "2 clusters: an interval needs 10"
MANY = "3 clusters: an interval needs 10"
NO_TIMES = {"n": 0, "why": "no lead time is known"}


def few(value: float | None, why: str = FEW) -> dict[str, Any]:
    return {"value": value, "low": None, "high": None, "why": why}


def bias(n: int, share: float, others: float, p: float, holm: float, units: int) -> dict[str, Any]:
    difference = few(share - others)
    return {"n": n, "share": share, "others": others, "difference": difference, "p": p, "p_holm": holm} | {
        "test": "exact",
        "units": units,
    }


def test_the_whole_report_on_a_small_table() -> None:
    # u1: both x; u2: a says x, b says y; u3: a alone says y
    rows = [("u1", "a", "x"), ("u1", "b", "x"), ("u2", "a", "x"), ("u2", "b", "y"), ("u3", "a", "y")]
    value = of_table(pa.Table.from_pylist([{"unit_id": u, "annotator": w, "label": k} for u, w, k in rows]))
    question = value["questions"]["label"]
    people = question.pop("annotators")
    for one in people:  # of two units models say little; they have tests of their own
        assert one.pop("competence").keys() == {"dawid_skene", "mace"}
    still = {"change": few(None, "0 stories: a trend needs 3"), "p": None, "p_holm": None}
    drift = {"periods": [], "trend": still, "label_trends": {"x": still, "y": still}}
    common = {"labels_per_answer": None, "drift": drift, "speed": NO_TIMES, "control": [], "retest": []}
    assert value == {"round": None, "questions": {"label": question}}
    assert people == [
        {
            "annotator": "a",
            "answers": 3,
            "shared": 2,
            "agreement": few(0.5),
            "rates": {"x": {"n": 3, **few(0.666667, MANY)}, "y": {"n": 3, **few(0.333333, MANY)}},
            "bias": {"x": bias(2, 1, 0.5, 1, 1, 1), "y": bias(2, 0, 0.5, 1, 1, 1)},
            "confusion": {"x": {"x": 1, "y": 1}},
            "confusions": [{"given": "x", "others": "y", "weight": 1, "share": 0.5, "units": ["u2"]}],
            **common,
        },
        {
            "annotator": "b",
            "answers": 2,
            "shared": 2,
            "agreement": few(0.5),
            "rates": {"x": {"n": 2, **few(0.5)}, "y": {"n": 2, **few(0.5)}},
            "bias": {"x": bias(2, 0.5, 1, 1, 1, 1), "y": bias(2, 0.5, 0, 1, 1, 1)},
            "confusion": {"x": {"x": 1}, "y": {"x": 1}},
            "confusions": [{"given": "y", "others": "x", "weight": 1, "share": 1, "units": ["u2"]}],
            **common,
        },
    ]
    assert question == {
        "findings": [
            "No annotator gives a label clearly more or less often than the others on the same units.",
            "The most frequent confusion: where a says x, others say y (1 units' worth, such as u2).",
        ],
        "type": "single",
        "units": 3,
        "units_with_two": 2,
        "answers": 5,
        "unsure": 0,
        "labels": ["x", "y"],
        "labels_left_out": 0,
        "pairs": [{"a": "a", "b": "b", "n": 2, "observed": few(0.5), "kappa": few(0.0)}],
        "periods": {"by": None, "size": None, "names": [], "agreement": [], "why": "no time of an answer is known"},
        "speed": {"n": 0, "median_s": None, "fast_below_s": None, "why": "no lead time is known"},
        "competence": {"of": "labels", "units": 2},
        "control": {"why": "a plain table does not say"},
        "retest": {"why": "a plain table does not say"},
    }


def skewed(units: int = 60) -> pa.Table:
    """c says y on every third unit where the others say x."""
    rows = [
        {"task": f"u{n:03}", "worker": who, "label": "y" if n % 5 == 0 or (who == "c" and n % 3 == 0) else "x"}
        for n in range(units)
        for who in "abc"
    ]
    return pa.Table.from_pylist(rows)


def test_who_differs_is_named_first_with_what_to_do() -> None:
    found = of_table(skewed())["questions"]["label"]
    assert found["findings"][0] == (
        "c gives y 27 points more often than the others on the same units (47% against 20%, p <.001 adjusted): "
        "talk about it with c, or look at these units."
    )
    assert found["findings"][-2].startswith("c agrees least with the rest, .73 (")
    accuracy = {one["annotator"]: one["competence"]["dawid_skene"]["accuracy"] for one in found["annotators"]}
    mace = {one["annotator"]: one["competence"]["mace"] for one in found["annotators"]}
    assert accuracy["a"] == accuracy["b"] > 0.99 > accuracy["c"]
    assert mace["a"] == mace["b"] > mace["c"]


def test_agreement_and_pairs_are_those_of_the_agreement_command() -> None:
    found, other = of_table(skewed())["questions"]["label"], agreement(skewed())
    assert {one["annotator"]: one["agreement"]["value"] for one in found["annotators"]} == {
        name: one["agreement"] for name, one in other["per_annotator"].items()
    }
    assert found["pairs"] == other["pairs"]
    shares = {(row["a"], row["b"]): row["observed"] for row in found["pairs"]}
    assert shares["a", "c"]["low"] < shares["a", "c"]["value"] < shares["a", "c"]["high"]


def test_of_very_many_annotators_pairs_are_the_same_without_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    few_ = of_table(skewed())["questions"]["label"]["pairs"]
    monkeypatch.setattr("goldwire.labels.quality.pairs.MOST", 2)
    many = of_table(skewed())["questions"]["label"]["pairs"]
    assert [(row["n"], row["observed"]["value"], row["kappa"]["value"]) for row in many] == [
        (row["n"], row["observed"]["value"], row["kappa"]["value"]) for row in few_
    ]
    for figure in (many[0]["observed"], many[0]["kappa"]):
        assert (figure["low"], figure["high"]) == (None, None)
        assert "goldwire labels agreement" in figure["why"]


@pytest.mark.parametrize(
    ("rows", "finding"),
    [
        ([("u", "a", "x")], "a is the only one who answered: there is nobody to compare with."),
        (
            [("u", "a", "x"), ("v", "b", "x")],
            "No unit has answers of two annotators: nothing can be compared. Ask for an overlap.",
        ),
        (
            [("u", "a", "x"), ("u", "b", "x")],
            "No annotator gives a label clearly more or less often than the others on the same units.",
        ),
    ],
)
def test_what_cannot_be_compared_is_said_and_nothing_is_nan(rows: list[tuple[str, str, str]], finding: str) -> None:
    value = of_table(pa.Table.from_pylist([{"task": u, "worker": w, "label": k} for u, w, k in rows]))
    assert value["questions"]["label"]["findings"][0] == finding
    json.dumps(value, allow_nan=False)


def test_ten_thousand_labels_are_no_obstacle() -> None:
    rows = [{"task": f"u{n}", "worker": w, "label": f"k{n}{w}"} for n in range(5000) for w in "ab"]
    found = of_table(pa.Table.from_pylist(rows))["questions"]["label"]
    assert (len(found["labels"]), found["labels_left_out"]) == (60, 9940)
    assert found["annotators"][0]["agreement"] == {"value": 0, "low": 0, "high": 0}
    assert "units and labels are too many" in found["competence"]["why"]


def test_a_table_without_an_answer_is_an_error() -> None:
    with pytest.raises(GoldwireError, match="there is no answer"):
        of_table(pa.table({"task": pa.array([], pa.string()), "worker": pa.array([], pa.string()), "label": []}))


@pytest.fixture
def study(tmp_path: Path) -> Study:
    made = a_study(tmp_path, 14, overlap=3)
    said = [
        Answer(
            n, who, f"2026-03-{n + 1:02}", "grey" if who == C or n % 2 else "clear", ("rain",) * (who != C), 10.0 + n
        )
        for n in range(14)
        for who in (A, B, C)
    ]
    pull(made, "r", said)
    known = [Reference(document(n), "sky", "control", ("clear",)) for n in (0, 2)]
    references.write(made.rounds / "r", known)
    stages.build(made)
    return made


def test_a_study_is_reported_by_question_with_control_items(study: Study) -> None:
    value = of_study(study)
    assert list(value["questions"]) == ["sky", "falls"]
    sky, falls = value["questions"].values()
    control = {one["annotator"]: one["control"] for one in sky["annotators"]}
    share = {"value": 0.0, "low": 0.0, "high": pytest.approx(0.658, abs=1e-3)}
    assert control[C] == [{"round": "r", "right": 0, "unsure": 0, "answered": 2, "of": 2, "share": share}]
    assert control[A][0]["right"] == 2
    assert falls["control"] == {"why": "no round has control items"}
    assert sky["retest"] == {"why": "no round asks again"}
    sizes = {one["annotator"]: one["labels_per_answer"] for one in falls["annotators"]}
    assert sizes[C] == {"mean": 0, "others": 1, "difference": {"value": -1, "low": -1, "high": -1}}
    assert falls["findings"][0].startswith(f"{C} gives fewer labels in all: 0.0 an answer, the others 1.0")
    assert falls["competence"]["why_no_mace"] == "an answer may have several labels, and MACE takes one"
    assert sky["annotators"][0]["speed"]["median_s"] == 16.5
    # two units are one story: 13 of them
    assert sky["annotators"][0]["agreement"]["low"] is not None


def test_a_round_is_reported_by_itself(study: Study) -> None:
    assert of_study(study, "r") == {**of_study(study), "round": "r"}
    with pytest.raises(GoldwireError, match='there is no round "none"'):
        of_study(study, "none")


@pytest.mark.parametrize(
    ("recode", "message"),
    [
        ("{lttle: {sky: {grey: clear}}}", 'there are no votes with the scheme "lttle"'),
        ("{NAME: {skies: {grey: clear}}}", 'scheme NAME has no "skies"'),
        ("{NAME: {sky: {gray: clear}}}", '"gray" is no label of sky'),
    ],
)
def test_a_mistyped_recoding_is_an_error(study: Study, recode: str, message: str) -> None:
    name = rounds.read(study.rounds / "r").scheme
    study.params_file.write_text(f"recode: {recode}\n".replace("NAME", name), encoding="utf-8")
    with pytest.raises(GoldwireError) as error:
        of_study(study)
    assert error.value.message == message.replace("NAME", name)
    assert of_study(study, "r")["round"] == "r"  # a round is reported as it was answered


def test_answers_given_again_are_compared_with_the_first(study: Study) -> None:
    first = rounds.read(study.rounds / "r")
    folder = study.rounds / "again"
    shutil.copytree(study.rounds / "r", folder, ignore=shutil.ignore_patterns("pulls", "references.jsonl"))
    rounds.write(folder, first.model_copy(update={"round": "again", "id": "0" * 16, "retest_of": "r"}))
    pull(study, "again", [Answer(n, A, "2026-05-01", "grey") for n in range(4)], first=900)
    for value in (of_study(study), of_study(study, "r"), of_study(study, "again")):
        people = {one["annotator"]: one for one in value["questions"]["sky"]["annotators"]}
        (row,) = people[A]["retest"]
        # of the four, the second and the last were grey the first time
        assert (row["round"], row["units"], row["same"], row["agreement"]["value"]) == ("again", 4, 2, 0.5)
        assert all(not one["retest"] for name, one in people.items() if name != A)
    assert [one["answers"] for one in value["questions"]["sky"]["annotators"]] == [4]


def test_a_study_without_votes_is_an_error(study: Study) -> None:
    tables.write(study.read("votes").slice(0, 0), study.table("votes"))
    with pytest.raises(GoldwireError, match="there is no answer"):
        of_study(study)
