"""Readers: one file a format. Each yields what it finds, a `Record` or a `Reject`, and never raises for bad input.

A reader gets a `Source`, an opened stream of bytes with the name to report, so that the same reader works on a file,
on standard input and on a member of an archive.
"""

from pathlib import Path

from goldwire.corpus.readers import csv, html, jsonl, parquet, plain
from goldwire.corpus.readers.base import Reader, Record, Reject, Source
from goldwire.errors import UsageError

__all__ = ["READERS", "Reader", "Record", "Reject", "Source", "by_name", "for_file"]

READERS: dict[str, Reader] = {
    reader.name: reader
    for reader in (plain.READER, jsonl.READER, csv.READER, csv.TSV_READER, parquet.READER, html.READER)
}
"""Every format by its name, as in ``--format NAME``."""


def by_name(name: str) -> Reader:
    """Return the reader of a format.

    Raises
    ------
    UsageError
        When there is none of this name.
    """
    if name not in READERS:
        raise UsageError(f'"{name}" is not a format', hint=f"Formats: {', '.join(READERS)}.")
    return READERS[name]


def for_file(path: Path) -> Reader | None:
    """Return the reader for a file, told by the ending of its name, or None."""
    ending = path.suffix.lower()
    return next((reader for reader in READERS.values() if ending in reader.endings), None)
