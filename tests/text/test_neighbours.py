"""Near-duplicates: containment over word shingles, compared with counting all pairs."""

import tempfile
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.text import neighbours as room
from goldwire.text.neighbours import Joined, Neighbours
from goldwire.text.shingles import shingles
from goldwire.text.store import Store

WIRE = "one two three four five six seven eight nine ten"


# Pieces of one long text, each with words of its own, so that shares lie on both sides of any threshold.
PIECES = st.builds(
    lambda start, length, own: " ".join([*(f"w{i}" for i in range(start, start + length)), *own]),
    st.integers(0, 12),
    st.integers(0, 25),
    st.lists(st.sampled_from([f"x{i}" for i in range(30)]), max_size=12),
)


def neighbours(
    texts: list[str], *, containment: float = 0.5, shingle: int = 5, every: bool = True
) -> list[Neighbours]:
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "shingles", len(texts)) as store:
        offsets, numbers = shingles(texts, shingle)
        store.add(np.arange(len(texts)), np.diff(offsets), numbers)
        return sorted(room.neighbours(store, containment=containment, every=every))


def components(count: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    joined = Joined(count)
    for first, second in pairs:
        joined.join(first, second)
    return [joined.root(node) for node in range(count)]


def all_pairs(texts: list[str], containment: float, size: int) -> list[Neighbours]:
    """The definition, for texts of ASCII words."""
    sets = []
    for text in texts:
        words = text.split()
        sets.append({tuple(words[i : i + size]) for i in range(len(words) - size + 1)})
    found = []
    for a, b in combinations(range(len(texts)), 2):
        if sets[a] and sets[b]:
            both = len(sets[a] & sets[b])
            share = both / min(len(sets[a]), len(sets[b]))
            if share >= containment:
                found.append(Neighbours(a, b, share, both / len(sets[a] | sets[b])))
    return found


def test_a_cut_wire_story_is_contained_in_the_long_one() -> None:
    # WIRE has 6 shingles of 5 words; the cut one has 4, all of them shared, and 6 stand in the two together.
    assert neighbours([WIRE, "ONE two, three: four five six seven eight!"]) == [Neighbours(0, 1, 1.0, 4 / 6)]


def test_half_of_the_shorter_text_is_enough_and_less_is_not() -> None:
    # 4 shingles each; the second shares its first two, the third only its first.
    texts = ["a b c d e f g h", "a b c d e f x y", "a b c d e v w x"]
    assert neighbours(texts) == [Neighbours(0, 1, 0.5, 2 / 6)]


def test_a_share_that_meets_the_threshold_exactly_is_enough() -> None:
    # 7 of 25 shingles are shared; as floating-point numbers .28 * 25 is above 7, and 7 / 25 is .28.
    texts = [" ".join(f"w{i}" for i in range(25)), " ".join(f"w{i}" for i in range(18, 50))]
    assert neighbours(texts, containment=0.28, shingle=1) == [Neighbours(0, 1, 0.28, 7 / 50)]


def test_texts_too_short_for_a_shingle_have_no_neighbours() -> None:
    assert neighbours(["Four words, no more.", "Four words, no more.", "", "", WIRE, "one two three four"]) == []


def test_a_run_does_not_cross_from_one_text_into_the_next() -> None:
    assert neighbours(["x y a b c", "d e f g h", "a b c d e"]) == []


def test_chinese_copies_are_found_without_spaces() -> None:
    copy = "港口委员会星期一开会，讨论解决渔业权的争端。"
    assert neighbours([copy + "双方都派出了代表。", copy.replace("，", ""), "天气预报说明天有雨，后天晴。"]) == [
        Neighbours(0, 1, 1.0, 16 / 24)
    ]


def test_boilerplate_in_every_text_joins_nothing() -> None:
    texts = [" ".join(f"w{i}x{j}" for j in range(12)) + f" {WIRE}" for i in range(50)]
    assert neighbours(texts) == []


@settings(deadline=None)
@given(
    st.lists(st.lists(st.sampled_from("abc"), max_size=12).map(" ".join) | PIECES, max_size=12),
    st.sampled_from([0.1, 0.3, 0.5, 0.7, 0.9, 1.0]),
    st.integers(1, 5),
)
def test_every_pair_is_found_and_no_other(texts: list[str], containment: float, shingle: int) -> None:
    assert neighbours(texts, containment=containment, shingle=shingle) == all_pairs(texts, containment, shingle)


def versions(count: int) -> list[str]:
    """Texts of 200 words in tens that share a beginning of 60 to 195 words."""
    return [
        " ".join(f"t{i // 10}w{j}" if j < 60 + 15 * (i % 10) else f"o{i}w{j}" for j in range(200))
        for i in range(count)
    ]


def test_long_texts_are_found_by_a_sample_of_their_shingles() -> None:
    assert neighbours(versions(60)) == all_pairs(versions(60), 0.5, 5) != []


def test_the_size_of_a_block_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = versions(30)
    expected = all_pairs(texts, 0.5, 5)
    monkeypatch.setattr(room, "_POSTINGS", 100)
    monkeypatch.setattr(room, "_COUNTED", 1000)
    monkeypatch.setattr(room, "_KEYS", 10)
    monkeypatch.setattr("goldwire.text.store._BLOCK", 500)
    assert neighbours(texts) == expected


@settings(deadline=None)
@given(
    st.lists(st.lists(st.sampled_from("abc"), max_size=12).map(" ".join) | PIECES, max_size=12),
    st.sampled_from([0.1, 0.5, 0.9]),
)
def test_joining_needs_not_every_pair(texts: list[str], containment: float) -> None:
    found, needed = (neighbours(texts, containment=containment, every=every) for every in (True, False))
    assert set(needed) <= set(found)
    of = [components(len(texts), [(pair.first, pair.second) for pair in pairs]) for pairs in (found, needed)]
    assert of[0] == of[1]


def test_pairs_over_a_template_that_hundreds_share_are_joined_as_pairs() -> None:
    """200 pairs, each of 90 words of a template, 40 of its own and 70 of the text's own: containment about .63."""
    template = [f"w{j}" for j in range(90)]
    texts = [
        " ".join([*template, *(f"p{i // 2}w{j}" for j in range(40)), *(f"o{i}w{j}" for j in range(70))])
        for i in range(400)
    ]
    found = [(pair.first, pair.second) for pair in neighbours(texts, every=False)]
    assert found == [(i, i + 1) for i in range(0, 400, 2)]


def test_a_thousand_texts_after_one_template_are_joined_without_half_a_million_pairs() -> None:
    template = [f"w{j}" for j in range(120)]
    texts = [" ".join([*template, *(f"o{i}w{j}" for j in range(40))]) for i in range(1000)]
    found = neighbours(texts, every=False)
    assert len(found) <= 64 * 1000
    assert set(components(1000, [(pair.first, pair.second) for pair in found])) == {0}


def test_components_join_through_others() -> None:
    assert components(7, [(5, 3), (1, 5), (0, 6)]) == [0, 1, 2, 1, 4, 1, 0]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9))))
def test_components_are_those_of_the_graph(pairs: list[tuple[int, int]]) -> None:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    graph = coo_array(([1] * len(pairs), (first, second)), shape=(10, 10))
    labels = connected_components(graph, directed=False)[1].tolist()
    assert components(10, pairs) == [labels.index(label) for label in labels]
