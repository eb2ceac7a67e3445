import json

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.gold import gold, gold_from_frame
from goldwire.scheme import Scheme


def label(name, role="answer", **more):
    return {"name": name, "definition": "as it says", "role": role, **more}


SCHEME = Scheme.model_validate(
    {
        "name": "little",
        "version": "1.0.0",
        "title": "Little",
        "description": "For tests.",
        "unit": "document",
        "questions": [
            {"name": "stance", "text": "?", "labels": [label("for"), label("against"), label("unsure", "unsure")]},
            {"name": "topics", "text": "?", "type": "multiple", "required": False,
             "labels": [label("a"), label("b")]},
            {"name": "kind", "text": "?", "type": "tree", "required": False,
             "labels": [label("A", children=[label("x"), label("y")]), label("B")]},
            {"name": "size", "text": "?", "type": "ordinal", "required": False,
             "labels": [label("small"), label("big")]},
            {"name": "note", "text": "?", "type": "text", "required": False},
        ],
        "mentions": [
            {"name": "trigger", "text": "?", "kind": "event", "labels": [label("VISIT"), label("FIGHT")],
             "attributes": [
                 {"name": "mode", "text": "?", "applies_to": ["VISIT"], "required": False,
                  "labels": [label("state"), label("private"), label("other", "unsure")]},
                 {"name": "mode", "text": "?", "applies_to": ["FIGHT"], "required": False,
                  "labels": [label("siege"), label("raid")]},
                 {"name": "flags", "text": "?", "type": "multiple", "required": False,
                  "labels": [label("past"), label("future")]},
             ]},
            {"name": "who", "text": "?", "kind": "entity", "labels": [label("actor")]},
        ],
        "relations": [label("agent", **{"from": ["VISIT", "FIGHT", "author"], "to": ["actor"]})],
    }
)  # fmt: skip
SCHEMES = {"little": SCHEME}
TEXT = "Envoys of Velmora visited Karsund."
COUNTS = {"scheme": "little", "counts": True, "status": "submitted"}


def votes(*rows, **more):
    """Rows are (unit, annotator, question, labels)."""
    names = ("unit_id", "annotator", "question", "labels")
    return tables.build("votes", [COUNTS | more | dict(zip(names, row, strict=True)) for row in rows])


def mention(annotator, question, name, start, end, unit="u1", entity=None, **attributes):
    return COUNTS | {
        "unit_id": unit,
        "annotator": annotator,
        "question": question,
        "label": name,
        "start": start,
        "end": end,
        "text": TEXT[start:end],
        "mention_id": f"{unit}/{annotator}/{question}/{start}-{end}",
        "entity": entity,
        "attributes": json.dumps(attributes),
    }


def relation(annotator, start, end, name="agent", unit="u1"):
    def id_(place):
        return place if place == "author" else f"{unit}/{annotator}/{place}"

    return COUNTS | {
        "unit_id": unit,
        "annotator": annotator,
        "question": "relation",
        "label": name,
        "relation_id": f"{unit}/{annotator}/{start}/{end}",
        "from": id_(start),
        "to": id_(end),
    }


def decide(table, mentions=(), relations=(), **more):
    return gold(
        table, tables.build("vote_mentions", mentions), tables.build("vote_relations", relations), SCHEMES, **more
    )


def shares(row):
    return [(one["label"], one["share"]) for one in row["distribution"]]


def short(found, question="stance"):
    """Return (unit, labels, decided_by, n_votes, tied) of a question."""
    return [
        (row["unit_id"], row["labels"], row["decided_by"], row["n_votes"], row["tied"])
        for row in found.gold.to_pylist()
        if row["question"] == question
    ]


def submitted(*annotators, unit="u1"):
    return votes(*((unit, who, "stance", ["for"]) for who in annotators))


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


def test_paths_of_a_tree_are_taken_whole():
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
    assert shares(row) == [("A/x", 2 / 3), ("A/y", 1 / 3), ("B", 1 / 3)]


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


