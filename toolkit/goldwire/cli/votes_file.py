"""VOTES, a table of one's own: what the commands that take one have in common."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from goldwire.cli import output

if TYPE_CHECKING:
    import pyarrow as pa

Source = Annotated[
    str | None,
    typer.Argument(
        metavar="ROUND|VOTES",
        help="A round, or a table with one answer a row; without it, all rounds of the study.",
        show_default=False,
    ),
]
Unit = Annotated[str | None, typer.Option(metavar="COL", help="Column with the unit.", show_default=False)]
Annotator = Annotated[str | None, typer.Option(metavar="COL", help="Column with the annotator.", show_default=False)]
Label = Annotated[str | None, typer.Option(metavar="COL", help="Column with the label.", show_default=False)]
Duplicates = Annotated[
    Literal["first", "last", "error"] | None,
    typer.Option(
        help="With VOTES: which answer counts when an annotator answered a unit twice; without it that is an error.",
        show_default=False,
    ),
]
Recode = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="With VOTES: what labels as typed mean: YAML, or CSV with old,new.", show_default=False
    ),
]

_SAVE = "Save it again, as CSV in UTF-8 with a line of column names, and with as many fields in every line."


def is_table(source: str) -> bool:
    """Whether a table is meant, not a round: by its ending, or since there is such a file; "-" is no round either."""
    from goldwire.tables import ENDINGS

    return source == "-" or Path(source).suffix.lower() in ENDINGS or Path(source).is_file()


def read(path: Path) -> "pa.Table":
    """Read the table; CSV and TSV in UTF-16 or UTF-32, too, where a byte order mark says so.

    Raises
    ------
    UsageError
        When it is stdin: its ending would have to say what form it has.
    GoldwireError
        See `goldwire.tables.read`.
    """
    from goldwire import tables
    from goldwire.errors import GoldwireError, UsageError

    if str(path) == "-":
        raise UsageError(
            "a table is a file, not stdin: its ending says what it is",
            hint=f"Write it to a file first: {', '.join(tables.ENDINGS)}",
        )
    try:
        with _in_utf8(path) as readable:
            return tables.read(readable)
    except GoldwireError as error:
        if error.hint is not None:
            raise
        odd = _odd(path)
        message = error.message if odd is None else odd[1]
        where = str(path) if odd is None else odd[0]
        raise GoldwireError(message, where=where, hint=_SAVE if odd is None else odd[2]) from None
    except UnicodeEncodeError:  # half a character (a lone surrogate), which JSON can spell and no text can hold
        raise GoldwireError("cannot be read: a text has half a character", where=str(path), hint=_SAVE) from None


@contextmanager
def _in_utf8(path: Path) -> Iterator[Path]:
    """Yield the file, or a copy in UTF-8 of a CSV or TSV file whose byte order mark names another encoding."""
    import shutil
    import tempfile

    from goldwire.errors import GoldwireError
    from goldwire.files import wide_encoding

    wide = wide_encoding(_head(path)) if path.is_file() and path.suffix.lower() in (".csv", ".tsv") else None
    if wide is None:
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        try:
            with path.open(encoding=wide, newline="") as source, copy.open("w", encoding="utf-8", newline="") as into:
                shutil.copyfileobj(source, into)
        except UnicodeDecodeError:
            raise GoldwireError(
                f"the file is not whole as {wide}, which it says it is", where=str(path), hint=_SAVE
            ) from None
        yield copy


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(1000)


def _odd(path: Path) -> tuple[str, str, str] | None:
    """Return where a table cannot be read, why, and what to do, where more is known than the library says."""
    from goldwire.files import read_jsonl

    if path.suffix.lower() in (".csv", ".tsv") and b"\0" in _head(path):
        return str(path), "it is not UTF-8; it looks like UTF-16 without a byte order mark", _SAVE
    if path.suffix.lower() != ".jsonl":
        return None
    first: dict[str, tuple[str, int]] = {}
    for number, row in read_jsonl(path):
        for field, value in row.items():
            kind = _KINDS.get(type(value))
            if kind is None:
                continue
            was, line = first.setdefault(field, (kind, number))
            if was != kind:
                said = f'field "{field}" is {kind}, and {was} in line {line}'
                return f"{path}:{number}", said, "Give a field values of one kind."
    return None


_KINDS = {str: "a text", int: "a number", float: "a number", bool: "true or false", list: "a list", dict: "an object"}


@contextmanager
def in_file(path: Path) -> Iterator[None]:
    """Say in errors about what the table holds which file it is."""
    from goldwire.errors import GoldwireError, UsageError

    try:
        yield
    except UsageError:
        raise
    except GoldwireError as error:
        if error.where is not None and not error.where.startswith("row "):
            raise  # it is about another file
        where = str(path) if error.where is None else f"{path}: {error.where}"
        raise type(error)(error.message, where=where, hint=error.hint) from None


@contextmanager
def writing(into: Path) -> Iterator[None]:
    """Say which file could not be written: what was there is still there."""
    from goldwire.errors import GoldwireError

    try:
        yield
    except OSError as error:
        raise GoldwireError(
            f"cannot be written: {error.strerror or error}",
            where=str(into),
            hint="What was there is as it was. Name another -o FILE, or make room.",
        ) from None


def check_columns(**columns: str | None) -> None:
    """Refuse an empty name of a column, which would else be as if none was given."""
    from goldwire.errors import UsageError

    for name, column in columns.items():
        if column == "":
            raise UsageError(f"--{name} names no column", hint="Give the name of a column, or leave it out.")


def check_output(into: Path | None, *inputs: Path | None) -> None:
    """Refuse to write over what is read."""
    from goldwire.errors import UsageError

    for one in inputs:
        if into is not None and one is not None and into.resolve() == one.resolve():
            raise UsageError(f"{into} is read, and -o would write over it", hint="Name another -o FILE.")
    if into is not None and into.is_dir():
        raise UsageError(f"{into} is a folder", hint="Name a file in it: -o FILE")


def only_with_votes(**options: object) -> None:
    """Refuse options that would have no effect on the study's own tables."""
    from goldwire.errors import UsageError

    if given := [name for name, value in options.items() if value is not None]:
        raise UsageError(
            f"--{given[0]} goes with VOTES, a table of one's own", hint="Name the table, or leave it out."
        )


def say_recoding(applied: Mapping[str, Mapping[str, Any]], unknown: Mapping[str, int]) -> None:
    """Say what a map of labels as typed did, and what it does not know."""
    rows = [[old, one["to"], one["n"]] for old, one in applied.items()]
    rows += [[label, "not in the map: left out", n] for label, n in unknown.items()]
    output.say(output.table(["as typed", "taken as", "rows"], rows))
