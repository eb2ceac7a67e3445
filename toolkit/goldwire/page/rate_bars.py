"""Shares as bars with their intervals, each beside what it is compared with, as SVG in the colours of the page."""

from collections.abc import Sequence
from dataclasses import dataclass

from goldwire.page.plots import Figure, finished

_STEP, _LETTER = 26, 7


@dataclass(frozen=True)
class Bar:
    """A share between 0 and 1, what it is compared with, and whether the difference is clear."""

    name: str
    figure: Figure
    other: float | None
    clear: bool


def rate_bars(rows: Sequence[Bar], *, title: str, width: int, label_width: int = 130) -> str:
    """Draw shares as bars from 0 with their intervals; a tick is what each is compared with.

    Parameters
    ----------
    rows : sequence of Bar
        From top to bottom. Those that differ clearly have another colour.
    title : str
        What the picture shows, for those who cannot see it; the shares follow it.
    width : int
        Pixels of the plot without the names; the picture scales.
    label_width : int
        Pixels of a name at most.

    Returns
    -------
    str
        An svg element; see `goldwire.page.plots.intervals`.
    """
    import altair as alt

    names = [row.name for row in rows]
    data = [
        {
            "name": row.name,
            "value": row.figure.value,
            "low": row.figure.low,
            "high": row.figure.high,
            "other": row.other,
            "kind": "clear" if row.clear else "plain",
        }
        for row in rows
    ]
    ends = [value for row in rows for value in (row.figure.value, row.figure.high, row.other) if value is not None]
    extent = min(label_width, _LETTER * max(map(len, names), default=0))
    axis = alt.Axis(labelLimit=label_width, minExtent=extent, grid=False)
    y = alt.Y("name:N", sort=None, title=None, scale=alt.Scale(domain=names, paddingInner=0.3), axis=axis)
    scale = alt.Scale(domain=[0, max([*ends, 0.01])], nice=True)
    x_axis = alt.Axis(format=".0%", tickCount=4, title=None, labelFontSize=11)
    colours = alt.Scale(domain=["plain", "clear"], range=["var(--probe)", "var(--people)"])
    base = alt.Chart(alt.Data(values=data)).encode(y=y)
    layers = [
        base.transform_filter("isValid(datum.value)")
        .mark_bar(opacity=0.75)
        .encode(x=alt.X("value:Q", scale=scale, axis=x_axis), color=alt.Color("kind:N", scale=colours, legend=None)),
        base.transform_filter("isValid(datum.low)")
        .mark_rule(color="var(--ink)", strokeWidth=1.5)
        .encode(x=alt.X("low:Q", scale=scale), x2="high:Q"),
        base.transform_filter("isValid(datum.other)")
        .mark_tick(color="var(--mark)", thickness=3, size=18, opacity=1)
        .encode(x=alt.X("other:Q", scale=scale)),
    ]
    chart = alt.layer(*layers).properties(width=width, height=_STEP * len(rows))
    return finished(chart, title, "; ".join(_said(row) for row in rows))


def _said(row: Bar) -> str:
    if row.figure.value is None:
        return f"{row.name} not defined"
    between = "" if row.figure.low is None else f" ({row.figure.low:.1%} to {row.figure.high:.1%})"
    others = "" if row.other is None else f", others {row.other:.1%}"
    return f"{row.name} {row.figure.value:.1%}{between}{others}{', clearly different' if row.clear else ''}"
