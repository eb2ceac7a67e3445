"""Tables of predictions, checked and turned into what the page takes, and back. Texts written for the test."""

import json
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire import tables
from goldwire.demo import recorded
from goldwire.errors import GoldwireError
from goldwire.labels.fold import results
from goldwire.labels.fold.links import Mention, Relation
from goldwire.labels.fold.results import Answer
from goldwire.labels.interface import AUTHOR, controls
from goldwire.labels.predictions.results import write
from goldwire.labels.predictions.tables import Guess, Table, read_guesses
from goldwire.scheme import Scheme, load, shipped

SCHEMES = {name: load(name) for name in shipped()}
TEXT = "Torr shelled Lunde 🛬 and قالت the cafe\u0301 & <b>burned</b>.\r\nThe army fled."
START = 7


def task(unit: str, text: str, start: int = 0) -> dict[str, Any]:
    return {"data": {"unit_id": unit, "text": text}, "meta": {"unit_id": unit, "start": start}}


def rows(name: str, *values: dict[str, Any]) -> Table:
    return Table(f"{name}.csv", pa.Table.from_pylist(list(values)))


@st.composite
def answers(draw: st.DrawFn) -> tuple[Scheme, Answer]:
    """Any answer that the page of a shipped scheme can send."""
    scheme = SCHEMES[draw(st.sampled_from(sorted(SCHEMES)))]
    names = controls(scheme)
    words = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1).map(str.strip).filter(bool)

    def given_to(name: str) -> list[str]:
        control = names[name]
        if control.type == "textarea":
            return [draw(words)]
        one = control.question is not None and control.question.type in ("single", "ordinal")
        size = 1 if one else len(control.labels)
        chosen = draw(st.sets(st.sampled_from(control.labels), min_size=1, max_size=size))
        return [label for label in control.labels if label in chosen]

    asked = {q.name: given_to(q.name) if draw(st.booleans()) else [] for q in scheme.questions}
    mentions = []
    for layer in scheme.mentions:
        for number in range(draw(st.integers(0, 3))):
            begin, end = sorted(draw(st.sets(st.integers(0, len(TEXT)), min_size=2, max_size=2)))
            label = draw(st.sampled_from([label.name for label in layer.labels]))
            mention = Mention(
                f"{layer.name}-{number}", layer.name, label, begin + START, end + START, TEXT[begin:end]
            )
            entity, attributes = None, {}
            for name, control in names.items():
                if control.kind == "attribute" and label in control.spans and draw(st.booleans()):
                    if control.name == "entity":
                        entity = given_to(name)[0]
                    else:
                        attributes[control.name] = given_to(name)
            mention.entity, mention.attributes = entity, attributes
            mentions.append(mention)
    mentions.sort(key=lambda mention: (mention.start, mention.end, mention.id))
    drawn = set()
    for relation in scheme.relations:
        froms = [m.id for m in mentions if m.label in relation.from_] + [AUTHOR] * (AUTHOR in relation.from_)
        tos = [m.id for m in mentions if m.label in relation.to]
        if froms and tos and draw(st.booleans()):
            drawn.add(Relation(draw(st.sampled_from(froms)), draw(st.sampled_from(tos)), relation.name))
    return scheme, Answer(asked, mentions, sorted(drawn), draw(st.none() | words))


@given(answers())
@settings(max_examples=300, deadline=None)
def test_what_is_written_for_the_page_is_read_as_the_same_answer(case: tuple[Scheme, Answer]) -> None:
    scheme, answer = case
    names = controls(scheme)
    result = json.loads(json.dumps(write(answer, names, TEXT, START)))
    assert results.read(result, scheme, names, TEXT, START) == answer


