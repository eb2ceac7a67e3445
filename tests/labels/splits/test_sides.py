"""Values that units share get one side each; many units keep all their values on one side, in the wanted shares."""

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.labels.splits.sides import assign_sides

SHARES = {"train": 0.6, "test": 0.4}
Fields = Mapping[str, Sequence[str | None]]
Found = Mapping[str, Mapping[str, str]]


def kept(fields: Fields, found: Found) -> list[str | None]:
    """The split of each unit, None where its values stand in two, or where it has none."""
    units = []
    for values in zip(*fields.values(), strict=True):
        splits = {found[name][value] for name, value in zip(fields, values, strict=True) if value is not None}
        units.append(splits.pop() if len(splits) == 1 else None)
    return units


def crossed(groups: int, size: int, noise: int, seed: int = 0) -> tuple[dict[str, list[str | None]], list[list[str]]]:
    """Units in groups that share stories and headlines, and `noise` units between any two of them (written for this
    test)."""
    draw = np.random.default_rng(seed)
    pairs = [(f"{g}-{i}", f"{g}-{j}") for g in range(groups) for i in range(size) for j in range(size)]
    names = [f"{g}-{i}" for g in range(groups) for i in range(size)]
    pairs += [(str(draw.choice(names)), str(draw.choice(names))) for _ in range(noise)]
    labels = [[f"q\0{'abc'[int(story.split('-')[0]) % 3]}"] for story, _ in pairs]
    return {"story": [story for story, _ in pairs], "headline": [headline for _, headline in pairs]}, labels


def test_what_can_be_kept_whole_is_kept_whole() -> None:
    fields = {
        "story": ["s1", "s1", "s1", "s2", "s2"],
        "headline": ["h1", "h2", "h2", "h3", "h4"],
    }
    assert assign_sides(fields, [[]] * 5, SHARES, seed=0) == {
        "story": {"s1": "train", "s2": "test"},
        "headline": {"h1": "train", "h2": "train", "h3": "test", "h4": "test"},
    }


def test_the_one_unit_that_chains_two_groups_is_dropped() -> None:
    story = ["s1"] * 6 + ["s2"] * 4 + ["s1"]
    headline = [f"h{i}" for i in range(10)] + ["h9"]
    fields = {"story": story, "headline": headline}
    units = kept(fields, assign_sides(fields, [[]] * 11, SHARES, seed=0))
    assert units == ["train"] * 6 + ["test"] * 4 + [None]


def test_none_does_not_tie_units() -> None:
    fields = {"story": ["s1", "s2", "s3", "s4", "s5", None], "headline": [None, None, None, None, None, None]}
    found = assign_sides(fields, [[]] * 6, SHARES, seed=0)
    assert found["headline"] == {}
    assert Counter(found["story"].values()) == {"train": 3, "test": 2}


def test_three_fields_agree_on_what_is_kept() -> None:
    fields, labels = crossed(groups=15, size=5, noise=30)
    outlets = {**fields, "outlet": [f"o{str(story).split('-')[0]}" for story in fields["story"]]}
    units = kept(outlets, assign_sides(outlets, labels, SHARES, seed=0))
    assert sum(split is not None for split in units) >= 375
    assert Counter(units)["test"] / sum(split is not None for split in units) == pytest.approx(0.4, abs=0.02)


def test_groups_are_found_and_only_what_ties_them_is_dropped() -> None:
    fields, labels = crossed(groups=30, size=8, noise=100)
    units = kept(fields, assign_sides(fields, labels, {"train": 0.6, "validation": 0.2, "test": 0.2}, seed=0))
    assert len(units) == 2020
    assert sum(split is None for split in units) < 100


def test_shares_and_classes_come_out_as_wanted() -> None:
    fields, labels = crossed(groups=60, size=6, noise=400, seed=1)
    shares = {"train": 0.6, "validation": 0.15, "test": 0.25}
    units = kept(fields, assign_sides(fields, labels, shares, seed=0))
    total, pool = sum(split is not None for split in units), Counter(label for (label,) in labels)
    for name, share in shares.items():
        within = Counter(label for split, (label,) in zip(units, labels, strict=True) if split == name)
        assert within.total() / total == pytest.approx(share, abs=0.01)
        for label, n in pool.items():
            assert within[label] / within.total() == pytest.approx(n / len(units), abs=0.03)


