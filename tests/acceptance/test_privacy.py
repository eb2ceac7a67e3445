"""Who is behind a pseudonym stands in labels/annotators.csv and nowhere else; the server's key stands nowhere."""

import json
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from goldwire import studio, template
from goldwire.demo import recorded
from goldwire.files import write_text
from goldwire.labels.interface import controls
from goldwire.labels.server import connect
from goldwire.scheme import load
from goldwire.studio.accounts import sign_up
from reachable import SECRETS, reachable, study_of

pytestmark = [pytest.mark.server, pytest.mark.timeout(1800)]  # it is the whole way, on any machine

Run = Callable[..., "subprocess.CompletedProcess[str]"]

EMAILS = ("odile.marchand@newsroom.example.org", "pavel.dvorak@newsroom.example.org")
NAMES = ("Torr", "Haas", "Dorne", "Velm", "Karsund", "Ondria")
REST = (
    "labels build", "labels agreement", "labels gold", "labels dataset", "labels release", "eval train",
    "eval predict", "eval score", "eval report", "eval audit --check GW501 -o audit.json",
    "labels diff labels/dataset labels/dataset",
)  # fmt: skip
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")  # not stance@1.0.0, a scheme and its version


def contents(path: Path) -> str:
    """What a file says, also when it is a Parquet file, whose bytes are compressed."""
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        return f"{table.schema.metadata}" + json.dumps(table.to_pylist(), default=str, ensure_ascii=False)
    return path.read_bytes().decode("utf-8", "replace")


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True).stdout


def test_after_the_whole_way_nobody_is_named_but_in_annotators_csv(
    label_studio: studio.Server, server_environment: dict[str, str], goldwire: Run, tmp_path: Path
) -> None:
    root = template.create(tmp_path / "study").root
    lines = "".join(json.dumps({"id": name.lower(), "text": f"{name} met {name}'s envoy."}) + "\n" for name in NAMES)
    (tmp_path / "articles.jsonl").write_text(lines, encoding="utf-8")
    git(root, "init", "--quiet")
    goldwire(root, "corpus", "import", "../articles.jsonl")
    goldwire(root, "labels", "tasks", "events", "--scheme", "event-plover", "--overlap", "2")
    ended = goldwire(root, "labels", "push", "events", "--json", **server_environment)
    project = json.loads(ended.stdout)["project"]
    asked = controls(load("event-plover"))
    layer = load("event-plover").mentions[0]
    mark = {"id": "m1", "layer": layer.name, "label": layer.labels[0].name, "start": 0, "end": 4, "attributes": {}}
    for email in EMAILS:
        client = connect(label_studio.url, sign_up(label_studio, email, "a password for two"))
        for number, task in enumerate(client.tasks(project)):
            marked = (mark | {"text": task["data"]["text"][:4]},)
            said = {"main_event": ["CONSULT"]}
            answer = recorded.Answer("", "event-plover", "", said, mentions=marked, comment="Sure.")
            client.submit(task["id"], recorded.result(answer, asked, task["data"]["text"]), skipped=number == 0)

    printed = [ended, goldwire(root, "labels", "pull", "events", **server_environment)]
    printed += [goldwire(root, *command.split(" ")) for command in REST]
    for form in ("jsonl", "csv", "conll", "label-studio"):
        source = ["events"] if form == "label-studio" else []
        printed.append(goldwire(root, "labels", "export", form, *source, "-o", f"exports/{form}"))
    write_text(root / "params.yaml", (root / "params.yaml").read_text(encoding="utf-8").replace("0.1.0", "0.2.0", 1))
    printed.append(goldwire(root, "labels", "dataset", "--no-text"))
    texts_back = ["labels/dataset", "corpus/articles.parquet", "-o", "with-texts"]
    printed.append(goldwire(root, "labels", "rehydrate", *texts_back))
    printed.append(goldwire(root, "labels", "diff", "with-texts", "labels/dataset", "--json", "-o", "diff.json"))
    for command in (["annotators", "report"], ["status"], ["enough"], ["diff", "with-texts", "--markdown"]):
        printed.append(goldwire(root, "labels", *command))
    printed.append(goldwire(tmp_path, "init", "study", "--ci"))

    output = "".join(run.stdout + run.stderr for run in printed)
    git(root, "add", "--all")
    listed = git(root, "ls-files").splitlines()
    assert "labels/annotators.csv" not in listed
    assert {"labels/rounds/events/round.yaml", "labels/releases.jsonl", "params.yaml"} <= set(listed)
    dvc = (root / "dvc.yaml").read_text(encoding="utf-8")
    assert "annotators.csv" not in dvc
    paths = [
        path for path in sorted(root.rglob("*")) if path.is_file() and ".git" not in path.relative_to(root).parts
    ]
    files = {str(path.relative_to(root)): contents(path) for path in paths}
    annotators = files.pop("labels/annotators.csv")
    assert annotators == f"email,pseudonym\n{EMAILS[0]},annotator-01\n{EMAILS[1]},annotator-02\n"
    assert "annotator-02" in files["labels/rounds/events/pulls/part-00001.jsonl"]
    assert "annotator-02" in files["labels/tables/votes.parquet"]
    expected = {
        "labels/dataset/votes/train.parquet", "labels/dataset/withheld.json", "labels/releases.jsonl",
        "with-texts/votes/train.parquet", "eval/report.html", "eval/report.md", "eval/audit.json", "diff.json",
        "exports/jsonl/train.jsonl", "exports/csv/votes.csv", "exports/label-studio/events.json",
        ".github/workflows/goldwire.yml",
    }  # fmt: skip
    assert expected - files.keys() == set()
    secrets = [label_studio.api_key, label_studio.password, "odile", "dvorak", "newsroom"]
    for name, text in {**files, "the output": output}.items():
        assert ADDRESS.findall(text) == [], name
        assert [secret for secret in secrets if secret in text.lower()] == [], name


