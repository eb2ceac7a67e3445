"""Pictures: intervals as SVG, drawn by Vega-Lite without a network, in the colours of the page around them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from goldwire.eval.result import Figure

_INK, _QUIET, _GRID, _MARK, _PROBE, _PEOPLE = "#010101", "#020202", "#030303", "#040404", "#050505", "#060606"
_VARIABLES = {
    _INK: "var(--ink)",
    _QUIET: "var(--quiet)",
    _GRID: "var(--line)",
    _MARK: "var(--mark)",
    _PROBE: "var(--probe)",
    _PEOPLE: "var(--people)",
}
_FONT = "Liberation Sans"  # comes with vl-convert, so widths are the same on every machine
_STEP = 30


@dataclass(frozen=True)
class Row:
    """A line of the picture: a name and its figure; `quiet` ones are drawn lighter."""

    name: str
    figure: Figure
    quiet: bool = False


def intervals(
    rows: Sequence[Row], *, title: str, axis: str, width: int, people: Figure | None = None, label_width: int = 200
) -> str:
    """Draw values with their intervals, one line each, and as a band what people reach.

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
    people : Figure, optional
        The ceiling.

    Returns
    -------
    str
        An svg element. Its colours are the custom properties ink, quiet, line, mark, probe and people.
    """
    import altair as alt
    import vl_convert

    data = [
        {
            "name": row.name,
            "value": row.figure.value,
            "low": row.figure.low,
            "high": row.figure.high,
            "kind": "quiet" if row.quiet else "plain",
        }
        for row in rows
    ]
    names = [row.name for row in rows]
    extent = min(label_width, 7 * max(map(len, names), default=0))
    names_axis = alt.Axis(labelLimit=label_width, minExtent=extent)
    y = alt.Y("name:N", sort=None, title=None, scale=alt.Scale(domain=names), axis=names_axis)
    scale = alt.Scale(domain=[0, 1], nice=False)
    x_axis = alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".2~f", title=axis, titleAnchor="start")
    colour = alt.Color("kind:N", scale=alt.Scale(domain=["plain", "quiet"], range=[_MARK, _PROBE]), legend=None)
    lines = alt.Chart(alt.Data(values=data))
    defined = "isValid(datum.value)"
    layers: list[Any] = []
    if people is not None and people.value is not None:
        layers += _band(people, scale)
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
    chart = (
        alt.layer(*layers)
        .properties(width=width, height=_STEP * len(rows), background="transparent", padding=4)
        .configure(font=_FONT)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=_INK, titleColor=_QUIET, titleFontWeight="normal", labelFontSize=13, titleFontSize=12,
            gridColor=_GRID, domain=False, ticks=False, labelPadding=8, titlePadding=8,
        )
        .configure_axisY(grid=False)
    )  # fmt: skip
    svg = vl_convert.vegalite_to_svg(chart.to_json(validate=False), allowed_base_urls=[])
    return _dress(svg, title, "; ".join(_said(row.name, row.figure) for row in rows))


def _band(people: Figure, scale: Any) -> list[Any]:
    import altair as alt

    band = alt.Chart(alt.Data(values=[{"low": people.low, "high": people.high, "value": people.value}]))
    drawn: list[Any] = []
    if people.low is not None:
        drawn.append(band.mark_rect(color=_PEOPLE, opacity=0.18).encode(x=alt.X("low:Q", scale=scale), x2="high:Q"))
    drawn.append(band.mark_rule(color=_PEOPLE, strokeWidth=2).encode(x=alt.X("value:Q", scale=scale)))
    drawn.append(
        band.mark_text(color=_PEOPLE, text="people", baseline="bottom", dy=-3, fontSize=12).encode(
            x=alt.X("value:Q", scale=scale), y=alt.value(0)
        )
    )
    return drawn


def _dress(svg: str, title: str, description: str) -> str:
    """Give the picture a name, the colours of the page, and a size that follows the page."""
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(f'"{colour}"', f'"{variable}"')
    svg = svg.replace(f' font-family="{_FONT}"', "")
    svg = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", svg)  # it is one picture with one description
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    width = size.group(1) if size else "640"
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size.group(0)[9:-1] if size else "0 0 640 200"}" '
        f'style="max-width:{width}px" role="img"><title>{_escaped(title)}</title><desc>{_escaped(description)}</desc>'
    )
    return re.sub(r"^<svg[^>]*>", lambda _: root, svg)


def _said(name: str, value: Figure) -> str:
    if value.value is None:
        return f"{name} not defined"
    between = "" if value.low is None else f" ({value.low:.3f} to {value.high:.3f})"
    return f"{name} {value.value:.3f}{between}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
