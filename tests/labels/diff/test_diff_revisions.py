"""Revisions under the real git and dvc: what is read from where, and what cannot be had."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from goldwire.errors import GoldwireError
from goldwire.labels.diff.compare import diff, is_same

pytestmark = pytest.mark.dvc

State = dict[str, Any]


@pytest.fixture(scope="module", autouse=True)
def shell(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """No user's settings for git and dvc, and our programs first."""
    home = tmp_path_factory.mktemp("home")
    own = {f"DVC_{name}_DIR": str(home / name) for name in ("SITE_CACHE", "GLOBAL_CONFIG", "SYSTEM_CONFIG")}
    own |= {f"GIT_{who}_{what}": "a@users.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    own |= {"HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1", "DVC_NO_ANALYTICS": "1", "DVC_TEST": "true"}
    own["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in own.items():
            patch.setenv(name, value)
        yield


def run(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout.strip()


def commit(folder: Path, message: str, *tables: str) -> None:
    if tables:
        run(folder, "dvc", "add", "--quiet", *tables)
    run(folder, "git", "add", "--all")
    run(folder, "git", "commit", "--quiet", "-m", message, "--date", "2026-11-20T12:00:00Z")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


TABLES = "labels/tables"
INSIDE = "studies/weather"


@pytest.fixture
def repository(before: State, after: State, written: Any, tmp_path: Path) -> Path:
    """A study in a subfolder: two commits, tables with DVC, the rest with git; the working tree is the second."""
    top = tmp_path / "repository"
    top.mkdir()
    run(top, "git", "init", "--quiet", "--initial-branch", "main")
    run(top, "dvc", "init", "--quiet")
    run(top, "dvc", "remote", "add", "--quiet", "--default", "store", str(tmp_path / "store"))
    (top / "README.md").write_text("Two studies.\n")
    commit(top, "Begin")
    for number, state in enumerate((before, after), start=1):
        study = written(INSIDE, state, top)
        commit(top, f"Version {number}", str(study / TABLES))
        run(top, "git", "tag", f"v{number}")
    return top


def test_a_revision_is_what_its_folder_was(repository: Path, before: State, written: Any, tmp_path: Path) -> None:
    study = repository / INSIDE
    written("one", before)
    by_folder = diff(str(tmp_path / "one"), None, study)
    now, tree = run(repository, "git", "status", "--porcelain"), contents(study)
    found = diff("v1", None, study)
    revision = run(repository, "git", "rev-parse", "v1")
    assert found["from"] == {**by_folder["from"], "name": "v1", "commit": revision, "date": found["from"]["date"]}
    assert len(found["from"]["date"]) == 10
    assert {**found, "from": None} == {**by_folder, "from": None}
    assert (diff("HEAD~1", "main", study)["labels"], is_same(diff("v2", None, study))) == (found["labels"], True)
    assert (run(repository, "git", "status", "--porcelain"), contents(study)) == (now, tree)


def test_what_is_not_in_the_cache_comes_from_the_remote(repository: Path, tmp_path: Path) -> None:
    run(repository, "dvc", "push", "--quiet", "--all-commits")
    run(tmp_path, "git", "clone", "--quiet", str(repository), "clone")
    study = tmp_path / "clone" / INSIDE
    found = diff("v1", "v2", study)
    assert found["labels"] == diff("v1", "v2", repository / INSIDE)["labels"]
    assert not (study / TABLES).exists()
    shutil.rmtree(tmp_path / "store")
    with pytest.raises(GoldwireError) as caught:
        diff("v1", "v2", study)
    assert caught.value.where is not None
    assert caught.value.where.startswith("v1:labels/tables")
    assert caught.value.message == "the data is neither in DVC's cache nor in its default remote"
    assert "dvc push" in str(caught.value.hint)


def test_a_remote_that_is_younger_than_the_revision_is_asked(before: State, written: Any, tmp_path: Path) -> None:
    study = written("study", before)
    run(study, "git", "init", "--quiet")
    run(study, "dvc", "init", "--quiet")
    commit(study, "One", TABLES)
    run(study, "dvc", "remote", "add", "--quiet", "--default", "store", str(tmp_path / "store"))
    commit(study, "A remote")
    run(study, "dvc", "push", "--quiet")
    run(tmp_path, "git", "clone", "--quiet", str(study), "clone")
    assert diff("HEAD~1", str(study), tmp_path / "clone")["from"]["votes"] == 9


def test_tables_in_git_need_no_dvc_repository(before: State, after: State, written: Any, tmp_path: Path) -> None:
    study = written("study", before)
    run(study, "git", "init", "--quiet")
    commit(study, "One")
    written("study", after)
    assert len(diff("HEAD", None, study)["labels"]["weather.sky"]["changed"]) == 2


@pytest.mark.parametrize(
    ("revision", "message", "hint"),
    [
        ("v11", "there is no revision", "Nearly alike: v1"),
        ("elsewhere", "there is no revision", "Tags: v2, v1"),
        ("0123456789", "there is no revision", "Tags: v2, v1"),
        ("", 'there is no revision ""', "Tags: v2, v1"),
        ("--all", "there is no revision", "Tags: v2, v1"),
        ("HEAD~2", f"HEAD~2 has no study at {INSIDE}: params.yaml is not there", "Name a later revision"),
    ],
)
def test_a_revision_that_cannot_be_had(repository: Path, revision: str, message: str, hint: str) -> None:
    with pytest.raises(GoldwireError) as caught:
        diff(revision, None, repository / INSIDE)
    assert message in caught.value.message
    assert hint in str(caught.value.hint)


def test_a_shallow_clone_says_how_the_rest_is_had(repository: Path, tmp_path: Path) -> None:
    run(tmp_path, "git", "clone", "--quiet", "--depth", "1", repository.as_uri(), "shallow")
    with pytest.raises(GoldwireError) as caught:
        diff("HEAD~1", None, tmp_path / "shallow" / INSIDE)
    assert caught.value.hint == "This clone is shallow. Bring the rest with: git fetch --unshallow --tags"


def test_line_ends_of_windows_change_nothing(before: State, written: Any, tmp_path: Path) -> None:
    study = written("stüdy", before)
    run(study, "git", "init", "--quiet")
    for path in (study / "params.yaml", study / "labels" / "schemes" / "weather.yaml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    commit(study, "One")
    written("stüdy", before)
    assert is_same(diff("HEAD", None, study))


def test_no_git_repository(before: State, written: Any, tmp_path: Path) -> None:
    study = written("study", before)
    with pytest.raises(GoldwireError, match="the study is not in a git repository, so it has no revisions"):
        diff("HEAD", None, study)


def test_a_table_damaged_in_a_revision_is_named_by_it(before: State, written: Any, tmp_path: Path) -> None:
    study = written("study", before)
    (study / TABLES / "gold.parquet").write_bytes(b"PAR1")
    run(study, "git", "init", "--quiet")
    commit(study, "One")
    with pytest.raises(GoldwireError) as caught:
        diff("HEAD", None, study)
    assert caught.value.where == "HEAD:labels/tables/gold.parquet"


def test_without_dvc_the_extra_is_named(
    before: State, written: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = written("study", before)
    run(study, "git", "init", "--quiet")
    commit(study, "One")
    monkeypatch.setitem(sys.modules, "dvc.api", None)
    with pytest.raises(GoldwireError) as caught:
        diff("HEAD", None, study)
    assert caught.value.hint == "pip install goldwire[dvc]"


def test_an_output_that_no_stage_has_made_is_not_there_yet(before: State, written: Any, tmp_path: Path) -> None:
    study = written("study", before)
    run(study, "git", "init", "--quiet")
    run(study, "dvc", "init", "--quiet")
    outs = "".join(f"      - {TABLES}/{name}.parquet\n" for name in ("votes", "gold"))
    (study / "dvc.yaml").write_text(f"stages:\n  gold:\n    cmd: touch\n    outs:\n{outs}")
    (study / ".gitignore").write_text("/labels/tables/\n")
    commit(study, "Without dvc.lock")
    found = diff("HEAD", None, study)
    assert found["notes"] == ["HEAD has no votes and no gold: they were not made yet, or dvc.lock was not committed."]
    assert found["labels"]["weather.sky"]["added"] == 4


def test_a_dataset_in_git_stands_for_tables_that_are_not(written: Any, before: State, tmp_path: Path) -> None:
    import small_dataset

    study = written("study", before)
    small_dataset.build(study / "labels" / "dataset")
    run(study, "git", "init", "--quiet")
    (study / ".gitignore").write_text("/labels/tables/\n")
    commit(study, "The dataset")
    found = diff("HEAD", None, study)
    assert (found["from"]["kind"], found["to"]["kind"], is_same(found)) == ("dataset", "dataset", True)
    assert is_same(diff("HEAD", "labels/dataset", study))
