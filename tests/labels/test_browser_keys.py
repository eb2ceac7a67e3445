"""Every shipped scheme answered, marked, related and submitted by keys alone, in Chromium on a real Label Studio.

Once a task is open nothing is clicked. Label Studio itself marks and relates by pointer only, so the page is given
the bookmark that the annotators' manual prints; everything after that is a key, and the caret is Chromium's own.
"""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from playwright.sync_api import Page

from goldwire import tables
from goldwire.labels.fold.results import Answer, read
from goldwire.labels.interface import authors_relations, config, controls
from goldwire.labels.page_keys import bookmark
from goldwire.labels.server import Client
from goldwire.labels.tasks import make_tasks
from goldwire.labels.units import documents, headlines, pairs
from goldwire.scheme import Attribute, Question, Scheme, load, shipped
from goldwire.studio import Server

pytestmark = [pytest.mark.server, pytest.mark.browser]

# Written for the test.
_FILLER = (
    "The council of Lunde met again on the quay, where the ferries wait for the evening wind.\n"
    "Nobody from the harbour office would say how long the repairs of the eastern mole might take.\n\n"
    "Dealers in Calder Bay spoke of a calm week; the price of salt rose by a tenth, and that of rope fell.\n\n"
)
_STRANGE = (
    "👩‍👩‍👧 🇮🇹🇱🇧 👍🏽 Zoe\u0301 Lefe\u0300vre’s guards shelled "
    "the cafe\u0301s of Orrel 🛬 at dawn, a\u0308 witness said.\n"
    "قالت الحكومة إنها ستجتمع غدا في 12 من الشهر.\n"
    "הממשלה אמרה כי תיפגש עם הנשיא מחר 🛬 בבוקר.\n\n"
)
LONG = "Guards shell Orrel 🛬\n\n" + _FILLER * 9 + _STRANGE + _FILLER * 46
LATIN = "cafe\u0301s of Orrel 🛬 at dawn, a\u0308"
ARABIC, HEBREW = "الحكومة إنها", "תיפגש עם"

HTML = (
    "<b>Bold</b> & &amp; $text ${text} {{text}}\n\n"
    "<script>alert(1)</script><img src=x onerror=alert(2)> said <i>so</i>.\n"
    "</Text></View> <a href='javascript:alert(3)'>link</a> &lt;svg onload=alert(4)&gt; <svg onload=alert(5)> end"
)

# Where the selection begins and ends, in UTF-16 units of the text; a line is a span, a line end is a <br>.
_CARET = """() => {
    const place = document.querySelector(".gw-article .lsf-richtext__container"), selection = getSelection();
    if (!selection.focusNode || !place.contains(selection.focusNode)) return null;
    const length = node => node.nodeName === "BR" ? 1 : node.textContent.length;
    const at = (node, offset) => {
        let line = node === place ? place.childNodes[offset] ?? null : node;
        while (line && line.parentNode !== place) line = line.parentNode;
        let found = 0;
        for (let one = place.firstChild; one && one !== line; one = one.nextSibling) found += length(one);
        if (node === place || !line) return found;
        const range = document.createRange();
        range.setStart(line, 0);
        range.setEnd(node, offset);
        return found + range.toString().length;
    };
    return [at(selection.anchorNode, selection.anchorOffset), at(selection.focusNode, selection.focusOffset)];
}"""


