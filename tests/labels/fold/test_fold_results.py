"""What an annotation says, item by item: what the page can send, what it cannot, and what is only remarked."""

from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.errors import GoldwireError
from goldwire.labels.fold import Problem, typed
from goldwire.labels.fold.results import Answer, Reader
from goldwire.labels.interface import controls
from goldwire.scheme import Scheme
from little import LITTLE, TEXT, Json, annotation, choice, folded, link, picked, refused, span, task, text


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return LITTLE


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        (10, 99, "span s1, 10 to 99, does not lie in the text, which has 39 characters"),
        (-1, 13, "span s1, -1 to 13, does not lie in the text, which has 39 characters"),
        (10, 10, "span s1, 10 to 10, does not lie in the text, which has 39 characters"),
        (None, 13, "span s1, None to 13, does not lie in the text, which has 39 characters"),
        (11, 14, "span s1, 11 to 14, was marked on 'Bob', and the text there is 'ob\\n'"),
        (11, 13, "span s1, 11 to 13, was marked on 'Bob', and the text there is 'ob'"),
    ],
)
def test_a_span_that_is_not_its_words_is_refused_by_name(scheme: Scheme, start: int, end: int, message: str) -> None:
    item = span("s1", "who", "actor", "Bob", start=start, end=end)
    assert refused(scheme, item) == f"round r, task 5, annotation 9: {message}"


@pytest.mark.parametrize(
    ("item", "message"),
    [
        (span("s1", "who", "witch", "Bob"), '"witch" is no label of who at span s1'),
        (choice("event", "MEET", "FIGHT"), "event takes one label, and has MEET, FIGHT"),
        (choice("heat", "1", "2"), "heat takes one label, and has 1, 2"),
        (choice("event", "DANCE"), '"DANCE" is no label of event'),
        (choice("flags", "x", "y"), '"y" is no label of flags'),
    ],
)
def test_an_answer_that_the_page_cannot_send_is_refused_by_name(scheme: Scheme, item: Json, message: str) -> None:
    assert refused(scheme, item) == f"round r, task 5, annotation 9: {message}"


def test_more_that_the_page_cannot_send(scheme: Scheme) -> None:
    place = "round r, task 5, annotation 9: "
    bob, ada = span("s1", "who", "actor", "Bob"), span("s2", "who", "actor", "Ada")
    both = deepcopy(bob)
    both["value"]["labels"] = ["actor", "place"]
    assert refused(scheme, both) == place + "span s1 has several labels of who: actor, place"
    assert refused(scheme, bob, bob) == place + "there are two spans s1 of who"
    assert refused(scheme, bob, ada, link("s1", "s2", "likes")) == place + '"likes" is no relation of the scheme'
    met = span("s3", "trigger", "MEETING", "met")
    twice = [choice("mode_MEETING", "visit", "call", region="s3")]
    assert refused(scheme, met, *twice) == place + "mode takes one label, and has visit, call"
    assert refused(scheme, choice("event", "MEET"), choice("event", "FIGHT")) == (
        place + "event takes one label, and has MEET, FIGHT"
    )


@pytest.mark.parametrize("more", [{"deleted": True}, {"was_cancelled": True}])
def test_a_faulty_annotation_that_was_deleted_or_skipped_stops_nothing(scheme: Scheme, more: Json) -> None:
    wrong = [choice("event", "DANCE"), span("s1", "who", "actor", "Bob", end=99), span("s2", "who", "actor", "Ada")]
    made = folded(scheme, task(5, "a", annotation(9, "ann", *wrong, **more)))
    assert picked(made.votes, "labels")[0] == ([],)
    assert picked(made.mentions, "text", "counts") == ([("Ada", False)] if "deleted" in more else [])
    assert made.problems == []


@pytest.mark.parametrize(
    "said", ["met Bob\\n\\nin Rome", "met\tBob\n\nin Rome", "met Bob\\nin  Rome ", "met\u00a0Bob in Rome"]
)
def test_a_browser_may_write_line_ends_and_blanks_in_its_way(scheme: Scheme, said: str) -> None:
    item = span("s", "trigger", "MEETING", "met\tBob\n\nin Rome", text=said)
    made = folded(scheme, task(5, "a", annotation(9, "ann", choice("event", "MEET"), item)))
    assert picked(made.mentions, "text", "start", "end") == [("met\tBob\n\nin Rome", 6, 22)]


