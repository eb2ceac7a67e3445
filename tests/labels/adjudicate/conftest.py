"""Studies in which annotators differ."""

from pathlib import Path

import pytest

from disputing import JUDGE, A, B, C, a_study, choice, link, pull, span, written
from goldwire.labels.team import annotators
from goldwire.study import Study
from rulings_of import decide, fights


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Six units: on 0 and 1 two annotators differ, on 2 two of three agree, on 3 both are unsure, on 4 and 5 all
    agree, but on 4 one of two marks Bob."""
    study = a_study(tmp_path, 6, overlap=2)
    annotators.write(study.annotators, {"judge@example.org": JUDGE, "j2@example.org": "judge-02"})
    said = written("comment", "Is it *one*?")
    unclear = [choice("event", "unclear")]
    marks = [span("m", "trigger", "MEETING", "met"), span("a", "who", "actor", "Ada"), link("m", "a", "by")]
    votes = [
        (0, A, [choice("event", "MEET"), choice("flags", "x"), *marks, said]),
        (0, B, [choice("event", "FIGHT"), choice("flags", "x"), *marks[:2]]),
        *[(1, A, fights()), (1, B, [choice("event", "MEET")])],
        *[(2, A, fights()), (2, B, fights()), (2, C, [choice("event", "MEET")])],
        *[(3, A, unclear), (3, B, unclear)],
        *[(4, A, fights(span("b", "who", "actor", "Bob"))), (4, B, fights())],
        *[(5, A, fights()), (5, B, fights())],
    ]
    pull(study, "r", votes)
    decide(study)
    return study


@pytest.fixture
def tied_twice(tmp_path: Path) -> Study:
    """A unit on which two annotators differ in both questions: x is decided, MEET or FIGHT is not, and z is half."""
    study = a_study(tmp_path, 1, overlap=2)
    by_a = [choice("event", "MEET"), choice("flags", "x"), choice("heat", "1")]
    by_b = [choice("event", "FIGHT"), choice("flags", "x", "z"), choice("heat", "1")]
    pull(study, "r", [(0, A, by_a), (0, B, by_b)])
    decide(study)
    return study
