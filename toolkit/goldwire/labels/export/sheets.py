"""CSV: one file a config, for spreadsheets and statistics programs."""

from pathlib import Path

from goldwire import tables
from goldwire.labels.export import folder


def write(dataset: Path, into: Path) -> dict[str, int]:
    """Write every config as CSV (UTF-8, a header, labels by name; lists and structs as JSON).

    Returns
    -------
    dict
        File name to rows.
    """
    written = {}
    for name in folder.names(dataset):
        table = folder.config(dataset, name)
        tables.write(table, into / f"{name}.csv")
        written[f"{name}.csv"] = table.num_rows
    return written
