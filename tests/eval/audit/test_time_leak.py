"""GW103: train units from after the test begins."""

from dataclasses import replace

import pandas as pd

from auditing_checks import subject
from goldwire.eval.audit.finding import Fired, NotApplicable, Outcome, Silent
from goldwire.eval.audit.time_leak import CHECK


def look(*units: tuple[str | None, str | None]) -> Outcome:
    given = subject([{"split": split} for split, _ in units])
    dates = pd.to_datetime(pd.Series([date for _, date in units]), utc=True).astype("datetime64[us, UTC]")
    return CHECK.look(replace(given, units=given.units.assign(published_at=dates)))


def test_later_train_units_are_named_latest_first_with_the_share_of_pairs_in_the_wrong_order() -> None:
    found = look(
        ("train", "2024-01-01"),
        ("train", "2024-03-01"),
        ("train", "2024-02-15"),
        ("test", "2024-02-01"),
        ("test", "2024-03-01"),
        ("validation", "2025-01-01"),
        ("test", None),
    )
    # of six pairs the wrong ones are 1 for 15 February, and 1.5 for 1 March, whose second pair is a draw
    assert found == Fired(
        "2 of 3 (66.7%) units of train were published after the first of test, 2024-02-01. Of the pairs of a train "
        "and a test unit, 41.7% are in the wrong order; of a random split, about 50% are. Without a date: 1 unit "
        "of train and test.",
        2,
        ["u0001 is of 2024-03-01", "u0002 is of 2024-02-15"],
    )


def test_a_split_by_time_is_silent() -> None:
    found = look(("train", "2024-01-01"), ("train", "2024-01-31"), ("test", "2024-02-01"), ("test", None))
    assert found == Silent("Train ends 2024-01-31, test begins 2024-02-01. Without a date: 1 unit of train and test.")


def test_it_is_not_applicable_without_dates_on_both_sides() -> None:
    assert look(("train", None), ("test", None)) == NotApplicable("no date is known")
    dated = look(("train", None), ("test", "2024-02-01"))
    assert dated == NotApplicable("no unit of train has a date")
    other = look(("train", "2024-02-01"), ("validation", "2024-02-01"))
    assert other == NotApplicable("no unit of test has a date")
