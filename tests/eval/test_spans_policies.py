"""Mentions and relations that do not fit the gold: refused, or as the policy says."""

from typing import Any

import pyarrow as pa
import pytest

from goldwire.errors import GoldwireError
from goldwire.eval.spans import score_mentions
from goldwire.eval.spans.policies import Policy
from goldwire.eval.spans.relations import score_relations

INDEPENDENT = "units count as independent: name the column of stories with --cluster"
WRONG = Policy("wrong", "wrong", "wrong")


def marked(*rows: tuple[str | None, str, int, int, str]) -> pa.Table:
    names = ("mention_id", "unit_id", "start", "end", "label")
    return pa.table({name: [row[at] for row in rows] for at, name in enumerate(names)})


def linked(*rows: tuple[str, str, str, str]) -> pa.Table:
    names = ("unit_id", "from", "to", "label")
    return pa.table({name: [row[at] for row in rows] for at, name in enumerate(names)})


GOLD = marked(("a", "u1", 0, 5, "X"), ("b", "u1", 10, 20, "Y"), ("c", "u2", 5, 9, "X"))
EXTRA = marked(("p", "u1", 0, 5, "X"), ("q", "u3", 0, 3, "X"), ("r", "u4", 0, 3, "X"), ("s", "u3", 4, 6, "Y"))
LINKS = linked(("u1", "a", "b", "POS"), ("u2", "author", "c", "NEG"))


def refusal(*tables: pa.Table, **options: Any) -> tuple[str, str | None]:
    score = score_relations if "from" in tables[0].column_names else score_mentions
    with pytest.raises(GoldwireError) as error:
        score(*tables, **options)
    return str(error.value), error.value.hint


def counts(found: dict[str, Any]) -> tuple[int, float, list[str]]:
    return found["predicted"], found["metrics"]["precision"]["value"], found["warnings"]


def test_predictions_of_units_that_the_gold_has_not_are_refused() -> None:
    message, hint = refusal(GOLD, EXTRA)
    assert message == "the predictions are of units that are not in the gold: 2 (u3, u4) of 3 predicted"
    assert hint == (
        "A unit in which the gold has nothing stands in no row of it: what is predicted there can count as wrong, or "
        "be left out: --extra wrong, --extra ignore"
    )
    _, hint = refusal(GOLD, marked(("p", "U2", 5, 9, "X")))
    assert hint is not None
    assert hint.startswith('1 ids differ only in upper and lower case, such as "u2" in the gold and "U2" in ')


def test_they_count_as_wrong_or_are_left_out_when_that_is_asked_and_units_without_any_are_counted() -> None:
    missed = "1 of 2 gold units have no prediction: what they have is missed"
    found = score_mentions(GOLD, EXTRA, policy=Policy(extra="wrong"))
    extra = "3 predictions are of units that the gold has not: "
    assert counts(found) == (4, 0.25, [missed, extra + "they count as wrong", INDEPENDENT])
    assert "|kind:mentions|extra:wrong|cluster:unit|" in found["signature"]
    found = score_mentions(GOLD, EXTRA, policy=Policy(extra="ignore"))
    assert counts(found) == (1, 1.0, [missed, extra + "they are left out", INDEPENDENT])
    assert refusal(GOLD, EXTRA.slice(1), policy=Policy(extra="ignore"))[0] == "no prediction is of a unit of the gold"


def test_no_prediction_at_all_is_refused_unless_it_counts_as_wrong() -> None:
    for gold, tables in ((GOLD, (GOLD.slice(0, 0),)), (LINKS, (LINKS.slice(0, 0),))):
        assert refusal(gold, *tables) == (
            "the predictions have no rows",
            "Where the model found nothing, say so: --missing wrong",
        )
    found = score_mentions(GOLD, GOLD.slice(0, 0), policy=Policy(missing="wrong"))
    assert counts(found) == (
        0,
        0.0,
        ["2 of 2 gold units have no prediction: what they have is missed", INDEPENDENT],
    )


