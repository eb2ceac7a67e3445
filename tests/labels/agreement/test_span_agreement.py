import json
from itertools import combinations

import krippendorff
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.agreement.spans import lengths_of
from goldwire.text.spans import word_spans
from marking import measure, mentions, null, three, value, votes

_NO_TWO = "no mention of two annotators has answers of both"

ROWS = (
    ("u1", "ann", 0, 4, "person", {"role": ["acts"]}),
    ("u1", "ann", 16, 28, "place"),
    ("u1", "ann", 40, 45, "person", {"role": ["suffers"], "flags": ["quoted"]}),
    ("u1", "bob", 0, 4, "person", {"role": ["acts"]}),
    ("u1", "bob", 20, 28, "place"),
    ("u1", "bob", 40, 45, "group"),
)
WHO = (("u1", "ann"), ("u1", "bob"), ("u2", "ann"), ("u2", "bob"), ("u3", "ann"))


def test_everything_about_a_small_table_by_hand():
    # u1: ann and bob mark three each. Exact: Lund. Overlap (8 of 12 characters): the mill as well; without the label
    # Brask too. Words: ann Lund, the, old, mill, Brask; bob Lund, old, mill, Brask.
    # Alpha: l = 200. ann marks 4 + 12 + 5, bob 4 + 8 + 5. person 9 + 4, place 20, group 5, gap 162.
    # Differing, both orders: 4 ("the ") and 5 (Brask): Do = 18. S = 16 + 144 + 25 + 16 + 64 + 25 + 162 = 452.
    # sum l_c (l - l_c) = 13 * 187 + 20 * 180 + 5 * 195 + 162 * 38 = 13162; binary: Do 4, 162 * 38.
    alpha = 1 - 18 * (200**2 - 452) / (200 * 13162)
    binary = 1 - 4 * (200**2 - 452) / (200 * 162 * 38)
    # Of each label alone: person 13 of 200, S = 16 + 25 + 16 + 187, Do 10; place 20, S = 144 + 64 + 180, Do 8;
    # group 5, S = 25 + 195, Do 10.
    person = 1 - 10 * (200**2 - 244) / (200 * 2 * 13 * 187)
    place = 1 - 8 * (200**2 - 388) / (200 * 2 * 20 * 180)
    group = 1 - 10 * (200**2 - 220) / (200 * 2 * 5 * 195)
    everyone = three(round(2 / 6, 6), round(4 / 6, 6), round(6 / 9, 6))
    found = measure(votes(*WHO), mentions(*ROWS), lengths={"u1": 80, "u2": 20})
    attributes = found["actors"].pop("attributes")
    assert found == {
        "actors": {
            "units": 2,
            "empty_units": 1,
            "annotators": 2,
            "spans": 6,
            "pairs_n": 1,
            **everyone,
            "unlabelled": three(round(4 / 6, 6), 1.0, round(8 / 9, 6)),
            "alpha_u": value(round(alpha, 6)),
            "alpha_u_binary": value(round(binary, 6)),
            "per_label": {
                "person": {
                    "spans": 3,
                    **three(round(2 / 3, 6), round(2 / 3, 6), round(2 / 3, 6)),
                    "alpha_u": value(round(person, 6)),
                },
                "group": {"spans": 1, **three(0.0, 0.0, 0.0), "alpha_u": value(round(group, 6))},
                "place": {"spans": 2, **three(0.0, 1.0, round(4 / 5, 6)), "alpha_u": value(round(place, 6))},
            },
            "per_annotator": {
                "ann": {"units": 2, "spans": 3, **everyone},
                "bob": {"units": 2, "spans": 3, **everyone},
            },
            "pairs": [{"a": "ann", "b": "bob", "units": 2, "spans": 6, **everyone}],
        }
    }
    nothing = "all answers are the same: there is nothing to agree on beyond chance"
    one = "1 cluster: an interval needs 10"
    assert attributes == {
        "role": {"distance": "nominal", "n": 1, "observed": value(1.0, one), "alpha": null(nothing)},
        "flags": {"distance": "masi", "n": 2, "observed": value(1.0, one), "alpha": null(nothing)},
        "force": {"distance": "ordinal", "n": 0, "observed": null(_NO_TWO), "alpha": null(_NO_TWO)},
    }


