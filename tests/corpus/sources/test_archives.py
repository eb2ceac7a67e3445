"""Zip and tar archives: which members are read, and which are refused by name."""

import gzip
import io
import random
import resource
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from goldwire.corpus.readers import Reject
from goldwire.corpus.sources import Broken, Found

Contents = Callable[[Found], list[tuple[str, str, bytes]]]
Rejects = Callable[[Found], list[tuple[str, str]]]
LINES = b"".join(b'{"text": "The council of Lunde met for the %dth time."}\n' % n for n in range(20_000))

MEMBERS = {
    "b/news.csv.gz": gzip.compress(b"text\nFrom a gzip in an archive.\n"),
    "b/a.txt": "Käthe Torr spoke.".encode(),
    "a.jsonl": LINES,
    ".hidden.txt": b"no",
    "b/.git/x.txt": b"no",
    "__MACOSX/b/a.txt": b"no",
    "picture.png": b"\x89PNG\r\n",
}

WANTED = [
    ("a.jsonl", "jsonl", LINES),
    ("b/a.txt", "txt", MEMBERS["b/a.txt"]),
    ("b/news.csv.gz", "csv", b"text\nFrom a gzip in an archive.\n"),
]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_the_members_of_a_zip_come_in_the_order_of_their_names(
    tmp_path: Path, method: int, search: Callable[..., Found], contents: Contents, zipped: Callable[..., Path]
) -> None:
    path = zipped(tmp_path / "a.zip", MEMBERS | {"empty/": b""}, method)
    found = search(path)
    assert contents(found) == [(f"{path}!{name}", reader, content) for name, reader, content in WANTED]
    assert (found.rejects, found.skipped) == ([], {"no reader for .png": 1})


@pytest.mark.parametrize("format_", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize(
    ("ending", "mode"), [("tar", ""), ("tar.gz", "gz"), ("tgz", "gz"), ("tbz", "bz2"), ("txz", "xz")]
)
def test_the_members_of_a_tar_are_read_in_place(
    tmp_path: Path,
    ending: str,
    mode: str,
    format_: int,
    search: Callable[..., Found],
    contents: Contents,
    add: Callable[..., None],
) -> None:
    path = tmp_path / f"a.{ending}"
    with tarfile.open(path, f"w:{mode}", format=format_) as archive:  # type: ignore[call-overload]
        for name, content in MEMBERS.items():
            add(archive, f"./{name}", content)
        add(archive, "./link.txt", b"", type=tarfile.SYMTYPE, linkname="/etc/passwd")
        add(archive, "./hard.txt", b"", type=tarfile.LNKTYPE, linkname="./b/a.txt")
        add(archive, "./pipe.txt", b"", type=tarfile.FIFOTYPE)
        add(archive, "./folder", b"", type=tarfile.DIRTYPE)
    found = search(path)
    # a packed one keeps its order: going back would mean unpacking it from the beginning
    order = [WANTED[index] for index in ((2, 1, 0) if mode else (0, 1, 2))]
    assert contents(found) == [(f"{path}!./{name}", reader, content) for name, reader, content in order]
    assert contents(Found(found.files[::-1])) == contents(found)[::-1]
    assert (found.rejects, found.skipped) == ([], {"no reader for .png": 1})


def test_a_packed_tar_is_unpacked_once_for_all_its_members(
    tmp_path: Path, search: Callable[..., Found], contents: Contents, add: Callable[..., None]
) -> None:
    path = tmp_path / "a.tar.gz"
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        for number in range(3000):
            add(archive, f"{number % 7}/{number}.txt", b"A text of %d. " % number * 200)
    found = search(path)
    # from the beginning each time would be 3000 * 6 MB on average, more than a minute
    used = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    assert len(contents(found)) == 3000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_utime - used < 10


OUTSIDE = ["../evil.txt", "a/../../evil.txt", "/etc/evil.txt", "C:\\evil.txt", "..\\evil.txt", "\\\\host\\evil.txt"]


def test_a_name_that_leads_out_of_the_archive_is_refused(
    tmp_path: Path,
    search: Callable[..., Found],
    contents: Contents,
    zipped: Callable[..., Path],
    add: Callable[..., None],
) -> None:
    zipped(tmp_path / "a.zip", dict.fromkeys([*OUTSIDE, "..good.txt"], b"A text."))
    with tarfile.open(tmp_path / "b.tar", "w") as archive:
        for name in [*OUTSIDE, "a..good.txt", "bell\x07\u202e.txt", "caf\udce9.txt"]:
            add(archive, name, b"A text.")
        add(archive, "../bell\x07.txt", b"A text.")
    found = search(tmp_path)
    assert contents(found) == [
        (f"{tmp_path}/b.tar!a..good.txt", "txt", b"A text."),
        (f"{tmp_path}/b.tar!bell\ufffd\ufffd.txt", "txt", b"A text."),
        (f"{tmp_path}/b.tar!caf\ufffd.txt", "txt", b"A text."),
    ]
    reason = "name: leads out of the archive"
    assert found.rejects == [
        *(Reject(f"{tmp_path}/a.zip!{name}", None, reason) for name in sorted(OUTSIDE)),
        *(Reject(f"{tmp_path}/b.tar!{name}", None, reason) for name in [*OUTSIDE, "../bell\ufffd.txt"]),
    ]


def test_members_that_cannot_be_unpacked_are_refused_and_the_others_go_through(
    tmp_path: Path, search: Callable[..., Found], contents: Contents, rejects: Rejects, zipped: Callable[..., Path]
) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": b"secret", "b.txt": b"method", "c.txt": b"good", "d.png": b"secret"})
    data = bytearray(path.read_bytes())
    for name, place, value in ((b"a.txt", 8, 1), (b"d.png", 8, 1), (b"b.txt", 10, 9)):
        entry = data.rindex(b"PK\x01\x02", 0, data.rindex(name))
        data[entry + place] = value
    path.write_bytes(data)
    found = search(path)
    assert contents(found) == [(f"{path}!c.txt", "txt", b"good")]
    assert rejects(found) == [
        ("a.zip!a.txt", "file: is encrypted"),
        ("a.zip!b.txt", "file: is packed by a method that is not read here (number 9)"),
    ]
    assert found.skipped == {"no reader for .png": 1}


def test_a_wrong_checksum_in_a_zip_is_a_fault(
    tmp_path: Path, broken: Callable[[Path], tuple[bytes, str]], zipped: Callable[..., Path]
) -> None:
    path = zipped(tmp_path / "a.zip", {"a.jsonl": LINES}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"the 7th time", b"the 8th time"))
    assert broken(path) == (LINES.replace(b"the 7th time", b"the 8th time"), "the zip data is damaged")