def as_tables(scheme: Scheme, unit: str, answer: Answer) -> list[list[Table]]:
    """What goldwire's own tables of predictions say of an answer."""
    common = {"scheme": scheme.name, "scheme_hash": scheme.hash, "unit_id": unit, "model": "m"}
    types = {question.name: question.type for question in scheme.questions}
    predictions = [
        {**common, "question": name} | ({"value": "\n".join(said)} if types[name] == "text" else {"labels": said})
        for name, said in answer.questions.items()
    ]
    mentions = [
        {
            **common,
            "question": m.layer,
            "mention_id": m.id,
            "start": m.start,
            "end": m.end,
            "text": m.text,
            "label": m.label,
            "entity": m.entity,
            "attributes": json.dumps(m.attributes),
        }
        for m in answer.mentions
    ]
    relations = [
        {**common, "question": "relation", "from": r.from_, "to": r.to, "label": r.label, "attributes": "{}"}
        for r in answer.relations
    ]
    named = {"predictions": predictions, "predicted_mentions": mentions, "predicted_relations": relations}
    return [[Table(name, tables.build(name, found))] for name, found in named.items()]


@given(answers())
@settings(max_examples=200, deadline=None)
def test_rows_of_our_tables_come_back_as_they_were(case: tuple[Scheme, Answer]) -> None:
    scheme, answer = case
    answer.comment = None  # a model has no place for one
    said = bool(any(answer.questions.values()) or answer.mentions)
    guesses, left_out = read_guesses(scheme, [task("u", TEXT, START)], *as_tables(scheme, "u", answer))
    assert (len(guesses), left_out) == (said, int(not said))
    for guess in guesses:
        assert (guess.unit_id, guess.model, guess.score) == ("u", "m", None)
        assert results.read(guess.result, scheme, controls(scheme), TEXT, START) == answer


def test_what_is_written_of_the_recorded_answers_is_what_the_demonstration_submits() -> None:
    seen = 0
    for said in recorded.load():
        scheme = SCHEMES[said.scheme]
        names = controls(scheme)
        characters = ["."] * max((m["end"] for m in said.mentions), default=0)
        for mention in said.mentions:  # the text as far as the mentions tell it
            characters[mention["start"] : mention["end"]] = mention["text"]
        text = "".join(characters)
        result = recorded.result(said, names, text)
        answer = results.read(result, scheme, names, text)
        again = write(answer, names, text)
        assert sorted(map(json.dumps, map(canonical, again))) == sorted(map(json.dumps, map(canonical, result)))
        seen += bool(said.mentions)
    assert seen == 557


def canonical(item: dict[str, Any]) -> dict[str, Any]:
    """An item with its labels in order, since an annotator's order says nothing."""
    value = {k: sorted(v) if isinstance(v, list) else v for k, v in item.get("value", {}).items()}
    return dict(sorted({**item, "value": value}.items()))


STANCE = SCHEMES["stance-target"]
TASKS = [task("u1", "Torr blamed the army."), task("u2", "Nobody came.", 10)]
PLAIN = [
    ("unit_id", "question", "label"),
    ("task", "question", "labels"),
    ("id", None, "label"),
    ("unit", None, "stance"),
]


@pytest.mark.parametrize(("unit", "question", "label"), PLAIN)
def test_a_plain_table_says_the_same_in_several_forms(unit: str, question: str | None, label: str) -> None:
    row = {unit: "u1", label: "favor", "score": "0.75", **({question: "stance"} if question else {})}
    found, left_out = read_guesses(STANCE, TASKS, [rows("p", row)], model="gpt")
    item = {
        "id": "q-stance",
        "from_name": "stance",
        "to_name": "text",
        "type": "choices",
        "value": {"choices": ["favor"]},
    }
    assert (found, left_out) == ([Guess("u1", "gpt", [item], 0.75)], 0)


@pytest.mark.parametrize(
    "scores",
    [
        [{"label": "favor", "share": 0.6}, {"label": "against", "share": 0.4}],
        '{"favor": 0.6, "against": 0.4}',
        '[{"label": "favor", "share": 0.6}]',
    ],
)
def test_the_score_is_the_probability_of_the_label_and_the_least_of_several(scores: Any) -> None:
    row = {"unit_id": "u1", "label": "favor", "scores": scores, "model": "m"}
    span = {"unit_id": "u1", "start": 12, "end": 20, "text": "the army", "label": "evidence", "model": "m"}
    [guess], _ = read_guesses(STANCE, TASKS, [rows("p", row)], [rows("m", {**span, "score": 0.5})])
    assert guess.score == 0.5
    [guess], _ = read_guesses(STANCE, TASKS, [rows("p", row)], [rows("m", span)])
    assert guess.score == 0.6


