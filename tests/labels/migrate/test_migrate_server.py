"""A migration in place, against a real Label Studio with two annotators."""

import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from certificate import self_signed
from goldwire import studio
from goldwire.cli import labels_migrate
from goldwire.errors import GoldwireError
from goldwire.files import write_text
from goldwire.labels import parts, rounds
from goldwire.labels.interface import config
from goldwire.labels.migrate import in_place
from goldwire.labels.migrate.chain import migrations, schemes_of_round
from goldwire.labels.migrate.command import migrate
from goldwire.labels.migrate.settle import settle
from goldwire.labels.server import Client
from goldwire.scheme import parse
from migrating_desk import LINK, NEW, NOTE, OLD, SAID, SPANS, Desk, StopMidwayError, choice, stop
from proxy import Proxy

pytestmark = pytest.mark.server


@pytest.fixture
def desk(tmp_path: Path, admin: Client, anna: Client, bert: Client) -> Desk:
    return Desk(tmp_path, admin, anna, bert)


def kept(annotation: dict[str, Any]) -> dict[str, Any]:
    return {key: annotation[key] for key in annotation if key not in ("result", "updated_at", "updated_by")}


def test_answers_and_page_change_and_nothing_else(desk: Desk) -> None:
    desk.decide()
    before = desk.server()
    done = desk.migrate()
    assert (done["projects"], done["rewritten"], done["cleared"], done["meanwhile"]) == ([desk.project], 4, [], [])
    assert desk.result("a1") == [
        choice("main", "FIGHT"),
        choice("flags", "b", "a"),
        {**SPANS[0], "value": {**SPANS[0]["value"], "labels": ["person"]}},
        choice("role_person", "leader", region="m1"),
        SPANS[2],
        {**LINK, "labels": ["in"]},
        NOTE,
    ]
    assert desk.result("a2") == [choice("main", "MEET")]
    assert desk.result("b1") == [choice("main", "NOTHING")]
    after = desk.server()
    assert {number: kept(one) for number, one in after.items()} == {n: kept(one) for n, one in before.items()}
    for name in ("b2", "c1"):  # nothing in them changes, so they are not touched
        assert after[desk.given[name]] == before[desk.given[name]]
    (guess,) = desk.admin.tasks(desk.project)[desk.order("b")]["predictions"]
    assert (guess["result"], guess["model_version"], guess["score"]) == ([choice("main", "NOTHING")], "m", 0.5)
    new = parse(NEW, "little.yaml")
    assert after[desk.given["b1"]]["parent_prediction"] == guess["id"]
    assert after[desk.given["a2"]]["updated_by"] == desk.admin.whoami()[0]  # the one thing that tells who did it
    assert desk.page() == config(new).strip()

    round_ = rounds.read(desk.folder)
    assert (round_.scheme_version, round_.scheme_hash) == ("2.0.0", new.hash)
    assert list(schemes_of_round(desk.study, "r")) == [new.hash, parse(OLD, "little.yaml").hash]
    headers = [parts.read(path).header["scheme_hash"] for path in parts.listing(desk.folder / "pulls")]
    assert headers == [parse(OLD, "little.yaml").hash, new.hash]
    first = parts.state([parts.read(parts.listing(desk.folder / "pulls")[0])])[desk.task["a"]]
    assert parts.live(first)[desk.given["a1"]]["result"][0] == choice("event", "MEET")
    assert [row["labels"] for row in desk.votes().to_pylist() if row["question"] == "main"] == [
        ["FIGHT"],
        ["MEET"],
        ["NOTHING"],
        [],
        [],
    ]
    assert not in_place.unfinished(desk.folder)
    with pytest.raises(GoldwireError, match=r"asks little 2\.0\.0 already"):
        desk.migrate()


