"""What is trained and scored: texts as shown, recoded labels, abstentions left out, and broken joins named."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from goldwire import scheme, tables
from goldwire.errors import GoldwireError
from goldwire.eval.inputs import NotApplicable, decided_labels, load_all
from goldwire.study import Study

MakeStudy = Callable[..., Study]


def change(study: Study, name: str, edit: Callable[[dict[str, Any]], dict[str, Any] | None]) -> None:
    """Rewrite a table row by row; a row that becomes None is dropped."""
    path = study.articles if name == "articles" else study.table(name)
    rows = [edit(row) for row in tables.read(path, name).to_pylist()]
    tables.write(tables.build(name, [row for row in rows if row is not None]), path)


def test_every_single_choice_question_is_loaded_and_the_others_say_why_not(make_study: MakeStudy) -> None:
    inputs, skipped = load_all(make_study())
    assert [each.key for each in inputs] == ["events-small.main_event", "stance-small.stance"]
    assert skipped == [
        NotApplicable("events-small", "topics", "a question of type multiple is not scored in this version")
    ]
    events, stance = inputs
    assert (events.labels, events.has_targets) == (["PROTEST", "AID", "ASSAULT", "NO_EVENT"], False)
    assert (stance.labels, stance.has_targets) == (["favor", "against", "none"], True)
    assert (len(events.rows), len(events.votes)) == (60, 175)  # five of 180 votes are unsure


def test_a_row_has_the_text_that_was_shown_and_what_belongs_to_it(make_study: MakeStudy) -> None:
    study = make_study()
    change(study, "units", lambda row: row | {"start": 8, "end": 16} if row["unit_id"] == "art00/document" else row)
    events, stance = load_all(study)[0]
    assert events.rows["text"][0] == "walk out"
    row = stance.rows.iloc[4].to_dict()
    assert row == {
        "unit_id": "art04/target/0",
        "label": "none",
        "decided_by": "majority",
        "n_votes": 3,
        "distribution": {"none": pytest.approx(2 / 3), "favor": pytest.approx(1 / 3)},
        "article_id": "art04",
        "title": "Ведомости: митинг у суда",
        "text": "Ведомости: митинг у суда\n\nОколо двухсот человек вышли на митинг у здания суда и требовали "
        "открытого процесса.",
        "outlet": "Inland <b>News</b>",
        "published_at": "2025-03-05T09:00:00+00:00",
        "target": "суд",
        "holder": "author",
        "split": "test",
        "cluster": "story02",
    }


def test_unresolved_units_have_no_label_and_are_not_labelled_rows(make_study: MakeStudy) -> None:
    events = load_all(make_study())[0][0]
    tied = events.rows[events.rows["decided_by"] == "unresolved"]
    assert tied["label"].isna().all()
    assert len(tied) > 0
    assert not set(tied["unit_id"]) & {
        u for s in ("train", "validation", "test") for u in events.labelled(s)["unit_id"]
    }


def test_clusters_are_the_groups_of_the_splits_else_stories_else_articles(make_study: MakeStudy) -> None:
    study = make_study()
    change(study, "splits", lambda row: row | {"group": "g" if row["unit_id"] == "art00/document" else None})
    change(study, "articles", lambda row: row | {"story_id": None} if row["article_id"] == "art02" else row)
    assert list(load_all(study)[0][0].rows["cluster"][:4]) == ["g", "story00", "art02", "story01"]


def test_recoded_labels_take_the_place_of_the_first_that_became_them(make_study: MakeStudy) -> None:
    study = make_study("recode: {events-small: {main_event: {AID: HELP, ASSAULT: HELP, PROTEST: UNSURE}}}")
    recode = {"AID": "HELP", "ASSAULT": "HELP", "PROTEST": "UNSURE"}

    def edit(row: dict[str, Any]) -> dict[str, Any]:
        labels = None if row["labels"] is None else [recode.get(label, label) for label in row["labels"]]
        return row | {"labels": labels} if row["scheme"] == "events-small" else row

    change(study, "gold", edit)
    events = load_all(study)[0][0]
    assert events.labels == ["HELP", "NO_EVENT"]
    assert set(events.votes["label"]) == {"HELP", "NO_EVENT"}
    labels = decided_labels(events.question, recode)
    assert [(label.name, label.definition) for label in labels] == [
        ("HELP", "Was: AID, ASSAULT"),
        ("NO_EVENT", "Nothing political happened."),
    ]


@pytest.mark.parametrize(
    ("name", "edit", "message"),
    [
        (
            "gold",
            lambda row: row | {"labels": ["RIOT"]} if row["unit_id"] == "art07/document" else row,
            "1 gold labels are not in scheme events-small, question main_event: RIOT (unit art07/document)",
        ),
        (
            "units",
            lambda row: None if row["unit_id"] == "art03/document" else row,
            "1 units with gold are not in units.parquet or articles.parquet, such as art03/document",
        ),
        (
            "articles",
            lambda row: None if row["article_id"] in ("art08", "art09") else row,
            "2 units with gold are not in units.parquet or articles.parquet, such as art08/document",
        ),
    ],
)
def test_broken_joins_are_named(make_study: MakeStudy, name: str, edit: Any, message: str) -> None:
    study = make_study()
    change(study, name, edit)
    with pytest.raises(GoldwireError) as error:
        load_all(study)
    assert str(error.value) == message


def test_an_empty_gold_says_what_to_run(make_study: MakeStudy) -> None:
    study = make_study()
    change(study, "gold", lambda _: None)
    with pytest.raises(GoldwireError) as error:
        load_all(study)
    assert (error.value.message, error.value.hint) == ("there is no gold yet", "goldwire labels gold")


def test_a_missing_table_says_what_makes_it(make_study: MakeStudy) -> None:
    study = make_study()
    study.table("splits").unlink()
    with pytest.raises(GoldwireError) as error:
        load_all(study)
    assert error.value.hint == "Make it with: goldwire labels dataset"


def test_units_outside_every_split_are_kept_out(make_study: MakeStudy) -> None:
    study = make_study(splits=("train", "test", None))
    events = load_all(study)[0][0]
    assert events.rows["split"].isna().sum() == 20
    assert len(events.in_splits("train", "validation", "test")) == 40
    assert events.lacking("validation") == "no unit of the validation split has a gold label"
    assert events.lacking("test") is None


def test_decided_labels_without_recode_are_those_of_the_scheme() -> None:
    shipped = scheme.load("stance-target").questions[0]
    assert [label.name for label in decided_labels(shipped, {})] == ["favor", "against", "none"]


def test_tables_are_read_through_their_schemas(make_study: MakeStudy) -> None:
    study = make_study()
    tables.write(pa.table({"unit_id": ["x"]}), study.table("splits"))
    with pytest.raises(GoldwireError, match=r"is not a table of splits: it lacks split, fold, group, since$"):
        load_all(study)
