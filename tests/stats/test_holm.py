"""Holm's adjustment, worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldwire.stats.holm import holm


def test_the_smallest_is_multiplied_by_how_many_there_are_and_none_is_below_a_smaller_one() -> None:
    # sorted .01, .02, .03, .04: times 4, 3, 2, 1, and never falling
    assert holm([0.03, None, 0.01, 0.04, 0.02]) == [
        pytest.approx(x) if x else None for x in (0.06, 0, 0.04, 0.06, 0.06)
    ]
    assert holm([0.6, 0.9]) == [1.0, 1.0]
    assert holm([None]) == [None]
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), max_size=20), st.randoms())
def test_the_order_does_not_matter_and_no_value_gets_smaller(values: list[float], random: object) -> None:
    found = holm(values)
    order = sorted(range(len(values)), key=lambda i: hash((i, str(random))))
    again = holm([values[i] for i in order])
    assert [found[i] for i in order] == pytest.approx(again)
    assert all(adjusted is not None and value <= adjusted <= 1 for value, adjusted in zip(values, found, strict=True))
