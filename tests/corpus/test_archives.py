"""Archives and packed files: what comes out, what is refused by name, and that neither costs much memory."""

import ast
import bz2
import gzip
import io
import lzma
import random
import resource
import struct
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.corpus.readers import Reject
from goldwire.corpus.sources import Broken, Found, find

LINES = b"".join(b'{"text": "The council of Lunde met for the %dth time."}\n' % n for n in range(20_000))


def search(*paths: Path) -> Found:
    return find(paths, None, but=Path("/nowhere/articles.parquet"))


def contents(found: Found) -> list[tuple[str, str, bytes]]:
    """Every item's name, reader and bytes."""
    read = []
    for item in found.files:
        with item.open() as stream:
            read.append((item.name, item.reader, stream.read()))
    return read


def broken(path: Path) -> tuple[bytes, str]:
    """The lines of the only item before the fault, and the fault."""
    found = search(path)
    assert (found.rejects, len(found.files)) == ([], 1)
    lines = []
    with found.files[0].open() as stream, pytest.raises(Broken, match=r".") as raised:
        for line in stream:
            lines.append(line)
    return b"".join(lines), str(raised.value)


def rejects(found: Found) -> list[tuple[str, str]]:
    assert all(reject.line is None for reject in found.rejects)
    return [(Path(reject.file).name, reject.reason) for reject in found.rejects]


def add(archive: tarfile.TarFile, name: str, content: bytes, **fields: object) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for key, value in fields.items():
        setattr(info, key, value)
    archive.addfile(info, io.BytesIO(content))


