"""Gold of questions, by majority."""

import pyarrow as pa
import pytest

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.gold.merge import gold
from goldwire.scheme import Scheme
from voting import SCHEME, decide, shares, short, submitted, votes


def test_a_whole_gold_row():
    table = votes(
        ("u1", "ann", "stance", ["against"]), ("u1", "bob", "stance", ["for"]), ("u1", "eve", "stance", ["for"])
    )
    row = decide(table).gold.to_pylist()[0]
    assert row == {
        "scheme": "little",
        "scheme_hash": SCHEME.hash,
        "unit_id": "u1",
        "question": "stance",
        "labels": ["for"],
        "value": None,
        "decided_by": "majority",
        "n_votes": 3,
        "tied": False,
        "distribution": [{"label": "for", "share": 2 / 3}, {"label": "against", "share": 1 / 3}],
        "posterior": None,
        "adjudicator": None,
        "reason": None,
    }


def test_one_label_by_majority_ties_and_abstentions():
    table = votes(
        *(("same", who, "stance", ["for"]) for who in ("ann", "bob", "eve")),
        ("tie", "ann", "stance", ["for"]),
        ("tie", "bob", "stance", ["against"]),
        ("abstain", "ann", "stance", ["unsure"]),
        ("abstain", "bob", "stance", ["against"]),
        ("nobody", "ann", "stance", ["unsure"]),
        ("alone", "ann", "stance", ["against"]),
        ("most", "ann", "stance", ["other"]),
        ("most", "bob", "stance", ["for"]),
        ("most", "eve", "stance", ["against"]),
        ("most", "eva", "stance", ["for"]),
    )
    assert short(decide(table)) == [
        ("abstain", ["against"], "unanimous", 1, False),
        ("alone", ["against"], "unanimous", 1, False),
        ("most", ["for"], "majority", 4, False),
        ("nobody", [], "unresolved", 0, False),
        ("same", ["for"], "unanimous", 3, False),
        ("tie", [], "unresolved", 2, True),
    ]


def test_several_labels_each_by_more_than_half():
    table = pa.concat_tables(
        [
            *(submitted("ann", "bob", "eve", unit=unit) for unit in ("u1", "u3", "u5")),
            *(submitted("ann", "bob", unit=unit) for unit in ("u2", "u4", "u6")),
            votes(
                ("u1", "ann", "topics", ["b", "a"]),
                ("u1", "bob", "topics", ["a"]),
                ("u2", "ann", "topics", ["a", "b"]),
                ("u2", "bob", "topics", ["b", "a"]),
                ("u3", "ann", "topics", ["a"]),
                ("u3", "bob", "topics", []),  # a row without labels and no row are the same: left empty
                ("u4", "ann", "topics", ["a"]),
                ("u6", "ann", "topics", ["a", "b"]),
                ("u6", "bob", "topics", ["a"]),
            ),
        ]
    )
    found = decide(table)
    assert short(found, "topics") == [
        ("u1", ["a"], "majority", 3, False),  # eve left it empty: a has 2 of 3
        ("u2", ["a", "b"], "unanimous", 2, False),
        ("u3", [], "majority", 3, False),  # two of three say: none of them
        ("u4", [], "unresolved", 2, True),
        ("u5", [], "unanimous", 3, False),
        ("u6", ["a"], "majority", 2, True),  # b is a tie, and left out
    ]
    first = next(row for row in found.gold.to_pylist() if row["question"] == "topics")
    assert shares(first) == [("a", 2 / 3), ("b", 1 / 3)]


def test_a_required_question_with_several_labels_cannot_be_empty():
    required = SCHEME.model_dump(by_alias=True)
    required["questions"] = [{**required["questions"][1], "required": True}]
    three = votes(("u1", "ann", "topics", ["a"]), ("u1", "bob", "topics", ["b"]), ("u1", "eve", "topics", ["c"]))
    empty = tables.build("vote_mentions", []), tables.build("vote_relations", [])
    found = gold(three, *empty, {"little": Scheme.model_validate(required)})
    assert short(found, "topics") == [("u1", [], "unresolved", 3, False)]


def test_of_the_paths_of_a_tree_the_deepest_that_most_said_stands():
    table = pa.concat_tables(
        [
            submitted("ann", "bob", "eve"),
            votes(
                ("u1", "ann", "kind", ["A/x"]), ("u1", "bob", "kind", ["A/x", "B"]), ("u1", "eve", "kind", ["A/y"])
            ),
        ]
    )
    found = decide(table)
    assert short(found, "kind") == [("u1", ["A/x"], "majority", 3, False)]
    row = next(row for row in found.gold.to_pylist() if row["question"] == "kind")
    assert shares(row) == [("A", 1.0), ("A/x", 2 / 3), ("A/y", 1 / 3), ("B", 1 / 3)]


def test_ordinal_and_text_answers_have_a_value():
    table = pa.concat_tables(
        [
            submitted("ann", "bob", "eve"),
            votes(("u1", "ann", "size", ["big"])),
            *(votes(("u1", who, "note", []), value=text) for who, text in [("ann", "x"), ("bob", "y"), ("eve", "x")]),
        ]
    )
    rows = {row["question"]: (row["labels"], row["value"]) for row in decide(table).gold.to_pylist()}
    assert rows == {"stance": (["for"], None), "topics": ([], None), "kind": ([], None), "size": (["big"], "big"),
                    "note": ([], "x")}  # fmt: skip


def test_every_unit_with_a_vote_has_its_required_questions_and_a_skipped_one_has_nothing():
    table = pa.concat_tables(
        [
            votes(("u1", "ann", "topics", ["a"])),
            votes(("u2", "ann", None, None), counts=False, status="skipped"),
            votes(("u3", "ann", "stance", ["for"]), counts=False, status="draft"),
        ]
    )
    assert short(decide(table)) == [("u1", [], "unresolved", 0, False)]
    assert {row["unit_id"] for row in decide(table).gold.to_pylist()} == {"u1"}


def test_recode_comes_before_the_vote():
    table = votes(
        ("u1", "ann", "stance", ["for"]), ("u1", "bob", "stance", ["against"]), ("u1", "eve", "stance", ["unsure"])
    )
    recode = {"little": {"stance": {"for": "any", "against": "any"}}}
    assert short(decide(table, recode=recode)) == [("u1", ["any"], "unanimous", 2, False)]
    to_unsure = {"little": {"stance": {"for": "unsure"}}}
    assert short(decide(table, recode=to_unsure)) == [("u1", ["against"], "unanimous", 1, False)]
    assert short(decide(table, recode={"another": {"stance": {"for": "any"}}})) == short(decide(table))


def test_a_scheme_that_is_not_there_is_named():
    with pytest.raises(GoldwireError, match='votes with scheme "gone"') as error:
        decide(votes(("u1", "ann", "stance", ["for"]), scheme="gone"))
    assert error.value.hint == "Put it back as labels/schemes/gone.yaml. Known: little"
