"""The counts of `goldwire corpus stats` as text, at most 80 columns wide."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

_TOP = 10
_NAME = 40  # characters of a name that are shown
_BAR = 30
_MONTHS = 24  # more of them are counted by year


def text(value: Mapping[str, Any]) -> str:
    """Return the counts in blocks: the whole, outlets, languages, time, lengths, stories, what is odd, rejects."""
    blocks = [
        _whole(value),
        _top("outlet", value["outlets"], value["articles"]),
        _top("language", value["languages"], value["articles"]),
        _time(value["months"], value["articles"]),
        _lengths(value["words"], value["articles"]),
        _stories(value),
        _top("lacking", {name: n for name, n in value["without"].items() if n}, value["articles"]),
        _top("normalisation", value["normalisation"], value["articles"]) if len(value["normalisation"]) > 1 else "",
        _rejects(value["rejects"]),
    ]
    return "\n\n".join(block for block in blocks if block)


def _whole(value: Mapping[str, Any]) -> str:
    rows = [["articles", f"{value['articles']:,}", ""], ["stories", f"{value['stories']:,}", ""]]
    near = value["near_duplicates"]
    rows.append(["articles with a near-duplicate", f"{near['articles']:,}", _share(near["share"])])
    rows.append(["words", f"{value['words']['total']:,}", ""])
    for state, n in value["mojibake"].items():
        rows.append([f"articles with mojibake {state}", f"{n:,}", _share(n / value["articles"])])
    if value["rejects"]["rejected"]:
        rows.append(["rejects", f"{value['rejects']['rejected']:,}", ""])
    return _aligned(rows)


def _top(name: str, counts: Mapping[str, int], whole: int) -> str:
    """Return the most frequent ones with their shares of `whole`, and how many more there are."""
    if not counts:
        return ""
    rows = [[_short(key), f"{n:,}", _share(n / whole)] for key, n in list(counts.items())[:_TOP]]
    return _aligned(rows, header=[name, "articles", "share"]) + _more(len(counts) - _TOP)


def _time(months: Mapping[str, int], whole: int) -> str:
    if len(months) <= _MONTHS:
        return _bars("month", list(months.items()), whole)
    years: Counter[str] = Counter()
    for month, n in months.items():
        years[month[:4]] += n
    shown = list(years.items())[-_MONTHS:]
    earlier = len(years) - len(shown)
    return _bars("year", shown, whole) + (f"\nand {earlier:,} earlier years" if earlier else "")


def _lengths(words: Mapping[str, Any], whole: int) -> str:
    if words["min"] is None:
        return ""
    histogram = words["histogram"]
    filled = [at for at, entry in enumerate(histogram) if entry["articles"]]
    bins = [(_range(entry), entry["articles"]) for entry in histogram[filled[0] : filled[-1] + 1]]
    names = ("min", "q1", "median", "q3", "max")
    quartiles = "  ".join(f"{name} {words[name]:,}" for name in names)
    return f"{_bars('words', bins, whole)}\n{quartiles}"


def _stories(value: Mapping[str, Any]) -> str:
    if not value["largest_stories"]:
        return ""
    rows = [[_range(entry), f"{entry['stories']:,}"] for entry in value["story_sizes"]]
    largest = [[_short(entry["story_id"]), f"{entry['articles']:,}"] for entry in value["largest_stories"]]
    sizes = _aligned(rows, header=["articles in a story", "stories"])
    return f"{sizes}\n\n{_aligned(largest, header=['largest stories', 'articles'])}"


def _rejects(rejects: Mapping[str, Any]) -> str:
    if not rejects["rejected"]:
        return ""
    blocks = []
    for name, counts in (("kind of reject", rejects["kinds"]), ("file with rejects", rejects["files"])):
        rows = [[f"{n:,}", _short(key, 64)] for key, n in list(counts.items())[:_TOP]]
        width = max(7, *(len(n) for n, _ in rows)) if rows else 7
        lines = [f"{'rejects':>{width}}  {name}", *(f"{n:>{width}}  {key}" for n, key in rows)]
        blocks.append("\n".join(lines) + _more(len(counts) - _TOP))
    if rejects["unlisted"]:
        blocks[0] += f"\n{rejects['unlisted']:,} more are counted by file only"
    return "\n\n".join(blocks)


def _bars(name: str, counts: Sequence[tuple[str, int]], whole: int) -> str:
    if not counts:
        return ""
    most = max(n for _, n in counts)
    rows = [[key, f"{n:,}", _share(n / whole), "#" * -(-n * _BAR // most)] for key, n in counts]
    return _aligned(rows, header=[name, "articles", "share", ""])


def _aligned(rows: Sequence[Sequence[str]], header: Sequence[str] = ()) -> str:
    """Align columns: the first and a fourth, of bars, to the left, numbers between them to the right."""
    every = [list(header), *rows] if header else rows
    widths = [max(len(row[at]) for row in every) for at in range(len(every[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if at in (0, 3) else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in every
    )


def _range(entry: Mapping[str, Any]) -> str:
    low, high = entry["from"], entry["to"]
    return f"{low:,}" if low == high else f"{low:,} or more" if high is None else f"{low:,}-{high:,}"


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _short(name: str, width: int = _NAME) -> str:
    return name if len(name) <= width else f"{name[: width - 1]}…"


def _more(count: int) -> str:
    return f"\nand {count:,} more" if count > 0 else ""
