"""A sample of an articles table, for labelling: the articles, and the probability with which each was drawn.

Only the columns that the design needs are read for the draw, texts in batches and only to look for keywords; then the
rows that were drawn are gathered. So a table larger than memory can be sampled.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from goldwire import tables
from goldwire.corpus.sampling.design import BOOST, Design, Population, draw
from goldwire.errors import GoldwireError, UsageError
from goldwire.provenance import digest
from goldwire.text.normalise import normalise_line
from goldwire.text.words import words

_SCHEMA = tables.SCHEMAS["articles"].append(pa.field("probability", pa.float64()))
_NONE = "none"
_ROWS = 2_000  # in a batch; a text may have 16 million characters
_BUFFER = 1 << 20


@dataclass(frozen=True)
class Sample:
    """The sample, and what it was drawn from.

    Attributes
    ----------
    table : pa.Table
        The columns of `articles`, then `probability` (above 0, at most 1) and `stratum` (null where there is but
        one), by article_id. Its metadata has the design under `tables.SAMPLE`.
    articles : int
        How many there are.
    population : int
        How many of what was drawn there are: articles, or stories.
    strata : list of dict
        `stratum`, `population`, `sampled`, and `probability`, of an article or of a story, in it.
    """

    table: pa.Table
    articles: int
    population: int
    strata: list[dict[str, Any]]


def sample(path: Path, design: Design) -> Sample:
    """Draw a sample from an articles table.

    A table that is a sample itself, with a column `probability`, gives a sample of the corpus behind it: the
    probabilities are multiplied (two-phase sampling).

    Parameters
    ----------
    path : Path
        Parquet, CSV, TSV or JSONL. Those other than Parquet are read whole.
    design : Design

    Raises
    ------
    UsageError
        When the design does not fit (see `design.draw`); no article has a story; a keyword has no letter or
        digit.
    GoldwireError
        When the table cannot be read, has no articles, an article without an id or twice, or a wrong probability.
    """
    batches = _reader(path)
    hit = _finder(design.keywords)
    columns = ["article_id", *(_column(name) for name in design.by)]
    columns += ["story_id"] if design.one_per_story else []
    columns += ["text"] if hit else []
    parts, found = [], []
    for batch in batches([*columns, "probability"]):
        if hit:
            found.append(np.array([hit(text or "") for text in batch["text"].to_pylist()], bool))
        parts.append(batch.drop_columns(["text"]) if hit else batch)
    frame = pa.Table.from_batches(parts) if parts else pa.table({"article_id": []})
    ids = _ids(frame["article_id"], path)
    before = _probabilities(frame, path)
    codes, names = _strata(frame, design.by)
    population = Population(
        ids,
        codes,
        names,
        np.concatenate(found) if hit else None,
        _stories(frame["story_id"]) if design.one_per_story else None,
        digest(*sorted(ids)) if "probability" in frame.column_names else "",
    )
    drawn = draw(population, design)
    probability = drawn.probability * before[drawn.places]
    order = np.argsort(drawn.places)
    table = _gather(batches(tables.SCHEMAS["articles"].names), drawn.places[order])
    named = [row["stratum"] for row in drawn.cells]
    table = table.append_column("probability", pa.array(probability[order], pa.float64()))
    table = table.append_column("stratum", pa.array([named[cell] for cell in drawn.cell[order]], pa.string()))
    drawn_from = sum(row["population"] for row in drawn.cells)
    boost = BOOST if design.keywords and design.boost is None else design.boost
    told = {**asdict(design), "boost": boost, "population": drawn_from, "sampled": table.num_rows}
    phases = [*_phases(path), told]
    table = table.sort_by("article_id").replace_schema_metadata({tables.SAMPLE: json.dumps(phases)})
    return Sample(table, len(ids), drawn_from, drawn.cells)


def _phases(path: Path) -> list[dict[str, Any]]:
    """Return the designs by which the table itself was drawn, as far as it says so."""
    import pyarrow.parquet as pq

    metadata = pq.read_schema(path).metadata if path.suffix.lower() == ".parquet" else None
    found: list[dict[str, Any]] = json.loads((metadata or {}).get(tables.SAMPLE, b"[]"))
    return found


_Batches = Callable[[Sequence[str]], Iterator[pa.RecordBatch]]


def _reader(path: Path) -> _Batches:
    """Return what reads columns of the table in batches, with their types; "probability" only if it is there."""
    import pyarrow.parquet as pq

    parquet = path.suffix.lower() == ".parquet" and path.is_file()
    try:
        file: Any = pq.ParquetFile(path, buffer_size=_BUFFER, pre_buffer=False) if parquet else None
    except (pa.ArrowInvalid, OSError) as error:
        raise GoldwireError(f"cannot be read: {error}", where=str(path)) from None
    table: Any = None if parquet else tables.read(path)
    names = file.schema_arrow.names if parquet else table.column_names
    if missing := [name for name in tables.SCHEMAS["articles"].names if name not in names]:
        raise GoldwireError(f"is not a table of articles: it lacks {', '.join(missing)}", where=str(path))

    def batches(columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        wanted = [name for name in columns if name in names]
        schema = pa.schema([_SCHEMA.field(name) for name in wanted])
        parts = file.iter_batches(_ROWS, columns=wanted) if parquet else table.select(wanted).to_batches(_ROWS)
        try:
            for part in parts:
                yield part.select(wanted).cast(schema)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError, OSError) as error:
            raise GoldwireError(f"is not a table of articles: {error}", where=str(path)) from None

    return batches


def _gather(batches: Iterator[pa.RecordBatch], places: Any) -> pa.Table:
    """Return the rows at these places, which are in order."""
    begin, found = 0, []
    for batch in batches:
        low, high = np.searchsorted(places, [begin, begin + batch.num_rows])
        if high > low:
            found.append(batch.take(pa.array(places[low:high] - begin)))
        begin += batch.num_rows
    return pa.Table.from_batches(found)


def _ids(column: pa.ChunkedArray, path: Path) -> list[str]:
    ids: list[str] = column.to_pylist()
    if not ids:
        raise GoldwireError("it has no articles", where=str(path), hint="Import some: goldwire corpus import PATH")
    if None in (seen := set(ids)):
        raise GoldwireError("an article has no id", where=f"{path}: article_id")
    if len(seen) < len(ids):
        ordered = sorted(ids)
        twice = next(one for one, other in pairwise(ordered) if one == other)
        raise GoldwireError(f'article "{twice}" stands twice', where=f"{path}: article_id")
    return ids


def _column(by: str) -> str:
    return "published_at" if by == "month" else by


def _strata(frame: pa.Table, by: Sequence[str]) -> tuple[Any, list[str | None]]:
    """Return the number of each row's stratum, and the names: ``outlet=Meridian Wire|month=2017-12``."""
    import pyarrow.compute as pc

    if not by:
        return np.zeros(frame.num_rows, np.int64), [None]
    parts = []
    for name in by:
        column = frame[_column(name)]
        value = pc.strftime(column, format="%Y-%m") if name == "month" else column
        parts.append(pc.binary_join_element_wise(pa.scalar(name), pc.fill_null(value, _NONE), "="))
    coded = pc.binary_join_element_wise(*parts, "|").combine_chunks().dictionary_encode()
    return coded.indices.to_numpy().astype(np.int64), coded.dictionary.to_pylist()


