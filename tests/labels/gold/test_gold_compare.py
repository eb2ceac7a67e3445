"""The methods scored against rulings, and against a column of known answers."""

import math

import pyarrow as pa
import pytest

from goldwire.errors import GoldwireError
from goldwire.labels.gold.compare import DISPUTED, compare, compare_frame
from voting import SCHEMES, votes

EXACT = {"low": None, "high": None, "why": "3 clusters: an interval needs 10"}


def ruled(*rows):
    return votes(*rows, counts=False, purpose="adjudication", round="settled", annotation_id="1")


def test_majority_against_rulings_by_hand():
    table = pa.concat_tables(
        [
            votes(
                *(("u1", who, "stance", ["for"]) for who in ("ann", "bob", "eve")),
                ("u2", "ann", "stance", ["for"]),
                ("u2", "bob", "stance", ["against"]),
                ("u3", "ann", "stance", ["for"]),
                ("u3", "bob", "stance", ["for"]),
                ("u3", "eve", "stance", ["against"]),
                ("u4", "ann", "stance", ["for"]),  # nobody ruled on it
                ("u5", "ann", "stance", ["unsure"]),  # no answer to compare
            ),
            ruled(
                ("u1", "judge", "stance", ["for"]),
                ("u2", "judge", "stance", ["for"]),
                ("u3", "judge", "stance", ["against"]),
                ("u5", "judge", "stance", ["for"]),
                ("u6", "judge", "stance", ["for"]),  # nobody voted
            ),
        ]
    )
    found = compare(table, SCHEMES, resamples=100)
    assert (found["warning"], found["seed"]) == (DISPUTED, 0)
    stance = found["questions"]["little.stance"]
    assert (stance["n"], stance["clusters"], list(stance["methods"])) == (3, 3, ["majority", "dawid-skene", "mace"])
    log_loss = -(math.log(1) + math.log(1 / 2) + math.log(1 / 3)) / 3
    assert stance["methods"]["majority"] == {
        "right": {"value": round(1 / 3, 6), **EXACT},
        "right_if_drawn": {"value": 0.5, **EXACT},
        "unresolved": {"value": round(1 / 3, 6), **EXACT},
        # for, unresolved, for against for, for, against: observed 1/3, chance 2/3 * 2/3
        "kappa": {"value": -0.2, **EXACT},
        "posterior": {"value": round((1 + 1 / 2 + 1 / 3) / 3, 6), **EXACT},
        "log_loss": {"value": round(log_loss, 6), **EXACT},
    }


def test_only_what_was_in_dispute_is_looked_at():
    rows = [(unit, who, "stance", ["for"]) for unit in ("u1", "u2", "u3") for who in ("ann", "bob")]
    rows += [(unit, who, "topics", ["a"]) for unit in ("u1", "u2", "u3") for who in ("ann", "bob")]
    rulings = [
        (unit, "judge", name, [label])
        for unit in ("u1", "u2")
        for name, label in (("stance", "for"), ("topics", "b"))
    ]
    table = pa.concat_tables([votes(*rows), ruled(*rulings)])

    def counted(*disputed):
        found = compare(table, SCHEMES, disputed=set(disputed), resamples=100)["questions"]
        return {name: question["n"] for name, question in found.items()}

    assert counted(("little", "u1", "stance")) == {"little.stance": 1}
    # of a question that may be empty nobody's label is an answer too
    every = {"little.stance": 2, "little.topics": 1, "little.kind": 1}
    assert counted(("little", "u1", "stance"), ("little", "u2", None)) == every
    for nothing in ((), (("little", "u3", "stance"),), (("other", "u1", "stance"),)):
        with pytest.raises(GoldwireError, match="there is no ruling on anything that was in dispute and has votes"):
            counted(*nothing)


def test_a_question_of_which_no_ruled_unit_has_a_sure_vote_is_left_out():
    table = pa.concat_tables([votes(("u5", "ann", "stance", ["unsure"])), ruled(("u5", "judge", "stance", ["for"]))])
    assert list(compare(table, SCHEMES, resamples=100)["questions"]) == ["little.topics", "little.kind"]


def test_sets_are_right_when_they_are_the_same_and_stories_are_what_is_drawn():
    units = [f"u{i:02}" for i in range(24)]
    table = pa.concat_tables(
        [
            votes(*((unit, who, "stance", ["for"]) for unit in units for who in ("ann", "bob", "eve"))),
            votes(*((unit, who, "topics", ["b", "a"]) for unit in units[:12] for who in ("ann", "bob"))),
            ruled(*((unit, "judge", "stance", ["for"]) for unit in units)),
            ruled(*((unit, "judge", "topics", ["a", "b"]) for unit in units[:6])),
        ]
    )
    found = compare(table, SCHEMES, clusters={unit: f"s{i // 2}" for i, unit in enumerate(units)}, resamples=100)
    topics = found["questions"]["little.topics"]
    assert (topics["n"], topics["clusters"]) == (24, 12)
    majority = topics["methods"]["majority"]
    assert majority["right"]["value"] == 0.75  # a and b of six; none of the twelve that nobody gave a topic
    assert 0.3 < majority["right"]["low"] < 0.75 < majority["right"]["high"] <= 1
    assert majority["posterior"]["value"] == round(2 / 3, 6)
    sets = {"value": None, "low": None, "high": None, "why": "an answer is a set"}
    assert (majority["right_if_drawn"], majority["log_loss"]) == (sets, sets)
    stance = found["questions"]["little.stance"]["methods"]["mace"]
    assert stance["right"] == {"value": 1, "low": 1, "high": 1}
    assert stance["kappa"] == {"value": None, "low": None, "high": None, "why": "not defined on these data"}


def test_without_rulings_there_is_nothing_to_compare_with():
    with pytest.raises(GoldwireError, match="there is no ruling on a unit that has votes") as caught:
        compare(votes(("u1", "ann", "stance", ["for"])), SCHEMES)
    assert caught.value.hint == "Have disputes settled first, with: goldwire labels adjudicate"


ROWS = {
    "task": ["1", "1", "2", "2", "3", "3"],
    "worker": ["a", "b", "a", "b", "a", "b"],
    "label": ["x", "x", "x", "y", "y", "y"],
    "true": ["x", "x", "y", None, None, None],
}


def test_a_plain_file_with_a_column_of_known_answers():
    found = compare_frame(pa.table(ROWS), "task", "worker", "label", "true", resamples=100)
    assert {name: found[name] for name in ("seed", "n", "clusters")} == {"seed": 0, "n": 2, "clusters": 2}
    majority = found["methods"]["majority"]
    assert [majority[name]["value"] for name in ("right", "right_if_drawn", "unresolved")] == [0.5, 0.75, 0.5]


def test_a_column_of_known_answers_that_cannot_be_used_is_refused():
    def refused(column, values):
        table = pa.table({**ROWS, "true": pa.array(values, pa.string())})
        with pytest.raises(GoldwireError) as caught:
            compare_frame(table, "task", "worker", "label", column)
        return str(caught.value)

    assert refused("gold", ROWS["true"]) == 'there is no column "gold"'
    assert refused("true", [None] * 6) == 'no unit with an answer has a value in column "true"'
    assert refused("true", ["x", "y", *[None] * 4]) == '1 is both "x" and "y" in column "true"'
