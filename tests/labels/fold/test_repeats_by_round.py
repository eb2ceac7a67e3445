"""A round that is read by itself follows the study's policy for repeated answers too."""

from pathlib import Path

import pytest

from disputing import A, a_study, choice, pull
from goldwire.errors import GoldwireError
from goldwire.labels import rounds
from goldwire.labels.agreement.as_of import as_of
from goldwire.labels.team import round_answers
from goldwire.study import Study


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """One unit that one annotator answered twice, MEET before FIGHT."""
    study = a_study(tmp_path, 1)
    pull(study, "r", [(0, A, [choice("event", "MEET")]), (0, A, [choice("event", "FIGHT")])])
    return study


def policy(study: Study, repeats: str) -> None:
    study.params_file.write_text(f"gold: {{repeats: {repeats}}}\n", encoding="utf-8")


def both(study: Study) -> list[list[str]]:
    """Return the labels that count, of the round by itself and as of its part."""
    alone = round_answers.votes(study, round_answers.read(study, "r"))
    then = as_of(study, rounds.read(study.rounds / "r"), "1").then["votes"]
    return [
        [row["labels"][0] for row in table.to_pylist() if row["counts"] and row["question"] == "event"]
        for table in (alone, then)
    ]


def test_the_answer_that_counts_is_that_of_the_policy(study: Study) -> None:
    assert both(study) == [["FIGHT"], ["FIGHT"]]
    policy(study, "first")
    assert both(study) == [["MEET"], ["MEET"]]


def test_repeated_answers_are_refused_where_the_policy_refuses_them(study: Study) -> None:
    policy(study, "error")
    with pytest.raises(GoldwireError, match="annotator-01 answered a0/document 2 times"):
        round_answers.votes(study, round_answers.read(study, "r"))
    with pytest.raises(GoldwireError, match="annotator-01 answered a0/document 2 times"):
        as_of(study, rounds.read(study.rounds / "r"), "1")
