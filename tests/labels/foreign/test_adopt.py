"""Projects that goldwire did not make, from the server and from files. Texts were written for these tests."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import requests

from goldwire import studio, tables
from goldwire.cli.adopted import stories as stories_of
from goldwire.errors import GoldwireError
from goldwire.files import read_jsonl
from goldwire.labels import parts, rounds, stages
from goldwire.labels.exchange.pull import pull
from goldwire.labels.fold import Folded, fold, typed
from goldwire.labels.foreign.adopt import Adopted, adopt, follow
from goldwire.labels.foreign.export_config import config_of
from goldwire.labels.foreign.export_file import file_tasks
from goldwire.labels.foreign.export_people import ExportPeople
from goldwire.labels.foreign.takeover import adopt_file
from goldwire.labels.foreign.tasks import of_round
from goldwire.labels.server import Client, connect
from goldwire.labels.team import annotators, assignments, round_answers
from goldwire.labels.units import hash_of
from goldwire.provenance import digest
from goldwire.scheme import load
from goldwire.studio.accounts import sign_up
from goldwire.study import Study

CONFIG = """<View>
  <Header value="Who is praised?"/>
  <Labels name="who" toName="doc"><Label value="Person"/><Label value="Place" alias="LOC"/></Labels>
  <Text name="doc" value="$body"/>
  <Choices name="tone-1" toName="doc" required="true"><Choice value="warm"/><Choice value="cold"/></Choices>
  <Taxonomy name="topic" toName="doc"><Choice value="Trade/tariffs"><Choice value="Ports"/></Choice></Taxonomy>
  <Rating name="sure" toName="doc" perRegion="true" whenLabelValue="Place" maxRating="3"/>
  <TextArea name="comment" toName="doc"/>
  <DateTime name="when" toName="doc"/>
  <Relations><Relation value="lives in"/></Relations>
