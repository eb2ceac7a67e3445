"""Suspects: planted errors come first, votes count, and one command makes a round that shows no old answer."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from goldwire import tables
from goldwire.cli import evaluate_suspects
from goldwire.errors import GoldwireError, UsageError
from goldwire.eval.baselines.base import Baseline, Model, Shared
from goldwire.eval.inputs import Inputs
from goldwire.eval.report.beside import Suspects
from goldwire.eval.suspects import suspects
from goldwire.eval.suspects.noise import issues, quality
from goldwire.eval.suspects.votes import weighed
from goldwire.eval.task import Answer, Array, Task
from goldwire.eval.trust import USABLE, caveat, trusted
from goldwire.labels import rounds
from goldwire.labels.reannotate import reannotate
from goldwire.study import Study
from growing import SCHEME

MakeStudy = Callable[..., Study]
LABELS = ("A", "B", "C")
TASK = Task(LABELS)
SEVERAL = Task(LABELS, type="multiple")


class Reader(Model):
    """Reads three numbers, which lean to the right label, and knows the shares of the labels that it has learnt."""

    def fit(self, rows: pd.DataFrame, _shared: Shared) -> None:
        self.seen = self.task.marks(list(rows["labels"])).any(axis=0)

    def shares(self, rows: pd.DataFrame, _shared: Shared) -> Array:
        if self.task.several:
            return np.stack(rows["lean"])
        found = np.stack(rows["lean"]) * self.seen
        return np.asarray(found / found.sum(axis=1, keepdims=True))


READER = Baseline("reader", "made for tests", Reader, types=("single", "multiple"))
READER_OF_ALL = Baseline("reader", "made for tests", Reader, types=("multiple", "tree"))


def planted(seed: int, wrong: float, n: int = 300, split: str = "train") -> tuple[Inputs, set[str]]:
    """Return units with three annotators each, and those whose gold is not the truth."""
    generator = np.random.default_rng(seed)
    rows, votes, errors = [], [], set()
    for i in range(n):
        truth = LABELS[i % 3]
        lean = generator.dirichlet([2.0 if label == truth else 1.0 for label in LABELS])
        skills = (1 - wrong, 1 - wrong, 1 - 2 * wrong)
        given = [truth if generator.random() < skill else str(generator.choice(LABELS)) for skill in skills]
        counts = Counter(given).most_common()
        gold = None if len(counts) == 3 else counts[0][0]
        if gold not in (None, truth):
            errors.add(f"u{i:03}")
        votes += [
            {"unit_id": f"u{i:03}", "annotator": f"a{k}", "labels": (v,), "label": v} for k, v in enumerate(given)
        ]
        rows.append(
            {
                "unit_id": f"u{i:03}",
                "title": f"Title {i}",
                "text": "x" * 400,
                "outlet": "",
                "target": "",
                "holder": "",
                "lean": lean,
                "labels": None if gold is None else (gold,),
                "cluster": f"s{i // 2:03}",
                "split": split,
                "distribution": {label: k / 3 for label, k in counts},
            }
        )
    return Inputs(SCHEME, SCHEME.questions[0], TASK, pd.DataFrame(rows), pd.DataFrame(votes)), errors


def without_votes(inputs: Inputs) -> Inputs:
    return Inputs(inputs.scheme, inputs.question, inputs.task, inputs.rows, inputs.votes.iloc[:0])


def precision(value: dict[str, Any], errors: set[str]) -> float:
    return float(np.mean([unit["unit_id"] in errors for unit in value["listed"]]))


def test_planted_errors_come_first_and_votes_find_more_of_them() -> None:
    by_votes, by_model, by_chance = [], [], []
    for seed in range(5):
        inputs, errors = planted(seed, 0.2)
        by_votes.append(precision(suspects(inputs, READER, most=20), errors))
        by_model.append(precision(suspects(without_votes(inputs), READER, most=20), errors))
        by_chance.append(len(errors) / inputs.rows["labels"].notna().sum())
    assert np.mean(by_model) > 1.5 * np.mean(by_chance)
    assert np.mean(by_votes) > np.mean(by_model)


def test_of_each_suspect_it_is_said_what_gold_model_and_votes_say() -> None:
    inputs, _ = planted(1, 0.2)
    value = suspects(inputs, READER, most=3)
    assert (value["model"], value["why"], len(value["listed"])) == ("reader", None, 3)
    assert value["found"] > 3
    assert 0.5 < value["agrees"] < 1
    first = value["listed"][0]
    assert set(first) == {
        *("unit_id", "title", "text", "outlet", "target", "holder", "split"),
        *("gold", "suggested", "share", "quality", "votes"),
    }
    row = inputs.rows.set_index("unit_id").loc[first["unit_id"]]
    assert first["gold"] == list(row["labels"])
    assert first["suggested"] == [LABELS[row["lean"].argmax()]]
    assert first["share"] == pytest.approx(row["lean"].max(), abs=1e-6)
    assert len(first["text"]) == 300
    assert [unit["quality"] for unit in value["listed"]] == sorted(unit["quality"] for unit in value["listed"])


def test_the_votes_are_weighed_as_cleanlab_weighs_them() -> None:
    from cleanlab.multiannotator import get_label_quality_multiannotator

    inputs, _ = planted(2, 0.15, 90)
    rows, votes = inputs.rows, inputs.votes
    shares = np.stack(rows["lean"])
    place = {unit: i for i, unit in enumerate(rows["unit_id"])}
    units = np.array([place[unit] for unit in votes["unit_id"]])
    annotators = votes["annotator"].str[1:].astype(int).to_numpy()
    found = weighed(TASK, shares, units, annotators, list(votes["labels"]))
    wide = np.full((90, 3), np.nan)
    wide[units, annotators] = [LABELS.index(label) for label in votes["label"]]
    given = get_label_quality_multiannotator(wide, shares, consensus_method="majority_vote", verbose=False)
    quality_of = given["label_quality"]
    own = found[np.arange(90), quality_of["consensus_label"].to_numpy()]
    assert own == pytest.approx(quality_of["consensus_quality_score"].to_numpy())
    assert found.sum(axis=1) == pytest.approx(np.ones(90))


def test_single_votes_and_no_votes_leave_the_model_alone() -> None:
    shares = np.array([[0.7, 0.2, 0.1], [0.2, 0.5, 0.3]])
    nobody = np.zeros(0, dtype=np.int64)
    assert weighed(TASK, shares, nobody, nobody, []) is shares
    once = weighed(TASK, shares, np.array([0, 1]), np.array([0, 0]), [("A",), ("B",)])
    assert np.array_equal(once, shares)


def test_of_several_labels_the_one_that_is_missing_makes_a_suspect() -> None:
    inputs, _ = planted(3, 0.0, 120)
    marks = np.array([[i % 2, i % 3 == 0, i % 5 == 0] for i in range(120)], dtype=bool)
    answers = [tuple(label for label, has in zip(LABELS, row, strict=True) if has) for row in marks]
    lean = np.where(marks, 0.9, 0.1)
    answers[4] = ("A",)  # was none
    answers[30] = ("B",)  # was B and C
    rows = inputs.rows.assign(labels=pd.Series(answers, dtype=object), lean=list(lean), distribution=[{}] * 120)
    value = suspects(Inputs(SCHEME, SCHEME.questions[0], SEVERAL, rows, inputs.votes.iloc[:0]), READER)
    listed = {unit["unit_id"]: unit for unit in value["listed"]}
    assert sorted(listed) == ["u004", "u030"]
    assert listed["u030"]["suggested"] == ["B", "C"]
    assert listed["u030"]["share"] == pytest.approx(0.9)


def test_quality_and_issues_by_hand() -> None:
    shares = np.array([[0.9, 0.1, 0.0]] * 5 + [[0.1, 0.9, 0.0]] * 5)
    answers = [("A",)] * 5 + [("B",)] * 4 + [("A",)]
    assert issues(TASK, answers, shares).tolist() == [False] * 9 + [True]
    assert quality(TASK, answers, shares).tolist() == [0.9] * 9 + [0.1]
    assert not issues(TASK, [("A",)] * 10, shares).any()


@pytest.mark.parametrize(
    ("task", "answers"),
    [
        (Task(("x", "y"), "multiple"), [("x",)] * 15 + [("x", "y")] * 15),
        (Task(("e", "e/a", "e/b"), "tree"), [("e/a",)] * 15 + [("e/b",)] * 15),
        (Task(("x",), "multiple"), [()] * 15 + [("x",)] * 15),
    ],
)
def test_a_label_that_every_answer_has_and_one_that_is_alone_are_no_hindrance(
    task: Task, answers: list[Answer]
) -> None:
    lean = np.where(task.marks(answers), 0.9, 0.1)
    varying = [at for at, label in enumerate(task.labels) if label == "y" or "/" in label or len(task.labels) == 1]
    for wrong in (3, 20):
        lean[wrong, varying] = 1 - lean[wrong, varying]
    assert np.flatnonzero(issues(task, answers, lean)).tolist() == [3, 20]
    assert np.argsort(quality(task, answers, lean), kind="stable")[:2].tolist() == [3, 20]
    inputs, _ = planted(3, 0.0, 30)
    splits = {"labels": pd.Series(answers, dtype=object), "lean": list(lean), "cluster": [f"s{i}" for i in range(30)]}
    rows = inputs.rows.assign(**splits, distribution=[{}] * 30)
    value = suspects(Inputs(SCHEME, SCHEME.questions[0], task, rows, inputs.votes.iloc[:0]), READER_OF_ALL)
    assert sorted(unit["unit_id"] for unit in value["listed"]) == ["u003", "u020"]


def test_without_a_label_that_some_answers_have_and_others_lack_nothing_is_doubted() -> None:
    shares = np.random.default_rng(0).random((30, 3))
    assert not issues(SEVERAL, [("A",)] * 30, shares).any()
    assert not issues(SEVERAL, [()] * 30, shares).any()


def test_the_test_split_is_left_out_unless_asked_for() -> None:
    train, _ = planted(4, 0.2, 150)
    rows = train.rows.copy()
    rows.loc[rows.index % 10 < 4, "split"] = "test"
    inputs = Inputs(train.scheme, train.question, TASK, rows, train.votes)
    assert {unit["split"] for unit in suspects(inputs, READER, most=100)["listed"]} == {"train"}
    assert {unit["split"] for unit in suspects(inputs, READER, most=100, with_test=True)["listed"]} == {
        "train",
        "test",
    }


def test_a_label_with_one_unit_is_not_judged() -> None:
    inputs, _ = planted(5, 0.0, 90)
    rows = inputs.rows
    rows["labels"] = pd.Series([("C",)] + [("A",) if i % 2 else ("B",) for i in range(1, 90)], dtype=object)
    rows["lean"] = [np.array([0.6, 0.3, 0.1]) if i % 2 else np.array([0.3, 0.6, 0.1]) for i in range(90)]
    value = suspects(without_votes(inputs), READER)
    assert (value["judged"], value["listed"], value["why"]) == (89, [], "the baseline doubts no label")


@pytest.mark.parametrize(
    ("n", "split", "why"),
    [
        (90, "test", "no unit outside of the test split has a gold label"),
        (30, "train", "the labelled units are of 15 stories: a model of the others needs 20"),
    ],
)
def test_too_little_to_judge_by_is_said(n: int, split: str, why: str) -> None:
    inputs, _ = planted(6, 0.0, n, split)
    assert suspects(inputs, READER)["why"] == why


def test_one_answer_only_is_said() -> None:
    inputs, _ = planted(7, 0.0, 60)
    inputs.rows["labels"] = pd.Series([("A",)] * 60, dtype=object)
    assert suspects(inputs, READER)["why"] == "all labelled units have one answer: A"


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    evaluate_suspects.register(made)
    return made


def test_one_command_makes_a_round_of_exactly_the_suspects(
    app: typer.Typer, make_study: MakeStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = make_study(splits=("train", "train", "train", "validation", "test"))
    monkeypatch.chdir(study.root)
    result = CliRunner().invoke(app, ["--most", "4", "--round", "again", "--scheme", "stance-small", "--json"])
    assert result.exit_code == 0, result.exception
    value = json.loads(result.stdout)
    assert value["questions"] == json.loads((study.eval / "suspects.json").read_text())
    listed = value["questions"]["stance-small.stance"]["listed"]
    assert len(listed) == 4
    assert value["round"] == {"round": "again", "scheme": "stance-small", "units": 4}
    tasks = rounds.tasks(study.rounds / "again")
    assert {task["data"]["unit_id"] for task in tasks} == {unit["unit_id"] for unit in listed}
    for task in tasks:
        assert set(task) == {"data", "meta"}
        assert set(task["data"]) == {"unit_id", "title", "text", "outlet", "date", "target", "holder"}
    made = rounds.read(study.rounds / "again")
    assert (made.scheme, made.overlap, made.purpose) == ("stance-small", 2, "vote")
    assert made.chosen_by == [value["questions"]["stance-small.stance"]["model"]]
    assert sorted(path.name for path in (study.rounds / "again").iterdir()) == [
        *("round.yaml", "scheme.yaml", "tasks.jsonl")
    ]
    again = CliRunner().invoke(app, ["--round", "again", "--scheme", "stance-small"])
    assert isinstance(again.exception, GoldwireError)
    assert "there is a round of that name" in str(again.exception)


def test_a_round_needs_one_scheme_and_its_options_a_round(
    app: typer.Typer, make_study: MakeStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = make_study(splits=("train", "train", "train", "validation", "test"))
    monkeypatch.chdir(study.root)
    several = CliRunner().invoke(app, ["--round", "again"])
    assert isinstance(several.exception, UsageError)
    assert several.exception.message == "there is gold of several schemes, and a round asks one"
    assert several.exception.hint == "Name it with --scheme: events-small, stance-small"
    assert not (study.eval / "suspects.json").exists()  # said before the work
    unknown = CliRunner().invoke(app, ["--round", "again", "--scheme", "other"])
    assert isinstance(unknown.exception, UsageError)
    alone = CliRunner().invoke(app, ["--scheme", "stance-small"])
    assert str(alone.exception) == "--scheme goes with --round NAME"
    assert not study.rounds.exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--overlap", "3"], "--overlap goes with --round NAME"),
        (["--blind"], "--blind goes with --round NAME"),
        (["--round", ".."], '".." is no name of a round'),
        (["--round", "a/b"], '"a/b" is no name of a round'),
        (["--round", "made"], "round made: there is a round of that name"),
        (["--round", "new", "--scheme", "other"], "no gold is of scheme other"),
        (["--round", "new", "--annotator", "nobody"], "nobody is not in annotators.csv"),
        (["--round", "new", "--annotator", "a01"], "2 annotators a unit are asked for, and 1 are named"),
        (["--round", "new", "--annotator", "a01", "--annotator", "a01"], "an annotator is named twice"),
        (["--model", "nobody"], 'there is no baseline "nobody"'),
    ],
)
def test_what_makes_no_round_is_usage_and_said_before_the_work(
    app: typer.Typer, make_study: MakeStudy, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    study = make_study()
    (study.rounds / "made").mkdir(parents=True)
    (study.rounds / "made" / "round.yaml").touch()
    study.annotators.write_text("email,pseudonym\na@example.org,a01\n")
    study.eval.mkdir(exist_ok=True)
    (study.eval / "suspects.json").write_text("{}")
    monkeypatch.chdir(study.root)
    result = CliRunner().invoke(app, words)
    assert isinstance(result.exception, UsageError)
    assert str(result.exception) == message
    assert (study.eval / "suspects.json").read_text() == "{}"
    assert [path.name for path in study.rounds.iterdir()] == ["made"]


def test_a_unit_that_the_study_has_not_makes_no_round(make_study: MakeStudy) -> None:
    study = make_study()
    with pytest.raises(GoldwireError, match="the study has no unit nowhere"):
        reannotate(study, "again", "stance-small", ["nowhere"])
    assert not study.rounds.exists()


def test_suspects_of_a_model_that_seldom_says_what_gold_says_come_with_the_words_of_the_report(
    app: typer.Typer, make_study: MakeStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = make_study(splits=("train", "train", "train", "validation", "test"))
    monkeypatch.chdir(study.root)
    for wrong in (False, True):
        if wrong:  # every third label is another one
            gold = [row for row in study.read("gold").to_pylist() if row["scheme"] == "stance-small"]
            other = {"favor": "none", "none": "against", "against": "favor"}
            for row in gold[::3]:
                row["labels"] = [other[label] for label in row["labels"] or []]
            tables.write(tables.build("gold", gold), study.table("gold"))
        result = CliRunner().invoke(app, ["--json"])
        one = json.loads(result.stdout)["questions"]["stance-small.stance"]
        assert one["listed"]
        assert (one["agrees"] < USABLE) == wrong
        assert (f"Warning: stance-small.stance: {caveat(one['agrees'])}" in result.stderr) == wrong
        assert Suspects.model_validate(one | {"listed": []}, extra="ignore").caveat == caveat(one["agrees"])


def test_how_far_suspects_are_trusted_by_hand() -> None:
    assert [trusted(share) for share in (None, 0.6, 1.0, 0.59)] == [True, True, True, False]
    assert caveat(0.415) == (
        "The model gives the gold answer of 41.5% of the judged; one that does so seldom doubts right labels as well."
    )
