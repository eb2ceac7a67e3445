"""An annotator at work: Chromium on a real Label Studio, and what the fold makes of what it submits."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from goldwire import tables
from goldwire.files import write_text
from goldwire.labels import parts, rounds
from goldwire.labels.fold import build_tables
from goldwire.labels.interface import config
from goldwire.labels.server import Client
from goldwire.labels.tasks import write_round
from goldwire.labels.units import documents, pairs
from goldwire.scheme import Scheme, load, parse
from goldwire.studio import Server
from goldwire.study import Study

pytestmark = [pytest.mark.server, pytest.mark.browser]

TEXT = (
    "Torr lands in Karsund 🛬🇮🇹\n\nPresident Torr made a “surprise visit” to the border 👩‍👩‍👧 post.\n"
    "قالت الحكومة إنها ستجتمع\tغدا.\n\nThe army shelled Lunde in 1998 & <b>burned</b> it."
)
KEYS = """
name: keys
version: 1.0.0
title: Keys
description: One key in two questions, of which one is shown.
unit: document
questions: [{name: mood, text: Mood, labels: [{name: calm, definition: Calm, hotkey: shift+c}]}]
mentions:
  - name: trigger
    text: Mark
    kind: event
    labels: [{name: MEET, definition: Meet, hotkey: m}, {name: FIGHT, definition: Fight, hotkey: f}]
    attributes:
      - {name: mode, text: How, applies_to: [MEET], labels: [{name: visit, definition: Visit, hotkey: "1"}]}
      - {name: mode, text: How, applies_to: [FIGHT], labels: [{name: guns, definition: Guns, hotkey: "1"}]}
      - {name: own_name, text: Name, type: text, required: false, applies_to: [MEET]}
