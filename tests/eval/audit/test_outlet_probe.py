"""GW302: what the outlet gives away."""

from typing import Any

import numpy as np
import pytest

from auditing_checks import STANCES, subject
from goldwire.eval.audit.finding import Fired, NotApplicable, Silent
from goldwire.eval.audit.outlet_probe import look
from goldwire.eval.audit.subject import Subject


def units(planted: float, seed: int = 0, n: int = 200, **columns: Any) -> Subject:
    """Units whose outlet is that of their label in a share of them, and drawn in the others."""
    draws = np.random.default_rng(seed)
    rows = []
    for i in range(n):
        label = draws.choice(3, p=[0.5, 0.3, 0.2])
        outlet = label if draws.random() < planted else draws.integers(6)
        rows.append(
            {"split": "train", "story": f"s{i // 2}", "outlet": f"o{outlet}", "labels": [STANCES[label]], **columns}
        )
    return subject(rows)


def test_outlets_that_give_the_label_away_are_found() -> None:
    found = look(units(1.0))
    assert found == Fired(
        "From the outlet alone (3 of them), J is 1.00 (1.00 to 1.00) on 200 units of 100 stories, where a guess or "
        "the most frequent label has 0. Given away most: favor, against, none.",
        3,
        [f"{name}: J 1.00 (1.00 to 1.00)" for name in STANCES],
    )
    assert all(isinstance(look(units(0.5, seed)), Fired) for seed in range(5))


def test_outlets_that_say_nothing_are_silent_in_at_least_nineteen_of_twenty_studies() -> None:
    assert sum(isinstance(look(units(0.0, seed)), Fired) for seed in range(40)) <= 2
    assert isinstance(look(units(0.0)), Silent)


@pytest.mark.parametrize(
    ("of", "reason"),
    [
        (units(1, outlet=None), "the outlets are not known"),
        (units(1, outlet="Wire"), "all units outside of test are from Wire"),
        (units(1, n=90), "90 units of 45 stories outside of test, and 100 of 30 are needed"),
        (units(1, split="test"), "0 units of 0 stories outside of test, and 100 of 30 are needed"),
        (units(1, story="one"), "200 units of 1 story outside of test, and 100 of 30 are needed"),
        (units(1, labels=None), "no unit has a gold answer to the question"),
    ],
)
def test_it_needs_outlets_and_enough_units_outside_of_test(of: Subject, reason: str) -> None:
    assert look(of) == NotApplicable(reason)
