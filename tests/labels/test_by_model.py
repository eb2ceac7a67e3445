"""Which units count as chosen by a model, and which a model may choose."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from disputing import A, B, a_study, choice, document, pull
from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels import rounds, stages
from goldwire.labels.by_model import chosen_units, may_be_chosen
from goldwire.labels.reannotate import reannotate
from goldwire.labels.tasks import write_round
from goldwire.labels.units import documents
from goldwire.scheme import load
from goldwire.study import Study

MEET = [choice("event", "MEET")]


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Ten documents: a drawn round of the first six, and one that a model chose, of the last six."""
    made = a_study(tmp_path / "study", 10, "all")
    articles = made.read("articles")
    scheme = load("talks", made.schemes)
    units = documents(articles)
    write_round(made, "drawn", scheme, articles, units.slice(0, 6))
    write_round(made, "more", scheme, articles, units.slice(4, 6), chosen_by=["tfidf-logreg"])
    for path in sorted((made.rounds / "all").iterdir()):
        path.unlink()
    (made.rounds / "all").rmdir()
    return made


def built(study: Study) -> pa.Table:
    stages.build(study)
    return study.read("votes")


def test_a_unit_that_only_a_model_asked_about_is_chosen(study: Study) -> None:
    pull(study, "drawn", [(n, A, MEET) for n in range(6)])
    pull(study, "more", [(n, A, MEET) for n in range(4, 10)], first=50)
    assert chosen_units(study, built(study)) == {document(n) for n in range(6, 10)}


def test_a_unit_of_a_drawn_round_that_was_answered_only_because_of_the_model_is_chosen(study: Study) -> None:
    pull(study, "drawn", [(n, A, MEET) for n in range(4)] + [(4, A, [])])  # a skip is no answer
    pull(study, "more", [(n, A, MEET) for n in range(4, 10)], first=50)
    assert chosen_units(study, built(study)) == {document(n) for n in range(4, 10)}


def test_asking_again_about_a_drawn_unit_does_not_make_it_chosen(study: Study) -> None:
    pull(study, "drawn", [(n, A, MEET) for n in range(6)])
    stages.build(study)
    reannotate(study, "again", "talks", [document(0), document(5)], chosen_by=["tfidf-logreg"])
    pull(study, "again", [(0, B, MEET), (5, B, MEET)], first=80)
    assert rounds.read(study.rounds / "again").chosen_by == ["tfidf-logreg"]
    assert chosen_units(study, built(study)) == {document(n) for n in range(6, 10)}


def test_asking_again_about_a_chosen_unit_does_not_make_it_drawn(study: Study) -> None:
    pull(study, "more", [(n, A, MEET) for n in range(4, 10)], first=50)
    stages.build(study)
    reannotate(study, "again", "talks", [document(9)], chosen_by=["tfidf-logreg"])
    pull(study, "again", [(9, B, MEET)], first=80)
    assert document(9) in chosen_units(study, built(study))


def test_without_a_round_that_a_model_chose_nothing_is_chosen(tmp_path: Path) -> None:
    study = a_study(tmp_path / "study", 3)
    pull(study, "r", [(n, A, MEET) for n in range(3)])
    assert chosen_units(study, built(study)) == set()


def test_a_drawn_round_takes_no_chosen_units_and_a_chosen_one_no_drawn(study: Study) -> None:
    articles, scheme = study.read("articles"), load("talks", study.schemes)
    with pytest.raises(GoldwireError) as refused:
        write_round(study, "drawn", scheme, articles, documents(articles), chosen_by=["tfidf-nb"])
    assert refused.value.message == "the units of the round were not chosen by a model, and these were"
    with pytest.raises(GoldwireError) as refused:
        write_round(study, "more", scheme, articles, documents(articles))
    assert refused.value.message == "the units of the round were chosen by tfidf-logreg, and these were not"
    assert (len(rounds.tasks(study.rounds / "drawn")), len(rounds.tasks(study.rounds / "more"))) == (6, 6)


def test_a_second_model_is_added_to_those_that_chose(study: Study) -> None:
    articles, scheme = study.read("articles"), load("talks", study.schemes)
    for model in ("tfidf-nb", "tfidf-logreg"):
        write_round(study, "more", scheme, articles, documents(articles).slice(0, 2), chosen_by=[model])
    assert rounds.read(study.rounds / "more").chosen_by == ["tfidf-logreg", "tfidf-nb"]
    assert len(rounds.tasks(study.rounds / "more")) == 8


def test_what_shares_a_story_with_validation_or_test_may_not_be_chosen(study: Study) -> None:
    units = documents(study.read("articles"))
    assert may_be_chosen(study, units).all()  # nothing is divided
    pull(study, "drawn", [(n, A, MEET) for n in range(6)])
    stages.build(study)
    stages.gold(study)
    stages.dataset(study)
    table = study.read("splits")
    splits = dict(zip(table["unit_id"].to_pylist(), table["split"].to_pylist(), strict=True))
    tested = next(unit for unit, found in splits.items() if found == "test").split("/")[0]
    trained = next(unit for unit, found in splits.items() if found == "train" and unit < document(6)).split("/")[0]
    story = {row["article_id"]: row["story_id"] for row in study.read("articles").to_pylist()}
    base = study.read("articles").to_pylist()
    rows = [
        {**base[0], "article_id": name, "story_id": told, "title": None, "text": f"Text {name}."}
        for name, told in (("x", story[tested]), ("y", story[trained]), ("z", "of its own"))
    ]
    articles = tables.build("articles", [*base, *rows])
    tables.write(articles, study.articles)
    new = documents(tables.build("articles", rows))
    assert may_be_chosen(study, new).tolist() == [False, True, True]
    study.params_file.write_text("seed: 1\n")  # everything will be divided anew
    assert may_be_chosen(study, new).all()


def test_by_time_what_is_later_than_train_or_has_no_date_may_not_be_chosen(study: Study) -> None:
    study.params_file.write_text("splits: {by: time}\neval: {resamples: 100}\n")
    base = [
        {**row, "published_at": datetime(2026, 1, 1 + n, tzinfo=UTC)}
        for n, row in enumerate(study.read("articles").to_pylist())
    ]
    tables.write(tables.build("articles", base), study.articles)
    pull(study, "drawn", [(n, A, MEET) for n in range(6)])
    stages.build(study)
    stages.gold(study)
    stages.dataset(study)
    table = study.read("splits")
    train = [
        unit
        for unit, found in zip(table["unit_id"].to_pylist(), table["split"].to_pylist(), strict=True)
        if found == "train"
    ]
    last = max(row["published_at"] for row in base if f"{row['article_id']}/document" in train)
    rows = [
        {**base[0], "article_id": name, "story_id": name, "title": None, "text": name, "published_at": when}
        for name, when in (("early", last), ("late", last + timedelta(days=20)), ("undated", None))
    ]
    tables.write(tables.build("articles", [*base, *rows]), study.articles)
    assert may_be_chosen(study, documents(tables.build("articles", rows))).tolist() == [True, False, False]
