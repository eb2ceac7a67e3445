"""Agreement on many votes with intervals, beside the point estimate of the krippendorff package.

Each side runs in a process of its own, which makes the same votes (synthetic, and evidence of nothing), and says how
long its part took, and the most memory that it held, Python and the votes included.
Run as a script it is one side: WHICH.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

UNITS, ANNOTATORS, EACH, LABELS = 100_000, 200, 3, 4
RESAMPLES = 1000
TIMES = 3


def measured() -> dict[str, Any]:
    """Run every side in turn, some times; return medians of seconds, highest peaks, and medians of ratios."""
    runs = [{which: _run(which) for which in SIDES} for _ in range(TIMES)]
    seconds = {which: median(run[which]["seconds"] for run in runs) for which in SIDES}
    peaks = {which: max(run[which]["peak_mb"] for run in runs) for which in SIDES}
    ratios = {
        which: median(run[which]["seconds"] / run["krippendorff"]["seconds"] for run in runs) for which in SIDES
    }
    values = {run[which]["alpha"] for run in runs for which in ("alpha", "krippendorff")}
    if max(values) - min(values) > 1e-6:
        raise AssertionError(f"the two sides do not agree: {sorted(values)}")
    return {"seconds": seconds, "peak_mb": peaks, "ratio": ratios}


def lines() -> list[str]:
    """Return what was found, as Markdown."""
    found = measured()

    def row(name: str, which: str) -> str:
        peak, ratio = f"{found['peak_mb'][which]:.0f} MB", f"{found['ratio'][which]:.2f}"
        return f"| {name} | {found['seconds'][which]:.2f} | {peak} | {ratio} |"

    return [
        f"{UNITS * EACH:,} votes (synthetic: {UNITS:,} units, {ANNOTATORS} annotators, {LABELS} labels),",
        f"{RESAMPLES:,} resamples, a process each, medians of {TIMES} in turn:",
        "",
        "| | seconds | peak memory | share of krippendorff's time (target: below 1) |",
        "|---|---|---|---|",
        row("alpha with its interval, from arrays of codes (memory target: under 300 MB)", "alpha"),
        row("`agreement()` of a table of texts: all figures with intervals, but the pairs", "all"),
        row("`krippendorff.alpha`, nominal, annotators x units: the figure alone", "krippendorff"),
    ]


def _run(which: str) -> dict[str, Any]:
    command = [sys.executable, __file__, which]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def _votes() -> tuple[Any, Any, Any]:
    draw = np.random.default_rng(0)
    first = draw.integers(0, ANNOTATORS, UNITS)
    steps = np.cumsum(draw.integers(1, ANNOTATORS // EACH, (UNITS, EACH)), axis=1)
    annotator = (first[:, None] + steps) % ANNOTATORS
    truth = draw.integers(0, LABELS, UNITS)[:, None]
    label = np.where(draw.random((UNITS, EACH)) < 0.7, truth, draw.integers(0, LABELS, (UNITS, EACH)))
    return np.repeat(np.arange(UNITS), EACH), annotator.ravel(), label.ravel()


def _alpha() -> Callable[[], float]:
    from goldwire.stats.alpha import alphas
    from goldwire.stats.cells import Cells
    from goldwire.stats.distance import Nominal
    from goldwire.stats.resample import resample_each

    unit, _, label = _votes()

    def call() -> float:
        cells, _ = Cells.of_codes(unit, label, UNITS, LABELS)
        estimator = alphas(cells, {"nominal": Nominal(LABELS)})
        (found,) = resample_each(None, estimator.statistics, estimator.function, resamples=RESAMPLES)
        return float(found.value or 0)

    return call


def _all() -> Callable[[], float]:
    import pyarrow as pa

    from goldwire.labels.agreement.measure import agreement

    unit, annotator, label = _votes()
    columns = {"task": (unit, 6), "worker": (annotator, 3), "label": (label, 1)}
    table = pa.table({name: [f"{name}{i:0{width}}" for i in codes] for name, (codes, width) in columns.items()})
    return lambda: float(agreement(table, resamples=RESAMPLES, pairs=False)["alpha"]["value"])


def _krippendorff() -> Callable[[], float]:
    import krippendorff

    unit, annotator, label = _votes()
    matrix = np.full((ANNOTATORS, UNITS), np.nan)
    matrix[annotator, unit] = label
    return lambda: float(krippendorff.alpha(reliability_data=matrix, level_of_measurement="nominal"))


SIDES = {"alpha": _alpha, "all": _all, "krippendorff": _krippendorff}


def _main(which: str) -> None:
    call = SIDES[which]()
    begin = time.perf_counter()
    alpha = call()
    seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    sys.stdout.write(json.dumps({"seconds": seconds, "peak_mb": peak, "alpha": alpha}))


if __name__ == "__main__":
    _main(sys.argv[1])
