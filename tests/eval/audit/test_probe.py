"""What the probes share: samples, folds, tables of values, and Youden's J."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score

from auditing_checks import STANCES, subject
from goldwire.eval.audit import probe
from goldwire.eval.audit.finding import Fired, NotApplicable, Silent
from goldwire.eval.audit.probe import Sample
from goldwire.eval.audit.subject import Subject


def drawn(n: int = 300, stories: int = 100, seed: int = 0, labels: int = 3, split: str = "train") -> Subject:
    """Units of random labels and outlets, in stories of equal size."""
    draws = np.random.default_rng(seed)
    return subject(
        [
            {
                "split": split,
                "story": f"s{i % stories}",
                "outlet": f"o{draws.integers(4)}",
                "labels": [STANCES[draws.integers(labels)]],
            }
            for i in range(n)
        ]
    )


def sampled(of: Subject, most: int = probe.MOST) -> Sample:
    found = probe.sample(of, None, most)
    assert isinstance(found, Sample)
    return found


def outlets(sample: Sample) -> probe.Codes:
    return np.unique(sample.rows["outlet"].to_numpy(dtype=str), return_inverse=True)[1].astype(np.int64)


def test_units_of_test_are_not_looked_at() -> None:
    train, test = drawn(), drawn(split="test")
    assert probe.sample(test) == NotApplicable("0 units of 0 stories outside of test, and 100 of 30 are needed")
    units = train.units.assign(split=["test" if i % 3 == 0 else "train" for i in range(300)])
    assert set(sampled(replace(train, units=units)).rows["split"]) == {"train"}


def test_a_story_is_in_one_fold_and_folds_are_of_like_size() -> None:
    sample = sampled(drawn())
    assert (sample.rows.assign(fold=sample.fold).groupby("cluster")["fold"].nunique() == 1).all()
    assert np.bincount(sample.fold).tolist() == [60] * probe.FOLDS


def test_of_more_units_whole_stories_are_drawn_and_the_order_of_rows_does_not_matter() -> None:
    whole = drawn()
    some = sampled(whole, 150)
    assert len(some.rows) == 150
    assert (some.rows["cluster"].value_counts() == 3).all()
    backwards = replace(whole, units=whole.units[::-1], answers=whole.answers[::-1])
    assert sampled(backwards, 150).rows["unit_id"].tolist() == some.rows["unit_id"].tolist()
    assert sampled(replace(whole, seed=1), 150).rows["unit_id"].tolist() != some.rows["unit_id"].tolist()


def test_labels_with_few_units_are_left_out() -> None:
    whole = drawn(labels=2)
    rare = whole.answers["labels"].where(whole.answers.index > 15, whole.answers["labels"].map(lambda _: ["none"]))
    sample = sampled(replace(whole, answers=whole.answers.assign(labels=rare)))
    assert sample.labels == ["favor", "against"]
    one = whole.answers["labels"].map(lambda _: ["none"])
    assert probe.sample(replace(whole, answers=whole.answers.assign(labels=one))) == NotApplicable(
        "no label has 20 units of 10 stories outside of test, with as many of others"
    )


@pytest.mark.parametrize("seed", range(3))
def test_of_two_labels_j_is_the_adjusted_balanced_accuracy_of_scikit_learn(seed: int) -> None:
    sample = sampled(drawn(labels=2, seed=seed))
    answers = probe.by_value(sample, outlets(sample))
    assert (answers.sum(axis=1) == 1).all()
    seen = probe.found(sample, answers)
    expected = balanced_accuracy_score(sample.truth.argmax(axis=1), answers.argmax(axis=1), adjusted=True)
    assert seen.mean.value == pytest.approx(expected)
    assert [one.value for one in seen.of.values()] == pytest.approx([expected] * 2)


def test_the_most_frequent_label_has_j_0_and_the_right_one_has_1() -> None:
    sample = sampled(drawn())
    frequent = np.zeros_like(sample.truth)
    frequent[:, sample.truth.sum(axis=0).argmax()] = True
    assert probe.found(sample, frequent).mean.value == 0
    assert probe.found(sample, sample.truth).mean.as_dict() == {"value": 1.0, "low": 1.0, "high": 1.0}


def test_an_answer_with_several_labels_is_asked_about_each() -> None:
    draws = np.random.default_rng(0)
    rows = []
    for i in range(200):
        outlet = draws.integers(4)  # bit 1 gives "favor" away, bit 2 "against"; "none" is drawn
        labels = [name for name, has in zip(STANCES, (outlet & 1, outlet & 2, draws.integers(2)), strict=True) if has]
        rows.append({"split": "train", "story": f"s{i}", "outlet": f"o{outlet}", "labels": sorted(labels)})
    sample = sampled(subject(rows))
    seen = probe.found(sample, probe.by_value(sample, outlets(sample)))
    assert not sample.single
    assert seen.given_away == ["favor", "against"]
    assert [round(one.value or 0, 6) for one in seen.of.values()][:2] == [1, 1]
    assert abs(seen.of["none"].value or 0) < 0.2


def test_what_is_drawn_gives_nothing_away_and_one_label_that_is_given_away_is_enough_to_fire() -> None:
    sample = sampled(drawn())
    assert isinstance(
        probe.outcome(sample, probe.found(sample, probe.by_value(sample, outlets(sample))), "x"), Silent
    )
    values = np.where(sample.truth[:, 1], 0, 1)
    found = probe.outcome(sample, probe.found(sample, probe.by_value(sample, values)), "x")
    assert isinstance(found, Fired)
    assert found.cases[0] == "against: J 1.00 (1.00 to 1.00)"
    assert "Given away most: against" in found.text
