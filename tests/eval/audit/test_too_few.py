"""GW203: few units or stories in test."""

from auditing_checks import STANCES, subject
from goldwire.eval.audit.finding import Fired, NotApplicable, Silent
from goldwire.eval.audit.too_few import look


def units(n: int, stories: int, rare: int = 0, split: str = "test") -> list[dict[str, object]]:
    """So many units of the labels by turns, of which the first `rare` are "none", which no other is."""
    return [
        {"split": split, "story": f"s{i % stories}", "labels": ["none" if i < rare else STANCES[i % 2]]}
        for i in range(n)
    ]


def test_it_fires_for_few_units_few_stories_and_rare_labels() -> None:
    assert look(subject(units(90, 60))) == Fired(
        "90 test units from 60 stories: fewer than 100 units or 30 stories.",
        1,
        ["all labels: 90 test units from 60 stories"],
    )
    assert look(subject(units(120, 29))) == Fired(
        "120 test units from 29 stories: fewer than 100 units or 30 stories.",
        1,
        ["all labels: 120 test units from 29 stories"],
    )
    assert look(subject(units(120, 120, rare=9))) == Fired(
        "120 test units from 120 stories. 1 label of 3 with fewer than 10 units, or from fewer than 10 stories: "
        "none.",
        1,
        ["none: 9 units from 9 stories"],
    )


def test_a_label_from_few_stories_is_named_however_many_units_it_has() -> None:
    rows = [*units(120, 60), *({"split": "test", "story": "one", "labels": ["none"]} for _ in range(30))]
    assert look(subject(rows)) == Fired(
        "150 test units from 61 stories. 1 label of 3 with fewer than 10 units, or from fewer than 10 stories: none.",
        1,
        ["none: 30 units from 1 story"],
    )


def test_it_is_silent_from_the_thresholds_on_and_leaves_labels_without_units_to_another_check() -> None:
    assert look(subject(units(120, 30, rare=10))) == Silent(
        "120 test units from 30 stories; of each label that is there, at least 10 units."
    )
    assert look(subject(units(100, 100))) == Silent(
        "100 test units from 100 stories; of each label that is there, at least 50 units."
    )


def test_units_without_a_story_count_by_their_article() -> None:
    rows = [{**unit, "story": None, "article_id": f"a{i % 21}"} for i, unit in enumerate(units(126, 1))]
    assert look(subject(rows)) == Fired(
        "126 test units from 21 stories: fewer than 100 units or 30 stories.",
        1,
        ["all labels: 126 test units from 21 stories"],
    )


def test_it_needs_a_test_split_with_gold() -> None:
    assert look(subject(units(120, 60, split="train"))) == NotApplicable("no unit of a test split has a gold answer")
    assert look(subject([{"split": "test"}])) == NotApplicable("no unit has a gold answer to the question")
