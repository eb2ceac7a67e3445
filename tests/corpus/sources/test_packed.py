"""Packed files: what comes out, and what is said of data that are damaged or cut short."""

import bz2
import gzip
import lzma
import random
import struct
import tarfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.corpus.sources import Broken, Found

Contents = Callable[[Found], list[tuple[str, str, bytes]]]
Rejects = Callable[[Found], list[tuple[str, str]]]
LINES = b"".join(b'{"text": "The council of Lunde met for the %dth time."}\n' % n for n in range(20_000))


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
def test_a_packed_file_is_what_is_in_it(
    tmp_path: Path, name: str, pack: Callable[[bytes], bytes], search: Callable[..., Found], contents: Contents
) -> None:
    path = tmp_path / name
    path.write_bytes(pack(LINES))
    assert contents(search(path)) == [(str(path), "jsonl", LINES)]


@pytest.mark.parametrize(
    ("name", "pack", "what"),
    [("gz", gzip.compress, "gzip"), ("bz2", bz2.compress, "bzip2"), ("xz", lzma.compress, "xz")],
)
def test_what_stands_before_the_cut_goes_through(
    tmp_path: Path, name: str, pack: Callable[[bytes], bytes], what: str, broken: Callable[[Path], tuple[bytes, str]]
) -> None:
    # two blocks of bzip2, or one would be all or nothing
    noise = random.Random(0).randbytes(1_000_000).hex().encode()
    content = b"".join(b'{"text": "%b"}\n' % noise[at : at + 100] for at in range(0, len(noise), 100))
    path = tmp_path / f"a.jsonl.{name}"
    path.write_bytes(pack(content)[:-200_000])
    before, fault = broken(path)
    assert fault == f"the {what} data is cut short"
    assert content.startswith(before)
    assert len(before) > len(content) / 2


def test_a_wrong_checksum_and_what_follows_the_data_are_faults_after_the_data(
    tmp_path: Path, search: Callable[..., Found], contents: Contents, broken: Callable[[Path], tuple[bytes, str]]
) -> None:
    path = tmp_path / "a.jsonl.gz"
    packed = gzip.compress(LINES)
    path.write_bytes(packed[:-8] + struct.pack("<I", zlib.crc32(LINES) ^ 1) + packed[-4:])
    assert broken(path) == (LINES, "the gzip data is damaged")
    path.write_bytes(packed + b"garbage that somebody appended")
    assert broken(path) == (LINES, "the gzip data is followed by something else")
    path.write_bytes(packed + b"\0" * 512)
    assert contents(search(path)) == [(str(path), "jsonl", LINES)]


def test_damage_in_the_middle_is_a_fault_by_name(tmp_path: Path, broken: Callable[[Path], tuple[bytes, str]]) -> None:
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


def test_xz_that_asks_for_gigabytes_of_memory_is_refused(
    tmp_path: Path, broken: Callable[[Path], tuple[bytes, str]]
) -> None:
    path = tmp_path / "a.jsonl.xz"
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1_500_000_000 // 8}]
    path.write_bytes(lzma.compress(b'{"text": "a"}\n', filters=filters))
    assert broken(path) == (b"", "the xz data is packed so that unpacking takes more than 128 MB of memory")


def test_data_packed_twice_are_refused(
    tmp_path: Path, search: Callable[..., Found], rejects: Rejects, zipped: Callable[..., Path]
) -> None:
    twice = {
        "a.jsonl.gz": gzip.compress(gzip.compress(LINES)),
        "b.zip.gz": gzip.compress(zipped(tmp_path / "in", {"a.txt": b"a"}).read_bytes()),
    }
    (tmp_path / "in").unlink()
    for name, content in twice.items():
        (tmp_path / name).write_bytes(content)
    zipped(tmp_path / "c.zip", {"in.zip": zipped(tmp_path / ".in", {}).read_bytes(), "a": b""})
    found = search(tmp_path)
    assert found.files == []
    assert rejects(found) == [
        ("a.jsonl.gz", "file: is packed more than once; unpack it first"),
        ("b.zip.gz", "file: is packed more than once; unpack it first"),
        ("c.zip!in.zip", "file: is packed more than once; unpack it first"),
    ]


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_damage_raises_nothing_but_broken(
    tmp_path_factory: pytest.TempPathFactory,
    data: st.DataObject,
    search: Callable[..., Found],
    zipped: Callable[..., Path],
    add: Callable[..., None],
) -> None:
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
