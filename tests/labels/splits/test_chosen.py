"""Units that a model chose train or are left out; what tests is divided as if they were not there."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from dividing import Article, alone, components, gold, listed, make, run, shared, stories, where
from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.splits.chosen import can_train
from goldwire.labels.splits.division import split
from goldwire.labels.splits.items import of_study
from goldwire.study import Splits

NAMES = [f"a{i:02}" for i in range(20)]
MORE = [f"b{i:02}" for i in range(10)]


def units(*names: str) -> set[str]:
    return {f"{name}/document" for name in names}


def test_chosen_units_train_and_the_others_stand_where_they_stood_without_them() -> None:
    labels = gold({f"{name}/document": "xy"[i % 2] for i, name in enumerate(NAMES)})
    division = run(alone(*NAMES, *MORE), labels, chosen=units(*MORE))
    assert {where(division)[unit] for unit in units(*MORE)} == {"train"}
    without = run(alone(*NAMES), labels)
    assert where(without).items() <= where(division).items()
    assert Counter(where(without).values()) == {"train": 12, "validation": 3, "test": 5}
    assert division.notes == ["10 units have been chosen by a model, and not drawn: 10 are in train."]
    assert (division.left_out, division.dropped) == ([], 0)


def test_chosen_labels_that_train_do_not_drive_rare_labels_into_test() -> None:
    """The model looks for rare labels, so train has many of them: test must not get more than are drawn."""
    drawn = {f"{name}/document": ("rare" if i < 4 else "often") for i, name in enumerate(NAMES)}
    before = run(alone(*MORE), gold(dict.fromkeys(units(*MORE), "rare")), chosen=units(*MORE))
    labels = gold({**drawn, **dict.fromkeys(units(*MORE), "rare")})
    after = run(alone(*NAMES, *MORE), labels, previous=before.table, chosen=units(*MORE))
    counts = Counter((where(after)[unit], label) for unit, label in drawn.items())
    assert sum(n for (side, _), n in counts.items() if side == "test") == 5
    assert counts["test", "rare"] == 1


def test_a_chosen_unit_whose_story_stands_in_test_is_left_out_and_listed() -> None:
    articles: list[Article] = [(name, f"story-{name}", None) for name in NAMES]
    before = run(articles)
    tested = next(name for name in NAMES if where(before)[f"{name}/document"] == "test")
    trained = next(name for name in NAMES if where(before)[f"{name}/document"] == "train")
    articles += [("in-test", f"story-{tested}", None), ("in-train", f"story-{trained}", None), ("new", "n", None)]
    chosen = units("in-test", "in-train", "new")
    after = run(articles, previous=before.table, version="0.2.0", chosen=chosen)
    assert {unit: where(after)[unit] for unit in chosen} == {
        "in-test/document": None, "in-train/document": "train", "new/document": "train",
    }  # fmt: skip
    assert (after.left_out, after.dropped, after.kept) == (["in-test"], 1, 20)
    assert after.notes[-1] == (
        "3 units have been chosen by a model, and not drawn: 2 are in train and 1 is in no split, since what they "
        "share stands in validation or test: in-test."
    )
    again = run(articles, previous=after.table, version="0.3.0", chosen=chosen)
    assert (again.table, again.notes) == (after.table, after.notes)


def test_what_a_chosen_unit_is_in_test_from_before_stays_there_and_is_said() -> None:
    before = run(alone(*NAMES))
    tested = [unit for unit, found in where(before).items() if found == "test"]
    after = run(alone(*NAMES), previous=before.table, chosen=set(tested))
    assert after.table == before.table
    assert after.notes[-1] == (
        "5 units have been chosen by a model, and not drawn: 5 are in validation or test, where an earlier version "
        "put them."
    )


def test_where_every_unit_was_chosen_all_train() -> None:
    division = run(alone(*MORE), chosen=units(*MORE))  # as drawn there are none, shares are of all
    assert set(where(division).values()) == {"train"}
    assert "The shares came out as 100% train" in " ".join(division.notes)


def test_without_a_share_of_train_chosen_units_are_in_no_split() -> None:
    params = Splits(train=0, validation=0.5, test=0.5)
    division = run(alone(*NAMES, *MORE), params=params, chosen=units(*MORE))
    assert {where(division)[unit] for unit in units(*MORE)} == {None}
    assert division.dropped == 10


def test_by_time_a_chosen_unit_that_is_later_than_train_is_left_out_and_moves_no_cut() -> None:
    def dated(days: list[int], chosen: set[str]) -> dict[str, str | None]:
        first = datetime(2026, 1, 1, tzinfo=UTC)
        rows = [
            {"article_id": f"a{i:02}", "story_id": f"s{i}", "published_at": first + timedelta(days=day)}
            for i, day in enumerate(days)
        ]
        units, articles = make([(row["article_id"], None, None) for row in rows])[0], tables.build("articles", rows)
        made = split(units, articles, gold({}), Splits(by="time"), 0, chosen=chosen)
        if chosen:
            assert made.notes[-1] == (
                "2 units have been chosen by a model, and not drawn: 1 is in train and 1 is in no split, since what "
                "they share stands in validation or test, or they are later than train: a21."
            )
        return where(made)

    drawn = dated(list(range(20)), set())
    both = dated([*range(20), 2, 30], {"a20/document", "a21/document"})
    assert drawn.items() <= both.items()
    assert (both["a20/document"], both["a21/document"]) == ("train", None)


def test_an_official_split_is_kept_and_what_a_model_chose_in_it_is_said() -> None:
    rows = [
        {"article_id": name, "story_id": name, "meta": f'{{"split": "{said}"}}'}
        for name, said in (("a", "train"), ("b", "test"), ("c", "test"))
    ]
    made = split(
        make([(name, None, None) for name in "abc"])[0],
        tables.build("articles", rows),
        gold({}),
        Splits(by="official", column="split"),
        0,
        chosen=units("a", "b"),
    )
    assert where(made) == {"a/document": "train", "b/document": "test", "c/document": "test"}
    assert (
        "1 unit of the official validation and test splits has been chosen by a model, and not drawn: figures on "
        "them say little of other texts."
    ) in made.notes


def test_folds_hold_what_was_chosen_too() -> None:
    params = Splits(train=0.6, validation=0.15, test=0.25, folds=2)
    division = run(alone(*NAMES, *MORE), params=params, chosen=units(*MORE))
    folds = dict(zip(division.table["unit_id"].to_pylist(), division.table["fold"].to_pylist(), strict=True))
    assert {folds[unit] for unit in units(*MORE)} == {0, 1}


def test_what_can_train_is_what_shares_nothing_with_another_split() -> None:
    articles: list[Article] = [("a", "s", None), ("b", "t", "g"), ("c", "s", None), ("d", "u", "g"), ("e", "v", None)]
    units_, known = make(articles)
    items = of_study(units_, known, gold({}), Splits())
    assert can_train(items, np.array([0, 2, -1, -1, -1])).tolist() == [True, False, True, False, True]
    late = np.array([0, 0, 1, 0, 0])
    assert can_train(items, np.array([0, 2, -1, -1, -1]), late).tolist() == [True, False, False, False, True]


@settings(deadline=None, max_examples=150)
@given(stories, st.data())
def test_no_division_ever_tests_a_chosen_unit(drawn: list[tuple[int, int | None, str]], data: st.DataObject) -> None:
    articles, labels = listed(drawn)
    ids = [f"{name}/document" for name, _, _ in articles]
    chosen = {unit for unit in ids if data.draw(st.booleans(), label=unit)}
    old = articles[: data.draw(st.integers(1, len(articles)))]
    others = [row for row in articles if f"{row[0]}/document" not in chosen]
    try:
        before = run(old, labels, chosen=chosen)
        after = run(articles, labels, previous=before.table, version="0.2.0", chosen=chosen)
        once = run(articles, labels, chosen=chosen)
        alone_ = run(others, labels) if others else None
    except GoldwireError:
        reject()
    for division in (before, after, once):
        placed = where(division)
        assert {placed[unit] for unit in chosen if unit in placed} <= {"train", None}
        assert all(len(found) == 1 for found in shared(articles[: len(placed)], division).values())
    # nothing moves
    assert {u: w for u, w in where(before).items() if w}.items() <= where(after).items()
    assert run(articles, labels, previous=after.table, version="0.3.0", chosen=chosen).table == after.table
    # a chosen unit is only left out where it would have stood beside validation or test
    for name, story, group in articles:
        if f"{name}/document" in chosen and where(once)[f"{name}/document"] is None:
            found = shared(articles, once)
            assert (found[f"story {story}"] | found[f"group {group}"]) & {"validation", "test"}
    # and where nothing chains, what was drawn stands where it stands without them
    sizes = Counter(components(others).values())
    if alone_ is not None and max(sizes.values()) <= 0.6 * len(others):
        assert where(alone_).items() <= where(once).items()
