"""Label rates and bias, worked out by hand."""

from typing import Any

import pyarrow as pa
import pytest
from scipy.stats import binomtest

from goldwire.labels.quality import rates as module
from goldwire.labels.quality.observed import Observed, observed_frame
from goldwire.labels.quality.rates import NOBODY, bias, compared_labels, labels_per_answer, rates
from goldwire.stats.proportion import wilson

BOOTSTRAP: dict[str, Any] = {"resamples": 200, "seed": 0, "level": 0.95}


def seen(units: list[dict[str, Any]]) -> Observed:
    rows = [
        {"task": f"u{n:03}", "worker": who, "label": said}
        for n, unit in enumerate(units)
        for who, said in unit.items()
    ]
    return observed_frame(pa.Table.from_pylist(rows))


def test_rates_are_of_all_answers_and_bias_of_shared_ones() -> None:
    # a says yes on 9 of 12 shared units where b says no, both say no on 3, and a says no alone on 4
    observed = seen([{"a": "yes", "b": "no"}] * 9 + [{"a": "no", "b": "no"}] * 3 + [{"a": "no"}] * 4)
    labels = compared_labels(observed)
    assert [observed.answers.labels[i] for i in labels] == ["no", "yes"]
    share = rates(observed, labels, 0.95)
    assert share[0]["yes"] == {"n": 16, **wilson(9, 16).as_dict()}
    found = bias(observed, labels, BOOTSTRAP)
    p = binomtest(9, 9).pvalue
    row = found[0]["yes"]
    assert row["difference"].pop("low") == pytest.approx(0.5, abs=0.15)
    assert row["difference"].pop("high") == pytest.approx(1, abs=0.1)
    assert row == {
        "n": 12,
        "share": 0.75,
        "others": 0.0,
        "difference": {"value": 0.75},
        "p": pytest.approx(p, abs=1e-6),
        "p_holm": pytest.approx(4 * p, abs=1e-6),  # two annotators, two labels
        "test": "exact",
        "units": 9,
    }
    assert found[1]["yes"]["difference"]["value"] == -0.75


def test_hard_units_do_not_look_like_bias() -> None:
    # a got the units that have the label, c the others; with b they agree
    found = bias(seen([{"a": "x", "b": "x"}] * 10 + [{"c": "y", "b": "y"}] * 10), [0, 1], BOOTSTRAP)
    assert [row["difference"]["value"] for one in found for row in one.values()] == [0] * 6
    assert {row["p"] for one in found for row in one.values()} == {None}
    assert found[0]["x"]["why"] == "all answers to the same units agree about it"


def test_who_shares_nothing_is_not_compared() -> None:
    found = bias(seen([{"a": "x"}] * 3), [0], BOOTSTRAP)
    assert found[0]["x"] == {
        "n": 0,
        "share": None,
        "others": None,
        "difference": {"value": None, "low": None, "high": None, "why": NOBODY},
        "p": None,
        "p_holm": None,
        "test": None,
        "units": 0,
        "why": NOBODY,
    }


def test_only_the_labels_given_most_often_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LABELS", 2)
    observed = seen([{"a": "z"}] * 3 + [{"a": "y"}] + [{"a": "x"}] * 2)
    assert [observed.answers.labels[i] for i in compared_labels(observed)] == ["x", "z"]


def test_labels_an_answer_are_counted_on_the_same_units() -> None:
    observed = seen([{"a": ["x", "y"], "b": ["x"], "c": ["z"]}, {"a": ["x"], "b": ["x", "y", "z"]}, {"a": ["x"]}])
    found = labels_per_answer(observed, BOOTSTRAP)
    assert found[0] is not None
    assert (found[0]["mean"], found[0]["others"], found[0]["difference"]["value"]) == (1.5, 2.0, -0.5)
    assert labels_per_answer(seen([{"a": "x", "b": "y"}]), BOOTSTRAP) == [None, None]
