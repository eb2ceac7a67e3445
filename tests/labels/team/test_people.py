"""`goldwire labels annotators`: what each command prints and writes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from goldwire import studio, tables
from goldwire.cli import labels_people
from goldwire.errors import GoldwireError
from goldwire.labels import rounds
from goldwire.labels.tasks import write_round
from goldwire.labels.team import annotators, assignments
from goldwire.labels.units import documents
from goldwire.scheme import load
from goldwire.study import Study

SERVER = ("LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY")


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """The study that commands run in: a round "r" of six documents, nobody known, no server named."""
    study = Study(tmp_path / "study")
    study.root.mkdir()
    study.params_file.write_text("", encoding="utf-8")
    rows = [{"article_id": f"a{number}", "title": "T", "text": f"T\n\nBody {number}."} for number in range(6)]
    articles = tables.build("articles", rows)
    write_round(study, "r", load("event-plover"), articles, documents(articles), overlap=2)
    monkeypatch.chdir(study.root)
    for name in SERVER:
        monkeypatch.delenv(name, raising=False)
    return study


def run(*arguments: str) -> tuple[str, str]:
    """Run `goldwire labels annotators ...`; return stdout and stderr, and raise what the command raises."""
    group = typer.Typer(name="labels")
    labels_people.register(group)
    app = typer.Typer()
    app.add_typer(group)
    app.callback()(lambda: None)
    found = CliRunner().invoke(app, ["labels", "annotators", *arguments], catch_exceptions=True)
    if found.exception is not None:
        raise found.exception
    return found.stdout, found.stderr


def listed(study: Study, text: str) -> str:
    path = study.root / "people.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_people_are_added_once(study: Study) -> None:
    path = listed(study, "email\nerika@example.org\nmax@example.org\n")
    assert run("add", path)[0] == "added: annotator-01, annotator-02; 2 annotators\n"
    text = study.annotators.read_text(encoding="utf-8")
    assert text == "email,pseudonym\nerika@example.org,annotator-01\nmax@example.org,annotator-02\n"
    assert json.loads(run("add", path, "--json")[0]) == {"added": [], "annotators": 2}
    assert study.annotators.read_text(encoding="utf-8") == text


def test_a_wrong_line_writes_nothing(study: Study) -> None:
    annotators.write(study.annotators, {"erika@example.org": "annotator-01"})
    before = study.annotators.read_bytes()
    with pytest.raises(GoldwireError, match=r"people\.csv:3: the e-mail address is not one"):
        run("add", listed(study, "email\nmax@example.org\nmax\n"))
    assert study.annotators.read_bytes() == before


def test_a_list_has_rounds_and_units_and_addresses_only_when_asked(study: Study) -> None:
    annotators.write(study.annotators, {f"{who}@example.org": who for who in ("anna", "bert", "cora")})
    run("assign", "r", "--annotator", "anna", "--annotator", "bert")
    out, _ = run("list")
    assert out.splitlines() == [
        "pseudonym  account  units  rounds",
        "anna             -      6  r",
        "bert             -      6  r",
        "cora             -      0  -",
    ]
    value = json.loads(run("list", "--json")[0])["annotators"]
    assert value[0] == {"pseudonym": "anna", "account": None, "rounds": {"r": 6}, "units": 6}
    assert "anna@example.org" in run("list", "--emails")[0]
    assert json.loads(run("list", "--emails", "--json")[0])["annotators"][2]["email"] == "cora@example.org"


def test_the_number_of_an_account_is_not_printed_as_an_address(study: Study) -> None:
    annotators.write(study.annotators, {"anna@example.org": "anna", annotators.numbered(7, 12): "annotator-02"})
    value = json.loads(run("list", "--emails", "--json")[0])["annotators"]
    assert [(row["pseudonym"], row["email"], row["account"]) for row in value] == [
        ("anna", "anna@example.org", None),
        ("annotator-02", None, None),
    ]
    assert run("list", "--emails")[0].splitlines()[2].split() == ["annotator-02", "-", "-", "0", "-"]


def test_a_round_is_assigned_and_changed(study: Study) -> None:
    annotators.write(study.annotators, {f"{who}@example.org": who for who in ("anna", "bert", "cora")})
    dry, _ = run("assign", "r", "--annotator", "anna", "--annotator", "bert", "--dry-run")
    assert assignments.read(study.rounds / "r") == {}
    out, err = run("assign", "r", "--annotator", "anna", "--annotator", "bert")
    assert (out, err) == (dry, "")
    assert out.splitlines() == [
        "annotator  assigned  answered  left",
        "anna              6         0     6",
        "bert              6         0     6",
    ]
    out, err = run("assign", "r", "--leave", "bert", "--json")
    assert err == "Warning: bert has left, and 6 of their units stay open: everybody else has them\n"
    assert json.loads(out)["annotators"][1] == {
        "annotator": "bert",
        "assigned": 6,
        "answered": 0,
        "left": 6,
        "active": False,
    }
    out, err = run("assign", "r", "--join", "cora", "--json")
    assert err == ""
    work = {row["annotator"]: row["left"] for row in json.loads(out)["annotators"]}
    assert work == {"anna": 6, "cora": 6}
    assert rounds.read(study.rounds / "r").annotators == ["anna", "cora"]


@pytest.mark.server
def test_accounts_are_invited_and_made_without_printing_people(
    study: Study, label_studio: studio.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in zip(SERVER, (label_studio.url, label_studio.api_key), strict=True):
        monkeypatch.setenv(name, value)
    annotators.write(study.annotators, {annotators.numbered(7, 12): "annotator-07"})
    run("add", listed(study, "email,pseudonym\npeople-1@example.org,P1\npeople-2@example.org,P2\n"))
    shown = [run("invite")]
    out = shown[0][0].splitlines()
    assert out[0] == "without an account: P1, P2"
    assert re.fullmatch(re.escape(label_studio.url) + r"/user/signup/\?token=\S+", out[1])
    value: dict[str, Any] = json.loads(run("invite", "--json", "--emails")[0])
    assert value["missing"][1] == {"pseudonym": "P2", "email": "people-2@example.org"}

    passwords = study.root.parent / "passwords.csv"
    shown += [run("list"), run("create", "--passwords", str(passwords)), run("list")]
    assert shown[1][0].splitlines()[1].split() == ["annotator-07", "-", "0", "-"]
    assert shown[1][0].splitlines()[2].split() == ["P1", "no", "0", "-"]
    assert shown[2][0] == f"created: P1, P2; 0 were there\npasswords: {passwords}\n"
    assert shown[3][0].splitlines()[2].split() == ["P1", "yes", "0", "-"]
    secrets = [line.split(",")[2] for line in passwords.read_text(encoding="utf-8").splitlines()[1:]]
    printed = "".join(out + err for out, err in shown)
    assert not [secret for secret in [*secrets, "@example.org"] if secret in printed]
    again = run("create", "--passwords", str(study.root.parent / "other.csv"), "--json")[0]
    assert json.loads(again) == {"created": [], "there": ["P1", "P2"], "passwords": None}
    assert run("invite")[0].startswith("without an account: nobody\n")
