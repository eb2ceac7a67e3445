"""What is chosen on folds of pairs is chosen on features that know nothing of the fold that is held out."""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd
import pytest

from goldwire.eval.baselines.base import Shared
from goldwire.eval.baselines.pairs import FOLDS, Division, Learnt, learn
from goldwire.eval.benchmarks.base import frame
from goldwire.eval.task import Task

TASK = Task(("agree", "unrelated"))
WORDS = [f"word{at}" for at in range(60)]
ROWS = 80


def rows(changed: Collection[int] = ()) -> pd.DataFrame:
    """Return rows of which every other one straddles; of the changed ones text and target say other things.

    A changed target keeps its place in the alphabet, so that the folds stay the same.
    """
    rng = np.random.default_rng(1)
    texts = [" ".join(rng.choice(WORDS, 12)) + ". " + " ".join(rng.choice(WORDS, 8)) + "." for _ in range(ROWS)]
    targets = [f"head{at:03d} " + " ".join(rng.choice(WORDS, 4)) for at in range(ROWS)]
    for at in changed:
        texts[at] = f"aardvark{at} " + " ".join(WORDS[:30]) + f". It is a hoax, zebra{at} and {WORDS[at % 60]} said."
        targets[at] = f"head{at:03d} aardvark " + " ".join(WORDS[30:35])
    # an unrelated row has a target of its own, which is in the fold that it was dealt to
    return frame(
        {
            "unit_id": [f"{at:03d}" for at in range(ROWS)],
            "text": texts,
            "target": targets,
            "labels": [("unrelated",) if at % 2 else ("agree",) for at in range(ROWS)],
            "cluster": [f"{at:03d}" for at in range(ROWS)],
        },
        TASK,
    )


def learnt(changed: Collection[int] = ()) -> tuple[Learnt, list[Division]]:
    found = learn(rows(changed), Shared(), 0)
    return found, found.divisions()


def within(changed: Collection[int], fold: int) -> np.ndarray:
    found, divisions = learnt(changed)
    return found.within(divisions[fold]).features


def same(a: Sequence[Division], b: Sequence[Division]) -> bool:
    return all(
        np.array_equal(one.learnt, other.learnt) and np.array_equal(one.held_out, other.held_out)
        for one, other in zip(a, b, strict=True)
    )


@pytest.mark.parametrize("fold", range(FOLDS))
def test_what_held_out_rows_say_changes_no_feature_of_a_row_to_learn_from(fold: int) -> None:
    before, divisions = learnt()
    division = divisions[fold]
    after, again = learnt(division.held_out.tolist())
    assert same(divisions, again)
    straddling = before.text_fold != before.target_fold
    assert straddling[division.learnt].any()
    assert (~straddling[division.learnt]).any()
    old, new = before.within(division).features, after.within(division).features
    assert old[division.learnt].any(axis=1).all()
    assert not (old != new)[division.learnt].any(axis=1).any()
    # the change is not too small to be seen: rows held out have other features, and so have rows to train on
    assert (old != new)[division.held_out].any(axis=1).all()
    assert (before.described.features != after.described.features)[division.learnt].any(axis=1).all()


@pytest.mark.parametrize("fold", range(FOLDS))
def test_no_single_held_out_row_changes_a_feature_of_another_row(fold: int) -> None:
    before, divisions = learnt()
    division = divisions[fold]
    old = before.within(division).features
    for row in division.held_out[:3].tolist():
        after, again = learnt([row])
        assert same(divisions, again)
        changed = (old != after.within(division).features).any(axis=1)
        assert np.flatnonzero(changed).tolist() == [row]


def test_texts_of_straddling_rows_in_the_fold_are_not_seen_either() -> None:
    before, divisions = learnt()
    for division in divisions:
        left_out = np.setdiff1d(np.arange(ROWS), np.append(division.learnt, division.held_out))
        inside = [at for at in left_out.tolist() if before.text_fold[at] == division.fold]
        assert inside
        new = within(inside, division.fold)
        both = np.append(division.learnt, division.held_out)
        assert np.array_equal(before.within(division).features[both], new[both])


def test_a_row_to_learn_from_is_not_compared_against_its_own_text() -> None:
    before, divisions = learnt()
    division = divisions[0]
    row = int(division.learnt[0])
    fold = before.text_fold[row]
    others = [
        at for at in np.flatnonzero(before.text_fold == fold).tolist() if at != row and before.target_fold[at] == fold
    ]
    assert others
    new = within(others, 0)
    assert np.array_equal(before.within(division).features[row], new[row])


def test_divisions_of_the_same_rows_have_the_same_features() -> None:
    for fold in range(FOLDS):
        assert np.array_equal(within((), fold), within((), fold))


def test_a_division_of_some_rows_has_only_these() -> None:
    found, divisions = learnt()
    kept = np.arange(ROWS) % 2 == 0
    part = divisions[1].of(kept)
    assert part.learnt.tolist() == [at for at in divisions[1].learnt.tolist() if at % 2 == 0]
    assert part.held_out.tolist() == [at for at in divisions[1].held_out.tolist() if at % 2 == 0]
    whole, few = found.within(divisions[1]).features, found.within(part).features
    rest = np.setdiff1d(np.arange(ROWS), np.append(part.learnt, part.held_out))
    assert not few[rest].any()
    assert np.allclose(few[part.learnt], whole[part.learnt], atol=1e-6)
