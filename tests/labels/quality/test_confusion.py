"""Answers against the others' answers, worked out by hand."""

from collections import Counter
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.labels.quality.confusion import NONE, confusions
from goldwire.labels.quality.observed import Observed, observed_frame


def seen(units: list[dict[str, Any]]) -> Observed:
    rows = [
        {"task": f"u{n}", "worker": who, "label": said} for n, unit in enumerate(units) for who, said in unit.items()
    ]
    return observed_frame(pa.Table.from_pylist(rows))


def test_each_other_answer_weighs_its_share() -> None:
    # u0: a says x, the others x and y; u1: a says y, b says x; u2: a alone
    found = confusions(seen([{"a": "x", "b": "x", "c": "y"}, {"a": "y", "b": "x"}, {"a": "y"}]))
    assert found[0] == {
        "confusion": {"x": {"x": 0.5, "y": 0.5}, "y": {"x": 1.0}},
        "confusions": [
            {"given": "y", "others": "x", "weight": 1.0, "share": 1.0, "units": ["u1"]},
            {"given": "x", "others": "y", "weight": 0.5, "share": 0.5, "units": ["u0"]},
        ],
    }
    assert found[1]["confusion"] == {"x": {"x": 0.5, "y": 1.5}}
    assert found[2]["confusion"] == {"y": {"x": 1.0}}


def test_of_sets_only_what_one_side_alone_has_is_confused() -> None:
    found = confusions(seen([{"a": ["x", "y"], "b": ["x", "z"]}, {"a": ["x"], "b": ["x", "y", "z"]}]))
    assert found[0]["confusion"] == {"x": {"x": 2.0}, "y": {"z": 1.0}, NONE: {"y": 1.0, "z": 1.0}}
    assert found[1]["confusion"] == {"x": {"x": 2.0}, "y": {NONE: 1.0}, "z": {"y": 1.0, NONE: 1.0}}
    assert found[0]["confusions"][1] == {"given": NONE, "others": "y", "weight": 1.0, "share": 0.5, "units": ["u1"]}
    assert found[1]["confusions"][0]["units"] == ["u1"]


def test_whoever_shares_no_unit_has_no_table() -> None:
    assert confusions(seen([{"a": "x"}, {"b": "y"}])) == [{"confusion": {}, "confusions": []}] * 2


answers = st.lists(
    st.dictionaries(st.sampled_from("abcd"), st.sampled_from("xyz"), min_size=1, max_size=4), min_size=1, max_size=12
)


@settings(deadline=None)
@given(answers)
def test_rows_sum_to_his_answers_that_others_answered_too(units: list[dict[str, str]]) -> None:
    observed = seen(units)
    for name, one in zip(observed.answers.annotators, confusions(observed), strict=True):
        shared = Counter(unit[name] for unit in units if name in unit and len(unit) > 1)
        sums = {said: pytest.approx(sum(row.values()), abs=1e-5) for said, row in one["confusion"].items()}
        assert sums == dict(shared)
        for row in one["confusions"]:
            for unit in row["units"]:
                said = units[int(unit[1:])]
                assert said[name] == row["given"]
                assert row["others"] in [label for who, label in said.items() if who != name]


@settings(deadline=None)
@given(answers, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(units: list[dict[str, str]], random: Any) -> None:
    rows = [
        {"task": f"u{n}", "worker": who, "label": said} for n, unit in enumerate(units) for who, said in unit.items()
    ]
    random.shuffle(rows)
    assert confusions(observed_frame(pa.Table.from_pylist(rows))) == confusions(seen(units))
