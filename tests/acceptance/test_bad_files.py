"""Bad files in an import: each is named with file, line and reason, in bounded memory and time, and the others go in.

Every case lies in a folder beside one good file, and is read as a user reads it: by the command, as its own process.
All texts are written for the tests.
"""

import bz2
import gzip
import io
import json
import os
import struct
import tarfile
import threading
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from sys import executable

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goldwire import tables

LONGEST_WAIT = 60  # seconds
MOST_MEMORY = 1_000_000_000  # bytes of all processes together
GOOD = "The harbour council of Lunde met on Monday."
BOMB = 10_000_000_000  # bytes when it is unpacked


class Ended:
    """What a command said, its exit code, and the most memory that its processes took together, in bytes."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("LABEL_STUDIO", "GOLDWIRE_DEBUG"))}
        process = Popen(
            [executable, "-m", "goldwire", *arguments],
            cwd=folder,
            env={**clean, **environment},
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            text=True,
            start_new_session=True,
        )
        peaks: dict[int, int] = {}
        ended = threading.Event()

        def watch() -> None:
            while not ended.wait(0.05):
                for pid in session(process.pid):
                    peaks[pid] = max(peaks.get(pid, 0), most_memory(pid))

        watching = threading.Thread(target=watch)
        watching.start()
        try:
            self.stdout, self.stderr = process.communicate(timeout=LONGEST_WAIT)
        finally:
            ended.set()
            watching.join()
            for pid in session(process.pid):
                os.kill(pid, 9)
        self.code = process.returncode
        self.memory = sum(peaks.values())


def session(leader: int) -> list[int]:
    """The processes of a session that still run; none where there is no /proc."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, of, *_ = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        if int(of) == leader and state != "Z":
            found.append(int(stat.parent.name))
    return found


