"""Near-duplicates of a subject: found once, and all of them, however many hang together."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditing_checks import subject
from goldwire.eval.audit import near as nearness
from goldwire.eval.audit.near import near, near_duplicates
from goldwire.text.words import words

TEXTS = st.lists(st.lists(st.sampled_from("abcdef"), max_size=14).map(" ".join), max_size=12, unique=True)


def by_hand(texts: list[str]) -> dict[tuple[int, int], float]:
    """Every pair with half of the shorter one's runs of five words, from sets."""
    runs = [{tuple(w[i : i + 5]) for i in range(len(w) - 4)} for w in map(words, texts)]
    shares = {
        (i, j): len(runs[i] & runs[j]) / min(len(runs[i]), len(runs[j]))
        for i, j in combinations(range(len(texts)), 2)
        if runs[i] and runs[j]
    }
    return {pair: share for pair, share in shares.items() if share >= 0.5}


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_the_pairs_are_those_that_sets_of_runs_give(texts: list[str]) -> None:
    enough, pairs, crowded = near_duplicates(texts)
    assert {(pair.first, pair.second): pair.containment for pair in pairs} == pytest.approx(by_hand(texts))
    assert enough.tolist() == [len(words(text)) >= 5 for text in texts]
    assert crowded == 0


def test_of_more_texts_than_are_listed_in_full_just_the_joining_pairs_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = [f"one two three four five six seven eight nine ten number {n}" for n in range(30)]
    assert len(near_duplicates(texts)[1]) == 30 * 29 / 2
    monkeypatch.setattr(nearness, "LARGE", 29)
    _, pairs, crowded = near_duplicates(texts)
    assert (len(pairs), crowded) == (29, 30)
    assert {position for pair in pairs for position in (pair.first, pair.second)} == set(range(30))


def test_the_largest_groups_give_way_when_all_pairs_would_be_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    templates = [
        "one two three four five six seven eight",
        "sun moon star rain snow wind hail frost",
        "a b c d e f g h",
    ]
    texts = [f"{words} number {n}" for words, size in zip(templates, (3, 4, 5), strict=True) for n in range(size)]
    assert len(near_duplicates(texts)[1]) == 3 + 6 + 10
    monkeypatch.setattr(nearness, "PAIRS", 3 + 6)
    _, pairs, crowded = near_duplicates(texts)
    assert (len(pairs), crowded) == (3 + 6 + 4, 5)


def test_a_footer_under_many_stories_makes_no_pairs_of_them() -> None:
    """Each two of 3,000 texts meet under the footer; that was half an hour and more memory than there is."""
    footer = " ".join(f"footer{n}" for n in range(20))
    stories = [" ".join(f"w{story}x{n}" for n in range(40)) for story in range(1000)]
    texts = [f"{text} {footer} {more}" for text in stories for more in ("", "one", "two more")]
    _, pairs, crowded = near_duplicates(texts)
    assert [(pair.first, pair.second) for pair in pairs] == [
        (3 * n + i, 3 * n + j) for n in range(1000) for i, j in ((0, 1), (0, 2), (1, 2))
    ]
    assert crowded == 0


def test_they_are_found_once_for_all_questions() -> None:
    given_ = subject(
        [{"text": "one two three four five six"}, {"text": None}, {"text": "one two three four five six"}]
    )
    found = near(given_)
    assert (found.of_unit.tolist(), found.texts) == ([0, -1, 0], 1)
    assert near(given_.of("stance-target.stance")) is found
