"""The index of a part: what each of its tasks is, in short, so that the parts need not be read to know what is new.

An entry is ``[id, project, updated_at, digest, {annotation id: digest}, number of predictions]``, in the order of the
tasks' lines; digests are twelve bytes of BLAKE2b in base64.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from goldwire.labels.parts.lines import Checked, check, decode, encode, listing

_LENGTH = 12


class Entry(msgspec.Struct, array_like=True, frozen=True):
    """A task in a part: its digest is that of its substance, without what moves by itself (`updated_at`)."""

    id: int
    project: int
    updated_at: str
    digest: bytes
    annotations: dict[int, bytes]
    predictions: int = 0


class Index(msgspec.Struct, frozen=True):
    """The tasks of a part, and the ids of those that had gone."""

    tasks: list[Entry]
    deleted: list[int]


class _Line(msgspec.Struct, frozen=True):
    index: Index


class Known(NamedTuple):
    """The latest state of a task that was ever pulled. A deleted one has no live annotations."""

    project: int
    part: int
    deleted: bool
    updated_at: str
    digest: bytes
    annotations: dict[int, bytes]
    predictions: int = 0


class _Annotation(msgspec.Struct):
    id: int


class _Task(msgspec.Struct):
    """What of a line says which task it is, in a part without an index."""

    id: int | None = None
    annotations: list[_Annotation] = []
    deleted_task: int | None = None


def known(folder: Path) -> dict[int, Known]:
    """Return what was pulled of every task, by task id, from the parts in a pulls/ folder.

    Every part is checked; of one with an index, only that is decoded.

    Returns
    -------
    dict
        `digest` and `annotations` equal those of `entry` when the task says the same now.

    Raises
    ------
    GoldwireError
        When a part is missing, torn, or was edited.
    """
    found: dict[int, Known] = {}
    for number, path in enumerate(listing(folder), 1):
        index = read(check(path))
        for task in index.tasks:
            found[task.id] = Known(
                task.project, number, False, task.updated_at, task.digest, task.annotations, task.predictions
            )
        for gone in index.deleted:
            if gone in found:
                found[gone] = found[gone]._replace(part=number, deleted=True, annotations={}, predictions=0)
    return found


def read(part: Checked) -> Index:
    """Return the index of a part; one without is read whole."""
    line = part.index_line()
    return msgspec.json.decode(line, type=_Line).index if line else _made(part.lines(), part.header)


def _made(lines: Iterable[bytes], header: Mapping[str, Any]) -> Index:
    index = Index([], [])
    for line in lines:
        row = decode(line)
        if "deleted_task" in row:
            index.deleted.append(int(row["deleted_task"]))
        else:
            index.tasks.append(entry(row, header)[0])
    return index


def numbers(part: Checked) -> tuple[list[tuple[int, tuple[int, ...]]], list[int]]:
    """Return the ids of a part: of each task and its annotations, in the order of the lines, and of what had gone."""
    if line := part.index_line():
        index = msgspec.json.decode(line, type=_Line).index
        return [(task.id, tuple(task.annotations)) for task in index.tasks], index.deleted
    tasks: list[tuple[int, tuple[int, ...]]] = []
    deleted: list[int] = []
    for line in part.lines():
        row = _numbered(line)
        if row.deleted_task is not None:
            deleted.append(row.deleted_task)
        elif row.id is not None:
            tasks.append((row.id, tuple(annotation.id for annotation in row.annotations)))
    return tasks, deleted


def _numbered(line: bytes) -> _Task:
    try:
        return msgspec.json.decode(line, type=_Task)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return msgspec.convert(decode(line), _Task)


def entry(task: Mapping[str, Any], header: Mapping[str, Any]) -> tuple[Entry, bytes]:
    """Return the entry of a task, without people, and its line. The project is the header's where it has none."""
    rest = dict(task)
    number, updated = int(rest.pop("id")), rest.pop("updated_at", None)
    answers = rest.pop("annotations")
    lines = [encode(answer) for answer in answers]
    digests = dict(sorted((int(answer["id"]), _digest(line)) for answer, line in zip(answers, lines, strict=True)))
    kept = encode(rest)
    made = Entry(
        number,
        int(task.get("project") or header.get("project") or 0),
        updated or "",
        _digest(kept, *digests.values()),
        digests,
        len(task.get("predictions", ())),
    )
    return made, b"".join(_pieces(number, encode(updated) if "updated_at" in task else b"", kept, lines))


def _pieces(number: int, updated: bytes, rest: bytes, answers: list[bytes]) -> Iterator[bytes]:
    yield b'{"id":%d' % number
    if updated:
        yield b',"updated_at":' + updated
    if len(rest) > len(b"{}"):
        yield b"," + rest[1:-1]
    yield b',"annotations":[' + b",".join(answers) + b"]}\n"


def encoded(task: Entry) -> bytes:
    """Return an entry as JSON."""
    return msgspec.json.encode(task)


def line(tasks: Iterable[bytes], deleted: Iterable[int]) -> Iterator[bytes]:
    """Yield the line of an index, from entries as JSON."""
    yield b'{"index":{"tasks":['
    separator = b""
    for task in tasks:
        yield separator + task
        separator = b","
    yield b'],"deleted":' + encode(list(deleted)) + b"}}\n"


def _digest(*values: bytes) -> bytes:
    found = hashlib.blake2b(digest_size=_LENGTH)
    for value in values:
        found.update(value)
    return found.digest()
