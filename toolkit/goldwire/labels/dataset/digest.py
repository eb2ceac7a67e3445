"""The digest of a dataset folder: the name of its content, whatever library version or compression wrote it."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from goldwire.errors import GoldwireError

_BATCH = 20_000  # rows in memory at a time; the digest does not depend on it

Kind = str | list[Any]


def digest_of(folder: Path) -> str:
    """Return the digest of a dataset folder's content: sixteen hexadecimal digits.

    It depends on the names of configs, splits, columns and label classes, and on the values; not on compression, row
    groups, encodings, the width of numbers, the version of a library, or the card. It is the SHA-256 of, for each
    file by config and split, and in it for each column in the order of the file:

    - a line of JSON in ASCII without spaces, ended by a line feed: [config, split, column, kind, number of rows,
      names of the label classes or null]. The kind is "bool", "int", "float", "time", "string", ["list", kind] or
      ["struct", [[name, kind], ...]];
    - the SHA-256 of each *stream* of the column. The first says which values are there: a byte 1, or 0 for null.
      Then come, for a bool, a byte each; for an int, 8 bytes, signed; for a float, 8 bytes, IEEE 754; for a time, the
      microseconds since 1970 in UTC as an int; for a string, the lengths of the UTF-8 texts as ints, and in a stream
      of its own the texts without anything between; for a list, the lengths as ints, then the streams of its items;
      for a struct, the streams of its fields. Numbers are little-endian, null is 0, and NaN is 7ff8000000000000. What
      a null list or struct holds is left out.

    Raises
    ------
    GoldwireError
        When the folder has no Parquet files, or one cannot be read.
    """
    import pyarrow.parquet as pq

    paths = sorted(folder.glob("*/*.parquet"), key=lambda path: (path.parent.name, path.stem))
    if not paths:
        raise GoldwireError("no dataset is here", where=str(folder), hint="Make it with: goldwire labels dataset")
    whole = hashlib.sha256()
    for path in paths:
        try:
            with pq.ParquetFile(path) as file:
                _file(whole, file, path)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise GoldwireError(
                f"cannot be read: {error}",
                where=str(path),
                hint="Bring the file back, or make the dataset again with: goldwire labels dataset",
            ) from None
    return whole.hexdigest()[:16]


def _file(whole: Any, file: Any, path: Path) -> None:
    schema, rows = file.schema_arrow, file.metadata.num_rows
    streams = [[hashlib.sha256() for _ in _streams(pa.array([], field.type))] for field in schema]
    for batch in file.iter_batches(batch_size=_BATCH):
        for column, shas in zip(batch.columns, streams, strict=True):
            for sha, piece in zip(shas, _streams(column), strict=True):
                sha.update(piece)
    classes = class_names(schema)
    for field, shas in zip(schema, streams, strict=True):
        head = [path.parent.name, path.stem, field.name, _kind(field.type), rows, classes.get(field.name)]
        whole.update(json.dumps(head, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n")
        for sha in shas:
            whole.update(sha.digest())


def _kind(type_: pa.DataType) -> Kind:
    is_ = pa.types
    if is_.is_dictionary(type_):
        return _kind(type_.value_type)
    if is_.is_list(type_) or is_.is_large_list(type_) or is_.is_fixed_size_list(type_):
        return ["list", _kind(type_.value_type)]
    if is_.is_struct(type_):
        return ["struct", [[field.name, _kind(field.type)] for field in type_]]
    kinds = {"bool": is_.is_boolean, "int": is_.is_integer, "float": is_.is_floating, "time": is_.is_timestamp}
    return next((name for name, fits in kinds.items() if fits(type_)), "string")


def _streams(array: pa.Array) -> Iterator[Any]:
    """Yield the streams of some values, as many as their kind has."""
    import pyarrow.compute as pc

    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    yield _bytes(array.is_valid().cast(pa.uint8()), np.uint8)
    kind = _kind(array.type)
    match kind:
        case ["list", _]:
            yield _bytes(pc.list_value_length(array), np.int64)
            yield from _streams(array.flatten())
        case ["struct", _]:
            for field in array.flatten():
                yield from _streams(field.filter(array.is_valid()) if array.null_count else field)
        case "bool":
            yield _bytes(array.cast(pa.uint8()), np.uint8)
        case "int":
            yield _bytes(array, np.int64)
        case "time":
            yield _bytes(array.cast(pa.timestamp("us", array.type.tz)).cast(pa.int64()), np.int64)
        case "float":
            numbers = array.cast(pa.float64()).fill_null(0).to_numpy(zero_copy_only=False)
            yield np.where(np.isnan(numbers), np.nan, numbers).astype("<f8")
        case _:
            texts = array.cast(pa.large_string())
            yield _bytes(pc.binary_length(texts), np.int64)
            texts = texts.drop_null()
            _, offsets, data = texts.buffers()
            ends = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
            yield memoryview(data)[ends[0] : ends[-1]] if data is not None and len(texts) else b""


def _bytes(array: pa.Array, type_: type[np.generic]) -> Any:
    numbers = array.fill_null(0).to_numpy(zero_copy_only=False)
    return np.ascontiguousarray(numbers, dtype=np.dtype(type_).newbyteorder("<"))


def features_of(schema: pa.Schema) -> dict[str, dict[str, Any]]:
    """Return the features of columns as `datasets` writes them: classes and lengths are not in the types of Arrow."""
    metadata = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))
    found: dict[str, dict[str, Any]] = metadata.get("info", {}).get("features", {})
    return found


def class_names(schema: pa.Schema) -> dict[str, list[str]]:
    """Return the names of the label classes by column."""
    inner = {name: feature.get("feature", feature) for name, feature in features_of(schema).items()}
    return {name: feature["names"] for name, feature in inner.items() if "names" in feature}
