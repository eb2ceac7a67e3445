"""Adjudication on a real Label Studio, the whole way: votes, disputes, the adjudicator's page, gold, memo."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from playwright.sync_api import Page, sync_playwright

from bridge import PASSWORD
from disputing import JUDGE, A, B, C, Json, a_study, choice, document, link, pull, span, written
from goldwire.labels import stages
from goldwire.labels.adjudicate.disputes import Rules
from goldwire.labels.adjudicate.make import Adjudication, adjudicate
from goldwire.labels.adjudicate.memo import memo
from goldwire.labels.adjudicate.reasons import REASON
from goldwire.labels.exchange import pull_round, push_round, verify_round
from goldwire.labels.server import Client, connect
from goldwire.labels.server import predictions as server
from goldwire.labels.team import annotators
from goldwire.studio import Server
from goldwire.studio.accounts import sign_up
from goldwire.study import Study

pytestmark = pytest.mark.server

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
MARKS = [span("m", "trigger", "MEETING", "met"), span("a", "who", "actor", "Ada"), link("m", "a", "by")]


@pytest.fixture
def people(label_studio: Server, anna: Client, bert: Client) -> dict[str, Client]:
    """Three annotators and an adjudicator, by pseudonym."""
    cleo, judge = (
        connect(label_studio.url, sign_up(label_studio, f"{name}@example.org", PASSWORD))
        for name in ("cleo", "judge")
    )
    return {A: anna, B: bert, C: cleo, JUDGE: judge}


@pytest.fixture
def study(tmp_path: Path, admin: Client, people: dict[str, Client]) -> Study:
    """Three units. Two annotators differ on the first, where the third is unsure; on the others all agree."""
    study = a_study(tmp_path, 3, overlap=3)
    annotators.write(study.annotators, {client.whoami()[1]: who for who, client in people.items()})
    (project,) = push_round(study, "r", client=admin)["projects"]
    tasks = server.tasks_by_unit(admin, project)
    said = written("comment", "A handshake is a meeting.")
    first = {
        A: [choice("event", "MEET"), choice("flags", "x"), *MARKS, said],
        B: [choice("event", "FIGHT"), choice("flags", "x"), *MARKS[:2]],
        C: [choice("event", "unclear"), choice("flags", "x"), MARKS[1]],
    }
    for who, result in first.items():
        people[who].submit(tasks[document(0)], result)
        for number in (1, 2):
            people[who].submit(tasks[document(number)], [choice("event", "FIGHT")])
    bring(study, "r", admin)
    return study


def bring(study: Study, name: str, admin: Client) -> None:
    pull_round(study, name, client=admin)
    assert stages.build(study)[1] == []
    stages.gold(study)


def sent(value: dict[str, Any]) -> tuple[int, ...]:
    tasks = (value["created"], value["updated"], value["unchanged"])
    return *tasks, *(value["predictions"][name] for name in ("created", "unchanged", "replaced", "deleted"))


def shape(result: list[Json]) -> list[Any]:
    return [
        (item["from_name"], *(item["value"][key] for key in ("choices", "labels", "text") if key in item["value"]))
        if "value" in item
        else tuple(item["labels"])
        for item in result
    ]


def test_disputes_go_to_an_adjudicator_and_come_back_as_gold(
    study: Study, admin: Client, people: dict[str, Client]
) -> None:
    agreement = stages.agreement(study)
    votes_before = study.read("votes").to_pylist()
    assert adjudicate(study, "adj", annotators=[JUDGE]) == Adjudication("adj", 1, 1, {"tie": 1}, {"event": 1})

    planned = push_round(study, "adj", client=admin, dry_run=True)
    assert (sent(planned), planned["projects"]) == ((1, 0, 0, 4, 0, 0, 0), [])
    pushed = push_round(study, "adj", client=admin)
    (project,) = pushed["projects"]
    assert sent(pushed) == (1, 0, 0, 4, 0, 0, 0)
    assert pushed["tabs"][JUDGE].startswith(f"{admin.url}/projects/{project}/data?tab=")
    assert "labeling" not in pushed["tabs"][JUDGE]
    assert pushed["lists"] == [f"{admin.url}/projects/{project}/data"]
    assert sent(push_round(study, "adj", client=admin)) == (0, 0, 1, 0, 4, 0, 0)  # the second time nothing is sent

    found = {one["model_version"]: shape(one["result"]) for one in server.listing(admin, project)}
    ada, met = ("who", ["actor"], "Ada"), ("trigger", ["MEETING"], "met")
    x = ("flags", ["x"])
    assert found == {
        A: [("event", ["MEET"]), x, ada, met, ("by",), ("comment", ["A handshake is a meeting."])],
        B: [("event", ["FIGHT"]), x, ada, met],
        C: [("event", ["unclear"]), x, ada],
        "agreed": [x, ada, met],
    }
    assert server.shown(admin, project) == "agreed"

    (task,) = server.tasks_by_unit(admin, project).values()
    said = written("comment", "Say what a handshake is.")
    ruling = [choice("event", "MEET"), choice("flags", "x"), choice(REASON, "codebook_gap"), said, *MARKS]
    people[JUDGE].submit(task, ruling)
    bring(study, "adj", admin)
    assert verify_round(study, "adj", client=admin)["differing"] == []

    rows = {(row["unit_id"], row["question"]): row for row in study.read("gold").to_pylist()}
    by = {"adjudicator": JUDGE, "reason": "codebook_gap: Say what a handshake is."}
    shares = [{"label": "MEET", "share": 0.5}, {"label": "FIGHT", "share": 0.5}]
    assert rows[document(0), "event"] == {
        **{name: rows[document(1), "event"][name] for name in ("scheme", "scheme_hash", "value", "posterior")},
        **{"unit_id": document(0), "question": "event", "labels": ["MEET"], "decided_by": "adjudicated"},
        **{"n_votes": 2, "tied": True, "distribution": shares},
        **by,
    }
    assert [(rows[document(n), "event"]["decided_by"], rows[document(n), "event"]["reason"]) for n in (1, 2)] == [
        ("unanimous", None)
    ] * 2
    (relation,) = study.read("gold_relations").to_pylist()
    assert (relation["decided_by"], relation["n_votes"], relation["distribution"]) == (
        "adjudicated",
        2,
        [{"label": "by", "share": 0.5}],
    )
    assert stages.agreement(study) == agreement
    assert [row for row in study.read("votes").to_pylist() if row["round"] == "r"] == votes_before
    assert "### event: MEET, FIGHT, unclear (1 unit)" in memo(study, "adj")
    assert r"**judge\-01: Say what a handshake is.**" in memo(study, "adj")

    # more disputes later: what was ruled, and what the ruling began from, stay
    everything = adjudicate(study, "adj", units=_finding(study, "event"))
    assert (everything.units, everything.added) == (2, 1)
    assert sent(push_round(study, "adj", client=admin)) == (1, 0, 1, 4, 4, 0, 0)


def _finding(study: Study, question: str) -> Path:
    path = study.root / "found.csv"
    path.write_text(f"unit_id,question,finding\n{document(1)},{question},too sure\n", encoding="utf-8")
    return path


@pytest.fixture
def page(label_studio: Server, cannot_run: Callable[[str], NoReturn]) -> Iterator[Page]:
    """A page on which the adjudicator is signed in."""
    sign_up(label_studio, "judge@example.org", PASSWORD)
    chromium = shutil.which("chromium")
    if chromium is None:
        cannot_run("there is no chromium; install it with: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        made = browser.new_page(viewport={"width": 1400, "height": 900})
        made.goto(f"{label_studio.url.rstrip('/')}/user/login")
        made.fill("input[name=email]", "judge@example.org")
        made.fill("input[name=password]", PASSWORD)
        made.click("button[type=submit]")
        made.wait_for_url(lambda url: "login" not in url)
        yield made
        browser.close()


@pytest.mark.browser
def test_the_adjudicator_sees_each_answer_under_its_pseudonym_and_begins_from_what_is_agreed(
    tmp_path: Path, admin: Client, page: Page
) -> None:
    study = a_study(tmp_path, 2, overlap=3)
    annotators.write(study.annotators, {"judge@example.org": JUDGE})
    said = {A: choice("event", "MEET"), B: choice("event", "FIGHT"), C: choice("event", "unclear")}
    differ = [(0, who, [label, choice("flags", "x"), *MARKS]) for who, label in said.items()]
    pull(study, "r", [*differ, *((1, who, [choice("event", "FIGHT")]) for who in said)])
    stages.build(study)
    stages.gold(study)
    adjudicate(study, "adj", annotators=[JUDGE], rules=Rules(), units=_finding(study, ""))
    pushed = push_round(study, "adj", client=admin)
    (project,) = pushed["projects"]
    tasks = server.tasks_by_unit(admin, project)
    page.goto(f"{pushed['tabs'][JUDGE]}&task={tasks[document(0)]}")
    page.wait_for_selector(".gw-form")
    page.wait_for_selector(f"text={C}")

    def chosen() -> list[str]:
        return [text.split("\n")[0] for text in page.locator(".ant-checkbox-wrapper-checked").all_inner_texts()]

    page.wait_for_function("() => document.querySelectorAll('.htx-highlight').length === 2")
    assert chosen() == ["x"]  # what is not in dispute; nobody's answer to the question that is
    tabs = page.locator(".lsf-annotation-button__name").all_inner_texts()
    assert tabs[1:] == [A, B, C, "agreed"]
    assert page.locator("text=Why did the annotators differ?").count() == 1
    for who, label in ((A, "MEET"), (B, "FIGHT")):
        page.locator(".lsf-annotation-button__name", has_text=who).click()
        page.wait_for_function(
            "label => [...document.querySelectorAll('.ant-checkbox-wrapper-checked')]"
            ".some(one => one.innerText.startsWith(label))",
            arg=label,
        )
        assert chosen() == [label, "x"]

    # where everything is in dispute "agreed" is empty, else the page would begin from an annotator's answer
    page.goto(f"{pushed['tabs'][JUDGE]}&task={tasks[document(1)]}")
    page.wait_for_selector(".lsf-annotation-button__name >> nth=4")
    page.wait_for_timeout(1000)
    assert (chosen(), page.locator(".htx-highlight").count()) == ([], 0)
