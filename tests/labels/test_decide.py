"""Deciding by votes and by models, over the types of question, with every rule for ties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.errors import GoldwireError
from goldwire.labels.answers import assemble
from goldwire.labels.decide import decide

METHODS = ("majority", "dawid-skene", "mace")


def answers(rows, labels="abc", kind="single", may_be_empty=False):
    """Rows are (unit, annotator, label), or labels where the question takes several."""
    units, annotators = (sorted({row[i] for row in rows}) for i in (0, 1))
    said = [tuple(row[2]) if kind in ("multiple", "tree") else (row[2],) for row in rows]
    codes = (
        np.array([listed.index(row[i]) for row in rows], dtype=np.int64)
        for i, listed in ((0, units), (1, annotators))
    )
    return assemble("s", "q", kind, may_be_empty, list(labels), said, np.arange(len(rows)), units, annotators, *codes)


def made(found):
    return list(zip(found.labels, found.decided_by, found.tied.tolist(), strict=True))


def crew(*said):
    """Give units u00, u01, ... the answers of annotators 0, 1, ...; None is no answer."""
    return [
        (f"u{u:02}", str(a), one)
        for u, of_unit in enumerate(said)
        for a, one in enumerate(of_unit)
        if one is not None
    ]


TRUSTED = [*["aaa", "bbb", "ccc"] * 4, *["aab", "bbc", "cca"] * 2]
"""Annotators 0 and 1 always agree, 2 agrees with them in two of three."""


def test_the_votes_decide_and_a_tie_decides_nothing():
    found = decide(answers(crew("aab", "ab", "b", "abc")))
    assert made(found) == [
        (["a"], "majority", False),
        ([], "unresolved", True),
        (["b"], "unanimous", False),
        ([], "unresolved", True),
    ]
    assert found.shares[0] == [("a", 2 / 3), ("b", 1 / 3)]
    assert (found.posterior, found.fit) == ([[], [], [], []], None)


def test_a_rule_settles_ties_and_the_votes_stay_tied():
    ties = answers(crew("ba", "cb", "aab"))
    assert made(decide(ties, ties="first-label")) == [
        (["a"], "majority", True),
        (["b"], "majority", True),
        (["a"], "majority", False),
    ]
    drawn = [decide(ties, ties="random", seed=seed).labels for seed in range(40)]
    assert {labels[0][0] for labels in drawn} == {"a", "b"}
    assert {labels[1][0] for labels in drawn} == {"b", "c"}
    assert {labels[2][0] for labels in drawn} == {"a"}
    alone = answers([row for row in crew("ba", "cb", "aab") if row[0] == "u01"])
    assert decide(alone, ties="random", seed=3).labels[0] == drawn[3][1]  # what else is there does not matter


@pytest.mark.parametrize("method", METHODS[1:])
def test_a_model_believes_those_who_agree_and_what_it_decides_is_aggregated_unless_all_said_it(method):
    found = decide(answers(crew(*TRUSTED, ("a", None, "c"), ("b", None, "a"))), method=method)
    assert made(found)[-2:] == [(["a"], "aggregated", True), (["b"], "aggregated", True)]
    assert set(found.decided_by[:12]) == {"unanimous"}
    assert set(found.decided_by[12:18]) == {"aggregated"}
    assert [labels[0] for labels in found.labels[12:18]] == list("abcabc")
    for posterior in found.posterior:
        assert sum(share for _, share in posterior) == pytest.approx(1, abs=1e-5)


def test_two_against_each_other_who_cannot_be_told_apart_are_a_tie_of_the_model():
    rows = answers(crew("ab", "ba"))
    found = decide(rows, method="dawid-skene")
    assert made(found) == [([], "unresolved", True), ([], "unresolved", True)]
    assert [share for _, share in found.posterior[0]] == pytest.approx([0.5, 0.5])
    assert made(decide(rows, method="dawid-skene", ties="first-label"))[1] == (["a"], "aggregated", True)


@pytest.mark.parametrize("method", METHODS)
def test_of_several_labels_each_is_decided_alone(method):
    rows = [(f"u{u:02}", who, "ab" if u % 2 else "a") for u in range(10) for who in "xyz"]
    rows += [("v", "x", "ab"), ("v", "y", "a"), ("v", "z", "c"), ("w", "x", ""), ("w", "y", ""), ("w", "z", "c")]
    found = decide(answers(rows, kind="multiple", may_be_empty=True), method=method)
    by = "majority" if method == "majority" else "aggregated"
    assert made(found) == [
        *[(["a"], "unanimous", False), (["a", "b"], "unanimous", False)] * 5,
        (["a"], by, False),
        ([], by, False),
    ]
    assert found.shares[10] == [("a", 2 / 3), ("b", 1 / 3), ("c", 1 / 3)]
    if method != "majority":
        assert [label for label, _ in found.posterior[10]] == ["a", "b", "c"]
        assert [share > 0.5 for _, share in found.posterior[10]] == [True, False, False]
        assert (found.fit.items, found.fit.answers) == (36, 108)


def test_half_of_a_set_is_left_out_and_a_rule_settles_only_what_nothing_decided():
    rows = [("u", "x", "ab"), ("u", "y", "a"), ("v", "x", "b"), ("v", "y", "c"), ("w", "x", "a"), ("w", "y", "")]
    several = answers(rows, kind="multiple", may_be_empty=True)
    assert made(decide(several)) == [
        (["a"], "majority", True),
        ([], "unresolved", True),
        ([], "unresolved", True),
    ]
    assert decide(several, ties="first-label").labels == [["a"], ["b"], ["a"]]
    drawn = [decide(several, ties="random", seed=seed) for seed in range(40)]
    assert {tuple(one.labels[1]) for one in drawn} == {("b",), ("c",)}
    assert {tuple(one.labels[2]) for one in drawn} == {("a",), ()}  # that it is none of them was tied too
    assert {one.decided_by[2] for one in drawn} == {"majority"}


TREE = ["A", "A/x", "A/x/1", "A/y", "B", "B/z"]


@pytest.mark.parametrize("method", METHODS)
def test_in_a_tree_an_answer_also_says_what_is_above_it(method):
    rows = [(f"t{u}", who, [path]) for u, path in enumerate(["A/x", "A/y", "B/z"] * 3) for who in "xyz"]
    rows += [("u", "x", ["A/x"]), ("u", "y", ["A/y"]), ("u", "z", ["B"])]
    rows += [("v", "x", ["A/x/1"]), ("v", "y", ["A/x"]), ("v", "z", ["B"])]
    found = decide(answers(rows, labels=TREE, kind="tree"), method=method)
    by = "majority" if method == "majority" else "aggregated"
    assert made(found)[-2:] == [(["A"], by, False), (["A/x"], by, False)]
    assert set(found.decided_by[:-2]) == {"unanimous"}
    assert found.shares[-2] == [("A", 2 / 3), ("A/x", 1 / 3), ("A/y", 1 / 3), ("B", 1 / 3)]
    assert found.shares[-1] == [("A", 2 / 3), ("A/x", 2 / 3), ("A/x/1", 1 / 3), ("B", 1 / 3)]
    if method != "majority":
        assert [label for label, _ in found.posterior[-2]] == ["A", "A/x", "A/y", "B"]


def test_two_leaves_of_one_branch_are_a_tie_below_it():
    rows = [
        ("u", "x", ["A/x"]),
        ("u", "y", ["A/y"]),
        ("v", "x", ["A/y"]),
        ("v", "y", ["B/z"]),
        ("w", "x", ["A/x", "B"]),
    ]
    tree = answers(rows, labels=TREE, kind="tree")
    assert made(decide(tree)) == [
        (["A"], "majority", True),
        ([], "unresolved", True),
        (["A/x", "B"], "unanimous", False),
    ]
    assert decide(tree, ties="first-label").labels[1] == ["A/y"]


@pytest.mark.parametrize("method", METHODS)
def test_an_ordinal_question_is_decided_like_any_that_takes_one(method):
    found = decide(answers(crew(*TRUSTED), kind="ordinal"), method=method)
    assert [labels[0] for labels in found.labels] == [said[0] for said in TRUSTED]


def test_of_text_the_majority_decides_whatever_the_method():
    rows = answers(crew("aab"), kind="text")
    assert made(decide(rows, method="mace")) == made(decide(rows)) == [(["a"], "majority", False)]
    assert decide(rows, method="mace").fit is None


def test_the_seed_of_the_starts_is_used_and_the_same_gives_the_same():
    rows = answers(crew(*TRUSTED))
    one, again = (decide(rows, method="mace", seed=1) for _ in range(2))
    assert one.posterior == again.posterior
    assert one.fit.as_dict() == {
        "scheme": "s", "question": "q", "method": "mace", "items": 18, "answers": 54, "iterations": 50,
        "converged": None, "restarts": 10,
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_what_only_the_seed_of_mace_would_decide_is_a_tie(seed):
    rows = [("u1", "x", "a"), ("u1", "y", "b"), ("u2", "x", "b"), ("u2", "y", "a")]
    found = decide(answers(rows, labels="ab"), method="mace", seed=seed)
    assert made(found) == [([], "unresolved", True)] * 2
    assert [share for unit in found.posterior for _, share in unit] == pytest.approx([0.5] * 4, abs=1e-12)


def test_a_model_of_one_annotator_or_two_says_what_it_cannot_know():
    def doubts(rows, method):
        return decide(answers(rows, labels="ab"), method=method).fit.as_dict().get("doubts")

    alone = [("u1", "x", "a"), ("u2", "x", "b")]
    two = [*alone, ("u1", "y", "a"), ("u2", "y", "a")]
    for method in ("dawid-skene", "mace"):
        assert doubts(alone, method) == ["one annotator: a model adds nothing to the answers"]
        assert doubts(two, method) == ["two annotators: where they differ, the answers do not say who is right"]
        assert doubts([*two, ("u1", "z", "a"), ("u2", "z", "b")], method) is None


def test_an_annotator_whose_answers_count_against_themselves_is_reported():
    rows = [(f"u{i:02}", who, "ab"[(i + (who == "z")) % 2]) for i in range(20) for who in "wxyz"]
    fit = decide(answers(rows, labels="ab"), method="dawid-skene").fit
    assert fit.as_dict()["doubts"] == [
        "1 annotator is taken to be right less often than by chance: what they say counts against itself"
    ]


def test_dawid_skene_says_whether_it_converged():
    fit = decide(answers(crew(*TRUSTED)), method="dawid-skene").fit
    assert (fit.converged, fit.restarts) == (True, 1)
    assert 1 < fit.iterations < 100


def test_too_many_labels_for_a_model_are_refused_and_the_majority_decides_them():
    labels = [f"l{i:04}" for i in range(6_000)]
    rows = [(f"u{i:04}", who, labels[i]) for i in range(6_000) for who in "xy"]
    many = answers(rows, labels=labels)
    assert decide(many).decided_by == ["unanimous"] * 6_000
    with pytest.raises(GoldwireError, match="6,000 x 6,000 units and labels are too many"):
        decide(many, method="dawid-skene")
    several = answers([(u, a, [label]) for u, a, label in rows], labels=labels, kind="multiple")
    with pytest.raises(GoldwireError, match="12,000 x 6,000 answers and labels are too many"):
        decide(several, method="mace")


SAID = st.lists(
    st.tuples(st.sampled_from("uvw"), st.sampled_from("xyz"), st.sets(st.sampled_from(TREE), max_size=3)),
    min_size=1,
    unique_by=lambda row: row[:2],
)


@settings(deadline=None, max_examples=40)
@given(SAID, st.sampled_from(METHODS), st.sampled_from(["multiple", "tree"]), st.booleans())
def test_of_any_sets_the_result_is_whole(said, method, kind, may_be_empty):
    rows = [(unit, who, sorted(labels)) for unit, who, labels in said]
    found = decide(answers(rows, labels=TREE, kind=kind, may_be_empty=may_be_empty), method=method)
    for i, labels in enumerate(found.labels):
        assert labels == [path for path in TREE if path in labels]
        shares = dict(found.shares[i])
        assert all(0 < share <= 1 for share in shares.values())
        if kind == "tree":
            assert not any(other.startswith(f"{path}/") for path in labels for other in labels)
            assert all(
                shares["/".join(path.split("/")[:-1])] >= share for path, share in shares.items() if "/" in path
            )
        assert bool(labels) <= (found.decided_by[i] != "unresolved")
        assert set(labels) <= {label for label, _ in (found.posterior if method != "majority" else found.shares)[i]}
