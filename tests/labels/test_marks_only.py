"""A scheme that asks nothing about the text, and only has spans and links marked, from the pulls to the dataset."""

from pathlib import Path

import pytest

from disputing import a_study, link, pull, span
from goldwire.errors import GoldwireError
from goldwire.labels import stages
from goldwire.labels.adjudicate.disputes import Rules
from goldwire.labels.adjudicate.make import adjudicate
from goldwire.study import Study

MEET = [span("m", "trigger", "MEETING", "met"), span("a", "who", "actor", "Ada"), link("m", "a", "by")]


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Eleven texts in which ann and bob mark the same and cy marks nothing, and one that ann alone marks of two."""
    made = a_study(tmp_path / "study", 12, without_questions=True, overlap=2)
    same = [(number, who, MEET if who != "cy" else []) for number in range(11) for who in ("ann", "bob", "cy")]
    pull(made, "r", [*same, (11, "ann", MEET[1:2]), (11, "bob", [])], submitted=True)
    assert stages.build(made)[1] == []
    return made


def test_who_marks_nothing_answered_too(study: Study) -> None:
    votes = study.read("votes").to_pylist()
    assert len(votes) == 35
    assert {(row["question"], row["labels"], row["value"], row["counts"]) for row in votes} == {
        (None, None, None, True)
    }


def test_agreement_is_of_spans_and_links(study: Study) -> None:
    value = stages.agreement(study)
    assert value["questions"] == {}
    actors = value["mentions"]["who"]
    # of each 11 units: ann and bob agree (2 of 2), either and cy do not (0 of 1, twice); of the last: 0 of 1
    assert actors["exact"]["value"] == pytest.approx(11 * 2 / (11 * 4 + 1), abs=1e-6)
    assert value["relations"]["relation"]["labelled"]["value"] == 1.0


def test_gold_is_what_most_of_all_who_answered_marked(study: Study) -> None:
    made = stages.gold(study)
    assert made.gold.num_rows == 0
    rows = [row for row in made.gold_mentions.to_pylist() if row["question"] == "who"]
    assert [row["n_votes"] for row in rows] == [3] * 11
    assert {row["decided_by"] for row in rows} == {"majority"}
    assert made.gold_relations.num_rows == 11
    assert made.left_out["mentions_tied"] == 1


def test_what_half_marked_goes_to_adjudication(study: Study) -> None:
    stages.gold(study)
    made = adjudicate(study, "adj", rules=Rules(True, None, None, ("who",)))
    assert (made.units, made.by_question) == (1, {"who": 1})


def test_the_dataset_has_the_marks(study: Study) -> None:
    stages.agreement(study)
    stages.gold(study)
    made, _, _ = stages.dataset(study)
    assert sum(made.rows["mentions"].values()) == 22
    assert "| who |" in (made.folder / "README.md").read_text(encoding="utf-8")


def test_a_table_of_such_votes_alone_has_nothing_to_measure(study: Study) -> None:
    from goldwire.labels.agreement.measure import agreement

    with pytest.raises(GoldwireError, match="there is no answer"):
        agreement(study.read("votes"))
