"""Paragraphs and sentences all the way: units, tasks, answers, tables, dataset, evaluation. Offsets stay those of the
article. The articles were written for the test."""

import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldwire import studio, tables
from goldwire.demo import recorded
from goldwire.errors import GoldwireError, UsageError
from goldwire.eval.examples import examples
from goldwire.eval.inputs import load_all
from goldwire.eval.result import Cell
from goldwire.labels import exchange, parts, rounds, stages
from goldwire.labels.compose import compose
from goldwire.labels.interface import controls
from goldwire.labels.passages import PASSAGES, Passage, passages
from goldwire.labels.server import connect
from goldwire.labels.tasks import write_round
from goldwire.labels.units import hash_of, texts
from goldwire.scheme import load
from goldwire.studio.accounts import sign_up
from goldwire.study import Study
from goldwire.text.normalise import normalise, normalise_line

Row = dict[str, Any]

TITLE = "Talks in Tirana 🛬 fail. Again?"
BODY = (
    "The envoy 👩‍👧 left early. Mr. Osei met the press in “Café Ada”.\n\n"
    "قالت الوزيرة 🎈 إنها لن تستقيل. وصل الوفد أمس؟\n\nNobody spoke."
)
TEXT = f"{TITLE}\n\n{BODY}"
SENTENCES = [
    TITLE,
    "The envoy 👩‍👧 left early.",
    "Mr. Osei met the press in “Café Ada”.",
    "قالت الوزيرة 🎈 إنها لن تستقيل.",
    "وصل الوفد أمس؟",
    "Nobody spoke.",
]
PARAGRAPHS = [TITLE, *BODY.split("\n\n")]
SHOWN: dict[Passage, list[str]] = {"document": [TEXT], "paragraph": PARAGRAPHS, "sentence": SENTENCES}