@pytest.mark.parametrize(("call", "acted"), [(1, True), (3, False), (3, True), (6, True)])
def test_an_interruption_anywhere_is_mended_by_running_again(
    desk: Desk, call: int, acted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seven requests change the server: both pages, three answers and a prediction, the counts, the new page."""
    desk.decide()
    request, made = Client.request, 0

    def stopping(self: Client, what: str, method: str, path: str, **options: Any) -> bytes:
        nonlocal made
        made += method != "GET" and not path.endswith("exports/")
        if made == call and not acted:
            raise StopMidwayError
        answer = request(self, what, method, path, **options)
        if made == call and method != "GET":
            raise StopMidwayError
        return answer

    monkeypatch.setattr(Client, "request", stopping)
    with pytest.raises(StopMidwayError):
        desk.migrate()
    monkeypatch.undo()
    _finish(desk)


def test_an_interruption_between_the_files_of_the_round_is_mended(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.decide()

    def stopping(*_: object) -> None:
        raise StopMidwayError

    monkeypatch.setattr(rounds, "write", stopping)
    with pytest.raises(StopMidwayError):
        desk.migrate()
    monkeypatch.undo()
    _finish(desk)


def _finish(desk: Desk) -> None:
    with pytest.raises(GoldwireError, match="was interrupted") as caught:
        migrate(desk.study, "r")
    assert caught.value.hint == "Finish it with: goldwire labels migrate r --in-place"
    desk.migrate()
    assert [desk.result(name)[0] for name in ("a1", "a2", "b1")] == [
        choice("main", "FIGHT"),
        choice("main", "MEET"),
        choice("main", "NOTHING"),
    ]
    assert desk.page() == config(parse(NEW, "little.yaml")).strip()
    assert desk.votes().num_rows == 10
    assert list(schemes_of_round(desk.study, "r")) == [parse(text, "").hash for text in (NEW, OLD)]


def test_what_cannot_be_done_is_refused_and_changes_nothing(desk: Desk, anna: Client) -> None:
    desk.decide(SAID.replace("NONE: NOTHING", "NONE: [NOTHING, MEET]"))
    before, page = desk.server(), desk.page()

    def refused(**options: Any) -> str:
        with pytest.raises(GoldwireError) as caught:
            desk.migrate(**options)
        assert caught.value.where
        assert caught.value.hint
        assert (desk.server(), desk.page()) == (before, page)
        assert not in_place.unfinished(desk.folder)
        return caught.value.message

    assert refused() == "1 answers must be given again under little 2.0.0: event: NONE"
    desk_path = desk.study.schemes / "migrations" / "little-1.0.0-2.0.0.yaml"
    said = desk_path.read_text(encoding="utf-8")
    write_text(desk_path, said.replace("at: in", "at: [in, in]"))
    assert refused(clear=True).startswith("relation must be answered again")
    write_text(desk_path, said)
    begin(anna, desk.task["d"], choice("event", "NONE"))
    assert refused(clear=True).startswith(
        f"somebody has begun an answer with labels that change, and not submitted it: tasks {desk.task['d']}"
    )


def test_an_answer_to_give_again_is_emptied_when_asked(desk: Desk) -> None:
    desk.decide(SAID.replace("NONE: NOTHING", "NONE: [NOTHING, MEET]"))
    done = desk.migrate(clear=True)
    assert (done["rewritten"], done["cleared"], done["again"]) == (
        4,
        ["b/document"],
        {"units": 1, "names": {"main": 1}},
    )
    assert desk.result("b1") == []


def test_what_somebody_changed_meanwhile_is_left_alone_or_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.decide()
    monkeypatch.setattr(in_place, "_rewrite", stop)
    with pytest.raises(StopMidwayError):
        desk.migrate()
    monkeypatch.undo()
    desk.change("b1", choice("main", "MEET"))
    desk.change("a2", choice("event", "NONE"))
    with pytest.raises(
        GoldwireError, match=f"annotation {desk.given['a2']} .* was changed while it was being rewritten"
    ) as caught:
        desk.migrate()
    assert caught.value.where == f"{desk.admin.url}: task {desk.task['a']}"
    desk.change("a2", choice("main", "NOTHING"))
    assert desk.migrate()["meanwhile"] == sorted([desk.given["a2"], desk.given["b1"]])
    assert [desk.result(name)[0]["value"]["choices"] for name in ("a1", "a2", "b1")] == [
        ["FIGHT"],
        ["NOTHING"],
        ["MEET"],
    ]


def test_the_answer_that_counts_stays_the_one_that_counts(desk: Desk, anna: Client) -> None:
    anna.submit(desk.task["b"], [choice("flags", "b")])  # later than b1, and nothing in it changes
    desk.decide()
    desk.migrate()
    rows = [row for row in desk.votes().to_pylist() if row["unit_id"] == "b/document" and row["counts"]]
    assert [(row["question"], row["labels"]) for row in rows] == [("main", []), ("flags", ["b"])]


def begin(client: Client, task: int, *result: dict[str, Any]) -> int:
    """Begin an answer, and do not submit it."""
    content = json.dumps({"result": list(result), "lead_time": 1}).encode()
    made: int = json.loads(client.request("begin", "POST", f"api/tasks/{task}/drafts", content=content))["id"]
    return made


def once(act: Callable[[], object]) -> Callable[[int], None]:
    """Return a progress that acts when the first answer has been rewritten."""

    def progress(number: int) -> None:
        if number == 1:
            act()

    return progress


def test_an_answer_that_comes_late_on_the_old_page_is_rewritten_or_named(desk: Desk, anna: Client) -> None:
    desk.decide(SAID.replace("at: in", "at: [in, in]"))
    desk.change("a1", choice("event", "MEET"))  # without the link, nothing has to be given again
    came: list[int] = []
    answers = [[choice("event", "NONE")], SPANS]

    def come() -> None:
        came.extend(anna.submit(desk.task["d"], result) for result in answers)

    with pytest.raises(GoldwireError, match="came while answers were being rewritten") as caught:
        desk.migrate(progress=once(come))
    assert caught.value.message.startswith(f"annotation {came[1]} (task {desk.task['d']}) ")
    assert caught.value.where == f"{desk.admin.url}: task {desk.task['d']}"
    assert caught.value.hint == "Give it an answer of the new scheme in Label Studio, then run this again."
    assert desk.page() != config(parse(NEW, "little.yaml")).strip()  # the answer is still to be seen
    assert desk.server()[came[1]]["result"] == SPANS
    assert in_place.unfinished(desk.folder)

    desk.given["late"] = came[1]
    desk.change("late", choice("main", "FIGHT"))
    desk.migrate()
    assert desk.server()[came[0]]["result"] == [choice("main", "NOTHING")]
    assert desk.server()[came[1]]["result"] == [choice("main", "FIGHT")]
    assert desk.page() == config(parse(NEW, "little.yaml")).strip()


def test_an_answer_that_is_begun_late_on_the_old_page_is_named(desk: Desk, anna: Client) -> None:
    desk.decide()
    drafts: list[int] = []

    def come() -> None:
        begin(anna, desk.task["c"], choice("flags", "b"))  # reads the same under both
        drafts.append(begin(anna, desk.task["d"], choice("event", "NONE")))

    with pytest.raises(GoldwireError, match="began an answer on the old page") as caught:
        desk.migrate(progress=once(come))
    assert caught.value.message.endswith(f": tasks {desk.task['d']}")
    assert caught.value.where == f"{desk.admin.url}: task {desk.task['d']}"
    anna.request("remove it", "DELETE", f"api/drafts/{drafts[0]}/")
    _finish(desk)


def test_no_pull_runs_meanwhile_and_the_two_of_the_migration_are_not_kept_waiting(desk: Desk) -> None:
    desk.decide()
    kept: list[bool] = []

    def locked() -> None:
        descriptor = os.open(desk.folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            kept.append(True)
        finally:
            os.close(descriptor)

    desk.migrate(progress=once(locked))
    assert kept == [True]
    assert len(parts.listing(desk.folder / "pulls")) == 2


def test_of_two_migrations_at_once_the_later_one_rewrites_nothing(desk: Desk) -> None:
    desk.decide()
    found = migrations(desk.study, "little")[0]
    desk.migrate()
    before = desk.server()
    with pytest.raises(GoldwireError, match="was migrated meanwhile") as caught:
        in_place.migrate_in_place(desk.study, "r", found, NEW, desk.admin, lambda: None)
    assert caught.value.hint
    assert desk.server() == before


def test_the_journal_names_nobody(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.decide()
    monkeypatch.setattr(in_place, "_rewrite", stop)
    with pytest.raises(StopMidwayError):
        desk.migrate()
    text = (desk.folder / in_place.JOURNAL).read_text(encoding="utf-8")
    assert "@" not in text
    assert len({json.loads(line)["by"] for line in text.splitlines()[1:]}) == 4  # anna, bert; anna; the model's


def test_what_was_not_pulled_is_not_rewritten(desk: Desk) -> None:
    desk.decide()
    with pytest.raises(GoldwireError, match="answers came or changed since they were pulled") as caught:
        next(settle(desk.folder, rounds.read(desk.folder), migrations(desk.study, "little")[0], desk.admin, False))
    assert caught.value.where == f"{desk.admin.url}: round r"
    assert caught.value.hint == "Run this again when nobody is labelling."


def test_a_round_that_was_not_pushed_says_what_to_do_first(desk: Desk) -> None:
    desk.decide()
    desk.admin.request("remove it", "DELETE", f"api/projects/{desk.project}/")
    with pytest.raises(GoldwireError, match="no project belongs to round r") as caught:
        next(settle(desk.folder, rounds.read(desk.folder), migrations(desk.study, "little")[0], desk.admin, False))
    assert (caught.value.where, caught.value.hint) == (desk.admin.url, "Push it first: goldwire labels push r")


def test_the_command_accepts_any_certificate_when_it_is_told_so(
    desk: Desk, label_studio: studio.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.decide()
    app = typer.Typer()
    labels_migrate.register(app)
    app.callback()(lambda: None)
    monkeypatch.chdir(desk.study.root)
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "tls").mkdir()
    with Proxy(label_studio.url, certificate=self_signed(tmp_path / "tls")) as proxy:
        monkeypatch.setenv("LABEL_STUDIO_URL", proxy.url)
        monkeypatch.setenv("LABEL_STUDIO_API_KEY", label_studio.api_key)
        refused = CliRunner().invoke(app, ["migrate", "r", "--in-place"])
        assert "signed by itself" in str(refused.exception)
        assert "--insecure" in str(refused.exception.hint)  # type: ignore[union-attr]
        run = CliRunner().invoke(app, ["migrate", "r", "--in-place", "--insecure", "--json"])
    assert run.exception is None
    assert run.stderr.startswith("Warning: the server's certificate is not checked")
    assert json.loads(run.stdout)["rewritten"] == 4