def test_git_and_dvc_leave_annotators_csv_where_it_is(tmp_path: Path) -> None:
    root = template.create(tmp_path / "study").root
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    asked = ["git", "check-ignore", "labels/annotators.csv", "labels/schemes/own.yaml"]
    assert subprocess.run(asked, cwd=root, capture_output=True, text=True, check=True).stdout == f"{asked[2]}\n"
    assert "/labels/annotators.csv" in (root / ".dvcignore").read_text(encoding="utf-8").splitlines()


def test_of_a_scrubbed_study_no_address_or_number_is_given_out_and_offsets_stay_true(
    goldwire: Run, tmp_path: Path
) -> None:
    root = study_of(reachable(), tmp_path / "study").root
    said = goldwire(root, "labels", "dataset", "--scrub", "--by", "outlet")
    printed = said.stdout + said.stderr + exported(goldwire, root)
    assert found_in(root, SECRETS) == {"labels/dataset": [], "exports": []}
    assert [secret for secret in SECRETS if secret in printed] == []
    whole = texts(root / "labels" / "dataset")
    assert "Write to ████.█@████████.███████, or call +██ █ ███ ███ now." in whole["a0"]
    for name in ("mentions", "events"):
        rows = rows_of(root / "labels" / "dataset", name)
        assert rows
        for row in rows:
            assert whole[row["article_id"]][row["start"] : row["end"]] == row["text"]


@pytest.mark.parametrize("scrub", [[], ["--scrub"]])
def test_without_texts_no_sentence_of_an_article_is_given_out(
    scrub: list[str], goldwire: Run, tmp_path: Path
) -> None:
    root = study_of(reachable(), tmp_path / "study").root
    said = goldwire(root, "labels", "dataset", "--no-text", *scrub)
    printed = said.stdout + said.stderr + exported(goldwire, root, conll=1)
    pieces = ["Omar", "met her", "hit the", "👩", "حضر عمر", "Write to", "harbour", "Ça va"]
    assert [piece for row in reachable()["articles"].to_pylist() for piece in pieces if piece in row["text"]]
    assert found_in(root, pieces) == {"labels/dataset": [], "exports": []}
    assert [piece for piece in pieces if piece in printed] == []


def exported(goldwire: Run, root: Path, conll: int = 0) -> str:
    """Export a study's dataset in every form; return what was printed."""
    made = [goldwire(root, "labels", "export", form, "-o", f"exports/{form}") for form in ("jsonl", "csv")]
    made.append(goldwire(root, "labels", "export", "conll", "-o", "exports/conll", code=conll))
    return "".join(one.stdout + one.stderr for one in made)


def found_in(root: Path, pieces: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Which pieces stand in which files, of the dataset and of its exports."""
    return {
        folder: [
            (str(path), piece)
            for path in sorted((root / folder).rglob("*"))
            if path.is_file()
            for piece in pieces
            if piece in contents(path) or json.dumps(piece)[1:-1] in contents(path)
        ]
        for folder in ("labels/dataset", "exports")
    }


def rows_of(dataset: Path, config: str) -> list[dict[str, Any]]:
    return [row for path in (dataset / config).glob("*.parquet") for row in pq.read_table(path).to_pylist()]


def texts(dataset: Path) -> dict[str, str]:
    return {row["article_id"]: row["text"] for row in rows_of(dataset, "articles")}
