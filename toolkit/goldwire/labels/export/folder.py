"""A dataset folder, read config by config."""

from pathlib import Path

import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.labels.dataset.digest import class_names

_HINT = "Make it with: goldwire labels dataset"


def names(dataset: Path) -> list[str]:
    """Return the configs of a dataset folder, sorted.

    Raises
    ------
    GoldwireError
        When there is no dataset.
    """
    found = sorted({path.parent.name for path in dataset.glob("*/*.parquet")})
    if "gold" not in found:
        raise GoldwireError("no dataset is here", where=str(dataset), hint=_HINT)
    return found


def config(dataset: Path, name: str) -> pa.Table:
    """Return all rows of a config, in the order of its files' names; `split` tells them apart.

    Columns of label classes hold the labels' names in place of their numbers.

    Raises
    ------
    GoldwireError
        When the config is not there, or a file cannot be read.
    """
    import pyarrow.parquet as pq

    if name not in names(dataset):
        raise GoldwireError(f"the dataset has no config {name}", where=str(dataset), hint=_HINT)
    paths = sorted((dataset / name).glob("*.parquet"))
    parts = []
    for path in paths:
        try:
            parts.append(pq.read_table(path, partitioning=None))
        except (pa.ArrowInvalid, OSError) as error:
            raise GoldwireError(f"cannot be read: {error}", where=str(path)) from None
    return _named(pa.concat_tables(parts))


def _named(table: pa.Table) -> pa.Table:
    for column, labels in class_names(table.schema).items():
        codes, classes = table[column].combine_chunks(), pa.array(labels, pa.string())
        if pa.types.is_list(codes.type):
            values = pa.ListArray.from_arrays(codes.offsets, classes.take(codes.values), mask=codes.is_null())
        else:
            values = classes.take(codes)
        table = table.set_column(table.column_names.index(column), column, values)
    return table.replace_schema_metadata(None)
