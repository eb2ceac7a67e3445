"""An import that is stopped half way, by a signal or a full disk, leaves the table as it was."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from goldwire import tables

Process = subprocess.Popen[str]
WAIT = 60  # seconds
WORKERS = 2


def session(leader: int) -> list[int]:
    """The processes of a session that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, of, *_ = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        if int(of) == leader and state != "Z":
            found.append(int(stat.parent.name))
    return found


def until(holds: Callable[[], bool], seconds: float = WAIT) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def start(folder: Path, *arguments: str) -> Process:
    return subprocess.Popen(
        [sys.executable, "-m", "goldwire", *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table with one article, and files of 40 MB, so many that workers read them."""
    folder = tmp_path_factory.mktemp("archive")
    (folder / "one.txt").write_text("The harbour council of Lunde met on Monday.", encoding="utf-8")
    done = start(folder, "corpus", "import", "one.txt", "-o", "articles.parquet")
    done.communicate(timeout=WAIT)
    assert done.returncode == 0
    words = [f"word{number}" for number in range(5000)]
    dice = random.Random(0)
    for number in range(4):
        lines = [json.dumps({"text": " ".join(dice.choices(words, k=250))}) + "\n" for _ in range(4500)]
        (folder / f"{number}.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def reading(archive: Path, tmp_path: Path, cannot_run: Callable[[str], NoReturn]) -> Iterator[tuple[Path, Process]]:
    """A copy of the table, and an import into it whose workers are at work."""
    if not Path("/proc/self/stat").exists():
        cannot_run("processes are found in /proc")
    shutil.copy(archive / "articles.parquet", tmp_path)
    process = start(tmp_path, "corpus", "import", str(archive), "-o", "articles.parquet")
    try:
        at_work = until(lambda: len(list(tmp_path.glob(".articles.parquet.*/*.parquet"))) >= WORKERS)
        assert at_work, process.poll()
        yield tmp_path, process
    finally:
        for pid in session(process.pid):
            os.kill(pid, signal.SIGKILL)
        process.communicate()


def test_ctrl_c_ends_every_process_and_leaves_the_table_and_nothing_else(reading: tuple[Path, Process]) -> None:
    folder, process = reading
    before = (folder / "articles.parquet").read_bytes()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    _, stderr = process.communicate(timeout=WAIT)
    assert until(lambda: not session(process.pid), 5)
    assert names(folder) == ["articles.parquet"]
    assert (folder / "articles.parquet").read_bytes() == before
    assert process.returncode == 130
    assert "Traceback" not in stderr


def test_sigterm_ends_every_process_and_leaves_the_table_and_nothing_else(reading: tuple[Path, Process]) -> None:
    folder, process = reading
    before = (folder / "articles.parquet").read_bytes()
    process.terminate()
    _, stderr = process.communicate(timeout=WAIT)
    assert until(lambda: not session(process.pid), 5)
    assert names(folder) == ["articles.parquet"]
    assert (folder / "articles.parquet").read_bytes() == before
    assert "Traceback" not in stderr


def test_a_killed_import_leaves_the_table_and_the_next_one_works(reading: tuple[Path, Process]) -> None:
    folder, process = reading
    before = (folder / "articles.parquet").read_bytes()
    process.kill()
    process.wait(WAIT)
    assert until(lambda: not session(process.pid))  # a worker ends when what it read is done
    hidden, table = names(folder)
    assert hidden.startswith(".articles.parquet.")
    assert table == "articles.parquet"
    assert (folder / "articles.parquet").read_bytes() == before
    (folder / "more.txt").write_text("It rained in Lunde.", encoding="utf-8")
    following = start(folder, "corpus", "import", ".", "-o", "articles.parquet")
    stdout, stderr = following.communicate(timeout=WAIT)
    assert (stdout, stderr, following.returncode) == (
        "1 read, 1 written, 0 already there, 0 rejected\n",
        "",
        0,
    )
    assert tables.read(folder / "articles.parquet", "articles").num_rows == 2


def test_a_reader_of_stdout_that_went_away_costs_the_output_only(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("The harbour council of Lunde met on Monday.", encoding="utf-8")
    process = start(tmp_path, "corpus", "import", "one.txt", "-o", "articles.parquet")
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(WAIT) == 141
    assert process.stderr is not None
    assert process.stderr.read() == ""
    process.stderr.close()
    assert names(tmp_path) == ["articles.parquet", "one.txt"]


def test_two_imports_at_once_lose_nothing_that_they_say_they_wrote(tmp_path: Path) -> None:
    for name in "ab":
        lines = [json.dumps({"id": f"{name}{n}", "text": f"Article {name}{n}."}) + "\n" for n in range(200)]
        (tmp_path / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    both = [start(tmp_path, "corpus", "import", f"{name}.jsonl", "-o", "articles.parquet") for name in "ab"]
    said = [process.communicate(timeout=WAIT)[0] for process in both]
    written = sum(200 for text in said if text == "200 read, 200 written, 0 already there, 0 rejected\n")
    assert tables.read(tmp_path / "articles.parquet", "articles").num_rows == written > 0


@pytest.fixture
def small_disk(tmp_path: Path, cannot_run: Callable[[str], NoReturn]) -> Iterator[Path]:
    """A file system of 4 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    try:
        mounting = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
        mounted = subprocess.run(mounting, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        cannot_run("a small file system cannot be mounted")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_named_and_leaves_the_table(archive: Path, small_disk: Path) -> None:
    shutil.copy(archive / "articles.parquet", small_disk)
    before = (small_disk / "articles.parquet").read_bytes()
    process = start(small_disk, "corpus", "import", str(archive / "0.jsonl"), "-o", "articles.parquet")
    stdout, stderr = process.communicate(timeout=WAIT)
    assert names(small_disk) == ["articles.parquet"]
    assert (small_disk / "articles.parquet").read_bytes() == before
    assert (stdout, process.returncode) == ("", 1)
    assert "No space left on device" in stderr
    assert "Traceback" not in stderr
