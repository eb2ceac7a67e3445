"""Label Studio on PostgreSQL: started, refused, labelled on, and moved to from SQLite. All articles are made up."""

import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from goldwire import studio
from goldwire.errors import GoldwireError
from goldwire.labels.server import connect
from goldwire.studio import environment, postgres, process, processes
from goldwire.studio.accounts import sign_up
from goldwire.studio.address import SQLITE, parse, remembered

pytestmark = pytest.mark.server

SCHEME = """
name: truce
version: 1.0.0
title: Truces
description: Whether there is a truce.
unit: document
questions:
  - name: truce
    text: Is there a truce
    labels: [{name: TRUCE, definition: There is one.}, {name: NONE, definition: There is none., role: negative}]
mentions:
  - name: trigger
    text: Mark it
    kind: event
    labels: [{name: SIGN, definition: They sign.}]
"""
TEXTS = [
    "A truce 😀👩‍👩‍👧 was signed by both sides of the river",
    "Plain words about harvest and weather in the north",
    "قالت الوزيرة إنها «لن تستقيل» اليوم ولا غدا من منصبها",
    'Backslash \\ and \\u0041 and quotes " beside a Cafx\u0301 on the square',
]
MADE_WITH_TABLES = ("django_migrations", "django_content_type", "auth_permission", "core_asyncmigrationstatus")
README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
MAKE, MOVE = (
    block.replace("postgresql://annotation@localhost/labels", "{database}")
    for block in re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
)
TOWARDS_POSTGRES = MOVE.replace('eval "$(goldwire studio up --export)"', "goldwire studio up --json")


