"""The tables: their columns, and how they are read and written.

Every room reads its input from these tables and writes its output to them; nothing else passes between rooms.
Offsets (`start`, `end`, `body_start`) are Unicode code points into `articles.text`, end-exclusive.
Times are UTC. A column that is not known is null, never an empty string.

============== ================= ===============================================================
table          key               one row is
============== ================= ===============================================================
articles       article_id        an article, its text normalised once: title, blank line, body
units          unit_id           what an annotator is shown once
splits         unit_id           the split of a unit, and the dataset version that put it there
votes          annotation_id +   an annotator's answer to a question about a unit (`labels`), or a
               question          skipped unit (`status`, no labels)
*_mentions     mention_id        a marked span
*_relations    relation_id       a link between two mentions; `from` may be "author"
gold           unit_id+question  what was decided
predictions    unit_id+question  what a model said
============== ================= ===============================================================

`attributes` is a JSON object of lists of strings: ``{"flags": ["historical"], "mode": ["visit"]}``.
`meta` is a JSON object.
"""

import csv
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.files import read_jsonl, replacing, write_jsonl

TIME = pa.timestamp("us", tz="UTC")
STRINGS = pa.list_(pa.string())
SHARES = pa.list_(pa.struct([("label", pa.string()), ("share", pa.float64())]))

_QUESTION = [
    ("scheme", pa.string()),
    ("scheme_hash", pa.string()),
    ("unit_id", pa.string()),
    ("question", pa.string()),
]
_LABELS = [*_QUESTION, ("labels", STRINGS), ("value", pa.string())]
_MENTIONS = [
    *_QUESTION,
    ("mention_id", pa.string()),
    ("start", pa.int64()),
    ("end", pa.int64()),
    ("text", pa.string()),
    ("label", pa.string()),
    ("entity", pa.string()),
    ("attributes", pa.string()),
]
_RELATIONS = [
    *_QUESTION,
    ("relation_id", pa.string()),
    ("from", pa.string()),
    ("to", pa.string()),
    ("label", pa.string()),
    ("attributes", pa.string()),
]
_BY_ANNOTATOR = [
    ("round", pa.string()),
    ("annotator", pa.string()),
    ("annotation_id", pa.string()),
    ("status", pa.string()),  # submitted, skipped, draft, deleted
    ("purpose", pa.string()),  # vote, retest (asked again, to compare) or adjudication: only votes count
    ("counts", pa.bool_()),  # of the annotator's submitted answers to this unit, that which gold.repeats names
    ("ground_truth", pa.bool_()),
    ("prediction_id", pa.string()),  # <model>#<the server's number>: what the answer began from
    ("comment", pa.string()),
    ("created", TIME),
    ("updated", TIME),
    ("lead_time_s", pa.float64()),
]
_DECIDED = [
    ("decided_by", pa.string()),  # unanimous, majority, aggregated, adjudicated, unresolved
    ("n_votes", pa.int64()),
    ("tied", pa.bool_()),
    ("distribution", SHARES),
    ("posterior", SHARES),
    ("adjudicator", pa.string()),
    ("reason", pa.string()),
]
_BY_MODEL = [("model", pa.string()), ("scores", SHARES)]

SCHEMAS: dict[str, pa.Schema] = {
    "articles": pa.schema(
        [
            ("article_id", pa.string()),
            ("content_hash", pa.string()),
            ("title", pa.string()),
            ("text", pa.string()),
            ("body_start", pa.int64()),
            ("outlet", pa.string()),
            ("url", pa.string()),
            ("published_at", TIME),
            ("language", pa.string()),
            ("story_id", pa.string()),
            ("group", pa.string()),
            ("meta", pa.string()),
        ]
    ),
    "units": pa.schema(
        [
            ("unit_id", pa.string()),
            ("article_id", pa.string()),
            ("kind", pa.string()),  # document, paragraph, sentence, target, headline
            ("start", pa.int64()),
            ("end", pa.int64()),
            ("content_hash", pa.string()),
            ("target", pa.string()),
            ("target_aliases", STRINGS),
            ("holder", pa.string()),
            ("probability", pa.float64()),
        ]
    ),
    "splits": pa.schema(
        [
            ("unit_id", pa.string()),
            ("split", pa.string()),  # train, validation, test
            ("fold", pa.int64()),
            ("group", pa.string()),
            ("since", pa.string()),
        ]
    ),
    "votes": pa.schema([*_LABELS, *_BY_ANNOTATOR]),
    "vote_mentions": pa.schema([*_MENTIONS, *_BY_ANNOTATOR]),
    "vote_relations": pa.schema([*_RELATIONS, *_BY_ANNOTATOR]),
    "gold": pa.schema([*_LABELS, *_DECIDED]),
    "gold_mentions": pa.schema([*_MENTIONS, *_DECIDED]),
    "gold_relations": pa.schema([*_RELATIONS, *_DECIDED]),
    "predictions": pa.schema([*_LABELS, *_BY_MODEL]),
    "predicted_mentions": pa.schema([*_MENTIONS, *_BY_MODEL]),
    "predicted_relations": pa.schema([*_RELATIONS, *_BY_MODEL]),
}

SAMPLE = b"goldwire.sample"
"""Of the designs by which articles were drawn, in the metadata of a Parquet sample: a JSON list, in order."""

ENDINGS = (".parquet", ".csv", ".tsv", ".jsonl")


