"""Every decision names the annotations that it rests on, as many as it had votes, and the ruling if there is one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire import tables
from goldwire.labels.dataset.provenance import Provenance
from goldwire.labels.gold.merge import gold as decide
from goldwire.scheme import parse
from goldwire.study import Params
from small_dataset import build, study

SCHEME = parse(
    """
name: events-traced
version: 1.0.0
title: Events
description: What happened.
unit: document
questions:
  - name: main
    text: Which one
    labels:
      - {name: MEET, definition: They meet.}
      - {name: HIT, definition: They fight.}
      - {name: vague, definition: One of both.}
      - {name: unsure, definition: Cannot be told., role: unsure}
  - name: topics
    text: What about
    type: multiple
    required: false
    labels: [{name: war, definition: War.}, {name: trade, definition: Trade.}]
  - {name: why, text: Say why, type: text, required: false}
mentions:
  - name: trigger
    text: Mark events
    kind: event
    labels: [{name: MEET, definition: They meet.}, {name: HIT, definition: They fight.}]
relations:
  - {name: before, definition: Order., from: [MEET], to: [HIT]}
""",
    "events-traced.yaml",
)
KEY = {"scheme": SCHEME.name, "scheme_hash": SCHEME.hash}
WHO = {"1": "ann", "2": "bob", "3": "cid", "9": "judge"}


def vote(unit: str, number: str, question: str | None, labels: list[str] | None, **more: Any) -> dict[str, Any]:
    said = {"round": "first", "status": "submitted", "purpose": "vote", "counts": True, "annotator": WHO[number[-1]]}
    return {**KEY, "unit_id": unit, "question": question, "labels": labels, "annotation_id": number, **said, **more}


def votes() -> Iterator[dict[str, Any]]:
    # u1: three say the same, topics by one, the text by two; a retest and an earlier answer do not count
    for number in ("11", "12", "13"):
        yield vote("u1", number, "main", ["MEET"], round="second" if number == "12" else "first")
    yield vote("u1", "11", "topics", ["war"])
    yield vote("u1", "12", "why", None, value="so", round="second")
    yield vote("u1", "13", "why", None, value="so")
    yield vote("u1", "01", "main", ["HIT"], counts=False)
    yield vote("u1", "41", "main", ["HIT"], counts=False, purpose="retest", round="again")
    # u2: one is unsure, one skips
    yield vote("u2", "21", "main", ["HIT"])
    yield vote("u2", "22", "main", ["unsure"])
    yield vote("u2", "23", None, None, status="skipped", counts=False)
    # u3: a tie, settled by a ruling; an earlier ruling does not stand
    yield vote("u3", "32", "main", ["MEET"])
    yield vote("u3", "31", "main", ["HIT"])
    ruling = {"purpose": "adjudication", "counts": False, "round": "settled"}
    yield vote("u3", "39", "main", ["HIT"], **ruling, updated=2_000_000)
    yield vote("u3", "09", "main", ["MEET"], **ruling, updated=1_000_000)
    # u4: all are unsure, and the adjudicator too
    yield vote("u4", "41", "main", ["unsure"])
    yield vote("u4", "49", "main", ["unsure"], **ruling, updated=1_000_000)


def mention(number: str, id_: str, start: int, label: str) -> dict[str, Any]:
    place = {"start": start, "end": start + 3, "text": "met", "attributes": "{}"}
    row = vote("u1", number, "trigger", None)
    return {
        **{k: v for k, v in row.items() if k != "labels"},
        "mention_id": f"{number}/{id_}",
        "label": label,
        **place,
    }


def relation(number: str) -> dict[str, Any]:
    row = {k: v for k, v in vote("u1", number, "relation", None).items() if k != "labels"}
    ends = {"from": f"{number}/a", "to": f"{number}/b", "label": "before", "attributes": "{}"}
    return {**row, "relation_id": f"{number}/r", **ends}


@pytest.fixture(params=["majority", "dawid-skene"])
def decided(request: pytest.FixtureRequest) -> tuple[Any, Any, str]:
    table = tables.build("votes", votes())
    marks = [
        mention(n, id_, at, label) for n in ("11", "12") for id_, at, label in (("a", 0, "MEET"), ("b", 4, "HIT"))
    ]
    made = decide(
        table,
        tables.build("vote_mentions", marks),
        tables.build("vote_relations", [relation("11"), relation("12")]),
        {SCHEME.name: SCHEME},
        method=request.param,
    )
    return made, Provenance(table, [SCHEME], {}), request.param


def test_the_annotations_behind_each_answer(decided: tuple[Any, Any, str]) -> None:
    made, behind, method = decided
    rows = behind.added(made.gold, method).to_pylist()
    found = {(r["unit_id"], r["question"]): (r["method"], r["annotation_ids"], r["rounds"]) for r in rows}
    three = ["first", "second", "first"]
    assert found == {
        ("u1", "main"): (method, ["11", "12", "13"], three),
        ("u1", "topics"): (method, ["11", "12", "13"], three),  # empty is an answer
        ("u1", "why"): ("majority", ["12", "13"], ["second", "first"]),  # of text always
        ("u2", "main"): (method, ["21"], ["first"]),
        ("u2", "topics"): (method, ["21", "22"], ["first", "first"]),
        ("u3", "main"): (method, ["31", "32", "39"], ["first", "first", "settled"]),
        ("u3", "topics"): (method, ["31", "32"], ["first", "first"]),
        ("u4", "main"): (None, ["49"], ["settled"]),
        ("u4", "topics"): (method, ["41"], ["first"]),
    }
    ruled = {key: int(row["adjudicator"] is not None) for key, row in zip(found, rows, strict=True)}
    assert {key: len(ids) - ruled[key] for key, (_, ids, _) in found.items()} == {
        key: row["n_votes"] for key, row in zip(found, rows, strict=True)
    }


def test_a_mention_rests_on_all_who_could_have_marked_it(decided: tuple[Any, Any, str]) -> None:
    made, behind, method = decided
    for table in (made.gold_mentions, made.gold_relations):
        rows = behind.added(table, method).to_pylist()
        assert rows
        for row in rows:
            assert row["annotation_ids"] == ["11", "12", "13"]
            assert row["rounds"] == ["first", "second", "first"]
            assert row["method"] == method


def test_no_decisions_are_added_to(decided: tuple[Any, Any, str]) -> None:
    made, behind, method = decided
    added = behind.added(made.gold.slice(0, 0), method)
    assert added.num_rows == 0
    assert added.schema.field("annotation_ids").type == added.schema.field("rounds").type == tables.STRINGS


def test_an_answer_recoded_to_unsure_is_an_abstention() -> None:
    table = tables.build("votes", [vote("u1", "11", "main", ["vague"]), vote("u1", "12", "main", ["MEET"])])
    recode = {SCHEME.name: {"main": {"vague": "unsure"}}}
    empty = [tables.build(name, []) for name in ("vote_mentions", "vote_relations")]
    made = decide(table, *empty, {SCHEME.name: SCHEME}, recode).gold
    rows = Provenance(table, [SCHEME], recode).added(made, "majority").to_pylist()
    assert [(row["annotation_ids"], row["n_votes"]) for row in rows if row["question"] == "main"] == [(["12"], 1)]


labels_of = {
    "main": st.sampled_from([None, [], ["MEET"], ["HIT"], ["vague"], ["unsure"]]),
    "topics": st.sampled_from([None, [], ["war"], ["trade"], ["war", "trade"]]),
    "why": st.none(),
}


@settings(max_examples=100, deadline=None)
@given(data=st.data(), recoded=st.booleans())
def test_there_are_as_many_annotations_as_gold_counts_votes(data: st.DataObject, recoded: bool) -> None:
    rows = [
        vote(unit, f"{unit[1]}{who}", name, data.draw(drawn), value=data.draw(st.sampled_from([None, "so"])))
        for unit in ("u1", "u2", "u3")
        for who in data.draw(st.sets(st.sampled_from("123")))
        for name, drawn in labels_of.items()
        if name == "main" or data.draw(st.booleans())
    ]
    recode = {SCHEME.name: {"main": {"vague": "unsure"}}} if recoded else {}
    table = tables.build("votes", data.draw(st.permutations(rows)))
    empty = [tables.build(name, []) for name in ("vote_mentions", "vote_relations")]
    made = decide(table, *empty, {SCHEME.name: SCHEME}, recode).gold
    found = Provenance(table, [SCHEME], recode).added(made, "majority").to_pylist()
    assert [len(row["annotation_ids"]) for row in found] == made["n_votes"].to_pylist()
    for row in found:
        assert row["annotation_ids"] == sorted(set(row["annotation_ids"]))
        assert all(number[0] == row["unit_id"][1] for number in row["annotation_ids"])


def test_spans_of_the_dataset_name_their_annotations(tmp_path: Path) -> None:
    folder = build(tmp_path / "dataset").folder
    for name, method in (("mentions", "majority"), ("relations", None)):  # the relation has no n_votes
        row = pq.read_table(folder / name / "train.parquet").to_pylist()[0]
        assert (row["annotation_ids"], row["rounds"], row["method"]) == (["0", "1"], ["first", "first"], method)


def test_the_method_is_that_of_the_params(tmp_path: Path) -> None:
    rows = [{**row, "posterior": row["distribution"]} for row in study()["gold"].to_pylist() if row["value"] is None]
    params = Params.model_validate({"gold": {"method": "mace"}})
    folder = build(tmp_path / "dataset", gold=tables.build("gold", rows), params=params).folder
    found = pa.concat_tables(pq.read_table(path) for path in (folder / "gold").glob("*.parquet"))
    assert found["method"].unique().to_pylist() == ["mace"]