def test_a_mention_of_two_in_three_is_gold_with_the_boundaries_of_most():
    mentions = [
        mention("ann", "trigger", "VISIT", 18, 25, mode=["state"], flags=["past"]),
        mention("bob", "trigger", "VISIT", 18, 33, mode=["private"], flags=["past", "future"]),
        mention("eve", "trigger", "VISIT", 18, 25, mode=["state"]),
        mention("ann", "who", "actor", 10, 17, entity="Velmora"),
        mention("bob", "who", "actor", 0, 17, entity="velmora"),
        mention("eve", "who", "actor", 10, 17, entity="Velmora"),
        mention("ann", "who", "actor", 26, 33),
    ]
    found = decide(submitted("ann", "bob", "eve"), mentions)
    rows = found.gold_mentions.to_pylist()
    visit = {
        "scheme": "little",
        "scheme_hash": SCHEME.hash,
        "unit_id": "u1",
        "question": "trigger",
        "mention_id": "u1#trigger-18-25-VISIT",
        "start": 18,
        "end": 25,
        "text": "visited",
        "label": "VISIT",
        "entity": None,
        "attributes": '{"flags": ["past"], "mode": ["state"]}',
        "decided_by": "majority",
        "n_votes": 3,
        "tied": False,
        "distribution": [{"label": "VISIT", "share": 2 / 3}],
        "posterior": None,
        "adjudicator": None,
        "reason": None,
    }
    # bob's (18, 33) overlaps by 7/15, less than half: his is a mention of its own, and nobody's but his.
    assert [row for row in rows if row["question"] == "trigger"] == [
        visit | {"attributes": '{"mode": ["state"]}', "tied": True}
    ]
    # Likewise his (0, 17) by 7/17.
    assert [(row["mention_id"], row["entity"], row["n_votes"]) for row in rows if row["question"] == "who"] == [
        ("u1#who-10-17-actor", "Velmora", 3)
    ]
    assert found.left_out == {"mentions": 3, "mentions_tied": 0, "relations": 0, "relations_tied": 0}
    assert found.summary == {
        "rows": 3,
        "decided_by": {"unanimous": 3},
        "ties": 0,
        "mentions": 2,
        "relations": 0,
        "left_out": found.left_out,
    }


def test_attributes_of_a_mention_by_majority_without_the_unsure():
    mentions = [
        mention("ann", "trigger", "VISIT", 18, 25, mode=["other"], flags=["past"]),
        mention("bob", "trigger", "VISIT", 18, 25, mode=["state"], flags=["future", "past"]),
        mention("eve", "trigger", "VISIT", 18, 27, mode=["other"], flags=["future"]),
        mention("eva", "trigger", "VISIT", 18, 25, mode=["other"], flags=["past"]),
    ]
    (row,) = decide(submitted("ann", "bob", "eve", "eva"), mentions).gold_mentions.to_pylist()
    # past has 3 of 4, future 2 of 4: a tie; of mode three were unsure.
    assert (row["attributes"], row["tied"]) == ('{"flags": ["past"], "mode": ["state"]}', True)
    assert (row["start"], row["end"], row["decided_by"]) == (18, 25, "unanimous")


def test_who_leaves_a_single_attribute_or_the_entity_open_abstains():
    mentions = [
        mention("ann", "trigger", "FIGHT", 18, 25, mode=["raid"]),
        mention("bob", "trigger", "FIGHT", 18, 25),
        mention("ann", "who", "actor", 10, 17, entity="Velmora"),
        mention("bob", "who", "actor", 10, 17),
    ]
    who, fight = decide(submitted("ann", "bob"), mentions).gold_mentions.to_pylist()
    assert (fight["attributes"], who["entity"], fight["tied"], who["tied"]) == (
        '{"mode": ["raid"]}',
        "Velmora",
        False,
        False,
    )
    mentions[3] = mention("bob", "who", "actor", 10, 17, entity="Karsund")
    who, _ = decide(submitted("ann", "bob"), mentions).gold_mentions.to_pylist()
    assert (who["entity"], who["tied"]) == (None, True)


def test_half_of_the_annotators_are_a_tie_and_the_mention_is_left_out():
    mentions = [mention("ann", "who", "actor", 10, 17)]
    found = decide(submitted("ann", "bob"), mentions)
    assert found.gold_mentions.num_rows == 0
    assert found.left_out == {"mentions": 1, "mentions_tied": 1, "relations": 0, "relations_tied": 0}


