"""Small files that unpack to large ones: refused in bounded memory and time."""

import ast
import bz2
import gzip
import lzma
import struct
import subprocess
import sys
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path

from goldwire.corpus.sources import Found

Contents = Callable[[Found], list[tuple[str, str, bytes]]]
LINES = b"".join(b'{"text": "The council of Lunde met for the %dth time."}\n' % n for n in range(20_000))

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


def test_bombs_are_refused_in_bounded_memory_and_time(
    tmp_path: Path, zipped: Callable[..., Path], add: Callable[..., None]
) -> None:
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


def test_much_data_of_a_low_ratio_and_a_little_of_a_high_one_are_no_bombs(
    tmp_path: Path, search: Callable[..., Found], contents: Contents
) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(LINES * 60, 1))
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(b" " * 60_000_000))
    assert [len(content) for *_, content in contents(search(tmp_path))] == [len(LINES) * 60, 60_000_000]
