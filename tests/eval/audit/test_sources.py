"""Where a subject comes from: a plain table, a study, a dataset folder, and other datasets beside it."""

import json
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from goldwire import tables
from goldwire.errors import GoldwireError, UsageError
from goldwire.eval.audit.from_dataset import of_dataset
from goldwire.eval.audit.from_file import Columns, of_file
from goldwire.eval.audit.from_study import of_study
from goldwire.eval.audit.others import read_others
from goldwire.eval.audit.study import findings
from goldwire.eval.audit.subject import Subject
from goldwire.files import read_json, write_text
from goldwire.study import Study
from small_dataset import build

CSV = """id,body,stance,where,said_of,paper,day,headline
p2,The council met.,favor,train,Velm,Post,2024-05-31,One
p1,"The council, again.",,test,,Post,,Two
"""


def column(subject: Subject, name: str) -> list[Any]:
    return [None if value is None or value is pd.NaT else value for value in subject.units[name]]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    write_text(tmp_path / "pairs.csv", CSV)
    return tmp_path / "pairs.csv"


def test_a_plain_table_is_read_by_the_columns_that_are_named(table: Path) -> None:
    columns = Columns("id", "body", ["stance"], "where", ["headline"], target="said_of", outlet="paper", date="day")
    subject = of_file(table, columns)
    assert column(subject, "unit_id") == column(subject, "article_id") == ["p1", "p2"]
    assert column(subject, "text") == ["The council, again.", "The council met."]
    assert column(subject, "split") == ["test", "train"]
    assert column(subject, "target") == [None, "Velm"]
    assert column(subject, "outlet") == ["Post", "Post"]
    assert column(subject, "published_at") == [None, pd.Timestamp("2024-05-31", tz="UTC")]
    assert column(subject, "headline") == ["Two", "One"]
    assert column(subject, "story") == column(subject, "holder") == [None, None]
    assert math.isnan(subject.units["start"][0])
    assert subject.shared == ["headline"]
    assert subject.labels == {"stance": ["favor"]}
    assert subject.answers.to_dict("records") == [
        {"question": "stance", "unit_id": unit, "labels": labels, "decided_by": None, "tied": False, "n_votes": 0}
        for unit, labels in (("p1", None), ("p2", ["favor"]))
    ]
    assert subject.articles.to_dict("records") == [
        {"article_id": "p1", "text": "The council, again.", "split": "test", "licence": None, "outlet": "Post"},
        {"article_id": "p2", "text": "The council met.", "split": "train", "licence": None, "outlet": "Post"},
    ]
    assert (subject.votes, subject.mentions, subject.digests) == (None, None, None)


