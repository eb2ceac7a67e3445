"""A heat map: a value for every two of some names, as SVG in the colours of the page."""

from collections.abc import Mapping, Sequence

from goldwire.page.plots import finished

_TEXT_FITS = 26  # pixels a side of a cell
_LARGEST, _LETTER, _NAME = 62, 7, 150
_TOLD = 60


def heat(names: Sequence[str], values: Mapping[tuple[str, str], float | None], *, title: str, width: int) -> str:
    """Draw a symmetric matrix, the darker the higher, negative values in the colour of what is wrong.

    Parameters
    ----------
    names : sequence of str
        Rows from top to bottom, columns from left to right.
    values : mapping of (str, str) to float or None
        -1 to 1, once for each pair in either order; None, or a pair that is not there, is an empty cell with a dash.
    title : str
        What the picture shows, for those who cannot see it; the values follow it, the lowest first.
    width : int
        Pixels of the whole picture at most; it scales. Values are written where cells are wide enough.

    Returns
    -------
    str
        An svg element; see `goldwire.page.plots.intervals`.
    """
    import altair as alt

    beside = min(_NAME, _LETTER * max(map(len, names), default=0)) + 16
    side = max(4.0, min(_LARGEST, (width - beside) / max(len(names), 1)))
    both = {**values, **{(b, a): value for (a, b), value in values.items()}}
    rows = [
        {
            "a": a,
            "b": b,
            "strength": abs(value) if value is not None else 0,
            "sign": "below" if value is not None and value < 0 else "above",
            "text": _short(value),
        }
        for a in names
        for b in names
        if a != b
        for value in [both.get((a, b))]
    ]
    scale = alt.Scale(domain=list(names), paddingInner=0.06)
    limit = int(beside)
    x = alt.X(
        "b:N",
        sort=None,
        title=None,
        scale=scale,
        axis=alt.Axis(orient="top", labelAngle=-90, labelLimit=limit, grid=False),
    )
    y = alt.Y("a:N", sort=None, title=None, scale=scale, axis=alt.Axis(labelLimit=limit, grid=False))
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, y=y)
    squares = base.mark_rect(cornerRadius=2).encode(
        color=alt.Color(
            "sign:N", legend=None, scale=alt.Scale(domain=["above", "below"], range=["var(--mark)", "var(--people)"])
        ),
        # so light that ink is readable on the darkest one
        opacity=alt.Opacity("strength:Q", legend=None, scale=alt.Scale(domain=[0, 1], range=[0.06, 0.55])),
    )
    layers = [squares]
    if side >= _TEXT_FITS:
        layers.append(base.mark_text(color="var(--ink)", fontSize=13 if side >= 40 else 10).encode(text="text:N"))
    chart = alt.layer(*layers).properties(width=side * len(names), height=side * len(names))
    return finished(chart, title, _described(values))


def _described(values: Mapping[tuple[str, str], float | None]) -> str:
    known = sorted((value, a, b) for (a, b), value in values.items() if value is not None)
    told = [f"{a} and {b} {value:.2f}" for value, a, b in known]
    if len(told) > _TOLD:
        told = [*told[: _TOLD // 2], f"{len(told) - _TOLD} pairs between", *told[-_TOLD // 2 :]]
    return "; ".join(told) or "no pair has a value"


def _short(value: float | None) -> str:
    if value is None:
        return "–"
    text = f"{abs(value):.2f}"
    return ("−" if value < 0 and text != "0.00" else "") + text.removeprefix("0")
