"""Every command of the README, run in its order as a newcomer would.

What stands in for a newcomer: `pip install` and `make` are checked against pyproject.toml and the Makefile; the files
that the commands name are written before; and the people who label between push and pull submit through the API.
"""

import csv
import json
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
import requests

from goldwire import studio, tables
from goldwire.cli.reference import commands
from goldwire.demo import recorded
from goldwire.errors import GoldwireError
from goldwire.labels import rounds
from goldwire.labels.interface import controls
from goldwire.labels.server import connect
from goldwire.scheme import load
from goldwire.studio import environment
from goldwire.studio.accounts import sign_up
from goldwire.study import Study
from goldwire.text.normalise import normalise_line

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONSOLE = [
    line.removeprefix("$ ")
    for block in re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]
ARTICLES = 40
PEOPLE = {"annotator-01": "erika@newsroom.example", "annotator-02": "max@newsroom.example"}


class Shell:
    """One bash for all commands, so that `cd` and `eval` last."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self._bash = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=folder,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, command: str) -> str:
        """Run a command and return what it printed; it must exit with 0."""
        assert self._bash.stdin is not None
        assert self._bash.stdout is not None
        self._bash.stdin.write(f"{{ {command}\n}} </dev/null; echo; echo end-of-command $?\n")
        self._bash.stdin.flush()
        lines: list[str] = []
        for line in self._bash.stdout:
            if line.startswith("end-of-command"):
                break
            lines.append(line)
        else:
            pytest.fail(f"bash ended in: {command}\n{''.join(lines)}")
        printed = "".join(lines).removesuffix("\n")
        assert line == "end-of-command 0\n", f"{command}\n{printed}"
        return printed

    def close(self) -> None:
        self._bash.communicate(timeout=30)


@pytest.fixture
def newcomer(
    cannot_run: Callable[[str], NoReturn], no_network: dict[str, str], tmp_path: Path
) -> Iterator[tuple[Shell, Path]]:
    """A shell in an empty folder, with a home of its own; Label Studio's environment is there already."""
    try:
        built = environment.ensure().parent.parent
    except GoldwireError as error:
        cannot_run(f"Label Studio cannot be installed: {error}")
    home, folder = tmp_path / "home", tmp_path / "work"
    (home / "articles").mkdir(parents=True)
    folder.mkdir()
    own = {f"DVC_{name}_DIR": str(home / name) for name in ("SITE_CACHE", "GLOBAL_CONFIG", "SYSTEM_CONFIG")}
    env = {
        **no_network,
        **own,
        "HOME": str(home),
        "PATH": f"{Path(sys.executable).parent}:{no_network['PATH']}",
        "GOLDWIRE_STUDIO_ENV": str(built),
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_{what}": "newcomer" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        "DVC_NO_ANALYTICS": "1",
        "DVC_TEST": "true",
    }
    shell = Shell(folder, env)
    try:
        yield shell, folder
    finally:
        shell.close()
        studio.down(folder / "study" / ".goldwire" / "studio")


def articles() -> list[dict[str, Any]]:
    lines = (recorded.folder() / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines[:ARTICLES]]


