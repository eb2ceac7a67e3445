"""Files are whole or not there."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from goldwire import files
from goldwire.errors import GoldwireError


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    files.write_text(path, "old\n")
    with pytest.raises(ZeroDivisionError), files.replacing(path) as temporary:
        temporary.write_text("half")
        1 / 0  # noqa: B018
    assert path.read_text() == "old\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_folder_leaves_the_old_folder_and_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "dataset"
    with files.replacing_folder(folder) as temporary:
        (temporary / "one").write_text("1")
    with pytest.raises(ZeroDivisionError), files.replacing_folder(folder) as temporary:
        (temporary / "two").write_text("2")
        1 / 0  # noqa: B018
    assert [path.name for path in folder.iterdir()] == ["one"]
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize(("umask", "file", "folder"), [(0o022, 0o644, 0o755), (0o077, 0o600, 0o700)])
def test_files_and_folders_are_as_open_as_the_umask_says(tmp_path: Path, umask: int, file: int, folder: int) -> None:
    before = os.umask(umask)
    try:
        files.write_text(tmp_path / "a.txt", "people\n")
        with files.replacing_folder(tmp_path / "b"):
            pass
    finally:
        os.umask(before)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("a.txt", "b")] == [file, folder]


def test_a_folder_is_replaced_whole(tmp_path: Path) -> None:
    folder = tmp_path / "dataset"
    for name in ("one", "two"):
        with files.replacing_folder(folder) as temporary:
            (temporary / name).write_text(name)
    assert [path.name for path in folder.iterdir()] == ["two"]
    assert list(tmp_path.iterdir()) == [folder]


KILLED = """
import os, pathlib, signal, sys
from goldwire import files
die = lambda: os.kill(os.getpid(), signal.SIGKILL)
path = pathlib.Path(sys.argv[1])
"""
HALF_A_FOLDER = "with files.replacing_folder(path) as half: (half / 'new').touch(); die()"
IN_THE_SWAP = """
rename = pathlib.Path.rename
pathlib.Path.rename = lambda self, to: die() if self.suffix == ".tmp" else rename(self, to)
with files.replacing_folder(path) as whole: (whole / "new").touch()
"""
HALF_A_FILE = "with files.replacing(path) as half: half.write_text('half'); die()"


def kill_in(code: str, path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", f"{KILLED}{code}", str(path)], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, b"")


@pytest.mark.parametrize(("code", "left"), [(HALF_A_FOLDER, [".tmp"]), (IN_THE_SWAP, [".old", ".tmp"])])
def test_the_next_run_removes_what_a_killed_one_left_of_a_folder(tmp_path: Path, code: str, left: list[str]) -> None:
    folder = tmp_path / "results"
    (folder / "old").mkdir(parents=True)
    kill_in(code, folder)
    assert sorted(path.suffix for path in tmp_path.iterdir() if path != folder) == left
    with pytest.raises(ZeroDivisionError), files.replacing_folder(folder):
        assert [path.name for path in folder.iterdir()] == ["old"]  # it is back, where it had been moved away
        1 / 0  # noqa: B018
    assert list(tmp_path.iterdir()) == [folder]


def test_the_next_run_removes_what_a_killed_one_left_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    kill_in(HALF_A_FILE, path)
    assert [one.suffix for one in tmp_path.iterdir()] == [".tmp"]
    files.write_text(path, "whole\n")
    assert list(tmp_path.iterdir()) == [path]


def test_who_is_at_work_loses_nothing_to_another(tmp_path: Path) -> None:
    with files.replacing_folder(tmp_path / "a") as first, files.replacing(tmp_path / "b") as half:
        with files.replacing_folder(tmp_path / "a") as second:
            (second / "second").touch()
        files.write_text(tmp_path / "b", "second")
        assert [path.name for path in (tmp_path / "a").iterdir()] == ["second"]
        (first / "first").touch()
        half.write_text("first")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["first"]
    assert (tmp_path / "b").read_text() == "first"
    assert len(list(tmp_path.iterdir())) == 2


def test_what_has_another_name_is_no_leftover(tmp_path: Path) -> None:
    names = (".a.tmp", ".a.0123abcd.bak", "a.0123abcd.tmp", ".b.0123abcd.tmp", ".a.0123abcd.tmp.x", ".a.0123ABCD.tmp")
    for name in names:
        (tmp_path / name).write_text("mine")
    files.write_text(tmp_path / "a", "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*names, "a"])


def test_a_file_in_the_way_of_a_folder_is_named_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "results"
    path.write_text("notes")
    for write, to in ((put, path / "a" / "b.txt"), (fill, path), (fill, path / "a")):
        with pytest.raises(GoldwireError) as caught:
            write(to)
        assert str(caught.value) == f"{path}: a file is in the way: a folder of this name is written to"
    assert path.read_text() == "notes"
    assert list(tmp_path.iterdir()) == [path]


def put(path: Path) -> None:
    files.write_text(path, "")


def fill(folder: Path) -> None:
    with files.replacing_folder(folder) as temporary:
        (temporary / "new").touch()


def test_of_a_link_the_folder_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "big" / "models").mkdir(parents=True)
    link = tmp_path / "models"
    link.symlink_to(tmp_path / "big" / "models")
    fill(link)
    assert link.is_symlink()
    assert [path.name for path in (tmp_path / "big").rglob("*")] == ["models", "new"]


def test_an_error_names_the_file_that_was_asked_for(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError) as in_place:
        put(tmp_path / "folder")
    assert str(in_place.value) == f"[Errno 21] Is a directory: '{tmp_path / 'folder'}'"
    with pytest.raises(FileNotFoundError) as inside, files.replacing_folder(tmp_path / "new") as temporary:
        (temporary / "none").read_text()
    assert inside.value.filename == str(tmp_path / "new" / "none")
    with pytest.raises(FileNotFoundError) as another, files.replacing(tmp_path / "new"):
        (tmp_path / "other").read_text()
    assert Path(another.value.filename) == tmp_path / "other"
    with pytest.raises(OSError, match=r"File name too long: '/[^.]*x{250}'"):
        put(tmp_path / ("x" * 250))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32", "utf-8-sig"])
def test_jsonl_is_read_in_the_encoding_that_its_mark_names(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.jsonl"
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    path.write_bytes(f'{mark}{{"a": "Ø\u2028"}}\n\n{{"a": 2}}\n'.encode(encoding))
    assert list(files.read_jsonl(path)) == [(1, {"a": "Ø\u2028"}), (3, {"a": 2})]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"score": NaN}', "NaN is not JSON (field score)"),
        (
            b'{"a": 1.5, "scores": [{"share": 1}, {"share": -Infinity}]}',
            "-Infinity is not JSON (field scores[1].share)",
        ),
        (b'{"p": {"a": Infinity}}', "Infinity is not JSON (field p.a)"),
        (b"NaN", "NaN is not JSON"),
        ('{"a": "Ø"}'.encode("latin-1"), "the line is not UTF-8"),
    ],
)
def test_a_line_with_what_is_not_json_says_what(tmp_path: Path, line: bytes, message: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a": "NaN"}\n' + line + b"\n")
    with pytest.raises(GoldwireError) as caught:
        list(files.read_jsonl(path))
    assert str(caught.value) == f"{path}:2: {message}"


def test_a_file_that_is_not_what_its_mark_says_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\xff\xfe{\x00}")
    with pytest.raises(GoldwireError, match="the file is not UTF-16, which it says it is"):
        list(files.read_jsonl(path))


def test_jsonl_round_trip_keeps_characters_and_counts_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    files.write_jsonl(path, [{"text": "Ørsdal 👩‍👩‍👧"}, {"text": "line\u2028separator"}])
    assert path.read_text(encoding="utf-8").count("\n") == 2
    path.write_text("\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert list(files.read_jsonl(path)) == [(2, {"text": "Ørsdal 👩‍👩‍👧"}), (3, {"text": "line\u2028separator"})]


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": 1}\n{"a": \n')
    with pytest.raises(GoldwireError) as caught:
        list(files.read_jsonl(path))
    assert str(caught.value) == f"{path}:2: the line is not valid JSON"
    assert caught.value.hint == "Mend or remove that line."


@pytest.mark.parametrize("read", [files.read_json, lambda path: list(files.read_jsonl(path))])
def test_a_missing_file_is_named(tmp_path: Path, read: object) -> None:
    assert callable(read)
    with pytest.raises(GoldwireError) as caught:
        read(tmp_path / "none")
    assert str(caught.value) == f"{tmp_path / 'none'}: the file is not there"


def test_json_is_sorted_and_refuses_nan(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    files.write_json(path, {"b": 1, "a": "é"})
    assert path.read_text(encoding="utf-8") == '{\n  "a": "é",\n  "b": 1\n}\n'
    with pytest.raises(ValueError, match="not JSON compliant"):
        files.write_json(path, {"a": float("nan")})
    assert files.read_json(path) == {"a": "é", "b": 1}
