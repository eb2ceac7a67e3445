"""Where fields chain: nothing stands on two sides, what straddles is dropped and counted, one large value refused."""

from collections import defaultdict

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from dividing import Article, alone, gold, largest, listed, make, run, shared, stories, where
from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.splits.division import Division, split
from goldwire.labels.splits.recipe import recipe_of
from goldwire.study import Splits


def chain(count: int) -> list[Article]:
    """Return articles of which each shares its story with the one before or its group with the one after."""
    return [(f"a{i:02}", f"s{i // 2:02}", f"g{(i + 1) // 2:02}") for i in range(count)]


def outlets(rows: list[tuple[str, str | None]], by: str = "outlet", **more: object) -> Division:
    """Divide articles a00, a01, ... with a story and an outlet each."""
    articles = tables.build(
        "articles",
        [{"article_id": f"a{i:02}", "story_id": story, "outlet": outlet} for i, (story, outlet) in enumerate(rows)],
    )
    units = tables.build(
        "units",
        [
            {"unit_id": f"{a}/document", "article_id": a, "kind": "document"}
            for a in articles["article_id"].to_pylist()
        ],
    )
    return split(units, articles, gold({}), Splits(by=by, **more), 0)  # type: ignore[arg-type]


def test_a_chain_is_taken_apart_and_what_straddles_is_dropped_and_counted() -> None:
    articles = chain(40)
    division = run(articles)
    placed = where(division)
    assert all(len(found) == 1 for found in shared(articles, division).values())
    assert division.dropped == list(placed.values()).count(None)
    assert 2 <= division.dropped <= 8
    assert set(placed.values()) == {"train", "validation", "test", None}
    assert division.notes[1] == (
        "Too many units are connected by group and story for any split, so that the values of each were assigned by "
        "themselves."
    )
    assert f"{division.dropped} units of {division.dropped} articles are in no split" in division.notes[2]
    assert division.left_out == sorted(u.split("/")[0] for u, found in placed.items() if found is None)
    recipe = recipe_of(division.table)
    assert recipe is not None
    assert recipe.sides == ("group", "story")


def test_a_chain_that_was_taken_apart_stays_so_when_it_grows() -> None:
    articles = chain(40)
    before = run(articles[:30])
    after = run(articles, previous=before.table, version="0.2.0")
    assert {u: w for u, w in where(before).items() if w}.items() <= where(after).items()
    assert all(len(found) == 1 for found in shared(articles, after).values())
    again = run(articles, previous=after.table, version="0.3.0")
    assert again.table == after.table
    assert again.notes == after.notes


@settings(deadline=None, max_examples=60)
@given(stories)
def test_what_chains_stands_on_one_side_or_is_refused_by_name(drawn: list[tuple[int, int | None, str]]) -> None:
    articles, labels = listed(drawn)
    limit = 0.6 * len(articles)
    most = largest(articles, 1), largest(articles, 2)
    if 1 < len(articles) != most[0] and max(most) > limit:
        with pytest.raises(GoldwireError, match=f"most of them by {'story' if most[0] > limit else 'group'} "):
            run(articles, labels)
        return
    division = run(articles, labels)
    assert all(len(found) == 1 for found in shared(articles, division).values())
    assert division.dropped == list(where(division).values()).count(None)
    assert run(articles[::-1], labels).table == division.table
    assert run(articles, labels, previous=division.table).table == division.table


def test_one_story_alone_is_all_train_and_said() -> None:
    division = run([("a", "s", None), ("b", "s", None), ("c", "s", None)])
    assert set(where(division).values()) == {"train"}
    assert division.notes == [
        "There is no gold, so that no labels could be spread evenly.",
        "All 3 units are of one component, so that only train has any.",
    ]


def test_an_outlet_stands_in_one_split() -> None:
    rows = [(f"s{i}", f"outlet {i % 8}") for i in range(80)]
    division = outlets(rows)
    found = defaultdict(set)
    for (_, outlet), side in zip(rows, where(division).values(), strict=True):
        found[outlet].add(side)
    assert all(len(sides) == 1 for sides in found.values())
    assert division.dropped == 0
    assert len(set(division.table["group"].to_pylist())) == 80, "an outlet is no story: it is not what is drawn"


