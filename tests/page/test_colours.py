"""The colours of the page: letters stand out from what is behind them, in every scheme of colours."""

import re
from itertools import pairwise

import pytest

from goldwire import page
from goldwire.page.plots import BAND, Band, Row, intervals
from goldwire.stats.resample import Interval

LEAST = 4.5  # WCAG 2.2, 1.4.3
_SCHEMES = ("light", "dark", "print")


def palettes() -> dict[str, dict[str, str]]:
    """The colours of each scheme: those of the first are what another one does not change."""
    found = [
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", rule)) for rule in re.findall(r":root {[^}]*}", page.css())
    ]
    assert len(found) == len(_SCHEMES)
    return {name: found[0] | own for name, own in zip(_SCHEMES, found, strict=True)}


def channels(colour: str) -> list[float]:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    return [int(digits[a:b], 16) / 255 for a, b in pairwise((0, 2, 4, 6))]


def light(of: list[float]) -> float:
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in of]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(text: str, behind: str, band: float = 0.0) -> float:
    top, below = channels(text), channels(behind)
    back = [c * band + d * (1 - band) for c, d in zip(top, below, strict=True)]
    high, low = sorted((light(top), light(back)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", _SCHEMES)
@pytest.mark.parametrize("paper", ["paper", "panel"])
@pytest.mark.parametrize("name", ["people", "quiet"])
def test_the_name_of_a_band_stands_out_from_the_band(scheme: str, paper: str, name: str) -> None:
    colours = palettes()[scheme]
    assert contrast(colours[name], colours[paper], BAND) >= LEAST


def test_a_band_is_as_faint_as_is_said_and_notes_of_lighter_marks_are_in_the_colour_of_quiet_text() -> None:
    rows = [Row("a", Interval(0.5, 0.4, 0.6), note="below"), Row("b", Interval(0.4), "quiet", note="within")]
    svg = intervals(rows, title="t", axis="F1", width=200, band=Band(Interval(0.8, 0.7, 0.9)))
    assert f'fill="var(--people)" opacity="{BAND}"' in svg
    notes = dict(re.findall(r'<text[^>]*fill="var\(--([a-z]+)\)"[^>]*>(below|within)</text>', svg))
    assert notes == {"mark": "below", "quiet": "within"}
    assert 'fill="var(--probe)"' in svg  # the mark itself
