"""By time: training never sees what was published after its cut."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, reject, settings
from hypothesis import strategies as st

from dividing import gold, where
from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.splits.division import Division, split
from goldwire.labels.splits.recipe import recipe_of
from goldwire.study import Splits

FIRST = datetime(2024, 1, 1, tzinfo=UTC)
ORDER = ["train", "validation", "test"]
Row = tuple[str, int | None]  # story, day


def run(rows: list[Row], previous: Any = None, **more: Any) -> Division:
    articles = tables.build(
        "articles",
        [
            {
                "article_id": f"a{i:02}",
                "story_id": story,
                "published_at": None if day is None else FIRST + timedelta(days=day),
            }
            for i, (story, day) in enumerate(rows)
        ],
    )
    units = tables.build(
        "units",
        [{"unit_id": f"a{i:02}", "article_id": f"a{i:02}", "kind": "document"} for i in range(len(rows))],
    )
    return split(units, articles, gold({}), Splits(by="time", **more), 0, previous)


def test_the_earliest_train_and_the_latest_test() -> None:
    division = run([(f"s{i}", 19 - i) for i in range(20)])
    assert list(where(division).values()) == ["test"] * 5 + ["validation"] * 3 + ["train"] * 12
    assert division.notes[1] == (
        "Divided by time: train has what was published up to 2024-01-12T00:00:00Z, validation has what was published "
        "up to 2024-01-15T00:00:00Z and test what is later."
    )


def test_a_story_that_spans_a_cut_goes_by_its_latest_article() -> None:
    rows: list[Row] = [(f"s{i}", i) for i in range(19)]
    division = run([("s18", 0), *rows])
    assert where(division)["a00"] == where(division)["a19"] == "test"


def test_one_day_is_never_cut() -> None:
    division = run([(f"s{i}", i // 10) for i in range(40)], train=0.6, validation=0.0, test=0.4)
    assert list(where(division).values()) == ["train"] * 20 + ["test"] * 20
    assert division.notes[-1] == (
        "The shares came out as 50% train, 0% validation and 50% test; 60%, 0% and 40% were wanted."
    )


def test_units_without_a_date_are_left_out_and_listed() -> None:
    division = run([*((f"s{i}", i) for i in range(20)), ("s0", None), ("t", None)])
    assert where(division)["a20"] is None
    assert where(division)["a21"] is None
    assert (division.dropped, division.left_out) == (0, [])
    assert "2 units of 2 articles have no date and are in no split: a20, a21." in division.notes
    assert where(division)["a00"] == "train"


def test_no_dates_at_all_leaves_everything_out() -> None:
    division = run([("a", None), ("b", None)])
    assert set(where(division).values()) == {None}
    assert division.notes[1:] == [
        "2 units of 2 articles have no date and are in no split: a00, a01.",
        "None of 2 units is in a split.",
    ]


def test_the_cuts_stay_when_data_grows() -> None:
    rows: list[Row] = [(f"s{i}", i) for i in range(20)]
    before = run(rows)
    after = run([*rows, *((f"n{i}", 30 + i) for i in range(10)), ("early", 3), ("between", 13)], before.table)
    assert where(before).items() <= where(after).items()
    assert [where(after)[f"a{i}"] for i in range(20, 32)] == ["test"] * 10 + ["train", "validation"]
    assert recipe_of(after.table).cuts == recipe_of(before.table).cuts  # type: ignore[union-attr]


def test_a_table_without_a_recipe_says_its_cuts_by_its_units() -> None:
    rows: list[Row] = [(f"s{i}", i) for i in range(20)]
    before = run(rows).table.replace_schema_metadata(None)
    after = run([*rows, ("new", 11), ("newer", 12), ("newest", 99)], before)
    assert [where(after)[f"a{i}"] for i in (20, 21, 22)] == ["train", "validation", "test"]


def test_a_late_article_of_an_early_story_is_left_out() -> None:
    rows: list[Row] = [(f"s{i}", i) for i in range(20)]
    after = run([*rows, ("s0", 40), ("s0", 5), ("s19", 1)], run(rows).table)
    assert [where(after)[f"a{i}"] for i in (20, 21, 22)] == [None, "train", "test"]
    assert after.left_out == ["a20"]
    assert any(
        note == "1 unit of 1 article is in no split, since what they share stands in two, or in one that is earlier "
        "than they are: a20."
        for note in after.notes
    )


def test_stories_and_groups_that_chain_go_by_the_latest_of_each() -> None:
    articles = tables.build(
        "articles",
        [
            {
                "article_id": f"a{i:02}",
                "story_id": f"s{i // 2}",
                "group": f"g{(i + 1) // 2}",
                "published_at": FIRST + timedelta(days=i),
            }
            for i in range(40)
        ],
    )
    units = tables.build("units", [{"unit_id": a, "article_id": a} for a in articles["article_id"].to_pylist()])
    division = split(units, articles, gold({}), Splits(by="time"), 0)
    sides = list(where(division).values())
    known = [ORDER.index(side) for side in sides if side]
    assert known == sorted(known)
    assert 1 <= division.dropped <= 4
    assert set(known) == {0, 1, 2}
    again = split(units, articles, gold({}), Splits(by="time"), 0, division.table)
    assert again.table == division.table
    assert again.notes == division.notes


@settings(deadline=None, max_examples=80)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.one_of(st.none(), st.integers(0, 9))), min_size=3, max_size=40),
    st.integers(1, 40),
)
def test_nothing_in_training_is_later_than_any_cut(drawn: list[tuple[int, int | None]], first: int) -> None:
    rows: list[Row] = [(f"s{i}" if i % 3 else f"s{story}", day) for i, (story, day) in enumerate(drawn)]
    try:
        before = run(rows[:first])
        after = run(rows, before.table)
    except GoldwireError:  # one story that is most of the data
        reject()
    old, new = where(before), where(after)
    assert {u: w for u, w in old.items() if w}.items() <= new.items()
    for division in (before, after):
        cuts = recipe_of(division.table).cuts  # type: ignore[union-attr]
        sides = where(division)
        for (_, day), side in zip(rows, sides.values(), strict=False):
            if side in ("train", "validation") and any(old.values()):
                assert day is not None
                moment = (FIRST + timedelta(days=day)).strftime("%Y-%m-%dT%H:%M:%SZ")
                assert moment <= cuts[ORDER.index(side)]
        by_story: dict[str, set[str | None]] = {}
        for (story, _), side in zip(rows, sides.values(), strict=False):
            by_story.setdefault(story, set()).add(side)
        assert all(len(found - {None}) <= 1 for found in by_story.values())
