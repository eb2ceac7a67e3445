"""A line over periods with its interval, beside another one for comparison, as SVG in the colours of the page."""

from collections.abc import Mapping, Sequence

from goldwire.page.plots import Figure, finished

_HEIGHT = 90
_NAME = 74  # pixels of the name of a period


def line(
    periods: Sequence[str],
    figures: Sequence[Figure | None],
    others: Sequence[float | None],
    *,
    title: str,
    width: int,
    domain: tuple[float, float] = (0, 1),
) -> str:
    """Draw a figure over time with its interval, and lighter what it is compared with.

    Parameters
    ----------
    periods : sequence of str
        Names, in order.
    figures : sequence of Figure or None
        One a period; None, and what is not defined, breaks the line.
    others : sequence of float or None
        What the figure is compared with, such as that of all.
    title : str
        What the picture shows, for those who cannot see it; the figures follow it.
    width : int
        Pixels of the plot without the axis; the picture scales.
    domain : pair of float
        From where to where the axis goes.

    Returns
    -------
    str
        An svg element; see `goldwire.page.plots.intervals`.
    """
    import altair as alt

    rows = [
        {
            "at": at,
            "period": name,
            "value": None if figure is None else figure.value,
            "low": None if figure is None else figure.low,
            "high": None if figure is None else figure.high,
            "other": other,
        }
        for at, (name, figure, other) in enumerate(zip(periods, figures, others, strict=True))
    ]
    names = list(periods)
    room = max(1, width // _NAME)
    last = len(names) - 1
    shown = [names[round(i * last / max(room - 1, 1))] for i in range(room)] if len(names) > room else names
    ends = alt.Axis(
        values=sorted(set(shown), key=names.index), labelAngle=0, title=None, grid=False, labelFontSize=11
    )
    x = alt.X("period:N", sort=None, scale=alt.Scale(type="point", domain=names, padding=0.5), axis=ends)
    scale = alt.Scale(domain=list(domain), nice=False, clamp=True)
    y = alt.Y("value:Q", scale=scale, axis=alt.Axis(tickCount=3, format=".2~f", title=None, labelFontSize=11))
    base = alt.Chart(alt.Data(values=rows)).encode(x=x)
    layers = [
        base.mark_line(color="var(--probe)", strokeWidth=1.5, strokeDash=[4, 3]).encode(
            y=alt.Y("other:Q", scale=scale)
        ),
        base.transform_filter("isValid(datum.low)")
        .mark_rule(color="var(--mark)", strokeWidth=3, strokeCap="round", opacity=0.35)
        .encode(y=alt.Y("low:Q", scale=scale), y2="high:Q"),
        base.mark_line(color="var(--mark)", strokeWidth=2, invalid="break-paths-show-domains").encode(y=y),
        base.transform_filter("isValid(datum.value)").mark_point(color="var(--mark)", filled=True, size=40, opacity=1)
        .encode(y=y),
    ]  # fmt: skip
    chart = alt.layer(*layers).properties(width=width, height=_HEIGHT)
    return finished(chart, title, "; ".join(_said(row) for row in rows))


def _said(row: Mapping[str, object]) -> str:
    value, low, high = row["value"], row["low"], row["high"]
    if not isinstance(value, float | int):
        return f"{row['period']} not defined"
    between = f" ({low:.3f} to {high:.3f})" if isinstance(low, float) and isinstance(high, float) else ""
    return f"{row['period']} {value:.3f}{between}"
