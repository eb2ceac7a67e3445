"""Gold relations, by majority."""

from voting import SCHEME, decide, marked, mention, relation, submitted


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
