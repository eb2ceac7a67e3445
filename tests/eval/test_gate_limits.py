"""Limits that a figure must keep: of every figure that is printed, the way in which it is better."""

from typing import Any

import pytest

from goldwire.errors import UsageError
from goldwire.eval.gates.limits import NAMES, check_labels, failed, figures_of, limits
from goldwire.eval.measure import Bootstrap, Gold, measure
from goldwire.eval.probabilities import calibration
from goldwire.eval.result import ModelResult
from goldwire.eval.soft import by_votes, soft
from goldwire.eval.spans.figures import NAMES as SPANS
from goldwire.eval.task import Answer, Task

METRICS: dict[str, dict[str, Any]] = {
    "macro-f1": {"value": 0.5512347, "low": 0.4, "high": 0.7},
    "hamming-loss": {"value": 0.2, "low": None, "high": None},
    "kappa": {"value": None, "why": "not defined on these data"},
}


def test_a_value_at_the_limit_passes_and_one_beyond_it_fails() -> None:
    assert failed(METRICS, limits(["macro-f1=0.5512347"], ["hamming-loss=0.2"])) == []
    assert failed(METRICS, limits(["macro-f1=0.60", "macro-f1=0.5", "kappa=0"], ["hamming-loss=0.1"])) == [
        "macro-f1 is 0.551235, below 0.6",
        "kappa is not defined, and should be 0 or more",
        "hamming-loss is 0.2, above 0.1",
    ]
    assert failed(METRICS, []) == []


@pytest.mark.parametrize(
    "limit", ["macro-f1", "macro-f1=", "=0.5", "macro-f1=high", "macro-f1=nan", "macro-f1=inf", ""]
)
def test_a_malformed_limit_is_a_usage_error(limit: str) -> None:
    with pytest.raises(UsageError) as caught:
        limits([limit])
    assert (str(caught.value), caught.value.hint) == (
        f'a limit is NAME=VALUE, not "{limit}"',
        "--fail-under macro-f1=0.60",
    )


@pytest.mark.parametrize(
    ("under", "over", "message", "hint"),
    [
        ("ece=0.1", "", "of ece less is better", "--fail-over ece=0.1"),
        ("mae-ranks=2", "", "of mae-ranks less is better", "--fail-over mae-ranks=2"),
        ("", "macro-f1=0.6", "of macro-f1 more is better", "--fail-under macro-f1=0.6"),
        ("", "f1:against=0.6", "of f1:against more is better", "--fail-under f1:against=0.6"),
        ("macro-f1=60", "", "macro-f1 is from 0 to 1, and the limit 60", None),
        ("f1:against=60", "", "f1:against is from 0 to 1, and the limit 60", None),
        ("mcc=-1.5", "", "mcc is from -1 to 1, and the limit -1.5", None),
        ("", "log-loss=-0.5", "log-loss is 0 or more, and the limit -0.5", None),
    ],
)
def test_a_limit_the_wrong_way_or_beyond_what_can_be_is_usage(
    under: str, over: str, message: str, hint: str | None
) -> None:
    with pytest.raises(UsageError) as caught:
        limits([under] if under else [], [over] if over else [])
    assert (str(caught.value), caught.value.hint) == (message, hint)


def test_an_unknown_figure_names_what_there_is_and_a_label_may_have_an_equals_sign() -> None:
    with pytest.raises(UsageError, match=r'^there is no metric "macro-f2"$') as caught:
        limits(["macro-f2=0.5"])
    assert caught.value.hint == f"There are: {', '.join(NAMES)}, f1:LABEL, precision:LABEL, recall:LABEL"
    (one,) = limits(["f1:a=b=.5"])
    assert (one.name, one.value, str(one)) == ("f1:a=b", 0.5, "--fail-under f1:a=b=0.5")
    assert limits(["overlap-recall=.5"], names=SPANS)[0].name == "overlap-recall"
    with pytest.raises(UsageError, match=r'^there is no metric "kappa"$'):
        limits(["kappa=0.5"], names=SPANS)
    with pytest.raises(UsageError, match=r'^there is no label "c" for --fail-under recall:c=0.5$'):
        check_labels(limits(["f1:a=.5", "recall:c=.5"]), ["a", "b"])
    with pytest.raises(UsageError, match=r"^ece was not measured$") as caught:
        failed(METRICS, limits([], ["ece=.5"]))
    assert caught.value.hint == "It takes shares of labels. Measured: macro-f1, hamming-loss, kappa"


def test_every_figure_of_a_score_and_of_a_model_of_a_result_has_its_limit() -> None:
    task = Task(("a", "b", "c"))
    actual: list[Answer] = [("a",), ("b",)] * 10
    predicted: list[Answer] = [("a",), ("b",)] * 9 + [("b",), ("c",)]
    clusters = [str(i) for i in range(20)]
    shares = task.marks(predicted) * 0.7 + 0.1
    votes = [{answer[0]: 1.0} if i else {"a": 0.5, "b": 0.5} for i, answer in enumerate(actual)]
    few = Bootstrap(50)
    metrics, per_label = measure(Gold.of(task, actual, clusters), predicted, few)
    value = {
        "metrics": metrics,
        "per_label": per_label,
        "calibration": calibration(task, actual, shares, clusters, few),
        "soft": soft(task, votes, shares, clusters, few),
        "by_votes": by_votes(task, actual, predicted, votes, clusters, few),
    }
    figures = figures_of(value)
    assert {"macro-f1", "log-loss", "brier", "ece", "jensen-shannon", "manhattan", "contested"} < figures.keys()
    for name, figure in figures.items():
        at = figure["value"] if figure["value"] is not None else 0
        try:
            asked = limits([f"{name}={at}"])
        except UsageError:
            asked = limits([], [f"{name}={at}"])
        assert bool(failed(figures, asked)) == (figure["value"] is None), name
    assert failed(figures, limits(["f1:c=0", "recall:a=.95"])) == [
        "f1:c is not defined, and should be 0 or more",
        "recall:a is 0.9, below 0.95",
    ]
    model = ModelResult.model_validate({"name": "m", "summary": "", "role": "given", "confusion": [], **value})
    assert {name: one["value"] for name, one in figures_of(model.model_dump()).items()} == {
        name: one["value"] for name, one in figures.items()
    }