class Keyboard:
    """An annotator without a mouse, at one task. What the page shows is read; it is changed by keys alone."""

    def __init__(self, page: Page, text: str) -> None:
        self.page, self.text = page, text

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def answer(self, question: Question) -> str:
        """Answer with a label that has a key, or by tabbing to the first one, or in the tree; return the label."""
        if question.type == "text":
            self._tab_to("input[name^='{}']", question.name)
            self.page.keyboard.type("Ünal 🛬", delay=25)
            self.press("Enter", "Tab")
            return "Ünal 🛬"
        if question.type == "tree":
            return self._answer_tree(question)
        keyed = [label for label in question.labels if label.hotkey]
        if keyed:
            self.press(self._key(keyed[-1].hotkey))
            return keyed[-1].name
        self._tab_to("input.ant-checkbox-input[name='{}']", question.labels[0].name)
        self.press("Space")
        return question.labels[0].name

    def _answer_tree(self, question: Question) -> str:
        top = next(label for label in question.labels if label.children)
        leaf = top.children[-1].name
        self._tab_to(".htx-taxonomy input")
        self.press("Enter")
        self.page.wait_for_selector("input[name=taxonomy-search-input]:focus")
        self.page.keyboard.type(leaf)
        lit = self.page.locator(".ant-select-tree-treenode-active, .ant-select-tree-treenode.active")
        self._until(lambda: self.page.locator(".ant-select-tree-treenode:visible").count() <= 4)
        for _ in range(9):
            self.press("ArrowDown")
            if lit.count() and lit.first.inner_text() == leaf:
                break
        self.press("Enter", "Escape")
        self.page.wait_for_selector(".htx-taxonomy-dropdown", state="hidden")
        return f"{top.name}/{leaf}"

    def mark(self, key: str | None, words: str) -> str:
        """Press a label's key, go to the words with the caret, select them; return what the browser has selected."""
        self.press("Escape", self._key(key))
        self._go_to(words)
        end = len(_utf16(self.text[: self.text.index(words) + len(words)]))
        for _ in range(3 * len(words)):
            place = self._caret()
            if place[1] == end:
                break
            self.press("Shift+ArrowRight")
        selected: str = self.page.evaluate("() => getSelection().toString()")
        spans = self.page.locator(".htx-highlight").count()
        self.press("F8")
        self._until(lambda: self.page.locator(".htx-highlight").count() > spans)
        return selected

    def select(self, words: str) -> None:
        """Put the caret into a marked span, and select it as a region."""
        self._go_to(words, 1)
        self.press("F8")
        self.page.wait_for_timeout(80)

    def relate(self, from_: str, to: str, label: str) -> None:
        self.press("Escape")
        self.select(from_)
        self.press("Alt+r")
        self.select(to)
        self.press("F9")
        lit = self.page.locator("[cmdk-item][aria-selected=true]")
        self.page.wait_for_selector("[cmdk-root]:focus")
        for _ in range(20):
            if lit.inner_text() == label:
                break
            self.press("ArrowDown")
            self.page.wait_for_timeout(30)
        self.press("Enter")
        self.page.wait_for_selector("[cmdk-root]", state="detached")
        self.press("Escape")

    def comment(self, text: str) -> None:
        """Write it, and again where letters are lost: Label Studio loses some when it saves the first draft."""
        box = self.page.locator("input[name=comment]")
        self._tab_to("input[name=comment]")
        for _ in range(3):
            self.press("Control+a")
            self.page.keyboard.type(text, delay=25)
            if box.input_value() == text:
                break
        self.press("Enter", "Tab")

    def _key(self, hotkey: str | None) -> str:
        assert hotkey
        *held, key = hotkey.split("+")
        return "+".join([*(name.capitalize() for name in held), key.upper() if held else key])

    def _caret(self) -> list[int]:
        found: list[int] | None = self.page.evaluate(_CARET)
        return found or [-1, -1]

    def _go_to(self, words: str, letters: int = 0) -> None:
        """Go before the words, or so many letters into them: by lines as long as it is far, then by letters.

        Arrow keys go where they point: in words that run from right to left, the text goes on at the left.
        """
        wanted = len(_utf16(self.text[: self.text.index(words) + letters]))
        if self._caret()[1] < 0:
            self._tab_to("button[class*=themeToggle]")
        far, near = ("ArrowDown", "ArrowUp"), ("ArrowRight", "ArrowLeft")
        here, turned = self._caret()[1], False
        for _ in range(900):
            if here == wanted:
                return
            keys = far if here < 0 or abs(wanted - here) > 75 else near
            self.press(keys[(here > wanted) != (turned and keys is near)])
            before, here = here, self._caret()[1]
            if keys is near and abs(wanted - here) > abs(wanted - before):
                turned = not turned
            elif keys is far and here == before:  # Chromium's caret does not leave a blank line up or down
                self.press("Control+ArrowRight" if here < wanted else "Control+ArrowLeft")
        raise AssertionError(f"the caret did not come to {words!r}")

    def _tab_to(self, selector: str, name: str = "") -> None:
        wanted = f"{selector.format(name)}:focus" if name else f"{selector}:focus"
        for _ in range(60):
            self.press("Tab")
            if self.page.locator(wanted).count():
                return
        raise AssertionError(f"Tab does not reach {wanted}")

    def _until(self, true: Callable[[], bool], seconds: float = 10) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "it did not happen"
            self.page.wait_for_timeout(50)


