"""Whatever the method: the order of rows and the names of annotators change nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from voting import decide, mention, votes

ANSWERS = st.lists(
    st.tuples(
        st.sampled_from(["u1", "u2", "u3"]),
        st.integers(0, 3),
        st.sampled_from(["for", "against", "unsure"]),
        st.sets(st.sampled_from("ab")),
        st.tuples(st.integers(0, 6), st.integers(4, 8), st.sampled_from(["VISIT", "FIGHT"])),
    ),
    min_size=1,
    unique_by=lambda row: row[:2],
)


@settings(deadline=None, max_examples=60)
@given(
    ANSWERS,
    st.permutations(["ann", "bob", "eve", "eva"]),
    st.randoms(use_true_random=False),
    st.sampled_from(["majority", "dawid-skene", "mace"]),
    st.sampled_from(["unresolved", "first-label", "random"]),
)
def test_the_order_of_rows_and_the_names_of_annotators_change_nothing(answers, names, random, method, ties):
    def run(who, rows):
        table = [(unit, who[i], "stance", [stance]) for unit, i, stance, _, _ in rows]
        table += [(unit, who[i], "topics", sorted(topics)) for unit, i, _, topics, _ in rows if topics]
        spans = [mention(who[i], "trigger", name, start, start + length, unit)
                 for unit, i, _, _, (start, length, name) in rows]  # fmt: skip
        return decide(votes(*table), spans, method=method, ties=ties)

    shuffled = answers[:]
    random.shuffle(shuffled)
    assert run(names, shuffled) == run(["ann", "bob", "eve", "eva"], answers)
