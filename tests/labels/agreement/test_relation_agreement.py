import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linking import links, marks, measure, null, value, votes

TWO = votes(("u1", "ann"), ("u1", "bob"))
MARKED = marks(("u1", "ann", "lund osk mill"), ("u1", "bob", "lund_ osk"))


def test_everything_about_a_small_table_by_hand():
    # lund and osk are matched, ann's mill is not. Of ann's links: lund-osk POS is bob's too; author-osk NEG is POS
    # with bob; mill-osk cannot be compared. Of bob's two both can.
    drawn = links(
        ("u1", "ann", "lund", "osk", "POS"),
        ("u1", "ann", "author", "osk", "NEG"),
        ("u1", "ann", "mill", "osk", "NEG"),
        ("u1", "bob", "lund_", "osk", "POS"),
        ("u1", "bob", "author", "osk", "POS"),
    )
    everyone = {"labelled": value(0.5), "not_compared": value(0.2)}
    assert measure(TWO, MARKED, drawn) == {
        "relation": {
            "units": 1,
            "empty_units": 0,
            "annotators": 2,
            "links": 5,
            "pairs_n": 1,
            "labelled": value(0.5),
            "unlabelled": value(1.0),
            "not_compared": value(0.2),
            "per_label": {
                "POS": {"links": 3, "labelled": value(round(2 / 3, 6)), "not_compared": value(0.0)},
                "NEG": {"links": 2, "labelled": value(0.0), "not_compared": value(0.5)},
            },
            "per_annotator": {
                "ann": {"units": 1, "links": 3, **everyone},
                "bob": {"units": 1, "links": 2, **everyone},
            },
            "pairs": [{"a": "ann", "b": "bob", "units": 1, "links": 5, **everyone}],
        }
    }


def test_the_other_direction_is_another_link():
    drawn = links(("u1", "ann", "lund", "osk", "POS"), ("u1", "bob", "osk", "lund_", "POS"))
    found = measure(TWO, MARKED, drawn)["relation"]
    assert (found["labelled"], found["unlabelled"], found["not_compared"]) == (value(0.0), value(0.0), value(0.0))


def test_a_link_drawn_twice_is_one():
    drawn = links(*[("u1", "ann", "lund", "osk", "POS")] * 2, ("u1", "bob", "lund_", "osk", "POS"))
    found = measure(TWO, MARKED, drawn)["relation"]
    assert (found["links"], found["labelled"]) == (2, value(1.0))


def test_two_labels_between_the_same_two_are_two_links_and_one_without_the_label():
    drawn = links(
        ("u1", "ann", "lund", "osk", "POS"),
        ("u1", "ann", "lund", "osk", "NEG"),
        ("u1", "bob", "lund_", "osk", "POS"),
    )
    found = measure(TWO, MARKED, drawn)["relation"]
    assert (found["labelled"], found["unlabelled"]) == (value(round(2 / 3, 6)), value(1.0))


def test_links_whose_ends_nobody_else_marked_are_said_not_to_be_compared():
    drawn = links(("u1", "ann", "mill", "osk", "POS"))
    found = measure(TWO, MARKED, drawn)["relation"]
    assert found["labelled"] == null("no link has both of its ends matched")
    assert found["not_compared"] == value(1.0)


def test_a_mention_that_is_not_there_cannot_be_compared():
    found = measure(TWO, marks(("u1", "ann", "osk")), links(("u1", "ann", "lund", "osk", "POS")))["relation"]
    assert found["not_compared"] == value(1.0)


@pytest.mark.parametrize(
    ("who", "drawn", "why"),
    [
        ([("u1", "ann")], [("u1", "ann", "lund", "osk", "POS")], "one annotator only: agreement needs two"),
        ([("u1", "ann"), ("u2", "bob")], [], "no unit was submitted by two annotators"),
        ([("u1", "ann"), ("u1", "bob")], [], "nobody drew a link in a unit that two submitted"),
    ],
)
def test_what_cannot_be_compared_says_why(who, drawn, why):
    found = measure(votes(*who), marks(), links(*drawn))["relation"]
    assert found["why"] == why
    assert [found[name] for name in ("labelled", "unlabelled", "not_compared")] == [null(why)] * 3
    assert "NaN" not in json.dumps(found)


def test_a_scheme_without_relations_is_left_out():
    assert measure(TWO, MARKED, links(), {}) == {}
    drawn = links(("u1", "ann", "lund", "osk", "POS"), scheme="second")
    found = measure(TWO, MARKED, drawn)
    assert list(found) == ["little.relation", "second.relation"]


def test_links_that_do_not_count_are_not_used_and_labels_are_recoded():
    drawn = links(("u1", "ann", "lund", "osk", "POS"), ("u1", "bob", "lund_", "osk", "NEG"))
    found = measure(TWO, MARKED, drawn, recode={"little": {"relation": {"NEG": "POS"}}})["relation"]
    assert (list(found["per_label"]), found["labelled"]) == (["POS"], value(1.0))
    off = links(("u1", "bob", "lund_", "osk", "POS"), counts=False)
    assert measure(TWO, MARKED, off)["relation"]["links"] == 0


drawings = st.sets(
    st.tuples(
        st.sampled_from(["ann", "bob", "cat"]),
        st.sampled_from(["author", "lund", "osk", "mill"]),
        st.sampled_from(["lund", "osk", "mill"]),
        st.sampled_from(["POS", "NEG"]),
    ),
    max_size=12,
)
PEOPLE = ("ann", "bob", "cat")


@settings(max_examples=60, deadline=None)
@given(drawings)
def test_with_equal_spans_it_is_the_f1_of_sets_of_links(drawn):
    """Everybody marks the same, so every link can be compared, by its places alone."""
    everybody = votes(*(("u1", who) for who in PEOPLE))
    marked = marks(*(("u1", who, "lund osk mill") for who in PEOPLE))
    found = measure(everybody, marked, links(*(("u1", *link) for link in sorted(drawn))))["relation"]
    for measure_, keep in (("labelled", 4), ("unlabelled", 3)):
        sets = {who: {link[1:keep] for link in drawn if link[0] == who} for who in PEOPLE}
        pairs = [(sets[a], sets[b]) for a, b in (("ann", "bob"), ("ann", "cat"), ("bob", "cat"))]
        total = sum(len(a) + len(b) for a, b in pairs)
        expected = round(sum(2 * len(a & b) for a, b in pairs) / total, 6) if total else None
        assert found[measure_]["value"] == expected
    assert found["not_compared"]["value"] == (0.0 if drawn else None)
