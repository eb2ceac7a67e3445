"""Dates: the common ways of writing when an article appeared, as UTC. What could mean two days means none.

The rules are our own, since the libraries guess: of the 157 cases in tests/corpus/test_dates.py python-dateutil reads
29 wrongly and dateparser, in its strict mode, 17 (11/12/2017 as 12 November, a Tuesday that was a Monday, BST as
British), and neither tells which; dateparser also takes milliseconds for each.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any

from goldwire.corpus.date_names import BETWEEN, MONTHS, PLACES, WEEKDAYS, ZONES, fold

_LONGEST = 200  # characters; what is longer is no date
_ISO = re.compile(
    r"(?:\d{4}-\d\d-\d\d|(?:1[6-9]|20)\d{6}(?P<packed>\d{6})?|\d{4}-W\d\d-[1-7]|\d{4}W\d\d[1-7]|(?P<year>\d{4})-(?P<day>\d{3}))"
    r"(?:(?:T|\s+)(?P<time>\d\d(?::?\d\d(?::?\d\d(?:[.,]\d+)?)?)?)\s*(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.IGNORECASE | re.ASCII,
)
_EPOCH = re.compile(r"\d{10}(?:\.\d+)?|\d{13}", re.ASCII)
_ZONE = f"(?:{'|'.join((*ZONES, *PLACES))})\\b"
_CLOCK = re.compile(
    r"(?<![\d:])(?P<before>上午|下午|午前|午後|오전|오후)?\s*"
    r"(?:(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"|(?P<hour_h>\d{1,2})\s?(?:h|[时時点]|시)\s?(?P<minute_h>\d\d)?(?:分|분)?"
    rf"|(?P<hour_dot>\d{{1,2}})\.(?P<minute_dot>\d\d)(?=\s?(?:uhr|uur|[ap]\.?m\b|{_ZONE}))"
    r"|(?P<hour_half>\d{1,2})(?=\s?[ap]\.?m\b))"
    r"(?![\d:])\s*(?P<half>[ap]\.?\s?m\b\.?)?\s?(?:uhr|uur|h\b)?"
    rf"\s*\(?(?P<zone>{_ZONE})?\)?\s?"
    r"(?P<offset>[+-]\d{4}|(?<=:\d\d:\d\d)\s?[+-]\d\d:\d\d|(?<=utc|gmt)[+-]\d{1,2}(?::\d\d)?)?"
    r"(?:(?<=\d)\s*\([a-z ]+\))?"
)
_EDITION = re.compile(r"\b(?:edition|final|ausgabe)\b")
_YEAR = re.compile(r"\d{4}[,.]?")
_EAST_ASIAN = re.compile(r"(?P<year>\d{4})\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日号號일]")
_CHINESE = {digit: str(number) for number, digits in enumerate(("〇零", *"一二三四五六七八九")) for digit in digits}
_CHINESE_DAY = re.compile(r"[〇零一二三四五六七八九]{4}年[一二三四五六七八九十]+月[一二三四五六七八九十]+[日号號]")
_NUMBERS = re.compile(r"(?<!\d)(\d{1,4})(?P<by>[/.-])\s?(\d{1,2})(?P=by)\s?(\d{1,4})(?!\d)\.?")
_WORD = re.compile(r"\d+|[^\W\d_]+(?:-[^\W\d_]+)*")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|re|o|a|º|ª|°|\.)(?![^\W_])")


def parse(value: Any) -> datetime | None:
    """Return the moment in UTC, or None when the value is no date or could be more than one.

    Understood: ISO 8601 with week and ordinal dates; RFC 2822; a day, the name of a month and a year in English,
    German, French, Spanish, Italian, Portuguese, Dutch, Russian and Arabic, in any order, with a weekday before or
    after and a time ("December 11, 2017 at 4:05 p.m. EST", "11. Dezember 2017, 16.05 Uhr", "Updated 4:05 p.m., Dec.
    11, 2017"), also with the name of an edition at the end; 2017年12月11日; 2017/12/11; 11.12.2017, where the day
    comes first; seconds or milliseconds since 1970 (between 1973 and 2286); dates and times of Parquet. A time
    without a zone is taken for UTC, a day without a time for its midnight.

    Not understood, because it can be read in two ways: 12/11/2017 (but 13/12/2017 and "Mon 12/11/2017" can not), a
    year of two digits unless a weekday decides (of 1900 to 2099), the zones BST and IST, and a weekday that the day
    is not.
    """
    try:
        match value:
            case datetime():
                found: datetime | None = value
            case date():
                found = datetime(value.year, value.month, value.day)
            case bool():
                found = None
            case int() | float():
                found = _number(value)
            case str():
                found = _text(value.strip())
            case _:
                found = None
        if found is None:
            return None
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def iso(moment: datetime) -> str:
    """Return the moment in UTC as ISO 8601 with Z."""
    return moment.isoformat().replace("+00:00", "Z")


def is_iso(value: Any, moment: datetime) -> bool:
    """Whether a value already says the moment in UTC, so that nothing of it is lost ("T" or a space, Z or +00:00)."""
    return str(value).strip().replace(" ", "T", 1).replace("+00:00", "Z") == iso(moment)


def _number(value: float) -> datetime | None:
    return _epoch(value) or (_text(str(value)) if value < 1e8 else None)


def _epoch(value: float) -> datetime | None:
    if 1e8 <= value < 1e10:
        return datetime.fromtimestamp(value, UTC)
    return datetime.fromtimestamp(value / 1000, UTC) if 1e11 <= value < 1e13 else None


@lru_cache(maxsize=4096)  # the articles of an archive share their days
def _text(value: str) -> datetime | None:
    if len(value) > _LONGEST:
        return None
    if _EPOCH.fullmatch(value):
        return _epoch(float(value))
    if found := _ISO.fullmatch(value):
        return _iso(value, found)
    return _written(_without_edition(" ".join(fold(value).split())))


def _iso(value: str, found: re.Match[str]) -> datetime:
    if found["packed"]:
        return datetime.strptime(value, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    zone = (found["zone"] or "").upper()
    if found["year"] is None:
        return datetime.fromisoformat(f"{value[: found.start('zone')].strip() if zone else value}{zone}")
    first = datetime.fromisoformat(f"{found['year']}-01-01T{found['time'] or '00'}{zone}")
    day = first + timedelta(days=int(found["day"]) - 1)
    if day.year != first.year or found["day"] == "000":
        raise ValueError("the year has no such day")
    return day


def _without_edition(text: str) -> str:
    """Return a folded text without the name of an edition that follows its weekday or year."""
    if not _EDITION.search(text):
        return text
    words = text.split()
    kept = max((n for n, word in enumerate(words, 1) if _YEAR.fullmatch(word) or _is_weekday(word)), default=0)
    return " ".join(words[:kept]) if _EDITION.search(" ".join(words[kept:])) else text


def _is_weekday(word: str) -> bool:
    return word.strip(",.") in WEEKDAYS


def _written(text: str) -> datetime | None:
    """Return the moment that a folded text says: its time taken out, what is left has to be one day and no more."""
    clocks = list(_CLOCK.finditer(text))
    if len(clocks) > 1:
        return None
    clock = clocks[0] if clocks else None
    rest = text if clock is None else f"{text[: clock.start()]} {text[clock.end() :]}"
    days = set(_days(rest))
    if len(days) != 1:
        return None
    day = days.pop()
    return datetime(day.year, day.month, day.day) if clock is None else _at(day, clock)


def _days(text: str) -> Iterator[date]:
    """Yield every day that a text can mean, those that are no day of the calendar or not on its weekday left out."""
    if _CHINESE_DAY.search(text):
        text = _CHINESE_DAY.sub(lambda match: _arabic(match[0]), text)
    numbers = _EAST_ASIAN.search(text) or _NUMBERS.search(text)
    rest = text if numbers is None else f"{text[: numbers.start()]} {text[numbers.end() :]}"
    words = [word for word in _WORD.findall(_ORDINAL.sub(" ", rest)) if word not in BETWEEN]
    names = [word for word in words if not word.isdecimal()]
    values = [word for word in words if word.isdecimal()]
    if numbers is not None and not values:
        readings = [(reading, names) for reading in _readings(numbers)]
    elif numbers is None and len(values) == 2:
        readings = [
            (reading, [name for other, name in enumerate(names) if other != at])
            for at, month in enumerate(names)
            if month in MONTHS
            for reading in _ymd(values[0], values[1], MONTHS[month])
        ]
    else:
        return
    for (year, month, day), weekdays in readings:
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if len(weekdays) <= 1 and all(found.weekday() in WEEKDAYS.get(name, ()) for name in weekdays):
            yield found


def _ymd(first: str, second: str, month: int) -> Iterator[tuple[int, int, int]]:
    """Yield what two numbers beside the name of a month can be."""
    for day, year in ((first, second), (second, first)):
        if len(day) <= 2:
            yield from ((number, month, int(day)) for number in _years(year))


def _readings(match: re.Match[str]) -> Iterator[tuple[int, int, int]]:
    """Yield what three numbers can be as year, month and day."""
    if "by" not in match.groupdict():
        yield int(match["year"]), int(match["month"]), int(match["day"])
        return
    first, second, third = match[1], match[3], match[4]
    if len(first) != 3 and len(third) <= 2:
        yield from ((year, int(second), int(third)) for year in _years(first))
    if len(first) <= 2:
        yield from ((year, int(second), int(first)) for year in _years(third))
        if match["by"] != "." or int(second) > 12:  # with full stops the day comes first wherever it can
            yield from ((year, int(first), int(second)) for year in _years(third))


def _years(year: str) -> list[int]:
    return [int(year)] if len(year) == 4 else [1900 + int(year), 2000 + int(year)] if len(year) == 2 else []


def _arabic(day: str) -> str:
    """Return 二〇一七年十二月十一日 with Arabic numerals."""
    year, month, rest = re.split("[年月]", day)

    def number(text: str) -> str:
        tens, ten, ones = text.rpartition("十")
        return (_CHINESE.get(tens, "1") if ten else "") + (_CHINESE.get(ones, "0") if ten or ones else "")

    return f"{''.join(_CHINESE[digit] for digit in year)}年{number(month)}月{number(rest[:-1])}日"


def _at(day: date, clock: re.Match[str]) -> datetime | None:
    part = {name.split("_")[0]: value for name, value in clock.groupdict().items() if value is not None}
    hour, half = int(part["hour"]), part.get("half") or part.get("before")
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] in "p下" or half in {"午後", "오후"} else 0)
    moment = datetime(day.year, day.month, day.day, hour, int(part.get("minute", 0)), int(part.get("second", 0)))
    zone = _zone(part.get("zone"), part.get("offset"), moment)
    return None if zone is None else moment.replace(tzinfo=zone)


def _zone(name: str | None, offset: str | None, moment: datetime) -> tzinfo | None:
    if offset is not None and name in {None, "utc", "gmt"}:
        return _offset(offset.strip())
    if name in PLACES and offset is None:
        return _place(PLACES[name], moment)
    return ZONES.get(name or "utc") if offset is None else None


def _offset(offset: str) -> timezone | None:
    hours, minutes = int(offset[1:3]), int(offset[-2:]) if len(offset) > 3 else 0
    if hours > 14 or minutes > 59:  # a range of times ("10:00-16:00"), or nothing at all
        return None
    away = timedelta(hours=hours, minutes=minutes)
    return timezone(-away if offset[0] == "-" else away)


def _place(name: str, moment: datetime) -> tzinfo | None:
    """Return the zone of a place, or None for a moment that its clocks show twice or never."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        zone = ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return None
    offsets = {moment.replace(tzinfo=zone, fold=fold_).utcoffset() for fold_ in (0, 1)}
    return zone if len(offsets) == 1 else None
