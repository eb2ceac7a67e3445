"""Gather: what was converted and what is there become one table, sorted by article_id, a bucket at a time.

Which articles stay is decided by their ids and hashes alone; texts pass through buckets of a bounded size on disk,
each of which has the articles between two ids, so that a table larger than memory can be sorted.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from goldwire import tables
from goldwire.corpus import convert
from goldwire.corpus.batches import batches, columns_of
from goldwire.corpus.readers import Reject
from goldwire.errors import GoldwireError
from goldwire.files import replacing

BUCKET = 16_000_000
"""Bytes of a bucket, about."""
_BUCKETS = 256  # at most, since they are open at once
_GROUPS = 4  # row groups that are read at once
ROWS = _GROUPS * convert.ROWS
"""Articles that are put into buckets at once."""
_ANEW = "Make the table anew: remove it, then import its files."
_SCHEMA = tables.SCHEMAS["articles"]


@dataclass
class Kept:
    """Which articles the table will have.

    Attributes
    ----------
    hashes : dict of str to str
        The content_hash of every article_id.
    new : int
        How many of them were not there before.
    duplicates : int
        How many came again with the same text.
    conflicts : list of Reject
        Those that came with an id that is there with another text.
    """

    hashes: dict[str, str] = field(default_factory=dict)
    new: int = 0
    duplicates: int = 0
    conflicts: list[Reject] = field(default_factory=list)
    _chosen: list[list[int]] = field(default_factory=list)

    def there(self, table: Path) -> None:
        """Take the articles of the table as it is.

        Raises
        ------
        GoldwireError
            When it is not a table of articles, has columns of another kind, or an article without id or hash, or
            one id twice.
        """
        names = columns_of(table)
        more = [name for name in names if name not in _SCHEMA.names]
        if more and "article_id" in names and "content_hash" in names:
            raise GoldwireError(
                f"the table has columns that an import would lose: {', '.join(more)}",
                where=str(table),
                hint="Import into another file. A sample is drawn anew with: goldwire corpus sample",
            )
        for batch in batches(table, ["article_id", "content_hash"]):
            for article_id, content_hash in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                if not article_id or not content_hash:
                    name = "content_hash" if article_id else "article_id"
                    raise GoldwireError(f'article "{article_id or ""}" has no {name}', where=str(table), hint=_ANEW)
                if article_id in self.hashes:
                    raise GoldwireError(f'article_id "{article_id}" stands twice', where=str(table), hint=_ANEW)
                self.hashes[article_id] = content_hash

    def take(self, part: Path) -> None:
        """Decide about the articles of a part, which come after those of the parts before it."""
        rows = _columns(part, ["article_id", "content_hash", "file", "line"])
        chosen = []
        for index, (article_id, content_hash, file, line) in enumerate(rows):
            known = self.hashes.setdefault(article_id, "")
            if known == content_hash:
                self.duplicates += 1
            elif known:
                reason = f'article_id: "{article_id}" is there already with another text, which stays'
                self.conflicts.append(Reject(file, line, reason))
            else:
                self.hashes[article_id] = content_hash
                chosen.append(index)
        self.new += len(chosen)
        self._chosen.append(chosen)

    def rows(self, parts: Sequence[Path], columns: Sequence[str]) -> Iterator[pa.Table]:
        """Yield these columns of the new articles of the parts, which must be those that were taken."""
        import pyarrow.parquet as pq

        for part, chosen in zip(parts, self._chosen, strict=True):
            with pq.ParquetFile(part) as file:
                at, begin = 0, 0
                for number in range(0, file.num_row_groups, _GROUPS):
                    together = range(number, min(number + _GROUPS, file.num_row_groups))
                    table = file.read_row_groups(list(together), columns=list(columns))
                    end = begin + table.num_rows
                    stop = bisect_right(chosen, end - 1, at)
                    if stop - at == table.num_rows:
                        yield table
                    elif stop > at:
                        yield table.take(pa.array([index - begin for index in chosen[at:stop]], pa.int64()))
                    at, begin = stop, end


def divide(articles: Iterable[pa.Table], ids: Sequence[str], size: int, folder: Path) -> list[Path]:
    """Write the articles to buckets, all of one before all of the next in the order of their ids.

    Parameters
    ----------
    articles : iterable of pa.Table
        Of the schema of articles.
    ids : sequence of str
        The article_ids of all of them, sorted.
    size : int
        About how many bytes they have.
    folder : Path
        Where the buckets are made.
    """
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    count = min(max(1, round(size / BUCKET)), _BUCKETS, max(1, len(ids)))
    edges = [ids[len(ids) * number // count] for number in range(1, count)]
    paths = [folder / f"bucket-{number:03d}.parquet" for number in range(count)]
    with ExitStack() as stack:
        options: dict[str, Any] = {"compression": "lz4", "use_dictionary": False, "write_statistics": False}
        writers = [stack.enter_context(pq.ParquetWriter(path, _SCHEMA, **options)) for path in paths]
        for table in articles:
            if count == 1:
                writers[0].write_table(table)
                continue
            bucket = pa.array([bisect_right(edges, article_id) for article_id in table["article_id"].to_pylist()])
            table, begin = table.take(pc.sort_indices(bucket)), 0
            for number, size in sorted(
                (found["values"], found["counts"]) for found in bucket.value_counts().to_pylist()
            ):
                writers[number].write_table(table.slice(begin, size))
                begin += size
    return paths


def write(buckets: Sequence[Path], stories: Sequence[str], into: Path, facts: dict[str, str]) -> None:
    """Write the buckets as the articles table, sorted, with the `story_id` of every article.

    A Parquet table is written a bucket at a time, and has `facts` in its metadata; other forms are made in memory.

    Parameters
    ----------
    buckets : sequence of Path
        From `divide`.
    stories : sequence of str
        In the order of the ids.
    into : Path
    facts : dict of str to str
    """
    import pyarrow.parquet as pq

    index = _SCHEMA.get_field_index("story_id")

    def parts() -> Iterator[pa.Table]:
        begin = 0
        for bucket in buckets:
            table = pq.read_table(bucket).sort_by("article_id")
            names = pa.array(stories[begin : begin + table.num_rows], pa.string())
            begin += table.num_rows
            yield table.set_column(index, _SCHEMA.field(index), names)

    if into.suffix.lower() != ".parquet":
        tables.write(pa.concat_tables(parts()), into)
        return
    options: dict[str, Any] = {"compression": "zstd", "use_dictionary": ["outlet", "language", "group"]}
    with (
        replacing(into) as temporary,
        pq.ParquetWriter(temporary, _SCHEMA.with_metadata(facts), **options) as writer,
    ):
        for table in parts():
            writer.write_table(table.replace_schema_metadata(facts))


def _columns(part: Path, names: list[str]) -> Iterator[tuple[Any, ...]]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(part) as file:
        for batch in file.iter_batches(10_000, columns=names):
            yield from zip(*(batch.column(name).to_pylist() for name in names), strict=True)