def _stories(column: pa.ChunkedArray) -> Any:
    """Return a number for each story; an article that has none is one by itself."""
    import pyarrow.compute as pc

    if column.null_count == len(column):
        raise UsageError("no article has a story", hint="goldwire corpus import finds stories: import them with it.")
    codes = pc.fill_null(column.combine_chunks().dictionary_encode().indices, -1).to_numpy().astype(np.int64)
    alone = codes < 0
    codes[alone] = codes.max() + 1 + np.arange(alone.sum())
    return codes


def _probabilities(frame: pa.Table, path: Path) -> Any:
    if "probability" not in frame.column_names:
        return np.ones(frame.num_rows)
    values = frame["probability"].to_numpy()
    if not ((values > 0) & (values <= 1)).all():  # a null is NaN here
        raise GoldwireError("a probability is missing, or not above 0 and at most 1", where=f"{path}: probability")
    return values


def _finder(keywords: Sequence[str]) -> Callable[[str], bool] | None:
    """Return what tells whether one of the keywords stands in a text as whole words, whatever their case."""
    if not keywords:
        return None
    sought = [words(normalise_line(keyword)) for keyword in keywords]
    if empty := [keyword for keyword, found in zip(keywords, sought, strict=True) if not found]:
        raise UsageError(f'the keyword "{empty[0]}" has no letter or digit')
    phrases = [f" {' '.join(found)} " for found in sought]

    def hit(text: str) -> bool:
        folded = text.casefold()
        if not any(all(word in folded for word in found) for found in sought):  # far faster than parting into words
            return False
        line = f" {' '.join(words(text))} "
        return any(phrase in line for phrase in phrases)

    return hit
