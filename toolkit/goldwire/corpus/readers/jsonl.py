"""JSON Lines: one article a line, an object whose keys are columns."""

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from goldwire.corpus.readers.base import Reader, Record, Reject, Source


def read(source: Source) -> Iterator[Record | Reject]:
    """Yield a record for every line that is a JSON object; blank lines are skipped."""
    import jsonlines

    number = 0

    def counted() -> Iterator[bytes]:
        nonlocal number
        for line in source.stream:
            number += 1
            yield line

    reader = jsonlines.Reader(counted(), loads=_loads)
    while True:
        try:
            value = reader.read(allow_none=True, skip_empty=True)
        except EOFError:
            return
        except jsonlines.InvalidLineError as error:
            yield Reject(source.file, number, f"line: {_reason(error)}")
            continue
        except RecursionError:
            yield Reject(source.file, number, "line: is nested too deeply")
            continue
        if isinstance(value, dict):
            yield Record(value, source.file, number)
        else:
            yield Reject(source.file, number, "line: is not a JSON object")


def _loads(line: str | bytes) -> Any:
    return json.loads(line.rstrip(), parse_constant=_no_constant)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _reason(error: Exception) -> str:
    match error.__cause__:
        case UnicodeDecodeError() as cause:
            return f"is not UTF-8 (byte 0x{cause.object[cause.start]:02X})"
        case json.JSONDecodeError() as cause:
            return f"is not valid JSON: {cause.msg} at character {cause.pos + 1}"
        case cause:
            return f"is not valid JSON: {cause}"


READER = Reader("jsonl", (".jsonl", ".ndjson"), read)