def zipped(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return path


# packed files


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("a.jsonl.gz", gzip.compress),
        ("a.jsonl.bz2", bz2.compress),
        ("a.jsonl.xz", lzma.compress),
        ("named-wrongly.jsonl", gzip.compress),
        ("a.jsonl.gz", lambda content: gzip.compress(content[:7]) + gzip.compress(content[7:])),
        ("a.jsonl.bz2", lambda content: bz2.compress(content[:7]) + bz2.compress(content[7:])),
        ("a.jsonl.xz", lambda content: lzma.compress(content[:7]) + b"\0" * 8 + lzma.compress(content[7:])),
        ("not-packed.jsonl.gz", lambda content: content),
    ],
)
def test_a_packed_file_is_what_is_in_it(tmp_path: Path, name: str, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / name
    path.write_bytes(pack(LINES))
    assert contents(search(path)) == [(str(path), "jsonl", LINES)]


@pytest.mark.parametrize(
    ("name", "pack", "what"),
    [("gz", gzip.compress, "gzip"), ("bz2", bz2.compress, "bzip2"), ("xz", lzma.compress, "xz")],
)
def test_what_stands_before_the_cut_goes_through(
    tmp_path: Path, name: str, pack: Callable[[bytes], bytes], what: str
) -> None:
    noise = (
        random.Random(0).randbytes(1_000_000).hex().encode()
    )  # two blocks of bzip2, or one would be all or nothing
    content = b"".join(b'{"text": "%b"}\n' % noise[at : at + 100] for at in range(0, len(noise), 100))
    path = tmp_path / f"a.jsonl.{name}"
    path.write_bytes(pack(content)[:-200_000])
    before, fault = broken(path)
    assert fault == f"the {what} data is cut short"
    assert content.startswith(before)
    assert len(before) > len(content) / 2


def test_a_wrong_checksum_and_what_follows_the_data_are_faults_after_the_data(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    packed = gzip.compress(LINES)
    path.write_bytes(packed[:-8] + struct.pack("<I", zlib.crc32(LINES) ^ 1) + packed[-4:])
    assert broken(path) == (LINES, "the gzip data is damaged")
    path.write_bytes(packed + b"garbage that somebody appended")
    assert broken(path) == (LINES, "the gzip data is followed by something else")
    path.write_bytes(packed + b"\0" * 512)
    assert contents(search(path)) == [(str(path), "jsonl", LINES)]


def test_damage_in_the_middle_is_a_fault_by_name(tmp_path: Path) -> None:
    for name, pack, what in (
        ("gz", gzip.compress, "gzip"),
        ("bz2", bz2.compress, "bzip2"),
        ("xz", lzma.compress, "xz"),
    ):
        path = tmp_path / f"a.jsonl.{name}"
        packed = bytearray(pack(LINES))
        packed[len(packed) // 2 :] = bytes(byte ^ 0x5A for byte in packed[len(packed) // 2 :])
        path.write_bytes(packed)
        before, fault = broken(path)
        assert (LINES.startswith(before[:100_000]), fault) == (True, f"the {what} data is damaged")


def test_xz_that_asks_for_gigabytes_of_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.xz"
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1_500_000_000 // 8}]
    path.write_bytes(lzma.compress(b'{"text": "a"}\n', filters=filters))
    assert broken(path) == (b"", "the xz data is packed so that unpacking takes more than 128 MB of memory")


def test_data_packed_twice_are_refused(tmp_path: Path) -> None:
    twice = {
        "a.jsonl.gz": gzip.compress(gzip.compress(LINES)),
        "b.zip.gz": gzip.compress(zipped(tmp_path / "in", {"a.txt": b"a"}).read_bytes()),
    }
    (tmp_path / "in").unlink()
    for name, content in twice.items():
        (tmp_path / name).write_bytes(content)
    zipped(
        tmp_path / "c.zip", {"in.zip": twice["b.zip.gz"][:0] + zipped(tmp_path / ".in", {}).read_bytes(), "a": b""}
    )
    found = search(tmp_path)
    assert found.files == []
    assert rejects(found) == [
        ("a.jsonl.gz", "file: is packed more than once; unpack it first"),
        ("b.zip.gz", "file: is packed more than once; unpack it first"),
        ("c.zip!in.zip", "file: is packed more than once; unpack it first"),
    ]


# zip and tar


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
def test_the_members_of_a_zip_come_in_the_order_of_their_names(tmp_path: Path, method: int) -> None:
    path = zipped(tmp_path / "a.zip", MEMBERS | {"empty/": b""}, method)
    found = search(path)
    assert contents(found) == [(f"{path}!{name}", reader, content) for name, reader, content in WANTED]
    assert (found.rejects, found.skipped) == ([], {"no reader for .png": 1})


@pytest.mark.parametrize("format_", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize(
    ("ending", "mode"), [("tar", ""), ("tar.gz", "gz"), ("tgz", "gz"), ("tbz", "bz2"), ("txz", "xz")]
)
def test_the_members_of_a_tar_are_read_in_place(tmp_path: Path, ending: str, mode: str, format_: int) -> None:
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


def test_a_packed_tar_is_unpacked_once_for_all_its_members(tmp_path: Path) -> None:
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


def test_a_name_that_leads_out_of_the_archive_is_refused(tmp_path: Path) -> None:
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


def test_members_that_cannot_be_unpacked_are_refused_and_the_others_go_through(tmp_path: Path) -> None:
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


def test_a_wrong_checksum_in_a_zip_is_a_fault(tmp_path: Path) -> None:
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
def test_a_zip_that_is_cut_short_gives_what_stands_before_the_cut(tmp_path: Path, piped: bool) -> None:
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
def test_a_tar_that_is_cut_short_gives_what_stands_before_the_cut(tmp_path: Path, mode: str) -> None:
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


def test_a_packed_tar_whose_packing_is_cut_short_says_so_once(tmp_path: Path) -> None:
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


def test_sparse_and_endless_headers_of_a_tar_are_refused(tmp_path: Path) -> None:
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


def test_an_archive_without_files_is_a_reject_and_so_is_an_empty_member(tmp_path: Path) -> None:
    zipped(tmp_path / "a.zip", {})
    zipped(tmp_path / "b.zip", {"a.txt": b"", "b.png": b""})
    found = search(tmp_path)
    assert (found.files, found.skipped) == ([], {"no reader for .png": 1})
    assert rejects(found) == [("a.zip", "file: is an archive without files"), ("b.zip!a.txt", "file: is empty")]


def test_a_document_that_is_a_zip_inside_is_no_archive(tmp_path: Path) -> None:
    for name in ("a.docx", "b"):
        zipped(tmp_path / name, {"[Content_Types].xml": b"<x/>", "word/document.txt": b"A text."})
    found = search(tmp_path)
    assert (found.files, found.rejects) == ([], [])
    assert found.skipped == {"no reader for .docx": 1, "no reader for a name without ending": 1}


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_damage_raises_nothing_but_broken(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("damage")
    kind = data.draw(st.sampled_from(["zip", "tar", "tar.gz", "txt.gz", "txt.bz2", "txt.xz"]))
    path = folder / f"a.{kind}"
    if kind == "zip":
        zipped(path, {"a.txt": b"A text. " * 20, "b.csv": b"text\nA\n"}, data.draw(st.sampled_from([0, 8, 12])))
    elif kind.startswith("tar"):
        with tarfile.open(path, "w:gz" if kind == "tar.gz" else "w") as archive:
            add(archive, "a.txt", b"A text. " * 20)
            add(archive, "ä" * 60 + ".csv", b"text\nA\n")
    else:
        path.write_bytes({"gz": gzip, "bz2": bz2, "xz": lzma}[kind[4:]].compress(b"A text. " * 20))  # type: ignore[attr-defined]
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(1, len(content)))])
    for item in search(folder).files:
        with suppress(Broken), item.open() as stream:
            stream.read()


# bombs


BOMB = """
import sys
from pathlib import Path
from goldwire.corpus.sources import find
found = find([Path(name) for name in sys.argv[1:]], None, but=Path("/nowhere/x"))
told = [(Path(reject.file).name, reject.reason) for reject in found.rejects]
for item in found.files:
    size = 0
    try:
        with item.open() as stream:
            while data := stream.read(1 << 20):
                size += len(data)
    except OSError as fault:
        told.append((Path(item.name).name, size < 100_000_000, str(fault)))
    else:
        told.append((Path(item.name).name, size))
print(told)
# not getrusage, which counts what the parent held when it started this
(peak,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
print(int(peak.split()[1]) // 1024)
"""


def deflated(size: int) -> bytes:
    """Lines and then zeros in raw deflate: one block, as often as it takes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    lines = packer.compress(LINES) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b"\0" * 10_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    again = zlib.compressobj(9, zlib.DEFLATED, -15)
    return lines + block * (size // 10_000_000) + again.flush()


def raw_zip(name: bytes, packed: bytes, claimed: int, crc: int = 0) -> bytes:
    """A zip of one member, whatever is said of it."""
    fields = struct.pack("<5HIII2H", 20, 0, 8, 0, 0x21, crc, len(packed), min(claimed, 0xFFFFFFFE), len(name), 0)
    local = b"PK\x03\x04" + fields + name + packed
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<3H2I", 0, 0, 0, 0, 0) + name
    return local + entry + b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, 1, 1, len(entry), len(local), 0)


def test_bombs_are_refused_in_bounded_memory_and_time(tmp_path: Path) -> None:
    zeros = deflated(10_000_000_000)
    assert len(zeros) < 12_000_000
    (tmp_path / "says-so.zip").write_bytes(raw_zip(b"a.txt", zeros, 0xFFFFFFFE))
    (tmp_path / "hides-it.zip").write_bytes(raw_zip(b"a.txt", zeros, 1000))
    header = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    (tmp_path / "a.jsonl.gz").write_bytes(header + zeros)
    (tmp_path / "b.jsonl.bz2").write_bytes(bz2.compress(LINES) + bz2.compress(b"\0" * 900_000) * 1000)
    (tmp_path / "c.jsonl.xz").write_bytes(lzma.compress(LINES) + lzma.compress(b"\0" * 50_000_000) * 100)
    with tarfile.open(tmp_path / "e.tar.gz", "w:gz", compresslevel=1) as archive:
        add(archive, "a.txt", LINES + b"\0" * 300_000_000)
        add(archive, "b.txt", b"Behind it.")
    zipped(tmp_path / "f.zip", {"a.jsonl.gz": header + zeros, "b.txt": b"good"})
    done = subprocess.run(
        [sys.executable, "-c", BOMB, str(tmp_path)], capture_output=True, text=True, check=True, timeout=100
    )
    told, memory = done.stdout.splitlines()
    reason = "unpacks to more than 200 times its size"
    assert ast.literal_eval(told) == [
        ("says-so.zip!a.txt", f"file: {reason}"),
        ("a.jsonl.gz", True, reason),
        ("b.jsonl.bz2", True, reason),
        ("c.jsonl.xz", True, reason),
        ("e.tar.gz!a.txt", True, reason),
        ("f.zip!a.jsonl.gz", True, reason),
        ("f.zip!b.txt", 4),
        ("hides-it.zip!a.txt", True, reason),
    ]
    assert int(memory) < 300


def test_members_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": b"A text, and more of it.", "b.txt": b"Another."}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    first = data.index(b"PK\x01\x02")
    data[first + 20 : first + 28] = struct.pack("<2I", 60, 60)  # into b.txt
    path.write_bytes(data)
    found = search(path)
    assert contents(found) == [(f"{path}!b.txt", "txt", b"Another.")]
    assert rejects(found) == [("a.zip!a.txt", "file: the zip data is damaged")]


def test_much_data_of_a_low_ratio_and_a_little_of_a_high_one_are_no_bombs(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(LINES * 60, 1))
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(b" " * 60_000_000))
    assert [len(content) for *_, content in contents(search(tmp_path))] == [len(LINES) * 60, 60_000_000]
