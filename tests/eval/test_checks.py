"""Each check, once when it fires and once when it does not."""

from typing import Any

import pandas as pd
import pytest

from goldwire import scheme
from goldwire.eval import checks
from goldwire.eval.inputs import Inputs
from goldwire.eval.result import Check, Comparison, Figure, LabelScore, ModelResult

STANCE = scheme.load("stance-target")
LABELS = ["favor", "against", "none"]


def inputs(**columns: Any) -> Inputs:
    """Two hundred units of as many stories, half of them in the test split, with every label."""
    base = {
        "unit_id": [f"u{i}" for i in range(200)],
        "label": [LABELS[i % 3] for i in range(200)],
        "split": ["train", "test"] * 100,
        "cluster": [f"s{i}" for i in range(200)],
        "target": ["tax"] * 200,
    }
    empty = pd.DataFrame({"unit_id": [], "annotator": [], "label": []})
    return Inputs(STANCE, STANCE.questions[0], LABELS, pd.DataFrame({**base, **columns}), empty)


def model(name: str, macro: float | None, role: Any = "baseline", **f1: float) -> ModelResult:
    labels = {
        label: LabelScore(precision=1, recall=1, f1=f1.get(label, 0.5), support=5, f1_low=None, f1_high=None)
        for label in LABELS
    }
    metrics = {"macro-f1": Figure(value=macro)}
    return ModelResult(name=name, summary="", role=role, metrics=metrics, per_label=labels, confusion=[])


def difference(p: float, value: float = 0.2) -> Comparison:
    return Comparison(
        a="tfidf-logreg", b="majority", metric="macro-f1", difference=value, low=0.1, high=0.3, p=p, p_holm=p
    )


def told(check: Check) -> tuple[str, str]:
    return check.state, check.text


def test_stories() -> None:
    assert told(checks.stories(inputs())) == ("ok", "200 stories checked.")
    shared = inputs(cluster=["s0", "s0", *(f"t{i}" for i in range(198))])
    assert told(checks.stories(shared)) == ("warning", "1 story in more than one split: s0.")


def test_size() -> None:
    assert told(checks.size(inputs())) == ("ok", "100 labelled units from 100 stories.")
    small = inputs(cluster=[f"s{i % 20}" for i in range(200)])
    assert told(checks.size(small)) == (
        "warning",
        "100 labelled units from 10 stories. Below 100 units or 30 stories, read the intervals, not the values.",
    )


def test_support() -> None:
    assert told(checks.support(inputs())) == ("ok", "At least 33 units of each label, in train and in test.")
    labels = ["against" if i % 2 else LABELS[i % 3] for i in range(200)]
    assert told(checks.support(inputs(label=labels))) == (
        "warning",
        "Not measured, and left out of macro-F1: favor, none.",
    )
    none_in_train = [None if not i % 2 and i % 3 == 1 else LABELS[i % 3] for i in range(200)]
    assert told(checks.support(inputs(label=none_in_train))) == ("warning", "Nothing to learn from: against.")


def test_unresolved() -> None:
    assert told(checks.unresolved(inputs())) == ("ok", "100 test units.")
    tied = inputs(label=[None if i == 1 else LABELS[i % 3] for i in range(200)])
    assert told(checks.unresolved(tied)) == (
        "warning",
        "1 of 100 test units: tied or unsure, so not scored. The rest is easier.",
    )


@pytest.mark.parametrize(("p", "value", "state"), [(0.01, 0.2, "ok"), (0.2, 0.2, "warning"), (0.01, -0.2, "warning")])
def test_above_baseline(p: float, value: float, state: str) -> None:
    models = [model("majority", 0.2), model("tfidf-logreg", 0.4)]
    found = checks.above_baseline(models, [difference(p, value)])
    expected = f"tfidf-logreg less majority, macro-F1: {value:+.3f} (+0.100 to +0.300), p {p:.3f}"
    assert told(found) == (state, f"{expected} after Holm's correction.")


def test_above_baseline_is_not_applicable_when_the_first_is_the_best() -> None:
    models = [model("majority", 0.5), model("tfidf-logreg", 0.4), model("probe", 0.9, role="probe")]
    found = checks.above_baseline(models, [difference(0.01)])
    assert told(found) == ("not applicable", "Not applicable, because no other model is above majority.")


def test_hidden_labels() -> None:
    assert told(checks.hidden_labels([model("m", 0.5)])) == ("ok", "Model m.")
    assert told(checks.hidden_labels([model("m", 0.5, against=0.0)])) == ("warning", "against.")


@pytest.mark.parametrize(("blind", "state"), [(0.475, "warning"), (0.474, "ok")])
def test_shortcut(blind: float, state: str) -> None:
    models = [model("tfidf-logreg", 0.5), model("tfidf-logreg-text-only", blind, role="probe")]
    found = checks.shortcut(inputs(), models, "text-only", "holder and target", "the article alone")
    assert told(found) == (state, f"Macro-F1 {blind:.3f} from the article alone, 0.500 with holder and target.")


def test_shortcut_says_when_it_does_not_apply() -> None:
    arguments = ("text-only", "holder and target", "the article alone")
    without = checks.shortcut(inputs(target=[""] * 200), [], *arguments)
    assert told(without) == ("not applicable", "Not applicable, because the units do not ask about a target.")
    untrained = checks.shortcut(inputs(), [model("tfidf-logreg", 0.5)], *arguments)
    assert untrained.state == "not applicable"
