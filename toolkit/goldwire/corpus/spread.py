"""Spread: files are converted by other processes on this machine, or by the workers of a Ray cluster.

What is little is read in this process, since starting others takes a second.
"""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from goldwire.corpus import engine, sources
from goldwire.corpus.convert import Tally

_LITTLE = 32_000_000  # bytes
_LOAD = 16_000_000  # bytes that a worker reads at once,
_FILES = 1_000  # or files
_LOOK = 0.5  # seconds


def converted(
    daft: Any,
    items: Sequence[sources.Item],
    folder: Path,
    make: Callable[..., Tally],
    stdin: BinaryIO | None = None,
) -> Iterator[tuple[Path, Tally]]:
    """Yield a Parquet file of articles and what was read for one load of items after another, in their order.

    Parameters
    ----------
    daft : module
        From `engine.start`.
    items : sequence of Item
        What to read; those that can be are divided.
    folder : Path
        Where the files are made; every worker must see it under this name.
    make : callable
        `convert`, with what it needs beside items and path.
    stdin : binary stream, optional
        What ``-`` reads.

    Raises
    ------
    OSError
        When a file cannot be written.
    """
    for number, item in enumerate(item for item in items if item.path == sources.STDIN):
        path = folder / f"stdin-{number}.parquet"
        yield path, make([item], path, stdin=stdin)  # no other process has our standard input
    loads = _loads([part for item in items if item.path != sources.STDIN for part in sources.parts(item)])
    if not loads:
        return
    on_ray, here = engine.is_ray(daft), os.getpid()
    apart = sum(_size(item) for load in loads for item in load) > _LITTLE
    types = daft.DataType

    @daft.func(return_dtype=types.string(), use_process=apart)  # type: ignore[untyped-decorator]
    def work(number: int) -> str:
        if apart and not on_ray:
            _end_with(here)
        try:
            return make(loads[number], folder / f"{number:06d}.parquet").dumps()
        except OSError as error:  # Daft would make a traceback of it
            return json.dumps({"fault": [error.errno, error.strerror or str(error)]})

    frame = daft.from_pydict({"number": list(range(len(loads)))})
    frame = frame.into_partitions(len(loads)) if on_ray else frame.into_batches(1)
    done: dict[int, Tally] = {}
    following = 0
    for batch in frame.select(frame["number"], work(frame["number"]).alias("tally")).to_arrow_iter():
        for number, text in zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True):
            if text.startswith('{"fault"'):
                raise OSError(*json.loads(text)["fault"], str(folder.parent))
            done[number] = Tally.loads(text)
        while following in done:  # workers may finish in any order; which of two equal articles counts must not vary
            yield folder / f"{following:06d}.parquet", done.pop(following)
            following += 1


def _loads(items: Sequence[sources.Item]) -> list[list[sources.Item]]:
    """Return the items in order, as many together as one worker should read."""
    loads: list[list[sources.Item]] = []
    size = _LOAD
    for item in items:
        if size >= _LOAD or len(loads[-1]) == _FILES:
            loads.append([])
            size = 0
        loads[-1].append(item)
        size += _size(item)
    return loads


def _size(item: sources.Item) -> int:
    if item.end is not None:
        return item.end - item.start
    try:
        return item.path.stat().st_size
    except OSError:
        return 0


@cache
def _end_with(parent: int) -> None:
    """End this worker soon after its parent has ended, however that came; Daft lets it read on."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
