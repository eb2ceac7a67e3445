"""Dates in the common forms."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.corpus.dates import iso, parse


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2017-12-11", "2017-12-11T00:00:00Z"),
        ("2017-12-11T10:20:30Z", "2017-12-11T10:20:30Z"),
        (" 2017-12-11 10:20:30 ", "2017-12-11T10:20:30Z"),
        ("2017-12-11T10:20:30.25+02:00", "2017-12-11T08:20:30.250000Z"),
        ("2017-12-11 10:20:30 +0200", "2017-12-11T08:20:30Z"),
        ("2017-12-11 10:20:30 UTC", "2017-12-11T10:20:30Z"),
        ("20171211", "2017-12-11T00:00:00Z"),
        ("2017/12/11", "2017-12-11T00:00:00Z"),
        ("2017/12/11 23:30 -0100", "2017-12-12T00:30:00Z"),
        ("11.12.2017", "2017-12-11T00:00:00Z"),
        ("Mon, 11 Dec 2017 10:00:00 GMT", "2017-12-11T10:00:00Z"),
        ("Mon, 11 Dec 2017 10:00:00 -0500 (EST)", "2017-12-11T15:00:00Z"),
        ("11 December 2017", "2017-12-11T00:00:00Z"),
        ("11-Dec-2017", "2017-12-11T00:00:00Z"),
        ("Monday, December 11th, 2017", "2017-12-11T00:00:00Z"),
        ("Sept. 5, 2017, 12:05 a.m.", "2017-09-05T00:05:00Z"),
        ("December 11, 2017 at 4:05 p.m. EST", "2017-12-11T21:05:00Z"),
        (1513036800, "2017-12-12T00:00:00Z"),
        ("1513036800", "2017-12-12T00:00:00Z"),
        (1513036800000, "2017-12-12T00:00:00Z"),
        (20171211, "2017-12-11T00:00:00Z"),
        (datetime(2017, 12, 11, 10), "2017-12-11T10:00:00Z"),
        (datetime(2017, 12, 11, 10, tzinfo=timezone(timedelta(hours=2))), "2017-12-11T08:00:00Z"),
        (date(2017, 12, 11), "2017-12-11T00:00:00Z"),
    ],
)
def test_a_common_form_is_understood(value: Any, expected: str) -> None:
    found = parse(value)
    assert found is not None
    assert iso(found) == expected
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "value",
    [
        "12/11/2017",
        "2017",
        "2017-12",
        "December 2017",
        "11 Decembre 2017",
        "11 Dec 2017 10:00 XYZ",
        "11 Dec 2017 13:00 pm",
        "2017-13-01",
        "31 June 2017",
        "yesterday",
        "",
        "0001-01-01T00:00:00+05:00",
        12,
        1e20,
        float("nan"),
        True,
        None,
        ["2017-12-11"],
    ],
)
def test_what_is_no_date_or_two_is_none(value: Any) -> None:
    assert parse(value) is None


@settings(deadline=None)
@given(st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.just(UTC)))
def test_the_written_form_is_read_back(moment: datetime) -> None:
    assert parse(iso(moment)) == moment


@settings(deadline=None)
@given(st.text() | st.from_regex(r"[0-9a-zA-Z:,./+ -]{0,30}") | st.floats() | st.integers())
def test_no_value_raises(value: Any) -> None:
    found = parse(value)
    assert found is None or found.tzinfo is UTC
