"""Other datasets, to look for overlap with: a plain table, an articles.parquet, a folder of Parquet files."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.eval.audit.subject import Other

_TEXT = ("text", "body", "content", "sentence", "articleBody")
_ID = ("article_id", "unit_id", "id", "doc_id", "task")


def read_others(paths: Sequence[str], root: Path = Path()) -> list[Other]:
    """Read the datasets at these paths, each under the path as it is given.

    Parameters
    ----------
    paths : sequence of str
        Tables, or folders of Parquet files: those of the config `articles`, where there is one, else all with texts.
    root : Path
        What relative paths start from.

    Raises
    ------
    GoldwireError
        When one is not there or has no texts.
    """
    return [_read(name, root / name) for name in paths]


def _read(name: str, path: Path) -> Other:
    texts: dict[str, str] = {}
    files = [path]
    if path.is_dir():
        files = sorted((path / "articles").glob("*.parquet")) or sorted(path.rglob("*.parquet"))
    for file in files:
        table = tables.read(file)
        column = next((column for column in _TEXT if column in table.column_names), None)
        if column is not None:
            for number, (key, text) in enumerate(zip(_ids(table), table[column].to_pylist(), strict=True), 1):
                if text:
                    own = key if texts.get(key, text) == text else f"{key} (row {number})"
                    texts[own] = str(text)
    if not texts:
        raise GoldwireError(
            "has no texts to compare with",
            where=name,
            hint=f"A table has them in a column {', '.join(_TEXT[:-1])} or {_TEXT[-1]}.",
        )
    return Other(name, texts)


def _ids(table: pa.Table) -> list[str]:
    column = next((name for name in _ID if name in table.column_names), None)
    values = [None] * table.num_rows if column is None else table[column].to_pylist()
    return [f"row {number}" if value is None else str(value) for number, value in enumerate(values, 1)]
