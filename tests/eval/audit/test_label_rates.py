"""GW402: label rates of annotators on the same units."""

from typing import Any

import numpy as np
from scipy.stats import binomtest

from auditing_checks import STANCES, subject
from goldwire.eval.audit.finding import Fired, NotApplicable, Outcome, Silent
from goldwire.eval.audit.label_rates import look

NONE = Silent(
    "2 annotators on 40 units that two or more answered: no label rate differs by 0.05 or more and more than chance."
)


def asked(first: list[str], second: list[str], stories: int | None = None) -> Outcome:
    """Ask about two annotators' answers to the same units."""
    n = len(first)
    rows = [{"split": "train", "story": f"s{i % (stories or n)}", "labels": ["favor"]} for i in range(n)]
    votes: list[dict[str, Any]] = [
        {"unit_id": f"u{i:04}", "annotator": name, "labels": [label]}
        for name, given in (("annotator-01", first), ("annotator-02", second))
        for i, label in enumerate(given)
    ]
    return look(subject(rows, votes=votes))


def test_somebody_who_sees_a_label_more_often_on_the_same_units_is_named() -> None:
    assert 4 * binomtest(12, 12).pvalue < 0.05  # the sign test of the 12 units, for two people and two labels
    assert asked(["favor"] * 20 + ["none"] * 20, ["favor"] * 8 + ["none"] * 32) == Fired(
        "2 annotators on 40 units that two or more answered: 4 label rates of annotator-01, annotator-02 differ from "
        "the others' on the same units.",
        4,
        [
            "annotator-01, favor: 0.50 of 40 units, the others 0.20",
            "annotator-01, none: 0.50 of 40 units, the others 0.80",
            "annotator-02, favor: 0.20 of 40 units, the others 0.50",
            "annotator-02, none: 0.80 of 40 units, the others 0.50",
        ],
    )


def test_a_difference_that_may_be_chance_is_none() -> None:
    assert 4 * binomtest(6, 6).pvalue > 0.05
    assert asked(["favor"] * 14 + ["none"] * 26, ["favor"] * 8 + ["none"] * 32) == NONE


def test_units_of_few_stories_are_few() -> None:
    assert asked(["favor"] * 20 + ["none"] * 20, ["favor"] * 8 + ["none"] * 32, stories=4) == NONE


def test_annotators_who_differ_by_noise_alone_are_silent_in_at_least_nineteen_of_twenty_studies() -> None:
    fired = 0
    for seed in range(40):
        draws = np.random.default_rng(seed)
        first, second = (list(np.array(STANCES)[draws.choice(3, 60, p=[0.5, 0.3, 0.2])]) for _ in range(2))
        fired += isinstance(asked(first, second), Fired)
    assert fired <= 2


def test_it_needs_votes_and_enough_units_with_two() -> None:
    assert look(subject([{"split": "train"}])) == NotApplicable("the votes are not there")
    assert asked(["favor"] * 19, ["none"] * 19) == NotApplicable(
        "19 units with two answers or more, and 20 are needed"
    )