def test_the_spans_of_a_single_annotator_stand():
    mentions = [mention("ann", "trigger", "VISIT", 18, 25), mention("ann", "who", "actor", 10, 17)]
    relations = [relation("ann", "trigger/18-25", "who/10-17")]
    found = decide(submitted("ann"), mentions, relations)
    assert [(row["text"], row["decided_by"], row["n_votes"]) for row in found.gold_mentions.to_pylist()] == [
        ("Velmora", "unanimous", 1),
        ("visited", "unanimous", 1),
    ]
    assert found.gold_relations.num_rows == 1


def test_the_label_of_a_mention_is_recoded_before_matching():
    mentions = [mention("ann", "trigger", "VISIT", 18, 25), mention("bob", "trigger", "FIGHT", 18, 25, mode=["raid"])]
    assert decide(submitted("ann", "bob"), mentions).gold_mentions.num_rows == 0
    recode = {"little": {"trigger": {"VISIT": "EVENT", "FIGHT": "EVENT"}, "mode": {"raid": "attack"}}}
    (row,) = decide(submitted("ann", "bob"), mentions, recode=recode).gold_mentions.to_pylist()
    assert (row["mention_id"], row["attributes"]) == ("u1#trigger-18-25-EVENT", '{"mode": ["attack"]}')


def test_two_mentions_at_one_place_have_two_ids():
    twice = [
        mention(who, "trigger", "VISIT", 18, 25) | {"mention_id": f"{who}{i}"}
        for who in ("ann", "bob")
        for i in (1, 2)
    ]
    found = decide(submitted("ann", "bob"), twice).gold_mentions.to_pylist()
    assert [row["mention_id"] for row in found] == ["u1#trigger-18-25-VISIT", "u1#trigger-18-25-VISIT-2"]


def marked(*annotators):
    return [
        one
        for who in annotators
        for one in (mention(who, "trigger", "VISIT", 18, 25), mention(who, "who", "actor", 10, 17))
    ]


def test_a_relation_is_gold_when_more_than_half_of_those_who_marked_both_ends_drew_it():
    mentions = [*marked("ann", "bob"), mention("eve", "trigger", "VISIT", 18, 25)]
    both = [relation(who, "trigger/18-25", "who/10-17") for who in ("ann", "bob")]
    found = decide(submitted("ann", "bob", "eve"), mentions, both)
    assert found.gold_relations.to_pylist() == [
        {
            "scheme": "little",
            "scheme_hash": SCHEME.hash,
            "unit_id": "u1",
            "question": "relation",
            "relation_id": "u1#agent-trigger-18-25-VISIT-who-10-17-actor",
            "from": "u1#trigger-18-25-VISIT",
            "to": "u1#who-10-17-actor",
            "label": "agent",
            "attributes": "{}",
            "decided_by": "unanimous",
            "n_votes": 2,
            "tied": False,
            "distribution": [{"label": "agent", "share": 1.0}],
            "posterior": None,
            "adjudicator": None,
            "reason": None,
        }
    ]
    one_of_two = decide(submitted("ann", "bob", "eve"), mentions, both[:1])
    assert one_of_two.gold_relations.num_rows == 0
    assert one_of_two.left_out == {"mentions": 0, "mentions_tied": 0, "relations": 1, "relations_tied": 1}


def test_a_relation_of_the_author_is_decided_by_those_who_marked_its_target():
    relations = [relation(who, "author", "who/10-17") for who in ("ann", "bob")]
    found = decide(submitted("ann", "bob", "eve", "eva"), marked("ann", "bob", "eve"), relations)
    (row,) = found.gold_relations.to_pylist()
    assert (row["from"], row["to"], row["n_votes"], row["decided_by"]) == (
        "author",
        "u1#who-10-17-actor",
        3,
        "majority",
    )
    assert row["relation_id"] == "u1#agent-author-who-10-17-actor"


def test_a_relation_to_a_mention_that_is_not_gold_is_left_out_and_counted():
    found = decide(submitted("ann", "bob"), marked("ann"), [relation("ann", "trigger/18-25", "who/10-17")])
    assert (found.gold_mentions.num_rows, found.gold_relations.num_rows) == (0, 0)
    assert found.left_out == {"mentions": 2, "mentions_tied": 2, "relations": 1, "relations_tied": 0}


