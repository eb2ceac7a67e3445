"""The page in a real browser: nothing is loaded, it fits a phone, pictures follow the colours of the reader."""

import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from playwright.sync_api import sync_playwright

from goldwire.labels.enough import page
from goldwire.labels.enough.measure import enough
from goldwire.labels.enough.options import Options

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(cannot_run):
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if executable is None:
        cannot_run("there is no Chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    generator = np.random.default_rng(0)
    truth = np.repeat(generator.integers(2, size=80), 3)
    said = truth ^ (generator.random(240) < 0.15)
    table = pa.table(
        {
            "task": np.repeat(np.arange(80), 3).astype(str),
            "worker": np.tile(["ann", "bob", "eve"], 80),
            "label": said.astype(str),
        }
    )
    options = Options(simulations=20, half_width=0.1)
    path = tmp_path_factory.mktemp("enough") / "enough.html"
    page.write(path, enough(table, options), options)
    return path


@pytest.mark.parametrize(("width", "shown", "hidden"), [(390, "narrow", "wide"), (1400, "wide", "narrow")])
def test_it_fits_and_asks_for_nothing(browser, html, width, shown, hidden):
    opened = browser.new_page(viewport={"width": width, "height": 900})
    requests, messages = [], []
    opened.on("request", lambda request: requests.append(request.url))
    opened.on("console", lambda message: messages.append(message.text))
    opened.goto(html.as_uri())
    assert (requests, messages) == ([html.as_uri()], [])
    assert opened.evaluate("document.documentElement.scrollWidth") == width
    assert opened.locator(f"figure .{shown} svg").count() == 2
    assert opened.locator(f"figure .{shown} svg").first.is_visible()
    assert not opened.locator(f"figure .{hidden} svg").first.is_visible()
    # the accuracy of gold is on the screen without scrolling sideways
    cell = opened.locator("tbody tr").first.locator("td:visible").nth(5 if width == 1400 else 4)
    box = cell.bounding_box()
    assert box["x"] + box["width"] <= width
    assert float(cell.locator("b").inner_text()) > 0.5
    # names at the ends of the lines do not touch
    ends = opened.locator(f"figure .{shown} svg").first.locator(".mark-text.role-mark text")
    tops = sorted(ends.nth(i).bounding_box()["y"] for i in range(ends.count()))
    assert len(tops) >= 2
    assert min(b - a for a, b in pairwise(tops)) > 9
    opened.close()


@pytest.mark.parametrize(("scheme", "darker"), [("light", "text"), ("dark", "page")])
def test_the_picture_follows_the_colours_of_the_reader(browser, html, scheme, darker):
    opened = browser.new_page(viewport={"width": 1000, "height": 900}, color_scheme=scheme)
    opened.goto(html.as_uri())
    brightness = "c => c.match(/[0-9]+/g).slice(0, 3).reduce((a, b) => a + +b, 0)"
    paper = opened.evaluate(f"({brightness})(getComputedStyle(document.body).backgroundColor)")
    label = opened.locator("figure .wide svg text", has_text="units").first
    text = label.evaluate(f"e => ({brightness})(getComputedStyle(e).fill)")
    assert (text < paper) == (darker == "text")
    assert abs(text - paper) > 200
    opened.close()
