"""Pictures of pairs, of shares and of periods: what they say to those who cannot see them, and in which colours."""

import re

import pytest

from goldwire.page.heat import heat
from goldwire.page.lines import line
from goldwire.page.rate_bars import Bar, rate_bars
from goldwire.stats.resample import Interval

EVIL = "<script>&"


def texts(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def described(svg: str) -> tuple[str, str]:
    found = re.search(r"<title>(.*?)</title><desc>(.*?)</desc>", svg)
    assert found is not None
    return found[1], found[2]


def test_a_heat_map_says_its_values_from_the_lowest_and_draws_both_halves() -> None:
    svg = heat([EVIL, "b", "c"], {(EVIL, "b"): 0.5, (EVIL, "c"): -0.204, ("b", "c"): None}, title="Pairs", width=400)
    assert described(svg) == ("Pairs", "&lt;script&gt;&amp; and c -0.20; &lt;script&gt;&amp; and b 0.50")
    assert sorted(texts(svg)) == sorted(["&lt;script&gt;&amp;", "b", "c"] * 2 + [".50", "−.20", "–"] * 2)
    assert svg.count('fill="var(--people)"') == 2  # below chance
    assert "<script" not in svg


def test_forty_names_fit_a_phone_without_numbers() -> None:
    names = [f"annotator-{n:02}" for n in range(40)]
    values = {(a, b): 0.5 for a in names for b in names if a < b}
    svg = heat(names, values, title="Pairs", width=350)
    size = re.search(r'viewBox="0 0 ([\d.]+)', svg)
    assert size is not None
    assert float(size[1]) < 360
    assert ".50" not in texts(svg)
    assert "720 pairs between" in described(svg)[1]


def test_a_line_breaks_where_nothing_is_defined() -> None:
    figures = [Interval(0.5, 0.4, 0.6), None, Interval(0.7), Interval(None)]
    svg = line(["p1", "p2", "p3", "p4"], figures, [0.5, 0.5, None, 0.4], title="Drift", width=400)
    assert described(svg) == ("Drift", "p1 0.500 (0.400 to 0.600); p2 not defined; p3 0.700; p4 not defined")
    assert texts(svg)[:4] == ["p1", "p2", "p3", "p4"]
    assert len(re.findall(r'<path[^>]*d="M[^"]*" stroke="var\(--mark\)"', svg)) == 1


@pytest.mark.parametrize("width", [100, 190, 400])
def test_names_of_many_periods_do_not_run_into_each_other(width: int) -> None:
    names = [f"2026-{n:02}" for n in range(1, 13)]
    shown = [text for text in texts(line(names, [None] * 12, [None] * 12, title="t", width=width)) if "-" in text]
    assert 1 <= len(shown) <= width // 74
    assert shown[0] == "2026-01"


def test_bars_say_what_they_are_compared_with() -> None:
    bars = [Bar(EVIL, Interval(0.25, 0.1, 0.4), 0.1, True), Bar("b", Interval(0.5), None, False)]
    svg = rate_bars([*bars, Bar("c", Interval(None), None, False)], title="Rates", width=190)
    said = "&lt;script&gt;&amp; 25.0% (10.0% to 40.0%), others 10.0%, clearly different; b 50.0%; c not defined"
    assert described(svg) == ("Rates", said)
    assert svg.count('fill="var(--people)"') == 1
    assert svg.count('fill="var(--probe)"') == 1
