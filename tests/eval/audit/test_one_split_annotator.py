"""GW401: annotators of one split only."""

from typing import Any

from auditing_checks import subject
from goldwire.eval.audit.finding import Fired, NotApplicable, Outcome, Silent
from goldwire.eval.audit.one_split_annotator import look

NONE = Silent("3 annotators: none keeps to one split by more than chance.")


def asked(answered: dict[str, range], units: list[dict[str, Any]] | None = None) -> Outcome:
    """Ask about 40 units, 24 of them in train and 16 in test, each a story of its own, and who answered which."""
    rows = units or [{"split": "train" if i < 24 else "test", "story": f"s{i}"} for i in range(40)]
    votes = [
        {"unit_id": f"u{i:04}", "annotator": name, "labels": ["favor"]} for name, of in answered.items() for i in of
    ]
    return look(subject(rows, votes=votes))


def test_somebody_whose_stories_are_all_in_test_is_named_with_counts() -> None:
    answered = {"annotator-01": range(40), "annotator-02": range(30), "annotator-03": range(30, 40)}
    assert asked(answered) == Fired(
        "1 annotator of 3 in one split only: annotator-03.",
        1,
        ["annotator-03: 10 units of 10 stories, all in test"],
    )


def test_few_stories_are_in_one_split_by_chance() -> None:
    assert asked({"annotator-01": range(40), "annotator-02": range(30), "annotator-03": range(3)}) == NONE
    # the last ten units are of two stories, which is as likely as that two units are in test: .16 times 3 people
    pairs = [{"split": "train" if i < 24 else "test", "story": f"s{i if i < 30 else 30 + i % 2}"} for i in range(40)]
    assert asked({"annotator-01": range(40), "annotator-02": range(30), "annotator-03": range(30, 40)}, pairs) == NONE


def test_it_needs_votes_of_two_people_on_two_splits() -> None:
    assert look(subject([{"split": "test"}])) == NotApplicable("the votes are not there")
    assert asked({"annotator-01": range(20)}) == NotApplicable(
        "the units that were voted on are not in two splits or more"
    )
    assert asked({"annotator-01": range(40)}) == NotApplicable("there is one annotator only")
