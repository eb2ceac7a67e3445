"""Folds of train and validation: components together, labels spread, and an old unit keeps its fold."""

import json
from collections import Counter, defaultdict

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from dividing import SHARES, Article, alone, column, gold, run, where
from goldwire import tables
from goldwire.labels.splits.division import split
from goldwire.study import Splits

PARAMS = Splits(folds=5)
ARTICLES: list[Article] = [(f"a{i:03}", f"s{(i * 7) % 120}", None) for i in range(300)]
LABELS = {f"{a}/document": "xxxxyyyz"[(i * i + i // 3) % 8] for i, (a, _, _) in enumerate(ARTICLES)}


def test_folds_are_of_train_and_validation_only() -> None:
    division = run(ARTICLES, gold(LABELS), params=PARAMS)
    for unit, fold in column(division, "fold").items():
        assert (fold is None) == (where(division)[unit] == "test")
    assert set(column(division, "fold").values()) == {None, 0, 1, 2, 3, 4}


def test_all_units_have_a_fold_where_test_has_no_share() -> None:
    division = run(ARTICLES, gold(LABELS), params=Splits(train=1, validation=0, test=0, folds=3))
    assert Counter(column(division, "fold").values()) == {0: 100, 1: 100, 2: 100}


def test_a_story_has_one_fold() -> None:
    division = run(ARTICLES, gold(LABELS), params=PARAMS)
    found = defaultdict(set)
    for (_, story, _), fold in zip(ARTICLES, column(division, "fold").values(), strict=True):
        found[story].add(fold)
    assert all(len(folds) == 1 for folds in found.values())


def test_folds_are_as_even_as_those_of_scikit_learn() -> None:
    division = run(ARTICLES, gold(LABELS), params=Splits(train=1, validation=0, test=0, folds=5))
    labels = np.array(list(LABELS.values()))
    groups = [story for _, story, _ in ARTICLES]
    theirs = np.zeros(len(labels), int)
    for number, (_, held) in enumerate(StratifiedGroupKFold(5).split(labels, labels, groups)):
        theirs[held] = number

    def worst(folds: np.ndarray) -> float:
        shares = [[(labels[folds == fold] == label).mean() for fold in range(5)] for label in "xyz"]
        return float(max(max(row) - min(row) for row in shares))

    ours = np.array(list(column(division, "fold").values()))
    assert worst(ours) <= worst(theirs) + 1e-9
    assert np.ptp(np.bincount(ours)) <= np.ptp(np.bincount(theirs))


def test_an_old_unit_keeps_its_fold() -> None:
    before = run(ARTICLES[:200], gold(LABELS), params=PARAMS)
    after = run(ARTICLES, gold(LABELS), params=PARAMS, previous=before.table, version="0.2.0")
    assert column(before, "fold").items() <= column(after, "fold").items()
    counts = Counter(fold for fold in column(after, "fold").values() if fold is not None)
    assert max(counts.values()) - min(counts.values()) <= 6


def test_other_folds_move_no_unit_to_another_split() -> None:
    before = run(ARTICLES, gold(LABELS), params=PARAMS)
    after = run(ARTICLES, gold(LABELS), params=Splits(folds=3), previous=before.table)
    assert where(after) == where(before)
    assert after.notes == ["Folds were drawn anew: splits.folds was 5 and is 3."]
    assert set(column(after, "fold").values()) == {None, 0, 1, 2}


def test_a_story_that_is_most_of_train_is_one_fold_and_said() -> None:
    articles: list[Article] = [(f"w{i:02}", "wire", None) for i in range(55)]
    articles += [(f"z{i:02}", f"s{i}", None) for i in range(45)]
    division = run(articles, params=PARAMS)
    assert any("has 55 of 75 units." in note and note.startswith("Fold ") for note in division.notes)


def test_what_connects_two_folds_has_none() -> None:
    chain: list[Article] = [(f"a{i:02}", f"s{i // 2:02}", f"g{(i + 1) // 2:02}") for i in range(60)]
    division = run(chain, params=PARAMS)
    found = defaultdict(set)
    for (_, story, group), fold in zip(chain, column(division, "fold").values(), strict=True):
        found[story].add(fold)
        found[group].add(fold)
    assert all(len(folds - {None}) <= 1 for folds in found.values())


def test_folds_of_an_official_split_are_drawn_anew_when_what_stays_together_changes() -> None:
    meta = json.dumps({"split": "train"})
    pairs = {f"a{n}": f"h{n % 10}" for n in range(20)}
    units = tables.build(
        "units",
        [{"unit_id": f"{a}/h", "article_id": a, "kind": "headline", "target": h} for a, h in pairs.items()],
    )
    articles = tables.build("articles", [{"article_id": a, "meta": meta} for a in pairs])
    first = Splits(by="official", folds=2, group_by=())
    before = split(units, articles, gold({}), first, 0)
    after = split(units, articles, gold({}), first.model_copy(update={"group_by": ("headline",)}), 0, before.table)
    assert after.notes[0] == "Folds were drawn anew: splits.group_by was nothing and is headline."
    folds = column(after, "fold")
    assert all(folds[f"a{n}/h"] == folds[f"a{n + 10}/h"] for n in range(10))


def test_folds_that_come_or_go_are_no_news() -> None:
    none, some = SHARES, SHARES.model_copy(update={"folds": 2})
    articles = alone(*[f"a{n:02}" for n in range(30)])
    first = run(articles, gold(dict.fromkeys((f"a{n:02}/document" for n in range(30)), "x")), params=none)
    labels = gold(dict.fromkeys((f"a{n:02}/document" for n in range(30)), "x"))
    second = run(articles, labels, params=some, previous=first.table)
    third = run(articles, labels, params=none, previous=second.table)
    assert (second.notes, third.notes) == ([], [])
    assert set(column(third, "fold").values()) == {None}