def test_several_models_and_labels_of_a_tree_and_of_many_files_become_one_prediction_for_each_model() -> None:
    plover = SCHEMES["event-plover"]
    first = rows(
        "a", *({"unit_id": "u1", "main_event": name, "model": m} for m, name in (("y", "AGREE"), ("x", "COOPERATE")))
    )
    second = rows(
        "b",
        {
            "unit_id": "u1",
            "question": "contexts",
            "labels": '["politics/diplomatic", "politics/territory"]',
            "model": "x",
        },
    )
    found, _ = read_guesses(plover, TASKS, [first, second])
    said = {guess.model: {item["from_name"]: item["value"] for item in guess.result} for guess in found}
    assert said == {
        "x": {
            "main_event": {"choices": ["COOPERATE"]},
            "contexts": {"taxonomy": [["politics", "diplomatic"], ["politics", "territory"]]},
        },
        "y": {"main_event": {"choices": ["AGREE"]}},
    }


def test_the_order_of_rows_changes_nothing() -> None:
    spans = [
        {"unit_id": "u1", "start": a, "end": b, "text": "Torr blamed the army."[a:b], "label": "evidence"}
        for a, b in pairwise([0, 4, 11, 20])
    ]
    once = read_guesses(STANCE, TASKS, [], [rows("m", *spans)], model="m")
    assert once == read_guesses(STANCE, TASKS, [], [rows("m", *reversed(spans))], model="m")


GOOD = {"unit_id": "u2", "start": 10, "end": 16, "text": "Nobody", "label": "evidence", "attributes": "{}"}


@pytest.mark.parametrize(
    ("kind", "row", "message"),
    [
        ("p", {"unit_id": "u9", "label": "favor"}, "p.csv: row 1, unit_id: unit u9 is not in the round"),
        ("p", {"unit_id": None, "label": "favor"}, "p.csv: row 1, unit_id: is empty"),
        (
            "p",
            {"unit_id": "u1", "label": "pro"},
            'p.csv: row 1, label: "pro" is no label of stance (it has favor, against, none, unsure)',
        ),
        (
            "p",
            {"unit_id": "u1", "label": '["favor", "against"]'},
            "p.csv: row 1, label: stance takes one label, and has favor, against",
        ),
        (
            "p",
            {"unit_id": "u1", "label": "favor", "question": "mood"},
            'p.csv: row 1, question: the scheme has no question "mood" (it has stance)',
        ),
        (
            "p",
            {"unit_id": "u1", "label": "favor", "score": 1.5},
            "p.csv: row 1, score: 1.5 is no probability (0 to 1)",
        ),
        (
            "p",
            {"unit_id": "u1", "label": "favor", "score": float("nan")},
            "p.csv: row 1, score: nan is no probability (0 to 1)",
        ),
        ("p", {"unit_id": "u1", "label": "favor", "scores": "{"}, "p.csv: row 1, scores: is not JSON"),
        ("m", {**GOOD, "text": "Nobod"}, "m.csv: row 1, text: 'Nobod' is not there; 10 to 16 is 'Nobody'"),
        ("m", {**GOOD, "text": None}, "m.csv: row 1, text: is empty"),
        ("m", {**GOOD, "start": 9}, "m.csv: row 1, start: 9 to 16 is not in the unit, 10 to 22"),
        ("m", {**GOOD, "start": 16}, "m.csv: row 1, start: 16 to 16 is not in the unit, 10 to 22"),
        ("m", {**GOOD, "start": "x"}, "m.csv: row 1, start: x is no whole number"),
        ("m", {**GOOD, "label": "trigger"}, 'm.csv: row 1, label: "trigger" is no label of spans in the scheme'),
        ("m", {**GOOD, "entity": "X"}, 'm.csv: row 1, entity: the scheme does not ask the entity of "evidence"'),
        (
            "m",
            {**GOOD, "attributes": '{"mode": ["visit"]}'},
            'm.csv: row 1, attributes: the scheme does not ask "mode" of "evidence"',
        ),
        ("m", {**GOOD, "attributes": "[1]"}, "m.csv: row 1, attributes: is not a JSON object of lists"),
        (
            "r",
            {"unit_id": "u1", "from": "a", "to": "b", "label": "POS"},
            'r.csv: row 1, label: "POS" is no relation of the scheme',
        ),
    ],
)
def test_a_mistake_is_named_with_file_row_and_column(kind: str, row: dict[str, Any], message: str) -> None:
    given_tables: list[list[Table]] = [[rows(name, row)] if name == kind else [] for name in ("p", "m", "r")]
    with pytest.raises(GoldwireError) as caught:
        read_guesses(STANCE, TASKS, *given_tables, model="m")
    assert caught.value.message.split("\n") == ["1 prediction does not fit round and scheme:", message]


