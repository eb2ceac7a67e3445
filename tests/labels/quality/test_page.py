"""The page: sound HTML, everything escaped, nothing from outside, and it fits."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa
import pytest
from playwright.sync_api import Browser, sync_playwright

from goldwire.labels.quality import page
from goldwire.labels.quality.measure import of_table

EVIL = '<script>alert("who")</script>'
VOID = {"meta", "br"}


class Sound(HTMLParser):
    """Every element that is opened is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, _attrs: Any) -> None:
        self.seen.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, _attrs: Any) -> None:
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def report(people: int = 4, units: int = 48) -> dict[str, Any]:
    """`EVIL` says "<b>" on every fourth unit where the others say "march & rally", and is fast there."""
    who = [EVIL, *(f"annotator-{n:02}" for n in range(2, people + 1))]
    rows = [
        {
            "task": f"u<{n}>",
            "worker": name,
            "label": "<b>" if name == EVIL and n % 4 == 0 else "march & rally",
            "created": datetime(2026, 3, 1) + timedelta(hours=6 * n),
            "lead_time_s": 2.0 if name == EVIL and n % 4 == 0 else 20.0 + n,
        }
        for n in range(units)
        for name in [who[0], *(who[1 + (n + k) % (people - 1)] for k in range(2))]
    ]
    return of_table(pa.Table.from_pylist(rows), resamples=100)


@pytest.fixture(scope="module")
def html() -> str:
    return page.render(report())


def test_it_is_sound_and_has_no_script(html: str) -> None:
    reader = Sound()
    reader.feed(html)
    assert reader.open == []
    assert not {"script", "link", "img", "iframe"} & reader.seen
    assert "default-src 'none'; style-src 'unsafe-inline'" in html
    assert not re.search(r"(?:src|href)=\"(?!#)", html)
    assert "NaN" not in html
    assert "None" not in html


def test_pictures_have_a_title_and_a_description(html: str) -> None:
    svgs = re.findall(r"<svg.*?</svg>", html, flags=re.DOTALL)
    # two of pairs, one for each of two labels, one for each of four annotators
    assert len(svgs) == 2 + 2 + 4
    assert all(re.search(r"<title>.+</title><desc>.+</desc>", svg) for svg in svgs)
    assert "&lt;/script&gt; and annotator-02 0.00" in svgs[0]


def test_more_annotators_than_fit_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "PEOPLE", 2)
    html = page.render(report(people=6))
    assert "show the 2 with the most answers" in html
    assert "annotator-06</th>" in html  # in the table of all
    assert "annotator-06: answers against" not in html


def test_who_answers_alone_gets_a_page_that_says_so() -> None:
    html = page.render(of_table(pa.table({"task": ["u"], "worker": ["a"], "label": ["x"]})))
    assert "there is nobody to compare with" in html
    assert "no two annotators answered the same unit" in html


def test_numbers_are_short() -> None:
    assert [page.short(x) for x in (None, 0.5, -0.25, 1.0, -0.001)] == ["–", ".50", "−.25", "1.00", ".00"]
    assert [page.points(x) for x in (None, 0.091, -0.2, 0.0, -0.0001)] == ["–", "+9.1", "−20.0", "0.0", "0.0"]


@pytest.fixture(scope="module")
def browser(cannot_run: Callable[[str], NoReturn]) -> Iterator[Browser]:
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if executable is None:
        cannot_run("there is no Chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (390, "dark")])
def test_it_fits_and_asks_for_nothing(browser: Browser, html: str, tmp_path: Path, width: int, scheme: Any) -> None:
    file = tmp_path / "annotators.html"
    file.write_text(html, encoding="utf-8")
    opened = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    asked: list[str] = []
    said: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: said.append(message.text))
    opened.on("dialog", lambda dialog: said.append(dialog.message))
    opened.goto(file.as_uri())
    assert (asked, said) == ([file.as_uri()], [])
    assert opened.evaluate("document.documentElement.scrollWidth") == width
    assert opened.locator("tbody th", has_text=EVIL).first.is_visible()
    brightness = "c => c.match(/[0-9]+/g).slice(0, 3).reduce((a, b) => a + +b, 0)"
    paper = opened.evaluate(f"({brightness})(getComputedStyle(document.body).backgroundColor)")
    text = opened.locator("figure svg text:visible").first
    ink = text.evaluate(f"e => ({brightness})(getComputedStyle(e).fill)")
    assert abs(ink - paper) > 400  # of 765: readable
    opened.emulate_media(media="print")
    opened.set_viewport_size({"width": 680, "height": 960})  # A4 less its margins
    assert opened.evaluate("document.documentElement.scrollWidth") == 680
    opened.close()
