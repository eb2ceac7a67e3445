"""Checks of a result: what a reviewer would ask about the models, beside what the audit found in the data.

Each check of the models is a function that returns one `Check`: ok, a warning, or not applicable with the reason.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from goldwire.eval.result import Check, CheckState, Comparison, ModelResult, best

BLIND = "-text-only"
"""How the name of a model ends that is another, blind to the target."""
BLIND_SHARE = 0.95
"""Of the macro-F1 of a model that sees the target; as in the audit of the data, GW301."""
_STATES: dict[str, CheckState] = {"silent": "ok", "accepted": "accepted", "not applicable": "not applicable"}


def run(
    question: str,
    audit: Sequence[Mapping[str, Any]] | None,
    models: Sequence[ModelResult],
    comparisons: Sequence[Comparison],
) -> list[Check]:
    """Check the models, and take what the audit found.

    Parameters
    ----------
    question : str
        ``<scheme>.<question>``.
    audit : sequence of mapping, optional
        The findings of eval/audit.json; None when the dataset was not audited.
    """
    return [
        above_baseline(models, comparisons),
        hidden_labels(models),
        without_target(models),
        *audited(question, audit),
    ]


def audited(question: str, audit: Sequence[Mapping[str, Any]] | None) -> list[Check]:
    """Return the findings on the question and on the dataset as a whole."""
    if audit is None:
        reason = "the dataset was not audited; goldwire labels dataset does it"
        return [_not_applicable("audit", "Checks of the data", reason)]
    return [_of_audit(one) for one in audit if one["question"] in (question, None)]


def _of_audit(one: Mapping[str, Any]) -> Check:
    """A finding's title says what is wrong, so where nothing is its name stands instead."""
    fired = one["state"] in ("fired", "accepted")
    state = one["severity"] if one["state"] == "fired" else _STATES[one["state"]]
    text = one["text"]
    if one["state"] == "not applicable":
        text = f"Not applicable, because {text.rstrip('.')}."
    if one["state"] == "accepted":
        text = f"{text} Accepted: {one['accepted']}"
    name = one["name"].replace("_", " ").capitalize()
    return Check(name=one["code"], title=one["title"] if fired else name, state=state, text=text)


def above_baseline(models: Sequence[ModelResult], comparisons: Sequence[Comparison]) -> Check:
    """The best model should be better than the first baseline by more than luck."""
    name, title = "above-baseline", "The best model is better than the first baseline"
    top = best(models)
    first = next(model.name for model in models if model.role != "probe")
    found = [c for c in comparisons if (c.a, c.b, c.metric) == (top.name, first, "macro-f1") and c.p_holm is not None]
    if not found:
        return _not_applicable(name, title, f"no other model is above {top.name}")
    (c,) = found
    text = f"{c.a} less {c.b}, macro-F1: {c.difference:+.3f}{_between(c)}, p {c.p_holm:.3f} after Holm's correction."
    if c.p_holm is not None and c.p_holm < 0.05 and (c.difference or 0) > 0:
        return _ok(name, title, text)
    return _warning(name, "The best model is not clearly better than the first baseline", text)


def hidden_labels(models: Sequence[ModelResult]) -> Check:
    """An average can hide a label on which the model is never right."""
    top = best(models)
    never = [label for label, s in top.per_label.items() if s.support and not s.f1]
    title = "The best model is right on every label at least once"
    if never:
        return _warning("hidden-labels", "The best model is never right on some labels", f"{', '.join(never)}.")
    return _ok("hidden-labels", title, f"Model {top.name}.")


def without_target(models: Sequence[ModelResult]) -> Check:
    """A model that knows the target should be better than the same without it, or the target is not asked about."""
    name, title = "without-target", "With the target, models are better than without it"
    macro = {model.name: figure.value for model in models if (figure := model.metrics.get("macro-f1"))}
    pairs = seen_and_blind(macro)
    if not pairs:
        return _not_applicable(name, title, "no model was scored both with the target and without it")
    if said := blind_to_target(macro):
        return _warning(name, "Without the target, models are as good as with it", " ".join(said))
    text = "; ".join(f"{seeing} {with_it:.3f}, {blind} {without:.3f}" for seeing, with_it, blind, without in pairs)
    return _ok(name, title, f"Macro-F1: {text}.")


def blind_to_target(macro: Mapping[str, float | None]) -> list[str]:
    """Return a sentence for each model that reaches 95% of its macro-F1 without the target.

    Parameters
    ----------
    macro : mapping
        Macro-F1 by name of the model; of those named X and X-text-only each X is looked at.
    """
    return [
        f"{blind} has macro-F1 {without:.3f} without the target, {_of(without, with_it)} {seeing}, which has it"
        " too: what is scored here may not be about the target."
        for seeing, with_it, blind, without in seen_and_blind(macro)
        if without >= BLIND_SHARE * with_it
    ]


def seen_and_blind(macro: Mapping[str, float | None]) -> list[tuple[str, float, str, float]]:
    """Return the models that are there with the target and without it, each with its macro-F1."""
    pairs = [(name, value, f"{name}{BLIND}", macro.get(f"{name}{BLIND}")) for name, value in macro.items()]
    return [(a, x, b, y) for a, x, b, y in pairs if x is not None and y is not None]


def _of(without: float, with_it: float) -> str:
    share = f"{without / with_it:.0%} of " if with_it else ""
    return f"{share}the {with_it:.3f} of"


def _between(c: Comparison) -> str:
    return "" if c.low is None or c.high is None else f" ({c.low:+.3f} to {c.high:+.3f})"


def _ok(name: str, title: str, text: str) -> Check:
    return Check(name=name, title=title, state="ok", text=text)


def _warning(name: str, title: str, text: str) -> Check:
    return Check(name=name, title=title, state="warning", text=text)


def _not_applicable(name: str, title: str, reason: str) -> Check:
    return Check(name=name, title=title, state="not applicable", text=f"Not applicable, because {reason}.")
