"""Pair features, on texts written for the test and worked out by hand."""

import math

import numpy as np
import pytest

from goldwire.eval.baselines.pairs import cues as pairs_cues
from goldwire.eval.baselines.pairs import overlaps as pairs_overlap
from goldwire.eval.baselines.pairs.background import Background, Backgrounds, background, combinations
from goldwire.eval.baselines.pairs.choice import factors, standing_for
from goldwire.eval.baselines.pairs.folds import folds_of
from goldwire.eval.baselines.pairs.index import index, wording
from goldwire.eval.baselines.pairs.overlaps import Overlap, overlap
from goldwire.eval.baselines.pairs.text import Pairs, Vocabulary, pairs, stem

TEXT = "The ferry sank off Lunde on Monday. Nobody was hurt, police said. Twelve cows swam ashore."
TARGET = "Ferry sinks, 12 cows swim to Lunde"


def shared(parsed: Pairs) -> Overlap:
    """Return the overlap of the first pair; every stem weighs 1."""
    size = len(parsed.vocabulary)
    weights, company = np.ones(size), np.zeros((size, 1), np.float32)
    return overlap(index(parsed), wording(parsed), np.array([0]), weights, company)


def compared(text: str, target: str) -> dict[str, float]:
    """Return the overlap features of one pair; every stem weighs 1."""
    found = shared(pairs([text], [target]))
    return dict(zip(pairs_overlap.NAMES, found.features[0].tolist(), strict=True))


def cued(text: str, target: str) -> dict[str, float]:
    """Return the cue features of one pair."""
    parsed = pairs([text], [target])
    found = pairs_cues.cues(parsed, pairs_cues.count(parsed), np.array([0]), shared(parsed))[0]
    return dict(zip(pairs_cues.NAMES, found.tolist(), strict=True))


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("kills", "kill"),
        ("killed", "kill"),
        ("killing", "kill"),
        ("cities", "city"),
        ("boss", "boss"),
        ("stopped", "stop"),
        ("said", "said"),
        ("is", "is"),
    ],
)
def test_a_stem_has_no_ending_of_inflection(word: str, expected: str) -> None:
    assert stem(word) == expected


def test_a_text_is_parsed_into_sentences_stems_and_names() -> None:
    vocabulary = Vocabulary()
    parsed = vocabulary.parse(TEXT)
    assert len(parsed.sentences) == 3
    assert np.bincount(parsed.sentence_of).tolist() == [7, 5, 4]
    assert [vocabulary.stems[at] for at in parsed.names] == ["lund", "monday"]


def test_rows_with_equal_texts_share_one_parsed_text() -> None:
    parsed = pairs(["a b", "c d", "a b"], ["x", "y", "y"])
    assert (len(parsed.texts), len(parsed.targets)) == (2, 2)
    assert (parsed.text_of.tolist(), parsed.target_of.tolist()) == ([0, 1, 0], [0, 1, 1])


def test_overlap_counts_what_of_the_target_the_text_has() -> None:
    # of the target's seven stems (ferry sink 12 cow swim to lund) the text has ferry, cow, lund
    found = compared(TEXT, TARGET)
    assert found["hits"] == 3
    assert found["misses"] == 4
    assert found["all"] == pytest.approx(3 / 7)
    assert found["first sentence"] == pytest.approx(2 / 7)
    assert found["best sentence"] == pytest.approx(2 / 7)
    assert found["second sentence"] == pytest.approx(1 / 7)
    assert found["best two sentences"] == pytest.approx(3 / 7)
    assert found["names"] == pytest.approx(1 / 7)
    assert found["numbers"] == 0
    assert found["position of best"] == 0
    assert found["best cosine"] == pytest.approx(2 / math.sqrt(7 * 7))
    assert found["pairs of words"] == 0


def test_of_a_short_text_only_what_is_there_is_in_its_first_three_sentences() -> None:
    found = compared("The ferry sank.", TARGET)
    assert (
        found["first three"] == found["last three"] == found["first sentence"] == found["all"] == pytest.approx(1 / 7)
    )


