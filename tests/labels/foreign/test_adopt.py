"""Projects that goldwire did not make become rounds. Texts were written for these tests."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adopting import (
    CONFIG,
    TEXTS,
    adopted,
    annotation,
    articles,
    fold_old,
    lines,
    made_study,
    own_stories,
    task,
)
from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels import rounds
from goldwire.labels.foreign.adopt import adopt, follow
from goldwire.labels.units import hash_of
from goldwire.provenance import digest
from goldwire.scheme import load
from goldwire.study import Study


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return made_study(tmp_path / "study")


def test_texts_become_articles_exactly_as_they_are_stored(study: Study) -> None:
    made = adopted(study, [task(number, text) for number, text in enumerate(TEXTS, 1)])
    assert (made.articles, made.known, made.units, made.tasks, made.problems) == (4, 0, 4, 4, [])
    by_text = {row["text"]: row for row in articles(study)}
    assert by_text.keys() == set(TEXTS)
    for line, text in zip(lines(study), TEXTS, strict=True):
        row, content_hash = by_text[text], digest("", text)
        assert row["article_id"] == f"a{content_hash}"
        assert row["content_hash"] == content_hash
        assert (row["title"], row["body_start"], row["story_id"]) == (None, 0, row["article_id"])
        assert line["data"]["text"] == text
        assert line["meta"] == {
            "unit_id": f"{row['article_id']}/document",
            "article_id": row["article_id"],
            "kind": "document",
            "start": 0,
            "end": len(text),
            "content_hash": hash_of(text),
            "target": None,
            "target_aliases": None,
            "holder": None,
            "probability": None,
        }
    assert [line["tasks"] for line in lines(study)] == [[1], [2], [3], [4]]


def test_fields_of_the_data_go_to_the_columns_and_people_nowhere(study: Study) -> None:
    data = {"ID": 12, "Source": "The Tarn Post", "date": "2019-05-04", "link": "https://example.org/1", "page": 3}
    people = {"annotators": ["Anna"], "created_username": "bert", "updated_by": [1], "meta": {"by": "carl"}}
    given = {**task(1, TEXTS[0], **data, **people, title="Praise", date2=None), "meta": {"who": "dora"}}
    adopted(study, [given, task(2, TEXTS[1], date="in May", source=7)])
    first, second = sorted(articles(study), key=lambda row: row["article_id"] != "12")
    assert (first["article_id"], first["outlet"], first["url"]) == ("12", "The Tarn Post", "https://example.org/1")
    assert first["published_at"] == datetime(2019, 5, 4, tzinfo=UTC)
    assert first["title"] is None
    meta = json.loads(first["meta"])
    meta.pop("language_score", None)
    assert meta == {"normalisation": "none", "page": 3, "title": "Praise"}
    assert second["published_at"] is None
    assert json.loads(second["meta"])["date"] == "in May"
    written = b"".join(path.read_bytes() for path in study.root.rglob("*") if path.is_file())
    for name in (b"Anna", b"carl", b"dora", b"created_username"):
        assert name not in written


def test_an_id_of_two_texts_is_no_id(study: Study) -> None:
    adopted(
        study, [task(1, "one", id="x"), task(2, "two", id="x"), task(3, "three", doc_id=5), task(4, "four", id="")]
    )
    ids = {row["text"]: row["article_id"] for row in articles(study)}
    assert ids == {
        "one": f"a{digest('', 'one')}",
        "two": f"a{digest('', 'two')}",
        "three": "5",
        "four": f"a{digest('', 'four')}",
    }


def test_two_tasks_of_one_text_are_one_unit_and_a_known_text_is_not_added(study: Study) -> None:
    there = {"article_id": "mine", "content_hash": "0" * 16, "title": "T", "text": "T\n\nbody", "body_start": 3}
    tables.write(tables.build("articles", [{**there, "story_id": "mine"}]), study.articles)
    made = adopted(
        study, [task(5, "again"), task(9, "T\n\nbody", id="other"), task(3, "again"), task(4, "again", id="z")]
    )
    assert (made.articles, made.known, made.units, made.tasks) == (1, 1, 2, 4)
    assert {line["data"]["unit_id"]: line["tasks"] for line in lines(study)} == {
        f"a{digest('', 'again')}/document": [3, 4, 5],
        "mine/document": [9],
    }
    assert next(row for row in articles(study) if row["article_id"] == "mine")["title"] == "T"


def test_tasks_of_one_text_about_two_targets_are_two_units(study: Study) -> None:
    config = CONFIG.replace("<Header", '<Header value="$speaker"/><Header value="$target"/><Header', 1)
    given = [task(1, "one", target="Ondria", speaker="Mira"), task(2, "one", target="Belsar"), task(3, "one")]
    made = adopted(study, given, config)
    assert made.scheme.unit == "target"
    assert made.problems == ['task 3: its data have no "target", about which it asks']
    article = f"a{digest('', 'one')}"
    assert [(line["meta"]["unit_id"], line["meta"]["target"], line["meta"]["holder"]) for line in lines(study)] == [
        (f"{article}/target/{digest('Ondria', 'Mira', length=8)}", "Ondria", "Mira"),
        (f"{article}/target/{digest('Belsar', 'author', length=8)}", "Belsar", "author"),
    ]


def test_tasks_without_a_text_are_named(study: Study) -> None:
    bad = [
        task(1, None),
        task(2, 5),
        task(3, " \n"),
        task(4, "half \ud83d"),
        {"id": 5, "data": {}, "annotations": []},
    ]
    made = adopted(study, [*bad, task(6, "good")])
    assert made.problems == [
        'task 1: its data have no "body"',
        'task 2: its "body" is no text',
        "task 3: its text is empty",
        "task 4: its text has half a character (a lone surrogate)",
        'task 5: its data have no "body"',
    ]
    assert made.tasks == 1


def test_a_project_without_one_text_changes_nothing(study: Study) -> None:
    with pytest.raises(GoldwireError, match='task 1: its data have no "body"'):
        adopted(study, [task(1, None)])
    with pytest.raises(GoldwireError, match="images"):
        adopted(study, [task(1, "one")], '<View><Image name="i" value="$i"/></View>')
    with pytest.raises(GoldwireError, match="round: String should match"):
        adopt(study, "../x", CONFIG, "t", [task(1, "one")], stories=own_stories)
    assert sorted(path.name for path in study.root.rglob("*") if path.is_file()) == ["params.yaml"]


def test_later_tasks_are_added_and_everything_else_stays(study: Study) -> None:
    first = [task(1, "one", id="x"), task(2, "two")]
    adopted(study, first)
    before = {path: path.read_bytes() for path in study.root.rglob("*") if path.is_file()}
    again = adopted(study, first)
    assert (again.articles, again.units, again.tasks, again.remarks) == (0, 0, 2, [])
    assert {path: path.read_bytes() for path in study.root.rglob("*") if path.is_file()} == before

    more = adopted(study, [task(3, "three", id="x"), task(4, "one"), task(1, "changed"), task(2, "two")])
    assert (more.articles, more.units, more.tasks) == (1, 1, 4)
    assert more.problems == ["task 1: its text was changed; it keeps the unit of the old one"]
    assert [(line["meta"]["article_id"], line["tasks"]) for line in lines(study)] == [
        ("x", [1, 4]),
        (f"a{digest('', 'two')}", [2]),
        (f"a{digest('', 'three')}", [3]),
    ]
    assert before[study.rounds / "old" / "round.yaml"] == (study.rounds / "old" / "round.yaml").read_bytes()


def test_the_order_of_tasks_changes_nothing(tmp_path: Path) -> None:
    given = [task(number, text, id=number % 3) for number, text in enumerate([*TEXTS, *TEXTS], 1)]
    found = []
    for name, order in (("a", given), ("b", given[::-1])):
        study = made_study(tmp_path / name)
        adopted(study, order)
        found.append((study.read("articles"), lines(study)))
    assert found[0] == found[1]


def test_a_round_of_goldwires_own_or_of_another_project_is_refused(study: Study) -> None:
    made = adopted(study, [task(1, "one")])
    assert made.round.project == 7
    with pytest.raises(GoldwireError, match="is of project 7, not of 8"):
        adopted(study, [task(1, "one")], project=8)
    (study.rounds / "old" / "controls.yaml").unlink()
    with pytest.raises(GoldwireError, match="was made by goldwire"):
        adopted(study, [task(2, "two")])


def test_a_new_control_of_the_project_is_named(study: Study) -> None:
    adopted(study, [task(1, "one")])
    changed = CONFIG.replace("</View>", '<Choices name="new" toName="doc"><Choice value="a"/></Choices></View>')
    assert adopted(study, [task(1, "one")], changed).remarks == [
        'the project has a new control "new", which the scheme has not'
    ]


def test_two_projects_of_one_title_get_schemes_of_two_names(study: Study) -> None:
    one = adopted(study, [task(1, "one")])
    other = CONFIG.replace('value="cold"', 'value="cool"')
    two = adopt(study, "two", other, "News of 2019", [task(1, "one")], stories=own_stories, project=8)
    same = adopt(study, "three", CONFIG, "News of 2019", [task(1, "one")], stories=own_stories, project=9)
    names = [made.scheme.name for made in (one, two, same)]
    assert names == ["news-of-2019", "news-of-2019-2", "news-of-2019"]
    assert [made.articles for made in (one, two, same)] == [1, 0, 0]
    assert load("news-of-2019-2", study.schemes).name == "news-of-2019-2"


# the draft goes on


def test_a_draft_may_be_filled_in_after_the_round_is_there(study: Study) -> None:
    path = adopted(study, [task(1, "one")]).scheme_file
    text = path.read_text(encoding="utf-8")
    assert not follow(study, "old")
    path.write_text(
        text.replace("definition: Not defined in the project.", "definition: It praises.", 1), encoding="utf-8"
    )
    assert follow(study, "old")
    round_ = rounds.read(study.rounds / "old")
    assert rounds.scheme_of(study, round_) == load(round_.scheme, study.schemes)
    assert "It praises." in (study.rounds / "old" / "scheme.yaml").read_text(encoding="utf-8")

    path.write_text(text.replace("name: warm", "name: hot"), encoding="utf-8")
    with pytest.raises(GoldwireError, match="other names or labels"):
        follow(study, "old")


# HTML


def test_spans_in_html_count_in_its_text_where_they_say_so(study: Study) -> None:
    config = CONFIG.replace("<Text ", "<HyperText ")
    html = "<p>Mira &amp; Tolven<br/>praised <b>Calder Bay</b>.</p><!-- no -->"
    text = "Mira & Tolven\npraised Calder Bay."
    place = {"start": "/p[1]/b[1]/text()[1]", "end": "/p[1]/b[1]/text()[1]", "startOffset": 0, "endOffset": 10}
    found = {"globalOffsets": {"start": 22, "end": 32}, "text": "Calder Bay", "labels": ["LOC"]}
    result = [
        {"id": "r1", "from_name": "who", "to_name": "doc", "type": "labels", "value": {**place, **found}},
        {"id": "r2", "from_name": "who", "to_name": "doc", "type": "labels", "value": {**place, "labels": ["LOC"]}},
        {"id": "c1", "from_name": "tone-1", "to_name": "doc", "type": "choices", "value": {"choices": ["cold"]}},
    ]
    given = {**task(1, html), "annotations": [annotation(1, result)]}
    adopted(study, [given], config)
    assert [row["text"] for row in articles(study)] == [text]
    folded, remarks = fold_old(study, [given])
    assert [(row["start"], row["text"]) for row in folded.mentions.to_pylist()] == [(22, "Calder Bay")]
    assert [row["labels"] for row in folded.votes.to_pylist()] == [["cold"], []]
    assert remarks == ["1 spans are left out: they count in HTML, and not in its text"]


def test_offsets_of_an_old_version_are_converted_and_that_is_said_once(study: Study) -> None:
    def place(text: str, words: str) -> dict[str, Any]:
        start = len(text[: text.index(words)].encode("utf-16-le")) // 2
        value = {"start": start, "end": start + len(words), "text": words, "labels": ["Person"]}
        return {"id": "r1", "from_name": "who", "to_name": "doc", "type": "labels", "value": value}

    given = [
        {**task(1, TEXTS[1]), "annotations": [annotation(1, [place(TEXTS[1], "Mira Tolven")])]},
        {**task(2, TEXTS[0]), "annotations": [annotation(2, [place(TEXTS[0], "Mira Tolven")])]},
        {**task(3, "😀 x Mira"), "annotations": [annotation(3, [place("😀 x Mira", "Mira")])]},
    ]
    adopted(study, given)
    folded, remarks = fold_old(study, given)
    assert {row["text"] for row in folded.mentions.to_pylist()} == {"Mira Tolven", "Mira"}
    assert len(remarks) == 1
    assert remarks[0].endswith("(2 annotations, the first 1)")


# without a configuration