@settings(deadline=None)
@given(st.data())
def test_any_span_comes_back_as_its_words(data: st.DataObject) -> None:
    scheme = LITTLE
    start = data.draw(st.integers(0, len(TEXT) - 1))
    end = data.draw(st.integers(start + 1, len(TEXT)))
    item = span("s", "who", "actor", "", start=start, end=end, text=TEXT[start:end])
    made = folded(scheme, task(5, "a", annotation(9, "ann", choice("event", "MEET"), item)))
    assert picked(made.mentions, "start", "end", "text") == [(start, end, TEXT[start:end])]


ENDS = [
    choice("event", "MEET"),
    span("m", "trigger", "MEETING", "met"),
    span("f", "trigger", "FIGHTING", "fought"),
    span("a", "who", "actor", "Ada"),
    span("b", "who", "actor", "Bob"),
    span("p", "who", "place", "Rome"),
]


@pytest.mark.parametrize(
    ("drawn", "links", "remark"),
    [
        (link("m", "a", "by"), [("m", "a", "by")], None),
        (link("a", "m", "by", direction="left"), [("m", "a", "by")], None),
        (link("a", "m", "by"), [("m", "a", "by")], None),
        (link("m", "a", "by", direction="bi"), [("m", "a", "by")], None),
        (link("b", "a", "knows", direction="bi"), [("a", "b", "knows"), ("b", "a", "knows")], None),
        (link("b", "a", "knows"), [("b", "a", "knows")], None),
        (link("b", "a", "knows", direction="left"), [("a", "b", "knows")], None),
        (link("f", "a", "against", "by"), [("f", "a", "against"), ("f", "a", "by")], None),
        (link("m", "p"), [("m", "p", "at")], None),
        (link("p", "m"), [("m", "p", "at")], None),
        (link("f", "a"), [], "a relation from f (FIGHTING) to a (actor) has no label (possible: against, by)"),
        (link("m", "f"), [], "a relation from m (MEETING) to f (FIGHTING) has no label (possible: none)"),
        (link("m", "a", "at"), [], 'the scheme allows no relation "at" from m (MEETING) to a (actor)'),
        (link("m", "gone", "by"), [], "a relation leads to gone, which is no marked span"),
    ],
)
def test_relations_by_direction_and_label(
    scheme: Scheme, drawn: Json, links: list[tuple[str, str, str]], remark: str | None
) -> None:
    made = folded(scheme, task(5, "a", annotation(9, "ann", drawn, *ENDS)))
    assert picked(made.relations, "relation_id", "from", "to", "label") == [
        (f"9/{a}-{b}/{label}", f"9/{a}", f"9/{b}", label) for a, b, label in links
    ]
    assert [str(problem) for problem in made.problems] == (
        [f"round r, task 5, annotation 9: {remark}"] if remark else []
    )


def test_the_author_has_no_span_and_is_asked_at_the_target(scheme: Scheme) -> None:
    asked = [choice("author", "knows", region="a"), choice("author", "knows", region="p")]
    made = folded(scheme, task(5, "a", annotation(9, "ann", *asked, *ENDS)))
    assert picked(made.relations, "relation_id", "from", "to", "label") == [
        ("9/author-a/knows", "author", "9/a", "knows")
    ]
    assert made.problems == [Problem("r", 5, "9", '"author" was answered at span p (place), where it is not asked')]


def test_a_span_in_two_layers_is_two_mentions_with_a_remark(scheme: Scheme) -> None:
    items = [
        choice("event", "MEET"),
        span("s", "who", "actor", "met"),
        span("s", "trigger", "MEETING", "met"),
        choice("mode_MEETING", "call", region="s"),
        text("entity_actor", "X", region="s"),
        span("b", "who", "actor", "Bob"),
        link("s", "b", "by"),
    ]
    made = folded(scheme, task(5, "a", annotation(9, "ann", *items)))
    assert picked(made.mentions, "mention_id", "label", "entity", "attributes") == [
        ("9/s", "MEETING", None, '{"mode": ["call"]}'),
        ("9/s/who", "actor", "X", "{}"),
        ("9/b", "actor", None, "{}"),
    ]
    assert picked(made.relations, "from", "to") == [("9/s", "9/b")]
    assert made.problems == [
        Problem("r", 5, "9", "span s is marked as MEETING and as actor: taken as two mentions"),
    ]


