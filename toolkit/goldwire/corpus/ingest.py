"""Ingest: files into the articles table. It adds to what is there; a bad record costs nothing but itself.

The way of an article: its item (`sources`) is read and turned into rows (`convert`) by a worker (`spread`), ids
decide whether it is new (`gather`), its body is compared with all others (`stories`), and the table is written once,
at the end.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from glob import escape
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import pyarrow as pa

from goldwire import tables
from goldwire.corpus import columns, engine, gather, rejects, sources, spread, stories
from goldwire.corpus.article import Reading
from goldwire.corpus.batches import batches
from goldwire.corpus.compare import NUMBERS, Comparing, numbers_of
from goldwire.corpus.convert import Tally, convert
from goldwire.corpus.engine import Engine
from goldwire.corpus.readers import READERS, Reject, by_name
from goldwire.corpus.readers.base import Title
from goldwire.errors import GoldwireError, UsageError
from goldwire.files import one_at_a_time

_WORK = ".importing"  # how the folder ends in which an import works
_STORIES = b"goldwire.stories"  # in the metadata of a Parquet table: what its stories were made with


@dataclass(frozen=True)
class Ingested:
    """What became of the records: ``read == written + duplicates + rejected``. At most `rejects.KEPT` are listed."""

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
    reading: Reading | None = None,
    comparing: Comparing | None = None,
    run_on: Engine = "native",
    address: str | None = None,
    stdin: BinaryIO | None = None,
    progress: Callable[[int], None] | None = None,
) -> Ingested:
    """Add the articles of files to an articles table, and assign stories over the whole of it.

    An article that is there already (the same id, the same title and body) is a duplicate and stays as it is. The
    same id with another text is rejected. Equal texts under different ids stay, and share a story. The table is
    sorted by article_id and is written at the end, in one piece, and only when it changed. What was rejected is
    recorded beside it; see `goldwire.corpus.rejects`.

    In memory are ids, hashes and the sampled part of the shingles; texts and shingles lie in a folder beside the
    table until it is written, about four times as many bytes as the texts have.

    Parameters
    ----------
    paths : sequence of Path
        Files, folders, patterns, archives, or ``-`` for `stdin`, which is JSON Lines unless `format` says otherwise.
    into : Path
        The table (.parquet, .csv, .tsv, .jsonl); it need not exist. Only Parquet may be larger than memory.
    format : str, optional
        One of `READERS`, for every file. By default the content tells, then the ending of the name.
    mapping : mapping of str to str, optional
        Fields of an article to columns of the files.
    title : {"none", "first-line"}
        Whether the first line of a plain text is its title.
    reading : Reading, optional
        What is found out about each text.
    comparing : Comparing, optional
        What makes stories.
    run_on, address
        See `engine.start`.
    stdin : binary stream, optional
        What ``-`` reads.
    progress : callable, optional
        Called with the number of records read so far, now and then.

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
    comparing = (comparing or Comparing()).checked()
    tables.ending(into)
    found = sources.find(paths, reader, but=into)
    make = partial(convert, mapping=checked, title=title, reading=reading or Reading(), comparing=comparing)
    daft = engine.start(run_on, address)
    with one_at_a_time(into.parent):
        for left in into.parent.glob(f".{escape(into.name)}.*{_WORK}"):  # by killed imports
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=f".{into.name}.", suffix=_WORK, dir=into.parent) as folder:
            tally, kept, parts = _read(daft, found, into, Path(folder), make, stdin, progress)
            if tally.read == tally.unread:
                _nothing(paths, tally, found)
            _merge(daft, into, kept, parts, comparing, Path(folder))
        names = [item.name for item in found.files]
        listed = sorted(tally.rejects, key=_order(names))
        if kept.new or kept.duplicates:  # else the import failed, and leaves everything as it was
            rejects.record(rejects.path_for(into), names, listed)
    warnings = [*found.warnings, *_skipped(found), *_odd(tally, checked)]
    return Ingested(tally.read, kept.new, kept.duplicates, tally.rejected, listed, warnings)