"""


class Desk:
    """A study with one round about TEXT, its project on the server, and an annotator's hands."""

    def __init__(self, study: Study, scheme: Scheme, client: Client, page: Page, url: str) -> None:
        write_text(study.params_file, "seed: 0\n")
        article = {"article_id": "a", "title": TEXT.split("\n")[0], "text": TEXT, "outlet": "Courier & <Post>"}
        articles = tables.build("articles", [article])
        tables.write(articles, study.articles)
        about = pairs(articles, [{"article_id": "a", "target": "the army", "holder": "Torr & <co>"}])
        write_round(study, "r", scheme, articles, about if scheme.unit == "target" else documents(articles))
        self.study, self.client, self.page = study, client, page
        round_ = rounds.read(study.rounds / "r")
        self.project = client.create_project(scheme.title, config(scheme), round_.marker()).id
        client.import_tasks(self.project, rounds.tasks(study.rounds / "r"))
        page.goto(f"{url.rstrip('/')}/projects/{self.project}/data?labeling=1")
        page.wait_for_selector(".gw-article .lsf-richtext__line")
        page.wait_for_selector(".gw-form")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def mark(self, words: str) -> None:
        """Drag the mouse over the words."""
        left, top, right, bottom = self._place(words)
        before = self._spans()
        self.page.mouse.move(left + 1, top)
        self.page.mouse.down()
        self.page.mouse.move((left + right) / 2, (top + bottom) / 2, steps=5)
        self.page.mouse.move(right - 1, bottom, steps=5)
        self.page.mouse.up()
        self._until(lambda: self._spans() > before)

    def select(self, words: str) -> None:
        """Click on a marked span."""
        left, top, right, _ = self._place(words)
        self.page.mouse.click((left + right) / 2, top)
        self.page.wait_for_selector(".gw-form .gw-field:has-text('How') >> visible=true")

    def relate(self, from_: str, to: str) -> None:
        """Draw a link from one marked span to another."""
        self.select(from_)
        self.press("Alt+r")
        left, top, right, _ = self._place(to)
        self.page.mouse.click((left + right) / 2, top)
        self.page.wait_for_selector(".relations-overlay path", state="attached")
        self.press("Escape")

    def submitted(self) -> dict[str, Any]:
        """Submit by keyboard, and return the tables that the fold makes of the server's JSON."""
        self.press("Control+Enter")
        self._until(lambda: any(task["annotations"] for task in self.client.tasks(self.project)))
        state = [parts.without_people(task, lambda _: "annotator-01") for task in self.client.tasks(self.project)]
        assert [task["data"]["text"] for task in state] == [TEXT]
        parts.append(self.study.rounds / "r" / "pulls", {"round": "r"}, state, [])
        made, problems = build_tables(self.study)
        assert problems == []
        return {name: table.to_pylist() for name, table in made.items()}

    def _place(self, words: str) -> list[float]:
        found: list[float] = self.page.evaluate(
            """words => {
                const walker = document.createTreeWalker(
                    document.querySelector(".gw-article .lsf-richtext__container"), NodeFilter.SHOW_TEXT);
                for (let node; node = walker.nextNode();) {
                    const start = node.data.indexOf(words);
                    if (start < 0) continue;
                    const range = document.createRange();
                    range.setStart(node, start);
                    range.setEnd(node, start + words.length);
                    const boxes = [...range.getClientRects()], [first, last] = [boxes[0], boxes[boxes.length - 1]];
                    return [first.left, first.top + first.height / 2, last.right, last.top + last.height / 2];
                }
            }""",
            words,
        )
        return found

    def _spans(self) -> int:
        return self.page.locator(".lsf-outliner-item, .lsf-tree__node, [class*=outliner-item__title]").count()

    def _until(self, true: Callable[[], bool], seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "it did not happen"
            self.page.wait_for_timeout(100)


@pytest.fixture
def desk(tmp_path: Path, client: Client, page: Page, label_studio: Server) -> Callable[[Scheme], Desk]:
    return lambda scheme: Desk(Study(tmp_path), scheme, client, page, label_studio.url)


def overflow(page: Page) -> dict[str, bool]:
    """Whether the form must be scrolled, down or sideways."""
    found: dict[str, bool] = page.evaluate(
        """() => {
            const form = document.querySelector(".gw-form"), box = form.getBoundingClientRect();
            const wide = [...form.querySelectorAll("label, .lsf-label")].some(b => b.scrollWidth > b.clientWidth + 1);
            return {down: form.scrollHeight > form.clientHeight, off: box.bottom > innerHeight, wide};
        }"""
    )
    return found


def test_what_is_answered_by_keyboard_and_marked_by_mouse_becomes_a_vote(desk: Callable[[Scheme], Desk]) -> None:
    at = desk(load("event-plover"))
    assert overflow(at.page) == {"down": False, "off": False, "wide": False}
    at.press("c", "Shift+C")
    at.mark("surprise visit")
    at.select("surprise visit")
    at.page.click(".gw-form label:has-text('visit') >> visible=true")
    at.press("5", "Escape", "1")
    at.mark("President Torr")
    at.press("2")
    at.mark("الحكومة")
    at.press("Shift+V")
    at.mark("shelled")
    at.select("shelled")
    assert overflow(at.page) == {"down": False, "off": False, "wide": False}
    assert "unconventional" in at.page.inner_text(".gw-form")
    assert "f19" not in at.page.inner_text(".gw-form")
    at.press("4", "Escape", "2")
    at.mark("Lunde")
    at.relate("shelled", "Lunde")
    at.page.fill(".gw-form input[name=comment]", "Half sure 🛬")
    at.page.click(".gw-source")
    made = at.submitted()
    votes = [
        (row["question"], row["labels"], row["annotator"], row["status"], row["counts"]) for row in made["votes"]
    ]
    assert votes == [
        ("main_event", ["CONSULT"], "annotator-01", "submitted", True),
        ("contexts", [], "annotator-01", "submitted", True),
    ]
    assert {row["comment"] for row in made["votes"]} == {"Half sure 🛬"}
    marked = [(row["question"], row["label"], row["text"], row["attributes"]) for row in made["vote_mentions"]]
    assert marked == [
        ("participant", "participant", "President Torr", "{}"),
        ("trigger", "CONSULT", "surprise visit", '{"flags": ["future"], "mode": ["visit"]}'),
        ("participant", "place", "الحكومة", "{}"),
        ("trigger", "ASSAULT", "shelled", '{"flags": ["historical"]}'),
        ("participant", "place", "Lunde", "{}"),
    ]
    text_of = {row["mention_id"]: row["text"] for row in made["vote_mentions"]}
    assert [(text_of[row["from"]], row["label"], text_of[row["to"]]) for row in made["vote_relations"]] == [
        ("shelled", "place", "Lunde")
    ]
    for row in made["vote_mentions"]:
        assert TEXT[row["start"] : row["end"]] == row["text"]
        assert row["start"] == TEXT.index(row["text"])


def test_the_page_shows_holder_target_and_source_as_text(desk: Callable[[Scheme], Desk]) -> None:
    at = desk(load("stance-target"))
    assert at.page.inner_text(".gw-unit").split("\n") == ["Holder:", "Torr & <co>", "Target:", "the army"]
    assert at.page.inner_text(".gw-source") == "Courier & <Post>"
    assert "<b>burned</b>" in at.page.inner_text(".gw-article")
    assert overflow(at.page) == {"down": False, "off": False, "wide": False}
    at.press("a", "e")
    at.mark("shelled Lunde in 1998 & <b>burned</b>")
    at.select("Lunde")
    at.press("4", "Escape")
    made = at.submitted()
    assert [(row["question"], row["labels"]) for row in made["votes"]] == [("stance", ["against"])]
    assert [(row["text"], row["attributes"]) for row in made["vote_mentions"]] == [
        ("shelled Lunde in 1998 & <b>burned</b>", '{"expressed": ["deed"]}')
    ]


def test_a_required_answer_is_asked_for_and_a_key_answers_only_the_question_that_is_shown(
    desk: Callable[[Scheme], Desk], tmp_path: Path
) -> None:
    write_text(Study(tmp_path).schemes / "keys.yaml", KEYS)
    at = desk(parse(KEYS, "keys.yaml"))
    at.press("Control+Enter")
    at.page.click("text=Not answered yet: Mood")
    at.page.click(".ant-modal-confirm-btns button")
    at.page.wait_for_selector(".ant-modal-wrap", state="hidden")
    at.press("Shift+C", "m")
    at.mark("surprise visit")
    at.press("f")
    at.mark("shelled")
    for words in ("surprise visit", "shelled"):
        at.select(words)
        at.press("1", "Escape")
    made = at.submitted()
    assert [(row["labels"]) for row in made["votes"]] == [["calm"]]
    assert [(row["label"], row["attributes"]) for row in made["vote_mentions"]] == [
        ("MEET", '{"mode": ["visit"]}'),
        ("FIGHT", '{"mode": ["guns"]}'),
    ]
