"""Each check, once when it fires and once when it does not."""

from typing import Any

import pytest

from goldwire.eval import checks
from goldwire.eval.result import Check, Comparison, Figure, LabelScore, ModelResult

LABELS = ["favor", "against", "none"]


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


def test_a_model_that_is_as_good_without_the_target_is_a_warning() -> None:
    models = [model("majority", 0.3), model("a", 0.671), model("a-text-only", 0.697), model("b", 0.8)]
    models += [model("b-text-only", 0.75), model("c-text-only", 0.9), model("d", None), model("d-text-only", 0.1)]
    sentence = (
        "a-text-only has macro-F1 0.697 without the target, 104% of the 0.671 of a, which has it too: what is scored "
        "here may not be about the target."
    )
    assert told(checks.without_target(models)) == ("warning", sentence)
    assert checks.without_target(models).name == "without-target"
    assert told(checks.without_target([*models[3:5]])) == ("ok", "Macro-F1: b 0.800, b-text-only 0.750.")
    assert told(checks.without_target(models[:2])) == (
        "not applicable",
        "Not applicable, because no model was scored both with the target and without it.",
    )


def test_95_percent_is_enough_for_the_warning_and_nothing_is_divided_by_zero() -> None:
    assert checks.blind_to_target({"a": 0.8, "a-text-only": 0.7599}) == []
    assert len(checks.blind_to_target({"a": 0.8, "a-text-only": 0.76})) == 1
    (said,) = checks.blind_to_target({"a": 0.0, "a-text-only": 0.0})
    assert said.startswith("a-text-only has macro-F1 0.000 without the target, the 0.000 of a, which")


def finding(code: str, state: str, question: str | None = None, **more: Any) -> dict[str, Any]:
    one = {"code": code, "name": "shared_field", "title": "A field is shared", "severity": "error", "state": state}
    return {**one, "text": "Two of them.", "count": 2, "cases": ["a", "b"], "question": question, **more}


def test_findings_of_the_audit_on_the_question_and_on_the_whole_are_taken() -> None:
    audit = [
        finding("GW101", "fired"),
        finding("GW102", "silent"),
        finding("GW103", "not applicable", text="no dates are known"),
        finding("GW201", "accepted", "events.main", accepted="Wire copies."),
        finding("GW202", "fired", "stance.stance"),
        finding("GW203", "fired", "events.main", severity="note"),
    ]
    assert [tuple(check.model_dump().values()) for check in checks.audited("events.main", audit)] == [
        ("GW101", "A field is shared", "error", "Two of them."),
        ("GW102", "Shared field", "ok", "Two of them."),
        ("GW103", "Shared field", "not applicable", "Not applicable, because no dates are known."),
        ("GW201", "A field is shared", "accepted", "Two of them. Accepted: Wire copies."),
        ("GW203", "A field is shared", "note", "Two of them."),
    ]


def test_a_dataset_that_was_not_audited_is_said() -> None:
    (check,) = checks.audited("events.main", None)
    reason = "Not applicable, because the dataset was not audited; goldwire labels dataset does it."
    assert (check.state, check.text) == ("not applicable", reason)
