"""Ingest: files into the articles table. It adds to what is there; a bad record costs nothing but itself.

The way of an article: its item (`sources`) is read and turned into rows by a worker (`convert`), ids decide whether
it is new (`gather`), its body is compared with all others (`stories`), and the table is written once, at the end.
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import pyarrow as pa

from goldwire import tables
from goldwire.corpus import columns, engine, gather, rejects, sources, stories
from goldwire.corpus.article import Reading
from goldwire.corpus.batches import batches
from goldwire.corpus.compare import Comparing
from goldwire.corpus.convert import Facts, convert
from goldwire.corpus.engine import Engine
from goldwire.corpus.readers import READERS, Reject, by_name
from goldwire.corpus.readers.base import Title
from goldwire.errors import GoldwireError, UsageError

_PROCESSES = 32_000_000  # bytes: what is less is read in this process, since starting others takes a second
_LOAD = 16_000_000  # bytes that a worker reads at once,
_FILES = 1_000  # or files
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
    table until it is written, about three times as many bytes as the texts have.

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
    kept = gather.Kept()
    if into.exists():
        kept.there(into)
    found = sources.find(paths, reader, but=into)
    facts = Facts()
    for reject in found.rejects:
        facts.read, facts.unread = facts.read + 1, facts.unread + 1
        facts.reject(reject)

    into.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{into.name}.", dir=into.parent) as name:
        folder = Path(name)
        make = partial(convert, mapping=checked, title=title, reading=reading or Reading())
        parts = []
        for part, read in _converted(found.files, folder, make, stdin, run_on, address):
            parts.append(part)
            facts.add(read)
            kept.take(part)
            if progress:
                progress(facts.read)
        if facts.read == facts.unread:
            _nothing(paths, facts, found)
        for reject in kept.conflicts:
            facts.reject(reject)
        _merge(into, kept, parts, comparing, folder)
    listed = sorted(facts.rejects, key=_order([item.name for item in found.files]))
    rejects.record(rejects.path_for(into), [item.name for item in found.files], listed)
    warnings = [*found.warnings, *_skipped(found), *_odd(facts, checked)]
    return Ingested(facts.read, kept.new, kept.duplicates, facts.rejected, listed, warnings)


def _converted(
    items: Sequence[sources.Item],
    folder: Path,
    make: Callable[..., Facts],
    stdin: BinaryIO | None,
    run_on: Engine,
    address: str | None,
) -> Iterator[tuple[Path, Facts]]:
    """Yield a Parquet file of articles and what was read for every item, in order."""
    daft = engine.start(run_on, address)
    for number, item in enumerate(item for item in items if item.path == sources.STDIN):
        path = folder / f"stdin-{number}.parquet"
        yield path, make([item], path, stdin=stdin)  # no other process has our standard input
    loads = _loads([part for item in items if item.path != sources.STDIN for part in sources.parts(item)])
    if not loads:
        return
    apart = run_on == "ray" or sum(_size(item) for load in loads for item in load) > _PROCESSES
    types = daft.DataType

    @daft.func(return_dtype=types.string(), use_process=apart)  # type: ignore[untyped-decorator]
    def converted(number: int) -> str:
        return make(loads[number], folder / f"{number:06d}.parquet").dumps()

    frame = daft.from_pydict({"number": list(range(len(loads)))})
    frame = frame.into_partitions(len(loads)) if run_on == "ray" else frame.into_batches(1)
    done: dict[int, Facts] = {}
    following = 0
    for batch in frame.select(frame["number"], converted(frame["number"]).alias("facts")).to_arrow_iter():
        for number, text in zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True):
            done[number] = Facts.loads(text)
        while following in done:  # workers may finish in any order; which of two equal articles counts must not vary
            yield folder / f"{following:06d}.parquet", done.pop(following)
            following += 1


def _loads(items: Sequence[sources.Item]) -> list[list[sources.Item]]:
    """Return the items in order, as many together as one worker should read."""
    loads: list[list[sources.Item]] = []
    size = _LOAD
    for item in items:
        if size >= _LOAD or len(loads[-1]) == _FILES:
            loads.append([])
            size = 0
        loads[-1].append(item)
        size += _size(item)
    return loads


def _size(item: sources.Item) -> int:
    if item.end is not None:
        return item.end - item.start
    try:
        return item.path.stat().st_size
    except OSError:
        return 0


def _merge(into: Path, kept: gather.Kept, parts: Sequence[Path], comparing: Comparing, folder: Path) -> None:
    """Write the table as it is to be, unless it is that already."""
    recipe = json.dumps(asdict(comparing), sort_keys=True)
    if not kept.new and (not kept.hashes or _recipe(into) == recipe):
        return

    ids, before = sorted(kept.hashes), dict[str, str | None]()
    size = sum(_texts(path) for path in parts)

    def rows() -> Iterator[pa.Table]:
        if into.exists():
            for batch in batches(into, tables.SCHEMAS["articles"].names):
                before.update(zip(batch["article_id"].to_pylist(), batch["story_id"].to_pylist(), strict=True))
                yield batch
        yield from kept.rows(parts)

    if into.exists():
        size += _texts(into)
    buckets = gather.divide(rows(), ids, size, folder)
    frame = engine.start().read_parquet([str(bucket) for bucket in buckets])
    names = stories.assign(frame, ids, [before.get(article_id) for article_id in ids], comparing, folder)
    if kept.new or into.suffix.lower() == ".parquet" or names != [before[article_id] for article_id in ids]:
        gather.write(buckets, names, into, {_STORIES.decode(): recipe})


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
    return sum(metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups))


def _order(names: Sequence[str]) -> Callable[[Reject], tuple[int, int]]:
    """Return a key that sorts rejects by file, in the order read, and line."""
    rank = {name: index for index, name in enumerate(names, 1)}
    return lambda reject: (rank.get(reject.file, 0), reject.line or 0)


def _odd(facts: Facts, mapping: Mapping[str, str]) -> list[str]:
    """Return one line for each kind of oddity, with its count and first case."""
    unseen = [
        f'{name}: no record has the column "{column}" that it is mapped to'
        for name, column in mapping.items()
        if column not in facts.columns
    ]
    odd = [f"{kind} ({count} articles, the first {first})" for kind, (count, first) in facts.odd.items()]
    more = facts.rejected - len(facts.rejects)
    return unseen + odd + ([f"{more} more records were rejected than are listed"] if more else [])


def _skipped(found: sources.Found) -> list[str]:
    return [f"skipped: {reason} ({count} files)" for reason, count in sorted(found.skipped.items())]


def _nothing(paths: Sequence[Path], facts: Facts, found: sources.Found) -> NoReturn:
    if unread := facts.rejects:
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
