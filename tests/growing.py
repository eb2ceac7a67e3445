"""Baselines made for tests of the loop: one whose learning curve is known, and rows for it."""

from pathlib import Path

import numpy as np
import pandas as pd

from goldwire.eval.baselines.base import Baseline, Model, Shared
from goldwire.eval.inputs import Inputs
from goldwire.eval.task import Array, Task
from goldwire.scheme import parse

TASK = Task(("a", "b"))
SCHEME = parse((Path(__file__).parent / "growing.yaml").read_text(encoding="utf-8"), "growing.yaml")
TRAINING = 0.25
"""Standard deviation of what a story of the train split adds to the accuracy, over the number of stories."""


def accuracy(n: float) -> float:
    """The accuracy of `Known` after n units, over all that could be learnt from and judged."""
    return float(0.88 - 1.1 * n**-0.5)


class Known(Model):
    """Right on the units that are easy enough for what it has learnt."""

    def fit(self, rows: pd.DataFrame, _shared: Shared) -> None:
        self.reached = accuracy(len(rows)) + rows["noise"].mean()

    def shares(self, rows: pd.DataFrame, _shared: Shared) -> Array:
        right = rows["easy"].to_numpy() < self.reached
        first = np.array([answer == ("a",) for answer in rows["labels"]])
        return np.where((first == right)[:, None], [1.0, 0.0], [0.0, 1.0])


class Flat(Known):
    """Learns nothing."""

    def fit(self, _rows: pd.DataFrame, _shared: Shared) -> None:
        self.reached = 0.6


KNOWN = Baseline("known", "made for tests", Known)
FLAT = Baseline("flat", "made for tests", Flat)


def drawn(seed: int, stories: int, per_story: int = 2, split: str = "train") -> pd.DataFrame:
    """Draw labelled rows; units of one story are about as easy as each other."""
    from scipy.stats import norm

    generator = np.random.default_rng(seed)
    n = stories * per_story
    story = np.repeat(generator.normal(size=stories), per_story)
    label = np.where(generator.random(n) < 0.6, "a", "b")
    return pd.DataFrame(
        {
            "unit_id": [f"{split}{i:05}" for i in range(n)],
            "easy": norm.cdf(np.sqrt(0.5) * (story + generator.normal(size=n))),
            "noise": np.repeat(generator.normal(size=stories), per_story) * TRAINING,
            "labels": pd.Series([(one,) for one in label], dtype=object),
            "label": label,
            "cluster": [f"{split}-story{i // per_story:05}" for i in range(n)],
            "split": split,
            "target": "",
        }
    )


def inputs_of(*parts: pd.DataFrame) -> Inputs:
    """Return rows as a question of a scheme."""
    rows = pd.concat(parts).reset_index(drop=True)
    votes = pd.DataFrame({"unit_id": [], "annotator": [], "labels": [], "label": []}, dtype=object)
    return Inputs(SCHEME, SCHEME.questions[0], TASK, rows, votes)