def test_each_annotator_is_compared_with_the_others_and_in_pairs():
    pairs = [("u1", "ann"), ("u1", "bob"), ("u1", "cat"), ("u2", "ann"), ("u2", "cat")]
    rows = [
        ("u1", "ann", 0, 4, "person"),
        ("u1", "bob", 0, 4, "person"),
        ("u2", "ann", 0, 4, "person"),
        ("u2", "cat", 0, 4, "person"),
    ]
    found = measure(votes(*pairs), mentions(*rows))["actors"]
    # ann-bob 1 of 1 and 1; ann-cat in u1 1 and 0, in u2 a match; bob-cat 1 and 0.
    assert found["exact"]["value"] == round((2 + 2) / (2 + 3 + 1), 6)
    assert {name: one["exact"]["value"] for name, one in found["per_annotator"].items()} == {
        "ann": 0.8,
        "bob": round(2 / 3, 6),
        "cat": 0.5,
    }
    assert [(p["a"], p["b"], p["units"], p["spans"], p["exact"]["value"]) for p in found["pairs"]] == [
        ("ann", "bob", 1, 2, 1.0),
        ("ann", "cat", 2, 3, round(2 / 3, 6)),
        ("bob", "cat", 1, 1, 0.0),
    ]


def test_an_annotator_who_marked_nothing_disagrees():
    found = measure(votes(("u1", "ann"), ("u1", "bob")), mentions(("u1", "ann", 0, 4, "person")))["actors"]
    assert (found["exact"]["value"], found["per_annotator"]["bob"]["spans"]) == (0.0, 0)


def test_only_rows_that_count_are_used():
    also = mentions(("u1", "bob", 0, 4, "person"), counts=False)
    found = measure(votes(("u1", "ann")), also)["actors"]
    assert (found["annotators"], found["why"]) == (1, "one annotator only: agreement needs two")


@pytest.mark.parametrize(
    ("who", "rows", "why"),
    [
        ([("u1", "ann"), ("u2", "ann")], [("u1", "ann", 0, 4, "person")], "one annotator only: agreement needs two"),
        ([("u1", "ann"), ("u2", "bob")], [], "no unit was submitted by two annotators"),
        ([("u1", "ann"), ("u1", "bob")], [], "nobody marked anything in a unit that two submitted"),
    ],
)
def test_what_cannot_be_compared_says_why(who, rows, why):
    found = measure(votes(*who), mentions(*rows), lengths={"u1": 80})["actors"]
    assert found["why"] == why
    assert [found[name] for name in ("exact", "overlap", "token", "alpha_u", "alpha_u_binary")] == [null(why)] * 5
    assert list(found["unlabelled"].values()) == [null(why)] * 3
    assert "NaN" not in json.dumps(found)


def test_nothing_at_all_gives_nothing():
    assert measure(votes(), mentions()) == {}


def test_spans_without_a_word_have_no_token_f1():
    found = measure(
        votes(("u1", "ann"), ("u1", "bob")),
        mentions(("u1", "ann", 45, 46, "person"), ("u1", "bob", 45, 46, "person")),
    )["actors"]
    assert (found["exact"]["value"], found["token"]) == (1.0, null("no word is marked"))


def test_alpha_u_needs_the_lengths_of_the_units():
    found = measure(votes(*WHO), mentions(*ROWS), lengths={"u1": 80})["actors"]
    assert found["alpha_u"] == found["per_label"]["person"]["alpha_u"] == null("the length of a unit is not known")
    assert "why" not in found


def test_marks_beyond_the_unit_are_an_error():
    with pytest.raises(GoldwireError, match="actors: more is marked than there are characters"):
        measure(votes(*WHO), mentions(*ROWS), lengths={"u1": 10, "u2": 20})


def test_the_length_of_a_unit_is_that_of_its_part_of_the_article():
    units = tables.build("units", [{"unit_id": "a/sentence/5-9", "article_id": "a", "start": 5, "end": 9}])
    assert lengths_of(units) == {"a/sentence/5-9": 4}


def test_labels_are_recoded_first():
    recode = {"little": {"actors": {"group": "person"}}}
    found = measure(votes(*WHO), mentions(*ROWS), recode=recode)["actors"]
    assert list(found["per_label"]) == ["person", "place"]
    assert found["exact"]["value"] == round(4 / 6, 6)


