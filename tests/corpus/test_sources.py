"""Sources: which files paths stand for, which reader each gets, and the parts of large ones."""

import gzip
import io
import json
import os
import pickle
import socket
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldwire.corpus.readers import OURS, READERS, Reject, by_name
from goldwire.corpus.sources import STDIN, Found, Item, find, parts
from goldwire.errors import GoldwireError, UsageError

TEXT = b"The council of Lunde met on Monday.\n"


def put(path: Path, content: bytes = TEXT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def search(*paths: Path, format_: str | None = None, but: Path = Path("/nowhere/articles.parquet")) -> Found:
    return find(paths, None if format_ is None else by_name(format_), but=but)


def told(found: Found, top: Path) -> list[tuple[str, str]]:
    """The items by their names below a folder, and their readers."""
    return [(str(item.path.relative_to(top)), item.reader) for item in found.files]


# paths


def test_a_folder_is_walked_in_the_order_of_its_names(tmp_path: Path) -> None:
    for name in (
        "b/z.txt",
        "a.txt",
        "b/a.jsonl",
        "c.csv",
        ".hidden.txt",
        ".git/x.txt",
        "d.xyz",
        "e/articles.parquet",
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


def test_a_name_that_is_not_utf8_is_shown_and_read(tmp_path: Path) -> None:
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
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str, expected: list[str]
) -> None:
    for name in ("a.txt", "b.txt", "2020/c.txt", "2020/deep/d.txt", ".hidden.txt", ".git/e.txt"):
        put(tmp_path / "raw" / name)
    put(tmp_path / "lit[era]l*.txt")
    put(tmp_path / "litel.txt")
    assert [path for path, _ in told(search(tmp_path / pattern), tmp_path)] == expected
    monkeypatch.chdir(tmp_path)
    assert [item.name for item in search(Path(pattern)).files] == expected


def test_a_pattern_is_not_led_round_by_links(tmp_path: Path) -> None:
    put(tmp_path / "raw" / "a.txt")
    for name in ("here", "there"):
        (tmp_path / "raw" / name).symlink_to(tmp_path / "raw")
    assert told(search(tmp_path / "raw" / "**" / "*.txt"), tmp_path) == [("raw/a.txt", "txt")]
    assert told(search(tmp_path / "raw" / "**"), tmp_path) == [("raw/a.txt", "txt")]


def test_a_pattern_without_match_and_a_path_that_is_not_there_are_errors(tmp_path: Path) -> None:
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


def test_a_file_that_cannot_be_opened_is_left_to_its_opening(tmp_path: Path) -> None:
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


def test_a_hugging_face_dataset_is_one_item(tmp_path: Path) -> None:
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
    assert told(search(tmp_path), tmp_path) == [
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


# standard input and pipes


def test_standard_input_is_json_lines_unless_the_format_says_otherwise_and_is_unpacked() -> None:
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


def test_a_pipe_that_was_named_is_read_once(tmp_path: Path) -> None:
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


# which reader


def parquet() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"text": ["A text."]}), sink)
    return sink.getvalue()


def rss() -> bytes:
    return b'<?xml version="1.0"?>\n<rss version="2.0"><channel><item><title>A</title></item></channel></rss>'


