"""The section on the corpus: what the report says of the articles, as pictures and as tables."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from goldwire.eval.facts import Bin, CorpusFacts, StorySize
from goldwire.eval.report import words
from goldwire.page import plots

OUTLETS = 15
LANGUAGES = 15
_MONTHS = 36  # a longer time is counted by year
_YEARS = 60  # more years are a matter of wrong dates; the latest are shown
_WIDTHS = {"wide": (640, 220), "narrow": (230, 110)}
_NAMES = {"published_at": "date", "story_id": "story"}


@dataclass(frozen=True)
class Table:
    """Names with a count each, and what is left out."""

    title: str
    columns: tuple[str, str]
    rows: list[tuple[str, int]]
    note: str = ""


def sentences(facts: CorpusFacts) -> list[str]:
    """Return what a reader should know first."""
    said = f"{words.count(facts.articles, 'article')} in {words.count(facts.stories, 'story')}"
    found = [f"{said}, with {facts.words.total:,} words."]
    near = facts.near_duplicates
    if near.articles and near.share is not None:
        verb = "has" if near.articles == 1 else "have"
        found.append(f"{words.count(near.articles, 'article')} ({near.share:.1%}) {verb} a near-duplicate.")
    if facts.words.median is not None:
        low, middle, high = (f"{value or 0:,.0f}" for value in (facts.words.q1, facts.words.median, facts.words.q3))
        found.append(f"Half of the texts have {low} to {high} words; the median is {middle}.")
    if left := facts.mojibake.get("found"):
        found.append(f"Mojibake was found in {words.count(left, 'article')} and left as it is.")
    return found


def pictures(facts: CorpusFacts) -> list[tuple[str, dict[str, str]]]:
    """Return captions and pictures, for wide pages and for phones, of time, outlets and lengths."""
    found = []
    time, outlets, lengths = times(facts.months), outlets_table(facts), lengths_table(facts)
    for table, upright in ((time, True), (outlets, False), (lengths, True)):
        if table.rows:
            caption = f"{table.title}{f'; {table.note}' if table.note else ''}."
            axis = "words" if table is lengths else None if upright else "articles"
            found.append((caption, _picture(table, axis, upright)))
    return found


def tables(facts: CorpusFacts) -> list[Table]:
    """Return every table that has a row: time, outlets, languages, lengths, stories, and what is missing."""
    languages = _by_count(facts.languages)
    found = [
        times(facts.months),
        outlets_table(facts),
        Table("Languages", ("Language", "Articles"), languages[:LANGUAGES], _more(len(languages) - LANGUAGES)),
        lengths_table(facts),
        Table(
            "Stories by the number of their articles",
            ("Articles in a story", "Stories"),
            [(_range(size), size.stories) for size in facts.story_sizes] if facts.stories else [],
        ),
        Table(
            "What articles lack",
            ("Field", "Articles without it"),
            [(_NAMES.get(name, name), n) for name, n in facts.without.items() if n],
        ),
    ]
    return [table for table in found if table.rows]


def times(months: Mapping[str, int]) -> Table:
    """Return articles by month, with months that have none; by year when there are many months."""
    every = _every_month(months)
    if len(every) <= _MONTHS:
        return Table("Articles by month", ("Month", "Articles"), [(month, months.get(month, 0)) for month in every])
    years: Counter[str] = Counter()
    for month, n in months.items():
        years[month[:4]] += n
    first, last = int(min(years)), int(max(years))
    shown = [f"{year:04}" for year in range(first, last + 1)] if last - first < _YEARS else sorted(years)[-_YEARS:]
    earlier = sum(years.values()) - sum(years[year] for year in shown)
    note = f"{words.count(earlier, 'earlier article')} left out" if earlier else ""
    return Table("Articles by year", ("Year", "Articles"), [(year, years[year]) for year in shown], note)


def outlets_table(facts: CorpusFacts) -> Table:
    """Return the outlets with most articles."""
    every = _by_count(facts.outlets)
    return Table("Articles by outlet", ("Outlet", "Articles"), every[:OUTLETS], _more(len(every) - OUTLETS))


def lengths_table(facts: CorpusFacts) -> Table:
    """Return the histogram of lengths from the first bin that has an article to the last."""
    bins = facts.words.histogram
    filled = [at for at, entry in enumerate(bins) if entry.articles]
    shown = bins[filled[0] : filled[-1] + 1] if filled else []
    return Table("Articles by length", ("Words", "Articles"), [(_range(entry), entry.articles) for entry in shown])


def _by_count(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _every_month(months: Mapping[str, int]) -> list[str]:
    numbers = [int(month[:4]) * 12 + int(month[5:]) - 1 for month in months]
    if not numbers:
        return []
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(min(numbers), max(numbers) + 1)]


def _picture(table: Table, axis: str | None, upright: bool) -> dict[str, str]:
    drawn: dict[str, Any] = {}
    for name, (width, label_width) in _WIDTHS.items():
        full = width if not upright else width + label_width
        drawn[name] = plots.bars(
            table.rows, title=table.title, axis=axis, width=full, upright=upright, label_width=label_width
        )
    return drawn


def _range(entry: Bin | StorySize) -> str:
    if entry.from_ == entry.to:
        return f"{entry.from_:,}"
    return f"{entry.from_:,} or more" if entry.to is None else f"{entry.from_:,}–{entry.to:,}"


def _more(count: int) -> str:
    return f"{count:,} more not shown" if count > 0 else ""