def test_features_of_a_pair_are_the_same_whatever_pairs_come_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [TEXT, "", "Cows swam. A ferry burnt. Nobody knows why. Twelve!", "Lunde"]
    parsed = pairs(texts * 4, [target for target in (TARGET, "", "Cows? No", "Is Lunde 12") for _ in texts])
    size, dealt = len(parsed.vocabulary), np.random.default_rng(0)
    weights, company = dealt.random(size), dealt.normal(size=(size, 3)).astype(np.float32)
    tables, worded = index(parsed), wording(parsed)

    def of(rows: list[int]) -> np.ndarray:
        found = overlap(tables, worded, np.array(rows), weights, company)
        seen = pairs_cues.cues(parsed, pairs_cues.count(parsed), np.array(rows), found)
        return np.hstack([found.features, found.sentences, found.shares, seen])

    whole = of(list(range(16)))
    assert np.isfinite(whole).all()
    assert np.allclose(np.vstack([of([row]) for row in range(16)]), whole, atol=1e-6)
    monkeypatch.setattr(pairs_overlap, "_AT_ONCE", 3)
    monkeypatch.setattr(pairs_cues, "_AT_ONCE", 3)
    assert np.allclose(of(list(range(16))), whole, atol=1e-6)


def test_overlap_of_a_text_that_repeats_the_target_is_whole() -> None:
    found = compared(TARGET + ".", TARGET)
    assert found["all"] == found["best sentence"] == found["pairs of words"] == found["threes of words"] == 1
    assert found["longest run"] == 6
    assert found["cosine"] == pytest.approx(1)


@pytest.mark.parametrize(("text", "target"), [("", TARGET), (TEXT, ""), ("", ""), ("...", "!")])
def test_overlap_of_nothing_is_finite(text: str, target: str) -> None:
    assert np.isfinite(list(compared(text, target).values())).all()
    assert np.isfinite(list(cued(text, target).values())).all()


def test_cues_stand_where_they_are_found() -> None:
    found = cued('The ferry sank, a sailor claimed. "It is a hoax," police said. Nobody was hurt.', "Ferry sank?")
    assert found["best: claim"] == 1
    assert found["best: refute"] == 0
    assert found["around: refute"] == 1
    assert found["text: refute"] == pytest.approx(math.log(2))
    assert found["best: quotes"] == 0
    assert found["around: quotes"] == 2
    assert found["text: negation"] == pytest.approx(math.log(2))
    assert found["first: refute"] == pytest.approx(1 / 3)
    assert found["target: questions"] == found["target: ends with a question"] == 1
    assert found["share of quoted sentences"] == pytest.approx(1 / 3)


def test_negation_on_both_sides_is_even_and_on_one_odd() -> None:
    assert cued("The ferry did not sink.", "Ferry did not sink")["target: parity of negation"] == 0
    assert cued("The ferry did not sink.", "Ferry did sink")["target: parity of negation"] == 1


def small() -> Pairs:
    return pairs(["ferry sank", "ferry burnt", "ferry met cows", "cows swam"], ["a", "b", "c", "d"])


def test_a_stem_never_seen_is_as_rare_as_can_be() -> None:
    parsed = small()
    known = background(parsed, range(4), seed=0)
    fresh = pairs(["ferry cows zebra"], [""])
    cows, ferry, zebra = known.weights(fresh.vocabulary).tolist()
    assert ferry == pytest.approx(1 - math.log(4) / math.log(5))
    assert cows == pytest.approx(1 - math.log(3) / math.log(5))
    assert zebra == 1


def test_a_background_without_a_fold_knows_nothing_of_it() -> None:
    parsed = small()
    known = Backgrounds(parsed, np.array([0, 0, 1, 2]), 0).without({0, 2})
    assert (known.texts, known.stems) == (1, ["cow", "ferry", "met"])


