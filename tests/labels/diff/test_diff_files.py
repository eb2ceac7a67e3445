"""A folder of a study at a revision, under the real git and dvc."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from goldwire.errors import GoldwireError
from goldwire.labels.diff.files import folder_at

pytestmark = pytest.mark.dvc

INNER = "eval/predictions"


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


def run(folder: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"


def put(study: Path, **texts: str) -> None:
    shutil.rmtree(study / INNER, ignore_errors=True)
    (study / INNER).mkdir(parents=True)
    for name, text in texts.items():
        (study / INNER / f"{name}.parquet").write_text(text, encoding="utf-8")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Predictions as a folder that DVC holds; the tag old has two files, the working tree one of another content."""
    top = tmp_path / "study"
    top.mkdir()
    (top / "params.yaml").write_text("version: 1.0.0\n", encoding="utf-8")
    run(top, "git", "init", "--quiet", "--initial-branch", "main")
    run(top, "dvc", "init", "--quiet")
    run(top, "git", "add", "--all")
    run(top, "git", "commit", "--quiet", "-m", "none")
    run(top, "git", "tag", "empty")
    put(top, a="one", b="two")
    run(top, "dvc", "add", "--quiet", INNER)
    run(top, "git", "add", "--all")
    run(top, "git", "commit", "--quiet", "-m", "old")
    run(top, "git", "tag", "old")
    put(top, a="three")
    return top


def read(revision: str, start: Path) -> dict[str, str]:
    with folder_at(revision, INNER, start) as folder:
        return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}


def test_a_revision_gives_its_files_and_leaves_the_working_tree_alone(study: Path, tmp_path: Path) -> None:
    assert read("old", study) == {"a.parquet": "one", "b.parquet": "two"}
    assert [path.name for path in (study / INNER).iterdir()] == ["a.parquet"]
    elsewhere = tmp_path / "other"
    shutil.copytree(study / INNER, elsewhere / INNER)
    shutil.copy(study / "params.yaml", elsewhere)
    assert read(str(elsewhere), study) == {"a.parquet": "three"}


def test_what_cannot_be_had_is_said(study: Path, tmp_path: Path) -> None:
    with pytest.raises(GoldwireError, match=r"^empty has no eval/predictions$"):
        read("empty", study)
    with pytest.raises(GoldwireError, match=r'^there is no revision "never"'):
        read("never", study)
    shutil.rmtree(study / ".dvc" / "cache")
    with pytest.raises(GoldwireError, match="neither in DVC's cache nor in its default remote"):
        read("old", study)
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "params.yaml").write_text("", encoding="utf-8")
    with pytest.raises(GoldwireError, match=r"has no eval/predictions$"):
        read(str(tmp_path / "bare"), study)


def test_predictions_in_git_alone_are_read_too(study: Path) -> None:
    run(study, "git", "rm", "--quiet", "--cached", f"{INNER}.dvc")
    (study / f"{INNER}.dvc").unlink()
    (study / "eval" / ".gitignore").unlink()
    run(study, "git", "add", "--all")
    run(study, "git", "commit", "--quiet", "-m", "git")
    put(study, c="four")
    assert read("HEAD", study) == {"a.parquet": "three"}
