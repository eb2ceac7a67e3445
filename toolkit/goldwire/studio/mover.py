"""Copies every row of a Label Studio on SQLite into its empty tables on PostgreSQL, in one transaction.

This file is a script for the interpreter of Label Studio's own environment, which has the driver, so it imports
nothing of goldwire. It is called with the SQLite file, reads the address of the other from the environment, and
writes JSON. The columns are the same on both sides. SQLite's values go as the text that they are, and PostgreSQL
reads them as what its columns are: 0 and 1 as booleans, times as UTC, JSON as JSON.
"""

import json
import sqlite3
import sys
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parent))  # python -I leaves the script's own folder out
from probe import connect  # type: ignore[import-not-found]

# What is about the tables themselves: each side has made its own.
ABOUT_TABLES = {"django_migrations", "core_asyncmigrationstatus"}
# What making the tables fills in: taken over, since other rows refer to its ids.
MADE_WITH_TABLES = {"django_content_type", "auth_permission"}

Row = tuple[Any, ...]


class RefusedError(Exception):
    """Why nothing was moved."""


def move(source: sqlite3.Connection, target: Any) -> dict[str, int]:
    """Copy all tables, bring the sequences up to date, compare, and return the rows of each table."""
    import psycopg  # type: ignore[import-not-found]

    tables = _tables(source, target)
    target.execute("LOCK TABLE " + ", ".join(_quoted(table) for table in tables))
    filled = sorted(t for t in tables.keys() - MADE_WITH_TABLES if _count(target, t))
    if filled:
        raise RefusedError(f"the PostgreSQL database has rows already, in {', '.join(filled[:5])}")
    for table in sorted(MADE_WITH_TABLES):  # the rows that refer to these and those they refer to come below
        target.execute(f"DELETE FROM {_quoted(table)}")
    for table, columns in tables.items():
        try:
            _copy(source, target, table, columns)
        except psycopg.Error as error:
            raise RefusedError(f"PostgreSQL does not take a row of {table}: {_reason(error)}") from None
    try:
        target.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except psycopg.Error as error:
        raise RefusedError(f"a row refers to one that is not there: {_reason(error)}") from None
    _continue_numbers(source, target, tables)
    counts = {table: _count(source, table) for table in tables}
    wrong = [table for table, count in counts.items() if _count(target, table) != count]
    if wrong:
        raise RefusedError(f"these tables did not arrive whole: {', '.join(wrong)}")
    return counts


def _tables(source: sqlite3.Connection, target: Any) -> dict[str, list[str]]:
    """Return the columns of each table, when both sides are of one version of Label Studio."""
    applied = "SELECT app, name FROM django_migrations"
    if set(source.execute(applied)) != set(target.execute(applied)):
        raise RefusedError("the SQLite database was made by another version of Label Studio")
    listed = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    here: dict[str, set[str]] = {}
    for (table,) in list(source.execute(listed)):
        here[table] = {column[1] for column in source.execute(f"PRAGMA table_info({_quoted(table)})")}
    there: dict[str, dict[str, bool]] = {}
    for table, column, generated in target.execute(
        "SELECT table_name, column_name, is_generated = 'ALWAYS' FROM information_schema.columns"
        " WHERE table_schema = current_schema() ORDER BY ordinal_position"
    ):
        there.setdefault(table, {})[column] = generated
    if {table: there.get(table, {}).keys() for table in here} != here or here.keys() != there.keys():
        raise RefusedError("the tables of the two databases are not the same")
    return {
        table: [column for column, generated in there[table].items() if not generated]
        for table in here
        if table not in ABOUT_TABLES
    }


def _copy(source: sqlite3.Connection, target: Any, table: str, columns: list[str]) -> None:
    names = ", ".join(_quoted(column) for column in columns)
    with target.cursor().copy(f"COPY {_quoted(table)} ({names}) FROM STDIN") as copy:
        for row in source.execute(f"SELECT {names} FROM {_quoted(table)}"):
            copy.write_row(row)


def _continue_numbers(source: sqlite3.Connection, target: Any, tables: dict[str, list[str]]) -> None:
    """The next id follows the highest that ever was: the id of a deleted row is not given again."""
    highest = dict(source.execute("SELECT name, seq FROM sqlite_sequence"))
    numbered = target.execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND (is_identity = 'YES' OR column_default LIKE 'nextval(%')"
    ).fetchall()
    for table, column in numbered:
        if table in tables:
            found = source.execute(f"SELECT max({_quoted(column)}) FROM {_quoted(table)}").fetchone()[0]
            last = max(found or 0, highest.get(table, 0))
            sequence = "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)"
            target.execute(sequence, (_quoted(table), column, max(last, 1), last > 0))


def _count(database: Any, table: str) -> int:
    return int(database.execute(f"SELECT count(*) FROM {_quoted(table)}").fetchone()[0])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _reason(error: Any) -> str:
    """Return what PostgreSQL says, with the line and the column, and little of the value."""
    said = [error.diag.message_primary or str(error), error.diag.message_detail, error.diag.context]
    return "; ".join(text[:200] for text in said if text)


def main() -> None:
    """Move, or write why not."""
    import psycopg

    try:
        with connect() as target:
            source = sqlite3.connect(f"{Path(sys.argv[1]).as_uri()}?mode=rw", uri=True, isolation_level=None)
            source.execute("BEGIN IMMEDIATE")  # nobody writes meanwhile
            done: dict[str, Any] = {"rows": move(source, target)}
            source.close()
    except (RefusedError, psycopg.Error, sqlite3.Error) as error:
        done = {"error": str(error)}
    sys.stdout.write(json.dumps(done))


if __name__ == "__main__":
    main()
