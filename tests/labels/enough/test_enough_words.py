"""The sentences: what they compare, when they say that something gets better, and which row is enough."""

import pytest

from goldwire.labels.enough.words import recommend, say


def row(k, more, half, accuracy):
    return {
        "annotators": k, "more": more, "units": 100 + more, "answers": k * (100 + more), "new_answers": 0,
        "alpha": {"half_width": half}, "accuracy": {"value": accuracy},
    }  # fmt: skip


def test_the_fewest_answers_that_are_enough():
    rows = [row(2, 0, 0.09, 0.8), row(2, 200, 0.05, 0.8), row(3, 0, 0.07, 0.9), row(3, 200, 0.04, 0.9)]
    best = {"annotators": 3, "more": 0, "units": 100, "answers": 300, "new_answers": 0}
    assert recommend(rows, 0.08, None) == best
    assert recommend(rows, None, 0.9) == best
    assert recommend(rows, 0.05, None)["answers"] == 600
    assert recommend(rows, 0.05, 0.85)["answers"] == 900
    assert recommend(rows, 0.02, 0.95) == {
        "why": "no row reaches a half-width of 0.02: the narrowest is 0.040, with 3 annotators and 300 units; about "
        "1,200 units would do; no row reaches an accuracy of 0.95: the highest is 0.900, with 3 annotators"
    }


HARDLY = "More annotators hardly change gold here."
BETTER = "Gold gets better with more annotators, hardly with more units."


def expected(start, *later, more=()):
    """The result of three annotators and 100 units: rows of (annotators, accuracy, share of tied units)."""
    rows = [row(k, 0, 0.05, accuracy) | {"undecided": tied} for k, accuracy, tied in (start, *later)]
    rows += [row(start[0], units, 0.03, start[1]) | {"undecided": start[2]} for units in more]
    return {"units": 100, "answers": 100 * start[0], "rows": rows}


@pytest.mark.parametrize(
    ("later", "last"),
    [
        ([(4, 0.8985, 0.0)], HARDLY),
        ([(4, 0.9, 0.1), (5, 0.904, 0.0)], HARDLY),
        ([(4, 0.9, 0.1), (5, 0.904, 0.0), (7, 0.906, 0.0)], BETTER),
        (
            [(4, 0.9, 0.1), (5, 0.92, 0.0)],
            "With 4, 10% of the units are tied, so gold is hardly better for it; 5 annotators bring its accuracy to "
            "0.920 (0 answers more).",
        ),
        ([(4, 0.905, 0.1), (5, 0.92, 0.0)], BETTER),
        ([(5, 0.92, 0.0)], BETTER),
        ([(4, 0.89, 0.1)], "What one more annotator does for gold, so few answers a unit cannot tell."),
    ],
)  # fmt: skip
def test_more_annotators_are_said_to_better_gold_only_where_they_do(later, last):
    assert say(expected((3, 0.9, 0.0), *later))[-1] == last


def test_each_sentence_says_what_it_is_about():
    wide = "With 3 annotators a unit, 100 more units bring alpha's interval from ±0.050 to ±0.030 (0 answers more)."
    gold = "and the accuracy of gold from 0.900 to 0.950 (0 answers more)."
    deeper = (4, 0.95, 0.1)
    assert say(expected((3, 0.9, 0.0), deeper))[0] == (
        f"A 4th annotator on the same 100 units brings alpha's interval from ±0.050 to ±0.050, {gold}"
    )
    assert say(expected((3, 0.9, 0.0), deeper, more=[100]))[:2] == [
        wide,
        f"A 4th annotator on the same 100 units brings it from ±0.050 to ±0.050, {gold}",
    ]
    fewer = expected((3, 0.9, 0.0))
    fewer["rows"].insert(0, row(2, 0, 0.06, 0.8))
    assert say(fewer) == [
        "With 2 annotators a unit instead of 3, alpha's interval would be ±0.060 and the accuracy of gold 0.800, not "
        "0.900 (100 answers fewer)."
    ]