class _Pipe(io.BytesIO):
    """Where zipfile cannot go back, so that the sizes stand behind the data."""

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        raise OSError

    def seek(self, *_: object) -> int:
        raise OSError


@pytest.mark.parametrize("piped", [False, True])
def test_a_zip_that_is_cut_short_gives_what_stands_before_the_cut(
    tmp_path: Path, piped: bool, search: Callable[..., Found], contents: Contents, rejects: Rejects
) -> None:
    target = _Pipe() if piped else io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("c.jsonl", "b.txt", "a.jsonl"):
            archive.writestr(name, LINES if name.endswith("l") else b"A text.")
    data, path = target.getvalue(), tmp_path / "x.zip"
    path.write_bytes(data)
    whole = [
        (f"{path}!a.jsonl", "jsonl", LINES),
        (f"{path}!b.txt", "txt", b"A text."),
        (f"{path}!c.jsonl", "jsonl", LINES),
    ]
    assert contents(search(path)) == whole
    directory = data.index(b"PK\x01\x02")

    path.write_bytes(data[: directory - 2000])
    found = search(path)
    assert (found.rejects, [item.member for item in found.files]) == ([], ["a.jsonl", "b.txt", "c.jsonl"])
    with found.files[0].open() as stream, pytest.raises(Broken, match=r"^the zip data is cut short$"):
        stream.readlines()
    assert contents(Found(found.files[1:])) == whole[1:]

    path.write_bytes(data[: directory + 20])
    found = search(path)
    assert contents(found) == whole
    assert rejects(found) == [("x.zip", "file: the zip data is cut short")]


