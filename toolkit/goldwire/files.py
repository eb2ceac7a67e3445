"""Files that are whole or not there: everything is written to a temporary file, then put in place."""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from goldwire.errors import GoldwireError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; move it into place on success, remove it on failure."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _beside(path)
    temporary.touch(exist_ok=False)  # with the mode that the user's umask asks for, unlike mkstemp
    try:
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Wait until no other process does this with the folder, so that two do not each replace what the other wrote.

    The folder itself is locked (flock), so that nothing is left behind; the system unlocks it when the process ends.
    A file system without locks locks nothing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """Yield an empty temporary folder beside `path`; swap it in on success, so the old folder stays whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _beside(path)
    temporary.mkdir()
    old = temporary.with_suffix(".old")
    try:
        yield temporary
        if path.exists():
            path.rename(old)
        temporary.rename(path)
    finally:
        if old.exists() and not path.exists():  # the swap failed half way: the old folder comes back
            old.rename(path)
        shutil.rmtree(temporary, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text with Unix line ends, atomically."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def write_json(path: Path, value: Any) -> None:
    """Write JSON a person can read and git can compare: sorted keys, two spaces, a final newline."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n")


def read_json(path: Path) -> Any:
    """Read a JSON file.

    Raises
    ------
    GoldwireError
        When the file is missing or is not JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise GoldwireError("the file is not there", where=str(path)) from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise GoldwireError(f"not valid JSON: {error}", where=str(path)) from None


def write_jsonl(path: Path, rows: Iterable[Any]) -> None:
    """Write one JSON value a line, atomically, characters as they are (UTF-8)."""
    import jsonlines

    with replacing(path) as temporary, jsonlines.open(temporary, "w", dumps=_compact) as writer:
        writer.write_all(rows)


def read_jsonl(path: Path) -> Iterator[tuple[int, Any]]:
    """Yield (line number, value) for every line that is not blank.

    Raises
    ------
    GoldwireError
        When the file is missing, or a line is not JSON; the message names file and line.
    """
    import jsonlines

    number = 0

    def counted(stream: Iterable[bytes]) -> Iterator[bytes]:
        nonlocal number
        for line in stream:
            number += 1
            yield line

    try:
        with path.open("rb") as stream:
            for value in jsonlines.Reader(counted(stream)).iter(skip_empty=True):
                yield number, value
    except FileNotFoundError:
        raise GoldwireError("the file is not there", where=str(path)) from None
    except jsonlines.InvalidLineError as error:
        raise GoldwireError(
            "the line is not valid JSON", where=f"{path}:{error.lineno}", hint="Mend or remove that line."
        ) from None


def sha256(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