def test_attributes_are_recoded_and_a_merged_label_is_asked_what_its_parts_were():
    recode = {"little": {"actors": {"person": "actor", "group": "actor"}, "role": {"suffers": "acts"}}}
    rows = [
        ("u1", "ann", 0, 4, "person", {"role": ["suffers"]}),
        ("u1", "bob", 0, 4, "group", {"role": ["acts"]}),
    ]
    found = measure(votes(*WHO), mentions(*rows), recode=recode)["actors"]["attributes"]["role"]
    assert (found["n"], found["observed"]["value"]) == (1, 1.0)


def test_labels_and_layers_that_the_scheme_has_not_stand_last():
    more = mentions(("u1", "ann", 0, 4, "ship"), layer="actors").to_pylist()
    more += mentions(("u1", "bob", 0, 4, "x"), layer="other").to_pylist()
    found = measure(votes(*WHO), tables.build("vote_mentions", more))
    assert list(found) == ["actors", "other"]
    assert list(found["actors"]["per_label"]) == ["person", "group", "place", "ship"]
    assert measure(votes(*WHO), mentions(*ROWS), {})["actors"]["attributes"] == {}


def test_layers_of_several_schemes_are_named_after_them():
    both = votes(*WHO).to_pylist() + votes(*WHO, scheme="second").to_pylist()
    rows = mentions(*ROWS).to_pylist() + mentions(*ROWS, scheme="second").to_pylist()
    found = measure(tables.build("votes", both), tables.build("vote_mentions", rows))
    assert list(found) == ["little.actors", "second.actors"]
    assert found["little.actors"]["exact"] == found["second.actors"]["exact"]


def test_alpha_of_attributes_equals_the_krippendorff_package():
    answers = [("acts", "acts", None), ("acts", "suffers", "suffers"), ("unsure", "acts", "acts"), ("suffers",) * 3]
    rows, who = [], []
    for number, given_ in enumerate(answers):
        for annotator, answer in zip(("ann", "bob", "cat"), given_, strict=True):
            who.append((f"u{number}", annotator))
            if answer:
                rows.append((f"u{number}", annotator, 0, 4, "person", {"role": [answer]}))
    found = measure(votes(*who), mentions(*rows))["actors"]["attributes"]["role"]
    expected = krippendorff.alpha(
        reliability_data=[
            [x if x in ("acts", "suffers") else "nan" for x in column] for column in zip(*answers, strict=True)
        ],
        value_domain=["acts", "suffers"],
        level_of_measurement="nominal",
    )
    assert found["n"] == 4
    assert found["alpha"]["value"] == round(float(expected), 6)
    assert found["observed"]["value"] == round((1 + 1 / 3 + 1 + 1) / 4, 6)


ORDER = ["weak", "fair", "strong"]


def forces(*answers):
    """One unit each, with the answers of ann, bob and cat about one mention; None is none."""
    rows = [
        (f"u{n}", who, 0, 4, "place", {"force": [said]})
        for n, given_ in enumerate(answers)
        for who, said in zip(("ann", "bob", "cat"), given_, strict=True)
        if said
    ]
    return votes(*((f"u{n}", who) for n in range(len(answers)) for who in ("ann", "bob", "cat"))), mentions(*rows)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.sampled_from([*ORDER, "unsure", None])] * 3), min_size=2, max_size=6))
def test_alpha_of_ordinal_attributes_equals_the_krippendorff_package(answers):
    found = measure(*forces(*answers))["actors"]["attributes"]["force"]
    counts = [[given_.count(label) for label in ORDER] for given_ in answers]
    paired = [row for row in counts if sum(row) >= 2]
    assert (found["distance"], found["n"]) == ("ordinal", len(paired))
    if len({label for row in paired for label, n in enumerate(row) if n}) < 2:
        assert found["alpha"]["value"] is None
    else:
        theirs = krippendorff.alpha(value_counts=paired, level_of_measurement="ordinal")
        assert found["alpha"]["value"] == pytest.approx(theirs, abs=5e-7)


