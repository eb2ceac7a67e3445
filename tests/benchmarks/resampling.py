"""A thousand resamples of macro-F1, beside the loop over scikit-learn's f1_score. Synthetic, evidence of nothing."""

import time
from collections.abc import Callable
from statistics import median

import numpy as np

ROWS, LABELS, RESAMPLES, TIMES = 10_000, 16, 1000, 5


def measured() -> dict[str, float]:
    """Run both in turn, some times; return medians of the seconds, and of each pair's ratio.

    Ours begins with the labels as texts and ends with the interval of macro-F1 and of the F1 of each label; the loop
    begins with codes, and draws rows as well: every row is a cluster.
    """
    from sklearn.metrics import f1_score

    from goldwire.eval.measure import Bootstrap, Gold, measure
    from goldwire.eval.task import Task

    draw = np.random.default_rng(0)
    actual = draw.integers(0, LABELS, ROWS)
    predicted = np.where(draw.random(ROWS) < 0.6, actual, draw.integers(0, LABELS, ROWS))
    task = Task(tuple(f"label {at:02}" for at in range(LABELS)))
    answers = [[(task.labels[at],) for at in codes] for codes in (actual, predicted)]

    def ours() -> tuple[float, float]:
        gold = Gold.of(task, answers[0], np.arange(ROWS), metrics=["macro-f1"])
        figure = measure(gold, answers[1], Bootstrap(RESAMPLES))[0]["macro-f1"]
        return figure["low"], figure["high"]

    def loop() -> tuple[float, float]:
        again = np.random.default_rng(0)
        figures = []
        for _ in range(RESAMPLES):
            rows = again.integers(0, ROWS, ROWS)
            figures.append(f1_score(actual[rows], predicted[rows], average="macro"))
        low, high = np.quantile(figures, [0.025, 0.975])
        return float(low), float(high)

    if not np.allclose(ours(), loop(), atol=0.002):  # also imports what both need
        raise AssertionError("the two sides do not agree")
    pairs = [(_seconds(ours), _seconds(loop)) for _ in range(TIMES)]
    return {
        "ours": median(pair[0] for pair in pairs),
        "loop": median(pair[1] for pair in pairs),
        "ratio": median(pair[1] / pair[0] for pair in pairs),
    }


def lines() -> list[str]:
    """Return what was found, as Markdown."""
    found = measured()
    return [
        f"{RESAMPLES:,} resamples of macro-F1, {ROWS:,} rows (synthetic), {LABELS} labels, medians of {TIMES}:",
        "",
        "| | seconds |",
        "|---|---|",
        f"| `measure`, with the F1 of each label | {found['ours']:.3f} |",
        f"| loop over scikit-learn's `f1_score` | {found['loop']:.2f} |",
        f"| ratio (target: at least 20) | {found['ratio']:.0f} |",
    ]


def _seconds(function: Callable[[], object]) -> float:
    begin = time.perf_counter()
    function()
    return time.perf_counter() - begin