def test_a_text_of_two_folds_is_left_out_with_either() -> None:
    parsed = pairs(["ferry sank", "cows swam", "ferry sank"], ["a", "b", "c"])
    known = Backgrounds(parsed, np.array([0, 1, 2]), 0)
    assert [known.without({fold}).texts for fold in range(3)] == [1, 1, 1]
    assert known.without({0}).stems == ["cow", "swam"]
    assert known.without(()).texts == 2


def test_backgrounds_are_made_once_while_they_take_little(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Backgrounds(small(), np.arange(4), 0)
    assert known.without({0, 1}) is known.without({1, 0})
    monkeypatch.setattr("goldwire.eval.baselines.pairs.background._MOST", 0)
    first = known.without({2})
    assert known.without({3}) is not first
    again = known.without({2})
    assert again is not first
    assert (again.vectors == first.vectors).all()


def test_stems_are_numbered_by_the_alphabet_whatever_text_comes_first() -> None:
    there, back = (pairs(texts, ["swim"] * 2) for texts in (["the ferry", "a Cow"], ["a Cow", "the ferry"]))
    assert there.vocabulary.stems == back.vocabulary.stems == ["a", "cow", "ferry", "swim", "the"]
    assert there.texts[0].stems.tolist() == back.texts[1].stems.tolist() == [4, 2]
    assert there.texts[1].names.tolist() == back.texts[0].names.tolist() == [1]


def test_vectors_of_stems_that_keep_the_same_company_are_near() -> None:
    texts = ["ship sea"] * 3 + ["vessel sea"] * 3 + ["court judge"] * 6
    parsed = pairs([f"{text} {number}" for number, text in enumerate(texts)], [""] * 12)
    known = background(parsed, range(12), seed=0, dimensions=2)
    court, ship, vessel = known.company(pairs(["court ship vessel"], [""]).vocabulary)
    assert ship @ vessel > 0.9
    assert abs(ship @ court) < 0.1
    assert isinstance(known, Background)


def test_rows_are_grouped_by_the_folds_of_their_two_sides() -> None:
    found = [(sorted(a), b.tolist()) for a, b in combinations(np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1]))]
    assert found == [([0], [0]), ([0, 1], [1, 2]), ([1], [3])]


def test_stories_and_targets_that_belong_together_are_in_one_fold() -> None:
    clusters = [f"story-{at % 12}" for at in range(60)]
    targets = [f"head-{at % 12}-{at // 24}" for at in range(48)] + [f"head-{(at + 5) % 12}-0" for at in range(48, 60)]
    together = np.arange(60) < 48
    text_fold, target_fold = folds_of(clusters, targets, together, 4, 0)
    assert (text_fold == target_fold)[together].all()
    assert sorted(set(text_fold.tolist())) == [0, 1, 2, 3]
    for names, folds in ((clusters, text_fold), (targets, target_fold)):
        assert len(set(zip(names, folds.tolist(), strict=True))) == len(set(names))


def test_few_targets_that_all_texts_are_about_do_not_tie_everything_together() -> None:
    clusters = [f"story-{at}" for at in range(40)]
    text_fold, target_fold = folds_of(clusters, ["the mayor"] * 40, np.ones(40, bool), 4, 0)
    assert text_fold.tolist() == target_fold.tolist()
    assert np.bincount(text_fold).tolist() == [10, 10, 10, 10]


def test_a_factor_makes_up_for_a_rare_label() -> None:
    shares = np.array([[0.6, 0.4]] * 10 + [[0.9, 0.1]] * 90)
    actual = [1] * 10 + [0] * 90
    found = factors(shares, actual, np.ones(100))
    assert (shares * found).argmax(axis=1).tolist() == actual
    assert factors(np.array([[0.9, 0.1], [0.1, 0.9]]), [0, 1], np.ones(2)).tolist() == [1, 1]


def test_held_out_rows_stand_for_all_rows_of_their_label() -> None:
    assert standing_for(["a", "a", "b", "b", "b", "b"], np.array([0, 2, 3])).tolist() == [2, 2, 2]