def test_relations_lead_from_and_to_what_the_scheme_says() -> None:
    actors = SCHEMES["stance-actors"]
    mention = {"unit_id": "u1", "mention_id": "1/a", "start": 0, "end": 4, "text": "Torr", "label": "actor"}
    link = {"unit_id": "u1", "from": "author", "to": "1/a", "label": "VIA"}
    with pytest.raises(GoldwireError) as caught:
        read_guesses(actors, TASKS, [], [rows("m", mention)], [rows("r", link, {**link, "to": "2"})], model="m")
    assert caught.value.message.split("\n")[1:] == [
        "r.csv: row 1, from: VIA leads from actor, not author",
        "r.csv: row 2, from: VIA leads from actor, not author",
    ]
    [guess], _ = read_guesses(
        actors, TASKS, [], [rows("m", mention)], [rows("r", {**link, "label": "POS"})], model="m"
    )
    back = results.read(guess.result, actors, controls(actors), "Torr blamed the army.")
    assert [(relation.from_, relation.label) for relation in back.relations] == [("author", "POS")]


def test_the_first_twenty_mistakes_are_shown_and_all_are_counted() -> None:
    bad = [{"unit_id": "u1", "label": f"l{i}"} for i in range(25)]
    with pytest.raises(GoldwireError) as caught:
        read_guesses(STANCE, TASKS, [rows("p", *bad)], model="m")
    lines = caught.value.message.split("\n")
    assert (lines[0], len(lines), lines[-1]) == ("25 predictions do not fit round and scheme:", 22, "and 5 more")


def test_a_second_answer_of_a_model_to_a_question_is_a_mistake() -> None:
    row = {"unit_id": "u1", "label": "favor"}
    with pytest.raises(
        GoldwireError, match="row 2, label: stance of this unit is answered in an earlier row already"
    ):
        read_guesses(STANCE, TASKS, [rows("p", row, row)], model="m")


def test_rows_of_another_scheme_and_units_outside_when_asked_are_left_out_and_counted() -> None:
    row = {"unit_id": "u1", "label": "favor", "scheme": "stance-target"}
    others = [{**row, "scheme": "event-plover"}, {**row, "unit_id": "u9"}, {**row, "unit_id": "u2", "label": None}]
    found, left_out = read_guesses(STANCE, TASKS, [rows("p", row, *others)], model="m", extra="ignore")
    assert ([guess.unit_id for guess in found], left_out) == (["u1"], 3)
    with pytest.raises(GoldwireError, match="not one prediction is about a unit of the round"):
        read_guesses(STANCE, TASKS, [rows("p", others[1])], model="m", extra="ignore")


@pytest.mark.parametrize(
    ("scheme", "row", "message"),
    [
        (
            "stance-target",
            {"x": "u1", "label": "favor"},
            "p.csv: no column says which unit a row is about (it has x, label)",
        ),
        ("stance-target", {"unit_id": "u1", "label": "favor"}, "p.csv: no column says which model predicted"),
        (
            "stance-target",
            {"unit_id": "u1", "mood": "favor", "model": "m"},
            "p.csv: no column has labels, and none is a question of scheme stance-target (stance)",
        ),
        (
            "event-plover",
            {"unit_id": "u1", "label": "AGREE", "model": "m"},
            "p.csv: no column says which question is answered, and scheme event-plover has main_event, contexts",
        ),
    ],
)
def test_a_table_that_lacks_a_column_is_refused(scheme: str, row: dict[str, Any], message: str) -> None:
    with pytest.raises(GoldwireError) as caught:
        read_guesses(SCHEMES[scheme], TASKS, [rows("p", row)])
    assert str(caught.value) == message