@pytest.mark.parametrize(
    ("name", "content", "reader"),
    [
        ("a.txt", parquet(), "parquet"),
        ("a", parquet(), "parquet"),
        ("a.csv", parquet(), "parquet"),
        ("page.php", b"<!DOCTYPE html>\n<html><body><p>A text.</p></body></html>", "html"),
        ("a.xml", rss(), "feed"),
        ("a.txt.gz", gzip.compress(rss()), "feed"),
        ("a.TXT", TEXT, "txt"),
        ("a.MD", b"# Title\n\nText.\n", "markdown"),
        ("a.ndjson", b'{"text": "a"}\n', "jsonl"),
        ("a.tsv.gz", gzip.compress(b"text\tid\na\tb\n"), "tsv"),
        ("dump", b'{"id": 1, "text": "a"}\n{"id": 2, "text": "b"}\n', "jsonl"),
        ("dump", b"id,text\n1,a\n2,b\n", "csv"),
        ("dump.dat", b'"id"\t"Text"\r\n1\ta\r\n', "tsv"),
        ("a.txt", "Ein Text über Lunde.".encode("utf-16"), "txt"),
        ("a.txt", ("Ein Text über Lunde. " * 99).encode("utf-16-le"), "txt"),
        ("a.txt", "讲话 ".encode("gb18030") * 500, "txt"),
        ("a.txt", b"The text of Lunde\0 with one bad byte. " * 50, "txt"),
    ],
)
def test_the_content_tells_then_the_name_then_the_first_lines(
    tmp_path: Path, name: str, content: bytes, reader: str
) -> None:
    path = put(tmp_path / name, content)
    assert (told(search(path), tmp_path), told(search(tmp_path), tmp_path)) == ([(name, reader)], [(name, reader)])
    assert told(search(path, format_="tsv"), tmp_path) == [(name, "tsv")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("LICENSE", TEXT),
        ("a.log", b"1,2,3\n4,5,6\n"),
        ("a.log", b"id,name\n1,a\n"),
        ("a.conf", b"text, and more of it.\n"),
        ("a.log", b'{"level": 1}\n'),
        ("a.log", b'["text"]\n'),
        ("a.log", b'{"text": \n'),
        ("a.log", b'text,"unclosed\n\xff\n'),
        ("a.pdf", b"%PDF-1.7\n\xe2\xe3"),
    ],
)
def test_what_no_reader_is_for_is_a_reject_when_named_and_passed_over_in_a_folder(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = put(tmp_path / name, content)
    ending = path.suffix or "a name without ending"
    assert search(path).rejects == [
        Reject(str(path), None, f"format: no reader is for {ending}; name one with --format")
    ]
    found = search(tmp_path)
    assert (found.files, found.rejects, found.skipped) == ([], [], {f"no reader for {ending}": 1})


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0", "looks like a PNG image, not like .txt"),
        ("a.csv", b"%PDF-1.7\n", "looks like a PDF document, not like .csv"),
        ("a.html", b"\xff\xd8\xff\xe0", "looks like a JPEG image, not like .html"),
        ("a.jsonl.gz", gzip.compress(b"SQLite format 3\0"), "looks like an SQLite database, not like .jsonl"),
        ("a.jsonl", b"\x28\xb5\x2f\xfd....", "looks like zstd data, not like .jsonl"),
        ("a.txt", b"RIFF....WEBPVP8 ", "looks like an image, a sound or a film, not like .txt"),
        ("a.txt", bytes(range(256)) * 4, "looks like binary data, not like .txt"),
        ("a.txt", bytes(1000), "looks like binary data, not like .txt"),
        ("a.tsv", bytes(range(1, 256)) * 4, "looks like binary data, not like .tsv"),
    ],
)
def test_what_is_no_text_under_the_ending_of_one_is_a_reject(
    tmp_path: Path, name: str, content: bytes, what: str
) -> None:
    path = put(tmp_path / name, content)
    for found in (search(path), search(tmp_path)):
        assert (found.files, found.rejects) == ([], [Reject(str(path), None, f"format: {what}")])


def test_an_empty_file_is_a_reject_where_it_would_be_read(tmp_path: Path) -> None:
    paths = [put(tmp_path / "a.txt", b""), put(tmp_path / "b.csv.gz", gzip.compress(b"")), put(tmp_path / "c", b"")]
    empty = [Reject(str(path), None, "file: is empty") for path in paths]
    assert search(*paths).rejects == empty
    found = search(tmp_path)
    assert (found.files, found.rejects) == ([], empty[:2])
    assert found.skipped == {"no reader for a name without ending": 1}


@given(st.binary(max_size=200))
def test_any_content_is_an_item_a_reject_or_passed_over(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name in ("a.txt", "b", "c.xml", "d.zip"):
        put(folder / name, content)
    found = search(folder)
    assert len(found.files) + len(found.rejects) + found.skipped.total() == 4


# parts


@given(
    st.lists(st.binary(max_size=40).map(lambda line: line.replace(b"\n", b" ")), max_size=30),
    st.booleans(),
    st.integers(1, 60),
)
def test_parts_are_whole_lines_that_make_the_file(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], ended: bool, size: int
) -> None:
    content = b"x" + b"\n".join(lines) + (b"\n" if ended else b"")
    path = put(tmp_path_factory.mktemp("parts") / "a.jsonl", content)
    cut = parts(Item(path, None, "jsonl", "a.jsonl"), size)
    read = []
    for part in cut:
        with part.open() as stream:
            read.append(stream.read())
    assert b"".join(read) == content
    assert all(len(part) >= size and part.find(b"\n", size - 1) == len(part) - 1 for part in read[:-1])
    starts = [sum(map(len, read[:number])) for number in range(len(read))]
    assert [part.first_line for part in cut] == [content.count(b"\n", 0, start) + 1 for start in starts]


