"""Files are whole or not there."""

import os
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
