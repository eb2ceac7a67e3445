"""Hierarchical: children are told apart among the units of their parent, and shares are products."""

import numpy as np
import pandas as pd

from goldwire.eval.baselines.base import Shared
from goldwire.eval.baselines.hierarchical import Hierarchical, Nodes
from goldwire.eval.task import Task
from storied import articles, framed

TASK = Task(("Harm", "Harm/FIRE", "Harm/THEFT", "Harm/NEVER", "FLOOD", "FLOOD/sea"), "tree")


def _rows() -> pd.DataFrame:
    rows = articles(130, seed=1)
    return rows.assign(labels=[tuple(x if x == "FLOOD" else f"Harm/{x}" for x in a) for a in rows["labels"]])


def test_a_share_is_the_product_of_the_shares_from_the_top() -> None:
    model = Hierarchical(TASK, 0)
    shared = Shared()
    model.fit(_rows(), shared)
    new = articles(10, seed=2)
    trained = model._trained
    assert isinstance(trained, Nodes)
    matrix = trained.features.matrix(new, shared)
    harm = trained.each["Harm"].predict_proba(matrix)[:, 1]
    fire = trained.each["Harm/FIRE"].predict_proba(matrix)[:, 1]
    np.testing.assert_allclose(model.shares(new, shared)[:, 1], harm * fire)


def test_a_branch_learns_from_its_parents_units_alone() -> None:
    rows = _rows()
    model, alone = Hierarchical(TASK, 0), Hierarchical(TASK, 0)
    model.fit(rows, Shared())
    assert isinstance(model._trained, Nodes)
    assert model._trained.each["Harm/NEVER"] == 0.0
    assert model._trained.each["FLOOD/sea"] == 0.0
    having = rows[[any(x.startswith("Harm") for x in a) for a in rows["labels"]]].reset_index(drop=True)
    alone.fit(having, Shared())
    assert isinstance(alone._trained, Nodes)
    assert alone._trained.each["Harm"] == 1.0  # all units that are left have it


def test_a_tree_without_any_unit_below_is_answered_at_the_top() -> None:
    rows = framed(["The river flooded it.", "Snow is expected."] * 4, [("FLOOD",), ()] * 4)
    model = Hierarchical(TASK, 0)
    model.fit(rows, Shared())
    assert model.decide(model.shares(framed(["Lunde was flooded.", "Snow is expected."]), Shared())) == [
        ("FLOOD",),
        (),
    ]
