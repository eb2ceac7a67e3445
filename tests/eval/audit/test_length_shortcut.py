"""GW303: what the length of the text gives away."""

import numpy as np

from auditing_checks import STANCES, subject
from goldwire.eval.audit.finding import Fired, NotApplicable, Silent
from goldwire.eval.audit.length_shortcut import look
from goldwire.eval.audit.subject import Subject


def units(planted: float, seed: int = 0, n: int = 200) -> Subject:
    """Units of 100, 200 or 300 characters by label in a share of them, and of any such length in the others."""
    draws = np.random.default_rng(seed)
    rows = []
    for i in range(n):
        label = i % 3
        length = 100 * (label + 1) if draws.random() < planted else int(draws.integers(80, 400))
        rows.append({"split": "train", "story": f"s{i}", "text": "x" * length, "labels": [STANCES[label]]})
    return subject(rows)


def test_lengths_that_give_the_label_away_are_found() -> None:
    assert look(units(1.0)) == Fired(
        "From the length of the text alone, J is 1.00 (1.00 to 1.00) on 200 units of 200 stories, where a guess or "
        "the most frequent label has 0. Given away most: favor, against, none.",
        3,
        [f"{name}: J 1.00 (1.00 to 1.00), median {100 * i} characters" for i, name in enumerate(STANCES, start=1)],
    )
    assert all(isinstance(look(units(0.5, seed)), Fired) for seed in range(5))


def test_lengths_that_say_nothing_are_silent_in_at_least_nineteen_of_twenty_studies() -> None:
    assert sum(isinstance(look(units(0.0, seed)), Fired) for seed in range(40)) <= 2
    assert isinstance(look(units(0.0)), Silent)


def test_it_needs_texts_of_several_lengths() -> None:
    same = [
        {"split": "train", "story": f"s{i}", "text": "It rained.", "labels": [STANCES[i % 3]]} for i in range(200)
    ]
    assert look(subject(same)) == NotApplicable("all texts have the same length")
    assert look(subject([{**unit, "text": None} for unit in same])) == NotApplicable("the texts are not there")
    assert look(units(1, n=99)) == NotApplicable("99 units of 99 stories outside of test, and 100 of 30 are needed")
