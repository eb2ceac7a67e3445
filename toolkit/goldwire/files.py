"""Files that are whole or not there: everything is written to a temporary file, then put in place."""

import codecs
import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from goldwire.errors import GoldwireError

_MARKS = (  # UTF-32 first: its mark begins as that of UTF-16
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; move it into place on success, remove it on failure.

    What a process that was killed left there on the way to the same path is removed first. An OSError about the
    temporary path names `path`.

    Raises
    ------
    GoldwireError
        When a file is in the way of the folder.
    """
    make_folder(path.parent)
    with _beside(path, _new_file) as temporary:
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
    """Yield an empty temporary folder beside `path`; swap it in on success, so the old folder stays whole.

    What a process that was killed left there is removed first, and a folder that it had moved out of the way comes
    back. Of a link, the folder that it leads to is replaced. An OSError about the temporary path names `path`.

    Raises
    ------
    GoldwireError
        When a file is in the way of the folder.
    """
    path = path.resolve() if path.is_symlink() else path
    make_folder(path.parent)
    with _beside(path, _new_folder) as temporary:
        old = temporary.with_suffix(".old")
        try:
            if path.exists() and not path.is_dir():
                raise _in_the_way(path)
            yield temporary
            if path.is_dir():
                path.rename(old)
            temporary.rename(path)
        finally:
            if old.exists() and not path.exists():  # the swap failed half way: the old folder comes back
                old.rename(path)
            shutil.rmtree(temporary, ignore_errors=True)
            shutil.rmtree(old, ignore_errors=True)


def make_folder(path: Path) -> None:
    """Make a folder and those above it, where they are not there.

    Raises
    ------
    GoldwireError
        When a file is in the way.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise _in_the_way(next(one for one in (path, *path.parents) if os.path.lexists(one))) from None


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

    UTF-8, or what a byte order mark says: UTF-16 or UTF-32.

    Raises
    ------
    GoldwireError
        When the file is missing, or a line is not JSON, which NaN and Infinity are not; the message names file, line
        and field.
    """
    import jsonlines

    number = 0

    def counted(stream: Iterable[Any]) -> Iterator[Any]:
        nonlocal number
        for line in stream:
            number += 1
            yield line

    try:
        with path.open("rb") as begun:
            wide = wide_encoding(begun.read(4))
        with path.open(encoding=wide, newline="\n") if wide else path.open("rb") as stream:
            for value in jsonlines.Reader(counted(stream), loads=_strictly).iter(skip_empty=True):
                yield number, value
    except FileNotFoundError:
        raise GoldwireError("the file is not there", where=str(path)) from None
    except UnicodeDecodeError:
        raise GoldwireError(f"the file is not {wide}, which it says it is", where=str(path)) from None
    except jsonlines.InvalidLineError as error:
        raise GoldwireError(
            _what_is_wrong(error), where=f"{path}:{error.lineno}", hint="Mend or remove that line."
        ) from None


def wide_encoding(start: bytes) -> str | None:
    """Return the encoding that a byte order mark at the start of a file names: UTF-16, UTF-32, or None."""
    return next((name for mark, name in _MARKS if start.startswith(mark)), None)


def sha256(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def _beside(path: Path, make: Callable[[Path], int]) -> Iterator[Path]:
    """Yield a new temporary file or folder, locked as long as it is used: what is not locked is a leftover."""
    _tidy(path)
    temporary, descriptor = path, -1
    try:
        while descriptor < 0:
            temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
            descriptor = make(temporary)
            if not _is_kept(descriptor, temporary):
                descriptor = -1
        yield temporary
    except OSError as error:
        if str(error.filename).startswith(str(temporary)):
            error.filename = str(path) + str(error.filename)[len(str(temporary)) :]
            del error.filename2
        raise
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def _new_file(path: Path) -> int:
    return os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666)  # as open as the user's umask asks for


def _new_folder(path: Path) -> int:
    path.mkdir()
    return os.open(path, os.O_RDONLY)


def _is_kept(descriptor: int, path: Path) -> bool:
    """Lock what was made; False, and it is closed, when another process took it for a leftover just before."""
    with suppress(OSError):  # a file system without locks
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    if path.exists():
        return True
    os.close(descriptor)
    return False


def _tidy(path: Path) -> None:
    """Remove what processes that were killed left of this path; a folder that one had moved away comes back."""
    name = re.compile(rf"(\.{re.escape(path.name)}\.[0-9a-f]{{8}})\.(tmp|old)")
    with suppress(OSError):  # a folder that cannot be read, or another process that tidies, too
        left = sorted(one for one in path.parent.iterdir() if name.fullmatch(one.name))
        alive = {one.stem for one in left if one.suffix == ".tmp" and not _dead(one)}
        for one in left:
            if one.stem in alive:
                continue
            if one.suffix == ".old" and not path.exists():
                one.rename(path)
            elif one.is_dir():
                shutil.rmtree(one, ignore_errors=True)
            else:
                one.unlink(missing_ok=True)


def _dead(path: Path) -> bool:
    """Whether no process works on a temporary file or folder; on a file system without locks nobody knows."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:  # it has ended meanwhile
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def _in_the_way(path: Path) -> GoldwireError:
    return GoldwireError(
        "a file is in the way: a folder of this name is written to",
        where=str(path),
        hint="Move it away, and run again.",
    )


def _refuse(constant: str) -> Any:
    raise _NotANumberError(constant)


class _NotANumberError(ValueError):
    """NaN, Infinity or -Infinity, which Python's JSON has and JSON has not."""


_STRICT = json.JSONDecoder(parse_constant=_refuse)


def _strictly(text: str | bytes) -> Any:
    return _STRICT.decode(text if isinstance(text, str) else text.decode())


def _what_is_wrong(error: Any) -> str:
    cause = error.__cause__
    if isinstance(cause, UnicodeDecodeError):
        return "the line is not UTF-8"
    if isinstance(cause, _NotANumberError):
        field = _field(json.loads(error.line), str(cause))
        return f"{cause} is not JSON" + (f" (field {field})" if field else "")
    return "the line is not valid JSON"


def _field(value: Any, constant: str) -> str | None:
    """Return where in a value the first such constant stands, as ``scores.a`` or ``scores[1].share``."""
    if isinstance(value, float):
        return "" if str(value) == str(float(constant)) else None
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        found = _field(part, constant)
        if found is not None:
            here = f"[{key}]" if isinstance(value, list) else str(key)
            return here + (f".{found}" if found and not found.startswith("[") else found)
    return None


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
