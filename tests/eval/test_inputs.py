"""What is trained and scored: texts as shown, recoded labels, abstentions left out, and broken joins named."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from goldwire import scheme, tables
from goldwire.errors import GoldwireError
from goldwire.eval.inputs import NotApplicable, decided_labels, load_all
from goldwire.study import Study
from several_answers import SEVERAL

MakeStudy = Callable[..., Study]


def change(study: Study, name: str, edit: Callable[[dict[str, Any]], dict[str, Any] | None]) -> None:
    """Rewrite a table row by row; a row that becomes None is dropped."""
    path = study.articles if name == "articles" else study.table(name)
    rows = [edit(row) for row in tables.read(path, name).to_pylist()]
    tables.write(tables.build(name, [row for row in rows if row is not None]), path)


def test_every_question_with_labels_is_loaded_and_the_others_say_why_not(make_study: MakeStudy) -> None:
    study = make_study()
    free = '  - {name: remark, text: "Anything else?", type: text, required: false}\n'
    path = study.schemes / "events-small.yaml"
    path.write_text(path.read_text(encoding="utf-8") + free, encoding="utf-8")
    inputs, skipped = load_all(study)
    assert [each.key for each in inputs] == ["events-small.main_event", "events-small.topics", "stance-small.stance"]
    assert skipped == [NotApplicable("events-small", "remark", "its answers are free text, which has no right label")]
    events, topics, stance = inputs
    assert (len(topics.rows), topics.lacking("test")) == (0, "no unit has gold for it yet")
    assert (events.labels, events.has_targets) == (["PROTEST", "AID", "ASSAULT", "NO_EVENT"], False)
    assert (stance.labels, stance.has_targets) == (["favor", "against", "none"], True)
    assert (len(events.rows), len(events.votes)) == (60, 175)  # five of 180 votes are unsure


def test_a_row_has_the_text_that_was_shown_and_what_belongs_to_it(make_study: MakeStudy) -> None:
    study = make_study()
    change(study, "units", lambda row: row | {"start": 8, "end": 16} if row["unit_id"] == "art00/document" else row)
    events, _, stance = load_all(study)[0]
    assert events.rows["text"][0] == "walk out"
    row = stance.rows.iloc[4].to_dict()
    assert row == {
        "unit_id": "art04/target/0",
        "labels": ("none",),
        "label": "none",
        "decided_by": "majority",
        "n_votes": 3,
        "distribution": {"none": pytest.approx(2 / 3), "favor": pytest.approx(1 / 3)},
        "article_id": "art04",
        "title": "Ведомости: митинг у суда",
        "text": "Ведомости: митинг у суда\n\nОколо двухсот человек вышли на митинг у здания суда и требовали "
        "открытого процесса.",
        "kind": "target",
        "outlet": "Inland <b>News</b>",
        "published_at": "2025-03-05T09:00:00+00:00",
        "language": "",
        "target": "суд",
        "aliases": [],
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


def test_answers_of_several_labels_are_tuples_and_none_is_an_answer_unless_unresolved(make_study: MakeStudy) -> None:
    study = make_study("recode: {several: {topics: {security: safety}}}")
    (study.schemes / "several.yaml").write_text(SEVERAL, encoding="utf-8")
    hashed = scheme.load("several", study.schemes).hash
    given: list[tuple[str, list[str] | None, str]] = [
        ("art00", ["economy", "safety"], "majority"),
        ("art01", [], "unanimous"),
        ("art02", [], "unresolved"),
        ("art03", ["economy", "unsure"], "majority"),
        ("art04", ["unsure"], "majority"),
    ]
    base = {"scheme": "several", "scheme_hash": hashed, "question": "topics", "n_votes": 1}
    gold = [
        base | {"unit_id": f"{article}/document", "labels": labels, "decided_by": how}
        for article, labels, how in given
    ]
    gold.append(base | {"unit_id": "art00/document", "question": "place", "labels": ["north/coast"]})
    tables.write(tables.build("gold", gold), study.table("gold"))
    vote = {key: base[key] for key in ("scheme", "scheme_hash", "question")} | {"annotator": "a01", "counts": True}
    votes = [vote | {"unit_id": "art00/document", "labels": ["security", "economy"], "annotation_id": "1"}]
    votes.append(vote | {"unit_id": "art04/document", "labels": ["unsure"], "annotation_id": "2"})
    tables.write(tables.build("votes", votes), study.table("votes"))
    topics, place = load_all(study)[0]
    assert (topics.task.type, topics.task.labels, topics.task.negative) == (
        "multiple",
        ("economy", "safety", "nothing"),
        "nothing",
    )
    assert list(topics.rows["labels"]) == [("economy", "safety"), (), None, ("economy",), None]
    assert topics.rows["label"].isna().all()
    assert topics.votes.to_dict("records") == [
        {"unit_id": "art00/document", "annotator": "a01", "labels": ("safety", "economy"), "label": None}
    ]
    assert (place.task.type, place.task.labels) == ("tree", ("north", "north/coast", "south"))
    assert list(place.rows["labels"]) == [("north/coast",)]
