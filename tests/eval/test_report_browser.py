"""The report in a real browser: nothing is loaded, no script runs, cells open by keyboard, it fits a phone."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from goldwire.eval import report
from goldwire.eval.report import html as renderer
from goldwire.eval.result import Result
from goldwire.study import Study
from reported import CURVE, EVIL, SUSPECTS, made_up

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(cannot_run: Callable[[str], NoReturn]) -> Iterator[Browser]:
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if executable is None:
        cannot_run("there is no Chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def html(scored: Study) -> Path:
    report.write(scored)
    return scored.report


def opened(browser: Browser, html: Path, width: int = 1280) -> tuple[Page, list[str], list[str]]:
    page = browser.new_page(viewport={"width": width, "height": 900})
    requests: list[str] = []
    messages: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: messages.append(message.text))
    page.on("dialog", lambda dialog: messages.append(dialog.message))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.goto(html.as_uri())
    return page, requests, messages


def test_it_asks_for_nothing_and_a_script_in_a_headline_stays_text(browser: Browser, html: Path) -> None:
    page, requests, messages = opened(browser, html)
    assert requests == [html.as_uri()]
    assert messages == []
    assert page.title() == "A small study: evaluation"
    titles = page.locator(".units .title").all_text_contents()
    assert "<script>alert('headline')</script> & co march" in titles
    assert page.locator("script").count() == 0


def test_a_cell_opens_to_its_articles_by_keyboard(browser: Browser, html: Path) -> None:
    page, _, _ = opened(browser, html)
    assert page.locator("details[open]").count() == 0
    link = page.locator(".matrix td a").first
    anchor = link.get_attribute("href")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{anchor} article", state="visible")
    assert page.locator("details[open]").count() == 1
    assert page.locator(f"{anchor} article").count() == int(link.inner_text())


def test_it_fits_a_phone_and_paper(browser: Browser, html: Path) -> None:
    page, _, _ = opened(browser, html, width=390)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.locator("figure .narrow svg").first.is_visible()
    assert not page.locator("figure .wide svg").first.is_visible()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 960})  # A4 less its margins
    assert page.evaluate("document.documentElement.scrollWidth") == 680


@pytest.mark.parametrize(("scheme", "darker"), [("light", "text"), ("dark", "page")])
def test_pictures_follow_the_colours_of_the_reader(browser: Browser, html: Path, scheme: str, darker: str) -> None:
    page, _, _ = opened(browser, html)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    brightness = "c => c.match(/[0-9]+/g).slice(0, 3).reduce((a, b) => a + +b, 0)"
    paper = page.evaluate(f"({brightness})(getComputedStyle(document.body).backgroundColor)")
    label = page.locator("figure .wide svg text", has_text="majority").first
    text = label.evaluate(f"e => ({brightness})(getComputedStyle(e).fill)")
    assert (text < paper) == (darker == "text")
    assert abs(text - paper) > 400  # of 765: readable


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a made-up result with every section, and a script in every name and text."""
    results = [made_up(), made_up("multiple", question="topics")]
    key = results[0].key
    text = renderer.render(
        results, [], EVIL, curves={key: CURVE}, suspects={key: SUSPECTS}, link="https://labels.example.org"
    )
    path = tmp_path_factory.mktemp("full") / "report.html"
    path.write_text(text, encoding="utf-8")
    return path


def test_no_script_runs_wherever_it_stands(browser: Browser, full: Path) -> None:
    page, requests, messages = opened(browser, full)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert (requests, messages) == ([full.as_uri()], [])
    assert page.locator("script").count() == 0
    assert page.locator("mark small", has_text=f"participant {EVIL}").first.is_visible()


def test_the_way_back_from_the_articles_of_a_cell_by_keyboard(browser: Browser, full: Path) -> None:
    page, _, _ = opened(browser, full)
    link = page.locator(".matrix td a").first
    anchor = link.get_attribute("href")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{anchor} article", state="visible")
    assert page.evaluate("'#' + document.activeElement.id") == anchor
    page.keyboard.press("Tab")
    assert page.evaluate("a => document.activeElement.closest(a) !== null", anchor)
    back = page.locator(f"{anchor} a", has_text="Back to the table")
    back.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("location.hash == '#q1-confusions'")
    assert page.locator("#q1-confusions").bounding_box()["y"] < 900  # type: ignore[index]


