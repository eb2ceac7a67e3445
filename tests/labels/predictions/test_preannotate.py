"""Pre-annotations on a real Label Studio: sent once, shown to annotators, and known to the dataset."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa
import pytest
from playwright.sync_api import Page, sync_playwright

from goldwire import tables, template
from goldwire.errors import GoldwireError
from goldwire.labels import exchange, rounds, stages
from goldwire.labels.interface import config
from goldwire.labels.predictions.preannotate import Preannotated, preannotate, preannotate_round
from goldwire.labels.predictions.tables import Table
from goldwire.labels.server import Client, bulk, connect
from goldwire.labels.server import predictions as server
from goldwire.labels.tasks import write_round
from goldwire.labels.team import annotators
from goldwire.labels.units import pairs
from goldwire.scheme import load
from goldwire.studio import Server

pytestmark = pytest.mark.server

SCHEME = load("stance-target")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
BODY = "Minister Torr said that the army had burned the bridge at Lunde. The army kept silent."
QUOTE = "the army had burned the bridge"


@pytest.fixture(scope="module")
def client(label_studio: Server) -> Client:
    return connect(label_studio.url, label_studio.api_key)


class Work:
    """A study with a round of four units, whose tasks are on the server."""

    def __init__(self, folder: Path, client: Client) -> None:
        self.study, self.client = template.create(folder), client
        articles = [
            {"article_id": f"a{i}", "title": f"T{i}", "text": f"T{i}\n\n{BODY}", "outlet": "Post"} for i in range(4)
        ]
        table = tables.build("articles", articles)
        tables.write(table, self.study.articles)
        about = [{"article_id": f"a{i}", "target": "army", "holder": "Torr"} for i in range(4)]
        write_round(self.study, "r", SCHEME, table, pairs(table, about), overlap=2)
        annotators.write(self.study.annotators, {})
        self.round = rounds.read(self.study.rounds / "r")
        self.tasks = rounds.tasks(self.study.rounds / "r")
        self.units = [task["data"]["unit_id"] for task in self.tasks]
        self.project = client.create_project(SCHEME.title, config(SCHEME), self.round.marker(), 2).id
        client.import_tasks(self.project, self.tasks)
        self.numbers = server.tasks_by_unit(client, self.project)

    def rows(self, *labels: str, score: float | None = 0.75) -> Table:
        given = [{"unit_id": u, "label": label, "score": score} for u, label in zip(self.units, labels, strict=False)]
        return Table("p.csv", pa.Table.from_pylist(given))

    def spans(self, *numbers: int) -> Table:
        start = self.tasks[0]["data"]["text"].index(QUOTE)
        span = {"start": start, "end": start + len(QUOTE), "text": QUOTE, "label": "evidence"}
        return Table("m.csv", pa.Table.from_pylist([{"unit_id": self.units[i], **span} for i in numbers]))

    def send(
        self, *labels: str, model: str = "m1", mentions: list[Table] | None = None, **options: Any
    ) -> Preannotated:
        given = [self.rows(*labels)] if labels else []
        return preannotate(
            self.client, self.round, SCHEME, [self.project], self.tasks, given, mentions or [], model=model, **options
        )

    def there(self) -> list[tuple[int, str, float | None, list[str]]]:
        """Place of the unit, model, score and label of each prediction on the server."""
        places = {self.numbers[unit]: place for place, unit in enumerate(self.units)}
        found = server.listing(self.client, self.project)
        return sorted(
            (places[p["task"]], p["model_version"], p["score"], p["result"][0]["value"]["choices"]) for p in found
        )

    def answer(self, place: int, prediction: int | None, label: str) -> None:
        value = {"choices": [label]}
        item = {"id": "x", "from_name": "stance", "to_name": "text", "type": "choices", "value": value}
        body = {"result": [item], "parent_prediction": prediction, "lead_time": 2}
        path = f"api/tasks/{self.numbers[self.units[place]]}/annotations/"
        self.client.request("answer", "POST", path, content=json.dumps(body).encode())


@pytest.fixture
def work(tmp_path: Path, client: Client) -> Work:
    return Work(tmp_path, client)


def counts(made: Preannotated) -> tuple[int, int, int, int]:
    return made.created, made.unchanged, made.replaced, made.deleted


def test_the_same_is_never_sent_twice_and_what_changed_takes_its_place(work: Work) -> None:
    planned = work.send("favor", "against", "none", dry_run=True)
    assert (counts(planned), work.there(), server.shown(work.client, work.project)) == ((3, 0, 0, 0), [], None)
    assert counts(work.send("favor", "against", "none")) == (3, 0, 0, 0)
    assert server.shown(work.client, work.project) == "m1"
    assert counts(work.send("favor", "against", "none")) == (0, 3, 0, 0)
    before = {p["task"]: p["id"] for p in server.listing(work.client, work.project)}
    assert counts(work.send("favor", "none", "none", "favor")) == (1, 2, 1, 0)
    assert work.there() == [
        (0, "m1", 0.75, ["favor"]),
        (1, "m1", 0.75, ["none"]),
        (2, "m1", 0.75, ["none"]),
        (3, "m1", 0.75, ["favor"]),
    ]
    after = {p["task"]: p["id"] for p in server.listing(work.client, work.project)}
    assert {task: after[task] for task in before} == before  # so a page that shows the old one can be submitted
    made = work.send("favor", model="m2")
    assert (counts(made), made.model) == ((1, 0, 0, 0), "m2")
    assert server.shown(work.client, work.project) == "m2"


def test_one_from_which_an_answer_began_is_not_changed(work: Work) -> None:
    work.send("favor", "against", "none")
    numbers = {p["task"]: p["id"] for p in server.listing(work.client, work.project)}
    work.answer(0, numbers[work.numbers[work.units[0]]], "against")
    work.answer(1, None, "against")
    draft = {"result": [], "lead_time": 1}
    path = f"api/tasks/{work.numbers[work.units[2]]}/drafts"
    work.client.request("draft", "POST", path, content=json.dumps(draft).encode())
    before = work.there()
    with pytest.raises(GoldwireError) as caught:
        work.send("none", "none", "favor", "favor")
    assert caught.value.message == "\n".join(
        ["2 predictions have changed that are in use:", f"{work.units[0]}: m1", f"{work.units[2]}: m1"]
        if work.units[0] < work.units[2]
        else ["2 predictions have changed that are in use:", f"{work.units[2]}: m1", f"{work.units[0]}: m1"]
    )
    assert caught.value.hint == "Nothing was sent. Give what the model says now another name, such as --model NAME-2."
    assert work.there() == before
    assert counts(work.send("favor", "none", "none", "favor")) == (1, 2, 1, 0)
    assert counts(work.send("none", model="m1-2")) == (1, 0, 0, 0)


class Broken:
    """A client whose imports of predictions are answered by a failure, before or after the server acts."""

    def __init__(self, client: Client, acts: bool) -> None:
        self.client, self.acts, self.posts = client, acts, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)

    def request(self, what: str, method: str, path: str, **options: Any) -> bytes:
        if method == "POST" and path.endswith("/import/predictions"):
            self.posts += 1
            if self.acts:
                self.client.request(what, method, path, **options)
            raise GoldwireError("504")
        return self.client.request(what, method, path, **options)


def test_after_a_doubt_nothing_is_sent_again_before_it_is_known_what_arrived(work: Work) -> None:
    client = work.client
    work.client = broken = Broken(client, acts=False)  # type: ignore[assignment]
    with pytest.raises(GoldwireError, match="504"):
        work.send("favor", "against")
    assert (broken.posts, work.there()) == (1, [])
    work.client = broken = Broken(client, acts=True)  # type: ignore[assignment]
    assert counts(work.send("favor", "against")) == (2, 0, 0, 0)
    assert (broken.posts, len(work.there())) == (1, 2)
    work.client = client
    assert counts(work.send("favor", "against", "none")) == (1, 2, 0, 0)


def test_an_interrupted_call_is_completed_and_copies_are_removed_but_not_those_in_use(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "BATCH_TASKS", 1)

    def stop(count: int) -> None:
        if count == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work.send("favor", "against", "none", progress=stop)
    assert len(work.there()) == 2
    assert counts(work.send("favor", "against", "none")) == (1, 2, 0, 0)
    copies = [
        json.dumps({key: p[key] for key in ("task", "model_version", "score", "result")}).encode()
        for p in server.listing(work.client, work.project)
    ]
    assert server.create(work.client, work.project, copies) == 3
    second = max(p["id"] for p in server.listing(work.client, work.project))
    place = next(p["task"] for p in server.listing(work.client, work.project) if p["id"] == second)
    work.answer(work.units.index({v: k for k, v in work.numbers.items()}[place]), second, "favor")
    assert counts(work.send("favor", "against", "none")) == (0, 3, 0, 3)
    left = server.listing(work.client, work.project)
    assert (len(left), second in [p["id"] for p in left]) == (3, True)


def test_what_the_server_leaves_out_is_an_error(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = server.create

    def create(client: Client, project: int, batch: list[bytes]) -> int:
        return sent(client, project, [line.replace(b'"favor"', b'"pro"') for line in batch])

    monkeypatch.setattr(server, "create", create)
    with pytest.raises(GoldwireError, match="the server left out 1 predictions of 2, such as for task"):
        work.send("favor", "against")
    assert work.there() == [(1, "m1", 0.75, ["against"])]


def test_a_mistake_or_a_unit_without_a_task_sends_nothing(work: Work) -> None:
    with pytest.raises(GoldwireError, match=r"p\.csv: row 2, label"):
        work.send("favor", "pro")
    work.client.request("delete it", "DELETE", f"api/tasks/{work.numbers[work.units[1]]}/")
    with pytest.raises(GoldwireError, match="1 units have no task on the server") as caught:
        work.send("favor", "against")
    assert caught.value.hint == "Push the round first: goldwire labels push r"
    assert server.listing(work.client, work.project) == []
    made = work.send("favor", "against", dry_run=True)
    assert (counts(made), made.missing) == ((2, 0, 0, 0), [work.units[1]])


def test_of_several_models_one_must_be_named_and_all_are_sent(work: Work) -> None:
    rows = [{"unit_id": work.units[0], "label": label, "model": m} for m, label in (("a", "favor"), ("b", "none"))]
    table = Table("p.csv", pa.Table.from_pylist(rows))
    call = (work.client, work.round, SCHEME, [work.project], work.tasks, [table])
    with pytest.raises(GoldwireError, match="predictions are of several models: a, b"):
        preannotate(*call)
    made = preannotate(*call, model="b")
    assert (counts(made), made.models, made.model) == ((2, 0, 0, 0), ["a", "b"], "b")
    assert work.there() == [(0, "a", None, ["favor"]), (0, "b", None, ["none"])]
    assert server.shown(work.client, work.project) == "b"


def test_every_project_of_a_blind_round_gets_those_of_its_own_tasks(work: Work) -> None:
    other = work.client.create_project("second", work.client.project(work.project).config, "x").id
    work.client.import_tasks(other, work.tasks[:1])
    made = preannotate(
        work.client,
        work.round,
        SCHEME,
        [work.project, other],
        work.tasks,
        [work.rows("favor", "none")],
        model="m",
    )
    assert counts(made) == (3, 0, 0, 0)
    assert [len(server.listing(work.client, project)) for project in (work.project, other)] == [2, 1]


def test_files_are_read_by_their_ending(work: Work, tmp_path: Path) -> None:
    tables.write(work.rows("favor", "none").table, tmp_path / "p.csv")
    tables.write(work.spans(0).table, tmp_path / "m.jsonl")
    made = preannotate_round(
        work.study,
        "r",
        [work.project],
        client=work.client,
        predictions=[tmp_path / "p.csv"],
        mentions=[tmp_path / "m.jsonl"],
        model="m",
    )
    assert made == {
        "created": 2,
        "unchanged": 0,
        "replaced": 0,
        "deleted": 0,
        "left_out": 0,
        "missing": [],
        "models": ["m"],
        "model": "m",
    }


@pytest.fixture(scope="module")
def page(label_studio: Server, cannot_run: Callable[[str], NoReturn]) -> Iterator[Page]:
    chromium = shutil.which("chromium")
    if chromium is None:
        cannot_run("there is no chromium; install it with: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        made = browser.new_page(viewport={"width": 1400, "height": 900})
        made.goto(f"{label_studio.url.rstrip('/')}/user/login")
        made.fill("input[name=email]", label_studio.email)
        made.fill("input[name=password]", label_studio.password)
        made.click("button[type=submit]")
        made.wait_for_url(lambda url: "login" not in url)
        yield made
        browser.close()


@pytest.mark.browser
def test_the_page_starts_from_a_prediction_and_the_vote_knows_it(
    work: Work, page: Page, label_studio: Server
) -> None:
    """Two from the label stream, one of them changed; one by way of a draft; and one without a prediction."""
    predicted = ["favor", "against", "none"]
    work.send(*predicted, mentions=[work.spans(0, 1, 2)])
    ids = {p["task"]: p["id"] for p in server.listing(work.client, work.project)}
    base = f"{label_studio.url.rstrip('/')}/projects/{work.project}/data"

    def submit(address: str, starts: str | None, *keys: str) -> None:
        page.goto(address)
        page.wait_for_selector(".gw-article .lsf-richtext__line")
        page.wait_for_selector(".gw-form")
        if starts:
            page.wait_for_selector(f".gw-form label:has(input:checked):has-text('{starts}')")
        else:
            assert page.locator(".gw-form input:checked").count() == 0
        for key in keys:
            page.keyboard.press(key)
        with page.expect_response(lambda r: "/annotations" in r.url and r.request.method == "POST") as answered:
            page.keyboard.press("Control+Enter")
        assert answered.value.status == 201

    hotkeys = {label.name: label.hotkey or "" for label in SCHEME.questions[0].labels}
    submit(f"{base}?labeling=1", predicted[0])
    submit(f"{base}?labeling=1", predicted[1], hotkeys["none"])
    opened = f"{base}?task={work.numbers[work.units[2]]}"
    page.goto(opened)
    page.wait_for_selector(".gw-form label:has(input:checked):has-text('none')")
    with page.expect_response(lambda r: "/drafts" in r.url and r.request.method == "POST") as kept:
        page.keyboard.press(hotkeys["favor"])
    assert kept.value.status == 201
    submit(opened, "favor")
    submit(f"{base}?task={work.numbers[work.units[3]]}", None, hotkeys["favor"])

    exchange.pull_round(work.study, "r", client=work.client)
    stages.build(work.study)
    votes = {row["unit_id"]: row for row in work.study.read("votes").to_pylist()}
    number = {unit: str(ids[work.numbers[unit]]) for unit in work.units[:3]}
    assert [votes[unit]["labels"] for unit in work.units] == [["favor"], ["none"], ["favor"], ["favor"]]
    began = {unit: votes[unit]["prediction_id"] for unit in work.units}
    assert began == {**{unit: f"m1#{number[unit]}" for unit in number}, work.units[3]: None}
    with pytest.raises(GoldwireError, match="3 predictions have changed that are in use"):
        work.send("none", "favor", "against", "favor")
    spans = work.study.read("vote_mentions").to_pylist()
    assert sorted((row["unit_id"], row["text"]) for row in spans) == sorted((u, QUOTE) for u in work.units[:3])
    stages.gold(work.study)
    stages.dataset(work.study)
    loaded = [
        row for path in (work.study.dataset / "votes").glob("*.parquet") for row in tables.read(path).to_pylist()
    ]
    assert {row["unit_id"]: row["prediction_id"] for row in loaded} == {
        unit: votes[unit]["prediction_id"] for unit in work.units
    }
