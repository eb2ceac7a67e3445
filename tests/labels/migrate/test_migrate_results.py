"""Answers as the server has them: there and back, the same as in the tables, and item by item."""

from collections import Counter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.labels.migrate.recast import recast
from goldwire.labels.migrate.server_results import Mapper
from goldwire.scheme import Scheme
from little import choice, link, task
from migrating import FULL, OLD, RENAMED, annotation, cast, folded, moved, newer, parse, renamed

Json = dict[str, Any]


@pytest.fixture(scope="module")
def old() -> Scheme:
    return parse(OLD, "little.yaml")


ITEMS = st.sampled_from(FULL[1:6])
EVENTS = st.sampled_from(["MEET", "FIGHT", "OTHER", "NONE"])


@st.composite
def states(draw: st.DrawFn) -> list[Json]:
    """Annotations of every kind: with some of the items, with spans or without, skipped and deleted ones."""
    state = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        given_ = []
        for who in range(draw(st.integers(1, 3))):
            result = [
                choice("event", draw(EVENTS)),
                *draw(st.lists(ITEMS, unique_by=lambda item: str(item["from_name"]))),
            ]
            result += FULL[6:] if draw(st.booleans()) else []
            more = draw(st.sampled_from([{}, {}, {"was_cancelled": True}, {"deleted": True}]))
            given_.append(annotation(number * 10 + who, f"ann{who}", *result, **more))
        state.append(task(number, f"a{number}", *given_))
    return state


@settings(deadline=None, max_examples=40)
@given(states())
def test_there_and_back_is_the_identity(state: list[Json]) -> None:
    old, new, back = parse(OLD, "l"), parse(renamed("2.0.0"), "l"), parse(newer(version="3.0.0"), "l")
    there = cast(moved(old, new, labels=RENAMED), *state)
    reverse = {name: {to: label for label, to in labels.items()} for name, labels in RENAMED.items()}
    made = recast(there.votes, there.mentions, there.relations, moved(new, back, labels=reverse))
    before = folded(old, *state)
    for was, now in zip((before.votes, before.mentions, before.relations), made[:3], strict=True):
        assert now.to_pylist() == [{**row, "scheme_hash": back.hash} for row in was.to_pylist()]


@settings(deadline=None, max_examples=40)
@given(states())
def test_rewriting_on_the_server_gives_the_same_tables_as_recasting(state: list[Json]) -> None:
    old = parse(OLD, "l")
    new = parse(renamed("2.0.0").replace("{name: w, definition: x}", "{name: v, definition: x}"), "l")
    labels = {**RENAMED, "flags": {"x": "z", "z": "v", "w": "v"}, "themes": {"law": None}}
    migration = moved(old, new, labels=labels)
    mapper = Mapper(migration)
    rewritten = [
        {**one, "annotations": [{**a, "result": mapper.of(a["result"]).result} for a in one["annotations"]]}
        for one in state
    ]
    there, here = folded(new, *rewritten), cast(migration, *state)
    for was, now in zip((there.votes, there.mentions, there.relations), here[:3], strict=True):
        assert now.to_pylist() == was.to_pylist()


@settings(deadline=None, max_examples=40)
@given(states())
def test_votes_are_conserved_but_for_retired_labels(state: list[Json]) -> None:
    old = parse(OLD, "l")
    new = parse(newer(("      - {name: OTHER, definition: anything else}\n", "")), "l")
    before = folded(old, *state)
    made = cast(moved(old, new, labels={"event": {"OTHER": None}, "flags": {"x": "z"}}), *state)
    assert made.votes.num_rows == before.votes.num_rows

    def numbers(votes: pa.Table, question: str) -> Counter[str]:
        rows = votes.filter(pc.equal(votes["question"], question))
        return Counter(label for labels in rows["labels"].to_pylist() for label in labels)

    assert numbers(made.votes, "event") == numbers(before.votes, "event") - Counter({"OTHER": 1000})
    assert made.mentions.num_rows == before.mentions.num_rows


def test_items_that_do_not_change_stay_the_same_objects(old: Scheme) -> None:
    new = parse(newer(("name: MEET,", "name: CONSULT,")), "l")
    unknown = {"id": "r", "from_name": "stars", "to_name": "text", "type": "rating", "value": {"rating": 3}}
    extra = {**FULL[0], "origin": "manual", "score": 0.5, "meta": {"text": ["n"]}}
    result = [unknown, extra, *FULL[1:], link("m1", "gone", "by"), link("m1", "m2")]
    mapped = Mapper(moved(old, new, labels={"event": {"MEET": "CONSULT"}})).of(result)
    assert mapped.result[1] == {**extra, "value": {"choices": ["CONSULT"]}}
    assert all(one is other for one, other in zip(mapped.result[2:], result[2:], strict=True))
    assert mapped.result[0] is unknown
    assert (mapped.again, mapped.undecided) == ([], [])


def test_a_link_without_a_label_gets_the_one_that_it_had_when_there_would_be_two(old: Scheme) -> None:
    new = parse(
        newer(
            (
                "name: against, definition: x, from: [FIGHTING]",
                "name: against, definition: x, from: [FIGHTING, MEETING]",
            )
        ),
        "l",
    )
    mapped = Mapper(moved(old, new)).of([FULL[6], FULL[9], link("m1", "m2")])
    assert mapped.result[-1] == link("m1", "m2", "by")
