"""The report of the demonstration, as a browser without a network shows it."""

import re
import shutil
from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, sync_playwright

from goldwire.eval.metrics import METRICS
from goldwire.eval.result import Figure, Result, read_all
from goldwire.study import Study

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def browser(cannot_run: Callable[[str], NoReturn]) -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        cannot_run("there is no chromium; install it with: apt-get install chromium")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield opened
        opened.close()


def test_the_report_names_nothing_that_a_browser_would_fetch(study: Study) -> None:
    page = study.report.read_text(encoding="utf-8")
    references = re.findall(r"""(?:src|href|srcset|action|data|poster)\s*=\s*["']?([^"'\s>]+)""", page)
    assert [reference for reference in references if not reference.startswith("#")] == []
    assert re.findall(r"@import|url\(|<script|<link|<iframe|<object|<embed|<base|http-equiv=.refresh", page) == []


@pytest.mark.browser
def test_the_report_opens_offline_without_an_error_and_shows_the_results(study: Study, browser: Browser) -> None:
    context = browser.new_context(offline=True)
    page = context.new_page()
    fetched: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.on("console", lambda message: errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(study.report.as_uri())
    # a long name may break within: its pieces are one text
    page.evaluate(
        "document.querySelectorAll('wbr').forEach(one => { const at = one.parentNode; one.remove(); at.normalize() })"
    )
    shown = page.eval_on_selector_all(
        "section.question",
        """sections => sections.map(section => [...section.querySelectorAll("table")].map(
            table => [...table.rows].map(row => [...row.cells].map(
                cell => [...cell.childNodes].map(node => node.textContent.trim()).filter(Boolean)))))""",
    )
    context.close()
    assert fetched == [study.report.as_uri()]
    assert errors == []
    results, _ = read_all(study.results)
    assert len(shown) == len(results) == 3
    for result, found in zip(results, shown, strict=True):
        _shows_models(found[0], result)
        per_label = next(rows for rows in found if ["Precision"] in rows[0])
        _shows_labels(per_label, result)


def _shows_models(rows: list[list[list[str]]], result: Result) -> None:
    keys = {metric.title: name for name, metric in METRICS.items()}
    heads = [cell[0] for cell in rows[0]]
    lines = {row[0][0]: row for row in rows[1:]}
    assert [name for name in lines if not name.startswith("people")] == [model.name for model in result.models]
    for model in result.models:
        for head, cell in zip(heads, lines[model.name], strict=True):
            if head in keys:
                assert cell == _written(model.metrics[keys[head]]), (result.key, model.name, head)
    assert {keys[head] for head in heads if head in keys} >= {"macro-f1", "accuracy"}


def _shows_labels(rows: list[list[list[str]]], result: Result) -> None:
    heads = [cell[0] for cell in rows[0]]
    lines = {row[0][0]: dict(zip(heads, row, strict=False)) for row in rows[1:]}
    assert list(lines) == [label.name for label in result.labels]
    for name, score in result.best.per_label.items():
        assert lines[name]["Test"] == [str(score.support)]
        if score.support:
            assert lines[name]["Precision"] == [f"{score.precision:.3f}"]
            assert lines[name]["Recall"] == [f"{score.recall:.3f}"]
            assert lines[name]["F1"] == _written(Figure(value=score.f1, low=score.f1_low, high=score.f1_high))


def _written(figure: Figure) -> list[str]:
    if figure.value is None:
        return ["–"]
    value = f"{figure.value:.3f}".replace("-", "−")
    if figure.low is None:
        return [value]
    return [value, f"{figure.low:.3f} to {figure.high:.3f}".replace("-", "−")]
