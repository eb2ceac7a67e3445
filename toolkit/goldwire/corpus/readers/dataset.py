"""Folders of Hugging Face datasets: what ``save_to_disk`` wrote, and folders like a repository's on the Hub.

They are read with pyarrow and the readers of this package. The `datasets` library would look on the network for what
a README names, and copy files to a cache in the user's home; what it would add is in the files (see `card`).
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from goldwire.corpus.readers import card
from goldwire.corpus.readers.base import LONGEST, TOO_LONG, Reader, Record, Reject, Source
from goldwire.corpus.readers.card import BrokenDatasetError, Part

_ROWS = 1000  # at a time
_BINARY = frozenset({"Image", "Audio", "Video", "Pdf", "Nifti"})


def read(source: Source) -> Iterator[Record | Reject]:
    """Yield a record for every row of every split; `Source.file` is the folder, and the stream is not read.

    Of several configurations the one named "articles" is read, else the default one. Columns of type ClassLabel
    become their names; images, sound and other binary columns are left out. `split` is added, and `config` where
    there are several. A record's file is the folder with the split, and its line the row in it, counted from 1; of
    JSONL and CSV they are those of the data file.
    """
    folder = Path(source.file)
    try:
        parts = _saved(folder) or card.parts(folder)
    except BrokenDatasetError as error:
        yield Reject(source.file, None, f"dataset: {error}")
        return
    for part in parts:
        yield from _part(part, f"{source.file.rstrip('/')}/{part.split}")


def is_dataset(folder: Path) -> bool:
    """Whether a folder says that it is a dataset: a file of ``save_to_disk``, or a README with `configs`."""
    saved = all(
        (folder / name).is_file() for name in ("state.json", "dataset_info.json")
    )  # other programs have states
    if saved or (folder / "dataset_dict.json").is_file():
        return True
    try:
        return bool({"configs", "dataset_info"} & card.front_matter(folder).keys())
    except BrokenDatasetError:
        return False


def _saved(folder: Path) -> list[Part]:
    """Return the splits of a folder that ``save_to_disk`` wrote, or none where it did not."""
    if (folder / "dataset_dict.json").is_file():
        splits = _json(folder / "dataset_dict.json").get("splits")
        if not isinstance(splits, list) or not all(isinstance(split, str) for split in splits):
            raise BrokenDatasetError("dataset_dict.json names no splits")
        return [_state(folder / card.inside(split), split) for split in splits]
    if (folder / "state.json").is_file():
        split = _json(folder / "state.json").get("_split")
        return [_state(folder, split if isinstance(split, str) and split else "train")]
    return []


def _state(folder: Path, split: str) -> Part:
    state = _json(folder / "state.json")
    listed = state.get("_data_files")
    if not isinstance(listed, list) or not all(isinstance(item, dict) and "filename" in item for item in listed):
        raise BrokenDatasetError(f"{folder.name}/state.json names no data files")
    if state.get("_indices_data_files") or state.get("_indices_files"):
        raise BrokenDatasetError(f"{folder.name} has an index of its rows; save it again with flatten_indices()")
    return Part(split, None, [folder / card.inside(str(item["filename"])) for item in listed])


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BrokenDatasetError(f"{path.parent.name}/{path.name} cannot be read: {_reason(error)}") from None
    if not isinstance(value, dict):
        raise BrokenDatasetError(f"{path.parent.name}/{path.name} is not a JSON object")
    return value


def _part(part: Part, name: str) -> Iterator[Record | Reject]:
    added = {"split": part.split} | ({"config": part.config} if part.config else {})
    row = 0
    for file in part.files:
        if file.suffix not in {".parquet", ".arrow"}:
            yield from _lines(file, part.features, added)
            continue
        try:
            for batch, features in _batches(file, part.features):
                for values in _values(batch):
                    row += 1
                    yield _record(values, features, added, name, row)
        except (pa.ArrowException, OSError) as error:
            yield Reject(name, row + 1 if row else None, f"dataset: {file.name} cannot be read: {_reason(error)}")


def _record(
    values: dict[str, Any] | str, features: Mapping[str, Any], added: Mapping[str, Any], name: str, row: int
) -> Record | Reject:
    if isinstance(values, str):
        return Reject(name, row, f"row: {values}")
    if long := next((n for n, v in values.items() if isinstance(v, str) and len(v) > LONGEST), None):
        return Reject(name, row, f"{long}: {TOO_LONG}")
    return Record({**added, **_plain_row(values, features)}, name, row)


def _batches(file: Path, known: Mapping[str, Any]) -> Iterator[tuple[pa.RecordBatch, Mapping[str, Any]]]:
    """Yield a file in batches of rows, its binary columns left out unread, with the features of its columns."""
    import pyarrow.parquet as pq

    if file.suffix == ".parquet":
        with pq.ParquetFile(file, pre_buffer=False) as parquet:
            features = {**known, **_features(parquet.schema_arrow)}
            kept = [name for name in parquet.schema_arrow.names if not _has(features.get(name), _BINARY)]
            for batch in parquet.iter_batches(batch_size=_ROWS, columns=kept):
                yield batch, features
        return
    with pa.memory_map(str(file)) as mapped, pa.ipc.open_stream(mapped) as stream:
        features = {**known, **_features(stream.schema)}
        kept = [name for name in stream.schema.names if not _has(features.get(name), _BINARY)]
        for whole in stream:
            for start in range(0, whole.num_rows, _ROWS):
                yield whole.select(kept).slice(start, _ROWS), features


def _values(batch: pa.RecordBatch) -> Iterator[dict[str, Any] | str]:
    """Yield each row, or the reason why it cannot be read."""
    try:
        rows: list[dict[str, Any] | str] = list(batch.to_pylist())
    except ValueError:
        rows = []
        for index in range(batch.num_rows):
            try:
                rows += batch.slice(index, 1).to_pylist()
            except ValueError as error:
                rows.append(_reason(error))
    yield from rows


def _lines(file: Path, features: Mapping[str, Any], added: Mapping[str, Any]) -> Iterator[Record | Reject]:
    from goldwire.corpus.readers import by_ending  # it imports this module

    reader = by_ending(file.name)
    if reader is None:
        yield Reject(str(file), None, f"format: no reader is for {file.suffix or 'a name without ending'}")
        return
    try:
        with file.open("rb") as stream:
            for item in reader.read(Source(stream, str(file))):
                if isinstance(item, Record):
                    yield Record({**added, **_plain_row(item.fields, features)}, item.file, item.line)
                else:
                    yield item
    except OSError as error:
        yield Reject(str(file), None, f"file: cannot be read: {_reason(error)}")


def _features(schema: pa.Schema) -> dict[str, Any]:
    """Return the features that `datasets` left in a schema, by column."""
    try:
        features = json.loads((schema.metadata or {})[b"huggingface"])["info"]["features"]
    except (KeyError, TypeError, ValueError):
        return {}
    return features if isinstance(features, dict) else {}


def _has(feature: Any, types: frozenset[str]) -> bool:
    if isinstance(feature, list):
        return any(_has(inner, types) for inner in feature)
    if not isinstance(feature, dict):
        return False
    return feature.get("_type") in types or any(_has(inner, types) for inner in feature.values())


def _plain_row(values: Mapping[str, Any], features: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in values.items() if not _has(features.get(name), _BINARY)}
    return {name: _plain(value, features.get(name)) for name, value in kept.items()}


def _plain(value: Any, feature: Any) -> Any:
    """Return a value with the names of its labels in the place of their numbers; -1 is no label."""
    match value, feature:
        case int(), {"_type": "ClassLabel", "names": [*names]}:
            return names[value] if 0 <= value < len(names) else None if value == -1 else value
        case list(), {"feature": inner} | [inner]:
            return [_plain(item, inner) for item in value]
        case dict(), {**fields}:
            return {name: _plain(item, fields.get(name)) for name, item in value.items()}
        case _:
            return value


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error).partition("\n")[0]


READER = Reader("dataset", (), read)
