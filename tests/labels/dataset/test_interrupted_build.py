"""A build that is killed or cannot write leaves the old folder whole, and the next build clears up after it."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from goldwire.files import replacing_folder
from small_dataset import build, contents

TESTS = Path(__file__).parents[2]
KILLED = """
import os, pathlib, signal, sys
sys.path.insert(0, sys.argv[2])
from goldwire.labels.dataset import build
from small_dataset import build as again
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
"""
AT_DIGEST = "build.digest_of = die\n"
IN_THE_SWAP = """
rename = pathlib.Path.rename
pathlib.Path.rename = lambda self, to: die() if self.suffix == ".tmp" else rename(self, to)
"""


def run(code: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", f"{KILLED}{code}again(pathlib.Path(sys.argv[1]))", str(folder), str(TESTS)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_killed_build_leaves_the_old_folder_whole_and_the_next_clears_up(tmp_path: Path) -> None:
    folder = build(tmp_path / "dataset").folder
    before = contents(folder)
    killed = run(AT_DIGEST, folder)
    assert (killed.returncode, killed.stderr) == (-signal.SIGKILL, "")
    assert contents(folder) == before
    left = [path for path in tmp_path.iterdir() if path != folder]
    assert [(path.name.startswith(".dataset."), path.suffix) for path in left] == [(True, ".tmp")]
    assert (left[0] / "gold" / "train.parquet").is_file()
    build(folder)
    assert contents(folder) == before
    assert list(tmp_path.iterdir()) == [folder]


def test_a_build_killed_while_the_folders_change_places_loses_neither(tmp_path: Path) -> None:
    folder = build(tmp_path / "dataset").folder
    before = contents(folder)
    assert run(IN_THE_SWAP, folder).returncode == -signal.SIGKILL
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".old", ".tmp"]
    with pytest.raises(RuntimeError, match="stops"), replacing_folder(folder):
        assert contents(folder) == before  # the old folder is back
        raise RuntimeError("stops")
    assert list(tmp_path.iterdir()) == [folder]
    assert contents(folder) == before


def test_a_build_that_is_at_work_loses_nothing_to_another(tmp_path: Path) -> None:
    folder = tmp_path / "dataset"
    with replacing_folder(folder) as first:
        (first / "a").write_text("first")
        with replacing_folder(folder) as second:
            (second / "a").write_text("second")
        assert (folder / "a").read_text() == "second"
        assert (first / "a").read_text() == "first"
    assert (folder / "a").read_text() == "first"
    assert list(tmp_path.iterdir()) == [folder]


def test_what_has_another_name_is_no_leftover(tmp_path: Path) -> None:
    kept = [
        tmp_path / name
        for name in (".dataset.tmp", ".dataset.0123abcd.bak", "dataset.0123abcd.tmp", ".other.0123abcd.tmp")
    ]
    for path in kept:
        path.mkdir()
    with replacing_folder(tmp_path / "dataset"):
        pass
    assert sorted(tmp_path.iterdir()) == sorted([*kept, tmp_path / "dataset"])


def test_a_full_disk_is_named_and_costs_nothing(tmp_path: Path) -> None:
    folder = build(tmp_path / "dataset").folder
    before = contents(folder)
    full = (
        "import resource\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (8000, 8000))\n"
        "from goldwire.errors import GoldwireError\n"
        "try:\n    again(pathlib.Path(sys.argv[1]))\nexcept GoldwireError as error:\n"
        "    print(error, '|', error.hint)\n    sys.exit(1)\n"
    )
    failed = run(full, folder)
    assert failed.returncode == 1, failed.stderr
    assert "/gold/train.parquet: cannot be written: " in failed.stdout
    assert failed.stdout.endswith("File too large | Is the disk full?\n")
    assert contents(folder) == before
    assert list(tmp_path.iterdir()) == [folder]
