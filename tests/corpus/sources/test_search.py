"""The search: which files paths stand for, on disk and on standard input."""

import gzip
import io
import os
import pickle
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from goldwire.corpus.readers import Reject
from goldwire.corpus.sources import STDIN, Found, Item
from goldwire.errors import GoldwireError, UsageError

Told = Callable[[Found, Path], list[tuple[str, str]]]
TEXT = b"The council of Lunde met on Monday.\n"


def test_a_folder_is_walked_in_the_order_of_its_names(
    tmp_path: Path, put: Callable[..., Path], search: Callable[..., Found], told: Told
) -> None:
    for name in (
        "b/z.txt",
        "a.txt",
        "b/a.jsonl",
        "c.csv",
        ".hidden.txt",
        ".git/x.txt",
        "d.xyz",
        "e/articles.parquet",
        "e/articles.rejects.jsonl",
    ):
        put(tmp_path / name)
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(os.path.relpath(tmp_path / "socket.txt"))
    (tmp_path / "b" / "up").symlink_to(tmp_path)
    found = search(tmp_path, but=tmp_path / "e" / "articles.parquet")
    assert told(found, tmp_path) == [("a.txt", "txt"), ("c.csv", "csv"), ("b/a.jsonl", "jsonl"), ("b/z.txt", "txt")]
    assert found.rejects == []
    assert found.skipped == {"not a regular file": 2, "no reader for .xyz": 1}


def test_a_name_that_is_not_utf8_is_shown_and_read(
    tmp_path: Path, put: Callable[..., Path], search: Callable[..., Found]
) -> None:
    put(Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")))
    (item,) = search(tmp_path).files
    assert item.name == f"{tmp_path}/caf\ufffd.txt"
    with pickle.loads(pickle.dumps(item)).open() as stream:
        assert stream.read() == TEXT


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("raw/*.txt", ["raw/a.txt", "raw/b.txt"]),
        ("raw/[ac].txt", ["raw/a.txt"]),
        ("raw/**/*.txt", ["raw/2020/c.txt", "raw/2020/deep/d.txt", "raw/a.txt", "raw/b.txt"]),
        ("**/d.*", ["raw/2020/deep/d.txt"]),
        ("*/2???", ["raw/2020/c.txt", "raw/2020/deep/d.txt"]),
        ("raw/**", ["raw/a.txt", "raw/b.txt", "raw/2020/c.txt", "raw/2020/deep/d.txt"]),
        ("raw/*", ["raw/2020/c.txt", "raw/2020/deep/d.txt", "raw/a.txt", "raw/b.txt"]),
        ("raw/.h*", ["raw/.hidden.txt"]),
        ("raw/2020/../?.txt", ["raw/2020/../a.txt", "raw/2020/../b.txt"]),
        ("lit[era]l*.txt", ["lit[era]l*.txt"]),
    ],
)
def test_a_pattern_is_expanded_unless_a_path_has_that_name(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    pattern: str,
    expected: list[str],
    put: Callable[..., Path],
    search: Callable[..., Found],
    told: Told,
) -> None:
    for name in ("a.txt", "b.txt", "2020/c.txt", "2020/deep/d.txt", ".hidden.txt", ".git/e.txt"):
        put(tmp_path / "raw" / name)
    put(tmp_path / "lit[era]l*.txt")
    put(tmp_path / "litel.txt")
    assert [path for path, _ in told(search(tmp_path / pattern), tmp_path)] == expected
    monkeypatch.chdir(tmp_path)
    assert [item.name for item in search(Path(pattern)).files] == expected


def test_a_pattern_is_not_led_round_by_links(
    tmp_path: Path, put: Callable[..., Path], search: Callable[..., Found], told: Told
) -> None:
    put(tmp_path / "raw" / "a.txt")
    for name in ("here", "there"):
        (tmp_path / "raw" / name).symlink_to(tmp_path / "raw")
    assert told(search(tmp_path / "raw" / "**" / "*.txt"), tmp_path) == [("raw/a.txt", "txt")]
    assert told(search(tmp_path / "raw" / "**"), tmp_path) == [("raw/a.txt", "txt")]