def test_what_has_the_focus_is_in_view_at_once(browser: Browser, full: Path) -> None:
    page, _, _ = opened(browser, full)
    seen = """(() => {
        const box = document.activeElement.getBoundingClientRect();
        return box.bottom > 0 && box.top < innerHeight && getComputedStyle(document.activeElement).outlineStyle;
    })()"""
    for _ in range(45):
        page.keyboard.press("Tab")
        assert page.evaluate(seen) == "solid", page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def test_a_region_has_a_name_of_its_own(browser: Browser, full: Path) -> None:
    page, _, _ = opened(browser, full)
    names = page.eval_on_selector_all("[role=region], nav", "all => all.map(one => one.getAttribute('aria-label'))")
    assert len(names) == len(set(names)) > 20
    assert "Metrics of each model: topics" in names


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_written_stands_out_from_what_is_behind_it(browser: Browser, full: Path, scheme: str) -> None:
    """Contrast of 4.5 at least (WCAG 2.2, 1.4.3), on the darkest cells as well."""
    page, _, _ = opened(browser, full)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.evaluate("document.querySelectorAll('.matrix td').forEach(one => one.style.setProperty('--share', 1))")
    assert page.evaluate(_CONTRAST) == []


_CONTRAST = """() => {
  const parts = text => text.match(/[0-9.]+/g).map(Number);
  const over = (top, below) => {
    const [r, g, b, a = 1] = top;
    return [r, g, b].map((c, i) => c * a + below[i] * (1 - a));
  };
  const behind = one => {
    if (!one) return [255, 255, 255];
    const colour = parts(getComputedStyle(one).backgroundColor);
    return colour[3] === 0 ? behind(one.parentElement) : over(colour, behind(one.parentElement));
  };
  const light = c => [.2126, .7152, .0722].reduce((sum, w, i) => {
    const x = c[i] / 255;
    return sum + w * (x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
  }, 0);
  const found = new Set();
  for (const one of document.querySelectorAll('body *')) {
    const own = [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    if (!own || one.closest('svg') || !one.getClientRects().length) continue;
    const back = behind(one);
    const [a, b] = [light(over(parts(getComputedStyle(one).color), back)), light(back)].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) found.add(`${one.tagName}.${one.className} ${ratio.toFixed(2)}`);
  }
  return [...found];
}"""


def test_names_too_long_to_stand_beside_their_lines_stand_above(browser: Browser, tmp_path: Path) -> None:
    value = made_up().model_dump(mode="json", by_alias=True)
    names = [f"rights_and_identity_of_people/{end}" for end in ("repression", "religion", "gender")]
    for model, name in zip(value["models"], names, strict=False):
        model["name"] = name
    value["comparisons"] = []
    path = tmp_path / "report.html"
    path.write_text(renderer.render([Result.model_validate(value)], [], ""), encoding="utf-8")
    page, _, _ = opened(browser, path, width=390)
    drawn = page.locator("figure .narrow").first.locator("svg text").all_text_contents()
    assert [name for name in drawn if "/" in name] == names
    box = page.locator("figure .narrow svg").first.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 390


def test_a_unit_links_to_its_task(browser: Browser, full: Path) -> None:
    page, _, _ = opened(browser, full)
    page.locator(".matrix td a").first.click()
    link = page.locator(".units a:visible").first
    assert link.inner_text() == "Label Studio, task 100"
    assert link.get_attribute("href") == "https://labels.example.org/projects/7/data?task=100"


@pytest.mark.parametrize(("width", "media"), [(390, "screen"), (680, "print"), (1280, "screen")])
def test_every_section_fits_in_its_width(browser: Browser, full: Path, width: int, media: str) -> None:
    page, _, _ = opened(browser, full, width)
    page.emulate_media(media=media)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_on_paper_details_are_open_tables_whole_and_articles_said_to_be_left_out(
    browser: Browser, full: Path
) -> None:
    page, _, _ = opened(browser, full, 680)  # A4 less its margins
    page.emulate_media(media="print")
    assert page.locator("details[open]").count() == 0
    assert page.locator("dl dt").first.is_visible()  # in details that are closed on the screen
    assert page.get_by_text("The articles behind the numbers are left out on paper").first.is_visible()
    assert not page.locator(".cells").first.is_visible()
    assert page.get_by_text("Their texts are left out on paper").first.is_visible()
    assert page.locator(".suspected .title").first.is_visible()
    assert not page.locator(".suspected .text").first.is_visible()
    cut = "[...document.querySelectorAll('.scroll')].filter(one => one.scrollWidth > one.clientWidth).length"
    assert page.evaluate(cut) == 0


def test_the_keyboard_reaches_the_results_and_focus_is_seen(browser: Browser, full: Path) -> None:
    page, _, _ = opened(browser, full)
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.inner_text() == "Skip to the results"
    assert focused.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    assert focused.evaluate("e => e.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Stance"
