"""GW102: copies of a text in two splits. The texts are written for the tests."""

from dataclasses import replace

from auditing_checks import subject
from goldwire.eval.audit.finding import Fired, NotApplicable, Silent
from goldwire.eval.audit.near_duplicates import CHECK

HARBOUR = "The council of Velm voted on Monday to close the old harbour for two years"
LONGER = f"{HARBOUR}, and the fishers of the town said that they would block the road"
OTHER = "A train from Karsund was late by three hours since snow lay on the rails"


def unit(unit_id: str, split: str | None, text: str | None, article: str | None = None) -> dict[str, str | None]:
    return {"unit_id": unit_id, "split": split, "text": text, "article_id": article or unit_id}


def test_a_cut_copy_and_an_equal_text_in_another_split_are_named_the_cut_one_first() -> None:
    found = CHECK.look(
        subject(
            [
                unit("u1", "train", LONGER),
                unit("u2", "test", HARBOUR),
                unit("u3", "train", OTHER),
                unit("u4", "test", OTHER),
                unit("u5", "test", "Nothing of this is said anywhere else in the town or out of it"),
            ]
        )
    )
    assert found == Fired(
        "1 pair of different texts and 1 text word for word in two splits or more (4 different texts of 5 units "
        "compared). Units with a copy in another split: test 2 of 3 (66.7%), train 2 of 2 (100.0%).",
        2,
        ["u1 (train) and u2 (test): containment 1.00", "u3 (train) and u4 (test): the same text"],
    )


def test_copies_in_one_split_are_silent_and_so_is_one_article_in_two_which_is_gw101s() -> None:
    units = [
        unit("u1", "train", LONGER),
        unit("u2", "train", HARBOUR),
        unit("u3", "train", OTHER, "a"),
        unit("u4", "test", OTHER, "a"),
        unit("u5", None, HARBOUR),
    ]
    assert CHECK.look(subject(units)) == Silent("3 different texts of 5 units compared.")


def test_half_of_the_shorter_texts_runs_is_enough_and_less_is_not() -> None:
    words = [f"w{number}" for number in range(20)]  # 16 runs of five words
    other = [f"x{number}" for number in range(20)]
    half = words[:12] + other[:8]  # shares 8 runs
    less = words[:11] + other[:9]  # shares 7
    for text, kind in ((half, Fired), (less, Silent)):
        units = [unit("u1", "train", " ".join(words)), unit("u2", "test", " ".join(text))]
        found = CHECK.look(subject(units))
        assert isinstance(found, kind)
        if isinstance(found, Fired):
            assert found.cases == ["u1 (train) and u2 (test): containment 0.50"]


def test_texts_of_fewer_than_five_words_are_left_out() -> None:
    units = [unit("u1", "train", "He did not say."), unit("u2", "test", "He did not say."), unit("u3", "test", OTHER)]
    assert CHECK.look(subject(units)) == NotApplicable("only test has texts of five words or more")


def test_it_is_not_applicable_without_two_splits_or_without_texts() -> None:
    one = subject([unit("u1", "train", OTHER), unit("u2", "train", OTHER)])
    assert CHECK.look(one) == NotApplicable("the units are not in two splits or more")
    bare = subject([unit("u1", "train", None), unit("u2", "test", None)])
    assert CHECK.look(bare) == NotApplicable("the texts are not there")


def test_a_case_is_told_when_the_order_of_the_rows_is_another() -> None:
    given = subject([unit("u1", "train", LONGER), unit("u2", "test", HARBOUR), unit("u3", "validation", LONGER)])
    turned = replace(given, units=given.units.iloc[::-1].reset_index(drop=True), memo={})
    assert CHECK.look(turned) == CHECK.look(given)