def test_a_pattern_without_match_and_a_path_that_is_not_there_are_errors(
    tmp_path: Path, search: Callable[..., Found]
) -> None:
    with pytest.raises(GoldwireError) as raised:
        search(tmp_path / "**" / "*.jsonl")
    assert (raised.value.message, raised.value.where, raised.value.hint) == (
        "no path matches the pattern",
        f"{tmp_path}/**/*.jsonl",
        "Check the spelling; ** stands for any number of folders.",
    )
    with pytest.raises(GoldwireError) as raised:
        search(tmp_path / "a.jsonl")
    assert (raised.value.message, raised.value.where) == ("the path is not there", f"{tmp_path}/a.jsonl")


def test_a_file_that_cannot_be_opened_is_left_to_its_opening(
    tmp_path: Path, search: Callable[..., Found], told: Told
) -> None:
    loop = tmp_path / "loop.txt"
    loop.symlink_to(loop)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    found = search(tmp_path)
    assert (told(found, tmp_path), found.skipped) == (
        [("loop.txt", "txt")],
        {"no reader for a name without ending": 1},
    )
    with pytest.raises(OSError, match="symbolic links"), found.files[0].open():
        pass


def test_a_hugging_face_dataset_is_one_item(
    tmp_path: Path, put: Callable[..., Path], search: Callable[..., Found], told: Told
) -> None:
    put(tmp_path / "saved" / "dataset_info.json", b"{}")
    put(tmp_path / "saved" / "state.json", b"{}")
    put(tmp_path / "saved" / "data.txt")
    put(tmp_path / "dict" / "dataset_dict.json", b"{}")
    put(tmp_path / "dict" / "train" / "a.txt")
    put(tmp_path / "hub" / "README.md", b"---\nconfigs:\n- config_name: default\n---\n# Card\n")
    put(tmp_path / "hub" / "data" / "a.txt")
    put(tmp_path / "none" / "README.md", b"---\ntitle: [unclosed\n---\n")
    put(tmp_path / "other" / "README.md", b"---\ntitle: configs\n---\nA text.\n")
    put(tmp_path / "plain" / "dataset_info.json", b'{"text": "Not one."}')
    put(tmp_path / "crawl" / "state.json", b'{"text": "Nor is this."}')
    assert told(search(tmp_path), tmp_path) == [
        ("crawl/state.json", "json"),
        ("dict", "dataset"),
        ("hub", "dataset"),
        ("none/README.md", "markdown"),
        ("other/README.md", "markdown"),
        ("plain/dataset_info.json", "json"),
        ("saved", "dataset"),
    ]
    assert told(search(tmp_path / "saved"), tmp_path) == [("saved", "dataset")]
    assert told(search(tmp_path / "dict", format_="txt"), tmp_path) == [
        ("dict/dataset_dict.json", "txt"),
        ("dict/train/a.txt", "txt"),
    ]
    with search(tmp_path / "saved").files[0].open() as stream:
        assert stream.read() == b""


def test_standard_input_is_json_lines_unless_the_format_says_otherwise_and_is_unpacked(
    search: Callable[..., Found],
) -> None:
    assert search(STDIN).files == [Item(STDIN, None, "jsonl", "-")]
    (item,) = search(STDIN, format_="csv").files
    assert item.reader == "csv"
    for content in (TEXT, gzip.compress(TEXT), b""):
        stdin = io.BytesIO(content)
        with item.open(stdin) as stream:
            assert stream.read() == (TEXT if content else b"")
        assert not stdin.closed
    with pytest.raises(UsageError, match="there is no standard input to read"), item.open():
        pass


def test_a_pipe_that_was_named_is_read_once(tmp_path: Path, search: Callable[..., Found]) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    (item,) = search(pipe).files
    with subprocess.Popen(["sh", "-c", f"gzip -c > '{pipe}'"], stdin=subprocess.PIPE) as writer:
        assert writer.stdin is not None
        writer.stdin.write(TEXT)
        writer.stdin.close()
        with item.open() as stream:
            assert (item.reader, stream.read()) == ("txt", TEXT)
    os.mkfifo(tmp_path / "pipe")
    assert search(tmp_path / "pipe").rejects == [
        Reject(f"{tmp_path}/pipe", None, "format: is not a regular file; name one with --format")
    ]
