"""What the card says of splits: by what, what stays together, what was left out."""

from typing import Any

import pytest

from carded import make, rows, sections
from goldwire import tables

STAYS = (
    "Units of one article, story, group or headline are never divided; beyond that, labels are spread in proportion."
)
SHARES = "Wanted shares of units: train 0.6, validation 0.15, test 0.25."
KEEPS = "A unit keeps its split in later versions, unless these rules are changed."
REST = "The config `articles` has 1 article under `unassigned`: no unit of theirs, or of their story, is in a split."


@pytest.mark.parametrize(
    ("splits", "lines"),
    [
        ({}, [f"Units were divided at random, from the seed. {STAYS}", SHARES, KEEPS]),
        (
            {"by": "time", "group_by": [], "folds": 5},
            [
                "Units were divided by time: train is the oldest, test the newest. Units of one article or story are "
                "never divided.",
                SHARES,
                "Train and validation together are also divided into 5 folds, by the same rules.",
                KEEPS,
            ],
        ),
        ({"by": "outlet"}, [f"Units were divided by outlet: no outlet is in two splits. {STAYS}", SHARES, KEEPS]),
        (
            {"by": "target", "group_by": ["target", "group"]},
            [
                "Units were divided by target: no target is in two splits, so those of test were never seen. Units "
                "of one article, story or group are never divided; beyond that, labels are spread in proportion.",
                SHARES,
                KEEPS,
            ],
        ),
        (
            {"by": "official", "column": "their `split`"},
            ["The split is the official one, `their 'split'` in the `meta` of each article.", KEEPS],
        ),
    ],
)
def test_how_units_were_divided_is_read_off_the_params(splits: dict[str, Any], lines: list[str]) -> None:
    assert sections(make({"splits": splits}))["Splits"] == "\n\n" + "\n".join([*lines, REST]) + "\n\n"


def test_splits_say_what_is_empty_left_out_and_unassigned() -> None:
    data = rows()
    data["splits"] = tables.build("splits", [{"unit_id": "a1", "split": "train"}, {"unit_id": "a2", "split": "test"}])
    assert sections(make(data=data, left_out=["a3", "a|4"]))["Splits"].splitlines()[-4:-1] == [
        "The split validation is empty.",
        "2 articles have units without a split, which are in no config: a3, a\\|4.",
        REST.replace("1 article", "3 articles"),
    ]


def test_many_articles_left_out_are_counted_not_listed() -> None:
    found = sections(make(left_out=[f"b{number:02}" for number in range(30)]))["Splits"]
    named = ", ".join(f"b{number:02}" for number in range(20))
    assert f"\n30 articles have units without a split, which are in no config: {named} and 10 more.\n" in found


def test_notes_of_the_splitter_are_a_list() -> None:
    notes = ["12 pairs | were dropped.", "3 articles\nhave no date."]
    found = sections(make(notes=notes))["Splits"]
    assert found.endswith(f"{REST}\n\n- 12 pairs \\| were dropped.\n- 3 articles have no date.\n\n")


def test_where_notes_say_why_articles_are_left_out_they_are_only_counted() -> None:
    found = sections(make(notes=["Undated: a8, a9."], left_out=["a8", "a9"]))["Splits"]
    assert "\n2 articles have units without a split, which are in no config: the notes below say why.\n" in found
