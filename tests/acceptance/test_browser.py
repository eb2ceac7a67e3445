"""What an annotator does in Chromium is in the tables after `goldwire labels pull` and `goldwire labels build`."""

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Page, sync_playwright

from goldwire import studio, template
from goldwire.studio.accounts import sign_up

pytestmark = [pytest.mark.server, pytest.mark.browser]

Run = Callable[..., "subprocess.CompletedProcess[str]"]

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
EMAIL = "Noor.Haddad@example.org"
PASSWORD = "noor labels news"
TITLE = "Minister lands 🛬"
BODY = (
    "“قالت الوزيرة إنها لن تستقيل” 👩‍👩‍👧 🇱🇧 — then Minister Aziz made a short visit to the old harbour.\n\n"
    "She left at noon."
)
TEXT = f"{TITLE}\n\n{BODY}"


@pytest.fixture
def page(label_studio: studio.Server, cannot_run: Callable[[str], NoReturn]) -> Iterator[Page]:
    """A page of 1400 x 900 pixels in a browser with an empty profile, signed in as the annotator."""
    chromium = shutil.which("chromium")
    if chromium is None:
        cannot_run("there is no chromium; install it with: apt-get install chromium")
    sign_up(label_studio, EMAIL, PASSWORD)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        made = browser.new_page(viewport={"width": 1400, "height": 900})
        made.goto(f"{label_studio.url}/user/login")
        made.fill("input[name=email]", EMAIL)
        made.fill("input[name=password]", PASSWORD)
        made.click("button[type=submit]")
        made.wait_for_url(lambda url: "login" not in url)
        yield made
        browser.close()


def drag_over(page: Page, words: str) -> None:
    """Mark the words with the mouse, and wait until the page lists the new span."""
    left, right, middle = page.evaluate(
        """words => {
            const article = document.querySelector(".gw-article .lsf-richtext__container");
            const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
            for (let node; node = walker.nextNode();) {
                const start = node.data.indexOf(words);
                if (start < 0) continue;
                const range = document.createRange();
                range.setStart(node, start);
                range.setEnd(node, start + words.length);
                const box = range.getBoundingClientRect();
                return [box.left, box.right, box.top + box.height / 2];
            }
        }""",
        words,
    )
    spans = page.locator("[class*=outliner-item__title]")
    before = spans.count()
    page.mouse.move(left + 1, middle)
    page.mouse.down()
    page.mouse.move((left + right) / 2, middle, steps=5)
    page.mouse.move(right - 1, middle, steps=5)
    page.mouse.up()
    spans.nth(before).wait_for()


def test_an_answer_given_in_the_browser_is_pulled_with_its_annotator_label_and_text(
    page: Page, label_studio: studio.Server, server_environment: dict[str, str], goldwire: Run, tmp_path: Path
) -> None:
    root = template.create(tmp_path / "study").root
    articles = [
        {"id": "before", "text": "Nothing happened."},
        {"id": "harbour", "title": TITLE, "text": BODY, "outlet": "Courier"},
    ]
    lines = tmp_path / "articles.jsonl"
    lines.write_text("".join(json.dumps(row) + "\n" for row in articles), encoding="utf-8")

    def run(*arguments: str) -> Any:
        return json.loads(goldwire(root, *arguments, "--json", **server_environment).stdout)

    run("corpus", "import", str(lines))
    run("labels", "tasks", "browser", "--scheme", "event-plover")
    project = run("labels", "push", "browser")["project"]

    task = _tasks(page, label_studio.url, project)["harbour/document"]
    page.goto(f"{label_studio.url}/projects/{project}/data?task={task}")
    page.wait_for_selector(".gw-article .lsf-richtext__line")
    page.wait_for_selector(".gw-form")
    page.keyboard.press("c")
    page.keyboard.press("Shift+C")
    drag_over(page, "short visit")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    drag_over(page, "Minister Aziz")
    page.keyboard.press("Control+Enter")
    end = time.monotonic() + 30
    while run("labels", "pull", "browser")["annotations"] == 0:
        assert time.monotonic() < end, "nothing was submitted"
    assert run("labels", "build") == {
        "rows": {"units": 2, "votes": 2, "vote_mentions": 2, "vote_relations": 0},
        "problems": [],
    }

    votes = pq.read_table(root / "labels" / "tables" / "votes.parquet").to_pylist()
    fields = ("unit_id", "question", "labels", "annotator", "status", "counts", "round")
    assert [tuple(row[name] for name in fields) for row in votes] == [
        ("harbour/document", "main_event", ["CONSULT"], "annotator-01", "submitted", True, "browser"),
        ("harbour/document", "contexts", [], "annotator-01", "submitted", True, "browser"),
    ]
    spans = pq.read_table(root / "labels" / "tables" / "vote_mentions.parquet").to_pylist()
    place = ("annotator", "question", "label", "start", "end", "text")
    wanted = [("participant", "participant", "Minister Aziz"), ("trigger", "CONSULT", "short visit")]
    assert [tuple(row[name] for name in place) for row in spans] == [
        ("annotator-01", layer, label, TEXT.index(words), TEXT.index(words) + len(words), words)
        for layer, label, words in wanted
    ]
    (text,) = pq.read_table(root / "corpus" / "articles.parquet").to_pylist()[1:]
    assert text["text"] == TEXT
    known = (root / "labels" / "annotators.csv").read_text(encoding="utf-8")
    assert known == f"email,pseudonym\n{EMAIL.lower()},annotator-01\n"
    assert run("labels", "pull", "browser")["part"] is None


def _tasks(page: Page, url: str, project: int) -> dict[str, int]:
    """The ids of a project's tasks by unit, as this annotator sees them."""
    answer = page.request.get(f"{url}/api/tasks?project={project}&page_size=100")
    return {task["data"]["unit_id"]: task["id"] for task in answer.json()["tasks"]}
