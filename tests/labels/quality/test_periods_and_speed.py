"""Which periods are compared, and fast answers against the others."""

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import spearmanr

from goldwire.labels.quality.drift import drift, of_all
from goldwire.labels.quality.observed import Observed, observed_frame
from goldwire.labels.quality.periods import periods
from goldwire.labels.quality.rest import same_as_rest
from goldwire.labels.quality.speed import speed

BOOTSTRAP: dict[str, Any] = {"resamples": 200, "seed": 0, "level": 0.95}
START = datetime(2026, 3, 4, 9)  # a Wednesday


def seen(n: int, hours: float, a: Any = "x", b: Any = "x", took: Any = None) -> Observed:
    """Two annotators answer n units, so many hours apart; `a`, `b` and `took` may depend on the unit."""
    rows = [
        {
            "task": f"u{i:04}",
            "worker": who,
            "label": said(i) if callable(said) else said,
            "created": START + timedelta(hours=hours * i),
            "lead_time_s": took(i, who) if took else None,
        }
        for i in range(n)
        for who, said in (("a", a), ("b", b))
    ]
    return observed_frame(pa.Table.from_pylist(rows))


def test_days_where_each_has_enough_answers() -> None:
    found = periods(seen(60, 2))
    assert (found.by, found.names) == ("day", [str(date(2026, 3, 4) + timedelta(days=i)) for i in range(6)])
    assert found.code[:4].tolist() == [0, 0, 0, 0]


def test_weeks_begin_on_monday_and_include_empty_ones() -> None:
    observed = seen(60, 12)
    found = periods(observed)
    assert (found.by, found.names[:2], len(found.names)) == ("week", ["2026-03-02", "2026-03-09"], 5)


def test_months_when_it_took_longer() -> None:
    found = periods(seen(60, 24 * 5))
    assert (found.by, found.names[:2]) == ("month", ["2026-03", "2026-04"])


def test_one_sitting_is_cut_by_answers_and_the_rest_joins_the_last() -> None:
    found = periods(seen(170, 0.01))
    assert (found.by, found.size, found.names[:2], len(found.names)) == ("answers", 22, ["1–22", "23–44"], 7)
    assert np.bincount(found.code).tolist() == [44] * 6 + [2 * (170 - 6 * 22)]


@pytest.mark.parametrize(
    ("observed", "why"),
    [
        (seen(39, 0.01), "fewer than 40 answers each"),
        (observed_frame(pa.table({"task": ["u"], "worker": ["a"], "label": ["x"]})), "no time of an answer is known"),
    ],
)
def test_what_cannot_be_cut_says_why(observed: Observed, why: str) -> None:
    found = periods(observed)
    assert (found.names, found.why) == ([], why)
    assert drift(observed, same_as_rest(observed), [0], found, BOOTSTRAP)[0]["periods"] == []


def test_a_fall_in_agreement_and_a_label_given_more_and_more_are_found() -> None:
    # in the second half a gives y on every other unit, where b says x
    observed = seen(200, 2, a=lambda i: "y" if i >= 100 and i % 2 else "x")
    spans, same = periods(observed), same_as_rest(observed)
    found = drift(observed, same, [0, 1], spans, BOOTSTRAP)
    first, last = found[0]["periods"][0], found[0]["periods"][-1]
    assert (first["agreement"]["value"], first["rates"]["y"]["value"]) == (1, 0)
    assert last["agreement"]["value"] == pytest.approx(0.5, abs=0.1)
    days = [(START + timedelta(hours=2 * i)).date() for i in range(200)]
    assert (last["period"], last["n"]) == (max(days).isoformat(), days.count(max(days)))
    trend = found[0]["trend"]
    assert trend["change"]["value"] == pytest.approx(-0.75, abs=0.03)
    assert trend["p_holm"] == pytest.approx(2 * trend["p"], abs=1e-6)
    assert trend["p_holm"] < 0.001
    assert found[0]["label_trends"]["y"]["change"]["value"] == -trend["change"]["value"]
    assert found[1]["label_trends"]["y"]["change"]["value"] == trend["change"]["value"]
    assert of_all(observed, same, spans, BOOTSTRAP)[0]["value"] == 1


def test_a_corpus_that_changes_is_no_drift_of_labels() -> None:
    observed = seen(100, 2, a=lambda i: "y" if i > 50 else "x", b=lambda i: "y" if i > 50 else "x")
    (found, _) = drift(observed, same_as_rest(observed), [0, 1], periods(observed), BOOTSTRAP)
    assert found["label_trends"]["y"] == {"change": {"value": 0, "low": 0, "high": 0}, "p": 1, "p_holm": 1}


def test_fast_answers_are_compared_with_the_others() -> None:
    # b takes 30 s; a takes 30 s, but on each fourth unit 3 s, and there they differ
    observed = seen(
        80, 1, b=lambda i: "y" if i % 4 == 0 else "x", took=lambda i, who: 3.0 if who == "a" and i % 4 == 0 else 30.0
    )
    same = same_as_rest(observed)
    total, (a, b) = speed(observed, same, BOOTSTRAP)
    assert total == {"n": 160, "median_s": 30, "fast_below_s": 10}
    assert (a["n"], a["median_s"], a["fast"], a["share_fast"]["value"]) == (80, 30, 20, 0.25)
    assert (a["agreement_fast"]["value"], a["agreement_slow"]["value"]) == (0, 1)
    assert a["difference"] == {"value": -1, "low": -1, "high": -1}
    assert a["spearman"] == {"value": 1, "low": 1, "high": 1}
    assert (b["fast"], b["agreement_fast"]["why"], b["difference"]["why"]) == (
        0,
        "no fast answer",
        "no fast answer to compare",
    )
    assert b["spearman"]["why"] == "all are the same"


def test_the_rank_correlation_is_that_of_scipy() -> None:
    rng = np.random.default_rng(0)
    took, said = rng.lognormal(3, 1, (60, 2)), rng.integers(0, 2, 60)
    observed = seen(60, 1, a=lambda i: "xy"[said[i]], took=lambda i, who: float(took[i, "ab".index(who)]))
    _, (a, _) = speed(observed, same_as_rest(observed), BOOTSTRAP)
    assert a["spearman"]["value"] == pytest.approx(spearmanr(took[:, 0], said == 0).statistic, abs=1e-6)


def test_without_lead_times_it_says_so() -> None:
    observed = seen(4, 1)
    total, people = speed(observed, same_as_rest(observed), BOOTSTRAP)
    assert total == {"n": 0, "median_s": None, "fast_below_s": None, "why": "no lead time is known"}
    assert people == [{"n": 0, "why": "no lead time is known"}] * 2
