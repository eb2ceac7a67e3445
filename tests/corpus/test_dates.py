"""Dates in the common forms: each is read rightly or not at all."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.corpus import date_names
from goldwire.corpus.dates import iso, parse

# dateparser 1.5 and python-dateutil 2.9 were compared on these two lists; the module names the counts.
UNDERSTOOD = [
    ("2017-12-11", "2017-12-11T00:00:00Z"),
    (" 2017-12-11 16:05:00 ", "2017-12-11T16:05:00Z"),
    ("2017-12-11T16:05:00Z", "2017-12-11T16:05:00Z"),
    ("2017-12-11t16:05:00z", "2017-12-11T16:05:00Z"),
    ("2017-12-11T16:05:00.25+02:00", "2017-12-11T14:05:00.250000Z"),
    ("2017-12-11T16:05:00+0200", "2017-12-11T14:05:00Z"),
    ("2017-12-11 16:05:00 -0500", "2017-12-11T21:05:00Z"),
    ("2017-12-11T16:05", "2017-12-11T16:05:00Z"),
    ("2017-W50-1", "2017-12-11T00:00:00Z"),
    ("2017W501", "2017-12-11T00:00:00Z"),
    ("2017-345", "2017-12-11T00:00:00Z"),
    ("2016-366", "2016-12-31T00:00:00Z"),
    ("2017-345T16:05Z", "2017-12-11T16:05:00Z"),
    ("20171211", "2017-12-11T00:00:00Z"),
    ("20171211T160500Z", "2017-12-11T16:05:00Z"),
    ("20171211160500", "2017-12-11T16:05:00Z"),
    ("2017-12-11 16:05:00 UTC", "2017-12-11T16:05:00Z"),
    ("2017-12-11 04:05 PM", "2017-12-11T16:05:00Z"),
    ("Mon, 11 Dec 2017 16:05:00 GMT", "2017-12-11T16:05:00Z"),
    ("Mon, 11 Dec 2017 16:05:00 -0500", "2017-12-11T21:05:00Z"),
    ("Mon, 11 Dec 2017 16:05:00 -0500 (EST)", "2017-12-11T21:05:00Z"),
    ("Mon, 11 Dec 2017 16:05:00 EST", "2017-12-11T21:05:00Z"),
    ("Mon, 11 Dec 17 16:05:00 GMT", "2017-12-11T16:05:00Z"),
    ("11 Dec 2017 16:05 PDT", "2017-12-11T23:05:00Z"),
    ("Mon Dec 11 16:05:00 2017", "2017-12-11T16:05:00Z"),
    ("Mon Dec 11 16:05:00 +0000 2017", "2017-12-11T16:05:00Z"),
    ("Mon Dec 11 2017 16:05:00 GMT+0100 (Central European Standard Time)", "2017-12-11T15:05:00Z"),
    ("Monday, 11-Dec-17 16:05:00 GMT", "2017-12-11T16:05:00Z"),
    ("1513008300", "2017-12-11T16:05:00Z"),
    ("1513008300000", "2017-12-11T16:05:00Z"),
    ("1513008300.0", "2017-12-11T16:05:00Z"),
    ("11 December 2017", "2017-12-11T00:00:00Z"),
    ("11-Dec-2017", "2017-12-11T00:00:00Z"),
    ("11 Dec. 2017", "2017-12-11T00:00:00Z"),
    ("December 11, 2017", "2017-12-11T00:00:00Z"),
    ("Dec. 11, 2017", "2017-12-11T00:00:00Z"),
    ("Dec 11 2017", "2017-12-11T00:00:00Z"),
    ("Monday, December 11th, 2017", "2017-12-11T00:00:00Z"),
    ("the 11th of December 2017", "2017-12-11T00:00:00Z"),
    ("2017 December 11", "2017-12-11T00:00:00Z"),
    ("2017-Dec-11", "2017-12-11T00:00:00Z"),
    ("Sept. 5, 2017, 12:05 a.m.", "2017-09-05T00:05:00Z"),
    ("December 11, 2017 at 4:05 p.m. EST", "2017-12-11T21:05:00Z"),
    ("Dec 11 2017 4:05PM", "2017-12-11T16:05:00Z"),
    ("Dec. 11, 2017 4:05 pm ET", "2017-12-11T21:05:00Z"),
    ("July 11, 2017 4:05 pm ET", "2017-07-11T20:05:00Z"),
    ("Updated 4:05 p.m., Dec. 11, 2017", "2017-12-11T16:05:00Z"),
    ("Published: 11 December 2017 16:05 GMT", "2017-12-11T16:05:00Z"),
    ("4 p.m. Dec. 11, 2017", "2017-12-11T16:00:00Z"),
    ("16:05, 11 Dec 2017", "2017-12-11T16:05:00Z"),
    ("16:05 on Monday 11 December 2017", "2017-12-11T16:05:00Z"),
    ("Mon 11 Dec 2017 16.05 CET", "2017-12-11T15:05:00Z"),
    ("11 Dec 2017 16.05 Uhr", "2017-12-11T16:05:00Z"),
    ("Mon 11 Dec 2017 16:05 CET", "2017-12-11T15:05:00Z"),
    ("11 Dec 2017 | 16:05 UTC", "2017-12-11T16:05:00Z"),
    ("December 11, 2017 Monday", "2017-12-11T00:00:00Z"),
    ("December 11, 2017 Monday Late Edition - Final", "2017-12-11T00:00:00Z"),
    ("December 11, 2017 Monday 2nd Edition", "2017-12-11T00:00:00Z"),
    ("December 11, 2017, Final Edition", "2017-12-11T00:00:00Z"),
    ("DECEMBER 11, 1989, MONDAY", "1989-12-11T00:00:00Z"),
    ("Monday, December 11, 2017 4:05 PM GMT", "2017-12-11T16:05:00Z"),
    ("December 11, 2017 Monday 4:05 PM GMT", "2017-12-11T16:05:00Z"),
    ("December 11, 2017 Monday 4:05 PM EST", "2017-12-11T21:05:00Z"),
    ("11. Dezember 2017", "2017-12-11T00:00:00Z"),
    ("Montag, 11. Dezember 2017", "2017-12-11T00:00:00Z"),
    ("Montag, 11. Dezember 2017, 16.05 Uhr", "2017-12-11T16:05:00Z"),
    ("11. Dez. 2017 um 16:05 Uhr", "2017-12-11T16:05:00Z"),
    ("5. März 2017", "2017-03-05T00:00:00Z"),
    ("11. Jänner 2017", "2017-01-11T00:00:00Z"),
    ("Mo, 11.12.2017", "2017-12-11T00:00:00Z"),
    ("lundi 11 décembre 2017", "2017-12-11T00:00:00Z"),
    ("Lundi 11 Décembre 2017", "2017-12-11T00:00:00Z"),
    ("11 décembre 2017 à 16h05", "2017-12-11T16:05:00Z"),
    ("1er août 2017", "2017-08-01T00:00:00Z"),
    ("Publié le 11 déc. 2017 à 16:05", "2017-12-11T16:05:00Z"),
    ("mar. 12 déc. 2017", "2017-12-12T00:00:00Z"),
    ("11 de diciembre de 2017", "2017-12-11T00:00:00Z"),
    ("lunes, 11 de diciembre de 2017", "2017-12-11T00:00:00Z"),
    ("11 dic. 2017 16:05 h", "2017-12-11T16:05:00Z"),
    ("11 DIC 2017", "2017-12-11T00:00:00Z"),
    ("lunes 11 diciembre 2017", "2017-12-11T00:00:00Z"),
    ("11 dicembre 2017", "2017-12-11T00:00:00Z"),
    ("lunedì 11 dicembre 2017, ore 16:05", "2017-12-11T16:05:00Z"),
    ("1º dicembre 2017", "2017-12-01T00:00:00Z"),
    ("11 de dezembro de 2017", "2017-12-11T00:00:00Z"),
    ("segunda-feira, 11 de dezembro de 2017, às 16h05", "2017-12-11T16:05:00Z"),
    ("5 de março de 2017", "2017-03-05T00:00:00Z"),
    ("11 december 2017", "2017-12-11T00:00:00Z"),
    ("maandag 11 december 2017 om 16.05 uur", "2017-12-11T16:05:00Z"),
    ("5 mrt. 2017", "2017-03-05T00:00:00Z"),
    ("11 декабря 2017", "2017-12-11T00:00:00Z"),
    ("11 декабря 2017 г., 16:05 MSK", "2017-12-11T13:05:00Z"),
    ("понедельник, 11 декабря 2017 года в 16:05", "2017-12-11T16:05:00Z"),
    ("5 мая 2017", "2017-05-05T00:00:00Z"),
    ("11 ديسمبر 2017", "2017-12-11T00:00:00Z"),
    ("١١ ديسمبر ٢٠١٧", "2017-12-11T00:00:00Z"),
    ("٢٠١٧-١٢-١١", "2017-12-11T00:00:00Z"),
    ("2017年12月11日", "2017-12-11T00:00:00Z"),
    ("2017年12月11日 星期一 16:05", "2017-12-11T16:05:00Z"),
    ("2017年12月11日(月) 16時05分", "2017-12-11T16:05:00Z"),
    ("2017年12月11日下午4:05", "2017-12-11T16:05:00Z"),
    ("二〇一七年十二月十一日", "2017-12-11T00:00:00Z"),
    ("２０１７年１２月１１日", "2017-12-11T00:00:00Z"),
    ("2017년 12월 11일", "2017-12-11T00:00:00Z"),
    ("2017/12/11", "2017-12-11T00:00:00Z"),
    ("2017.12.11", "2017-12-11T00:00:00Z"),
    ("2017/12/11 23:30 -0100", "2017-12-12T00:30:00Z"),
    ("11.12.2017", "2017-12-11T00:00:00Z"),
    ("11. 12. 2017", "2017-12-11T00:00:00Z"),
    ("11.12.2017 16:05", "2017-12-11T16:05:00Z"),
    ("13/12/2017", "2017-12-13T00:00:00Z"),
    ("12/13/2017", "2017-12-13T00:00:00Z"),
    ("11/11/2017", "2017-11-11T00:00:00Z"),
    ("Mon 12/11/2017", "2017-12-11T00:00:00Z"),
    ("Mon 11/12/2017", "2017-12-11T00:00:00Z"),
    ("12/13/2017 4:05 PM", "2017-12-13T16:05:00Z"),
    ("13-12-2017", "2017-12-13T00:00:00Z"),
]
NOT_UNDERSTOOD = [
    "11/12/2017",
    "11-12-2017",
    "12/11/2017 4:05 PM",
    "11.12.17",
    "11-Dec-17",
    "2017",
    "2017-12",
    "December 2017",
    "11 December",
    "2017-W50",
    "2017-366",
    "2017-13-01",
    "31 June 2017",
    "February 29, 2017",
    "Tuesday, December 11, 2017",
    "11 Dec 2017 16:05 XYZ",
    "11 Dec 2017 16:05 BST",
    "11 Dec 2017 16:05 IST",
    "Nov. 5, 2017 1:30 am ET",
    "11 Dec 2017 13:00 pm",
    "11 Dec 2017 25:00",
    "11 Dec 2017 10:00-16:00",
    "December 11-12, 2017",
    "11 December 2017 - 12 December 2017",
    "Dec 11, 2017 Updated Dec 12, 2017",
    "yesterday",
    "3 days ago",
    "Monday",
    "16:05",
    "12112017",
    "2017345",
    "12345",
    "Spring 2017",
    "Volume 11, May 2017",
    "Issue 3, 2017",
    "11 Tishri 5778",
    "平成29年12月11日",
    "Chapter 11 Dec 2017 filing",
    "0001-01-01T00:00:00+05:00",
    "",
]


@pytest.mark.parametrize(("value", "expected"), UNDERSTOOD)
def test_a_common_form_is_understood(value: str, expected: str) -> None:
    found = parse(value)
    assert found is not None
    assert iso(found) == expected
    assert found.tzinfo is UTC


@pytest.mark.parametrize("value", NOT_UNDERSTOOD)
def test_what_is_no_date_or_two_is_none(value: str) -> None:
    assert parse(value) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1513036800, "2017-12-12T00:00:00Z"),
        (1513036800.5, "2017-12-12T00:00:00.500000Z"),
        (1513036800000, "2017-12-12T00:00:00Z"),
        (20171211, "2017-12-11T00:00:00Z"),
        (datetime(2017, 12, 11, 10), "2017-12-11T10:00:00Z"),
        (datetime(2017, 12, 11, 10, tzinfo=timezone(timedelta(hours=2))), "2017-12-11T08:00:00Z"),
        (date(2017, 12, 11), "2017-12-11T00:00:00Z"),
        (12, None),
        (15130368000, None),
        (1e20, None),
        (float("nan"), None),
        (True, None),
        (None, None),
        (["2017-12-11"], None),
    ],
)
def test_a_value_that_is_no_text_is_understood_where_it_is_a_moment(value: Any, expected: str | None) -> None:
    found = parse(value)
    assert (None if found is None else iso(found)) == expected


def test_no_name_is_two_months_or_a_word_between() -> None:
    tables = [date_names._table({language: names}) for language, names in date_names._MONTHS.items()]
    numbers: dict[str, set[int]] = {}
    for table in tables:
        assert sorted(min(months) for months in table.values()) == list(range(12))
        for name, months in table.items():
            numbers.setdefault(name, set()).update(months)
    assert {name: months for name, months in numbers.items() if len(months) > 1} == {}
    assert date_names.BETWEEN & (date_names.MONTHS.keys() | date_names.WEEKDAYS.keys()) == set()
    for language, names in date_names._WEEKDAYS.items():
        assert len(names.split()) == 7, language


ENGLISH = re.findall(r"\w+", "January February March April May June July August September October November December")
GERMAN = re.findall(r"\w+", "Januar Februar März April Mai Juni Juli August September Oktober November Dezember")
FRENCH = re.findall(r"\w+", "janvier février mars avril mai juin juillet août septembre octobre novembre décembre")
SPANISH = re.findall(
    r"\w+", "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
)
ITALIAN = re.findall(
    r"\w+", "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"
)
PORTUGUESE = re.findall(
    r"\w+", "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"
)
DUTCH = re.findall(r"\w+", "januari februari maart april mei juni juli augustus september oktober november december")
RUSSIAN = re.findall(r"\w+", "января февраля марта апреля мая июня июля августа сентября октября ноября декабря")
DAYS = re.findall(r"\w+", "Monday Tuesday Wednesday Thursday Friday Saturday Sunday")


def half(t: datetime) -> str:
    return f"{t.hour % 12 or 12}:{t.minute:02} {'p.m.' if t.hour >= 12 else 'a.m.'}"


FORMS: dict[str, Callable[[datetime], str]] = {
    "iso": lambda t: t.strftime("%Y-%m-%dT%H:%M:%SZ"),
    "iso, a space": lambda t: t.strftime("%Y-%m-%d %H:%M:%S +00:00"),
    "iso, a zone": lambda t: t.astimezone(timezone(timedelta(hours=-5, minutes=-30))).isoformat(),
    "iso, basic": lambda t: t.strftime("%Y%m%dT%H%M%SZ"),
    "iso, week": lambda t: t.strftime("%G-W%V-%uT%H:%M:%SZ"),
    "iso, ordinal": lambda t: t.strftime("%Y-%jT%H:%M:%SZ"),
    "digits": lambda t: t.strftime("%Y%m%d%H%M%S"),
    "rfc 2822": lambda t: f"{DAYS[t.weekday()][:3]}, {t.day} {ENGLISH[t.month - 1][:3]} {t:%Y %H:%M:%S} +0000",
    "rfc 2822, a zone": lambda t: (
        f"{(z := t.astimezone(timezone(timedelta(hours=-8)))).day} {ENGLISH[z.month - 1][:3]} {z:%Y %H:%M:%S} PST"
    ),
    "ctime": lambda t: f"{DAYS[t.weekday()][:3]} {ENGLISH[t.month - 1][:3]} {t.day:2} {t:%H:%M:%S %Y}",
    "seconds": lambda t: str(int(t.timestamp())) if t.timestamp() >= 1e9 else iso(t),
    "english": lambda t: f"{ENGLISH[t.month - 1]} {t.day}, {t.year} at {half(t)}",
    "english, updated": lambda t: f"Updated {half(t)}, {ENGLISH[t.month - 1][:3]}. {t.day}, {t.year}",
    "nexis": lambda t: f"{ENGLISH[t.month - 1]} {t.day}, {t.year} {DAYS[t.weekday()]} {half(t)} GMT",
    "german": lambda t: f"{t.day}. {GERMAN[t.month - 1]} {t.year}, {t.hour}.{t.minute:02} Uhr",
    "french": lambda t: f"le {t.day} {FRENCH[t.month - 1]} {t.year} à {t.hour}h{t.minute:02}",
    "spanish": lambda t: f"{t.day} de {SPANISH[t.month - 1]} de {t.year} a las {t:%H:%M}",
    "italian": lambda t: f"{t.day} {ITALIAN[t.month - 1]} {t.year}, ore {t:%H:%M}",
    "portuguese": lambda t: f"{t.day} de {PORTUGUESE[t.month - 1]} de {t.year} às {t.hour}h{t.minute:02}",
    "dutch": lambda t: f"{t.day} {DUTCH[t.month - 1]} {t.year} om {t:%H:%M} uur",
    "russian": lambda t: f"{t.day} {RUSSIAN[t.month - 1]} {t.year} г., {t:%H:%M}",
    "chinese": lambda t: f"{t.year}年{t.month}月{t.day}日 {t:%H:%M}",
    "numeric": lambda t: f"{t.year}/{t.month}/{t.day} {t:%H:%M:%S}",
    "full stops": lambda t: f"{t.day}.{t.month}.{t.year} {t:%H:%M:%S}",
}
MOMENTS = st.datetimes(min_value=datetime(1851, 1, 1), max_value=datetime(2099, 12, 31), timezones=st.just(UTC))


@settings(deadline=None)
@pytest.mark.parametrize("form", FORMS)
@given(moment=MOMENTS.map(lambda t: t.replace(second=0, microsecond=0)))
def test_a_moment_is_read_back_from_every_form(form: str, moment: datetime) -> None:
    assert parse(FORMS[form](moment)) == moment


@settings(deadline=None)
@given(moment=MOMENTS, between=st.sampled_from("/-"), weekday=st.booleans())
def test_days_and_months_in_figures_are_read_rightly_or_not_at_all(
    moment: datetime, between: str, weekday: bool
) -> None:
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    name = f"{DAYS[day.weekday()]} " if weekday else ""
    for first, second in ((day.day, day.month), (day.month, day.day)):
        for year in (f"{day.year}", *([f"{day.year % 100:02}"] if day.year >= 1900 else [])):
            found = parse(f"{name}{first}{between}{second}{between}{year}")
            assert found in {None, day}
            if not weekday and len(year) == 4:
                assert (found is None) == (first != second and max(first, second) <= 12)


@settings(deadline=None)
@given(st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.just(UTC)))
def test_the_written_form_is_read_back(moment: datetime) -> None:
    assert parse(iso(moment)) == moment


_PIECES = [
    "11",
    "12",
    "17",
    "2017",
    "Dec",
    "mar",
    "Mon",
    "4:05",
    "p.m.",
    "EST",
    "ET",
    "+0100",
    "年",
    "-",
    "/",
    ".",
    ", ",
]


@settings(deadline=None)
@given(
    st.text()
    | st.from_regex(r"[0-9a-zA-Z:,./+ -]{0,30}")
    | st.lists(st.sampled_from([*_PIECES, " "])).map("".join)
    | st.floats()
    | st.integers()
)
def test_no_value_raises(value: Any) -> None:
    found = parse(value)
    assert found is None or found.tzinfo is UTC


def test_a_long_text_is_no_date_and_costs_no_time() -> None:
    assert parse("11 December 2017 " + "a.m. " * 1_000_000) is None