def _utf16(text: str) -> list[bytes]:
    data = text.encode("utf-16-le")
    return [data[place : place + 2] for place in range(0, len(data), 2)]


@pytest.fixture
def open_task(
    page: Page, client: Client, label_studio: Server
) -> Iterator[Callable[..., tuple[Keyboard, Callable[[], list[dict[str, Any]]]]]]:
    """Open a scheme's page about a text; return the keyboard, and what submits and gives the stored result."""

    def opened(scheme: Scheme, text: str, **data: str) -> tuple[Keyboard, Callable[[], list[dict[str, Any]]]]:
        task = _task(scheme, text)
        task["data"].update(data)
        project = client.create_project(f"keys: {scheme.title}", config(scheme), "written for a test").id
        (number,) = client.import_tasks(project, [task])
        url = label_studio.url.rstrip("/")
        page.goto(f"{url}/projects/{project}/data?labeling=1")
        page.wait_for_selector(".gw-article .lsf-richtext__line")
        page.wait_for_selector(".gw-form")
        page.evaluate(bookmark().removeprefix("javascript:"))
        hands = Keyboard(page, text)

        def submitted() -> list[dict[str, Any]]:
            hands.press("Control+Enter")
            stored: list[Any] = []

            def arrived() -> bool:
                stored[:] = page.request.get(f"{url}/api/tasks/{number}/annotations/").json()
                return bool(stored)

            hands._until(arrived, 20)
            result: list[dict[str, Any]] = stored[0]["result"]
            return result

        return hands, submitted

    yield opened
    page.goto("about:blank")


def _task(scheme: Scheme, text: str) -> dict[str, Any]:
    articles = tables.build("articles", [{"article_id": "a", "text": text, "outlet": "Courier"}])
    return make_tasks(articles, _units(scheme, articles))[0]


def _units(scheme: Scheme, articles: pa.Table) -> pa.Table:
    if scheme.unit == "target":
        return pairs(articles, [{"article_id": "a", "target": "the guards", "holder": "Zoe\u0301"}])
    if scheme.unit == "headline":
        return headlines(articles, [{"article_id": "a", "headline": "Guards shell Orrel 🛬"}])
    return documents(articles)


def _ends(scheme: Scheme) -> tuple[tuple[str, str], tuple[str, str]]:
    """The layer and label of the two spans: the ends of the first relation, else the first label twice."""
    layer_of = {label.name: layer for layer in scheme.mentions for label in layer.labels}
    if not scheme.relations:
        first = scheme.mentions[0]
        return ((first.name, first.labels[0].name),) * 2
    relation = scheme.relations[0]
    asked = {label: len(_asked(scheme, layer_of[label].name, label)) for label in relation.from_ if label != "author"}
    from_ = max(asked, key=lambda label: asked[label])
    return (layer_of[from_].name, from_), (layer_of[relation.to[0]].name, relation.to[0])


def _asked(scheme: Scheme, layer: str, label: str) -> list[Attribute]:
    attributes = next(found.attributes for found in scheme.mentions if found.name == layer)
    return [a for a in attributes if not a.applies_to or label in a.applies_to]