def test_without_names_the_columns_are_those_of_our_own_names_and_ids_the_numbers_of_rows(tmp_path: Path) -> None:
    write_text(
        tmp_path / "t.csv", "article_id,story_id,text,label,split,licence\na,s,One.,x,train,CC0\na,s,One.,y,test,\n"
    )
    subject = of_file(tmp_path / "t.csv", Columns())
    assert column(subject, "unit_id") == ["1", "2"]
    assert column(subject, "article_id") == ["a", "a"]
    assert column(subject, "story") == ["s", "s"]
    assert subject.shared == ["article_id", "story"]
    assert subject.labels == {"label": ["x", "y"]}
    assert subject.articles.to_dict("records") == [
        {"article_id": "a", "text": "One.", "split": None, "licence": "CC0", "outlet": None}
    ]


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_labels_may_be_lists_or_lists_in_json(tmp_path: Path, form: str) -> None:
    given: list[Any] = [["b", "a"], [], None, ["a"]]
    if form == "csv":
        lines = ['1,"[""b"",""a""]"', "2,[]", "3,", "4,a"]
        write_text(tmp_path / "t.csv", "unit_id,types\n" + "\n".join(lines) + "\n")
    elif form == "jsonl":
        rows = [{"unit_id": str(n), "types": types} for n, types in enumerate(given, 1)]
        write_text(tmp_path / "t.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    else:
        pd.DataFrame({"unit_id": [1, 2, 3, 4], "types": given}).to_parquet(tmp_path / "t.parquet")
    subject = of_file(tmp_path / f"t.{form}", Columns(label=["types"]))
    assert subject.answers["labels"].tolist() == [["a", "b"], [], None, ["a"]]
    assert subject.labels == {"types": ["a", "b"]}


def test_with_an_annotator_a_row_is_an_answer_and_there_is_no_gold(tmp_path: Path) -> None:
    write_text(tmp_path / "v.csv", "task,worker,label,split\n1,ann,x,train\n1,bob,y,train\n2,ann,,test\n")
    subject = of_file(tmp_path / "v.csv", Columns(id="task", annotator="worker"))
    assert column(subject, "unit_id") == ["1", "2"]
    assert len(subject.answers) == 0
    assert subject.votes is not None
    assert subject.votes.to_dict("records") == [
        {"question": "label", "unit_id": "1", "annotator": "ann", "labels": ["x"]},
        {"question": "label", "unit_id": "1", "annotator": "bob", "labels": ["y"]},
    ]


@pytest.mark.parametrize(
    ("text", "columns", "message"),
    [
        ("id\n1\n", Columns(id="no"), "there is no column no"),
        ("id\n1\n1\n", Columns(id="id"), 'unit "1" stands twice'),
        ("id,x\n,a\n", Columns(id="id"), "row 1 has no id"),
        ("id,day\n1,soon\n", Columns(id="id", date="day"), '"soon" is no date'),
    ],
)
def test_a_table_that_does_not_fit_is_an_error_that_names_the_file(
    tmp_path: Path, text: str, columns: Columns, message: str
) -> None:
    write_text(tmp_path / "t.csv", text)
    with pytest.raises(GoldwireError) as error:
        of_file(tmp_path / "t.csv", columns)
    assert error.value.message == message
    assert str(error.value.where).startswith(str(tmp_path / "t.csv"))


def test_a_shared_column_may_not_stand_for_two_things(tmp_path: Path) -> None:
    write_text(tmp_path / "t.csv", "target,topic\na,b\n")
    with pytest.raises(UsageError, match="--shared target and another column"):
        of_file(tmp_path / "t.csv", Columns(target="topic", shared=["target"]))
    assert of_file(tmp_path / "t.csv", Columns(shared=["target"])).shared == ["target"]


def test_a_study_is_its_tables_with_labels_in_scheme_order_and_without_abstentions(make_study: Any) -> None:
    recode = "recode: {stance-small: {stance: {against: favor}}}\n"
    study = make_study(f"seed: 7\n{recode}card: {{licence: unknown}}\nsplits: {{group_by: [target]}}\n")
    gold = study.read("gold").to_pylist()
    for row in gold:
        row["labels"] = ["favor"] if row["labels"] == ["against"] else row["labels"]
    tables.write(tables.build("gold", gold), study.table("gold"))
    subject = of_study(study)
    assert subject.labels == {
        "events-small.main_event": ["PROTEST", "AID", "ASSAULT", "NO_EVENT"],
        "events-small.topics": ["economy", "security"],
        "stance-small.stance": ["favor", "none"],
    }
    assert subject.shared == ["article_id", "story", "group", "target"]
    assert (subject.seed, subject.resamples, subject.level) == (7, 200, 0.95)
    assert len(subject.units) == 120
    assert column(subject, "unit_id")[:2] == ["art00/document", "art00/target/0"]
    first = study.read("articles").to_pylist()[0]
    assert column(subject, "text")[0] == first["text"]
    assert column(subject, "published_at")[0] == first["published_at"]
    assert subject.articles["licence"].tolist() == [None] * 60
    assert subject.mentions is None
    assert subject.votes is not None
    votes = study.read("votes").to_pylist()
    assert len(subject.votes) == sum(row["labels"] not in (["UNSURE"], ["unsure"]) for row in votes)
    assert {label for labels in subject.votes["labels"] for label in labels} == {
        *("PROTEST", "AID", "ASSAULT", "NO_EVENT"),
        *("favor", "none"),
    }
    unresolved = {row["unit_id"] for row in gold if row["decided_by"] == "unresolved"}
    assert set(subject.answers.loc[subject.answers["labels"].isna(), "unit_id"]) == unresolved


def test_a_division_that_is_being_made_stands_in_place_of_the_studys(make_study: Any) -> None:
    study = make_study()
    units = study.read("units")["unit_id"].to_pylist()
    splits = tables.build("splits", [{"unit_id": unit, "split": "train"} for unit in units[1:]])
    assert set(column(of_study(study, splits), "split")) == {None, "train"}


def test_licences_come_from_the_articles_else_from_the_card(make_study: Any) -> None:
    study = make_study("card: {licence: cc-by-4.0}\n")
    articles = study.read("articles").to_pylist()
    articles[0]["meta"] = '{"license": "CC0"}'
    articles[1]["meta"] = '{"rights": "unknown", "license": " "}'
    tables.write(tables.build("articles", articles), study.articles)
    assert of_study(study).articles["licence"].tolist()[:3] == ["CC0", "cc-by-4.0", "cc-by-4.0"]


def test_gold_with_a_label_that_the_scheme_has_not_is_an_error(make_study: Any) -> None:
    study = make_study()
    gold = study.read("gold").to_pylist()
    gold[0]["labels"] = ["FLOOD"]
    tables.write(tables.build("gold", gold), study.table("gold"))
    with pytest.raises(GoldwireError, match='gold has the label "FLOOD", which is not among: PROTEST, AID'):
        of_study(study)


def test_a_units_article_that_is_not_there_is_an_error(make_study: Any) -> None:
    study = make_study()
    tables.write(study.read("articles").slice(1), study.articles)
    with pytest.raises(GoldwireError, match="2 units have articles that are not there, such as art00/document"):
        of_study(study)


def test_the_findings_of_a_study_are_returned_and_written_the_same_each_time(make_study: Any) -> None:
    study: Study = make_study("audit: {accept: {GW102: official split}}\n")
    found = findings(study)
    written = (study.eval / "audit.json").read_bytes()
    assert read_json(study.eval / "audit.json") == found
    assert {one["code"] for one in found} >= {"GW101", "GW504"}
    findings(study)
    assert (study.eval / "audit.json").read_bytes() == written


def test_a_dataset_folder_is_read_as_the_study_that_it_came_from(tmp_path: Path) -> None:
    folder = build(tmp_path / "dataset").folder
    subject = of_dataset(folder)
    gold = pd.concat([pd.read_parquet(path) for path in sorted((folder / "gold").glob("*.parquet"))])
    assert column(subject, "unit_id") == sorted(set(gold["unit_id"]))
    assert dict(zip(subject.units["unit_id"], subject.units["split"], strict=True)) == dict(
        zip(gold["unit_id"], gold["split"], strict=True)
    )
    assert subject.labels == {
        "event-small.contexts": ["war", "war/sea", "trade"],
        "event-small.main": ["MEET", "HIT", "none"],
        "stance-small.frames": ["money", "law"],
        "stance-small.language": ["plain", "coarse"],
        "stance-small.stance": ["favor", "against"],
        "stance-small.strength": ["1", "2"],
    }
    assert subject.votes is not None
    assert "unsure" not in {label for labels in subject.votes["labels"] for label in labels}
    assert subject.mentions is not None
    texts = dict(zip(subject.articles["article_id"], subject.articles["text"], strict=True))
    assert all(texts[row.article_id][row.start : row.end] == row.text for row in subject.mentions.itertuples())


def test_a_dataset_folder_with_gold_alone_and_without_texts_is_read(tmp_path: Path) -> None:
    folder = build(tmp_path / "dataset").folder
    for path in (folder / "gold").glob("*.parquet"):
        pd.read_parquet(path).drop(columns="text").to_parquet(path)
    for name in ("votes", "mentions", "articles"):
        (folder / name).rename(tmp_path / name)
    (folder / "README.md").unlink()
    subject = of_dataset(folder)
    assert set(column(subject, "text")) == set(column(subject, "outlet")) == {None}
    assert (subject.votes, subject.mentions, len(subject.articles)) == (None, None, 0)
    assert len(subject.answers) > 0


def test_a_folder_without_a_dataset_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GoldwireError, match="no dataset is here") as error:
        of_dataset(tmp_path)
    assert error.value.where == str(tmp_path)