def test_a_line_of_200_mb_is_one_part(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.write(b'{"text": "First."}\n{"text": "')
        file.seek(200_000_000)
        file.write(b'"}\n{"text": "Last."}\n')
    item = Item(path, None, "jsonl", "a.jsonl")
    assert [(part.start, part.end, part.first_line) for part in parts(item)] == [
        (0, 200_000_003, 1),
        (200_000_003, 200_000_021, 3),
    ]


def test_what_is_not_read_by_lines_or_is_packed_or_small_stays_whole(tmp_path: Path) -> None:
    lines = b'{"text": "a"}\n' * 100
    packed = gzip.compress(bytes(os.urandom(2000)))
    for name, reader, content in (
        ("a.csv", "csv", lines),
        ("a.jsonl", "jsonl", packed),
        ("b.jsonl", "jsonl", lines[:100]),
    ):
        item = Item(put(tmp_path / name, content), None, reader, name)
        assert parts(item, 100) == [item]
    for item in (Item(STDIN, None, "jsonl", "-"), Item(tmp_path / "gone.jsonl", None, "jsonl", "gone.jsonl")):
        assert parts(item, 100) == [item]


# readers of other packages


PACKAGE = """
from goldwire.corpus.readers.base import Reader, Record

def read(source):
    yield Record({"text": source.stream.read().decode().removeprefix("WIRE")}, source.file)

READER = Reader("wire", (".wire",), read, lambda head: head.startswith(b"WIRE"))
TWIN = Reader("csv", (".csv",), read)
MISNAMED = Reader("other", (".other",), read)
NOT_A_READER = 3
"""
POINTS = """
[goldwire.readers]
wire = wire_reader:READER
csv = wire_reader:TWIN
misnamed = wire_reader:MISNAMED
number = wire_reader:NOT_A_READER
gone = wire_reader.gone:READER
"""
PROBE = """
import json, sys
from pathlib import Path
from goldwire.corpus.readers import READERS, Source, by_name
from goldwire.corpus.sources import find
from goldwire.errors import UsageError
found = find([Path(sys.argv[1])], None, but=Path("/nowhere"))
read = []
for item in found.files:
    with item.open() as stream:
        read += [[item.reader, record.fields] for record in READERS[item.reader].read(Source(stream, item.name))]
errors = []
for name in ("csv", "misnamed", "number", "gone"):
    try:
        by_name(name)
    except UsageError as error:
        errors.append(error.message)
print(json.dumps([list(READERS)[-1], read, found.warnings, errors]))
"""


def test_an_installed_package_brings_a_reader_and_a_broken_one_costs_itself_only(tmp_path: Path) -> None:
    put(tmp_path / "site" / "wire_reader.py", PACKAGE.encode())
    put(tmp_path / "site" / "wire_reader-1.0.dist-info" / "entry_points.txt", POINTS.encode())
    put(
        tmp_path / "site" / "wire_reader-1.0.dist-info" / "METADATA",
        b"Metadata-Version: 2.1\nName: wire-reader\nVersion: 1.0\n",
    )
    put(tmp_path / "in" / "a.txt", b"WIREA wire.")
    put(tmp_path / "in" / "b.wire", b"By its ending.")
    put(tmp_path / "in" / "c.csv", b"text\nOurs.\n")
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(tmp_path / "in")],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=True,
    )
    of = "of the package wire-reader"
    errors = [
        f'the reader "csv" {of} has a name that is taken',
        f'the reader "misnamed" {of} calls itself "other"',
        f'the reader "number" {of} is not a Reader',
        f"""the reader "gone" {of} cannot be loaded: ModuleNotFoundError: """
        "No module named 'wire_reader.gone'; 'wire_reader' is not a package",
    ]
    assert json.loads(done.stdout) == [
        "wire",
        [["wire", {"text": "A wire."}], ["wire", {"text": "By its ending."}], ["csv", {"text": "Ours."}]],
        [f"{errors[index]}; it is left out" for index in (0, 3, 1, 2)],
        errors,
    ]
    assert done.stderr == ""


def test_without_other_packages_the_formats_are_ours() -> None:
    assert list(READERS) == list(OURS)
    assert search(STDIN).warnings == []
    with pytest.raises(UsageError) as raised:
        by_name("docx")
    assert (raised.value.message, raised.value.hint) == ('"docx" is not a format', f"Formats: {', '.join(OURS)}.")
