"""Who is behind a pseudonym stands in labels/annotators.csv and nowhere else; the server's key stands nowhere."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from goldwire import studio, template
from goldwire.demo import recorded
from goldwire.labels.interface import controls
from goldwire.labels.server import connect
from goldwire.scheme import load
from goldwire.studio.accounts import sign_up

pytestmark = pytest.mark.server

Run = Callable[..., "subprocess.CompletedProcess[str]"]

EMAILS = ("odile.marchand@newsroom.example.org", "pavel.dvorak@newsroom.example.org")
NAMES = ("Torr", "Haas", "Dorne", "Velm", "Karsund", "Ondria")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


def contents(path: Path) -> str:
    """What a file says, also when it is a Parquet file, whose bytes are compressed."""
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        return f"{table.schema.metadata}" + json.dumps(table.to_pylist(), default=str, ensure_ascii=False)
    return path.read_text(encoding="utf-8")


def test_after_the_whole_way_nobody_is_named_but_in_annotators_csv(
    label_studio: studio.Server, server_environment: dict[str, str], goldwire: Run, tmp_path: Path
) -> None:
    root = template.create(tmp_path / "study").root
    lines = "".join(json.dumps({"id": name.lower(), "text": f"{name} met {name}'s envoy."}) + "\n" for name in NAMES)
    (tmp_path / "articles.jsonl").write_text(lines, encoding="utf-8")
    goldwire(root, "corpus", "import", "../articles.jsonl")
    goldwire(root, "labels", "tasks", "events", "--scheme", "event-plover", "--overlap", "2")
    ended = goldwire(root, "labels", "push", "events", "--json", **server_environment)
    project = json.loads(ended.stdout)["project"]
    asked = controls(load("event-plover"))
    for email in EMAILS:
        client = connect(label_studio.url, sign_up(label_studio, email, "a password for two"))
        for number, task in enumerate(client.tasks(project)):
            answer = recorded.Answer("", "event-plover", "", {"main_event": ["CONSULT"]}, comment="Sure.")
            client.submit(task["id"], recorded.result(answer, asked, task["data"]["text"]), skipped=number == 0)

    printed = [ended, goldwire(root, "labels", "pull", "events", **server_environment)]
    for stage in ("build", "agreement", "gold", "dataset"):
        printed.append(goldwire(root, "labels", stage))

    said = "".join(run.stdout + run.stderr for run in printed)
    files = {str(path.relative_to(root)): contents(path) for path in sorted(root.rglob("*")) if path.is_file()}
    annotators = files.pop("labels/annotators.csv")
    assert annotators == f"email,pseudonym\n{EMAILS[0]},annotator-01\n{EMAILS[1]},annotator-02\n"
    assert "annotator-02" in files["labels/rounds/events/pulls/part-00001.jsonl"]
    assert "annotator-02" in files["labels/tables/votes.parquet"]
    assert "labels/dataset/votes/train.parquet" in files
    secrets = [label_studio.api_key, label_studio.password, "odile", "dvorak", "newsroom"]
    for name, text in {**files, "the output": said}.items():
        assert ADDRESS.findall(text) == [], name
        assert [secret for secret in secrets if secret in text.lower()] == [], name


def test_git_and_dvc_leave_annotators_csv_where_it_is(tmp_path: Path) -> None:
    root = template.create(tmp_path / "study").root
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    asked = ["git", "check-ignore", "labels/annotators.csv", "labels/schemes/own.yaml"]
    assert subprocess.run(asked, cwd=root, capture_output=True, text=True, check=True).stdout == f"{asked[2]}\n"
    assert "/labels/annotators.csv" in (root / ".dvcignore").read_text(encoding="utf-8").splitlines()