@dataclass
class Started:
    """The server of this module, on a database that was empty."""

    server: studio.Server
    url: str
    said: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def started(cluster: Any, label_studio: studio.Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """Label Studio's first start on PostgreSQL; `label_studio` has built the environment."""
    cluster.sql("postgres", "CREATE DATABASE labels OWNER annotation")
    said: list[str] = []
    data = tmp_path_factory.mktemp("postgres") / "studio"
    url = cluster.url("labels", cluster.password)
    with studio.session(data, database=url, say=said.append) as server:
        yield Started(server, url, said)


@pytest.fixture(scope="module")
def tables(cluster: Any, started: Started) -> str:
    """A second database with the tables of the first and no rows; making them anew would take half a minute."""
    cluster.sql("postgres", "CREATE DATABASE moved OWNER annotation")
    only = [option for name in MADE_WITH_TABLES for option in ("-t", name)]
    for options in (["--schema-only"], ["--data-only", *only]):
        dump = cluster.run("pg_dump", "--no-comments", *options, "labels", user="annotation")
        cluster.run("psql", "-Xqv", "ON_ERROR_STOP=1", "moved", user="annotation", input=dump)
    return "moved"


class Labelling:
    """A study and the commands that a user types in it."""

    def __init__(self, root: Path, variables: dict[str, str]) -> None:
        self.root = root
        self.variables = variables

    def __call__(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "goldwire", *arguments]
        done = subprocess.run(
            command, cwd=self.root, env=self.variables, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def on(self, url: str, key: str) -> None:
        self.variables = {**self.variables, "LABEL_STUDIO_URL": url, "LABEL_STUDIO_API_KEY": key}

    def pulled(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self("labels", "pull", "r", "--json"))
        return told

    def tasks(self) -> dict[str, dict[str, Any]]:
        """The newest pulled state of each task that a part has, by its article."""
        found: dict[str, dict[str, Any]] = {}
        for path in sorted((self.root / "labels" / "rounds" / "r" / "pulls").glob("part-*.jsonl")):
            for line in path.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                if "unit_id" in row.get("data", {}):
                    found[row["data"]["unit_id"].split("/")[0]] = row
        return found


@pytest.fixture(scope="module")
def made(no_network: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with a round, not sent yet. Copy it to send it."""
    folder = tmp_path_factory.mktemp("made")
    Labelling(folder, no_network)("init", "study")
    lines = [json.dumps({"id": f"a{number}", "text": text}) + "\n" for number, text in enumerate(TEXTS)]
    (folder / "articles.jsonl").write_text("".join(lines), encoding="utf-8")
    (folder / "study" / "labels" / "schemes" / "truce.yaml").write_text(SCHEME, encoding="utf-8")
    study = Labelling(folder / "study", no_network)
    study("corpus", "import", "../articles.jsonl")
    study("labels", "tasks", "r", "--scheme", "truce")
    return folder / "study"


def answer(text: str, words: str) -> list[dict[str, Any]]:
    start = text.index(words)
    value = {"start": start, "end": start + len(words), "text": words, "labels": ["SIGN"]}
    return [
        {"id": "c1", "from_name": "truce", "to_name": "text", "type": "choices", "value": {"choices": ["TRUCE"]}},
        {"id": "m1", "from_name": "trigger", "to_name": "text", "type": "labels", "value": value},
    ]


def rows(cluster: Any, database: str) -> list[str]:
    """All that it stores, without the key that pg_dump makes up for each dump."""
    dump = cluster.run("pg_dump", "--data-only", database)
    return [line for line in dump.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))]


def holding(secret: str, folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]


def test_the_readme_says_how_to_make_a_database(cluster: Any) -> None:
    createdb, up = MAKE.splitlines()
    program, *arguments = shlex.split(createdb)
    assert arguments[:4] == ["--host", "localhost", "--username", "postgres"]
    cluster.run(program, *arguments[4:-1], "readme")
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'readme'"
    assert cluster.sql("readme", owner) == ["annotation"]
    assert up == "goldwire studio up --database {database}"


def test_the_first_start_makes_the_tables_and_keeps_no_password(started: Started, cluster: Any) -> None:
    data = started.server.data
    address = cluster.url("labels")
    assert started.said == [
        f"making the tables of Label Studio in {address} (once, about half a minute; longer over a network)",
        f"starting Label Studio on {started.server.url}",
    ]
    assert not (data / SQLITE).exists()
    assert studio.stored(data) == address
    assert holding(cluster.password, data) == []
    assert cluster.password.encode() not in (Path("/proc") / str(started.server.pid) / "cmdline").read_bytes()
    assert studio.up(data) == started.server
    assert cluster.sql("labels", "SELECT email FROM htx_user") == [started.server.email]


def test_a_round_goes_there_and_comes_back_whole(
    started: Started, made: Path, no_network: dict[str, str], tmp_path: Path
) -> None:
    study = Labelling(Path(shutil.copytree(made, tmp_path / "study")), no_network)
    study.on(started.server.url, started.server.api_key)
    pushed = json.loads(study("labels", "push", "r", "--json"))
    assert (pushed["created"], pushed["updated"], pushed["unchanged"]) == (4, 0, 0)

    anna = connect(started.server.url, sign_up(started.server, "anna@example.org", "a-long-password-7"))
    ids = {task["data"]["text"]: task["id"] for task in anna.tasks(pushed["project"])}
    assert ids.keys() == set(TEXTS)
    result = answer(TEXTS[0], "was signed")
    anna.submit(ids[TEXTS[0]], result, lead_time=12.345678)
    assert (study.pulled()["new"], study.pulled()["part"]) == (1, None)
    (back,) = study.tasks()["a0"]["annotations"]
    assert (back["result"], back["lead_time"]) == (result, 12.345678)
    again = json.loads(study("labels", "push", "r", "--json"))
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 4)


def test_another_folder_on_the_same_database_signs_in_with_an_account_of_its_own(
    started: Started, tmp_path: Path
) -> None:
    python, address = environment.ensure(), parse(started.url)
    first = process._ready(python, tmp_path, address, None)
    assert first["email"].startswith("admin-")
    assert process._ready(python, tmp_path, address, None) == first
    clash = {"email": started.server.email, "password": "x" * 16, "api_key": "0" * 40}
    (tmp_path / "credentials.json").write_text(json.dumps(clash), encoding="utf-8")
    assert process._ready(python, tmp_path, address, None)["email"] not in {started.server.email, first["email"]}


@pytest.mark.parametrize(
    ("database", "password", "message"),
    [
        ("labels", None, "PostgreSQL asks for the password of annotation, and none was given"),
        ("labels", "wrong", "PostgreSQL refuses the password of annotation"),
        ("nowhere", "right", "there is no database nowhere"),
        ("somebodys", "right", "the database has tables, and not Label Studio's: invoices, sales"),
        ("closed", "right", "the user annotation may not make tables in the database closed"),
        ("ascii", "right", "the database has the encoding SQL_ASCII, and Label Studio needs UTF8"),
    ],
)
def test_a_database_that_cannot_be_used_is_refused_before_anything_starts(
    cluster: Any,
    label_studio: studio.Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    database: str,
    password: str | None,
    message: str,
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))  # no ~/.pgpass
    monkeypatch.delenv("PGPASSWORD", raising=False)
    made = {
        "somebodys": ["OWNER annotation", "CREATE TABLE sales (); CREATE TABLE invoices ()"],
        "closed": ["", "REVOKE CREATE ON SCHEMA public FROM public"],
        "ascii": ["OWNER annotation ENCODING SQL_ASCII TEMPLATE template0", "SELECT"],
    }.get(database)
    if made:
        cluster.sql("postgres", f"CREATE DATABASE {database} {made[0]}")
        cluster.sql(database, made[1])
    data = tmp_path / "studio"
    with pytest.raises(GoldwireError, match=message) as caught:
        studio.up(data, database=cluster.url(database, cluster.password if password == "right" else password))
    assert caught.value.where == cluster.url(database)
    assert cluster.password not in f"{caught.value} {caught.value.hint}"
    assert [path.name for path in data.iterdir()] == [".lock"]


def test_a_server_that_does_not_answer_is_named(label_studio: studio.Server, tmp_path: Path) -> None:
    with pytest.raises(GoldwireError, match="PostgreSQL cannot be used: Connection refused") as caught:
        studio.up(tmp_path, database="postgresql://anna@127.0.0.1:1/labels")
    assert caught.value.where == "postgresql://anna@127.0.0.1:1/labels"


def test_the_password_may_stand_in_pgpass(
    started: Started, cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("PGPASSWORD", raising=False)
    escaped = cluster.password.replace(":", "\\:")
    (tmp_path / ".pgpass").write_text(f"127.0.0.1:*:labels:annotation:{escaped}\n", encoding="utf-8")
    (tmp_path / ".pgpass").chmod(0o600)
    found = postgres.look(environment.ensure(), tmp_path, parse(cluster.url("labels")))
    assert (found["tables"], found["users"] > 0) == (True, True)


def test_a_move_that_cannot_be_is_refused_and_changes_nothing(
    started: Started, cluster: Any, tables: str, tmp_path: Path
) -> None:
    empty, target = tmp_path / "empty", cluster.url(tables, cluster.password)
    empty.mkdir()
    with pytest.raises(GoldwireError, match="there is nothing to move"):
        studio.move(empty, target)
    with pytest.raises(GoldwireError, match=r"this folder stores in postgresql://.* already"):
        studio.move(started.server.data, target)

    kept = environment.ensure().parents[1] / "goldwire-empty.sqlite3"
    shutil.copyfile(kept, empty / SQLITE)
    with pytest.raises(
        GoldwireError, match=r"nothing was moved: the PostgreSQL database has rows already, in "
    ) as caught:
        studio.move(empty, started.url)
    assert caught.value.where == str(empty / SQLITE)

    running = {"url": "", "api_key": "", "email": "", "password": "", "data": str(empty), "pid": os.getpid()}
    record = empty / "server.json"
    record.write_text(json.dumps({**running, "started": processes.started(os.getpid())}), encoding="utf-8")
    with pytest.raises(GoldwireError, match="the server runs"):
        studio.move(empty, target)
    record.unlink()

    before = rows(cluster, tables)
    with sqlite3.connect(empty / SQLITE) as database:
        database.execute("INSERT INTO auth_group (name) VALUES ('readers'), (?)", ("a\0b",))
    database.close()
    with pytest.raises(
        GoldwireError, match=r"nothing was moved: PostgreSQL does not take a row of auth_group: .*NUL"
    ):
        studio.move(empty, target)
    assert rows(cluster, tables) == before
    with sqlite3.connect(empty / SQLITE) as database:
        database.execute("DELETE FROM django_migrations WHERE app = 'webhooks'")
    database.close()
    with pytest.raises(GoldwireError, match=r"nothing was moved: .* another version of Label Studio"):
        studio.move(empty, target)
    assert remembered(empty) is None


def test_a_sqlite_project_moves_with_its_ids_and_is_labelled_on(
    cluster: Any, tables: str, made: Path, no_network: dict[str, str], tmp_path: Path
) -> None:
    study = Labelling(Path(shutil.copytree(made, tmp_path / "study")), {**no_network, "PGPASSWORD": cluster.password})
    data = study.root / ".goldwire" / "studio"
    try:
        old = studio.up(data)
        study.on(old.url, old.api_key)
        project = json.loads(study("labels", "push", "r", "--json"))["project"]
        anna_key = sign_up(old, "anna@example.org", "a-long-password-7")
        anna = connect(old.url, anna_key)
        ids = {task["data"]["text"]: task["id"] for task in anna.tasks(project)}
        result = answer(TEXTS[0], "was signed")
        first = anna.submit(ids[TEXTS[0]], result, lead_time=2.5)
        deleted = anna.submit(ids[TEXTS[1]], [], skipped=True)
        signed_in = {"Authorization": f"Token {old.api_key}"}
        uploaded = {"upload": ("more.json", json.dumps([{"text": "uploaded"}]))}
        requests.post(
            f"{old.url}/api/projects/{project}/import", headers=signed_in, files=uploaded, timeout=60
        ).raise_for_status()
        requests.delete(f"{old.url}/api/annotations/{deleted}", headers=signed_in, timeout=60).raise_for_status()
        assert study.pulled()["new"] == 1
        exported = anna.tasks(project)

        *before, up = TOWARDS_POSTGRES.format(database=cluster.url(tables)).splitlines()
        told = [study(*line.split()[1:]) for line in before]
        assert told[1].endswith(f" tables to {cluster.url(tables)}: 1 projects, 5 tasks, 1 annotations.\n")
        new = json.loads(study(*up.split()[1:]))
        assert (new["api_key"], new["database"]) == (old.api_key, cluster.url(tables))
        assert holding(cluster.password, data) == []

        study.on(new["url"], new["api_key"])
        anna = connect(new["url"], anna_key)
        assert anna.tasks(project) == exported
        (file,) = requests.get(
            f"{new['url']}/api/projects/{project}/file-uploads?all=true", headers=signed_in, timeout=60
        ).json()
        sent = requests.get(f"{new['url']}/data/{file['file']}", headers=signed_in, timeout=60)
        assert sent.json() == [{"text": "uploaded"}]
        assert study.pulled()["part"] is None
        assert json.loads(study("labels", "push", "r", "--json"))["unchanged"] == 4
        fresh = anna.submit(ids[TEXTS[2]], answer(TEXTS[2], "اليوم"))
        assert fresh > deleted > first
        pulled = study.pulled()
        assert (pulled["annotations"], pulled["new"], pulled["changed"], pulled["deleted"]) == (2, 1, 0, 0)
        (back,) = study.tasks()["a2"]["annotations"]
        assert (back["id"], back["result"]) == (fresh, answer(TEXTS[2], "اليوم"))
        assert study.tasks()["a0"]["annotations"][0]["result"] == result
    finally:
        studio.down(data)
    assert cluster.sql(tables, "SELECT count(*) FROM task_completion") == ["2"]