def test_labels_of_ordinal_attributes_have_the_order_of_the_scheme_recoded():
    answers = [("weak", "fair", None), ("fair", "strong", None), ("weak", "weak", None), ("strong", "strong", None)]
    near = measure(*forces(*answers))["actors"]["attributes"]["force"]["alpha"]["value"]
    renamed = {"little": {"force": {"weak": "z", "fair": "y", "strong": "x"}}}
    assert measure(*forces(*answers), recode=renamed)["actors"]["attributes"]["force"]["alpha"]["value"] == near
    apart = [("weak", "strong", None), ("fair", "strong", None), ("weak", "weak", None), ("strong", "strong", None)]
    assert measure(*forces(*apart))["actors"]["attributes"]["force"]["alpha"]["value"] < near


def test_units_are_compared_some_at_a_time(monkeypatch):
    who = [(f"u{n}", a) for n in range(6) for a in ("ann", "bob", "cat") if n != 3 or a == "ann"]
    rows = [
        (u, a, start, start + 4, name)
        for n, (u, a) in enumerate(who)
        for start, name in ((n % 3, "person"), (16, "place"))
        if u != "u5"
    ]
    lengths = {f"u{n}": 75 for n in range(6)}
    whole = measure(votes(*who), mentions(*rows), lengths=lengths)
    monkeypatch.setattr("goldwire.labels.agreement.spans._TOGETHER", 1)
    assert measure(votes(*who), mentions(*rows), lengths=lengths) == whole


def test_attributes_with_several_labels_agree_in_part():
    rows = [
        ("u1", "ann", 0, 4, "place", {"flags": ["quoted"]}),
        ("u1", "bob", 0, 4, "place", {"flags": ["quoted", "ironic"]}),
        ("u2", "ann", 0, 4, "place"),
        ("u2", "bob", 0, 4, "place", {"flags": []}),
    ]
    found = measure(votes(*WHO), mentions(*rows))["actors"]["attributes"]
    # MASI: 1/2 * 2/3 alike, and the empty sets are equal. Alpha: observed (2/3 + 0) / 2 of the pairs differ; expected
    # of the 6 pairs of answers the one of quoted with both 2/3, the four with an empty set 1, the empty two 0.
    alpha = 1 - (2 / 3 / 2) / ((2 / 3 + 4) / 6)
    assert found["flags"] == {
        "distance": "masi",
        "n": 2,
        "observed": value(round(2 / 3, 6)),
        "alpha": value(round(alpha, 6)),
    }
    assert found["role"]["n"] == 0
    assert found["role"]["alpha"] == null("no mention of two annotators has answers of both")


def test_intervals_draw_stories():
    who = [(f"u{n:02}", a) for n in range(24) for a in ("ann", "bob")]
    rows = [(f"u{n:02}", a, 0, 4, "person") for n in range(24) for a in ("ann", "bob") if a == "ann" or n % 3]
    stories = {f"u{n:02}": f"s{n // 2}" for n in range(24)}
    lengths = {f"u{n:02}": 75 for n in range(24)}
    found = measure(votes(*who), mentions(*rows), clusters=stories, lengths=lengths)["actors"]
    for figure in (
        found["exact"],
        found["alpha_u"],
        found["pairs"][0]["token"],
        found["per_label"]["person"]["overlap"],
    ):
        assert figure["low"] < figure["value"] < figure["high"]
    shuffled = measure(votes(*who[::-1]), mentions(*rows[::-1]), clusters=stories, lengths=lengths)["actors"]
    assert shuffled == found
    assert measure(votes(*who), mentions(*rows), clusters=dict.fromkeys(stories, "s"))["actors"]["exact"] == value(
        found["exact"]["value"], "1 cluster: an interval needs 10"
    )


