"""Tables that commands read: files, or standard input."""

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

_PARQUET = b"PAR1"
_DELIMITERS = {
    ".csv": {";": "semicolons", "\t": "tabs", "|": "vertical bars"},
    ".tsv": {";": "semicolons", ",": "commas", "|": "vertical bars"},
}
_HEAD = 100_000  # bytes by which a form is told


def read_all(*paths: Path) -> "list[pa.Table]":
    """Read tables; one of them may be ``-``, which is Parquet, JSON Lines, TSV or CSV, told by how it begins.

    Raises
    ------
    UsageError
        When more than one is ``-``.
    GoldwireError
        When one cannot be read (see `goldwire.tables.read`), or has its columns apart by something else.
    """
    from goldwire.errors import GoldwireError, UsageError

    if sum(str(path) == "-" for path in paths) > 1:
        raise UsageError("only one table can come from stdin")
    found = []
    for path in paths:
        if str(path) != "-":
            found.append(_whole(path))
            continue
        data = sys.stdin.buffer.read()
        with tempfile.TemporaryDirectory() as folder:
            spooled = Path(folder) / f"stdin{_ending(data)}"
            spooled.write_bytes(data)
            try:
                found.append(_whole(spooled))
            except GoldwireError as error:
                where = None if error.where is None else error.where.replace(str(spooled), "stdin")
                message = error.message.replace(str(spooled), "stdin")
                raise type(error)(message, where=where, hint=error.hint) from None
    return found


def _whole(path: Path) -> "pa.Table":
    from goldwire.cli import votes_file
    from goldwire.errors import GoldwireError

    table = votes_file.read(path)
    delimiters = _DELIMITERS.get(path.suffix.lower(), {})
    if table.num_columns == 1:
        for delimiter, name in delimiters.items():
            if delimiter in table.column_names[0]:
                raise GoldwireError(
                    f"the whole first line is one column: its fields are apart by {name}",
                    where=str(path),
                    hint="Save it with commas between the fields, as .csv, or with tabs, as .tsv.",
                )
    return table


def _ending(data: bytes) -> str:
    if data.startswith(_PARQUET):
        return ".parquet"
    from goldwire.files import wide_encoding

    start = data[:_HEAD].decode(wide_encoding(data) or "utf-8", "replace").lstrip("\ufeff \t\r\n")
    if start.startswith("{"):
        return ".jsonl"
    head = start.split("\n", 1)[0]
    return ".tsv" if "\t" in head and "," not in head else ".csv"
