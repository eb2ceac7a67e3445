"""Dawid-Skene and MACE beside crowd-kit's, on the same 300,000 votes of synthetic annotators.

Run as a script: METHOD (dawid-skene or mace) prints the seconds of each side as JSON.
"""

import json
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

import numpy as np

UNITS, ANNOTATORS, EACH, LABELS = 100_000, 200, 3, 5
TIMES = 3
RESTARTS, ITERATIONS = 1, 10  # of MACE: crowd-kit takes a second and a half for each iteration


@dataclass(frozen=True)
class Sides:
    """Seconds of each side, and by how much their posteriors differ at most; `whole` is from a table to gold."""

    ours: float
    theirs: float
    difference: float
    whole: float


def lines() -> list[str]:
    """Return what was found, as Markdown."""
    found = {method: [_run(method) for _ in range(TIMES)] for method in ("dawid-skene", "mace")}
    rows = []
    for method, runs in found.items():
        figures = [median(getattr(one, side) for one in runs) for side in ("ours", "whole", "theirs")]
        figures += [median(getattr(one, side) / one.theirs for one in runs) for side in ("ours", "whole")]
        most = max(one.difference for one in runs)
        rows.append(f"| {method} | " + " | ".join(f"{figure:.2f}" for figure in figures) + f" | {most:.0e} |")
    return [
        f"{UNITS * EACH:,} votes (synthetic: {UNITS:,} units, {ANNOTATORS} annotators, {LABELS} labels), a process",
        f"each, medians of {TIMES}. Dawid-Skene until it converges, 100 iterations at most. MACE is fitted with one",
        f"start and {ITERATIONS} steps on both sides, since crowd-kit takes a second or more for each, and repeats",
        "one start however many are asked for; from table to gold it has ten starts of 50 steps, fifty times as",
        "many.",
        "",
        "| seconds | fit | table to gold | crowd-kit's fit | ratio of fits | ratio of table to gold (target: 1.2) "
        "| posteriors differ by |",
        "|---|---|---|---|---|---|---|",
        *rows,
    ]


def _run(method: str) -> Sides:
    done = subprocess.run([sys.executable, __file__, method], capture_output=True, text=True, check=True)
    return Sides(**json.loads(done.stdout))


def votes() -> tuple[Any, Any, Any]:
    """Return the unit, annotator and label of each vote; annotators know the answer in 40% to 95%, and else guess."""
    draw = np.random.default_rng(0)
    unit = np.repeat(np.arange(UNITS), EACH)
    annotator = (draw.integers(0, ANNOTATORS, UNITS)[:, None] + np.arange(EACH) * 7).ravel() % ANNOTATORS
    truth, right = draw.integers(0, LABELS, UNITS)[unit], draw.uniform(0.4, 0.95, ANNOTATORS)[annotator]
    label = np.where(draw.random(len(unit)) < right, truth, draw.integers(0, LABELS, len(unit)))
    for code in (annotator, label):  # in the order in which they come, which crowd-kit's MACE needs
        _, first, back = np.unique(code, return_index=True, return_inverse=True)
        code[:] = np.argsort(np.argsort(first))[back]
    return unit, annotator, label


def measure(method: str) -> Sides:
    """Run both sides once on the same votes."""
    import pandas as pd

    from goldwire.stats.dawid_skene import dawid_skene
    from goldwire.stats.mace import mace

    warnings.simplefilter("ignore")
    from crowdkit.aggregation import MACE, DawidSkene

    unit, annotator, label = votes()
    frame = pd.DataFrame({"task": unit, "worker": annotator, "label": label})
    size = {"units": UNITS, "annotators": ANNOTATORS, "labels": LABELS}
    if method == "dawid-skene":
        ours, found = _timed(lambda: dawid_skene(unit, annotator, label, **size))
        theirs, other = _timed(lambda: DawidSkene(100).fit(frame))
    else:
        options = {"restarts": RESTARTS, "iterations": ITERATIONS}
        ours, found = _timed(lambda: mace(unit, annotator, label, **size, **options))
        theirs, other = _timed(lambda: MACE(n_restarts=RESTARTS, n_iter=ITERATIONS).fit(frame))
    difference = float(np.abs(found.posterior - other.probas_.to_numpy()).max())
    return Sides(ours, theirs, difference, _whole(method, unit, annotator, label))


def _whole(method: str, unit: Any, annotator: Any, label: Any) -> float:
    """Time what `labels gold` does with a table in memory, with the same options."""
    import pyarrow as pa

    from goldwire.labels.gold.merge import gold_from_frame

    columns = {"task": unit, "worker": annotator, "label": label}
    table = pa.table({name: pa.array(codes).cast(pa.string()) for name, codes in columns.items()})
    return _timed(lambda: gold_from_frame(table, "task", "worker", "label", method=method))[0]


def _timed(call: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.perf_counter()
    value = call()
    return time.perf_counter() - begin, value


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(measure(sys.argv[1]))) + "\n")
