"""Ingest: files into the articles table. It adds to what is there; a bad record costs nothing but itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import pyarrow as pa

from goldwire import tables
from goldwire.corpus import columns, sources, stories
from goldwire.corpus.article import article
from goldwire.corpus.readers import READERS, Reader, Record, Reject, Source, by_name
from goldwire.corpus.readers.base import Title
from goldwire.errors import GoldwireError, UsageError


@dataclass(frozen=True)
class Ingested:
    """What became of the records: ``read == written + duplicates + rejected``."""

    read: int
    written: int
    duplicates: int
    rejected: int
    rejects: list[Reject]
    warnings: list[str]

    def as_dict(self) -> dict[str, Any]:
        """Return the value that ``goldwire corpus import --json`` prints."""
        return asdict(self)


def ingest(
    paths: Sequence[Path],
    into: Path,
    *,
    format: str | None = None,
    mapping: Mapping[str, str] | None = None,
    title: Title = "none",
    containment: float = 0.5,
    shingle: int = 5,
    stdin: BinaryIO | None = None,
    progress: Callable[[int], None] | None = None,
) -> Ingested:
    """Add the articles of files to an articles table, and assign stories over the whole of it.

    An article that is there already (the same id, the same title and body) is a duplicate and stays as it is. The
    same id with another text is rejected. Equal texts under different ids stay, and share a story. The table is
    sorted by article_id and is written at the end, in one piece, and only when it changed.

    Parameters
    ----------
    paths : sequence of Path
        Files, folders, or ``-`` for `stdin`, which is JSON Lines unless `format` says otherwise.
    into : Path
        The table (.parquet, .csv, .tsv, .jsonl); it need not exist.
    format : str, optional
        One of `READERS`, for every file. By default the ending of each name tells.
    mapping : mapping of str to str, optional
        Fields of an article to columns of the files.
    title : {"none", "first-line"}
        Whether the first line of a plain text is its title.
    containment, shingle
        Of stories; see `goldwire.text.neighbours.neighbours`.
    stdin : binary stream, optional
        What ``-`` reads.
    progress : callable, optional
        Called after every record with the number read so far.

    Raises
    ------
    GoldwireError
        When a path is not there, or no file could be read at all, or `into` is not a table of articles. Nothing is
        written then.
    UsageError
        When the format or a mapped field is unknown, or a parameter is out of its range.
    """
    reader = None if format is None else by_name(format)
    if title not in {"none", "first-line"}:
        raise UsageError(f'title is "none" or "first-line", not "{title}"')
    checked = columns.check(mapping or {})
    if stdin is None and sources.STDIN in paths:
        raise UsageError("there is no standard input to read")
    there = tables.read(into, "articles") if into.exists() else tables.build("articles", [])
    found = sources.find(paths, reader, but=into)

    intake = _Intake(
        dict(zip(there["article_id"].to_pylist(), there["content_hash"].to_pylist(), strict=True)), checked
    )
    intake.rejects += found.rejects
    unread = list(found.rejects)  # whole files and folders, as against what stands in them
    for path, chosen in found.files:
        for item in _read(path, chosen, title, stdin):
            if isinstance(item, _Unreadable):
                unread.append(item.reject)
                intake.rejects.append(item.reject)
            else:
                intake.take(item)
            if progress:
                progress(intake.read)
    if intake.read == len(unread):
        _nothing(paths, unread, found)

    table = pa.concat_tables([there, tables.build("articles", intake.rows)]).sort_by("article_id").combine_chunks()
    table = stories.assign(table, containment=containment, shingle=shingle)
    if not table.equals(there) and table.num_rows:
        tables.write(table, into)
    warnings = [*_skipped(found), *intake.summary()]
    return Ingested(
        intake.read, len(intake.rows), intake.duplicates, len(intake.rejects), list(intake.rejects), warnings
    )


@dataclass(frozen=True)
class _Unreadable:
    reject: Reject


def _read(
    path: Path, reader: Reader, title: Title, stdin: BinaryIO | None
) -> Iterator[Record | Reject | _Unreadable]:
    name = sources.shown(path)
    try:
        if path == sources.STDIN and stdin is not None:
            yield from reader.read(Source(stdin, name, title))
        else:
            with path.open("rb") as stream:
                yield from reader.read(Source(stream, name, title))
    except OSError as error:
        yield _Unreadable(Reject(name, None, f"file: cannot be read: {error.strerror or error}"))


@dataclass
class _Intake:
    """The state of one ingest: what is there, what came, and what was odd."""

    hashes: dict[str, str]
    mapping: dict[str, str]
    rows: list[dict[str, Any]] = field(default_factory=list)
    duplicates: int = 0
    rejects: list[Reject] = field(default_factory=list)
    odd: dict[str, list[str]] = field(default_factory=dict)
    columns_seen: set[str] = field(default_factory=set)

    @property
    def read(self) -> int:
        return len(self.rows) + self.duplicates + len(self.rejects)

    def take(self, item: Record | Reject) -> None:
        if isinstance(item, Reject):
            self.rejects.append(item)
            return
        self.columns_seen.update(column for column in self.mapping.values() if column in item.fields)
        made = article(item, self.mapping)
        if isinstance(made, Reject):
            self.rejects.append(made)
            return
        article_id, content_hash = made.row["article_id"], made.row["content_hash"]
        known = self.hashes.setdefault(article_id, "")
        if known == content_hash:
            self.duplicates += 1
        elif known:
            reason = f'article_id: "{article_id}" is there already with another text, which stays'
            self.rejects.append(Reject(item.file, item.line, reason))
        else:
            self.hashes[article_id] = content_hash
            self.rows.append(made.row)
            for kind, value in made.warnings:
                place = item.file if item.line is None else f"{item.file}:{item.line}"
                self.odd.setdefault(kind, []).append(f'"{value[:80]}" at {place}')

    def summary(self) -> list[str]:
        """Return one line for each kind of oddity, with its count and first case."""
        unseen = [
            f'{name}: no record has the column "{column}" that it is mapped to'
            for name, column in self.mapping.items()
            if column not in self.columns_seen
        ]
        odd = [f"{kind} ({len(cases)} articles, the first {cases[0]})" for kind, cases in self.odd.items()]
        return unseen + odd


def _skipped(found: sources.Found) -> list[str]:
    return [f"skipped: {reason} ({count} files)" for reason, count in sorted(found.skipped.items())]


def _nothing(paths: Sequence[Path], unread: Sequence[Reject], found: sources.Found) -> NoReturn:
    if unread:
        more = f" (and {len(unread) - 1} more)" if len(unread) > 1 else ""
        hint = "Check that the file can be read." if found.files else f"Formats: {', '.join(READERS)}."
        raise GoldwireError(f"{unread[0].reason}{more}", where=unread[0].file, hint=hint)
    skipped = "; ".join(_skipped(found))
    raise GoldwireError(
        f"there is no article in it{f' ({skipped})' if skipped else ''}",
        where=", ".join(sources.shown(path) for path in paths),
        hint=f"Name the format with --format: {', '.join(READERS)}."
        if skipped
        else "Name a file, or a folder with some.",
    )
