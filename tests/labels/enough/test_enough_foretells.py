"""What is foretold of the RTE votes of Snow et al. (2008), held against gold, which the command does not see."""

import csv
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from goldwire.labels.enough.measure import enough
from goldwire.labels.enough.options import Options
from goldwire.stats.dawid_skene import dawid_skene
from goldwire.stats.enough import right

Codes = NDArray[np.int64]
NUMBERS = range(2, 11)


@pytest.fixture(scope="module")
def rte(shared_data: Path) -> list[dict[str, str]]:
    with (shared_data / "snow2008_rte" / "rte_votes.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def coded(rows: list[dict[str, str]]) -> tuple[Codes, Codes, Codes]:
    """Return labels and workers, units x 10, and gold."""
    workers = {name: code for code, name in enumerate(sorted({row["worker"] for row in rows}))}
    rows = sorted(rows, key=lambda row: row["task"])
    label = np.array([int(row["label"]) for row in rows]).reshape(-1, 10)
    worker = np.array([workers[row["worker"]] for row in rows]).reshape(-1, 10)
    return label, worker, np.array([int(row["gold"]) for row in rows[::10]])


def foretold(rows: list[dict[str, str]], options: Options) -> dict[int, float]:
    table = pa.Table.from_pylist([{name: row[name] for name in ("task", "worker", "label")} for row in rows])
    return {row["annotators"]: row["accuracy"]["value"] for row in enough(table, options)["rows"]}


def test_the_accuracy_of_the_majority_is_foretold_within_a_hundredth(rte: list[dict[str, str]]) -> None:
    found = foretold(rte, Options(annotators=tuple(NUMBERS), more=(0,)))
    label, _, gold = coded(rte)
    generator = np.random.default_rng(0)
    accuracy: dict[int, list[float]] = {k: [] for k in NUMBERS}
    for _ in range(60):
        drawn = generator.permuted(label, axis=1)
        for k in NUMBERS:
            ones = drawn[:, :k].sum(axis=1)
            accuracy[k].append(right(np.stack([k - ones, ones], axis=1), gold)[0].mean())
    assert found == pytest.approx({k: np.mean(values) for k, values in accuracy.items()}, abs=0.01)


def test_the_accuracy_of_dawid_skene_is_foretold_too_low_with_three_and_too_high_with_six(
    rte: list[dict[str, str]],
) -> None:
    found = foretold(rte, Options(annotators=tuple(NUMBERS), more=(0,), method="dawid-skene"))
    label, worker, gold = coded(rte)
    generator = np.random.default_rng(0)
    over = {}
    for k in NUMBERS:
        accuracy = []
        for _ in range(1 if k == 10 else 10):
            chosen = generator.permuted(np.tile(np.arange(10), (len(gold), 1)), axis=1)[:, :k]
            who, who_code = np.unique(np.take_along_axis(worker, chosen, axis=1), return_inverse=True)
            fitted = dawid_skene(
                np.repeat(np.arange(len(gold)), k),
                who_code.ravel(),
                np.take_along_axis(label, chosen, axis=1).ravel(),
                units=len(gold),
                annotators=len(who),
                labels=2,
            )
            accuracy.append((fitted.posterior.argmax(axis=1) == gold).mean())
        over[k] = found[k] - np.mean(accuracy)
    # measured: -.077, -.042, .003, .005, .039, .033, .037, .044, .046
    assert all(-0.1 < over[k] < -0.02 for k in (2, 3))
    assert all(abs(over[k]) < 0.02 for k in (4, 5))
    assert all(0.02 < over[k] < 0.05 for k in range(6, 11))
