"""What rounds of several sizes would give: a line for each number of annotators, and a point for each, as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from goldwire.page.plots import Figure, finished

_HEIGHT = 260
_LETTER = 13  # pixels between names that do not touch
_COLOURS = """<style>
svg { --ink: #1f2326; --quiet: #5c6267; --line: #dedad0; --mark: #11635f; --people: #964611; background: #fcfbf8;
  color-scheme: light dark; font-family: "Liberation Sans", Arial, Helvetica, sans-serif; }
@media (prefers-color-scheme: dark) { svg { --ink: #e7e4dd; --quiet: #a0a5a8; --line: #353b3f; --mark: #62c3ba;
  --people: #e39b62; background: #15181a; } }
</style>"""


@dataclass(frozen=True)
class Line:
    """A line: its name, its points (x, y), and whether it is the one that the others are held against."""

    name: str
    points: Sequence[tuple[float, float]]
    strong: bool = False


@dataclass(frozen=True)
class Point:
    """A point with its interval, above a name; `strong` as of `Line`."""

    name: str
    figure: Figure
    strong: bool = False


def curves(lines: Sequence[Line], *, axis: str, across: str, width: int, wanted: float | None = None) -> Any:
    """Return the chart of lines that fall or rise over a number; each has its name at its end, where there is room.

    Parameters
    ----------
    lines : sequence of Line
        With the same x.
    axis, across : str
        Titles of the y and of the x axis.
    width : int
        Pixels of the plot without axis and names; the picture scales.
    wanted : float, optional
        A level that is to be reached, drawn across.
    """
    import altair as alt

    data = [
        {"name": line.name, "x": x, "y": y, "strong": line.strong, "place": place}
        for place, line in enumerate(lines)
        for x, y in line.points
    ]
    xs = sorted({x for line in lines for x, _ in line.points})
    top = max([y for line in lines for _, y in line.points], default=0) * 1.05 or 1
    apart = (xs[-1] - xs[0]) or 1
    x = alt.X(
        "x:Q",
        scale=alt.Scale(domain=[xs[0] - 0.02 * apart, xs[-1] + 0.02 * apart], nice=False),
        axis=alt.Axis(title=across, titleAnchor="start", values=_apart(xs, width), format=",d", grid=False),
    )
    y = alt.Y(
        "y:Q",
        scale=alt.Scale(domain=[0, max(top, wanted or 0)], nice=False),
        axis=alt.Axis(title=axis, tickCount=5, format=".2~f", **_ABOVE),
    )
    colour = alt.condition("datum.strong", alt.value("var(--people)"), alt.value("var(--mark)"))
    base = alt.Chart(alt.Data(values=data)).encode(x=x, y=y, color=colour)
    named = _with_room(lines, max(top, wanted or 0))
    ends = [{"x": xs[-1], "y": line.points[-1][1], "name": line.name, "strong": line.strong} for line in named]
    layers = [
        base.mark_line(strokeWidth=2, opacity=0.85).encode(detail="place:O"),
        base.mark_point(filled=True, size=32, opacity=1),
        alt.Chart(alt.Data(values=ends))
        .mark_text(align="left", dx=12, fontSize=12)
        .encode(x="x:Q", y="y:Q", text="name:N", color=colour),
    ]
    if wanted is not None:
        layers.append(_across(wanted, alt))
    return alt.layer(*layers).properties(width=width, height=_HEIGHT)


def points(figures: Sequence[Point], *, axis: str, across: str, width: int, wanted: float | None = None) -> Any:
    """Return the chart of figures with their intervals beside each other; see `curves`."""
    import altair as alt

    known = [point for point in figures if point.figure.value is not None]
    data = [
        {
            "name": point.name,
            "value": point.figure.value,
            "low": point.figure.low,
            "high": point.figure.high,
            "strong": point.strong,
        }
        for point in known
    ]
    bounds = [bound for point in known for bound in (point.figure.low, point.figure.value) if bound is not None]
    least = min([*bounds, 1 if wanted is None else wanted])
    scale = alt.Scale(domain=[max(0.0, int(least * 20) / 20), 1], nice=False)
    y_axis = alt.Axis(title=axis, tickCount=5, format=".2~f", **_ABOVE)
    names = alt.Axis(title=across, titleAnchor="start", labelAngle=0, grid=False)
    x = alt.X("name:N", sort=None, axis=names, scale=alt.Scale(domain=[point.name for point in figures]))
    colour = alt.condition("datum.strong", alt.value("var(--people)"), alt.value("var(--mark)"))
    base = alt.Chart(alt.Data(values=data)).encode(x=x, color=colour)
    layers = [
        base.transform_filter("isValid(datum.low)")
        .mark_rule(strokeWidth=3, strokeCap="round", opacity=0.45)
        .encode(y=alt.Y("low:Q", scale=scale, axis=y_axis), y2="high:Q"),
        base.mark_point(filled=True, size=70, opacity=1).encode(y=alt.Y("value:Q", scale=scale, axis=y_axis)),
    ]
    if wanted is not None:
        layers.append(_across(wanted, alt))
    return alt.layer(*layers).properties(width=width, height=_HEIGHT)


def below(*charts: Any) -> Any:
    """Return charts below each other, as one."""
    import altair as alt

    return alt.vconcat(*charts, spacing=30)


def picture(chart: Any, title: str, description: str) -> str:
    """Return a chart as an svg element in the colours of the page around it."""
    return finished(chart, title, description)


def alone(svg: str) -> str:
    """Return the picture with colours of its own, light and dark, for a file without a page around it."""
    head, mark, rest = svg.partition("</desc>")
    return f"{head}{mark}{_COLOURS}{rest}\n"


_ABOVE: dict[str, Any] = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": 0, "titleY": -10}


def _across(wanted: float, alt: Any) -> Any:
    base = alt.Chart(alt.Data(values=[{"y": wanted}]))
    return base.mark_rule(color="var(--quiet)", strokeDash=[5, 4], strokeWidth=1.5).encode(y="y:Q")


def _with_room(lines: Sequence[Line], top: float) -> list[Line]:
    """Return the lines whose names do not touch at the end: the strong one first, then from the top."""
    named: list[Line] = []
    ends = [line for line in lines if line.points]
    for line in sorted(ends, key=lambda line: (not line.strong, -line.points[-1][1])):
        height = line.points[-1][1] / top * _HEIGHT
        if all(abs(height - other.points[-1][1] / top * _HEIGHT) >= _LETTER for other in named):
            named.append(line)
    return named


def _apart(values: Sequence[float], width: int) -> list[float]:
    """Return the values whose names have room on the axis."""
    first, last = values[0], values[-1]
    step = (last - first) * 60 / width
    shown = [first]
    for value in values[1:-1]:
        if value - shown[-1] >= step and last - value >= step:
            shown.append(value)
    return [*shown, last] if last != first else shown
