"""Units that belong together stay together, shares and labels come out as wanted, and old units never move."""

from collections import Counter, defaultdict
from dataclasses import replace

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from dividing import Article, alone, column, components, gold, listed, make, run, shared, stories, where
from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.splits.division import split
from goldwire.study import Splits


def test_a_table_of_splits_has_one_row_a_unit_by_id() -> None:
    articles: list[Article] = [("b", "s2", None), ("a", "s1", None), ("c", "s2", None)]
    units = {"b/2": "b", "a/1": "a", "c/3": "c"}
    division = run(articles, units=units, params=Splits(train=0.7, validation=0.0, test=0.3), version="0.2.0")
    assert division.table.schema == tables.SCHEMAS["splits"]
    assert division.table.to_pylist() == [
        {"unit_id": "a/1", "split": "test", "fold": None, "group": "a", "since": "0.2.0"},
        {"unit_id": "b/2", "split": "train", "fold": None, "group": "b", "since": "0.2.0"},
        {"unit_id": "c/3", "split": "train", "fold": None, "group": "b", "since": "0.2.0"},
    ]
    assert (division.left_out, division.straddling) == ([], [])


def test_all_units_over_one_article_get_the_same_split() -> None:
    articles = alone(*[f"a{i:02}" for i in range(20)])
    units = {f"{a}/{kind}": a for a, _, _ in articles for kind in ("document", "target/1", "target/2")}
    by_article = defaultdict(set)
    for unit, found in where(run(articles, units=units)).items():
        by_article[units[unit]].add(found)
    assert {len(found) for found in by_article.values()} == {1}


def test_story_and_group_chain_into_one_component() -> None:
    chain: list[Article] = [("a", "s1", None), ("b", "s1", "g1"), ("c", "s2", "g1"), ("d", "s2", None)]
    division = run([*chain, *alone(*"efghijkl")])
    assert len({where(division)[f"{name}/document"] for name in "abcd"}) == 1
    assert {column(division, "group")[f"{name}/document"] for name in "abcd"} == {"a"}
    assert column(division, "group")["e/document"] == "e"


def test_a_story_and_a_group_of_the_same_name_are_not_the_same() -> None:
    division = run([("a", "x", None), ("b", None, "x"), *alone(*"cdef")])
    assert column(division, "group")["a/document"] != column(division, "group")["b/document"]


def test_articles_without_story_or_group_stand_alone() -> None:
    division = run([(f"a{i:02}", None, None) for i in range(20)])
    assert Counter(where(division).values()) == {"train": 12, "validation": 3, "test": 5}


def test_labels_are_spread_in_proportion() -> None:
    names = [f"a{i:03}" for i in range(200)]
    labels = {f"{name}/document": ("rare" if i % 10 == 0 else "often") for i, name in enumerate(names)}
    division = run(alone(*names), gold(labels))
    counts = Counter((where(division)[unit], label) for unit, label in labels.items())
    assert counts == {
        ("train", "often"): 108, ("validation", "often"): 27, ("test", "often"): 45,
        ("train", "rare"): 12, ("validation", "rare"): 3, ("test", "rare"): 5,
    }  # fmt: skip


