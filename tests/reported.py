"""A made-up result with every section, its curve and its suspects: written for the tests, and evidence of nothing.

The figures are not those of the units; only the shapes are those of a real result. `EVIL` stands in every name and
text that comes from outside.
"""

from typing import Any

from goldwire.eval.report.beside import Curve, Suspects
from goldwire.eval.result import Cell, Result

EVIL = "<script>alert('evil')</script>"
LABELS = ("favor", "against", f"neither {EVIL}", "never")
_TEXTS = (
    "The union of ferrymen stopped work on Monday. Its leader said that the new toll was “a tax on the poor”.",
    "Der Rat stimmte am Dienstag für die Brücke. Gegner kündigten eine Klage an.",
    "Около двухсот человек вышли на площадь против плана порта.",
    "أعلن المجلس تأييده للخطة الجديدة يوم الأربعاء.",
)
PRINTED = "f1:"


def figure(value: float | None, half: float = 0.05, why: str | None = None) -> dict[str, Any]:
    if value is None:
        return {"value": None, "low": None, "high": None, "why": why or "fewer than ten stories"}
    return {"value": value, "low": round(value - half, 6), "high": round(value + half, 6)}


def _units(at: int, n: int) -> list[str]:
    return [f"article-{at:02}{i:03}/target/{EVIL if at == 1 and i == 0 else i}" for i in range(n)]


def _cells(type_: str) -> list[dict[str, Any]]:
    if type_ in ("multiple", "tree"):
        places = [(a, b) for name in LABELS[:3] for a, b in ((name, name), (name, None), (None, name))]
        places[5] = (None, None)  # neither has any label
    else:
        places = [(a, b) for a in LABELS[:3] for b in LABELS[:3]]
    sizes = (31, 4, 9, 2, 20, 3 if type_ in ("multiple", "tree") else 0, 6, 5, 12)
    return [
        {"actual": a, "predicted": b, "units": sorted(_units(at, n))}
        for at, ((a, b), n) in enumerate(zip(places, sizes, strict=True))
        if n
    ]


def _model(name: str, value: float, type_: str, **more: Any) -> dict[str, Any]:
    names = ["macro-f1", "accuracy", "balanced-accuracy", "mcc", "kappa", "weighted-f1", "micro-f1"]
    if type_ in ("multiple", "tree"):
        names = ["macro-f1", "micro-f1", "subset-accuracy", "hamming", "jaccard", "lrap"]
    scores = {
        label: {"precision": value, "recall": value, "f1": value - 0.1 * at, "support": (44, 22, 23, 0)[at]}
        | {"f1_low": value - 0.1 * at - 0.08, "f1_high": value - 0.1 * at + 0.08}
        for at, label in enumerate(LABELS)
    }
    return {
        "name": name,
        "summary": f"made up, called {name}",
        "role": "baseline",
        "metrics": {name: figure(round(value + 0.013 * at, 3)) for at, name in enumerate(names)},
        "per_label": scores,
        "confusion": _cells(type_),
        "against_people": "below",
        **more,
    }


def _comparison(a: str, b: str, difference: float, **more: Any) -> dict[str, Any]:
    return {
        **{"a": a, "b": b, "metric": "macro-f1", "difference": difference},
        **{"low": round(difference - 0.06, 6), "high": round(difference + 0.06, 6), "p": 0.03, "p_holm": 0.06},
        **{"wins": 21, "ties": 60, "losses": 8, "mcnemar": 0.04, "mcnemar_holm": 0.052, "needed": None},
        **more,
    }