def test_outlets_that_stories_chain_are_parted_and_what_straddles_is_dropped() -> None:
    rows: list[tuple[str, str | None]] = [(f"s{i // 2}", f"outlet {(i * i + i // 3) % 10}") for i in range(80)]
    division = outlets(rows)
    found = defaultdict(set)
    for row, side in zip(rows, where(division).values(), strict=True):
        for value in row:
            found[value].add(side)
    assert all(len(sides - {None}) <= 1 for sides in found.values())
    assert 0 < division.dropped < 60


def test_an_outlet_that_is_most_of_the_data_is_named() -> None:
    with pytest.raises(GoldwireError, match='14 of 20 units are connected, most of them by outlet "Big"') as error:
        outlets([(f"s{i}", "Big" if i < 14 else f"small {i}") for i in range(20)])
    assert error.value.hint == "Label more of other outlets, or give splits.by another value in params.yaml."


def test_articles_without_an_outlet_are_free() -> None:
    division = outlets([(f"s{i}", None) for i in range(20)])
    assert sorted(map(str, where(division).values())) == ["test"] * 5 + ["train"] * 12 + ["validation"] * 3


def test_a_target_stands_in_one_split_and_so_does_an_article() -> None:
    articles = alone(*[f"a{i:02}" for i in range(40)])
    pairs = [(a, f"t{(i + j) % 6}") for i, (a, _, _) in enumerate(articles) for j in (0, 1)]
    units = tables.build(
        "units",
        [{"unit_id": f"{a}/target/{t}", "article_id": a, "kind": "target", "target": t} for a, t in pairs],
    )
    division = split(units, make(articles)[1], gold({}), Splits(by="target"), 0)
    found = defaultdict(set)
    for unit, side in where(division).items():
        article, _, target = unit.split("/")
        found[article].add(side)
        found[target].add(side)
    assert all(len(sides - {None}) <= 1 for sides in found.values())
    assert set(where(division).values()) == {"train", "validation", "test", None}


def test_a_headline_over_several_bodies_joins_them() -> None:
    articles = alone(*[f"a{i:02}" for i in range(40)])
    units = tables.build(
        "units",
        [
            {"unit_id": f"{a}/headline/{i // 4}", "article_id": a, "kind": "headline", "target": f"h{i // 4}"}
            for i, (a, _, _) in enumerate(articles)
        ],
    )
    division = split(units, make(articles)[1], gold({}), Splits(), 0)
    found = defaultdict(set)
    for unit, side in where(division).items():
        found[unit.split("/")[2]].add(side)
    assert all(len(sides) == 1 for sides in found.values())
    free = split(units, make(articles)[1], gold({}), Splits(group_by=()), 0)
    found.clear()
    for unit, side in where(free).items():
        found[unit.split("/")[2]].add(side)
    assert any(len(sides) > 1 for sides in found.values())


def test_a_new_unit_of_an_old_article_is_left_out_when_its_headline_stands_elsewhere() -> None:
    def units(pairs: list[tuple[str, str]]) -> object:
        return tables.build(
            "units",
            [{"unit_id": f"{a}/headline/{h}", "article_id": a, "kind": "headline", "target": h} for a, h in pairs],
        )

    previous = tables.build("splits", [
        {"unit_id": "a/headline/g", "split": "train"}, {"unit_id": "b/headline/h", "split": "test"},
    ])  # fmt: skip
    pairs = [("a", "g"), ("b", "h"), ("a", "h"), ("a", "i"), ("c", "h")]
    division = split(units(pairs), make(alone("a", "b", "c"))[1], gold({}), Splits(), 0, previous)
    assert where(division) == {
        "a/headline/g": "train", "a/headline/h": None, "a/headline/i": "train", "b/headline/h": "test",
        "c/headline/h": "test",
    }  # fmt: skip
    assert (division.dropped, division.left_out) == (1, [])


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6)), min_size=2, max_size=50))
def test_by_outlet_nothing_stands_on_two_sides(drawn: list[tuple[int, int]]) -> None:
    rows = [(f"s{story}", f"o{outlet}") for story, outlet in drawn]
    try:
        division = outlets(rows)
    except GoldwireError:
        reject()
    found = defaultdict(set)
    for row, side in zip(rows, where(division).values(), strict=True):
        for value in row:
            found[value].add(side)
    assert all(len(sides - {None}) <= 1 for sides in found.values())
