"""The answer as a page or a picture: no network, no script, everything escaped."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from goldwire import __version__, page
from goldwire.errors import UsageError
from goldwire.files import write_text
from goldwire.labels.enough.options import Options
from goldwire.labels.enough.words import present
from goldwire.page import grid
from goldwire.stats.resample import Interval

_WIDE, _NARROW = 560, 250


@dataclass(frozen=True)
class Picture:
    """The same for a wide and for a narrow page."""

    wide: str
    narrow: str


@dataclass(frozen=True)
class Part:
    """One question, or one label `of` it; `pictures` are of alpha's half-width and of the accuracy of gold."""

    name: str
    result: dict[str, Any]
    pictures: list[Picture]
    of: str = ""
    note: str = ""


def write(path: Path, value: dict[str, Any], options: Options) -> None:
    """Write what `goldwire.labels.enough.measure.enough` found, as .html or as .svg.

    Raises
    ------
    UsageError
        When the ending is neither, or a picture would have to show several questions or none.
    """
    check(path)
    parts = list(_parts("", value, options))
    if path.suffix.lower() == ".svg":
        shown = [part for part in parts if part.result["rows"]]
        if len(shown) != 1:
            why = f"a picture shows one question, and there are {len(shown)}" if shown else "there is nothing to draw"
            raise UsageError(why, where=str(path), hint="Name one with --question, or write a page: -o enough.html")
        chart, title, said = _drawn(shown[0].result, options, _WIDE)
        write_text(path, grid.alone(grid.picture(grid.below(*chart), title, said)))
        return
    text = (
        page.environment("goldwire.labels.enough")
        .get_template("enough.html.j2")
        .render(parts=parts, options=options, css=page.css(), version=__version__)
    )
    write_text(path, text)


def check(path: Path) -> None:
    """Refuse an ending that is neither .html nor .svg, before anything is reckoned."""
    if path.suffix.lower() not in (".html", ".svg"):
        raise UsageError("a page ends in .html, a picture in .svg", where=str(path), hint="Name another -o FILE.")


def _parts(name: str, value: dict[str, Any], options: Options) -> Iterator[Part]:
    if "questions" in value:
        for key, result in value["questions"].items():
            yield from _parts(key, result, options)
    elif "labels" in value:
        for label, result in value["labels"].items():
            note = " ".join(value["notes"])
            yield Part(label, result, _pictures(result, options), name or value["question"] or "labels", note)
    else:
        yield Part(name or value["question"], value, _pictures(value, options))


def _pictures(result: dict[str, Any], options: Options) -> list[Picture]:
    if not result["rows"]:
        return []
    made = []
    for width in (_WIDE, _NARROW):
        charts, _, _ = _drawn(result, options, width)
        made.append([grid.picture(chart, *said) for chart, said in zip(charts, _said(result), strict=True)])
    return [Picture(wide, narrow) for wide, narrow in zip(*made, strict=True)]


def _drawn(result: dict[str, Any], options: Options, width: int) -> tuple[list[Any], str, str]:
    """Return the charts, and what both say."""
    rows = [row for row in result["rows"] if row["alpha"]["half_width"] is not None]
    now = present(result, rows)["annotators"] if rows else None
    lines = []
    for k in sorted({row["annotators"] for row in rows}):
        points = [(row["units"], row["alpha"]["half_width"]) for row in rows if row["annotators"] == k]
        lines.append(grid.Line(f"{k} annotators" if k == now else str(k), points, k == now))
    charts = []
    if lines:
        axis = "half-width of alpha's interval, by annotators a unit"
        charts.append(grid.curves(lines, axis=axis, across="units", width=width, wanted=options.half_width))
    if gold := _gold(result):
        charts.append(
            grid.points(
                [grid.Point(str(k), interval, k == now) for k, interval in gold],
                axis=f"accuracy of gold, {gold_units(result):,} units",
                across="annotators a unit",
                width=width,
                wanted=options.accuracy,
            )
        )
    said = _said(result)
    return charts, "How much is enough", " ".join(f"{title}: {numbers}." for title, numbers in said)


def _said(result: dict[str, Any]) -> list[tuple[str, str]]:
    """Return title and figures of each picture, for those who cannot see it."""
    halves = [
        f"{row['annotators']} annotators, {row['units']:,} units {row['alpha']['half_width']:.3f}"
        for row in result["rows"]
        if row["alpha"]["half_width"] is not None
    ]
    gold = [
        f"{k} annotators {interval.value:.3f} ({interval.low:.3f} to {interval.high:.3f})"
        for k, interval in _gold(result)
    ]
    said = [("Half-width of alpha's interval", "; ".join(halves)), ("Accuracy of gold", "; ".join(gold))]
    return [(title, numbers) for title, numbers in said if numbers]


def _gold(result: dict[str, Any]) -> list[tuple[int, Interval]]:
    first = gold_units(result)
    return [
        (row["annotators"], Interval(*(row["accuracy"][name] for name in ("value", "low", "high"))))
        for row in result["rows"]
        if row["units"] == first and row["accuracy"]["value"] is not None
    ]


def gold_units(result: dict[str, Any]) -> int:
    """Return for how many units the accuracy is drawn: the fewest."""
    return int(min(row["units"] for row in result["rows"]))
