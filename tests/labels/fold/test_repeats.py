"""Which answer counts of an annotator who answered a unit more than once; all of them stay in the tables."""

from pathlib import Path

import pytest

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels import parts
from goldwire.labels.fold import build_tables
from goldwire.labels.tasks import write_round
from goldwire.labels.units import documents
from goldwire.study import Study
from little import LITTLE, SCHEME, Json, annotation, articles, choice, picked, span, task


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Two rounds about one article: ann answers it twice in r1 and once in r2, bea once."""
    study = Study(tmp_path)
    study.schemes.mkdir(parents=True)
    (study.schemes / "little.yaml").write_text(SCHEME, encoding="utf-8")
    tables.write(articles("a"), study.articles)
    for name in ("r1", "r2"):
        write_round(study, name, LITTLE, articles("a"), documents(articles("a")))
    pulled(
        study,
        "r1",
        annotation(1, "ann", choice("event", "NONE"), span("s", "who", "actor", "Bob"), minute=5),
        annotation(2, "ann", choice("event", "MEET"), span("s", "who", "actor", "Bob"), minute=1),
        annotation(3, "ann", choice("event", "MEET"), minute=0, was_cancelled=True),
        annotation(4, "bea", choice("event", "MEET"), minute=9),
    )
    pulled(study, "r2", annotation(5, "ann", choice("event", "FIGHT"), minute=3))
    return study


def pulled(study: Study, name: str, *given: Json) -> None:
    parts.append(study.rounds / name / "pulls", {"round": name}, [task(int(name[1:]), "a", *given)], [])


def counting(study: Study, repeats: str | None) -> list[tuple[str, str]]:
    """Return (annotation, label of "event") of the answers that count; all answers must be there."""
    study.params_file.write_text(f"gold: {{repeats: {repeats}}}\n" if repeats else "seed: 0\n", encoding="utf-8")
    made, _ = build_tables(study)
    votes = [row for row in made["votes"].to_pylist() if row["question"] == "event"]
    assert sorted(row["annotation_id"] for row in votes) == ["1", "2", "3", "4", "5"]
    marked = {row["annotation_id"]: row["counts"] for row in made["vote_mentions"].to_pylist()}
    counts = {row["annotation_id"]: row["counts"] for row in votes}
    assert marked == {name: counts[name] for name in ("1", "2")}
    return [(row["annotation_id"], *row["labels"]) for row in votes if row["counts"]]


def test_the_last_answer_counts_unless_the_policy_says_otherwise(study: Study) -> None:
    assert counting(study, None) == counting(study, "last") == [("1", "NONE"), ("4", "MEET")]


def test_the_first_submitted_answer_counts_over_all_rounds(study: Study) -> None:
    assert counting(study, "first") == [("2", "MEET"), ("4", "MEET")]
    pulled(study, "r2", annotation(5, "ann", choice("event", "FIGHT"), minute=0))
    assert counting(study, "first") == [("5", "FIGHT"), ("4", "MEET")]


def test_a_second_answer_is_refused_by_name(study: Study) -> None:
    with pytest.raises(GoldwireError) as caught:
        counting(study, "error")
    assert str(caught.value) == "ann answered a/document 3 times, in rounds r1, r2"
    assert caught.value.hint is not None
    assert "gold.repeats" in caught.value.hint


def test_one_answer_of_each_is_no_repeat(study: Study) -> None:
    pulled(
        study,
        "r1",
        annotation(1, "ann", choice("event", "NONE"), minute=5),
        annotation(4, "bea", choice("event", "MEET")),
    )
    pulled(study, "r2")
    study.params_file.write_text("gold: {repeats: error}\n", encoding="utf-8")
    made, _ = build_tables(study)
    counts = picked(made["votes"], "question", "annotation_id", "counts", "status")
    assert sorted(row[1:] for row in counts if row[0] == "event") == [
        ("1", True, "submitted"),
        ("2", False, "deleted"),
        ("3", False, "deleted"),
        ("4", True, "submitted"),
        ("5", False, "deleted"),
    ]
