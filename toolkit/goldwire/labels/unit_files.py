"""Files that say what to ask about: tables of pairs, and lists of targets."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.files import read_jsonl
from goldwire.labels.naming import Target, aliases_of
from goldwire.text.normalise import normalise_line

_PAIRS = {
    "target": "Its columns are article_id, target, and if you like holder and target_aliases.",
    "headline": "Its columns are article_id and headline.",
}

Rows = tuple[list[dict[str, Any]], list[str]]


def read_pairs(path: Path, about: str = "target") -> Rows:
    """Read a table of pairs (Parquet, CSV, TSV or JSONL), and the ``file:line`` of each row for errors.

    Parameters
    ----------
    path : Path
    about : str
        The column that stands beside article_id: target or headline.

    Raises
    ------
    GoldwireError
        When the file is missing or unreadable, or lacks one of the two columns.
    """
    return _read(path, ("article_id", about), _PAIRS[about])


def read_targets(path: Path) -> list[Target]:
    """Read a list of targets.

    Parameters
    ----------
    path : Path
        A text with a target a line, its aliases after "|" (``Russia|Moscow|the Kremlin``); blank lines and lines
        that begin with "#" are passed over. Or, told by its ending, a table (Parquet, CSV, TSV or JSONL) with
        target, and if you like target_aliases: a list, or text with "|" between them.

    Returns
    -------
    list of Target
        In the order of the file.

    Raises
    ------
    GoldwireError
        When the file is missing, unreadable or has no target; when a target has no name, or stands twice, whatever
        its case. The message names file and line.
    """
    if path.suffix.lower() in tables.ENDINGS:
        rows, places = _read(path, ("target",), "Its columns are target, and if you like target_aliases.")
        listed = [(_of_row(row, place), place) for row, place in zip(rows, places, strict=True)]
    else:
        listed = list(_lines(path))
    if not listed:
        raise GoldwireError("there is no target in the file", where=str(path), hint="Write one a line: NAME|ALIAS.")
    return distinct(listed)


def distinct(listed: Iterable[tuple[Target, str]]) -> list[Target]:
    """Return the targets, each given with its place for the error that one of them stands twice."""
    found: dict[str, tuple[Target, str]] = {}
    for target, place in listed:
        if other := found.get(target.name.casefold()):
            raise GoldwireError(
                f'target "{target.name}" stands twice: in {other[1]} already',
                where=place,
                hint="Put all aliases of a target in one place.",
            )
        found[target.name.casefold()] = target, place
    return [target for target, _ in found.values()]


def _lines(path: Path) -> Iterator[tuple[Target, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError):
        raise GoldwireError("the file is not there", where=str(path), hint="Check the path.") from None
    except UnicodeDecodeError:
        raise GoldwireError("the file is not UTF-8", where=str(path), hint="Save it as UTF-8.") from None
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            try:
                yield Target.parse(line), f"{path}:{number}"
            except GoldwireError as error:
                raise GoldwireError(error.message, where=f"{path}:{number}", hint=error.hint) from None


def _of_row(row: dict[str, Any], place: str) -> Target:
    name = normalise_line(str(row.get("target") or ""))
    if not name:
        raise GoldwireError("the target has no name", where=f"{place}: target", hint="Name it, or remove the row.")
    return Target(name, tuple(aliases_of(row.get("target_aliases"))))


def _read(path: Path, wanted: Sequence[str], hint: str) -> Rows:
    """Read the rows of a table that must have the wanted columns, and the place of each."""
    if path.suffix.lower() == ".jsonl":
        numbered = list(read_jsonl(path))
        if strange := [number for number, row in numbered if not isinstance(row, dict)]:
            raise GoldwireError("the line is not a JSON object", where=f"{path}:{strange[0]}")
        columns = set().union(*(row for _, row in numbered))
    else:
        table = tables.read(path)
        columns, numbered = set(table.column_names), list(_numbered(table.to_pylist(), path))
    if missing := [column for column in wanted if column not in columns]:
        raise GoldwireError(f"it lacks {', '.join(missing)}", where=str(path), hint=hint)
    return [row for _, row in numbered], [f"{path}:{number}" for number, _ in numbered]


def _numbered(rows: Iterable[dict[str, Any]], path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Count lines: a heading in CSV and TSV, and more than one line where a field holds line ends."""
    line = 2 if path.suffix.lower() in (".csv", ".tsv") else 1
    for row in rows:
        yield line, row
        line += 1 + sum(value.count("\n") for value in row.values() if isinstance(value, str))