def _hotkey(scheme: Scheme, label: str) -> str | None:
    return next(found.hotkey for layer in scheme.mentions for found in layer.labels if found.name == label)


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_scheme_is_answered_marked_related_and_submitted_by_keys(
    name: str, open_task: Callable[..., tuple[Keyboard, Callable[[], list[dict[str, Any]]]]]
) -> None:
    scheme = load(name)
    assert len(LONG.split()) > 3000
    hands, submitted = open_task(scheme, LONG)
    given = {question.name: [hands.answer(question)] for question in scheme.questions}
    ends = _ends(scheme)
    words = (LATIN, ARABIC if shipped().index(name) % 2 else HEBREW)
    wanted = []
    for (layer, label), said in zip(ends, words, strict=True):
        assert hands.mark(_hotkey(scheme, label), said) == said
        asked = _asked(scheme, layer, label)
        if asked or authors_relations(scheme):
            hands.select(said)
        attributes = {attribute.name: [hands.answer(attribute)] for attribute in asked}
        entity = attributes.pop("entity", [None])[0]
        wanted.append((layer, label, LONG.index(said), said, attributes, entity))
    links = []
    if authored := authors_relations(scheme):
        hands.press(hands._key(authored[-1].hotkey))
        links.append(("author", authored[-1].name, words[1]))
    if scheme.relations:
        label = scheme.relations[-1 if authored else 0].name
        hands.relate(*words, label)
        links.append((words[0], label, words[1]))
    hands.comment("Half sure 🛬 cafe\u0301")
    _shot(hands.page, name)
    result = submitted()
    answer = read(result, scheme, controls(scheme), LONG)
    assert answer.remarks == []
    assert answer.questions == given
    assert answer.comment == "Half sure 🛬 cafe\u0301"
    assert [
        (m.layer, m.label, m.start, LONG[m.start : m.end], dict(m.attributes), m.entity) for m in answer.mentions
    ] == wanted
    assert _links(answer) == sorted(links)


def _links(answer: Answer) -> list[tuple[str, str, str]]:
    text_of = {mention.id: mention.text for mention in answer.mentions}
    return sorted((text_of.get(r.from_, r.from_), r.label, text_of[r.to]) for r in answer.relations)


def _shot(page: Page, name: str) -> None:
    """With GOLDWIRE_SHOTS=FOLDER, keep a picture of the page, to be looked at."""
    if folder := os.environ.get("GOLDWIRE_SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


@pytest.mark.parametrize("name", ["stance-headline", "stance-target"])
def test_html_in_an_article_and_around_it_is_shown_as_text_and_marked_as_text(
    name: str,
    open_task: Callable[..., tuple[Keyboard, Callable[[], list[dict[str, Any]]]]],
    page: Page,
    label_studio: Server,
) -> None:
    scheme = load(name)
    opened: list[str] = []
    page.on("dialog", lambda dialog: opened.append(dialog.message))
    page.on("request", lambda request: opened.append(request.url))
    strange = {
        field: f"{field} {HTML.splitlines()[0]} <img src=y onerror=alert(6)>" for field in ("target", "outlet")
    }
    hands, submitted = open_task(
        scheme, HTML, **strange, title="<script>alert(7)</script>", holder="<b>H</b>", assigned="annotator-07"
    )
    assert page.inner_text(".gw-article .lsf-richtext__container") == HTML
    assert page.inner_text(".gw-source") == strange["outlet"]
    assert strange["target"] in page.inner_text(".gw-unit").split("\n")
    assert page.locator(".gw-page :is(script, img, a, svg[onload], b, i)").count() == 0
    assert "annotator-07" not in page.inner_text("body")
    hands.answer(scheme.questions[0])
    marked = ["<script>alert(1)</script><img src=x onerror=alert(2)> said", "$text ${text} {{text}}"]
    for words in marked:
        assert hands.mark(_hotkey(scheme, "evidence"), words) == words
    answer = read(submitted(), scheme, controls(scheme), HTML)
    assert sorted(HTML[m.start : m.end] for m in answer.mentions) == sorted(marked)
    assert [what for what in opened if not what.startswith(label_studio.url) or what.endswith(("/x", "/y"))] == []


def test_what_stands_around_a_part_of_an_article_is_shown_as_text_where_a_task_has_it(
    open_task: Callable[..., tuple[Keyboard, Callable[[], list[dict[str, Any]]]]], page: Page
) -> None:
    scheme = load("stance-actors")
    open_task(scheme, "Minister Aziz praised them.", before="Earlier <b>words</b>.\n\nMore.", after="Later & last.")
    around = page.locator(".gw-context:visible")
    assert around.all_inner_texts() == ["Earlier <b>words</b>.\n\nMore.", "Later & last."]
    open_task(scheme, "Minister Aziz praised them.")
    assert around.all_inner_texts() == []
    assert "$before" not in page.inner_text(".gw-page")