def test_each_question_is_stratified_among_its_own_answers() -> None:
    fields, labels = crossed(groups=60, size=6, noise=200, seed=2)
    draw = np.random.default_rng(0)
    tags = [[*label, *(f"tags\0{t}" for t in "xyz" if draw.random() < 0.3)] for label in labels]
    rare = [
        [*listed, f"rare\0{'no' if i % 4 else 'yes'}"] if i % 10 == 0 else listed for i, listed in enumerate(tags)
    ]
    units = kept(fields, assign_sides(fields, rare, SHARES, seed=0))
    for question in ("q", "tags", "rare"):
        answered = [any(name.startswith(f"{question}\0") for name in listed) for listed in rare]
        pool = Counter(name for listed in rare for name in listed if name.startswith(f"{question}\0"))
        for split in SHARES:
            chosen = [listed for listed, where, a in zip(rare, units, answered, strict=True) if a and where == split]
            for label, n in pool.items():
                share = sum(label in listed for listed in chosen) / len(chosen)
                assert share == pytest.approx(n / sum(answered), abs=0.03), (split, label)


def test_one_field_loses_nothing() -> None:
    draw = np.random.default_rng(0)
    fields = {"target": [f"t{i}" for i in draw.integers(0, 400, 3000)]}
    labels = [[f"q\0{'xy'[int(i)]}"] for i in draw.integers(0, 2, 3000)]
    units = kept(fields, assign_sides(fields, labels, SHARES, seed=0))
    assert None not in units
    assert Counter(units)["train"] / 3000 == pytest.approx(0.6, abs=0.006)


def test_a_few_large_values_are_spread_too() -> None:
    draw = np.random.default_rng(0)
    targets = draw.choice(8, 4000, p=[0.3, 0.2, 0.15, 0.1, 0.1, 0.05, 0.05, 0.05])
    stories = draw.integers(0, 1500, 4000)
    fields = {"story": [f"s{i}" for i in stories], "target": [f"t{i}" for i in targets]}
    units = Counter(kept(fields, assign_sides(fields, [[]] * 4000, {"a": 0.6, "b": 0.15, "c": 0.25}, seed=0)))
    lost = units.pop(None)
    assert lost < 1500  # at random it is 2,220
    assert {name: n / units.total() for name, n in units.items()} == pytest.approx(
        {"a": 0.6, "b": 0.15, "c": 0.25}, abs=0.01
    )


def test_what_is_fixed_stays_and_what_is_new_follows_it() -> None:
    fields, labels = crossed(groups=20, size=5, noise=20)
    before = assign_sides(fields, labels, SHARES, seed=0)
    grown: dict[str, list[str | None]] = {
        "story": [*fields["story"], "new", "new", "1-1", "newer"],
        "headline": [*fields["headline"], "2-1", "2-2", "fresh", "newest"],
    }
    after = assign_sides(grown, [*labels, *[["q\0a"]] * 4], SHARES, seed=7, fixed=before)
    assert {name: {v: split for v, split in after[name].items() if v in before[name]} for name in before} == before
    assert after["story"]["new"] == before["headline"]["2-1"] == before["headline"]["2-2"]
    assert after["headline"]["fresh"] == before["story"]["1-1"]
    assert after["story"]["newer"] == after["headline"]["newest"]


def test_a_split_that_is_no_longer_wanted_keeps_what_it_has_and_gets_no_more() -> None:
    fields = {"story": ["s1", "s1", "s2", "s3"], "headline": ["h1", "h2", "h3", "h4"]}
    found = assign_sides(fields, [[]] * 4, SHARES, seed=0, fixed={"story": {"s1": "validation", "gone": "test"}})
    assert found["story"]["s1"] == "validation"
    assert "gone" not in found["story"]
    assert "validation" not in found["headline"].values()
    assert {found["headline"]["h3"], found["headline"]["h4"]} == {"train", "test"}


