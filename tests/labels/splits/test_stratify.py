"""Components go where they bring units and labels nearest to the shares."""

from collections import Counter
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.labels.splits import stratify
from goldwire.labels.splits.stratify import counted, drawn

SHARES = {"train": 0.6, "validation": 0.15, "test": 0.25}


def members(sizes: list[int]) -> dict[str, list[str]]:
    return {f"c{i}": [f"c{i}-{n}" for n in range(size)] for i, size in enumerate(sizes)}


def assign(
    components: dict[str, list[str]],
    placed: dict[str, str],
    labels: dict[str, list[str]],
    shares: dict[str, float],
    seed: int,
) -> dict[str, str]:
    """Assign by names what `stratify.assign` does by positions."""
    splits = list(shares)
    column = {name: at + 1 for at, name in enumerate(sorted({x for found in labels.values() for x in found}))}
    questions = len({name.split("\0")[0] for name in column})
    base = np.zeros((len(splits), len(column) + 1))
    for name, split in placed.items():
        for feature in [0 for _ in components[name]] + [
            column[x] for u in components[name] for x in labels.get(u, [])
        ]:
            base[splits.index(split), feature] += 1
    free = [name for name in components if name not in placed]
    units = [(at, unit) for at, name in enumerate(free) for unit in components[name]]
    pairs = [(at, column[x]) for at, (_, unit) in enumerate(units) for x in labels.get(unit, [])]
    counts = counted(
        np.array([at for at, _ in units], np.int64),
        np.array([at for at, _ in pairs], np.int64),
        np.array([feature for _, feature in pairs], np.int64),
        len(free),
        len(column) + 1,
    )
    found = stratify.assign(counts, base, list(shares.values()), questions, drawn(seed, free))
    return {name: splits[code] for name, code in zip(free, found.tolist(), strict=True)}


def cost(components: dict[str, list[str]], where: dict[str, str], labels: dict[str, list[str]]) -> float:
    """The sum that is made small, written down once more from its definition."""
    questions = {label.split("\0")[0] for found in labels.values() for label in found}
    total: Counter[str] = Counter()
    counts: Counter[tuple[str, str]] = Counter()
    for name, units in components.items():
        for feature in ["all", *[label for unit in units for label in labels.get(unit, [])]]:
            n = len(units) if feature == "all" else 1
            total[feature] += n
            counts[where[name], feature] += n
    return sum(
        (max(1, len(questions)) if feature == "all" else 1) * (counts[split, feature] - share * n) ** 2 / n
        for feature, n in total.items()
        for split, share in SHARES.items()
    )


def test_what_was_placed_before_counts() -> None:
    components = members([1] * 40)
    placed = {f"c{i}": "train" for i in range(20)}
    found = assign(components, placed, {}, SHARES, 0)
    assert found.keys() == {f"c{i}" for i in range(20, 40)}
    assert Counter(found.values()) == {"train": 4, "validation": 6, "test": 10}


def test_labels_that_were_placed_before_count() -> None:
    components = members([1] * 40)
    placed = {f"c{i}": "train" for i in range(20)}
    labels = {f"c{i}-0": ["q\0a" if i < 20 or i % 2 else "q\0b"] for i in range(40)}
    found = assign(components, placed, labels, SHARES, 0)
    counts = Counter((split, labels[f"{name}-0"][0][-1]) for name, split in found.items())
    assert counts["train", "a"] == 0
    assert counts["train", "b"] in (5, 6)  # which are equally good


def test_the_biggest_component_goes_first() -> None:
    components = members([1] * 4 + [6])
    found = assign(components, {}, {}, {"train": 0.6, "test": 0.4}, 0)
    assert found == {"c4": "train", "c0": "test", "c1": "test", "c2": "test", "c3": "test"}


def test_nothing_is_assigned_when_nothing_is_free() -> None:
    assert assign({}, {}, {}, SHARES, 0) == {}
    assert assign(members([2]), {"c0": "test"}, {}, SHARES, 0) == {}


sized = st.lists(st.integers(1, 6), min_size=1, max_size=12)


@settings(deadline=None, max_examples=60)
@given(sized, st.data(), st.integers(0, 5))
def test_no_single_move_would_help(sizes: list[int], data: st.DataObject, seed: int) -> None:
    components = members(sizes)
    units = [unit for listed in components.values() for unit in listed]
    labels = {unit: data.draw(st.lists(st.sampled_from(["q\0a", "q\0b", "r\0a"]), max_size=2)) for unit in units}
    found = assign(components, {}, labels, SHARES, seed)
    now = cost(components, found, labels)
    for name, split in product(components, SHARES):
        assert cost(components, {**found, name: split}, labels) >= now - 1e-6


@settings(deadline=None, max_examples=60)
@given(sized, st.data(), st.integers(0, 5))
def test_no_swap_of_two_would_help(sizes: list[int], data: st.DataObject, seed: int) -> None:
    components = members(sizes)
    units = [unit for listed in components.values() for unit in listed]
    labels = {unit: data.draw(st.lists(st.sampled_from(["q\0a", "q\0b", "r\0a"]), max_size=2)) for unit in units}
    found = assign(components, {}, labels, SHARES, seed)
    now = cost(components, found, labels)
    for one, other in product(components, components):
        assert cost(components, {**found, one: found[other], other: found[one]}, labels) >= now - 1e-6
