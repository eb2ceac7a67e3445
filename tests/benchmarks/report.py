"""Scoring and reporting 25,413 predictions by four models: time, memory, weight of the page, and when it is shown.

Texts, gold and predictions are synthetic, and evidence of nothing; only their number and shape are those of the
official test of FNC-1: 904 bodies, four labels. Score and report are processes of their own, as in `dvc repro`.
"""

import shutil
import sys
from pathlib import Path
from statistics import median

import numpy as np
from measure import run

from goldwire import scheme, tables
from goldwire.study import Study

UNITS, BODIES = 25_413, 904
MODELS = {"majority": 0.0, "bags": 0.6, "pairs": 0.8, "two-steps": 0.85}
TIMES = 3
_SCHEME = "stance-headline"
_SHARES = (0.075, 0.027, 0.176, 0.722)
_SYLLABLES = "ba ce di fo gu ha le mi no pu ra se ti vo wu".split()
_WORDS = 350


def lines(folder: Path) -> list[str]:
    """Make the study, run both commands some times, open the page, and return a table."""
    study = made(folder)
    found = {}
    for command in ("score", "report"):
        words = [sys.executable, "-m", "goldwire", "-C", str(study.root), "eval", command]
        runs = [run(words) for _ in range(TIMES)]
        found[command] = (median(one.seconds for one in runs), max(one.peak for one in runs) / 1e6)
    opened = shown(study.report)
    return [
        f"Synthetic: {UNITS:,} test units of {BODIES} articles, {len(MODELS)} models.",
        "",
        "| command | seconds | peak MB |",
        "|---|---|---|",
        *(f"| `goldwire eval {name}` | {seconds:.1f} | {peak:.0f} |" for name, (seconds, peak) in found.items()),
        f"| both (targets 15 s, 1,000 MB) | {sum(s for s, _ in found.values()):.1f} | "
        f"{max(peak for _, peak in found.values()):.0f} |",
        "",
        f"The page weighs {study.report.stat().st_size / 1e6:.2f} MB"
        + ("." if opened is None else f" and Chromium shows it after {opened:.2f} s (targets 10 MB, 2 s)."),
    ]


def made(folder: Path) -> Study:
    """Make a study with units, gold and predictions; all units are of the test split but for a few."""
    rng = np.random.default_rng(0)
    study = Study(folder)
    study.schemes.mkdir(parents=True)
    study.params_file.write_text("{}\n", encoding="utf-8")
    question = scheme.load(_SCHEME).questions[0]
    labels = [label.name for label in question.labels if label.role != "unsure"]
    base = {"scheme": _SCHEME, "scheme_hash": scheme.load(_SCHEME).hash, "question": question.name}
    units = [f"{at:06}-body-{at % BODIES:04}/headline" for at in range(UNITS)]
    gold = rng.choice(4, UNITS, p=_SHARES)
    articles = [_article(rng, at) for at in range(BODIES)]
    about = {"kind": "headline", "start": 0}
    rows = {
        "articles": articles,
        "units": [
            {"unit_id": unit, "article_id": f"body-{at % BODIES:04}", "target": _text(rng, 9), **about}
            | {"end": len(articles[at % BODIES]["text"])}
            for at, unit in enumerate(units)
        ],
        "splits": [
            {"unit_id": unit, "split": "train" if at % BODIES < 4 else "test", "group": f"story-{at % BODIES:04}"}
            for at, unit in enumerate(units)
        ],
        "gold": [
            {**base, "unit_id": unit, "labels": [labels[at]], "decided_by": "unanimous", "n_votes": 2}
            | {"distribution": [{"label": labels[at], "share": 1.0}]}
            for unit, at in zip(units, gold, strict=True)
        ],
        "votes": [],
    }
    for name, table in rows.items():
        path = study.articles if name == "articles" else study.table(name)
        tables.write(tables.build(name, table), path)
    for model, right in MODELS.items():
        said = np.where(rng.random(UNITS) < right, gold, rng.integers(0, 4, UNITS) if right else 3)
        shares = rng.dirichlet(np.ones(4), UNITS) * 0.4
        shares[np.arange(UNITS), said] += 0.6
        predictions = [
            {**base, "unit_id": unit, "labels": [labels[at]], "model": model}
            | {"scores": [{"label": one, "share": float(x)} for one, x in zip(labels, row, strict=True)]}
            for unit, at, row in zip(units, said, shares, strict=True)
        ]
        path = study.predictions / f"{_SCHEME}.{question.name}.{model}.parquet"
        tables.write(tables.build("predictions", predictions), path)
    return study


def shown(page: Path) -> float | None:
    """Return how many seconds Chromium takes until the page's load event; the median of some."""
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        return None
    from playwright.sync_api import sync_playwright

    times = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        for _ in range(TIMES):
            opened = browser.new_page()
            opened.goto(page.as_uri())
            opened.wait_for_function("performance.getEntriesByType('navigation')[0].loadEventEnd > 0")
            took = opened.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
            painted = opened.evaluate(
                "new Promise(done => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))"
            )
            times.append(max(took, painted) / 1000)
            opened.close()
        browser.close()
    return round(median(times), 2)


def _article(rng: np.random.Generator, at: int) -> dict[str, str]:
    title = _text(rng, 8)
    body = f"{title}\n\n{_text(rng, _WORDS)}"
    return {"article_id": f"body-{at:04}", "title": title, "text": body, "story_id": f"story-{at:04}", "outlet": "o"}


def _text(rng: np.random.Generator, n: int) -> str:
    return " ".join("".join(rng.choice(_SYLLABLES, 3)) for _ in range(n))