def test_a_relation_drawn_twice_by_one_annotator_counts_once():
    mentions = marked("ann", "bob", "eve")
    twice = [relation("ann", "trigger/18-25", "who/10-17") for _ in range(2)]
    assert decide(submitted("ann", "bob", "eve"), mentions, twice).gold_relations.num_rows == 0


ANSWERS = st.lists(
    st.tuples(
        st.sampled_from(["u1", "u2", "u3"]),
        st.integers(0, 3),
        st.sampled_from(["for", "against", "unsure"]),
        st.sets(st.sampled_from("ab")),
        st.tuples(st.integers(0, 6), st.integers(4, 8), st.sampled_from(["VISIT", "FIGHT"])),
    ),
    min_size=1,
    unique_by=lambda row: row[:2],
)


@settings(deadline=None)
@given(ANSWERS, st.permutations(["ann", "bob", "eve", "eva"]), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_the_names_of_annotators_change_nothing(answers, names, random):
    def run(who, rows):
        table = [(unit, who[i], "stance", [stance]) for unit, i, stance, _, _ in rows]
        table += [(unit, who[i], "topics", sorted(topics)) for unit, i, _, topics, _ in rows if topics]
        spans = [mention(who[i], "trigger", name, start, start + length, unit)
                 for unit, i, _, _, (start, length, name) in rows]  # fmt: skip
        return decide(votes(*table), spans)

    shuffled = answers[:]
    random.shuffle(shuffled)
    assert run(names, shuffled) == run(["ann", "bob", "eve", "eva"], answers)


def test_gold_of_a_plain_table():
    rows = [("2", "a", "x"), ("10", "b", "y"), ("2", "b", "x"), ("10", "a", "x"), ("3", "c", "y"), ("4", "c", None)]
    columns = zip(("task", "worker", "label"), zip(*rows, strict=True), strict=True)
    table = pa.table({name: pa.array(column, pa.string()) for name, column in columns})
    assert gold_from_frame(table, "task", "worker", "label").to_pylist() == [
        {"unit": "10", "label": None, "decided_by": "unresolved", "n_votes": 2, "tied": True,
         "distribution": [{"label": "x", "share": 0.5}, {"label": "y", "share": 0.5}]},
        {"unit": "2", "label": "x", "decided_by": "unanimous", "n_votes": 2, "tied": False,
         "distribution": [{"label": "x", "share": 1.0}]},
        {"unit": "3", "label": "y", "decided_by": "unanimous", "n_votes": 1, "tied": False,
         "distribution": [{"label": "y", "share": 1.0}]},
    ]  # fmt: skip


def test_a_plain_table_that_cannot_be_decided_is_refused():
    lists = pa.table({"task": ["1"], "worker": ["a"], "label": [["x", "y"]]})
    with pytest.raises(GoldwireError, match='column "label" holds lists of labels'):
        gold_from_frame(lists, "task", "worker", "label")
    empty = pa.table({"task": ["1"], "worker": ["a"], "label": pa.array([None], pa.string())})
    with pytest.raises(GoldwireError, match="there is no answer in these 1 rows"):
        gold_from_frame(empty, "task", "worker", "label")
    twice = pa.table({"task": ["1", "1"], "worker": ["a", "a"], "label": ["x", "y"]})
    with pytest.raises(GoldwireError, match="a answered 1 twice"):
        gold_from_frame(twice, "task", "worker", "label")
    assert gold_from_frame(twice, "task", "worker", "label", "last")["label"].to_pylist() == ["y"]


@pytest.mark.shared
def test_majority_of_snow_2008_rte(shared_data):
    table = tables.read(shared_data / "snow2008_rte" / "rte_votes.csv")
    found = gold_from_frame(table, "task", "worker", "label").to_pylist()
    assert sum(row["tied"] for row in found) == 65
    assert {row["decided_by"] for row in found if row["tied"]} == {"unresolved"}
    true, first = {}, {}
    for row in table.to_pylist():
        true[row["task"]] = row["gold"]
        first.setdefault(row["task"], row["label"])
    right = sum((row["label"] or first[row["unit"]]) == true[row["unit"]] for row in found)
    assert right / len(found) == 0.9025