def test_other_datasets_are_tables_articles_and_folders(tmp_path: Path) -> None:
    write_text(tmp_path / "wire.csv", "id,sentence\nw1,One.\nw1,Two.\nw2,\n")
    folder = build(tmp_path / "dataset").folder
    wire, made = read_others(["wire.csv", "dataset"], tmp_path)
    assert (wire.name, wire.texts) == ("wire.csv", {"w1": "One.", "w1 (row 2)": "Two."})
    articles = pd.concat([pd.read_parquet(path) for path in (folder / "articles").glob("*.parquet")])
    assert made.texts == dict(zip(articles["article_id"], articles["text"], strict=True))


def test_another_dataset_without_texts_is_an_error(tmp_path: Path) -> None:
    write_text(tmp_path / "wire.csv", "id,words\nw1,One.\n")
    with pytest.raises(GoldwireError, match=r"wire\.csv: has no texts to compare with"):
        read_others(["wire.csv"], tmp_path)


@pytest.mark.parametrize(
    ("spelt", "ours"),
    [
        (["Training", "dev", "TEST", "extra", None], ["train", "validation", "test", "extra", None]),
        (["train", "val", "dev"], ["train", "val", "dev"]),  # two spellings are two splits
    ],
)
def test_splits_in_other_spellings_are_ours(tmp_path: Path, spelt: list[str | None], ours: list[str | None]) -> None:
    rows = [{"unit_id": str(n), "split": split} for n, split in enumerate(spelt)]
    write_text(tmp_path / "t.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    assert column(of_file(tmp_path / "t.jsonl", Columns()), "split") == ours


def test_what_is_not_a_number_is_not_there(tmp_path: Path) -> None:
    frame = {"unit_id": pa.array(["a", "b"]), "label": pa.array([math.nan, 1.0])}
    tables.write(pa.table(frame), tmp_path / "t.parquet")
    assert of_file(tmp_path / "t.parquet", Columns()).answers["labels"].tolist() == [None, ["1.0"]]


def test_parameters_that_are_given_stand_for_those_of_the_study(make_study: Any) -> None:
    study = make_study()
    params = study.params()
    subject = of_study(
        study,
        params=params.model_copy(
            update={"dataset": params.dataset.model_copy(update={"scrub": True, "texts": False})}
        ),
    )
    assert (subject.texts, subject.scrub) == (False, True)
    assert (of_study(study).texts, of_study(study).scrub) == (True, False)
    masked = params.model_copy(update={"dataset": params.dataset.model_copy(update={"scrub": True})})
    (told,) = [one for one in findings(study, params=masked) if one["code"] == "GW501"]
    assert (told["state"], told["text"]) == ("not applicable", "they are masked in what is published")
