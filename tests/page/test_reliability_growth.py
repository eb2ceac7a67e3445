"""Pictures of calibration and of learning: what they say to those who cannot see them, and their colours."""

import re

from goldwire.page.growth import Step, growth
from goldwire.page.plots import Band, Row, intervals
from goldwire.page.reliability import Point, reliability
from goldwire.stats.resample import Interval

EVIL = "<script>&"


def described(svg: str) -> tuple[str, str]:
    found = re.search(r"<title>(.*?)</title><desc>(.*?)</desc>", svg)
    assert found is not None
    return found[1], found[2]


def colours(svg: str) -> set[str]:
    return set(re.findall(r'(?:fill|stroke)="([^"]*)"', svg)) - {"none", "transparent", ""}


def test_a_reliability_plot_says_its_points() -> None:
    svg = reliability([Point(0.25, 0.1, 3), Point(0.75, 0.8, 1200)], title=EVIL, width=200)
    assert described(svg) == (
        "&lt;script&gt;&amp;", "share 0.25, right 0.10 of 3; share 0.75, right 0.80 of 1,200",
    )  # fmt: skip
    assert all(colour.startswith("var(") for colour in colours(svg))
    assert described(reliability([], title="t", width=200))[1] == "no prediction has a share"


def test_a_learning_curve_tells_what_was_measured_from_what_is_expected() -> None:
    measured = [Step(100, 0.3, 0.2, 0.4), Step(200, 0.4, None, None)]
    svg = growth(measured, [Step(700, 0.5, 0.4, 0.6)], title="t", axis=EVIL, width=300)
    assert described(svg)[1] == (
        "with 100 0.300 (0.200 to 0.400); with 200 0.400; expected with 700 0.500 (0.400 to 0.600)"
    )
    assert {"var(--mark)", "var(--people)"} <= colours(svg)
    assert all(colour.startswith("var(") for colour in colours(svg))
    assert "<script" not in svg
    assert growth([], [], title="t", axis="F1", width=300).startswith("<svg")


def test_rows_of_people_have_their_colour_and_notes_stand_at_the_end() -> None:
    rows = [Row("a", Interval(0.5, 0.4, 0.6), note="below"), Row("b", Interval(0.8), "people")]
    svg = intervals(rows, title="t", axis="F1", width=200, band=Band(Interval(0.8, 0.7, 0.9), EVIL))
    assert described(svg)[1] == "a 0.500 (0.400 to 0.600), below; b 0.800"
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert {"below", "&lt;script&gt;&amp;"} <= set(texts)
    assert svg.count('fill="var(--people)"') >= 2
