"""Gold mentions, by majority."""

from voting import SCHEME, decide, mention, relation, submitted


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
        "method": "majority",
        "ties_policy": "unresolved",
        "seed": 0,
        "rows": 3,
        "decided_by": {"unanimous": 3},
        "ties": 0,
        "mentions": 2,
        "relations": 0,
        "left_out": found.left_out,
        "models": [],
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
