"""The next batch: uncertain units unlike each other, one of a story, as tasks with what the model says."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from goldwire import tables
from goldwire.cli import evaluate_next
from goldwire.errors import GoldwireError, UsageError
from goldwire.eval.next_batch.choice import choose, uncertainty
from goldwire.eval.task import Task
from goldwire.labels import rounds
from goldwire.labels.predictions.tables import Table, read_guesses
from goldwire.labels.reannotate_pool import pool
from goldwire.labels.tasks import write_round
from goldwire.scheme import load
from goldwire.study import Study

MakeStudy = Callable[..., Study]
LABELS = ("A", "B", "C", "D")


def frame(*texts: str, stories: str = "") -> pd.DataFrame:
    names = list(stories or "abcdefghij")[: len(texts)]
    ids = [f"u{i}" for i in range(len(texts))]
    return pd.DataFrame({"unit_id": ids, "text": list(texts), "target": "", "cluster": names})


NOTHING = frame().astype(object)


def test_uncertainty_by_hand() -> None:
    shares = np.array([[0.25] * 4, [1.0, 0, 0, 0], [0.5, 0.5, 0, 0], [0, 0, 0, 0]])
    assert uncertainty(Task(LABELS), shares) == pytest.approx([1, 0, 0.5, 1])
    several = np.array([[0.5, 0.5, 0.5, 0.5], [1, 0, 0, 1], [0.5, 0, 0, 1]])
    assert uncertainty(Task(LABELS, type="multiple"), several) == pytest.approx([1, 0, 0.25])
    assert uncertainty(Task(LABELS), np.zeros((0, 4))).shape == (0,)


def test_equally_uncertain_units_are_chosen_for_being_unlike() -> None:
    rows = frame("port strike docks", "port strike docks crane", "floods in the valley")
    chosen = choose(rows, frame("docks crane strike port").assign(unit_id="known"), np.array([0.9, 0.9, 0.9]), 3)
    assert [choice.place for choice in chosen] == [2, 0, 1]
    assert (chosen[0].nearest, chosen[0].distance) == (None, 1)
    assert chosen[1].nearest == "known"
    assert chosen[1].distance < 0.5


def test_what_is_chosen_pushes_its_copies_back() -> None:
    rows = frame("port strike docks", "port strike docks", "floods in the valley")
    chosen = choose(rows, NOTHING, np.array([1.0, 0.99, 0.5]), 3)
    assert [choice.place for choice in chosen] == [0, 2, 1]
    assert (chosen[2].nearest, chosen[2].distance) == ("u0", pytest.approx(0, abs=1e-9))
    assert chosen[0].nearest is None


def test_a_story_gives_one_unit_and_what_is_left_is_fewer() -> None:
    rows = frame("one", "two", "three", "four", stories="xxyy")
    chosen = choose(rows, NOTHING, np.array([0.9, 0.8, 0.1, 0.2]), 4)
    assert [choice.place for choice in chosen] == [0, 3]


def test_the_seed_decides_between_equals() -> None:
    rows = frame(*"abcdefgh")
    same = np.full(8, 0.5)
    firsts = {choose(rows, NOTHING, same, 1, seed)[0].place for seed in range(12)}
    assert len(firsts) > 2
    assert choose(rows, NOTHING, same, 8, 3) == choose(rows, NOTHING, same, 8, 3)


def test_texts_without_words_are_chosen_by_uncertainty() -> None:
    chosen = choose(frame("", "...", "!"), NOTHING, np.array([0.1, 0.9, 0.5]), 2)
    assert [choice.place for choice in chosen] == [1, 2]


@pytest.fixture
def opened(make_study: MakeStudy, monkeypatch: pytest.MonkeyPatch) -> Study:
    """The study with twelve articles more, two a story, that nobody was asked about; here."""
    study = make_study()
    path = study.schemes / "events-small.yaml"  # u is a key of the labelling page
    path.write_text(path.read_text(encoding="utf-8").replace("hotkey: u", "hotkey: x"), encoding="utf-8")
    articles = study.read("articles").to_pylist()
    for row in articles[:12]:
        new = {**row, "article_id": f"new-{row['article_id']}", "story_id": f"new-{row['story_id']}"}
        new["text"] += " Nobody expected it."
        articles.append(new)
    tables.write(
        tables.build("articles", [{**row, "content_hash": row["article_id"]} for row in articles]), study.articles
    )
    units = study.read("units").to_pylist()
    tables.write(tables.build("units", [{**u, "content_hash": u["unit_id"]} for u in units]), study.table("units"))
    monkeypatch.chdir(study.root)
    return study


@pytest.fixture
def run() -> Callable[..., Any]:
    app = typer.Typer()
    evaluate_next.register(app)
    return lambda *words: CliRunner().invoke(app, list(words))


def test_the_command_makes_a_round_with_what_the_model_says(opened: Study, run: Callable[..., Any]) -> None:
    result = run("more", "--scheme", "events-small", "--n", "4", "--json")
    assert result.exit_code == 0, result.exception
    value = json.loads(result.stdout)
    assert (value["round"], value["units"], value["pool"], value["stories"]) == ("more", 4, 12, 6)
    assert (value["model"], value["questions"]) == ("tfidf-logreg", ["main_event"])
    chosen = [one["unit_id"] for one in value["chosen"]]
    assert len({one["story"] for one in value["chosen"]}) == 4
    for one in value["chosen"]:
        assert 0 < one["uncertainty"] <= 1
        assert one["nearest"] is not None
    folder = opened.rounds / "more"
    tasks = rounds.tasks(folder)
    assert sorted(task["data"]["unit_id"] for task in tasks) == sorted(chosen)
    assert {task["meta"]["probability"] for task in tasks} == {None}
    assert rounds.read(folder).chosen_by == ["tfidf-logreg"]
    predictions = tables.read(folder / "predictions.parquet", "predictions")
    guesses, left_out = read_guesses(
        load("events-small", opened.schemes), tasks, [Table("predictions.parquet", predictions)]
    )
    assert ([guess.unit_id for guess in guesses], left_out) == (sorted(chosen), 0)
    assert {guess.model for guess in guesses} == {"tfidf-logreg"}
    assert all(0 < (guess.score or 0) < 1 for guess in guesses)


def test_a_second_batch_adds_to_the_round_and_then_nothing_is_left(opened: Study, run: Callable[..., Any]) -> None:
    first = json.loads(run("more", "--scheme", "events-small", "--n", "4", "--json").stdout)
    second = json.loads(run("more", "--scheme", "events-small", "--n", "4", "--json").stdout)
    assert second["units"] == 8
    assert not {one["unit_id"] for one in first["chosen"]} & {one["unit_id"] for one in second["chosen"]}
    assert tables.read(opened.rounds / "more" / "predictions.parquet").num_rows == 8
    third = run("more", "--scheme", "events-small", "--n", "50")
    assert "Warning: 50 units were asked for, and those left are of" in third.stderr
    while (result := run("more", "--scheme", "events-small", "--n", "50")).exit_code == 0:
        pass
    assert isinstance(result.exception, GoldwireError)
    assert "there is no unit left to choose from" in str(result.exception)


def test_units_about_targets_are_made_as_for_a_round_and_predictions_can_be_left_out(
    opened: Study, run: Callable[..., Any]
) -> None:
    words = ("more", "--scheme", "stance-small", "--n", "3", "--target", "rota", "--no-preannotate", "--json")
    value = json.loads(run(*words).stdout)
    assert value["predictions"] is None
    assert not (opened.rounds / "more" / "predictions.parquet").exists()
    assert {task["data"]["target"] for task in rounds.tasks(opened.rounds / "more")} == {"rota"}
    without = run("other", "--scheme", "stance-small")
    assert isinstance(without.exception, UsageError)


def test_a_round_lends_the_units_that_nobody_answered(opened: Study, run: Callable[..., Any]) -> None:
    scheme = load("events-small", opened.schemes)
    articles, units, left_out = pool(opened, scheme)
    assert left_out == 0
    write_round(opened, "open", scheme, articles, units.slice(0, 8))
    value = json.loads(run("first", "--scheme", "events-small", "--from", "open", "--n", "2", "--json").stdout)
    assert value["pool"] == 8
    assert {one["unit_id"] for one in value["chosen"]} <= set(units["unit_id"].to_pylist()[:8])
    other = run("first", "--scheme", "events-small", "--from", "open", "--unit", "sentence")
    assert isinstance(other.exception, UsageError)
    wrong = run("first", "--scheme", "stance-small", "--from", "open")
    assert "asks scheme events-small, not stance-small" in str(wrong.exception)
    nowhere = run("first", "--scheme", "events-small", "--from", "nowhere")
    assert 'there is no round "nowhere"' in str(nowhere.exception)


def test_without_gold_there_is_nothing_to_learn_from(opened: Study, run: Callable[..., Any]) -> None:
    gold = [row for row in opened.read("gold").to_pylist() if row["scheme"] == "stance-small"]
    tables.write(tables.build("gold", gold), opened.table("gold"))
    result = run("more", "--scheme", "events-small")
    assert "there is nothing to learn from by scheme events-small" in str(result.exception)
    assert not (opened.rounds / "more").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["..", "--scheme", "events-small"], '".." is no name of a round'),
        (["a/b", "--scheme", "events-small"], '"a/b" is no name of a round'),
        (["more", "--scheme", "other"], 'there is no scheme "other"'),
        (["more", "--scheme", "events-small", "--annotator", "nobody"], "nobody is not in annotators.csv"),
        (["more", "--scheme", "events-small", "--model", "bert"], 'there is no baseline "bert"'),
    ],
)
def test_wrong_names_are_usage_and_make_no_round(
    opened: Study, run: Callable[..., Any], words: list[str], message: str
) -> None:
    result = run(*words)
    assert isinstance(result.exception, UsageError)
    assert str(result.exception) == message
    assert not opened.rounds.exists()


@pytest.mark.parametrize("n", ["0", "-1", "many"])
def test_a_number_that_is_none_is_usage(opened: Study, run: Callable[..., Any], n: str) -> None:
    assert run("more", "--scheme", "events-small", "--n", n).exit_code == 2
    assert not opened.rounds.exists()


def test_a_model_that_is_not_there_makes_no_round(opened: Study, run: Callable[..., Any]) -> None:
    result = run("more", "--scheme", "events-small", "--model", "bert")
    assert 'there is no baseline "bert"' in str(result.exception)
    assert not (opened.rounds / "more").exists()


def test_the_table_says_why_each_was_chosen(opened: Study, run: Callable[..., Any]) -> None:
    result = run("more", "--scheme", "events-small", "--n", "2")
    lines = result.stdout.splitlines()
    assert lines[0] == "2 of 12 units in 6 stories, by tfidf-logreg; the round has 2"
    assert lines[1].split() == ["unit", "uncertainty", "distance", "nearest", "title"]
    assert lines[-1] == "Send them, with what the model says: goldwire labels push more"
    without = run("other", "--scheme", "events-small", "--n", "2", "--no-preannotate")
    assert without.stdout.splitlines()[-1] == "Send them: goldwire labels push other"


def test_what_shares_a_story_with_validation_or_test_is_left_out_and_counted(
    opened: Study, run: Callable[..., Any]
) -> None:
    splits = opened.read("splits")
    tested = {row["unit_id"] for row in splits.to_pylist() if row["split"] in ("validation", "test")}
    article_of = {row["unit_id"]: row["article_id"] for row in opened.read("units").to_pylist()}
    articles = opened.read("articles").to_pylist()
    story = {row["article_id"]: row["story_id"] for row in articles}
    in_test = sorted({story[article_of[unit]] for unit in tested})[0]
    new = [row["article_id"] for row in articles if row["article_id"].startswith("new-")]
    for row in articles:
        if row["article_id"] in new[:5]:
            row["story_id"] = in_test
    tables.write(tables.build("articles", articles), opened.articles)
    result = run("more", "--scheme", "events-small", "--n", "50", "--json")
    value = json.loads(result.stdout)
    assert (value["pool"], value["left_out"]) == (7, 5)
    assert not {f"{name}/document" for name in new[:5]} & {one["unit_id"] for one in value["chosen"]}
    assert "5 units were left out, which share a story or more with validation or test" in result.stderr
    for row in articles:
        row["story_id"] = in_test if row["article_id"] in new else row["story_id"]
    tables.write(tables.build("articles", articles), opened.articles)
    none = run("other", "--scheme", "events-small")
    assert isinstance(none.exception, GoldwireError)
    assert "share a story, or what else keeps units together, with validation or test" in str(none.exception)


def test_a_round_that_was_drawn_takes_no_batch(opened: Study, run: Callable[..., Any]) -> None:
    scheme = load("events-small", opened.schemes)
    articles, units, _ = pool(opened, scheme)
    write_round(opened, "drawn", scheme, articles, units.slice(0, 3))
    result = run("drawn", "--scheme", "events-small", "--n", "2")
    assert isinstance(result.exception, UsageError)
    assert result.exception.message == "the units of the round were not chosen by a model"
    assert len(rounds.tasks(opened.rounds / "drawn")) == 3