def test_pairs_of_many_annotators_are_listed_when_asked_for():
    who = [("u1", f"p{n:02}") for n in range(31)]
    found = measure(votes(*who), mentions(("u1", "p00", 0, 4, "person")))["actors"]
    assert (found["pairs"], found["pairs_n"]) == ([], 31 * 30 // 2)
    assert len(measure(votes(*who), mentions(("u1", "p00", 0, 4, "person")), pairs=True)["actors"]["pairs"]) == 465


WORDS = "Lund O'Hara über 东京 कि a-b x"
spans_lists = st.lists(
    st.tuples(
        st.sampled_from(["u1", "u2"]),
        st.sampled_from(["ann", "bob", "cat"]),
        st.integers(0, len(WORDS) - 1),
        st.integers(1, 9),
        st.sampled_from(["person", "group"]),
    ).map(lambda x: (x[0], x[1], x[2], min(x[2] + x[3], len(WORDS)), x[4])),
    max_size=12,
)
ALL = [(u, a) for u in ("u1", "u2") for a in ("ann", "bob", "cat")]


def brute_force(rows, labelled):
    """Token F1 from the words of the whole text; a word is marked when a character of it is."""
    begins, ends = word_spans(WORDS)
    both = total = 0
    for unit in ("u1", "u2"):
        marked = {a: set() for a in ("ann", "bob", "cat")}
        for u, a, start, end, name in rows:
            hit = [w for w, (b, e) in enumerate(zip(begins, ends, strict=True)) if b < end and e > start]
            marked[a] |= {(w, name if labelled else "") for w in hit} if u == unit else set()
        for a, b in combinations(marked.values(), 2):
            both, total = both + 2 * len(a & b), total + len(a) + len(b)
    return round(both / total, 6) if total else None


@settings(max_examples=80, deadline=None)
@given(spans_lists)
def test_token_f1_equals_marking_every_word_of_the_text(rows):
    # Spans that cut one word at two places without a character in common would be two words: whole words only here.
    begins, ends = (side.tolist() for side in word_spans(WORDS))
    whole = []
    for unit, annotator, start, end, name in rows:
        touched = [(b, e) for b, e in zip(begins, ends, strict=True) if b < end and e > start]
        if touched:
            whole.append((unit, annotator, touched[0][0], touched[-1][1], name))
    found = measure(votes(*ALL), mentions(*whole, text=WORDS))["actors"]
    assert found["token"]["value"] == brute_force(whole, labelled=True)
    assert found["unlabelled"]["token"]["value"] == brute_force(whole, labelled=False)


def test_a_word_that_two_spans_cut_differently_is_one_word():
    rows = [("u1", "ann", 0, 4, "person"), ("u1", "bob", 0, 3, "person")]
    found = measure(votes(*WHO), mentions(*rows))["actors"]
    assert (found["exact"]["value"], found["overlap"]["value"], found["token"]["value"]) == (0.0, 1.0, 1.0)


@settings(max_examples=60, deadline=None)
@given(spans_lists)
def test_f1_is_between_0_and_1_overlap_is_no_less_than_exact_and_names_are_nothing(rows):
    names = {"ann": "zoe", "bob": "ann", "cat": "bob"}
    lengths = dict.fromkeys(("u1", "u2"), len(WORDS))
    found = measure(votes(*ALL), mentions(*rows, text=WORDS), lengths=lengths)["actors"]
    again = measure(
        votes(*((u, names[a]) for u, a in ALL)),
        mentions(*((u, names[a], *rest) for u, a, *rest in rows), text=WORDS),
        lengths=lengths,
    )["actors"]
    for one in (found, found["unlabelled"], *found["per_label"].values(), *found["pairs"]):
        values = [one[name]["value"] for name in ("exact", "overlap", "token")]
        assert all(v is None or 0 <= v <= 1 for v in values)
    for name in ("exact", "token", "alpha_u", "alpha_u_binary"):
        assert found[name] == again[name]
    if found["exact"]["value"] is not None:
        assert found["exact"]["value"] <= found["unlabelled"]["exact"]["value"]


@settings(max_examples=40, deadline=None)
@given(spans_lists)
def test_equal_annotators_agree_fully(rows):
    same = [(u, a, *rest) for u, who, *rest in rows if who == "ann" for a in ("ann", "bob", "cat")]
    lengths = dict.fromkeys(("u1", "u2"), 3 * len(WORDS))
    found = measure(votes(*ALL), mentions(*same, text=WORDS), lengths=lengths)["actors"]
    expected = 1.0 if same else None
    assert [found[name]["value"] for name in ("exact", "overlap", "alpha_u")] == [expected] * 3
    assert found["token"]["value"] in (expected, None)
    assert [found["unlabelled"][name]["value"] for name in ("exact", "overlap")] == [expected] * 2
