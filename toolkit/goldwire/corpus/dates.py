"""Dates: the common ways of writing when an article appeared, as UTC. What could mean two days means none."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

# Written out, since strptime knows the months of the machine's locale.
_MONTHS = re.findall(r"\w+", "january february march april may june july august september october november december")
_ZONES = {"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}  # RFC 2822
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_TIME = (
    r"(?:,?(?:\s+at)?\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?\s*(?P<half>[ap]\.?m\.?)?"
    r"\s*(?P<zone>z|utc|gmt|[a-z]{3}|[+-]\d{2}:?\d{2})?(?:\s*\([a-z]+\))?)?"
)
_FORMS = [
    re.compile(form + _TIME, re.IGNORECASE)
    for form in (
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-](?P<name>[a-z]{{3,9}})\.?,?[\s-](?P<year>\d{{4}})",
        rf"{_WEEKDAY}(?P<name>[a-z]{{3,9}})\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<year>\d{{4}})",
        r"(?P<year>\d{4})[/.-](?P<month>\d{1,2})[/.-](?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})",
    )
]


def parse(value: Any) -> datetime | None:
    """Return the moment in UTC, or None when the value is no date or could be more than one.

    Understood: ISO 8601; English dates with the month's name ("Mon, 11 Dec 2017 10:00:00 GMT", "December 11, 2017 at
    4:05 p.m. EST"); 2017/12/11 and 11.12.2017; seconds or milliseconds since 1970; dates and times of Parquet. A time
    without a zone is taken for UTC, a day without a time for its midnight. 12/11/2017 is two days, depending on the
    country, and so it is none.
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
                found = _epoch(value) if value >= 1e8 else _text(str(value))
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


def _epoch(value: float) -> datetime | None:
    if value < 1e11:
        return datetime.fromtimestamp(value, UTC)
    return datetime.fromtimestamp(value / 1000, UTC) if value < 1e14 else None


def _text(value: str) -> datetime | None:
    if re.fullmatch(r"\d{10}|\d{13}", value):
        return _epoch(int(value))
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        found = next((match for form in _FORMS if (match := form.fullmatch(value))), None)
    return None if found is None else _fields(found.groupdict())


def _fields(part: dict[str, str | None]) -> datetime | None:
    month = _month(part["name"]) if part.get("name") else int(part["month"] or 0)
    if month is None:
        return None
    hour = int(part["hour"] or 0)
    if part["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if part["half"][0] in "pP" else 0)
    zone = _zone(part["zone"])
    if zone is None:
        return None
    minute, second = int(part["minute"] or 0), int(part["second"] or 0)
    return datetime(int(part["year"] or 0), month, int(part["day"] or 0), hour, minute, second, tzinfo=zone)


def _month(name: str | None) -> int | None:
    word = (name or "").lower()
    word = "sep" if word == "sept" else word
    return next((number for number, month in enumerate(_MONTHS, 1) if month == word or month[:3] == word), None)


def _zone(name: str | None) -> timezone | None:
    zone = (name or "utc").lower()
    if zone in {"z", "utc", "gmt"}:
        return UTC
    if zone[0] in "+-":
        minutes = int(zone[1:3]) * 60 + int(zone[-2:])
        return timezone(timedelta(minutes=-minutes if zone[0] == "-" else minutes))
    return timezone(timedelta(hours=_ZONES[zone])) if zone in _ZONES else None