@pytest.mark.parametrize("mode", ["", "gz"])
def test_a_tar_that_is_cut_short_gives_what_stands_before_the_cut(
    tmp_path: Path,
    mode: str,
    search: Callable[..., Found],
    contents: Contents,
    rejects: Rejects,
    add: Callable[..., None],
) -> None:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as archive:
        add(archive, "b.txt", b"A text.")
        add(archive, "a.jsonl", LINES)
    data, path = whole.getvalue(), tmp_path / "x.tar"

    def cut(at: int) -> Found:
        path.write_bytes(gzip.compress(data[:at]) if mode else data[:at])
        return search(path)

    inside = cut(512 + 512 + 512 + len(LINES) // 2)
    assert (inside.rejects, [item.member for item in inside.files]) == (
        [],
        ["b.txt", "a.jsonl"] if mode else ["a.jsonl", "b.txt"],
    )
    lines = []
    with inside.files[1 if mode else 0].open() as stream, pytest.raises(Broken, match=r"^the tar data is cut short$"):
        for line in stream:
            lines.append(line)
    assert len(lines) > 9_000

    for at in (512 + 512 + 100, 512 + 512):
        found = cut(at)
        assert [content for *_, content in contents(found)] == [b"A text."]
        assert rejects(found) == [("x.tar", "file: the tar data is cut short")]
    path.write_bytes(data[:1024] + b"\x01" * 512 + data[1536:])
    assert rejects(search(path)) == [("x.tar", "file: the tar data is damaged")]


def test_a_packed_tar_whose_packing_is_cut_short_says_so_once(
    tmp_path: Path, search: Callable[..., Found], add: Callable[..., None]
) -> None:
    path = tmp_path / "x.tar.gz"
    noise = random.Random(0).randbytes(300_000).hex().encode()
    with tarfile.open(path, "w:gz") as archive:
        add(archive, "a.txt", b"A text.")
        add(archive, "b.txt", noise)
        add(archive, "c.txt", b"Lost.")
    path.write_bytes(path.read_bytes()[:-100_000])
    found = search(path)
    assert (found.rejects, [item.member for item in found.files]) == ([], ["a.txt", "b.txt"])
    with found.files[0].open() as stream:
        assert stream.read() == b"A text."
    with found.files[1].open() as stream, pytest.raises(Broken, match=r"^the gzip data is cut short$"):
        stream.read()


def test_sparse_and_endless_headers_of_a_tar_are_refused(
    tmp_path: Path, search: Callable[..., Found], contents: Contents, rejects: Rejects, add: Callable[..., None]
) -> None:
    with tarfile.open(tmp_path / "a.tar", "w", format=tarfile.GNU_FORMAT) as archive:
        add(archive, "a.txt", b"A text.")
        add(archive, "long", b"x" * 2_000_000, type=tarfile.GNUTYPE_LONGNAME)
        add(archive, "b.txt", b"Not reached.")
    back = tarfile.TarInfo("b.txt").tobuf()
    size = b"\xff" * 4 + struct.pack(">q", -1024)
    bad = bytearray(back[:124] + size + back[136:148] + b"        " + back[156:])
    bad[148:156] = b"%06o\0 " % sum(bad)
    (tmp_path / "b.tar").write_bytes((tmp_path / "a.tar").read_bytes()[:1024] + bad + bytes(10_240))
    found = search(tmp_path)
    assert contents(found) == [(f"{tmp_path}/{name}!a.txt", "txt", b"A text.") for name in ("a.tar", "b.tar")]
    assert rejects(found) == [("a.tar", "file: the tar data is damaged"), ("b.tar", "file: the tar data is damaged")]


def test_an_archive_without_files_is_a_reject_and_so_is_an_empty_member(
    tmp_path: Path, search: Callable[..., Found], rejects: Rejects, zipped: Callable[..., Path]
) -> None:
    zipped(tmp_path / "a.zip", {})
    zipped(tmp_path / "b.zip", {"a.txt": b"", "b.png": b""})
    found = search(tmp_path)
    assert (found.files, found.skipped) == ([], {"no reader for .png": 1})
    assert rejects(found) == [("a.zip", "file: is an archive without files"), ("b.zip!a.txt", "file: is empty")]


def test_a_document_that_is_a_zip_inside_is_no_archive(
    tmp_path: Path, search: Callable[..., Found], zipped: Callable[..., Path]
) -> None:
    for name in ("a.docx", "b"):
        zipped(tmp_path / name, {"[Content_Types].xml": b"<x/>", "word/document.txt": b"A text."})
    found = search(tmp_path)
    assert (found.files, found.rejects) == ([], [])
    assert found.skipped == {"no reader for .docx": 1, "no reader for a name without ending": 1}


def test_members_that_share_their_bytes_are_refused(
    tmp_path: Path, search: Callable[..., Found], contents: Contents, rejects: Rejects, zipped: Callable[..., Path]
) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": b"A text, and more of it.", "b.txt": b"Another."}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    first = data.index(b"PK\x01\x02")
    data[first + 20 : first + 28] = struct.pack("<2I", 60, 60)  # into b.txt
    path.write_bytes(data)
    found = search(path)
    assert contents(found) == [(f"{path}!b.txt", "txt", b"Another.")]
    assert rejects(found) == [("a.zip!a.txt", "file: the zip data is damaged")]