def test_the_seed_decides_between_what_is_worth_the_same() -> None:
    fields = {"story": [f"s{i}" for i in range(20)], "headline": [f"h{i}" for i in range(20)]}
    found = [assign_sides(fields, [[]] * 20, SHARES, seed=seed) for seed in range(2)]
    assert found[0] != found[1]
    assert [Counter(sides["story"].values()) for sides in found] == [{"train": 12, "test": 8}] * 2


def test_nothing_has_no_sides() -> None:
    assert assign_sides({"story": [], "headline": []}, [], SHARES, seed=0) == {"story": {}, "headline": {}}
    assert assign_sides({"story": [None]}, [["q\0a"]], SHARES, seed=0) == {"story": {}}


def test_columns_of_unlike_length_and_empty_shares_are_refused() -> None:
    with pytest.raises(ValueError, match="one element for each unit"):
        assign_sides({"story": ["a", "b"]}, [[]], SHARES, seed=0)
    with pytest.raises(ValueError, match="above 0"):
        assign_sides({"story": ["a"]}, [[]], {"train": 1.0, "test": 0.0}, seed=0)


VALUE = st.none() | st.sampled_from("abcde")
UNIT = st.tuples(VALUE, VALUE, VALUE, st.frozensets(st.sampled_from(["q\0x", "q\0y", "r\0z"])))
FIXED = st.dictionaries(st.sampled_from("abcde"), st.sampled_from(["train", "test", "other"]), max_size=3)


def columns(
    units: Sequence[tuple[str | None, str | None, str | None, frozenset[str]]],
) -> dict[str, list[str | None]]:
    return {name: [unit[i] for unit in units] for i, name in enumerate(("story", "headline", "outlet"))}  # type: ignore[misc]


@settings(max_examples=15, deadline=None)
@given(st.lists(UNIT, max_size=15), FIXED, st.randoms(use_true_random=False))
def test_every_value_has_one_side_fixed_ones_theirs_and_the_order_of_rows_and_fields_does_not_matter(
    units: list[tuple[str | None, str | None, str | None, frozenset[str]]], fixed: dict[str, str], random: object
) -> None:
    fields, labels = columns(units), [unit[3] for unit in units]
    found = assign_sides(fields, labels, SHARES, seed=0, fixed={"story": fixed})
    for name, values in fields.items():
        assert found[name].keys() == {value for value in values if value is not None}
        for value, split in found[name].items():
            assert split == fixed[value] if name == "story" and value in fixed else split in SHARES
    turned = list(units)
    random.shuffle(turned)  # type: ignore[attr-defined]
    again = dict(reversed(columns(turned).items()))
    other = assign_sides(
        again, [unit[3] for unit in turned], dict(reversed(SHARES.items())), seed=0, fixed={"story": fixed}
    )
    assert other == found


def worth(units: Sequence[str | None]) -> float:
    """Units kept, less four for each by which a split is further from its share than half a point and one unit."""
    n = sum(split is not None for split in units)
    off = (abs(units.count(name) - n * share) for name, share in SHARES.items())
    return n - 4 * sum(max(0.0, each - 0.005 * n - 1) for each in off)


@pytest.mark.parametrize("seed", range(12))
def test_a_small_table_comes_within_one_unit_of_the_best_of_all_assignments(seed: int) -> None:
    draw = np.random.default_rng(seed)
    n = int(draw.integers(6, 20))
    fields: dict[str, list[str | None]] = {
        "story": [f"s{i}" for i in draw.integers(0, 5, n)],
        "headline": [f"h{i}" if i else None for i in draw.integers(0, 5, n)],
    }
    values = {name: sorted({v for v in column if v is not None}) for name, column in fields.items()}
    best = -1.0
    for sides in itertools.product(SHARES, repeat=sum(map(len, values.values()))):
        drawn = iter(sides)
        units = kept(fields, {name: {value: next(drawn) for value in listed} for name, listed in values.items()})
        best = max(best, worth(units))
    found = worth(kept(fields, assign_sides(fields, [[]] * n, SHARES, seed=0)))
    assert best - 1 - 1e-9 <= found <= best + 1e-9
