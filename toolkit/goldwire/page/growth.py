"""How a figure grows with the number of labels, and is expected to go on, as SVG in the colours of the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from goldwire.page.plots import MARK, PEOPLE, finished

_HEIGHT = 220
_NUMBER = 60  # pixels of a number below the axis


@dataclass(frozen=True)
class Step:
    """A figure, 0 to 1, at a number of labels, with its interval; None where there is none."""

    n: int
    value: float
    low: float | None
    high: float | None


def growth(measured: Sequence[Step], forecast: Sequence[Step], *, title: str, axis: str, width: int) -> str:
    """Draw what was measured as points with intervals, and what is expected as a dashed line in a band.

    Parameters
    ----------
    measured, forecast : sequence of Step
        In the order of their numbers.
    title : str
        What the picture shows, for those who cannot see it; the numbers follow it.
    axis : str
        What the figure is.
    width : int
        Pixels of the plot without the axis; the picture scales.

    Returns
    -------
    str
        An svg element; see `goldwire.page.plots.intervals`.
    """
    import altair as alt

    steps = [*measured, *forecast]
    most = max((step.n for step in steps), default=1)
    x_scale = alt.Scale(domain=[0, most * 1.02], nice=False)
    numbers = alt.Axis(
        format=",d",
        title="labelled training units",
        titleAnchor="start",
        tickCount=max(2, width // _NUMBER),
        grid=False,
    )
    ends = [end for step in steps for end in (step.low, step.value, step.high) if end is not None]
    scale = alt.Scale(domain=[max(0.0, min(ends, default=0)), min(1.0, max(ends, default=1))], nice=True)
    above: dict[str, Any] = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": 0, "titleY": -10}
    x = alt.X("n:Q", scale=x_scale, axis=numbers)
    y = alt.Y("value:Q", scale=scale, axis=alt.Axis(tickCount=5, format=".2~f", title=axis, **above))
    low = alt.Y("low:Q", scale=scale)
    seen, ahead = (alt.Chart(_data(some, alt)).encode(x=x) for some in (measured, forecast))
    known = "isValid(datum.low)"
    layers = [
        ahead.transform_filter(known).mark_area(color=PEOPLE, opacity=0.16).encode(y=low, y2="high:Q"),
        ahead.mark_line(color=PEOPLE, strokeDash=[6, 4], strokeWidth=2).encode(y=y),
        seen.transform_filter(known)
        .mark_rule(color=MARK, strokeWidth=3, strokeCap="round", opacity=0.45)
        .encode(y=low, y2="high:Q"),
        seen.mark_line(color=MARK, strokeWidth=2).encode(y=y),
        seen.mark_point(color=MARK, filled=True, size=70, opacity=1).encode(y=y),
    ]
    chart = alt.layer(*layers).properties(width=width, height=_HEIGHT)
    said = [_said("with", step) for step in measured] + [_said("expected with", step) for step in forecast]
    return finished(chart, title, "; ".join(said))


def _data(steps: Sequence[Step], alt: Any) -> Any:
    return alt.Data(values=[{"n": s.n, "value": s.value, "low": s.low, "high": s.high} for s in steps])


def _said(how: str, step: Step) -> str:
    between = "" if step.low is None else f" ({step.low:.3f} to {step.high:.3f})"
    return f"{how} {step.n:,} {step.value:.3f}{between}"
