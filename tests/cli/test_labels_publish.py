"""`goldwire labels release` and `rehydrate` as they are called."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from goldwire import tables
from goldwire.cli import labels_publish
from goldwire.errors import CheckFailedError
from goldwire.files import write_text
from goldwire.labels.dataset.digest import digest_of
from goldwire.study import Study
from reachable import built, reachable
from small_dataset import build

RUNNER = CliRunner()


@pytest.fixture
def group() -> typer.Typer:
    made = typer.Typer()
    labels_publish.register(made)
    return made


def test_release_prints_what_it_recorded_and_what_to_do_next(
    group: typer.Typer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = Study(tmp_path)
    write_text(study.params_file, "version: 0.1.0\n")
    made = build(study.dataset)
    monkeypatch.chdir(tmp_path)
    first = RUNNER.invoke(group, ["release", "--json"])
    assert json.loads(first.stdout) == {
        "version": "0.1.0", "digest": made.digest, "signature": made.signature, "new": True,
    }  # fmt: skip
    assert first.stderr == "Next: git add labels/releases.jsonl && git commit -m 'Release 0.1.0' && git tag v0.1.0\n"
    again = RUNNER.invoke(group, ["release"])
    assert (again.stdout, again.stderr) == (f"version 0.1.0 is data {made.digest}, as before\n", "")


def test_rehydrate_lists_what_is_missing_and_changed(group: typer.Typer, tmp_path: Path) -> None:
    without = built(tmp_path / "without", texts=False).folder
    rows = reachable()["articles"].to_pylist()[1:]
    rows[0]["text"] += " Corrected."
    tables.write(tables.build("articles", rows), tmp_path / "articles.parquet")
    arguments = ["rehydrate", str(without), str(tmp_path / "articles.parquet"), "-o", str(tmp_path / "again")]
    strict = RUNNER.invoke(group, [*arguments, "--strict", "--json"])
    expected = {"articles": 8, "filled": 6, "missing": ["a0"], "changed": ["a1"], "data": None}
    assert json.loads(strict.stdout) == expected
    assert isinstance(strict.exception, CheckFailedError)
    assert strict.exception.exit_code == 3
    assert not (tmp_path / "again").exists()
    plain = RUNNER.invoke(group, [*arguments, "--json"])
    assert json.loads(plain.stdout) == {**expected, "data": digest_of(tmp_path / "again")}
    assert RUNNER.invoke(group, arguments).stdout == (
        f"6 of 8 articles filled in: {tmp_path / 'again'}\n1 not in your table: a0\n1 with another text there: a1\n"
    )