def test_a_mention_or_relation_that_stands_twice_is_refused_on_either_side() -> None:
    twice = pa.concat_tables([GOLD, GOLD.slice(0, 1)])
    named = "the same mention_id stands more than once in a unit: 1 ((u1, a))"
    assert refusal(GOLD, twice, policy=WRONG)[0] == f"the predictions: {named}"
    assert refusal(twice, GOLD, policy=WRONG)[0] == f"the gold: {named}"
    plain = "the predictions: rows stand more than once: 1 ((u1, 0, 5, X))"
    assert refusal(GOLD, twice.drop_columns("mention_id"), policy=WRONG)[0] == plain
    assert refusal(GOLD, marked(*[(None, "u1", 0, 5, "X")] * 2), policy=WRONG)[0] == plain
    links = pa.concat_tables([LINKS, LINKS.slice(1)])
    assert refusal(LINKS, links, policy=WRONG)[0] == (
        "the predictions: rows stand more than once: 1 ((u2, author, c, NEG))"
    )
    told_apart = links.append_column("relation_id", pa.array(["1", "2", "3"]))
    assert counts(score_relations(LINKS, told_apart))[:2] == (3, 0.666667)
    assert refusal(LINKS, LINKS, gold_mentions=GOLD, predicted_mentions=twice)[0] == f"the predictions: {named}"


def test_labels_that_the_gold_has_not_are_refused_or_as_the_policy_says() -> None:
    odd = marked(("p", "u1", 0, 5, "X"), ("q", "u2", 5, 9, "x"))
    assert refusal(GOLD, odd) == (
        'the predictions have labels that the gold has not, in 1 (u2) of 2 rows: "x"',
        'Known: X, Y. "x" differs from "X" only in upper and lower case. '
        "Or say what becomes of them: --unknown wrong, --unknown label",
    )
    found = score_mentions(GOLD, odd, policy=Policy(unknown="wrong"))
    odd_one = "1 predictions have labels that are not known: these count as wrong"
    assert counts(found) == (2, 0.5, [odd_one, INDEPENDENT])
    assert list(found["per_label"]) == ["X", "Y"]
    found = score_mentions(GOLD, odd, policy=Policy(unknown="label"))
    strange = "predicted, and without support in the gold: x"
    assert counts(found) == (2, 0.5, [strange, INDEPENDENT])
    assert list(found["per_label"]) == ["X", "Y", "x"]
    blank = marked(("p", "u1", 0, 5, "X "), ("q", "u2", 5, 9, "X"))
    assert refusal(GOLD, blank, policy=WRONG)[0].startswith("labels of the predictions look like labels of the gold")


def test_relations_without_mentions_that_share_no_end_are_refused() -> None:
    other = linked(("u1", "p", "q", "POS"), ("u2", "author", "r", "NEG"))
    assert refusal(LINKS, other, policy=WRONG) == (
        "gold and predictions share no end of a relation: a of u1 against p of u1",
        "Say what the ends are: give --gold-mentions and --predicted-mentions.",
    )
    one = linked(("u1", "p", "q", "POS"), ("u2", "author", "c", "NEG"))
    assert counts(score_relations(LINKS, one))[:2] == (2, 0.5)
    of_author = linked(("u1", "author", "author", "POS"))
    assert counts(score_relations(LINKS, of_author))[:2] == (1, 0.0)


def test_a_unit_of_the_golds_mentions_is_one_of_the_gold_and_labels_of_mentions_are_compared() -> None:
    gold = LINKS.slice(0, 1)
    predicted = linked(("u1", "a", "b", "POS"), ("u2", "author", "c", "POS"))
    both = {"gold_mentions": GOLD, "predicted_mentions": GOLD}
    assert counts(score_relations(gold, predicted, **both)) == (2, 0.5, [INDEPENDENT])
    assert refusal(gold, predicted)[0].endswith("not in the gold: 1 (u2) of 2 predicted")
    odd = marked(("a", "u1", 0, 5, "x"), ("b", "u1", 10, 20, "Y"))
    links = {"gold_mentions": GOLD, "predicted_mentions": odd}
    assert refusal(gold, gold, **links)[0] == (
        'the predicted mentions have labels that the gold has not, in 1 (u1) of 2 rows: "x"'
    )
    assert counts(score_relations(gold, gold, **links, policy=Policy(unknown="wrong")))[:2] == (1, 0.0)
