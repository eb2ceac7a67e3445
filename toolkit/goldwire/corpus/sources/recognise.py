"""Recognising: which reader a file is for, by what it holds first and by its name then."""

import csv
import io
import json
from pathlib import PurePath

from goldwire.corpus.columns import ALIASES
from goldwire.corpus.readers import OURS, READERS, Reader, by_content, by_ending
from goldwire.corpus.readers.base import HEAD

_PACKED_ENDINGS = (".gz", ".bz2", ".xz")
_KINDS = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"%PDF-", "a PDF document"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"PK\x03\x04", "an Office document or a zip"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"\x04\x22\x4d\x18", "lz4 data"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"OggS\0", "a sound"),
    (b"ID3\x03\0", "a sound"),
    (b"ID3\x04\0", "a sound"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1\0\0", "an Arrow file"),
)
_BINARY_FORMATS = frozenset({"parquet", "dataset"})
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1b") + b"\x7f"
_ZIPPED = (b"mimetype", b"[Content_Types].xml", b"META-INF/", b"_rels/", b"docProps/", b"word/", b"xl/", b"ppt/")
_ZIPPED_ENDINGS = frozenset(
    {".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".epub", ".jar", ".apk", ".npz", ".pages", ".numbers"}
)


def reader(head: bytes, name: str) -> Reader | str | None:
    """Return the reader for a file, or what is wrong with it, or None where no reader is for it.

    What a reader recognises overrules the name, then the ending of the name decides, then a look at the first lines.
    A file under the ending of a text that holds none is wrong, as ``format: looks like a PNG image, not like .txt``.

    Parameters
    ----------
    head : bytes
        Its first bytes, unpacked, `HEAD` of them at most.
    name : str
        Its name, which may have the ending of a packed file.
    """
    if recognised := by_content(head):
        return recognised
    named = by_ending(unpacked_name(name))
    if named is None:
        return _guess(head)
    kind = looks_like(head) if named.name in OURS and named.name not in _BINARY_FORMATS else None
    return named if kind is None else f"format: looks like {kind}, not like {ending(name)}"


def unpacked_name(name: str) -> str:
    """Return the name without the ending that packing added."""
    path = PurePath(name)
    return str(path.with_suffix("")) if path.suffix.lower() in _PACKED_ENDINGS else name


def ending(name: str) -> str:
    """Return the ending of the name of what is unpacked in lower case, or ``a name without ending``."""
    return PurePath(unpacked_name(name)).suffix.lower() or "a name without ending"


def is_zip(head: bytes, name: str) -> bool:
    """Return whether a file is a zip of files, and not a document that is one too, as those of Office are."""
    if not head.startswith((b"PK\x03\x04", b"PK\x05\x06")) or PurePath(name).suffix.lower() in _ZIPPED_ENDINGS:
        return False
    return not head[30:].startswith(_ZIPPED) or PurePath(name).suffix.lower() == ".zip"


def looks_like(head: bytes) -> str | None:
    """Return what the bytes are when they are certainly no text, as ``a PNG image``."""
    for magic, kind in _KINDS:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        return "an image, a sound or a film"
    if head[4:8] == b"ftyp":
        return "a film"
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
        return None
    return "binary data" if len(head) >= 512 and _share(head) > 0.08 else None  # of random bytes it is .105


def _share(head: bytes) -> float:
    """Return the share of control characters; of two-byte text, that of the half where the zeros are not."""
    halves = [half for half in (head[::2], head[1::2]) if half.count(0) < 0.3 * len(half)]
    text = halves[0] if len(halves) == 1 else head
    return 1 - len(text.translate(None, _CONTROLS)) / len(text)


def _guess(head: bytes) -> Reader | None:
    """Return the reader of JSON Lines, CSV or TSV where the first lines have a column for the text of an article."""
    whole = len(head) < HEAD
    try:
        text = head.decode("utf-8-sig", "strict" if whole else "ignore")
    except UnicodeDecodeError:
        return None
    first, _, rest = text.lstrip("\r\n").partition("\n")
    if first.startswith("{") and (rest or whole):
        try:
            value = json.loads(first)
        except (ValueError, RecursionError):
            return None
        return READERS["jsonl"] if isinstance(value, dict) and _has_text(list(value)) else None
    for delimiter, name in ((",", "csv"), ("\t", "tsv")):
        if delimiter in first and rest.strip() and _has_text(_cells(first, delimiter)):
            return READERS[name]
    return None


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
    except csv.Error:
        return []


def _has_text(columns: list[str]) -> bool:
    return any(column.strip().lower() in ALIASES["text"] for column in columns)