def _read(
    daft: Any,
    found: sources.Found,
    into: Path,
    folder: Path,
    make: Callable[..., Tally],
    stdin: BinaryIO | None,
    progress: Callable[[int], None] | None,
) -> tuple[Tally, gather.Kept, list[Path]]:
    """Read what was found; return what was read, what the table will have, and the files where the articles are."""
    kept, tally, parts = gather.Kept(), Tally(), list[Path]()
    if into.exists():
        kept.there(into)
        rejects.read(rejects.path_for(into))  # a file of that name that is not ours must be known before, not after
    for reject in found.rejects:
        tally.read, tally.unread = tally.read + 1, tally.unread + 1
        tally.reject(reject)
    for part, read in spread.converted(daft, found.files, folder, make, stdin):
        parts.append(part)
        tally.add(read)
        kept.take(part)
        if progress:
            progress(tally.read)
    for reject in kept.conflicts:
        tally.reject(reject)
    return tally, kept, parts


def _merge(
    daft: Any, into: Path, kept: gather.Kept, parts: Sequence[Path], comparing: Comparing, folder: Path
) -> None:
    """Write the table as it is to be, unless it is that already."""
    recipe = json.dumps(asdict(comparing), sort_keys=True)
    if not kept.new and (not kept.hashes or _recipe(into) == recipe):
        return

    ids, before = sorted(kept.hashes), dict[str, str | None]()
    size = sum(_texts(path) for path in parts)

    def rows() -> Iterator[pa.Table]:
        if into.exists():
            for batch in batches(into, tables.SCHEMAS["articles"].names, rows=gather.ROWS):
                before.update(zip(batch["article_id"].to_pylist(), batch["story_id"].to_pylist(), strict=True))
                yield batch
        yield from kept.rows(parts, tables.SCHEMAS["articles"].names)

    def bodies() -> Iterator[pa.RecordBatch]:
        if into.exists():
            yield from numbers_of(_frame(daft, into), comparing)
        for table in kept.rows(parts, NUMBERS.names):
            yield from table.to_batches()

    if into.exists():
        size += _texts(into)
    buckets = gather.divide(rows(), ids, size, folder)
    names = stories.assign(bodies(), ids, [before.get(article_id) for article_id in ids], comparing, folder)
    if kept.new or into.suffix.lower() == ".parquet" or names != [before[article_id] for article_id in ids]:
        gather.write(buckets, names, into, {_STORIES.decode(): recipe})


def _frame(daft: Any, table: Path) -> Any:
    columns = ["article_id", "text", "body_start"]
    if table.suffix.lower() == ".parquet":
        return daft.read_parquet(str(table)).select(*columns)
    return daft.from_arrow(tables.read(table, "articles").select(columns))


def _recipe(table: Path) -> str | None:
    """Return what the stories of a table were made with, where it says so."""
    if table.suffix.lower() != ".parquet":
        return None
    import pyarrow.parquet as pq

    found = (pq.read_schema(table).metadata or {}).get(_STORIES)
    return None if found is None else str(found.decode())


def _texts(path: Path) -> int:
    """Return about how many bytes of text a table has."""
    if path.suffix.lower() != ".parquet":
        return path.stat().st_size
    import pyarrow.parquet as pq

    metadata = pq.read_metadata(path)
    text = metadata.schema.to_arrow_schema().get_field_index("text")  # no list stands before it
    groups = (metadata.row_group(number) for number in range(metadata.num_row_groups))
    return sum(group.column(text).total_uncompressed_size for group in groups)


def _order(names: Sequence[str]) -> Callable[[Reject], tuple[int, int]]:
    """Return a key that sorts rejects by file, in the order read, and line."""
    rank = {name: index for index, name in enumerate(names, 1)}
    return lambda reject: (rank.get(reject.file, 0), reject.line or 0)


def _odd(tally: Tally, mapping: Mapping[str, str]) -> list[str]:
    """Return one line for each kind of oddity, with its count and first case."""
    unseen = [
        f'{name}: no record has the column "{column}" that it is mapped to'
        for name, column in mapping.items()
        if column not in tally.columns
    ]
    odd = [f"{kind} ({count} articles, the first {first})" for kind, (count, first) in tally.odd.items()]
    more = tally.rejected - len(tally.rejects)
    return unseen + odd + ([f"{more} more records were rejected than are listed"] if more else [])


def _skipped(found: sources.Found) -> list[str]:
    return [f"skipped: {reason} ({count} files)" for reason, count in sorted(found.skipped.items())]


def _nothing(paths: Sequence[Path], tally: Tally, found: sources.Found) -> NoReturn:
    if unread := tally.rejects:
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