def _slice(by: str, value: str, at: float, n: int, p: float) -> dict[str, Any]:
    return {
        **{"by": by, "value": value, "n": n, "stories": n // 2, "figure": figure(at, 0.12)},
        **{"rest": figure(0.6, 0.05), "difference": figure(round(at - 0.6, 3), 0.1), "p": p, "p_holm": p},
    }


def _calibration(shift: float) -> dict[str, Any]:
    bins = [
        {"low": at / 10, "high": (at + 1) / 10, "share": at / 10 + 0.05, "right": max(0.0, at / 10 - shift), "n": n}
        for at, n in enumerate((0, 0, 3, 9, 14, 17, 12, 11, 13, 10))
    ]
    return {
        "metrics": {"log-loss": figure(0.81), "brier": figure(0.42), "ece": figure(0.126, 0.03)},
        "reliability": bins,
    }


def _example(unit: str, at: int) -> dict[str, Any]:
    text = _TEXTS[at % len(_TEXTS)]
    evil = at == 0
    return {
        "title": f"Headline {at} {EVIL}" if evil else f"Headline {at}",
        "text": f"{text}\n\n{EVIL} & so on. 🎶 The end." if evil else text,
        "shortened": at % 3 == 0,
        "outlet": f"Harbour Post {EVIL}" if evil else "Harbour Post",
        "published_at": "2026-03-01",
        "target": f"bridge toll {EVIL}" if evil else "bridge toll",
        "holder": "author" if evil else "",
        "gold": [LABELS[at % 3]],
        "decided_by": "majority",
        "n_votes": 3,
        "votes": {LABELS[0]: 0.666667, LABELS[2]: 0.333333},
        "mentions": [
            {"start": 4, "end": 21, "label": f"participant {EVIL}"},
            {"start": 13, "end": 29, "label": "overlapping"},
            {"start": len(text) - 5, "end": len(text), "label": "place"},
        ],
        "tasks": [{"project": 7, "task": 100 + at}, {"project": 8, "task": 200 + at}][: 1 + at % 2],
    }


def made_up(type_: str = "single", **changes: Any) -> Result:
    """Return the result; `changes` stand in the place of its fields, so that a section can be taken out."""
    best = f"ours {EVIL}"
    models = [
        _model("majority", 0.2, type_, calibration=_calibration(0.3)),
        _model("tfidf-logreg", 0.52, type_, calibration=_calibration(0.1)),
        _model(
            best,
            0.58,
            type_,
            role="given",
            calibration=_calibration(0.16),
            soft={"cross-entropy": figure(0.9), "jensen-shannon": figure(0.21), "manhattan": figure(0.44)},
            by_votes={"unanimous": figure(0.66), "contested": figure(0.41)},
        ),
        _model("tfidf-logreg-text-only", 0.45, type_, role="probe", against_people=None),
    ]
    cells = [Cell.model_validate(cell) for cell in models[2]["confusion"]]
    shown = [unit for cell in cells for unit in cell.units[:8]]
    annotators = {
        name: {"answers": 80 - 7 * at, "accuracy": figure(0.8), "macro-f1": figure(0.78 - 0.04 * at, 0.04)}
        for at, name in enumerate(("annotator-01", "annotator-02", "annotator-03"))
    }
    value: dict[str, Any] = {
        **{"scheme": "stance-made-up", "scheme_title": f"Stance {EVIL}", "scheme_version": "1.0.0"},
        **{"scheme_hash": "0123456789abcdef", "question": "stance", "question_text": f"For or against? {EVIL}"},
        **{"type": type_, "n": 89, "stories": 44},
        "labels": [
            {
                "name": name,
                "definition": f"What {name} means.",
                "support": {"train": 200, "validation": 40, "test": n},
            }
            for name, n in zip(LABELS, (44, 22, 23, 0), strict=True)
        ],
        "splits": [
            {"split": split, "units": n, "labelled": n - 3, "stories": n // 2}
            for split, n in (("train", 803), ("validation", 163), ("test", 92))
        ],
        "data": {
            **{
                "title": f"A made-up study {EVIL}",
                "summary": "Made for tests.",
                "limits": "Not evidence of anything.",
            },
            **{"version": "0.1.0", "units": 1058, "articles": 700, "annotators": 3, "targets": 12},
            "decided_by": {"adjudicated": 40, "majority": 610, "unanimous": 399, "unresolved": 9},
        },
        "models": models,
        "ceiling": {
            **{"units": "test", "judged": 85, "answers": 240},
            "metrics": {"macro-f1": figure(0.74, 0.03), "accuracy": figure(0.8, 0.03)},
            "annotators": annotators,
            "split_half": {"macro-f1": figure(0.7, 0.06), "accuracy": figure(0.76, 0.06)},
        },
        "agreement": {
            **{"alpha": figure(0.61, 0.07), "observed": 0.8, "kappa": 0.6, "ac1": 0.7, "units_with_two": 89},
            "per_label": {"favor": {"alpha": {"value": 0.7}}, "against": {"alpha": {"value": -0.04}}},
        },
        "comparisons": [
            _comparison("tfidf-logreg", "majority", 0.32, p_holm=0.0004),
            _comparison(best, "majority", 0.04, needed=412),
            _comparison(best, "majority", 0.02, metric="accuracy", p_holm=0.3),
            *(
                _comparison(best, "majority", d, metric="f1", label=name, p_holm=p)
                for name, d, p in ((LABELS[0], 0.2, 0.01), (LABELS[2], -0.05, 0.6))
            ),
        ],
        "slices": {
            "metric": "macro-f1",
            "listed": [
                _slice("outlet", f"Harbour Post {EVIL}", 0.31, 20, 0.004),
                _slice("target seen", "unseen", 0.42, 30, 0.03),
                *(_slice("month", f"2026-{month:02}", 0.5 + 0.01 * month, 12, 0.8) for month in range(1, 13)),
                *(_slice("length", name, 0.6, 29, 1.0) for name in ("short", "middle", "long")),
            ],
            "left_out": {"language": "all units have the same", "flag": "gold has no mentions with flags"},
        },
        "checks": [
            {"name": "above-baseline", "title": "The best model is not clearly better than the first baseline"}
            | {"state": "warning", "text": "ours less majority, macro-F1: +0.040 (−0.020 to +0.100)."},
            {"name": "GW101", "title": "Articles of one story stand in two splits", "state": "error", "text": EVIL},
            {"name": "GW502", "title": "No licence", "state": "accepted", "text": "Accepted: own texts."},
            {"name": "GW103", "title": "Time leak", "state": "ok", "text": "None."},
            {"name": "GW204", "title": "Ties", "state": "not applicable", "text": "Not applicable, because none."},
        ],
        "examples": {unit: _example(unit, at) for at, unit in enumerate(shown)},
        "bootstrap": {"resamples": 1000, "level": 0.95, "seed": 0},
        "signature": "goldwire=0.1.0|data=00|scheme=stance-made-up@1.0.0|seed=0",
        **changes,
    }
    return Result.model_validate(value)


def same_in_every_resample() -> Result:
    """Return the result with figures that did not vary, of the best model and of one difference."""
    why = "the same in every resample: what none of 44 clusters shows, up to 6.8% of others may show"
    value = made_up().model_dump(mode="json", by_alias=True)
    best = value["models"][2]
    best["metrics"]["kappa"] = best["metrics"]["macro-f1"] = {"value": 0.58, "low": None, "high": None, "why": why}
    best["per_label"][LABELS[1]] |= {"precision": 0, "recall": 0, "f1": 0, "f1_low": None, "f1_high": None}
    best["against_people"] = None
    value["comparisons"][1] |= {"difference": 0.0, "low": None, "high": None, "needed": None}
    return Result.model_validate(value)


CURVE = Curve.model_validate(
    {
        **{"model": "tfidf-logreg", "metric": "macro-f1", "why": None},
        "points": [{"n": n, **figure(v, 0.04)} for n, v in ((100, 0.31), (200, 0.4), (400, 0.47), (803, 0.52))],
        "now": {"n": 903, **figure(0.53, 0.045)},
        "forecast": [{"n": n, **figure(v, 0.05)} for n, v in ((1003, 0.54), (1303, 0.55), (1803, 0.57))],
        "fit": {"a": 1},
        "gain": {"labels": 500, "value": 0.03, "low": 0.01, "high": 0.05},
    }
)
SUSPECTS = Suspects.model_validate(
    {
        **{"model": "tfidf-logreg", "judged": 1046, "why": None},
        "listed": [
            {
                **{"unit_id": f"article-09{at:03}/target/0", "title": f"Doubtful {at} {EVIL}", "text": EVIL},
                **{"outlet": "Harbour Post", "gold": ["favor"], "suggested": ["against"], "share": 0.02},
                "votes": {"favor": 0.67, "against": 0.33},
            }
            for at in range(23)
        ],
    }
)
MISSING: dict[str, Any] = {
    "comparisons": [],
    "slices": None,
    "checks": [],
    "examples": {},
    "agreement": None,
    "ceiling": {"why": "no unit of the test split has two answers"},
}
"""What takes each section out that a result can be without; models without shares and votes: see `bare`."""


def bare(type_: str = "single") -> Result:
    """Return the result without everything that can be missing, with one model."""
    model = _model("majority", 0.2, type_, against_people=None)
    return made_up(type_, models=[model], **MISSING)