def most_memory(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


Make = Callable[[Path], None]
CASES: dict[str, tuple[Make, list[str], int]] = {}


def case(*rejects: str, others: int = 0) -> Callable[[Make], Make]:
    """A way to make bad files in a folder: what is said of them, and how many other articles go in beside `GOOD`."""

    def add(make: Make) -> Make:
        CASES[make.__name__] = make, list(rejects), others
        return make

    return add


TOO_LONG = "is longer than 16,000,000 characters"
PAGE = "<html><body><article>{}<p>The harbour council met on Monday.</p></article></body></html>"


def long(path: Path, begin: str = "") -> None:
    """Write a file of 200 MB in one line."""
    with path.open("wb") as file:
        file.write(begin.encode())
        for _ in range(200):
            file.write(b"word " * 200_000)


def compressed(more: Callable[[bytes], bytes], flush: Callable[[int], bytes]) -> tuple[bytes, bytes]:
    """Return packed data of a million letters that can be put one behind the other, and the end of them."""
    return more(b"a" * 1_000_000) + flush(zlib.Z_FULL_FLUSH), flush(zlib.Z_FINISH)


def zip_bomb(path: Path, said: int) -> None:
    """Write a zip of one text that unpacks to `BOMB` bytes and says that it has `said`."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block, end = compressed(deflate.compress, deflate.flush)
    data, name = block * (BOMB // 1_000_000) + end, path.stem.encode() + b".txt"
    extra = struct.pack("<HHQQ", 1, 16, said, len(data))
    same = struct.pack("<5H3I2H", 45, 0, 8, 0, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF, len(name), len(extra))
    local = b"PK\3\4" + same + name + extra
    central = b"PK\1\2" + struct.pack("<H", 45) + same + struct.pack("<3H2I", 0, 0, 0, 0, 0) + name + extra
    at = len(local) + len(data)
    path.write_bytes(local + data + central + b"PK\5\6" + struct.pack("<4H2IH", 0, 0, 1, 1, len(central), at, 0))


@case("bad.jsonl.gz: file: the gzip data is cut short", others=50)
def truncated_gzip(folder: Path) -> None:
    lines = [json.dumps({"id": f"{n}", "text": f"Article {n}."}).encode() + b"\n" for n in range(100)]
    first, second = gzip.compress(b"".join(lines[:50])), gzip.compress(b"".join(lines[50:]))
    (folder / "bad.jsonl.gz").write_bytes(first + second[:12])


@case(f"big.jsonl:1: line: {TOO_LONG}")
def long_line_jsonl(folder: Path) -> None:
    long(folder / "big.jsonl", '{"text": "')


@case(f"big.csv:2: row: {TOO_LONG}")
def long_line_csv(folder: Path) -> None:
    long(folder / "big.csv", "id,text\n1,")


@case(f"big.txt:1: text: {TOO_LONG}")
def long_line_txt(folder: Path) -> None:
    long(folder / "big.txt")


@case(
    "bad.csv:3: text: is not UTF-8 (byte 0xFF); convert the file to UTF-8",
    "bad.jsonl:2: line: is not UTF-8 (byte 0xFF)",
    "bad.txt:2: text: is not UTF-8 (byte 0xFF); convert the file to UTF-8",
    others=4,
)
def invalid_utf8(folder: Path) -> None:
    (folder / "bad.txt").write_bytes(b"Torr met Haas.\nThe cra\xffne fell.\n")
    (folder / "bad.csv").write_bytes(b"id,text\n1,One fell.\n2,The cra\xffne fell.\n3,Three fell.\n")
    (folder / "bad.jsonl").write_bytes(
        b'{"id": 4, "text": "Four."}\n{"text": "cra\xffne"}\n{"id": 6, "text": "Six."}\n'
    )


@case("big.zip!big.txt: file: unpacks to more than 200 times its size")
def zip_bomb_that_says_so(folder: Path) -> None:
    zip_bomb(folder / "big.zip", BOMB)


@case(f"big.zip!big.txt:1: text: {TOO_LONG}")
def zip_bomb_that_lies(folder: Path) -> None:
    zip_bomb(folder / "big.zip", 1000)


@case(f"big.txt.gz:1: text: {TOO_LONG}")
def gzip_bomb_of_text(folder: Path) -> None:
    (folder / "big.txt.gz").write_bytes(gzip.compress(b"a" * 10_000_000) * (BOMB // 10_000_000))


@case("big.jsonl.gz: file: unpacks to more than 200 times its size")
def gzip_bomb_of_one_line(folder: Path) -> None:
    bomb = gzip.compress(b"a" * 10_000_000) * (BOMB // 10_000_000)
    (folder / "big.jsonl.gz").write_bytes(gzip.compress(b'{"text": "') + bomb)


@case("big.jsonl.bz2: file: unpacks to more than 200 times its size")
def bzip2_bomb(folder: Path) -> None:
    (folder / "big.jsonl.bz2").write_bytes(bz2.compress(b'{"text": "' + b"a" * 10_000_000) * 1000)


@case(
    "bad.zip!../up.txt: name: leads out of the archive",
    "bad.zip!..\\up.txt: name: leads out of the archive",
    "bad.zip!/top.txt: name: leads out of the archive",
    "bad.zip!C:\\top.txt: name: leads out of the archive",
    "bad.zip!in/../../up.txt: name: leads out of the archive",
    others=1,
)
def zip_names_that_lead_out(folder: Path) -> None:
    with zipfile.ZipFile(folder / "bad.zip", "w") as archive:
        for name in ("../up.txt", "..\\up.txt", "/top.txt", "C:\\top.txt", "in/../../up.txt", "in/fine.txt"):
            archive.writestr(name, f"The text of {name}.")


@case(
    "bad.tar!../up.txt: name: leads out of the archive",
    "bad.tar!/top.txt: name: leads out of the archive",
    others=1,
)
def tar_names_that_lead_out(folder: Path) -> None:
    with tarfile.open(folder / "bad.tar", "w") as archive:
        for name in ("../up.txt", "/top.txt", "in/fine.txt"):
            info = tarfile.TarInfo(name)
            info.size = len(name)
            archive.addfile(info, io.BytesIO(name.encode()))
        for kind, name in ((tarfile.SYMTYPE, "soft.txt"), (tarfile.LNKTYPE, "hard.txt")):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)


SEMEVAL = '<articles><article id="1" title="Talks"><p>Before {} after.</p></article></articles>'
RSS = '<rss version="2.0"><channel><item><guid>1</guid><description>A {} b.</description></item></channel></rss>'
LAUGHS = "".join(f'\n<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))


@case(
    'bad.rss:2: feed: declares the entity "x", which is not read, so the feed is refused',
    'bad.xml:2: file: declares the entity "x"; entities are not read, so the file is refused',
)
def xml_external_entity(folder: Path) -> None:
    (folder / ".hidden.txt").write_text("secret", encoding="utf-8")
    doctype = f'<?xml version="1.0"?><!DOCTYPE a [\n<!ENTITY x SYSTEM "file://{folder}/.hidden.txt">]>'
    (folder / "bad.xml").write_text(doctype + SEMEVAL.format("&x;"), encoding="utf-8")
    (folder / "bad.rss").write_text(doctype + RSS.format("&x;"), encoding="utf-8")


@case(
    'bad.rss:2: feed: declares the entity "a1", which is not read, so the feed is refused',
    'bad.xml:1: file: declares the entity "a0"; entities are not read, so the file is refused',
)
def xml_billion_laughs(folder: Path) -> None:
    doctype = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "secret">{LAUGHS}]>'
    (folder / "bad.xml").write_text(doctype + SEMEVAL.format("&a11;"), encoding="utf-8")
    (folder / "bad.rss").write_text(doctype + RSS.format("&a11;"), encoding="utf-8")


@case("bad.csv:3: row: a quote opens and never closes", others=20_000)
def quote_that_never_closes(folder: Path) -> None:
    rows = "".join(f"{n},Line {n} of the table.\n" for n in range(2, 20_001))
    (folder / "bad.csv").write_text(f'id,text\n1,"One."\nbad,"Two.\n{rows}', encoding="utf-8")


@case(*(f"empty.{ending}: file: is empty" for ending in "csv html json jsonl md parquet txt txt.gz warc xml".split()))
def empty_files(folder: Path) -> None:
    for ending in "csv html json jsonl md parquet txt txt.gz warc xml".split():
        (folder / f"empty.{ending}").touch()


@case("self.txt: file: cannot be read: Too many levels of symbolic links", others=1)
def folder_loop(folder: Path) -> None:
    (folder / "inner").mkdir()
    (folder / "inner" / "other.txt").write_text("Another text.", encoding="utf-8")
    (folder / "inner" / "up").symlink_to(folder)
    (folder / "self.txt").symlink_to("self.txt")


@case('bad.jsonl:2: article_id: "x" is there already with another text, which stays', others=1)
def two_texts_of_one_id(folder: Path) -> None:
    (folder / "bad.jsonl").write_text('{"id": "x", "text": "One."}\n{"id": "x", "text": "Two."}\n', encoding="utf-8")


@case("bad.txt: format: looks like a PNG image, not like .txt")
def picture_called_text(folder: Path) -> None:
    (folder / "bad.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")


@case(
    "bad.parquet: file: is not readable as Parquet: Parquet magic bytes not found in footer. "
    "Either the file is corrupted or this is not a parquet file."
)
def truncated_parquet(folder: Path) -> None:
    path = folder / "bad.parquet"
    pq.write_table(pa.table({"text": [f"Text {n}." for n in range(1000)]}), path)
    path.write_bytes(path.read_bytes()[:-1000])


@case(
    "cut.warc:2: file: ends within a record; it is not read from there on",
    "noise.warc:2: file: is not readable as WARC from there on",
    others=2,
)
def broken_warc(folder: Path) -> None:
    def record(place: str) -> bytes:
        page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE.format(f"<p>{place}.</p>").encode()
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:{place}>\r\nWARC-Date: 2020-01-01T00:00:00Z\r\n"
            f"WARC-Target-URI: http://lunde.example/{place}\r\nContent-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(page)}\r\n\r\n"
        )
        return head.encode() + page + b"\r\n\r\n"

    (folder / "cut.warc").write_bytes(record("one") + record("two")[:-40])
    (folder / "noise.warc").write_bytes(record("three") + b"noise\r\n" * 9)


@case(
    "array.json: item 1: is nested too deeply",
    "bad.html: page: has more than 100,000 tags",
    "bad.jsonl:1: line: is nested too deeply",
    "bad.xml:1: file: has more than 1,000 elements inside one another",
    "column.json: item 1: is nested too deeply",
    others=2,
)
def deep_nesting(folder: Path) -> None:
    deep = "[" * 100_001 + "]" * 100_001
    (folder / "array.json").write_text(deep, encoding="utf-8")
    (folder / "bad.md").write_text(f"{'[' * 100_000} Deep.", encoding="utf-8")
    (folder / "bad.html").write_text(PAGE.format("<b>" * 100_001), encoding="utf-8")
    (folder / "bad.jsonl").write_text(f'{{"text": "x", "more": {deep}}}\n{{"text": "Two."}}\n', encoding="utf-8")
    (folder / "bad.xml").write_text(SEMEVAL.format("<p>" * 100_000), encoding="utf-8")
    (folder / "column.json").write_text(f'[{{"text": "x", "more": {deep}}}]', encoding="utf-8")


@case("bad.xml.gz: file: the gzip data is cut short", others=2)
def truncated_gzip_of_xml(folder: Path) -> None:
    first = '<articles><article id="1"><p>One.</p></article><article id="2"><p>Two.</p></article>'
    second = gzip.compress(b'<article id="3"><p>Three.</p></article></articles>')
    (folder / "bad.xml.gz").write_bytes(gzip.compress(first.encode()) + second[:12])


@case(others=1)
def table_with_50_000_columns(folder: Path) -> None:
    header, row = [f"c{n}" for n in range(50_000)], ["1"] * 50_000
    (folder / "wide.csv").write_text(f"text,{','.join(header)}\nOne.,{','.join(row)}\n", encoding="utf-8")


@case(others=6)
def strange_names(folder: Path) -> None:
    for name in ("two\nlines.txt", "a blank.txt", "\U0001f30a.txt", "-o.txt", "[x]*.txt"):
        (folder / name).write_text(f"The text of {name!r}.", encoding="utf-8")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.txt")).write_text("No UTF-8.", encoding="utf-8")


@pytest.mark.parametrize("name", CASES)
def test_a_bad_file_is_named_and_costs_the_others_nothing(name: str, tmp_path: Path) -> None:
    make, rejects, others = CASES[name]
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.txt").write_text(GOOD, encoding="utf-8")
    make(folder)
    ended = Ended(tmp_path, "corpus", "import", "in", "-o", "articles.parquet", "--no-language")
    for path in folder.glob("big.*"):
        path.unlink()
    counts = f"{1 + others + len(rejects)} read, {1 + others} written, 0 already there, {len(rejects)} rejected"
    assert (ended.stdout.splitlines(), ended.stderr, ended.code) == (
        [counts, *(f"  in/{reject}" for reject in rejects)],
        "",
        0,
    )
    assert ended.memory < MOST_MEMORY
    kept = ["articles.rejects.jsonl"] if rejects else []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["articles.parquet", *kept, "in"]
    texts = tables.read(tmp_path / "articles.parquet", "articles")["text"].to_pylist()
    assert len(texts) == 1 + others
    assert GOOD in texts
    assert not any("secret" in text for text in texts)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.txt").write_text("Closed.", encoding="utf-8")
    (tmp_path / "bad.txt").chmod(0)
    ended = Ended(tmp_path, "corpus", "import", "bad.txt", "good.txt", "-o", "articles.parquet")
    assert (ended.stdout, ended.stderr, ended.code) == (
        "2 read, 1 written, 0 already there, 1 rejected\n  bad.txt: file: cannot be read: Permission denied\n",
        "",
        0,
    )