def article(name: str, story: str | None = None, text: str = TEXT, title: str = TITLE) -> Row:
    body = len(title) + 2 if title else 0
    known = {"article_id": name, "content_hash": hash_of(text), "story_id": story or name}
    return {**known, "title": title or None, "text": text, "body_start": body}


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Eight articles in seven stories: a0 and a7 are one."""
    made = Study(tmp_path / "study")
    rows = [article(f"a{number}") for number in range(7)]
    rows.append(article("a7", "a0", f"Tirana\n\nTirana waits 🛬.\n\n{BODY}", "Tirana"))
    tables.write(tables.build("articles", rows), made.articles)
    made.params_file.write_text("eval: {resamples: 100}\n", encoding="utf-8")
    return made


def tasks(study: Study, name: str = "r") -> list[Row]:
    return rounds.tasks(study.rounds / name)


@pytest.mark.parametrize("kind", PASSAGES)
def test_a_unit_is_a_passage_of_its_article_and_a_title_is_one_of_its_own(kind: Passage) -> None:
    made = texts(tables.build("articles", [article("a"), article("b", text=BODY, title="")]), kind).to_pylist()
    titled = sorted((row for row in made if row["article_id"] == "a"), key=lambda row: row["start"])
    assert [TEXT[row["start"] : row["end"]] for row in titled] == SHOWN[kind]
    untitled = sorted((row for row in made if row["article_id"] == "b"), key=lambda row: row["start"])
    assert [BODY[row["start"] : row["end"]] for row in untitled] == (SHOWN[kind][1:] or [BODY])
    for row, shown in zip(titled, SHOWN[kind], strict=True):
        place = "" if kind == "document" else f"/{row['start']}-{row['end']}"
        assert row == {
            **dict.fromkeys(tables.SCHEMAS["units"].names),
            "unit_id": f"a/{kind}{place}",
            "article_id": "a",
            "kind": kind,
            "start": TEXT.index(shown),
            "end": TEXT.index(shown) + len(shown),
            "content_hash": hash_of(shown),
            "probability": 1.0,
        }


def test_an_article_that_is_a_title_alone_is_one_passage() -> None:
    alone = {"text": "Ferry sinks. Why?", "body_start": 17}
    assert [passages(alone, kind) for kind in PASSAGES] == [[(0, 17)]] * 3


@given(st.text(), st.text(), st.sampled_from(PASSAGES))
def test_passages_are_in_order_and_leave_out_white_space_only(title: str, body: str, kind: Passage) -> None:
    title, body = normalise_line(title), normalise(body)
    text = "\n\n".join(part for part in (title, body) if part)
    start = len(text) - len(body)
    found = passages({"text": text, "body_start": start}, kind)
    if kind == "document":
        assert found == [(0, len(text))]
        return
    edges = [0, *(edge for passage in found for edge in passage), len(text)]
    assert edges == sorted(edges)
    assert all(text[begin:end] == text[begin:end].strip() != "" for begin, end in found)
    gaps = zip(edges[::2], edges[1::2], strict=True)
    assert "".join(text[begin:end] for begin, end in gaps).strip() == ""
    assert not title or found[0] == (0, len(title))


def test_a_round_of_sentences_shows_sentences_and_grows_with_sentences_only(study: Study) -> None:
    assert compose(study, "r", "event-plover", unit="sentence") == 7 * 6 + 7
    shown = [task["data"]["text"] for task in tasks(study) if task["meta"]["article_id"] == "a3"]
    assert sorted(shown) == sorted(SENTENCES)
    assert {task["meta"]["kind"] for task in tasks(study)} == {"sentence"}
    assert compose(study, "r", "event-plover", unit="sentence") == 49
    with pytest.raises(GoldwireError) as caught:
        compose(study, "r", "event-plover")
    assert str(caught.value) == "round r: the round is there with units of the kind sentence, not document"
    assert caught.value.hint == "Choose another name for the round."
    assert compose(study, "r2", "event-plover", unit="paragraph") == 7 * 4 + 5
    assert compose(study, "r3", "event-plover") == compose(study, "r4", "event-plover", unit="document") == 8


def test_a_round_does_not_take_an_article_that_has_changed_or_is_divided_otherwise(study: Study) -> None:
    scheme, before = load("event-plover"), tables.build("articles", [article("a")])
    write_round(study, "r", scheme, before, texts(before, "sentence"))
    longer = tables.build("articles", [article("a", text=f"New. {TEXT}", title=f"New. {TITLE}")])
    with pytest.raises(GoldwireError, match=r"the text of unit a/sentence/\d+-\d+ has changed since it was put into"):
        write_round(study, "r", scheme, longer, texts(longer, "sentence"))
    row = texts(before, "document").to_pylist()[0] | {"kind": "sentence", "start": 5, "end": 40}
    other = tables.build("units", [row | {"unit_id": "a/sentence/5-40", "content_hash": hash_of(TEXT[5:40])}])
    with pytest.raises(GoldwireError) as caught:
        write_round(study, "r", scheme, before, other)
    assert str(caught.value) == (
        f"round r: unit a/sentence/5-40 overlaps with 0-{len(TITLE)}, which is in the round: texts are divided "
        "otherwise now"
    )
    assert len(tasks(study)) == 6


def test_a_scheme_about_sentences_is_asked_of_sentences_unless_told_otherwise(study: Study) -> None:
    from goldwire.scheme import shipped_text

    own = re.sub("(?m)^(name: ).*", r"\1own", shipped_text("event-plover")).replace(
        "unit: document", "unit: sentence"
    )
    study.schemes.mkdir(parents=True)
    (study.schemes / "own.yaml").write_text(own, encoding="utf-8")
    assert compose(study, "r", "own") == 49
    assert compose(study, "r2", "own", unit="document") == 8


def test_a_target_is_asked_of_the_sentences_that_name_it(study: Study, tmp_path: Path) -> None:
    listed = tmp_path / "targets.txt"
    listed.write_text("Osei\n", encoding="utf-8")
    assert compose(study, "r", "stance-target", unit="sentence", targets=["Albania|Tirana"], target_list=listed) == 17
    of_a1 = (task for task in tasks(study) if task["meta"]["article_id"] == "a1")
    tirana, osei = sorted(of_a1, key=lambda task: str(task["data"]["target"]))
    assert (osei["data"]["text"], osei["data"]["target"]) == (SENTENCES[2], "Osei")
    assert (tirana["data"]["text"], tirana["data"]["target"]) == (TITLE, "Albania")
    at = TEXT.index(SENTENCES[2])
    assert re.fullmatch(rf"a1/sentence/{at}-{at + len(SENTENCES[2])}/target/[0-9a-f]{{8}}", osei["data"]["unit_id"])
    assert (osei["meta"]["kind"], osei["meta"]["holder"]) == ("target", "author")
    assert compose(study, "all", "stance-target", unit="sentence", targets=["Peru"], unnamed=True) == 49
    with pytest.raises(GoldwireError, match="there is no unit to ask about") as caught:
        compose(study, "none", "stance-target", targets=["Peru"])
    assert str(caught.value.hint).endswith("or ask of all: --unnamed")


@pytest.mark.parametrize(
    ("scheme", "options", "message"),
    [
        (
            "event-plover",
            {"targets": ["Iran"]},
            "event-plover asks about texts alone: --target, --target-list",
        ),
        ("event-plover", {"unnamed": True}, "--unnamed goes with --target or --target-list"),
        ("stance-target", {}, "scheme stance-target asks about targets: give --pairs, or --target and --target-list"),
        ("stance-target", {"targets": ["Iran"], "pairs": Path("x.csv")}, "asks about targets: give --pairs, or"),
        ("stance-target", {"unit": "sentence", "pairs": Path("x.csv")}, "--unit does not go with --pairs"),
        ("stance-target", {"unnamed": True, "pairs": Path("x.csv")}, "--unnamed goes with --target or --target-list"),
        ("stance-headline", {"unit": "sentence"}, "asks about headlines: give --pairs"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    study: Study, scheme: str, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        compose(study, "r", scheme, **options)
    assert not study.rounds.exists()


def test_a_sentence_has_the_probability_of_its_article(study: Study, tmp_path: Path) -> None:
    drawn = study.read("articles").slice(2, 2).append_column("probability", pa.array([0.25, 0.5]))
    tables.write(drawn, tmp_path / "sample.parquet")
    assert compose(study, "r", "event-plover", unit="sentence", articles=tmp_path / "sample.parquet") == 12
    found = {(task["meta"]["article_id"], task["meta"]["probability"]) for task in tasks(study)}
    assert found == {("a2", 0.25), ("a3", 0.5)}


# The offline way

LABELS = ["CONSULT", "RETREAT", "REJECT"]


def span(region: str, layer: str, label: str, shown: str, words: str) -> Row:
    start = shown.index(words)
    value = {"start": start, "end": start + len(words), "text": words, "labels": [label]}
    return {"id": region, "from_name": layer, "to_name": "text", "type": "labels", "value": value}


def annotated(number: int, task: Row, label: str, who: str = "annotator-01") -> Row:
    """What the server returns: the first and the last character of what was shown are marked, and linked."""
    shown = task["data"]["text"]
    result = [
        {"id": "q", "from_name": "main_event", "to_name": "text", "type": "choices", "value": {"choices": [label]}},
        span("m1", "trigger", "CONSULT", shown, shown[0]),
        span("m2", "participant", "participant", shown, shown[-2:]),
        {"from_id": "m1", "to_id": "m2", "type": "relation", "direction": "right", "labels": ["actor"]},
    ]
    moment = "2026-11-22T10:00:00Z"
    annotation = {"id": number, "completed_by": {"pseudonym": who}, "result": result, "was_cancelled": False}
    annotation |= {"created_at": moment, "updated_at": moment, "lead_time": 3.0}
    return {"id": number, "data": task["data"], "meta": task["meta"], "annotations": [annotation]}


@pytest.fixture
def labelled(study: Study, kind: Passage) -> Study:
    """The study with an answer to every passage of a kind, as far as the dataset."""
    compose(study, "r", "event-plover", unit=kind)
    state = [annotated(n, task, LABELS[n % 3]) for n, task in enumerate(tasks(study), start=1)]
    parts.append(study.rounds / "r" / "pulls", {"round": "r"}, state, [])
    assert stages.build(study)[1] == []
    stages.gold(study)
    stages.dataset(study)
    return study


@pytest.mark.parametrize("kind", ["paragraph", "sentence"])
def test_what_was_marked_in_a_passage_is_the_article_sliced_by_its_offsets(
    labelled: Study, kind: Passage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_OFFLINE", True)
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)

    def rows(config: str) -> list[Row]:
        loaded = datasets.load_dataset(str(labelled.dataset), config, cache_dir=str(tmp_path / "cache"))
        return [{**row, "in": name} for name, split in loaded.items() for row in split]

    text_of = {row["article_id"]: row["text"] for row in labelled.read("articles").to_pylist()}
    units = {task["data"]["unit_id"]: task["data"]["text"] for task in tasks(labelled)}
    gold = rows("gold-event-plover")
    assert {row["unit_id"]: row["text"] for row in gold} == units
    assert all(row["kind"] == kind for row in gold)
    assert all(text_of[row["article_id"]][row["start"] : row["end"]] == row["text"] for row in gold)

    mentions = rows("mentions")
    assert len(mentions) == 2 * len(units)
    for row in mentions:
        assert text_of[row["article_id"]][row["start"] : row["end"]] == row["text"]
    start_of = {row["unit_id"]: row["start"] for row in gold}
    first = {row["unit_id"]: row["start"] for row in mentions if row["question"] == "trigger"}
    assert first == start_of
    assert {row["unit_id"]: row["text"] for row in mentions if row["question"] == "participant"} == {
        unit: shown[-2:] for unit, shown in units.items()
    }
    assert [(row["text"], row["actor"]) for row in rows("events") if row["unit_id"].startswith("a2/")] == [
        (shown[0], [shown[-2:]])
        for _, shown in sorted((unit, shown) for unit, shown in units.items() if unit.startswith("a2/"))
    ]
    card = (labelled.dataset / "README.md").read_text(encoding="utf-8")
    assert f"What an annotator is shown once is a {kind} of an article." in card


@pytest.mark.parametrize("kind", ["paragraph", "sentence"])
def test_all_passages_of_a_story_are_in_one_split(labelled: Study, kind: Passage) -> None:
    units = {row["unit_id"]: row["article_id"] for row in labelled.read("units").to_pylist()}
    found: dict[str, set[str]] = {}
    for row in labelled.read("splits").to_pylist():
        found.setdefault(units[row["unit_id"]].replace("a7", "a0"), set()).add(row["split"])
    assert {story: len(splits) for story, splits in found.items()} == {f"a{number}": 1 for number in range(7)}
    assert set.union(*found.values()) == {"train", "validation", "test"}


@pytest.mark.parametrize("kind", ["sentence"])
def test_models_see_the_sentence_and_the_report_shows_all_of_it(labelled: Study, kind: Passage) -> None:
    inputs = load_all(labelled)[0][0]
    shown = {task["data"]["unit_id"]: task["data"]["text"] for task in tasks(labelled)}
    assert dict(zip(inputs.rows["unit_id"], inputs.rows["text"], strict=True)) == shown
    rows = inputs.rows[inputs.rows["article_id"] == "a7"]
    cell = Cell(actual="CONSULT", predicted="REJECT", units=list(rows["unit_id"]))
    found = {unit: (one.title, one.text) for unit, one in examples(rows, [cell]).items()}
    assert found == {unit: ("Tirana", text) for unit, text in shown.items() if unit.startswith("a7/")}
    assert {"Tirana", "Tirana waits 🛬."} <= {text for _, text in found.values()}


def test_two_rounds_may_ask_one_scheme_of_two_kinds_and_the_card_counts_both(study: Study) -> None:
    number = 0
    kinds: list[tuple[str, Passage]] = [("whole", "document"), ("split", "sentence")]
    for name, kind in kinds:
        compose(study, name, "event-plover", unit=kind)
        state = [annotated(number := number + 1, task, "CONSULT") for task in tasks(study, name)]
        parts.append(study.rounds / name / "pulls", {"round": name}, state, [])
    stages.build(study)
    stages.gold(study)
    stages.dataset(study)
    card = (study.dataset / "README.md").read_text(encoding="utf-8")
    assert "is shown once is a sentence of an article (49 units) or a document (8 units)." in card


@pytest.mark.server
def test_a_real_label_studio_returns_spans_of_sentences_that_slice_the_article(
    study: Study, label_studio: studio.Server
) -> None:
    scheme = load("event-plover")
    compose(study, "r", scheme.name, unit="sentence")
    admin = connect(label_studio.url, label_studio.api_key)
    pushed = exchange.push_round(study, "r", client=admin)
    assert pushed["created"] == 49
    anna = connect(label_studio.url, sign_up(label_studio, "sentences@example.org", "a password for sentences"))
    wanted = {
        TITLE: "🛬 fail",
        SENTENCES[1]: "left early",  # after an emoji of three code points
        SENTENCES[2]: "“Café Ada”",
        SENTENCES[3]: "إنها لن تستقيل",
        SENTENCES[4]: "الوفد",
    }
    for task in anna.tasks(pushed["project"]):
        shown = task["data"]["text"]
        if task["meta"]["article_id"] == "a1" and (words := wanted.get(shown)):
            at = shown.index(words)
            place = {"start": at, "end": at + len(words), "text": words}
            mention = {"id": "m", "layer": "participant", "label": "participant", **place, "attributes": {}}
            answer = recorded.Answer("", scheme.name, "", {"main_event": ["REJECT"]}, mentions=(mention,))
            anna.submit(task["id"], recorded.result(answer, controls(scheme), shown))
    assert exchange.pull_round(study, "r", client=admin)["annotations"] == 5
    assert stages.build(study)[1] == []
    found = study.read("vote_mentions").to_pylist()
    assert [row["text"] for row in sorted(found, key=lambda row: row["start"])] == list(wanted.values())
    for row in found:
        unit_start, unit_end = map(int, row["unit_id"].rpartition("/")[2].split("-"))
        assert unit_start <= row["start"] < row["end"] <= unit_end
        assert TEXT[row["start"] : row["end"]] == row["text"]
