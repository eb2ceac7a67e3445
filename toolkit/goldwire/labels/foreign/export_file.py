"""An export that was downloaded by hand: its tasks, one after the other, in bounded memory."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, Any, cast

from goldwire.errors import GoldwireError
from goldwire.labels.server.json_array import objects

Task = dict[str, Any]

_WINDOW = 1 << 20
_BOM = b"\xef\xbb\xbf"
_HINT = "Download the project again: Export, then JSON (the first of the formats)."
_KEPT = ("id", "inner_id", "project", "created_at", "updated_at", "data")
_MIN_KEYS = {"annotator", "annotation_id", "lead_time"}


def file_tasks(path: Path) -> Iterator[Task]:
    """Yield the tasks of an export in Label Studio's native JSON: an array, pretty or not, or JSON lines.

    A task keeps what `goldwire.labels.parts.people.without_people` reads: of the fields that may name a person only
    ``completed_by`` of its annotations, and no `meta`. Predictions and drafts of which an export has only the ids
    are left out.

    The file may be packed (.gz, or .zip with one JSON file in it, as it is downloaded). Only the task at hand is in
    memory.

    Raises
    ------
    GoldwireError
        When the file is missing, cut off, no JSON, or one of the formats that lose answers (JSON_MIN, CSV, TSV,
        CONLL); what stood before the cut has been yielded.
    """
    where, count = str(path), 0
    try:
        with _opened(path) as stream:
            head = _head(stream)
            _recognise(head, where)
            for value in _values(head, stream):
                _check(value, count, where)
                count += 1
                yield _plain(value)
    except FileNotFoundError:
        raise GoldwireError("the file is not there", where=where, hint=_HINT) from None
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        raise GoldwireError(f"the file is damaged after task {count}: {error}", where=where, hint=_HINT) from None
    except (_json_error(), ValueError) as error:
        reason = str(error).partition("\n")[0].strip()
        raise GoldwireError(
            f"the file is cut off or no JSON after task {count}: {reason}", where=where, hint=_HINT
        ) from None
    if not count:
        raise GoldwireError("there is no task in the file", where=where, hint=_HINT)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as raw:
        magic = raw.read(4)
        raw.seek(0)
        if magic[:2] == b"\x1f\x8b":
            with gzip.open(raw) as stream:
                yield cast(IO[bytes], stream)
        elif magic == b"PK\x03\x04":
            with zipfile.ZipFile(raw) as archive, archive.open(_member(archive, str(path))) as stream:
                yield stream
        else:
            yield raw


def _member(archive: zipfile.ZipFile, where: str) -> zipfile.ZipInfo:
    files = [info for info in archive.infolist() if not info.is_dir() and "__MACOSX" not in info.filename]
    found = [info for info in files if info.filename.lower().endswith((".json", ".jsonl"))]
    if len(found) != 1:
        names = ", ".join(info.filename for info in files[:5]) or "nothing"
        raise GoldwireError(f"the archive has {len(found)} JSON files: {names}", where=where, hint=_HINT)
    return found[0]


def _head(stream: IO[bytes]) -> bytes:
    head = stream.read(_WINDOW).removeprefix(_BOM)
    while head.isspace() and (more := stream.read(_WINDOW)):
        head = more
    return head


def _recognise(head: bytes, where: str) -> None:
    """Refuse what is no JSON, by name where it is one of Label Studio's other formats."""
    begin = head.lstrip()[:2000]
    if begin[:1] in (b"[", b"{") or not begin:
        return
    first = begin.split(b"\n", 1)[0].decode("utf-8", "replace")
    if "-DOCSTART-" in first:
        kind = "CONLL, which writes a text that nobody labelled as one without entities"
    elif "\t" in first and "id" in first:
        kind = "TSV, which has neither relations nor the ids of spans"
    elif "," in first and "id" in first:
        kind = "CSV, which has neither relations nor the ids of spans"
    else:
        raise GoldwireError("the file is no JSON", where=where, hint=_HINT)
    raise GoldwireError(f"the file is {kind}", where=where, hint=_HINT)


def _check(value: Any, number: int, where: str) -> None:
    place = f"{where}: task {number + 1}"
    if not isinstance(value, dict):
        raise GoldwireError("is no task: it is not an object", where=place, hint=_HINT)
    if not isinstance(value.get("data"), dict):
        if _MIN_KEYS & value.keys():
            raise GoldwireError(
                "the file is JSON_MIN, which has neither relations nor the ids of spans", where=where, hint=_HINT
            )
        raise GoldwireError('is no task: it has no "data"', where=place, hint=_HINT)
    if not isinstance(value.get("id"), int) or not isinstance(value.get("annotations"), list):
        raise GoldwireError("is not from an export: it lacks its id or its annotations", where=place, hint=_HINT)
    if not isinstance(value.get("project"), int):
        raise GoldwireError("is not from an export: it lacks its project's number", where=place, hint=_HINT)


def _plain(task: Task) -> Task:
    kept = {key: task[key] for key in _KEPT if key in task}
    for key in ("predictions", "drafts"):
        kept[key] = [value for value in task.get(key) or [] if isinstance(value, dict) and "id" in value]
    kept["annotations"] = [{"completed_by": None, **annotation} for annotation in task["annotations"]]
    return kept


def _values(head: bytes, stream: IO[bytes]) -> Iterator[Any]:
    """Yield what stands in an array, or objects that follow one another, one a line or over several."""
    first = head.lstrip()[:1]
    if first == b"[":
        return objects(chain([head], iter(lambda: stream.read(_WINDOW), b"")))
    return _events(head, stream, "") if first else iter(())


def _events(head: bytes, stream: IO[bytes], prefix: str) -> Iterator[Any]:
    import ijson

    return iter(ijson.items(_Joined(head, stream), prefix, use_float=True, multiple_values=not prefix))


def _json_error() -> type[Exception]:
    import ijson

    return ijson.JSONError  # type: ignore[no-any-return]


class _Joined:
    """What was read ahead, and then the rest of the stream."""

    def __init__(self, head: bytes, stream: IO[bytes]) -> None:
        self._head, self._stream = io.BytesIO(head), stream

    def read(self, size: int = -1) -> bytes:
        return self._head.read(size) or self._stream.read(size)
