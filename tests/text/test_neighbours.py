"""Near-duplicates: exact containment over word shingles, compared with counting all pairs."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.errors import UsageError
from goldwire.text.neighbours import Neighbours, components, neighbours

WIRE = "one two three four five six seven eight nine ten"


# Pieces of one long text, each with words of its own, so that shares lie on both sides of any threshold.
PIECES = st.builds(
    lambda start, length, own: " ".join([*(f"w{i}" for i in range(start, start + length)), *own]),
    st.integers(0, 12),
    st.integers(0, 25),
    st.lists(st.sampled_from([f"x{i}" for i in range(30)]), max_size=12),
)


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
        elif not sets[a] and not sets[b] and texts[a] == texts[b] != "":
            found.append(Neighbours(a, b, 1.0, 1.0))
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


def test_short_texts_pair_only_when_equal() -> None:
    texts = ["Four words, no more.", "Four words, no more.", "four words no more", "", "", WIRE, "one two three four"]
    assert neighbours(texts) == [Neighbours(0, 1, 1.0, 1.0)]


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


@pytest.mark.parametrize("blocks", [1, 7])
def test_the_size_of_a_block_changes_nothing(blocks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [" ".join(f"w{(i // 6, j)[j > i]}" for j in range(40)) for i in range(30)]
    expected = all_pairs(texts, 0.5, 5)
    assert len(expected) > 20
    monkeypatch.setattr("goldwire.text.neighbours._PRODUCTS", blocks)
    monkeypatch.setattr("goldwire.text.neighbours._VERIFIED", blocks)
    assert neighbours(texts) == expected


@pytest.mark.parametrize(("containment", "shingle"), [(0, 5), (-0.1, 5), (1.1, 5), (float("nan"), 5), (0.5, 0)])
def test_a_parameter_out_of_range_is_refused(containment: float, shingle: int) -> None:
    with pytest.raises(UsageError, match=r"containment must be above 0|a shingle has at least one word"):
        neighbours([WIRE, WIRE], containment=containment, shingle=shingle)


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
