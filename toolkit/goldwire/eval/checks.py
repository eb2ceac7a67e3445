"""Checks of a result: what a reviewer would ask about the split, the labels and the models.

Each check is a function that returns one `Check`: ok, a warning, or not applicable with the reason.
"""

from collections.abc import Mapping, Sequence

from goldwire.eval.inputs import SPLITS, Inputs
from goldwire.eval.result import Check, Comparison, ModelResult, best, headline

_FEW_UNITS, _FEW_STORIES = 100, 30
_SHORTCUT = 0.95


def run(inputs: Inputs, models: Sequence[ModelResult], comparisons: Sequence[Comparison]) -> list[Check]:
    """Run every check."""
    return [
        stories(inputs),
        size(inputs),
        support(inputs),
        unresolved(inputs),
        above_baseline(models, comparisons),
        hidden_labels(models),
        shortcut(inputs, models, "text-only", "holder and target", "the article alone"),
        shortcut(inputs, models, "target-only", "the article", "holder and target alone"),
    ]


def stories(inputs: Inputs) -> Check:
    """No story may stand in two splits: its copies would be learnt and then asked."""
    rows = inputs.rows[inputs.rows["split"].notna()]
    splits = rows.groupby("cluster")["split"].nunique()
    shared = sorted(str(name) for name in splits[splits > 1].index)
    if shared:
        text = f"{_count(len(shared), 'story')} in more than one split: {', '.join(shared[:5])}."
        return _warning("stories", "Splits share stories", text)
    return _ok("stories", "No story is in two splits", f"{_count(len(splits), 'story')} checked.")


def size(inputs: Inputs) -> Check:
    """Few units or stories in the test split give wide intervals, and luck a large part."""
    test = inputs.labelled("test")
    units, groups = len(test), test["cluster"].nunique()
    text = f"{_count(units, 'labelled unit')} from {_count(groups, 'story')}."
    if units < _FEW_UNITS or groups < _FEW_STORIES:
        advice = f" Below {_FEW_UNITS} units or {_FEW_STORIES} stories, read the intervals, not the values."
        return _warning("size", "The test split is small", text + advice)
    return _ok("size", "The test split is large enough to read", text)


def support(inputs: Inputs) -> Check:
    """A label without units in a split cannot be learnt there, or not be measured."""
    lacking = {
        split: [name for name in inputs.labels if not (inputs.labelled(split)["label"] == name).any()]
        for split in ("train", "test")
    }
    if not any(lacking.values()):
        return _ok("support", "Every label has units to learn from and to be tested on", _support(inputs))
    said = {"train": "Nothing to learn from", "test": "Not measured, and left out of macro-F1"}
    parts = [f"{said[split]}: {', '.join(names)}." for split, names in lacking.items() if names]
    return _warning("support", "Some labels have no units", " ".join(parts))


def unresolved(inputs: Inputs) -> Check:
    """Units on which annotators were tied have no gold and are not scored: the hardest ones are left out."""
    rows = inputs.in_splits("test")
    without = int(rows["label"].isna().sum())
    if without:
        text = f"{without} of {_count(len(rows), 'test unit')}: tied or unsure, so not scored. The rest is easier."
        return _warning("unresolved", "Some test units have no gold", text)
    return _ok("unresolved", "Every test unit has gold", f"{_count(len(rows), 'test unit')}.")


def above_baseline(models: Sequence[ModelResult], comparisons: Sequence[Comparison]) -> Check:
    """The best model should be better than the first baseline by more than luck."""
    name, title = "above-baseline", "The best model is better than the first baseline"
    top = best(models)
    found = [c for c in comparisons if c.a == top.name and c.metric == "macro-f1" and c.p_holm is not None]
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


def shortcut(inputs: Inputs, models: Sequence[ModelResult], probe: str, unseen: str, seen: str) -> Check:
    """A model that does not see half of the question should be clearly worse than one that does."""
    name, title = f"shortcut-{probe}", f"The model needs {unseen}"
    if not inputs.has_targets:
        return _not_applicable(name, title, "the units do not ask about a target")
    by_name: Mapping[str, ModelResult] = {model.name: model for model in models}
    both, blind = by_name.get("tfidf-logreg"), by_name.get(f"tfidf-logreg-{probe}")
    if both is None or blind is None:
        return _not_applicable(name, title, f"tfidf-logreg and tfidf-logreg-{probe} are not both there")
    text = f"Macro-F1 {headline(blind):.3f} from {seen}, {headline(both):.3f} with {unseen}."
    if headline(blind) >= _SHORTCUT * headline(both):
        return _warning(name, f"The model does as well without {unseen}", text)
    return _ok(name, title, text)


def _support(inputs: Inputs) -> str:
    counts = [int((inputs.labelled(split)["label"] == name).sum()) for split in SPLITS[::2] for name in inputs.labels]
    return f"At least {_count(min(counts), 'unit')} of each label, in train and in test."


def _between(c: Comparison) -> str:
    return "" if c.low is None or c.high is None else f" ({c.low:+.3f} to {c.high:+.3f})"


def _count(n: int, what: str) -> str:
    plural = what[:-1] + "ies" if what.endswith("y") else what + "s"
    return f"{n} {what if n == 1 else plural}"


def _ok(name: str, title: str, text: str) -> Check:
    return Check(name=name, title=title, state="ok", text=text)


def _warning(name: str, title: str, text: str) -> Check:
    return Check(name=name, title=title, state="warning", text=text)


def _not_applicable(name: str, title: str, reason: str) -> Check:
    return Check(name=name, title=title, state="not applicable", text=f"Not applicable, because {reason}.")
