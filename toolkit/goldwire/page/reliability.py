"""How often a model is right against how sure it is, as SVG in the colours of the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from goldwire.page.plots import MARK, QUIET, finished

_SMALLEST, _LARGEST = 30, 420  # area of a point, in square pixels


@dataclass(frozen=True)
class Point:
    """Predictions of about one share: their mean share, how many of them are right (0 to 1), how many there are."""

    share: float
    right: float
    n: int


def reliability(points: Sequence[Point], *, title: str, width: int) -> str:
    """Draw how many are right over the mean share; on the dashed line the shares would be true probabilities.

    Parameters
    ----------
    points : sequence of Point
        In the order of their shares; the larger the more predictions.
    title : str
        What the picture shows, for those who cannot see it; the numbers follow it.
    width : int
        Pixels of the plot, which is a square; the picture scales.

    Returns
    -------
    str
        An svg element; see `goldwire.page.plots.intervals`.
    """
    import altair as alt

    data = [{"share": point.share, "right": point.right, "n": point.n} for point in points]
    scale = alt.Scale(domain=[0, 1], nice=False)
    values = [0, 0.25, 0.5, 0.75, 1]
    x = alt.X(
        "share:Q", scale=scale, axis=alt.Axis(values=values, format=".2~f", title="mean share", titleAnchor="start")
    )
    above: dict[str, Any] = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": 0, "titleY": -10}
    y = alt.Y("right:Q", scale=scale, axis=alt.Axis(values=values, format=".2~f", title="right", **above))
    size = alt.Size(
        "n:Q",
        legend=None,
        scale=alt.Scale(domain=[0, max((point.n for point in points), default=1)], range=[_SMALLEST, _LARGEST]),
    )
    base = alt.Chart(alt.Data(values=data)).encode(x=x, y=y)
    even = alt.Chart(alt.Data(values=[{"share": at, "right": at} for at in (0, 1)]))
    layers = [
        even.mark_line(color=QUIET, strokeDash=[5, 4], strokeWidth=1.5).encode(x=x, y=y),
        base.mark_line(color=MARK, strokeWidth=2, opacity=0.5),
        base.mark_point(color=MARK, filled=True, opacity=0.85).encode(size=size),
    ]
    chart = alt.layer(*layers).properties(width=width, height=width)
    said = "; ".join(f"share {point.share:.2f}, right {point.right:.2f} of {point.n:,}" for point in points)
    return finished(chart, title, said or "no prediction has a share")
