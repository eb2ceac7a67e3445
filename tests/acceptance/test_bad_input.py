"""Bad input ends in one message that says what to do next, exit code 1, and every file of the study as it was."""

import json
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from goldwire import studio, template
from goldwire.files import sha256

Run = Callable[..., "subprocess.CompletedProcess[str]"]

ARTICLES = '{"id": "one", "text": "Torr met Haas."}\n{"id": "two", "text": "It rained in Lunde."}\n'
SCHEME = """\
name: twice
version: 1.0.0
title: Twice
description: A label stands twice.
unit: document
questions:
  - name: mood
    text: What is the mood?
    labels:
      - {name: calm, definition: Calm.}
      - {name: tense, definition: Tense.}
      - {name: calm, definition: Calm again.}
"""
FORMATS = (
    "parquet, warc, label-studio, semeval-xml, feed, lexisnexis, html, json, jsonl, csv, tsv, markdown, txt, dataset"
)


def tree(root: Path) -> dict[str, str]:
    """Every file and folder under `root`, with the hash of a file's bytes."""
    return {str(path.relative_to(root)): sha256(path) if path.is_file() else "" for path in sorted(root.rglob("*"))}


@pytest.fixture(scope="module")
def made(goldwire: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with two articles and a round about them."""
    folder = tmp_path_factory.mktemp("made")
    root = template.create(folder / "study").root
    (folder / "articles.jsonl").write_text(ARTICLES, encoding="utf-8")
    goldwire(root, "corpus", "import", "../articles.jsonl")
    goldwire(root, "labels", "tasks", "events", "--scheme", "event-plover")
    return root


@pytest.fixture
def study(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(made, tmp_path / "study"))


def refused(goldwire: Run, root: Path, *arguments: str, **environment: str) -> str:
    """Run a command that must fail with 1 and leave everything as it was; return what it says on stderr."""
    before = tree(root)
    ended = goldwire(root, *arguments, code=1, **environment)
    assert tree(root) == before
    for secret in (environment.get("LABEL_STUDIO_API_KEY"), "hidden"):
        assert secret is None or secret not in ended.stdout + ended.stderr
    said: str = ended.stderr
    assert len(said.splitlines()) == 2
    return said


# articles


def test_a_file_that_is_not_text_is_named_with_its_first_bad_byte(goldwire: Run, study: Path) -> None:
    (study.parent / "bad.txt").write_bytes(b"Torr met\nHaas \xff\xfe\x00 in Lunde.\x81")
    assert refused(goldwire, study, "corpus", "import", "../bad.txt") == (
        "Error: ../bad.txt:2: text: is not UTF-8 (byte 0xFF); convert the file to UTF-8\n"
        "Hint: Nothing was written. Mend it, then import it again.\n"
    )


def test_of_several_bad_records_the_first_is_named_and_the_others_are_counted(goldwire: Run, study: Path) -> None:
    (study.parent / "bad.jsonl").write_text('{"id": "three"}\n[]\nno\n', encoding="utf-8")
    assert refused(goldwire, study, "corpus", "import", "../bad.jsonl") == (
        'Error: ../bad.jsonl:1: text: there is no column "text", only: id (and 2 more)\n'
        "Hint: Nothing was written. Mend it, then import it again.\n"
    )


def test_a_file_that_cannot_be_opened_is_named(goldwire: Run, study: Path) -> None:
    (study.parent / "gone.txt").symlink_to(study.parent / "nowhere")
    assert refused(goldwire, study, "corpus", "import", "../gone.txt") == (
        "Error: ../gone.txt: file: cannot be read: No such file or directory\n"
        "Hint: Check that the file can be read.\n"
    )


def test_a_path_that_is_not_there_costs_nothing(goldwire: Run, study: Path) -> None:
    (study.parent / "good.txt").write_text("Good news from Lunde.", encoding="utf-8")
    assert refused(goldwire, study, "corpus", "import", "../good.txt", "../nowhere") == (
        "Error: ../nowhere: the path is not there\nHint: Check the spelling.\n"
    )


def test_a_folder_without_readable_files_is_named(goldwire: Run, study: Path) -> None:
    (study.parent / "pictures").mkdir()
    (study.parent / "pictures" / "a.png").write_bytes(b"\x89PNG")
    assert refused(goldwire, study, "corpus", "import", "../pictures") == (
        "Error: ../pictures: there is no article in it (skipped: no reader for .png (1 files))\n"
        f"Hint: Name the format with --format: {FORMATS}.\n"
    )


def test_a_malformed_line_in_the_middle_costs_itself_only(goldwire: Run, study: Path) -> None:
    (study.parent / "more.jsonl").write_text(
        '{"id": "three", "text": "Three."}\n{"id": "four", "text": \n{"id": "five", "text": "Five."}\n',
        encoding="utf-8",
    )
    reject = "  ../more.jsonl:2: line: is not valid JSON: Expecting value at character 23\n"
    ended = goldwire(study, "corpus", "import", "../more.jsonl")
    assert (ended.stdout, ended.stderr) == ("3 read, 2 written, 0 already there, 1 rejected\n" + reject, "")
    there = tree(study)
    again = goldwire(study, "corpus", "import", "../more.jsonl", "--strict", code=3)
    assert again.stdout == "3 read, 0 written, 2 already there, 1 rejected\n" + reject
    assert again.stderr == (
        "Error: 1 rejected\nHint: The list names them. Mend them, then import again: what is there already stays.\n"
    )
    assert tree(study) == there
    assert json.loads(goldwire(study, "corpus", "stats", "--json").stdout)["articles"] == 4


# schemes


def test_a_scheme_with_a_label_that_stands_twice_is_refused_with_file_and_line(goldwire: Run, study: Path) -> None:
    file = study / "labels" / "schemes" / "twice.yaml"
    file.write_text(SCHEME, encoding="utf-8")
    wanted = (
        f'Error: {file.resolve()}:12: questions.0.labels.2: label "calm" stands twice in question "mood"\n'
        "Hint: Mend the scheme, then check it with: goldwire labels scheme validate FILE\n"
    )
    assert refused(goldwire, study, "labels", "tasks", "moods", "--scheme", "twice") == wanted
    assert refused(goldwire, study, "labels", "scheme", "validate", "twice") == wanted


# the server


@pytest.mark.parametrize("command", ["push", "pull"])
def test_a_missing_server_is_named(goldwire: Run, study: Path, command: str) -> None:
    with socket.socket() as taken:  # bound and not listening: nobody else answers there meanwhile
        taken.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        said = refused(
            goldwire,
            study,
            *("labels", command, "events"),
            LABEL_STUDIO_URL=f"http://{place}/",
            LABEL_STUDIO_API_KEY="0123456789abcdef0123456789abcdef01234567",
        )
    assert said == (
        f"Error: http://{place}: Label Studio does not answer (the connection is refused)\n"
        "Hint: Start it, or mend LABEL_STUDIO_URL. To try goldwire on a local one: goldwire studio up\n"
    )


def test_a_password_in_the_address_is_refused_and_never_shown(goldwire: Run, study: Path) -> None:
    given = {"LABEL_STUDIO_URL": "http://admin:hidden@127.0.0.1:9/", "LABEL_STUDIO_API_KEY": "0" * 40}
    assert refused(goldwire, study, "labels", "push", "events", **given) == (
        "Error: http://127.0.0.1:9: LABEL_STUDIO_URL has a name or password in it, which would be sent in place of "
        "the API key\nHint: Set it to http://127.0.0.1:9\n"
    )


@pytest.mark.parametrize("command", ["push", "pull"])
def test_a_server_that_was_not_named_is_asked_for(goldwire: Run, study: Path, command: str) -> None:
    assert refused(goldwire, study, "labels", command, "events") == (
        "Error: LABEL_STUDIO_URL is not set\n"
        "Hint: Set it to the server's address, such as http://localhost:8080. To try goldwire: goldwire studio up\n"
    )


@pytest.mark.server
@pytest.mark.parametrize(
    "token",
    [
        "0123456789abcdef0123456789abcdef01234567",
        # a refresh token in form, signed by nobody that the server knows
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0b2tlbl90eXBlIjoicmVmcmVzaCIsImV4cCI6NDA3MDkwODgwMCwidXNlcl9pZCI6IjEifQ"
        ".c2lnbmVkIGJ5IG5vYm9keQ",
    ],
    ids=["legacy", "personal"],
)
@pytest.mark.parametrize("command", ["push", "pull"])
def test_a_wrong_token_is_refused_and_never_shown(
    goldwire: Run, study: Path, label_studio: studio.Server, command: str, token: str
) -> None:
    environment = {"LABEL_STUDIO_URL": label_studio.url, "LABEL_STUDIO_API_KEY": token}
    assert refused(goldwire, study, "labels", command, "events", **environment) == (
        f"Error: {label_studio.url}: Label Studio refuses the API key\n"
        "Hint: Copy a personal access token from the server's Account & Settings into LABEL_STUDIO_API_KEY. "
        "Legacy tokens work only where the organisation allows them.\n"
    )


def test_a_mistyped_token_is_refused_before_anything_is_sent(goldwire: Run, study: Path) -> None:
    given = {"LABEL_STUDIO_URL": "http://127.0.0.1:9", "LABEL_STUDIO_API_KEY": "a word and a blank"}
    assert refused(goldwire, study, "labels", "pull", "events", **given) == (
        "Error: LABEL_STUDIO_API_KEY is not a key of Label Studio: it has characters that no key has\n"
        "Hint: Copy the token alone, without quotation marks, blanks or a word before it.\n"
    )


class Pushed:
    """The study's round on the server, and what an administrator does there with the mouse."""

    def __init__(self, goldwire: Run, root: Path, server: studio.Server, environment: dict[str, str]) -> None:
        self.goldwire, self.root, self.server, self.environment = goldwire, root, server, environment
        shutil.rmtree(root / "labels" / "rounds" / "events")  # a copied round would have the mark of the others
        self.run("labels", "tasks", "events", "--scheme", "event-plover")
        self.project = self.run("labels", "push", "events")["project"]

    def run(self, *arguments: str) -> Any:
        ended = self.goldwire(self.root, *arguments, "--json", **self.environment)
        assert self.server.api_key not in ended.stdout + ended.stderr
        return json.loads(ended.stdout)

    def refused(self, *arguments: str) -> str:
        return refused(self.goldwire, self.root, *arguments, **self.environment)

    def delete_project(self) -> None:
        headers = {"Authorization": f"Token {self.server.api_key}"}
        url = f"{self.server.url}/api/projects/{self.project}/"
        requests.delete(url, headers=headers, timeout=60).raise_for_status()


@pytest.fixture
def pushed(goldwire: Run, study: Path, label_studio: studio.Server, server_environment: dict[str, str]) -> Pushed:
    return Pushed(goldwire, study, label_studio, server_environment)


@pytest.mark.server
def test_a_project_that_was_deleted_before_the_first_pull_is_asked_for(pushed: Pushed) -> None:
    pushed.delete_project()
    assert pushed.refused("labels", "pull", "events") == (
        f"Error: {pushed.server.url}: no project belongs to round events\n"
        "Hint: Make it with: goldwire labels push events\n"
    )
    assert pushed.refused("labels", "pull", "events", "--project", str(pushed.project)) == (
        f"Error: {pushed.server.url}: cannot read project {pushed.project}: it is not there\n"
        "Hint: It was deleted, or LABEL_STUDIO_URL names another server, or the key is of another organisation.\n"
    )
    again = pushed.run("labels", "push", "events")
    assert (again["created"], again["project"] != pushed.project) == (2, True)
    assert pushed.run("labels", "pull", "events")["tasks"] == 2


@pytest.mark.server
def test_a_project_that_was_deleted_after_a_pull_leaves_what_was_pulled(pushed: Pushed) -> None:
    pushed.run("labels", "pull", "events")
    pushed.run("labels", "build")
    pushed.delete_project()
    gone = (
        f"Error: {pushed.server.url}: project {pushed.project}, from which round events was pulled before, "
        "is not there any more\n"
        "Hint: What was pulled is safe in the round's pulls/. See that LABEL_STUDIO_URL names the same server; "
        "if the project was deleted, go on in a new round.\n"
    )
    assert pushed.refused("labels", "pull", "events") == gone
    before = tree(pushed.root)
    pushed.run("labels", "build")
    assert tree(pushed.root) == before


@pytest.mark.server
def test_no_project_is_made_whose_answers_could_not_be_pulled(pushed: Pushed) -> None:
    pushed.run("labels", "pull", "events")
    pushed.delete_project()
    assert "is not there any more" in pushed.refused("labels", "push", "events")
