"""Configs as Parquet files, and the part of the card's header by which `datasets` finds them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.labels.dataset.config import Config
from goldwire.labels.dataset.joins import Codes

GROUP = 64_000_000  # bytes in memory of a row group; `datasets` itself fills 100 MB
_PIECE = 4_096  # rows that are made at a time


class Size(NamedTuple):
    """Of one file: rows, bytes in memory, bytes on disk."""

    rows: int
    memory: int
    disk: int


def write(config: Config, folder: Path, group: int = GROUP) -> dict[str, Size]:
    """Write ``folder/CONFIG/SPLIT.parquet`` for each split, and return the sizes.

    Only one row group is in memory at a time. What is written depends on the rows alone.

    Raises
    ------
    GoldwireError
        When a file cannot be written.
    """
    import pyarrow.parquet as pq

    schema = config.schema.with_metadata(features(config).arrow_schema.metadata)
    found = {}
    (folder / config.name).mkdir(exist_ok=True)
    for name, rows in config.places().items():
        path = folder / config.name / f"{name}.parquet"
        memory = 0
        try:
            with pq.ParquetWriter(path, schema, compression="zstd", use_dictionary=_repeat(schema)) as writer:
                for table in _groups(config, rows, group):
                    memory += in_memory(table)
                    writer.write_table(table.cast(schema), row_group_size=table.num_rows)
        except OSError as error:
            raise GoldwireError(
                f"cannot be written: {error.strerror or error}", where=str(path), hint="Is the disk full?"
            ) from None
        found[name] = Size(len(rows), memory, path.stat().st_size)
    return found


def _groups(config: Config, rows: Codes, group: int) -> Iterator[pa.Table]:
    """Yield the rows of each row group; none without rows, since `datasets` fails on an empty group."""
    waiting, held = list[pa.Table](), 0
    for piece in config.pieces(rows, _PIECE):
        waiting.append(piece)
        held += in_memory(piece)
        if held >= group:
            yield pa.concat_tables(waiting).combine_chunks()
            waiting, held = [], 0
    if waiting:
        yield pa.concat_tables(waiting).combine_chunks()


def _repeat(schema: pa.Schema) -> list[str]:
    """Return the columns whose values repeat, which a dictionary makes small."""
    return [name for name in schema.names if name != "text"]


def in_memory(table: pa.Table) -> int:
    """Return the bytes of a table in memory as pyarrow counts them, but by its values: buffers may be larger."""
    return sum(_bytes(chunk) for column in table.columns for chunk in column.chunks)


def _bytes(array: pa.Array) -> int:
    import pyarrow.compute as pc

    bits = (len(array) + 7) // 8 if array.null_count else 0
    if pa.types.is_list(array.type):
        return int(bits + 4 * len(array)) + _bytes(array.flatten())
    if pa.types.is_struct(array.type):
        return int(bits) + sum(_bytes(field) for field in array.flatten())
    if pa.types.is_string(array.type):
        return int(bits + 4 * len(array)) + int(pc.sum(pc.binary_length(array)).as_py() or 0)
    return int(bits + (len(array) * array.type.bit_width + 7) // 8)


def features(config: Config) -> Any:
    """Return the `datasets.Features` of a config."""
    from datasets import ClassLabel, Features, List, Value

    schema = config.schema
    made = Features.from_arrow_schema(schema)
    for column, names in config.classes.items():
        label = ClassLabel(names=names)
        made[column] = List(label) if pa.types.is_list(schema.field(column).type) else label
    for column, length in config.lengths.items():
        made[column] = List(Value("float64"), length=length)
    return made


def header(written: Sequence[tuple[Config, Mapping[str, Size]]]) -> dict[str, Any]:
    """Return the part of the card's YAML header by which `datasets` finds files, features and sizes.

    One empty split keeps `datasets` from loading the others (huggingface/datasets#8401), so it is not listed. A
    config without any rows lists train: it can be streamed.
    """
    from datasets import DatasetInfo
    from datasets.info import DatasetInfosDict
    from datasets.splits import SplitDict
    from huggingface_hub import DatasetCardData

    described = DatasetInfosDict()
    listed = []
    for config, found in written:
        sizes = {name: size for name, size in found.items() if size.rows} or {"train": found["train"]}
        splits = [{"name": name, "num_bytes": s.memory, "num_examples": s.rows} for name, s in sizes.items()]
        described[config.name] = DatasetInfo(
            features=features(config),
            splits=SplitDict.from_split_dict(splits),
            download_size=sum(size.disk for size in sizes.values()),
            dataset_size=sum(size.memory for size in sizes.values()),
        )
        files = [{"split": name, "path": f"{config.name}/{name}.parquet"} for name in sizes]
        default = {"default": True} if config.name == "gold" else {}
        listed.append({"config_name": config.name, "data_files": files, **default})
    data = DatasetCardData()
    described.to_dataset_card_data(data)
    return {"configs": listed, "dataset_info": data["dataset_info"]}