def test_labels_are_spread_when_stories_hold_several_articles() -> None:
    articles: list[Article] = [(f"a{i:03}", f"s{i // 3}", None) for i in range(300)]
    labels = {f"{name}/document": "xyz"[(i // 7) % 3] for i, (name, _, _) in enumerate(articles)}
    division = run(articles, gold(labels))
    counts = Counter((where(division)[unit], label) for unit, label in labels.items())
    total = Counter(labels.values())
    for name, share in (("train", 0.6), ("validation", 0.15), ("test", 0.25)):
        for label, n in total.items():
            assert abs(counts[name, label] / n - share) < 0.02, (name, label)


def test_unresolved_units_are_divided_too() -> None:
    labels = tables.build("gold", [{"scheme": "s", "unit_id": "a/document", "question": "q", "labels": None}])
    assert set(where(run(alone(*"abcd"), labels)).values()) <= {"train", "validation", "test"}


def test_a_split_with_no_share_gets_nothing() -> None:
    division = run(alone(*[f"a{i}" for i in range(30)]), params=Splits(train=0.8, validation=0.0, test=0.2))
    assert Counter(where(division).values()) == {"train": 24, "test": 6}


def test_the_seed_decides_which_units_go_where() -> None:
    articles = alone(*[f"a{i}" for i in range(30)])
    first, again, other = (where(run(articles, seed=seed)) for seed in (0, 0, 1))
    assert first == again
    assert first != other
    assert Counter(first.values()) == Counter(other.values())


def test_the_order_of_rows_does_not_matter() -> None:
    articles: list[Article] = [(f"a{i}", f"s{i // 2}", "g" if i in (3, 9) else None) for i in range(30)]
    labels = {f"a{i}/document": "xy"[i % 2] for i in range(30)}
    turned = dict(reversed(labels.items()))
    assert run(articles, gold(labels)).table == run(articles[::-1], gold(turned)).table


def test_a_component_that_is_most_of_the_data_is_refused_by_name() -> None:
    articles: list[Article] = [*[(f"w{i}", "wire", None) for i in range(7)], *alone(*"abc")]
    with pytest.raises(GoldwireError) as error:
        run(articles)
    assert str(error.value) == (
        'no split is possible: 7 of 10 units are connected, most of them by story "wire" (7 articles, w0 among them)'
    )
    assert error.value.hint is not None
    assert "stories.containment" in error.value.hint


def test_a_component_that_fits_the_largest_split_is_not_refused() -> None:
    articles: list[Article] = [*[(f"w{i}", "wire", None) for i in range(6)], *alone(*"abcd")]
    division = run(articles)
    assert {where(division)[f"w{i}/document"] for i in range(6)} == {"train"}


def test_one_article_alone_can_be_divided() -> None:
    assert where(run(alone("a"))) == {"a/document": "train"}


def test_nothing_gives_nothing() -> None:
    division = split(*make([]), gold({}), Splits(), 0)
    assert division.table == tables.build("splits", [])


def test_a_unit_without_its_article_is_refused() -> None:
    units, articles = make(alone("a"), {"a/document": "a", "b/document": "b"})
    with pytest.raises(GoldwireError, match="1 articles have units but are not in the articles: b"):
        split(units, articles, gold({}), Splits(), 0)


def test_new_units_of_an_old_article_follow_it() -> None:
    articles = alone(*"abcdefgh")
    before = run(articles)
    units = {f"{a}/{kind}": a for a, _, _ in articles for kind in ("document", "target/1")}
    after = run(articles, units=units, previous=before.table, version="0.2.0")
    for name in "abcdefgh":
        assert (
            where(after)[f"{name}/target/1"] == where(after)[f"{name}/document"] == where(before)[f"{name}/document"]
        )
        assert column(after, "since")[f"{name}/document"] == "0.1.0"
        assert column(after, "since")[f"{name}/target/1"] == "0.2.0"


def test_an_article_that_would_join_two_splits_is_left_out_and_listed() -> None:
    previous = tables.build("splits", [
        {"unit_id": "a/document", "split": "train", "group": "a", "since": "0.1.0"},
        {"unit_id": "b/document", "split": "test", "group": "b", "since": "0.1.0"},
    ])  # fmt: skip
    articles: list[Article] = [("a", "s1", None), ("b", None, "g"), ("c", "s1", "g"), ("d", "s1", None)]
    division = run(articles, previous=previous, version="0.2.0")
    assert where(division) == {"a/document": "train", "b/document": "test", "c/document": None, "d/document": "train"}
    assert division.left_out == ["c"]
    assert division.straddling == []
    again = run(articles, previous=division.table, version="0.3.0")
    assert (division.kept, again.kept) == (2, 3)
    assert again == replace(division, kept=3)


def test_new_articles_that_join_two_splits_only_together_lose_one() -> None:
    previous = tables.build("splits", [
        {"unit_id": "a/document", "split": "train", "group": "a", "since": "0.1.0"},
        {"unit_id": "b/document", "split": "test", "group": "b", "since": "0.1.0"},
    ])  # fmt: skip
    articles: list[Article] = [("a", "s1", None), ("b", "s2", None), ("c", "s1", "g"), ("d", "s2", "g")]
    division = run(articles, previous=previous)
    assert where(division) == {"a/document": "train", "b/document": "test", "c/document": "train", "d/document": None}
    assert division.left_out == ["d"]


def test_old_units_stay_when_their_stories_are_merged() -> None:
    previous = tables.build("splits", [
        {"unit_id": "a/document", "split": "train", "group": "a", "since": "0.1.0"},
        {"unit_id": "b/document", "split": "test", "group": "b", "since": "0.1.0"},
    ])  # fmt: skip
    articles: list[Article] = [("a", "s", None), ("b", "s", None), ("c", "s", None), ("d", None, None)]
    division = run(articles, previous=previous, units={f"{x}/{y}": x for x in "abcd" for y in ("document", "t")})
    assert {u: w for u, w in where(division).items() if u[0] != "d"} == {
        "a/document": "train", "a/t": "train", "b/document": "test", "b/t": "test", "c/document": None, "c/t": None,
    }  # fmt: skip
    assert where(division)["d/document"] is not None
    assert (division.left_out, division.straddling) == (["c"], ["a"])


@settings(deadline=None, max_examples=150)
@given(stories, st.integers(0, 3))
def test_no_component_stands_on_two_sides(drawn: list[tuple[int, int | None, str]], seed: int) -> None:
    articles, labels = listed(drawn)
    number = components(articles)
    limit = 0.6 * len(articles)
    if max(Counter(number.values()).values()) > max(limit, 1):
        reject()  # see test_chained.py
    division = run(articles, labels, seed=seed)
    sides = defaultdict(set)
    for unit, found in where(division).items():
        sides[number[unit.split("/")[0]]].add(found)
    assert all(len(found) == 1 and found <= {"train", "validation", "test"} for found in sides.values())
    assert where(division).keys() == {f"{a}/document" for a, _, _ in articles}
    assert division.dropped == 0


@settings(deadline=None, max_examples=150)
@given(stories, st.data())
def test_growing_data_moves_nothing_and_joins_nothing(
    drawn: list[tuple[int, int | None, str]], data: st.DataObject
) -> None:
    articles, labels = listed(drawn)
    old = articles[: data.draw(st.integers(1, len(articles)))]
    try:
        before = run(old, labels)
        after = run(articles, labels, previous=before.table, version="0.2.0")
    except GoldwireError:
        reject()
    assert after.anew is None
    assert {u: w for u, w in where(before).items() if w}.items() <= where(after).items()
    assert {u: s for u, s in column(after, "since").items() if where(before).get(u)} == {
        u: s for u, s in column(before, "since").items() if where(before)[u]
    }
    assert all(len(found) == 1 for found in shared(articles, after).values())
    assert after.dropped == list(where(after).values()).count(None) == len(after.left_out)
    for name, story, group in articles:  # each one left out would have joined two splits
        if name in after.left_out:
            found = shared(articles, after)
            assert len(found[f"story {story}"] | found[f"group {group}"]) > 1
    again = run(articles, labels, previous=after.table, version="0.3.0")
    assert again.table == after.table
    assert again.notes == after.notes