def build(name: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Return the rows as the table `name`; columns that a row lacks are null.

    Raises
    ------
    KeyError
        When a row has a column that the table has not: a mistake in our code, not in the data.
    """
    schema = SCHEMAS[name]
    listed = list(rows)
    unknown = {key for row in listed for key in row} - set(schema.names)
    if unknown:
        raise KeyError(f"{name} has no column {', '.join(sorted(unknown))}")
    return pa.Table.from_pylist([dict(row) for row in listed], schema=schema)


def write(table: pa.Table, path: Path) -> None:
    """Write a table in the form its ending says (.parquet, .csv, .tsv, .jsonl), atomically."""
    import pyarrow.parquet as pq

    match ending(path):
        case ".parquet":
            with replacing(path) as temporary:
                pq.write_table(table, temporary, compression="zstd")
        case ".jsonl":
            write_jsonl(path, ({k: _json_value(v) for k, v in row.items()} for row in table.to_pylist()))
        case other:
            import pyarrow.csv as pacsv

            with replacing(path) as temporary:
                options = pacsv.WriteOptions(delimiter="\t" if other == ".tsv" else ",")
                pacsv.write_csv(_flat(table), temporary, write_options=options)


def read(path: Path, name: str | None = None) -> pa.Table:
    """Read a table from Parquet, CSV, TSV or JSONL, told by its ending.

    Parameters
    ----------
    path : Path
        The file.
    name : str, optional
        The table that it should be: its columns must be there and are cast to their types.

    Raises
    ------
    GoldwireError
        When the file is missing or unreadable, or lacks a column of `name`.
    """
    import pyarrow.parquet as pq

    if not path.is_file():
        raise GoldwireError("the file is not there", where=str(path), hint=_hint(path))
    try:
        match ending(path):
            case ".parquet":
                table = pq.read_table(path)
            case ".jsonl":
                table = _read_jsonl(path)
            case other:
                table = _read_csv(path, "\t" if other == ".tsv" else ",")
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeDecodeError, OSError) as error:
        raise GoldwireError(f"cannot be read: {error}", where=str(path)) from None
    return table if name is None else _cast(table, name, path)


def ending(path: Path) -> str:
    """Return the ending of a table's name, which says its form.

    Raises
    ------
    GoldwireError
        When it is none of `ENDINGS`.
    """
    found = path.suffix.lower()
    if found not in ENDINGS:
        raise GoldwireError(
            f"tables are {', '.join(ENDINGS)}, not {found or 'a file without an ending'}",
            where=str(path),
            hint="Rename the file, or convert it.",
        )
    return found


_MADE_BY = {
    "articles": "goldwire corpus import PATH",
    "units": "goldwire labels build",
    "votes": "goldwire labels build",
    "vote_mentions": "goldwire labels build",
    "vote_relations": "goldwire labels build",
    "gold": "goldwire labels gold",
    "gold_mentions": "goldwire labels gold",
    "gold_relations": "goldwire labels gold",
    "splits": "goldwire labels dataset",
}


def _hint(path: Path) -> str:
    made_by = _MADE_BY.get(path.stem)
    return f"Make it with: {made_by}" if made_by else "Check the path."


def _again(path: Path) -> str | None:
    made_by = _MADE_BY.get(path.stem)
    return f"An older goldwire may have made it. Make it again with: {made_by}" if made_by else None


def _read_jsonl(path: Path) -> pa.Table:
    """Every key of any line is a column; without all of them pyarrow would take those of the first line only."""
    rows = []
    for number, row in read_jsonl(path):
        if not isinstance(row, dict):
            raise GoldwireError(
                "the line is not a JSON object", where=f"{path}:{number}", hint="Mend or remove that line."
            )
        rows.append(row)
    columns = dict.fromkeys(key for row in rows for key in row)
    return pa.table({column: [row.get(column) for row in rows] for column in columns})


def _read_csv(path: Path, delimiter: str) -> pa.Table:
    """Every column as text: an id "007" stays "007", and "NA" is a value. An empty field is null."""
    import pyarrow.csv as pacsv

    with path.open(encoding="utf-8-sig", newline="") as stream:
        columns = next(csv.reader(stream, delimiter=delimiter), [])
    if twice := next((column for column in columns if columns.count(column) > 1), None):
        raise GoldwireError(f'column "{twice}" stands twice', where=f"{path}:1", hint="Rename one of the two.")
    size = min(max(path.stat().st_size, 1), 2**31 - 1)  # in one block, since a row may not be longer than a block
    return pacsv.read_csv(
        path,
        read_options=pacsv.ReadOptions(block_size=size),
        parse_options=pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=pacsv.ConvertOptions(
            column_types={column: pa.string() for column in columns},
            null_values=[""],
            strings_can_be_null=True,
        ),
    )


def _cast(table: pa.Table, name: str, path: Path) -> pa.Table:
    schema = SCHEMAS[name]
    missing = [column for column in schema.names if column not in table.column_names]
    if missing:
        raise GoldwireError(
            f"is not a table of {name}: it lacks {', '.join(missing)}", where=str(path), hint=_again(path)
        )
    try:
        return table.select(schema.names).cast(schema)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError) as error:
        raise GoldwireError(f"is not a table of {name}: {error}", where=str(path), hint=_again(path)) from None


def _flat(table: pa.Table) -> pa.Table:
    """Lists and structs as JSON text, since CSV has no other place for them."""
    for index, field in enumerate(table.schema):
        if pa.types.is_nested(field.type):
            values = [None if v is None else json.dumps(v, ensure_ascii=False) for v in table[field.name].to_pylist()]
            table = table.set_column(index, field.name, pa.array(values, pa.string()))
    return table


def _json_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
