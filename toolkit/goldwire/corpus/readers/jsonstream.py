"""JSON in a stream: the objects of a file one after the other, in bounded memory, however the file holds them."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Any

from goldwire.corpus.readers.base import LONGEST, TOO_LONG, Record, Reject, Source
from goldwire.corpus.readers.encoding import Decoded, decoded
from goldwire.corpus.readers.jsonfeed import BAD, BAD_BYTE, CHUNK, Feed

_DEEPEST = 500
_Event = tuple[str, Any]


@dataclass(frozen=True)
class Problem:
    """Why a value could not be had."""

    reason: str


@dataclass(frozen=True)
class Shape:
    """How an object holds the objects that are looked for.

    `lists` are names of a list of them, `wrappers` names of an object with such a list in it, in lower case. An
    object with one of the keys `own`, found before, is itself what is looked for. With `lone`, a list of objects
    under another name counts where it is the only one and none of the keys `lone` is there.
    """

    lists: frozenset[str]
    wrappers: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    lone: frozenset[str] | None = None


def records(source: Source, shape: Shape) -> Iterator[Record | Reject]:
    """Yield a record for every object of a file, and a reject for everything else in its place."""
    import ijson

    number = 0
    with decoded(source.stream) as found:
        try:
            for value in items(found, shape):
                number += 1
                if isinstance(value, dict):
                    yield Record(value | found.fields(), source.file)
                else:
                    reason = value.reason if isinstance(value, Problem) else "is not a JSON object"
                    yield Reject(source.file, None, f"item {number}: {reason}")
        except ijson.JSONError as error:
            after = f" after item {number}" if number else ""
            yield Reject(source.file, None, f"file: is not valid JSON{after}: {_reason(error)}")


def _reason(error: Exception) -> str:
    message = error.args[0] if error.args else ""
    text = message.decode("utf-8", "replace") if isinstance(message, bytes) else str(message)
    return text.partition("\n")[0].strip()


def items(found: Decoded, shape: Shape) -> Iterator[Any]:
    """Yield every value of a file's array, of the list in its object, or the object itself; or a `Problem`.

    Several such values may follow one another. Numbers are integers or floats.

    Raises
    ------
    ijson.JSONError
        Where the file stops being JSON; what was before it has been yielded.
    """
    import ijson

    feed = Feed(found)
    events = _heard(ijson.basic_parse(feed, multiple_values=True, buf_size=CHUNK), feed)
    for event, value in events:
        if event == "start_array":
            yield from _elements(events, feed)
        elif event == "start_map":
            inner, streamed = yield from _object(events, feed, shape, 2, _Budget())
            if not streamed:
                yield from _lone(inner, shape)
        else:
            yield value


def _heard(events: Iterator[_Event], feed: Feed) -> Iterator[_Event]:
    for event in events:
        feed.quiet = 0
        yield event


def _elements(events: Iterator[_Event], feed: Feed) -> Iterator[Any]:
    for event, value in events:
        if event == "end_array":
            return
        yield _build((event, value), events, feed, _Budget())


def _object(
    events: Iterator[_Event], feed: Feed, shape: Shape, wrapped: int, budget: "_Budget"
) -> Generator[Any, None, tuple[Any, bool]]:
    """Yield the values of an object's lists, if it has any; return the object or a problem, and whether it had."""
    outer: dict[str, Any] = {}
    problem: Problem | None = None
    streamed = False
    for event, key in events:
        if event == "end_map":
            break
        budget.left -= len(key)
        event, value = next(events)
        name, free = key.lower(), not any(there.lower() in shape.own for there in outer)
        made: Any
        if event == "start_array" and free and name in shape.lists:
            first = next(events)
            rest = chain([first], events)
            if first[0] in ("start_map", "end_array"):
                streamed = True
                yield from _elements(rest, feed)
                continue
            made = _build((event, value), rest, feed, budget)
        elif event == "start_map" and free and wrapped and name in shape.lists | shape.wrappers:
            made, inner = yield from _object(events, feed, shape, wrapped - 1, budget)
            streamed = streamed or inner
        else:
            made = _build((event, value), events, feed, budget)
        if isinstance(made, Problem):
            problem = problem or made
            outer.clear()
        elif not problem:
            outer[key] = made
    return problem or outer, streamed


def _lone(value: Any, shape: Shape) -> Iterator[Any]:
    """Yield what stands in an object's only list of objects, or the object itself."""
    if shape.lone is not None and isinstance(value, dict) and not any(key.lower() in shape.lone for key in value):
        lists = [v for v in value.values() if isinstance(v, list) and v and all(isinstance(i, dict) for i in v)]
        if len(lists) == 1:
            yield from lists[0]
            return
    yield value


@dataclass
class _Budget:
    left: int = LONGEST


def _build(begin: _Event, events: Iterator[_Event], feed: Feed, budget: _Budget) -> Any:
    """Return the value that begins with an event, its events used up; or the problem that it has."""
    problem: Problem | None = None
    top: list[Any] = []
    stack: list[list[Any] | dict[str, Any]] = [top]
    keys: list[str] = []  # of the objects on the stack, each with the value that is to come
    depth = 0
    for event, value in chain([begin], events):
        if event in ("end_map", "end_array"):
            depth -= 1
            if not problem:
                stack.pop()
        else:
            budget.left -= 1 + (len(value) if isinstance(value, str) else 0)
            if not problem and (problem := _problem(event, value, depth, feed, budget)):
                stack.clear()
                top.clear()
            new: Any = {} if event == "start_map" else [] if event == "start_array" else _scalar(value)
            depth += event in ("start_map", "start_array")
            if problem:
                pass
            elif event == "map_key":
                keys.append(value)
            else:
                into = stack[-1]
                if isinstance(into, dict):
                    into[keys.pop()] = new
                else:
                    into.append(new)
                if event in ("start_map", "start_array"):
                    stack.append(new)
        if not depth:
            break
    return problem or top[0]


def _problem(event: str, value: Any, depth: int, feed: Feed, budget: _Budget) -> Problem | None:
    if budget.left < 0 or feed.cut:
        feed.cut = False
        return Problem(TOO_LONG)
    if depth == _DEEPEST and event in ("start_map", "start_array"):
        return Problem("is nested too deeply")
    if feed.bad and isinstance(value, str) and (match := BAD_BYTE.search(value)):
        return Problem(feed.found.problem(chr(0xDC00 + ord(match.group()) - BAD)) or "")
    return None


def _scalar(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value
