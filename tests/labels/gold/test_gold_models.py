"""Gold by Dawid-Skene and MACE: questions, mentions and relations, with posteriors and an account of the model."""

from goldwire.labels.gold.verdicts import Item, Silence, judge
from voting import SCHEME, decide, mention, relation, votes

PEOPLE = ("ann", "bob", "eve")


def crowd(units):
    """In every unit ann and bob mark a visitor and a visit, and draw the link; eve marks another visitor."""
    table, mentions, relations = [], [], []
    for unit in units:
        table += [(unit, who, "stance", ["for"]) for who in PEOPLE]
        for who in PEOPLE[:2]:
            mentions += [mention(who, "trigger", "VISIT", 18, 25, unit), mention(who, "who", "actor", 10, 17, unit)]
            relations.append(relation(who, "trigger/18-25", "who/10-17", unit=unit))
        mentions.append(mention("eve", "who", "actor", 26, 33, unit))
        mentions.append(mention("eve", "trigger", "VISIT", 18, 25, unit))
    return table, mentions, relations


def run(method, **more):
    """Ten such units, and one that only ann and eve answered: each marks what the other does not."""
    table, mentions, relations = crowd([f"u{i}" for i in range(10)])
    table += [("v", who, "stance", ["for"]) for who in ("ann", "eve")]
    mentions += [mention("ann", "who", "actor", 10, 17, "v"), mention("eve", "who", "actor", 26, 33, "v")]
    return decide(votes(*table), mentions, relations, method=method, **more)


def test_by_majority_each_half_is_left_out():
    found = run("majority")
    assert "v" not in {row["unit_id"] for row in found.gold_mentions.to_pylist()}
    assert found.left_out == {"mentions": 12, "mentions_tied": 2, "relations": 0, "relations_tied": 0}


def test_dawid_skene_keeps_the_mention_of_the_annotator_whom_others_confirm():
    found = run("dawid-skene")
    rows = [row for row in found.gold_mentions.to_pylist() if row["unit_id"] == "v"]
    (posterior,) = rows[0].pop("posterior")
    assert rows == [
        {
            "scheme": "little",
            "scheme_hash": SCHEME.hash,
            "unit_id": "v",
            "question": "who",
            "mention_id": "v#who-10-17-actor",
            "start": 10,
            "end": 17,
            "text": "Velmora",
            "label": "actor",
            "entity": None,
            "attributes": "{}",
            "decided_by": "aggregated",
            "n_votes": 2,
            "tied": False,
            "distribution": [{"label": "actor", "share": 0.5}],
            "adjudicator": None,
            "reason": None,
        }
    ]
    assert posterior["label"] == "actor"
    assert 0.5 < posterior["share"] <= 1
    assert found.left_out == {"mentions": 11, "mentions_tied": 0, "relations": 0, "relations_tied": 0}


def test_a_mention_that_a_third_of_the_annotators_mark_is_left_out_though_most_mentions_are_such():
    """Of ten units one has a mention that all mark; in each other one annotator marks something."""
    table, mentions = [], []
    for unit in (f"u{i}" for i in range(30)):
        table += [(unit, who, "stance", ["for"]) for who in PEOPLE]
        marking = PEOPLE[int(unit[1:]) % 3 :][:1] if int(unit[1:]) % 10 else PEOPLE
        mentions += [mention(who, "trigger", "VISIT", 18, 25, unit) for who in marking]
    found = decide(votes(*table), mentions, [], method="dawid-skene")
    assert {row["unit_id"] for row in found.gold_mentions.to_pylist()} == {"u0", "u10", "u20"}


def test_with_mace_mentions_and_relations_are_decided_by_majority():
    found, majority = run("mace"), run("majority")
    for name in ("gold_mentions", "gold_relations", "left_out"):
        assert getattr(found, name) == getattr(majority, name)
    assert {row["decided_by"] for row in found.gold_mentions.to_pylist()} == {"unanimous", "majority"}
    assert set(found.gold_mentions["posterior"].to_pylist()) == {None}


def test_what_all_marked_stays_unanimous_and_every_row_has_a_posterior():
    found = run("dawid-skene")
    triggers = [row for row in found.gold_mentions.to_pylist() if row["question"] == "trigger"]
    assert [row["decided_by"] for row in triggers] == ["unanimous"] * 10
    relations = found.gold_relations.to_pylist()
    assert [(row["decided_by"], row["n_votes"]) for row in relations] == [("unanimous", 2)] * 10
    for row in [*triggers, *relations]:
        (posterior,) = row["posterior"]
        assert posterior["label"] == row["label"]
        assert 0.5 < posterior["share"] <= 1
    for row in found.gold.to_pylist():
        assert [one["label"] for one in row["posterior"]] == ([] if row["question"] != "stance" else ["for"])


def test_the_summary_says_how_it_was_decided():
    """A layer has ten places more for each unit; the relation has the links from the author to an actor of gold."""
    summary = run("dawid-skene", ties="random", seed=3).summary
    assert {name: summary[name] for name in ("method", "ties_policy", "seed", "mentions", "relations")} == {
        "method": "dawid-skene",
        "ties_policy": "random",
        "seed": 3,
        "mentions": 21,
        "relations": 10,
    }
    assert {model["question"]: (model["items"], model["answers"]) for model in summary["models"]} == {
        "stance": (11, 32),
        "trigger": (10 + 110, 30 + 320),
        "who": (22 + 110, 64 + 320),
        "relation": (10 + 11, 20 + 21),
    }
    assert {(model["method"], model["converged"]) for model in summary["models"]} == {("dawid-skene", True)}
    mace = run("mace").summary["models"]
    assert [(model["question"], model["method"], model["converged"]) for model in mace] == [("stance", "mace", None)]


def test_verdicts_come_in_the_order_of_the_items_and_each_question_has_its_model():
    everybody = frozenset(PEOPLE)
    items = [
        Item(("s", name), frozenset(marked), everybody)
        for name, marked in [("b", PEOPLE), ("a", PEOPLE), ("b", PEOPLE[:2]), ("a", PEOPLE[:1])]
    ]
    silences = [Silence(("s", "a"), everybody, 4)]
    verdicts, fits = judge(items, silences, "dawid-skene", 0)
    assert [(one.marked, one.could) for one in verdicts] == [(3, 3), (3, 3), (2, 3), (1, 3)]
    assert [(fit.question, fit.items, fit.answers) for fit in fits] == [("a", 6, 18), ("b", 2, 6)]
    assert judge(items, silences, "majority", 0)[1] == []
    assert judge([], [], "dawid-skene", 0) == ([], [])