def write_csv(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def write_articles(home: Path) -> None:
    columns = ("id", "text", "outlet", "url", "published_at", "language")
    rows = [{"headline": row["title"], **{name: row[name] for name in columns}} for row in articles()]
    write_csv(home / "articles" / "wire.csv", rows)


def write_tables(folder: Path) -> None:
    """pairs.csv of the study's articles, votes.csv of a crowd, predictions.csv of a model."""
    ids = {row["id"] for row in articles()}
    with (recorded.folder() / "pairs.csv").open(encoding="utf-8") as stream:
        pairs = [row for row in csv.DictReader(stream) if row["article_id"] in ids]
    write_csv(
        folder / "pairs.csv", [{name: row[name] for name in ("article_id", "holder", "target")} for row in pairs]
    )
    labels = ["favor", "against", "favor", "none", "against", "none"]
    votes = [
        {"task": f"t{at}", "worker": worker, "label": "none" if (at, worker) == (2, "w3") else label}
        for at, label in enumerate(labels)
        for worker in ("w1", "w2", "w3")
    ]
    write_csv(folder / "votes.csv", votes)
    predictions = [{"task": f"t{at}", "label": "favor" if at == 1 else label} for at, label in enumerate(labels)]
    write_csv(folder / "predictions.csv", predictions)


def label(study: Study, round_name: str) -> int:
    """Two people answer every task of a round, each under an account of their own; return how many tasks it has."""
    server = studio.status(study.root / ".goldwire" / "studio")
    assert server is not None
    keys = {name: sign_up(server, email, "a-long-password-7") for name, email in PEOPLE.items()}
    clients = {name: connect(server.url, key) for name, key in keys.items()}
    round_ = rounds.read(study.rounds / round_name)
    names = controls(load(round_.scheme))
    answers = {
        (answer.annotator, answer.article_id, one_line(answer.holder), one_line(answer.target)): answer
        for answer in recorded.load()
        if answer.scheme == round_.scheme
    }
    admin = connect(server.url, server.api_key)
    project = admin.projects(round_.id).get(None)
    assert project is not None
    tasks = admin.tasks(project.id)
    for task in tasks:
        unit = task["meta"]
        for name, client in clients.items():
            answer = answers[name, unit["article_id"], one_line(unit["holder"]), one_line(unit["target"])]
            client.submit(task["id"], recorded.result(answer, names, task["data"]["text"]))
    return len(tasks)


def one_line(name: str | None) -> str:
    return normalise_line(name or "")


def check_install(command: str) -> None:
    """`pip install` is not run: the extras must be those of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = re.fullmatch(r'pip install "\.\[([a-z,]+)\]"', command)
    assert found is not None, command
    assert set(found[1].split(",")) <= set(project["optional-dependencies"])


def check_make(target: str) -> None:
    assert re.search(rf"^{re.escape(target)}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE), target


@pytest.mark.server
@pytest.mark.dvc
@pytest.mark.timeout(1800)  # it is the whole way, on any machine
def test_every_command_of_the_readme_works_in_its_order(newcomer: tuple[Shell, Path]) -> None:
    shell, folder = newcomer
    study = Study(folder / "study")
    write_articles(folder.parent / "home")
    asked: dict[str, int] = {}
    printed: dict[str, str] = {}
    for command in CONSOLE:
        words = shlex.split(command)
        match words:
            case ["make", target]:
                check_make(target)
                continue
            case ["pip", "install", _]:
                check_install(command)
                continue
            case ["goldwire", "labels", "pull", name, *_]:
                asked[name] = label(study, name)
            case ["cd" | "git" | "dvc" | "goldwire", *_]:
                pass
            case ["eval", inner] if inner.startswith("$(goldwire "):
                pass
            case _:
                pytest.fail(f"the README has a command that this test does not know: {command}")
        printed[command] = shell.run(command)
        if words[:1] == ["cd"]:
            write_tables(study.root)
        if words[:3] == ["goldwire", "labels", "push"]:  # people find the page as the README says
            status = shell.run("goldwire studio status")
            address = re.findall(r"http://127\.0\.0\.1:\d+", status)[0]
            assert requests.get(f"{address}/health", timeout=30).json() == {"status": "UP"}
            assert re.search(r"Sign in as \S+@\S+ with password \S+", status)

    votes = tables.read(study.table("votes"), "votes").to_pylist()
    disputes = {command.split()[3] for command in CONSOLE if command.startswith("goldwire labels adjudicate")}
    assert set(asked) == {path.name for path in study.rounds.iterdir()} - disputes
    assert asked["events-1"] == ARTICLES
    for name, count in asked.items():
        units = {(row["annotator"], row["unit_id"]) for row in votes if row["round"] == name}
        assert len(units) == count * len(PEOPLE)
    assert {row["annotator"] for row in votes} == set(PEOPLE)
    assert study.report.is_file()
    assert studio.status(study.root / ".goldwire" / "studio") is None
    assert "0 rejected" in printed["goldwire corpus import ~/articles --map title=headline"]
    assert "0.833" in printed["goldwire eval score gold.csv predictions.csv --id task --label label"]  # 5 of 6
    load_inline(shell)


def load_inline(shell: Shell) -> None:
    """The one piece of Python in the README's text."""
    code = re.findall(r"`(datasets\.load_dataset\([^`]*\))`", README)
    assert len(code) == 1
    assert "train" in shell.run(f"python -c {shlex.quote(f'import datasets; print({code[0]})')}")


def test_every_command_named_in_the_text_exists() -> None:
    known = {command for command, _ in commands()}
    text = re.sub(r"^```.*?^```", "", README, flags=re.MULTILINE | re.DOTALL)
    for named in re.findall(r"`([^`]+)`", text):
        words = named.split()
        if words[0] == "goldwire":
            names = [word for word in words if not word.startswith("-")]
            assert " ".join(names) in known, named
            assert all(flag in dict(commands())[" ".join(names)] for flag in words if flag.startswith("--")), named
        elif words[0] == "make":
            check_make(words[1])
        elif words[0] == "dvc":  # tests/test_dvc.py runs them
            assert named in {"dvc repro", "dvc metrics show", "dvc plots show"}


def test_every_file_that_the_readme_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    missing = [link for link in links if not link.startswith("https://") and not (ROOT / link).exists()]
    assert missing == []