</View>"""
TEXTS = [
    "  Mira Tolven praised Calder Bay. ",
    "😀 Two lines\r\nwith Mira Tolven\r\n\r\nand Calder Bay 👩‍👩‍👧 at the end",
    "Cafe\u0301 Ondria, composed Café, ﬁrst of Calder Bay; \u2028 and \u00a0 spaces\ufeff",
    "قالت الوزيرة إنها «لن تستقيل» اليوم في Calder Bay",
]


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return _study(tmp_path / "study")


def _study(root: Path) -> Study:
    root.mkdir()
    (root / "params.yaml").write_text("seed: 0\n", encoding="utf-8")
    return Study(root)


def own_stories(articles: pa.Table) -> list[str]:
    """Every article a story of its own, but for those that have one."""
    columns = (articles[name].to_pylist() for name in ("article_id", "story_id"))
    return [story or article for article, story in zip(*columns, strict=True)]


def task(number: int, text: Any, **data: Any) -> dict[str, Any]:
    return {"id": number, "data": {"body": text, **data}, "annotations": [], "project": 7}


def adopted(study: Study, tasks: Iterable[dict[str, Any]], config: str = CONFIG, **options: Any) -> Adopted:
    return adopt(study, "old", config, "News of 2019", tasks, stories=own_stories, **{"project": 7, **options})


def lines(study: Study) -> list[dict[str, Any]]:
    return [line for _, line in read_jsonl(study.rounds / "old" / "tasks.jsonl")]


def articles(study: Study) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = study.read("articles").to_pylist()
    return rows


# adopting


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
        study = _study(tmp_path / name)
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


def test_a_configuration_is_read_off_an_export_that_has_none(study: Study) -> None:
    text = "Mira Tolven praised Calder Bay."
    items = results(text)
    given = [{**task(1, text, title="x" * 90), "annotations": [annotation(1, items)]}, task(2, "two")]
    config = config_of(given)
    adopted(study, given, config)
    from_file, _ = fold_old(study, given)
    whole = _study(study.root / "whole")
    adopted(whole, given)
    from_config, _ = fold_old(whole, given)
    drop = ["scheme_hash"]
    mine, theirs = (
        sorted(x.votes.drop_columns(drop).to_pylist(), key=lambda row: row["question"])
        for x in (from_file, from_config)
    )
    assert mine == theirs
    assert from_file.mentions.drop_columns(drop) == from_config.mentions.drop_columns(drop)
    assert from_file.relations.drop_columns(drop) == from_config.relations.drop_columns(drop)
    with pytest.raises(GoldwireError, match="nobody answered"):
        config_of([task(1, text)])
    box = [{"id": "b", "from_name": "box", "to_name": "i", "type": "rectanglelabels", "value": {"x": 1}}]
    with pytest.raises(GoldwireError, match="images"):
        adopted(_study(study.root / "i"), given, config_of([{**task(1, "a"), "annotations": [annotation(1, box)]}]))


def test_what_a_configuration_cannot_be_read_off_is_said_with_where_and_what_to_do() -> None:
    item = _item("q1", "tone-1", "choices", {"choices": ["warm"]})
    no_text = {**task(1, 5), "annotations": [annotation(1, [item])]}
    for tasks, message in (([task(1, "a")], "nobody answered"), ([no_text], "have no text in their data")):
        with pytest.raises(GoldwireError, match=message) as caught:
            config_of(tasks, where="export.json")
        assert caught.value.where == "export.json"
        assert caught.value.hint


# from a file


def export(folder: Path, *tasks: dict[str, Any]) -> Path:
    path = folder / "news.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return path


def by(number: int, who: Any, tone: str = "warm") -> dict[str, Any]:
    answer = annotation(number, [_item("q1", "tone-1", "choices", {"choices": [tone]})])
    return {**answer, "completed_by": who}


def test_an_export_that_names_people_by_number_says_so_and_keeps_two_projects_apart(study: Study) -> None:
    jane = {"id": 1, "email": "jane@x.org"}
    answers = [by(1, 7), by(2, jane), by(3, {"id": 8})]
    path = export(study.root, {**task(1, "one"), "annotations": answers})
    made, brought = adopt_file(study, "old", path, stories=own_stories)
    assert (brought.project, brought.annotations, brought.new) == (7, 3, 3)
    assert study.annotators.read_text(encoding="utf-8") == (
        "email,pseudonym\nuser-7@project-7,annotator-01\njane@x.org,annotator-02\nuser-8@project-7,annotator-03\n"
    )
    assert "annotator-01, annotator-03 may be annotators who have" in made.remarks[-1]
    assert made.remarks[-1].endswith("goldwire labels pull old --project 7")

    answers = [by(1, 7), by(2, 1), by(3, 8, "cold"), by(4, 1)]  # the next file says less of jane
    path = export(study.root, {**task(1, "one"), "annotations": answers})
    made, brought = adopt_file(study, "old", path, stories=own_stories)
    assert (brought.new, brought.changed, made.remarks) == (1, 1, [])
    assert assignments.answered(study, "old") == {
        lines(study)[0]["data"]["unit_id"]: {"annotator-01", "annotator-02", "annotator-03"}
    }

    path = export(study.root, {**task(1, "two"), "project": 8, "annotations": [by(1, 7)]})
    adopt_file(study, "other", path, stories=own_stories)
    assert annotators.read(study.annotators).known["user-7@project-8"] == "annotator-04"


def test_people_in_the_data_of_an_export_are_written_nowhere(study: Study) -> None:
    people = {"completed_by": "jane@x.org", "Coder": "jane", "deep": [{"user": "jane"}], "E-Mail": "jane@x.org"}
    given = {**task(1, "one", page=3, **people), "meta": {"who": "jane"}, "annotations": [by(1, None)]}
    adopt_file(study, "old", export(study.root.parent, given), stories=own_stories)
    assert [one["data"] for one in pulled(study)] == [{"body": "one", "page": 3, "deep": [{}]}]
    assert b"jane" not in b"".join(path.read_bytes() for path in study.root.rglob("*") if path.is_file())


def test_an_export_without_its_projects_number_is_refused_and_writes_nothing(study: Study) -> None:
    given = {name: value for name, value in task(1, "one").items() if name != "project"}
    with pytest.raises(GoldwireError, match="lacks its project's number"):
        adopt_file(study, "old", export(study.root.parent, {**given, "annotations": [by(1, 7)]}), stories=own_stories)
    assert [path.name for path in study.root.iterdir()] == ["params.yaml"]


def test_answers_from_a_file_have_no_time_of_a_pull_unless_one_came_before(study: Study) -> None:
    path = export(study.root.parent, {**task(1, "one"), "annotations": [by(1, 7)]})
    adopt_file(study, "old", path, stories=own_stories)
    found = round_answers.read(study, "old")
    assert (len(found.given), found.pulled, found.from_file) == (1, None, True)

    pulls, at = study.rounds / "old" / "pulls", "2026-01-02T00:00:00Z"
    later = {**pulled(study)[0], "annotations": []}
    parts.append(pulls, {"round": "old", "project": 7, "pulled_at": at}, [later], [])
    found = round_answers.read(study, "old")
    assert (len(found.given), found.pulled, found.from_file) == (0, at, False)

    adopt_file(study, "old", path, stories=own_stories)
    found = round_answers.read(study, "old")
    assert (len(found.given), found.pulled, found.from_file) == (1, at, True)


@pytest.mark.parametrize("config", ["<View", "<View><Image name='i' value='$i'/></View>", "<View/>"])
def test_a_configuration_that_cannot_be_used_is_refused_with_its_project(study: Study, config: str) -> None:
    with pytest.raises(GoldwireError) as caught:
        adopted(study, [task(1, "one")], config)
    assert caught.value.where == "project News of 2019"
    assert caught.value.hint


# a real server


def results(text: str, tone: str = "warm", *, stars: int = 2) -> list[dict[str, Any]]:
    """What a page with CONFIG sends."""
    bay = text.index("Calder Bay")
    spans = [("r2", bay, bay + 10, "LOC")]
    if "Mira" in text:
        spans.insert(0, ("r1", text.index("Mira"), text.index("Mira") + 11, "Person"))
    items = [
        _item(region, "who", "labels", {"start": a, "end": b, "text": text[a:b], "labels": [label]})
        for region, a, b, label in spans
    ]
    items.append(_item("r2", "sure", "rating", {"start": bay, "end": bay + 10, "rating": stars}))
    items.append(_item("q1", "tone-1", "choices", {"choices": [tone]}))
    items.append(_item("q2", "topic", "taxonomy", {"taxonomy": [["Trade/tariffs", "Ports"]]}))
    items.append(_item("q3", "comment", "textarea", {"text": ["as told"]}))
    items.append(_item("q4", "when", "datetime", {"datetime": "2019-05-04"}))
    if len(spans) > 1:
        link = {"from_id": "r1", "to_id": "r2", "type": "relation", "direction": "right", "labels": ["lives in"]}
        items.append(link)
    return items


def _item(region: str, name: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"id": region, "from_name": name, "to_name": "doc", "type": kind, "value": value}


def annotation(number: int, result: list[dict[str, Any]], who: str = "annotator-01") -> dict[str, Any]:
    return {"id": number, "result": result, "completed_by": {"pseudonym": who}, "created_at": "2026-01-02T03:04:05Z"}


def fold_old(study: Study, state: Sequence[dict[str, Any]]) -> tuple[Folded, list[str]]:
    """Fold the round from the tasks of its parts, and return what its reader remarked, too."""
    folder = study.rounds / "old"
    round_ = rounds.read(folder)
    scheme = rounds.scheme_of(study, round_)
    texts = {row["article_id"]: row["text"] for row in articles(study)}
    reader = of_round(study, round_, scheme, texts)
    assert reader is not None
    prepared = [reader.prepare(one) for one in state]
    lines = (json.dumps(one).encode() for one in state)
    assert [reader.task(line) for line in lines] == [typed.of(one) for one in prepared]
    folded = fold(prepared, round_, scheme, rounds.tasks(folder), texts)
    return folded, [*reader.notes(), *(remark for found in reader.remarks.values() for remark in found)]


def pulled(study: Study) -> list[dict[str, Any]]:
    folder = study.rounds / "old" / "pulls"
    return list(parts.state(parts.read(path) for path in parts.listing(folder)).values())


class Project:
    """A project that somebody made by hand, with answers of two people."""

    def __init__(self, server: studio.Server) -> None:
        self.server = server
        self.admin = connect(server.url, server.api_key)
        self.people = [connect(server.url, sign_up(server, f"{n}@example.org", "a-long-password-7")) for n in "ab"]
        self.id = self.admin.create_project("News of 2019", CONFIG, "made by hand", 2).id
        self.add([*TEXTS, TEXTS[0]])
        self.tasks = [one["id"] for one in self.admin.tasks(self.id)]
        for number, text in zip(self.tasks[:3], TEXTS, strict=False):
            for who, tone in zip(self.people, ("warm", "cold"), strict=True):
                self.answer(who, number, results(text, tone))
        self.answer(self.people[0], self.tasks[4], results(TEXTS[0], "cold", stars=3))  # the copy of the first
        self.people[1].submit(self.tasks[3], [], skipped=True)

    def answer(self, who: Client, number: int, result: list[dict[str, Any]]) -> None:
        who.submit(number, result, lead_time=2.5)

    def add(self, texts: Iterable[str]) -> None:
        data = [{"data": {"body": text, "source": "The Tarn Post"}} for text in texts]
        self.send("POST", f"projects/{self.id}/import", json=data)

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Token {self.server.api_key}"}
        url = f"{self.server.url}/api/{path}"
        answer = requests.request(method, url, headers=headers, timeout=60, **options)
        answer.raise_for_status()
        return answer

    def exports(self, folder: Path) -> Iterator[Path]:
        """What a person downloads: an easy export, and a snapshot."""
        easy = self.send("GET", f"projects/{self.id}/export", params={"exportType": "JSON"})
        (folder / "easy.json").write_bytes(easy.content)
        yield folder / "easy.json"
        made = self.send("POST", f"projects/{self.id}/exports", json={"title": "by hand"}).json()
        path = f"projects/{self.id}/exports/{made['id']}/download"
        (folder / "snapshot.json").write_bytes(self.send("GET", path, params={"exportType": "JSON"}).content)
        yield folder / "snapshot.json"

    def pull(self, study: Study) -> Adopted:
        """What `goldwire labels pull old --project ID` does."""
        found = self.admin.project(self.id)
        tasks = self.admin.tasks(self.id)
        made = adopt(
            study,
            "old",
            found.config,
            found.title,
            tasks,
            stories=stories_of(study),
            project=self.id,
            overlap=found.maximum_annotations,
        )
        pull(self.admin, study.rounds / "old", made.round, annotators.read(study.annotators), project=self.id)
        return made

    def pull_file(self, study: Study, path: Path) -> Adopted:
        """What `goldwire labels pull old --file EXPORT` does."""
        found = self.admin.project(self.id)
        stories = stories_of(study)
        made = adopt(study, "old", found.config, found.title, file_tasks(path), stories=stories, project=self.id)
        people, members = ExportPeople(annotators.read(study.annotators), self.id), self.admin.members()

        def of(user: Any) -> str | None:  # as if the file said addresses; one of the two names people by number
            return people.pseudonym({"email": members[user]} if isinstance(user, int) else user)

        header = {"round": "old", "project": self.id, "url": None, "scheme_hash": made.round.scheme_hash}
        kept = [parts.without_people(one, of) for one in sorted(file_tasks(path), key=lambda one: int(one["id"]))]
        parts.append(study.rounds / "old" / "pulls", header, kept, [])
        return made


@pytest.fixture(scope="module")
def project(label_studio: studio.Server) -> Project:
    return Project(label_studio)


@pytest.mark.server
def test_a_project_made_by_hand_is_adopted_and_folded(project: Project, study: Study) -> None:
    before = project.send("GET", f"projects/{project.id}").json()
    made = project.pull(study)
    assert (made.articles, made.units, made.tasks, made.problems) == (4, 4, 5, [])
    assert made.round.project == project.id
    assert made.round.overlap == 2
    folded, remarks = fold_old(study, pulled(study))
    assert remarks == []
    assert {problem.message for problem in folded.problems} == {
        'the scheme asks nothing by the name "when" (datetime)'
    }
    texts = {row["article_id"]: row["text"] for row in articles(study)}
    first = f"a{digest('', TEXTS[0])}/document"
    mentions = folded.mentions.to_pylist()
    assert len(mentions) == 2 * (2 + 2 + 1) + 2
    for row in mentions:
        assert row["text"] == texts[row["unit_id"].removesuffix("/document")][row["start"] : row["end"]]
    places = [row for row in mentions if row["unit_id"] == first and row["label"] == "LOC" and row["counts"]]
    assert {row["annotator"]: row["attributes"] for row in places} == {
        "annotator-01": '{"sure": ["3"]}',  # of the two copies of the text, the later answer counts
        "annotator-02": '{"sure": ["2"]}',
    }
    votes = [row for row in folded.votes.to_pylist() if row["unit_id"] == first and row["question"] == "tone_1"]
    assert sorted((row["annotator"], row["labels"], row["counts"]) for row in votes) == [
        ("annotator-01", ["cold"], True),
        ("annotator-01", ["warm"], False),
        ("annotator-02", ["cold"], True),
    ]
    assert {tuple(row["labels"]) for row in folded.votes.to_pylist() if row["question"] == "topic"} == {
        ("Trade|tariffs/Ports",),
        (),
    }
    assert {row["label"] for row in folded.relations.to_pylist()} == {"lives in"}
    assert {row["comment"] for row in folded.votes.to_pylist()} == {"as told", None}
    assert project.send("GET", f"projects/{project.id}").json() == before

    for name, table in (
        ("units", folded.units),
        ("votes", folded.votes),
        ("vote_mentions", folded.mentions),
        ("vote_relations", folded.relations),
    ):
        tables.write(table, study.table(name))
    assert stages.agreement(study)["questions"]["tone_1"]["units"] == 3
    assert stages.gold(study).gold.num_rows > 0
    stages.dataset(study)
    assert (study.dataset / "README.md").is_file()


@pytest.mark.server
def test_a_downloaded_export_gives_the_same_tables_as_the_server(project: Project, tmp_path: Path) -> None:
    pulled_study = _study(tmp_path / "pulled")
    project.pull(pulled_study)
    wanted, _ = fold_old(pulled_study, pulled(pulled_study))
    for path in project.exports(tmp_path):
        study = _study(tmp_path / path.stem)
        project.pull_file(study, path)
        folded, remarks = fold_old(study, pulled(study))
        assert remarks == []
        assert folded.units == wanted.units
        assert folded.votes == wanted.votes
        assert folded.mentions == wanted.mentions
        assert folded.relations == wanted.relations
        assert folded.problems == wanted.problems
        assert study.read("articles") == pulled_study.read("articles")
        written = b"".join(found.read_bytes() for found in (study.rounds / "old").rglob("*") if found.is_file())
        assert b"example.org" not in written


@pytest.mark.server
def test_tasks_that_come_later_are_adopted_by_the_next_pull(label_studio: studio.Server, study: Study) -> None:
    project = Project(label_studio)
    project.pull(study)
    project.add(["A later text about Calder Bay."])
    late = max(one["id"] for one in project.admin.tasks(project.id))
    project.answer(project.people[1], late, results("A later text about Calder Bay."))
    made = project.pull(study)
    assert (made.articles, made.units, made.tasks) == (1, 1, 6)
    folded, _ = fold_old(study, pulled(study))
    assert "A later text about Calder Bay." in {row["text"] for row in articles(study)}
    assert sum(row["text"] == "Calder Bay" for row in folded.mentions.to_pylist()) == 2 * 3 + 1 + 1
