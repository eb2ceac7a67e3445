"""GW101: values that belong in one split and stand in several."""

from dataclasses import replace

from auditing_checks import subject
from goldwire.eval.audit.finding import Fired, NotApplicable, Silent
from goldwire.eval.audit.shared_field import CHECK


def rows(*values: tuple[str | None, str | None, str | None]) -> list[dict[str, str | None]]:
    return [{"split": split, "article_id": article, "story": story} for split, article, story in values]


def test_values_in_two_splits_are_counted_field_by_field_and_named_in_turn() -> None:
    units = rows(
        ("train", "a1", "s1"),
        ("train", "a1", "s1"),
        ("test", "a1", "s1"),
        ("train", "a2", "s2"),
        ("test", "a3", "s2"),
        ("validation", "a4", None),
    )
    assert CHECK.look(subject(units)) == Fired(
        "article_id: 1 of 4 (25.0%) values stand in more than one split, with 3 of 6 (50.0%) units. "
        "story: 2 of 2 (100.0%) values stand in more than one split, with 5 of 5 (100.0%) units.",
        3,
        [
            'article_id "a1" is in test (1), train (2)',
            'story "s1" is in test (1), train (2)',
            'story "s2" is in test (1), train (1)',
        ],
    )


def test_values_in_one_split_each_are_silent_and_units_outside_all_splits_do_not_count() -> None:
    units = rows(("train", "a1", "s1"), ("train", "a1", "s1"), ("test", "a2", "s2"), (None, "a1", "s2"))
    assert CHECK.look(subject(units)) == Silent("3 units compared by article_id, story.")


def test_it_is_not_applicable_without_two_splits_or_without_a_field() -> None:
    alone = subject(rows(("train", "a1", "s1"), (None, "a1", "s1")))
    assert CHECK.look(alone) == NotApplicable("the units are not in two splits or more")
    bare = replace(subject(rows(("train", "a1", None), ("test", "a1", None))), shared=["story", "group"])
    reason = "no field is known that units share, such as an article, a story or a group"
    assert CHECK.look(bare) == NotApplicable(reason)
