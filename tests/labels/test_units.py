"""Units: their ids, hashes and texts, and the targets that an article speaks of."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldwire import tables
from goldwire.errors import GoldwireError, UsageError
from goldwire.labels import rounds
from goldwire.labels.compose import compose
from goldwire.labels.naming import Target
from goldwire.labels.unit_files import read_pairs
from goldwire.labels.units import documents, hash_of, headlines, pairs, targets
from goldwire.provenance import digest
from goldwire.study import Study

TEXTS = {
    "b": "Talks in Tirana 🛬\n\nIran's envoy met the press.",
    "a": "No title here, and the KREMLIN is silent.",
    "c": "قالت الحكومة إنها ستجتمع",
}


def articles() -> pa.Table:
    return tables.build("articles", ({"article_id": key, "text": text} for key, text in TEXTS.items()))


def row(article: str, target: str, holder: str, aliases: list[str]) -> dict[str, object]:
    return {
        "unit_id": f"{article}/target/{digest(target, holder, length=8)}",
        "article_id": article,
        "kind": "target",
        "start": 0,
        "end": len(TEXTS[article]),
        "content_hash": digest(TEXTS[article]),
        "target": target,
        "target_aliases": aliases,
        "holder": holder,
        "probability": 1.0,
    }


def test_a_document_unit_is_the_whole_text_in_code_points() -> None:
    assert documents(articles()).to_pylist() == [
        {
            "unit_id": f"{key}/document",
            "article_id": key,
            "kind": "document",
            "start": 0,
            "end": end,
            "content_hash": digest(TEXTS[key]),
            "target": None,
            "target_aliases": None,
            "holder": None,
            "probability": 1.0,
        }
        for key, end in (("a", 41), ("b", 46), ("c", 24))
    ]


def test_a_target_is_asked_of_the_articles_that_name_it() -> None:
    found = targets(articles(), [Target("Iran"), Target("Russia", ("Kremlin", "Moscow"))])
    assert found.to_pylist() == [
        row("a", "Russia", "author", ["Kremlin", "Moscow"]),
        row("b", "Iran", "author", []),
    ]
    everywhere = targets(articles(), [Target("Iran")], only_named=False)
    assert everywhere["article_id"].to_pylist() == ["a", "b", "c"]


def test_pairs_name_target_and_holder_and_repeat_nothing(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(
        'article_id,holder,target,target_aliases\nb,,Iran,\na,"the\npress",Russia,Kremlin| Moscow\nb,author,Iran,\n'
    )
    rows, places = read_pairs(path)
    assert places == [f"{path}:2", f"{path}:3", f"{path}:5"]
    assert sorted(pairs(articles(), rows, places).to_pylist(), key=str) == sorted(
        [row("b", "Iran", "author", []), row("a", "Russia", "the press", ["Kremlin", "Moscow"])], key=str
    )


def test_pairs_from_json_lines_may_list_their_aliases(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(
        '\n{"article_id": "b", "target": "Iran", "target_aliases": ["Tehran"]}\n\n'
        '{"article_id": "x", "target": "y"}\n'
    )
    rows, places = read_pairs(path)
    assert pairs(articles(), rows[:1], places).to_pylist() == [row("b", "Iran", "author", ["Tehran"])]
    with pytest.raises(GoldwireError) as caught:
        pairs(articles(), rows, places)
    assert str(caught.value) == f'{path}:4: article_id: there is no article "x"'
    assert caught.value.hint == "Import it with: goldwire corpus import PATH, or mend the id."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("article_id,target\nb,Iran\na,\n", "{path}:3: target: the row has no target"),
        ("article_id,target\n,Iran\n", '{path}:2: article_id: there is no article ""'),
        ("id,about\nb,Iran\n", "{path}: it lacks article_id, target"),
    ],
)
def test_a_bad_pair_is_named_by_file_and_line(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(content)
    with pytest.raises(GoldwireError) as caught:
        pairs(articles(), *read_pairs(path))
    assert str(caught.value) == message.format(path=path)


@given(st.text(), st.text())
def test_the_hash_tells_texts_apart(one: str, other: str) -> None:
    assert (hash_of(one) == hash_of(other)) == (one == other)


def test_names_are_normalised_as_the_texts_are() -> None:
    made = pairs(articles(), [{"article_id": "a", "target": "Iba\u0301n\u0303ez ", "holder": "e\u0301"}])
    assert (made["target"].to_pylist(), made["holder"].to_pylist()) == (["Ib\u00e1\u00f1ez"], ["\u00e9"])


def test_a_line_of_pairs_that_is_no_object_is_named(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text('{"article_id": "a", "target": "Iran"}\n["b", "Iran"]\n', encoding="utf-8")
    with pytest.raises(GoldwireError) as caught:
        read_pairs(path)
    assert str(caught.value) == f"{path}:2: the line is not a JSON object"


def titled() -> pa.Table:
    rows = [
        {"article_id": "a", "title": "Talks 🛬", "text": "Talks 🛬\n\nThe envoy met the press.", "body_start": 9},
        {"article_id": "b", "text": "The ferry sank.", "body_start": 0},
        {"article_id": "c", "title": "Only a title", "text": "Only a title", "body_start": 12},
    ]
    return tables.build("articles", rows)


def test_a_headline_unit_is_a_body_without_its_own_title_and_a_headline_without_a_holder() -> None:
    rows = [
        {"article_id": "b", "headline": "Ferry  sinks "},
        {"article_id": "a", "headline": "Cafe\u0301 closes"},
        {"article_id": "b", "headline": "Ferry sinks"},
    ]
    assert headlines(titled(), rows).to_pylist() == [
        {
            "unit_id": f"{article}/headline/{digest(headline, length=8)}",
            "article_id": article,
            "kind": "headline",
            "start": start,
            "end": end,
            "content_hash": digest(body),
            "target": headline,
            "target_aliases": None,
            "holder": None,
            "probability": 1.0,
        }
        for article, headline, start, end, body in (
            ("a", "Caf\u00e9 closes", 9, 33, "The envoy met the press."),
            ("b", "Ferry sinks", 0, 15, "The ferry sank."),
        )
    ]


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        ("article_id,headline\nb,Iran\nb,\n", "{path}:3: headline: the row has no headline", None),
        (
            "article_id,headline\nx,Iran\n",
            '{path}:2: article_id: there is no article "x"',
            "Import it with: goldwire corpus import PATH, or mend the id.",
        ),
        ("article_id,headline\nc,Iran\n", '{path}:2: article_id: article "c" has no body', None),
        ("article_id,target\nb,Iran\n", "{path}: it lacks headline", "Its columns are article_id and headline."),
    ],
)
def test_a_bad_headline_is_named_by_file_and_line(
    tmp_path: Path, content: str, message: str, hint: str | None
) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(content)
    with pytest.raises(GoldwireError) as caught:
        headlines(titled(), *read_pairs(path, "headline"))
    assert (str(caught.value), caught.value.hint) == (message.format(path=path), hint)


def test_a_round_about_headlines_is_made_of_a_table_of_pairs(tmp_path: Path) -> None:
    study = Study(tmp_path)
    tables.write(titled(), study.articles)
    study.params_file.write_text("")
    path = tmp_path / "pairs.tsv"
    path.write_text("article_id\theadline\na\tFerry sinks\nb\tFerry sinks\n")
    assert compose(study, "r", "stance-headline", pairs=path) == 2
    shown = {task["data"]["text"]: task["data"]["target"] for task in rounds.tasks(study.rounds / "r")}
    assert shown == {"The envoy met the press.": "Ferry sinks", "The ferry sank.": "Ferry sinks"}
    with pytest.raises(UsageError, match="asks about headlines: give --pairs"):
        compose(study, "r", "stance-headline")
    with pytest.raises(UsageError, match="asks about headlines: give --pairs"):
        compose(study, "r", "stance-headline", targets=["Iran"], pairs=path)