ODD: list[Json] = [
    {"id": "x", "from_name": "stars", "to_name": "text", "type": "rating", "value": {"rating": 4}},
    {"id": "x", "from_name": "count", "to_name": "text", "type": "number", "value": {"number": 3.5}},
    {"id": "x", "from_name": "day", "to_name": "text", "type": "datetime", "value": {"datetime": "2026-01-01"}},
    {"id": "x", "from_name": "best", "to_name": "text", "type": "pairwise", "value": {"selected": "left"}},
    {"id": "x", "from_name": "table", "to_name": "text", "type": "cells", "value": [[1, 2], [3]]},
    {"id": 7, "from_name": "event", "to_name": "text", "type": "choices", "value": {"choices": None}},
    {"id": "x", "from_name": "event", "to_name": "text", "type": "choices", "value": {"choices": [{"a": 1}]}},
    {"id": "x", "from_name": "themes", "to_name": "text", "type": "taxonomy", "value": {"taxonomy": [[["law"]]]}},
    {"id": "x", "from_name": ["why"], "to_name": "text", "type": "textarea", "value": {"text": 5}},
    {"id": "x", "from_name": "who", "to_name": "text", "type": "labels", "value": {"start": 0, "labels": 3}},
    {"from_id": None, "to_id": 3, "type": "relation", "direction": "round", "labels": "by"},
]


@pytest.mark.parametrize("odd", ODD)
def test_what_no_scheme_asks_is_reported_with_its_type_and_stops_nothing(scheme: Scheme, odd: Json) -> None:
    sound = [choice("event", "MEET"), span("s", "who", "actor", "Ada")]
    made = folded(scheme, task(5, "a", annotation(9, "ann", odd, *sound)))
    (problem,) = made.problems
    assert (problem.task, problem.annotation) == (5, "9")
    assert odd["type"] in problem.message
    assert picked(made.votes, "labels")[0] == (["MEET"],)
    assert picked(made.mentions, "text") == [("Ada",)]


def test_an_item_that_is_no_object_is_reported(scheme: Scheme) -> None:
    made = folded(scheme, task(5, "a", annotation(9, "ann", "what", choice("event", "MEET"))))  # type: ignore[arg-type]
    assert [str(problem) for problem in made.problems] == [
        'round r, task 5, annotation 9: the scheme asks nothing by the name "None" (str)'
    ]


def any_item() -> st.SearchStrategy[Json]:
    """Items of every control of the scheme, right and wrong, at few regions, so that they meet."""
    region = st.sampled_from(["r1", "r2", "r3"])
    place = st.integers(-1, len(TEXT) + 1)
    labels = st.lists(st.sampled_from(["MEETING", "FIGHTING", "actor", "place", "none"]), max_size=2)

    def marked(at: str, layer: str, given: list[str], begin: int, length: int, said: str | None) -> Json:
        end = begin + length
        words = TEXT[max(begin, 0) : max(end, 0)] if said is None else said
        value = {"start": begin, "end": end, "text": words, "labels": given}
        return {"id": at, "from_name": layer, "to_name": "text", "type": "labels", "value": value}

    names = st.sampled_from(["event", "flags", "heat", "flag", "mode_MEETING", "author", "other"])
    answers = st.lists(st.sampled_from(["MEET", "FIGHT", "x", "z", "1", "past", "visit", "knows", "?"]), max_size=3)
    texts = st.sampled_from(["why", "comment", "note", "entity_actor"])
    said = st.one_of(st.none(), st.none(), st.none(), st.just("Bob"))
    layer = st.sampled_from(["trigger", "who"])
    usual = st.sampled_from([("event", "MEET"), ("event", "FIGHT"), ("flags", "x"), ("flags", "z"), ("heat", "1")])
    plain = st.sampled_from([("trigger", "MEETING"), ("who", "actor"), ("who", "place")])
    return st.one_of(
        st.builds(lambda asked: choice(*asked), usual),
        st.builds(lambda at, asked, begin: marked(at, asked[0], [asked[1]], begin, 3, None), region, plain, place),
        st.builds(marked, region, layer, labels, place, st.integers(0, 6), said),
        st.builds(lambda name, given, at: choice(name, *given, region=at), names, answers, region),
        st.builds(lambda name, at: text(name, " a ", "b", region=at), texts, region),
        st.builds(link, region, region, st.sampled_from(["by", "at", "likes"])),
    )


@settings(deadline=None, max_examples=400)
@given(st.lists(any_item(), max_size=6), st.booleans(), st.sampled_from([0, 7]))
def test_the_short_way_of_usual_items_says_what_the_long_one_says(result: list[Json], strict: bool, at: int) -> None:
    short, long = Reader(LITTLE, controls(LITTLE)), Reader(LITTLE, controls(LITTLE))
    long._short = {}

    def said(reader: Reader) -> Answer | str:
        try:
            return reader.read(typed.items(result), TEXT, at, strict=strict)
        except GoldwireError as error:
            return str(error)

    one, other = said(short), said(long)
    if isinstance(one, Answer) and isinstance(other, Answer):
        one.remarks.sort()
        other.remarks.sort()
    assert one == other
