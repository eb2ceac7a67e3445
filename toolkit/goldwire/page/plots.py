"""Pictures: intervals and counts as SVG, drawn by Vega-Lite without a network, in the colours of the page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

INK, QUIET, GRID = "var(--ink)", "var(--quiet)", "var(--line)"
MARK, PROBE, PEOPLE = "var(--mark)", "var(--probe)", "var(--people)"
_FONT = "Liberation Sans"  # comes with vl-convert, so widths are the same on every machine
_KINDS, _COLOURS = ["plain", "quiet", "people"], [MARK, PROBE, PEOPLE]
_WRITTEN = [MARK, QUIET, PEOPLE]  # of notes: letters need more contrast than marks
BAND = 0.14
"""Opacity of a band, so that its name stands out from it in every scheme of colours."""
_STEP, _TALL_STEP, _BAR_STEP, _UPRIGHT = 30, 42, 24, 180
_LETTER = 7  # pixels of a letter of a name, about
_AXIS = {
    **{"labelColor": INK, "titleColor": QUIET, "gridColor": GRID, "titleFontWeight": "normal"},
    **{"labelFontSize": 13, "titleFontSize": 12, "labelPadding": 8, "titlePadding": 8},
    **{"domain": False, "ticks": False},
}
_NAME = 52  # pixels of a name below a bar, such as 2017-12


class Figure(Protocol):
    """A value with its interval, such as `goldwire.stats.resample.Interval`; None where it is not defined."""

    @property
    def value(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...


@dataclass(frozen=True)
class Row:
    """A line of the picture: a name, its figure, what is said at its end, and whose it is.

    Rows of `kind` "quiet" are drawn lighter, those of "people" in the colour of people.
    """

    name: str
    figure: Figure
    kind: Literal["plain", "quiet", "people"] = "plain"
    note: str = ""


@dataclass(frozen=True)
class Band:
    """What the rows are held against: a figure, drawn across all of them, and its name."""

    figure: Figure
    name: str = "people"
    colour: str = PEOPLE


def intervals(
    rows: Sequence[Row],
    *,
    title: str,
    axis: str,
    width: int,
    band: Band | None = None,
    label_width: int = 200,
) -> str:
    """Draw values with their intervals, one line each, and as a band what they are held against.

    Names stand beside the lines, or above them when one would be cut: names that begin alike must be told apart.

    Parameters
    ----------
    rows : sequence of Row
        From top to bottom. A row whose value is not defined has no mark.
    title : str
        What the picture shows, for those who cannot see it; the numbers follow it.
    axis : str
        Title of the axis, which goes from 0 to 1.
    width : int
        Pixels of the plot without the names; the picture scales.
    band : Band, optional
        Such as what people reach.
    label_width : int
        Pixels of a name at most, beside its line.

    Returns
    -------
    str
        An svg element. Its colours are the custom properties ink, quiet, line, mark, probe and people.
    """
    import altair as alt

    data = [
        {
            "name": row.name,
            "value": row.figure.value,
            "low": row.figure.low,
            "high": row.figure.high,
            "kind": row.kind,
            "note": row.note,
        }
        for row in rows
    ]
    names = [row.name for row in rows]
    extent = _LETTER * max(map(len, names), default=0)
    above = extent > label_width
    names_axis = None if above else alt.Axis(labelLimit=label_width, minExtent=extent, grid=False)
    y = alt.Y("name:N", sort=None, title=None, scale=alt.Scale(domain=names), axis=names_axis)
    if above:
        width += label_width
    scale = alt.Scale(domain=[0, 1], nice=False)
    x_axis = alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".2~f", title=axis, titleAnchor="start")
    colour = alt.Color("kind:N", scale=alt.Scale(domain=_KINDS, range=_COLOURS), legend=None)
    written = alt.Color("kind:N", scale=alt.Scale(domain=_KINDS, range=_WRITTEN), legend=None)
    lines = alt.Chart(alt.Data(values=data))
    defined = "isValid(datum.value)"
    layers: list[Any] = []
    if band is not None and band.figure.value is not None:
        layers += _band(band, scale)
    layers.append(
        lines.transform_filter("isValid(datum.low)")
        .mark_rule(strokeWidth=3, strokeCap="round", opacity=0.55)
        .encode(y=y, x=alt.X("low:Q", scale=scale, axis=x_axis), x2="high:Q", color=colour)
    )
    layers.append(
        lines.transform_filter(defined)
        .mark_point(filled=True, size=90, opacity=1)
        .encode(y=y, x=alt.X("value:Q", scale=scale, axis=x_axis), color=colour)
    )
    if any(row.note for row in rows):
        layers.append(
            lines.mark_text(align="left", dx=10, fontSize=12).encode(
                y=y, x=alt.value(width), text="note:N", color=written
            )
        )
    if above:
        layers.append(
            lines.mark_text(align="left", dy=-15, fontSize=13, limit=width, color=INK).encode(
                y=y, x=alt.value(0), text="name:N"
            )
        )
    chart = alt.layer(*layers).resolve_scale(color="independent")
    chart = chart.properties(width=width, height=(_TALL_STEP if above else _STEP) * len(rows))
    return finished(chart, title, "; ".join(_said(row.name, row.figure, row.note) for row in rows))


def bars(
    counts: Sequence[tuple[str, int]],
    *,
    title: str,
    axis: str | None,
    width: int,
    upright: bool,
    label_width: int = 200,
) -> str:
    """Draw counts as bars.

    Parameters
    ----------
    counts : sequence of (str, int)
        Names and counts, from top to bottom, or from left to right.
    title : str
        What the picture shows, for those who cannot see it; the numbers follow it.
    axis : str or None
        Title of the axis of names when `upright`, else of that of counts.
    width : int
        Pixels of the plot without the names beside it; the picture scales.
    upright : bool
        Whether bars stand beside each other, as for what has an order, rather than lie below each other.
    label_width : int
        Pixels of a name at most, when they lie.

    Returns
    -------
    str
        An svg element; see `intervals`.
    """
    import altair as alt

    names = [name for name, _ in counts]
    data = alt.Data(values=[{"name": name, "count": count} for name, count in counts])
    every = -(-len(names) * _NAME // width) if upright else 1  # so that names do not run into each other
    names_axis = alt.Axis(
        labelLimit=label_width,
        values=names[::every],
        title=axis if upright else None,
        titleAnchor="start",
        labelAngle=0,
        grid=False,
    )
    counts_axis = alt.Axis(
        title=None if upright else axis, titleAnchor="start", format=",d", tickMinStep=1, tickCount=5
    )
    scale = alt.Scale(domain=names, paddingInner=0.15, paddingOuter=0.1)
    of_names: dict[str, Any] = {"field": "name", "type": "nominal", "sort": None, "scale": scale, "axis": names_axis}
    of_counts: dict[str, Any] = {"field": "count", "type": "quantitative", "axis": counts_axis}
    if upright:
        encoded = {"x": alt.X(**of_names), "y": alt.Y(**of_counts)}
    else:
        encoded = {"y": alt.Y(**of_names), "x": alt.X(**of_counts)}
    height = _UPRIGHT if upright else _BAR_STEP * len(names)
    chart = alt.Chart(data).mark_bar(color=MARK, opacity=1).encode(**encoded)
    said = "; ".join(f"{name} {count:,}" for name, count in counts)
    return finished(chart.properties(width=width, height=height), title, said)


def finished(chart: Any, title: str, description: str) -> str:
    """Return an Altair chart as an svg element in the colours and letters of the page."""
    import vl_convert

    # Set in the specification, since each method of a chart copies it with all its data.
    spec = chart.to_dict(validate=False)
    config = spec.get("config", {})
    config |= {"font": _FONT, "axis": _AXIS, "view": {**config.get("view", {}), "stroke": None}}
    spec |= {"background": "transparent", "padding": 4, "config": config}
    svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return _dress(svg, title, description)


def _band(of: Band, scale: Any) -> list[Any]:
    import altair as alt

    figure, colour = of.figure, of.colour
    band = alt.Chart(alt.Data(values=[{"low": figure.low, "high": figure.high, "value": figure.value}]))
    drawn: list[Any] = []
    if figure.low is not None:
        drawn.append(band.mark_rect(color=colour, opacity=BAND).encode(x=alt.X("low:Q", scale=scale), x2="high:Q"))
    drawn.append(band.mark_rule(color=colour, strokeWidth=2).encode(x=alt.X("value:Q", scale=scale)))
    drawn.append(
        band.mark_text(color=colour, text=of.name, baseline="bottom", dy=-3, fontSize=12).encode(
            x=alt.X("value:Q", scale=scale), y=alt.value(0)
        )
    )
    return drawn


def _dress(svg: str, title: str, description: str) -> str:
    """Give the picture a name, the letters of the page, and a size that follows the page."""
    svg = svg.replace(f' font-family="{_FONT}"', "")
    svg = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", svg)  # it is one picture with one description
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    width = size.group(1) if size else "640"
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size.group(0)[9:-1] if size else "0 0 640 200"}" '
        f'style="max-width:{width}px" role="img"><title>{_escaped(title)}</title><desc>{_escaped(description)}</desc>'
    )
    return re.sub(r"^<svg[^>]*>", lambda _: root, svg)


def _said(name: str, value: Figure, note: str = "") -> str:
    if value.value is None:
        return f"{name} not defined"
    between = "" if value.low is None else f" ({value.low:.3f} to {value.high:.3f})"
    return f"{name} {value.value:.3f}{between}{f', {note}' if note else ''}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
