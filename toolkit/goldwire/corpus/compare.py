"""Compare: the bodies of articles become shingles on the engine's workers, and here pairs of neighbours.

Only numbers come here, and lie in a file meanwhile. Texts with the same shingles are one for the search and are
paired afterwards; texts too short for a shingle pair only with equal texts.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from goldwire.errors import UsageError
from goldwire.text.boilerplate import mask
from goldwire.text.neighbours import Neighbours, neighbours
from goldwire.text.shingles import shingles
from goldwire.text.store import Store

_ROWS = 1_000  # bodies that a worker takes at once
ALIKE = 1_000
"""Of more equal texts than these each is paired with the first only: pairs grow with the square of their number."""


@dataclass(frozen=True)
class Comparing:
    """What makes two bodies neighbours.

    Attributes
    ----------
    containment : float
        The least share of the shorter body's shingles that the longer one has, above 0 and at most 1.
    shingle : int
        Words in a shingle, at least 1.
    mask : bool
        Whether what agencies and publishing systems add (datelines, notes) is left out; see
        `goldwire.text.boilerplate`.
    seed : int
        Of the numbers of shingles, and so of what is sampled for finding candidates.
    """

    containment: float = 0.5
    shingle: int = 5
    mask: bool = False
    seed: int = 0

    def checked(self) -> "Comparing":
        """Return this.

        Raises
        ------
        UsageError
            When a parameter is out of its range.
        """
        if not 0 < self.containment <= 1:
            raise UsageError(f"containment must be above 0 and at most 1, not {self.containment:g}")
        if self.shingle < 1:
            raise UsageError(f"a shingle has at least one word, not {self.shingle}")
        return self


NUMBERS = pa.schema(
    [("article_id", pa.string()), ("numbers", pa.large_list(pa.uint64())), ("digest", pa.large_binary())]
)
"""What is known of a body for comparing: the numbers of its shingles, and a digest by which equal ones are told."""


def pairs(
    batches: Iterable[pa.RecordBatch],
    positions: Mapping[str, int],
    comparing: Comparing,
    folder: Path,
    *,
    every: bool,
) -> Iterator[Neighbours]:
    """Yield the neighbours among bodies.

    Parameters
    ----------
    batches : iterable of pa.RecordBatch
        Of the schema `NUMBERS`, each body once.
    positions : mapping of str to int
        The position of every article_id, from 0.
    comparing : Comparing
    folder : Path
        Where the shingles lie meanwhile, about as many bytes as the texts have.
    every : bool
        All pairs (but see `ALIKE`); otherwise just enough of them to join what belongs together.
    """
    with Store(folder / "shingles", len(positions)) as store:
        alike: dict[int, list[int]] = defaultdict(list)  # the first text with some shingles -> the others
        first: dict[bytes, int] = {}
        for batch in batches:
            _keep(batch, positions, store, first, alike)
        first.clear()
        for one, others in alike.items():
            few = every and len(others) < ALIKE
            same = combinations(sorted([one, *others]), 2) if few else ((one, other) for other in others)
            yield from (Neighbours(min(a, b), max(a, b), 1.0, 1.0) for a, b in same)
        for pair in neighbours(store, containment=comparing.containment, every=every):
            if every:
                groups = [[one, *alike.get(one, [])] for one in (pair.first, pair.second)]
                groups = [group if len(group) <= ALIKE else group[:1] for group in groups]
                for a, b in product(*groups):
                    yield Neighbours(min(a, b), max(a, b), pair.containment, pair.jaccard)
            else:
                yield pair


def _keep(
    batch: pa.RecordBatch,
    positions: Mapping[str, int],
    store: Store,
    first: dict[bytes, int],
    alike: dict[int, list[int]],
) -> None:
    """Store the shingles of the texts that are the first with theirs, and note the others."""
    ids, numbers, digests = (batch.column(name) for name in NUMBERS.names)
    at = np.array([positions[article_id] for article_id in ids.to_pylist()], np.int64)
    offsets = numbers.offsets.to_numpy()
    values = numbers.values.to_numpy()
    new = np.zeros(len(at), bool)
    for index, (position, digest) in enumerate(zip(at.tolist(), digests.to_pylist(), strict=True)):
        there = first.setdefault(digest, position) if digest else position
        new[index] = there == position
        if there != position:
            alike[there].append(position)
    counts = np.diff(offsets)
    chosen = np.repeat(new, counts)
    store.add(at[new], counts[new], values[offsets[0] : offsets[-1]][chosen])


def numbers_of(frame: Any, comparing: Comparing) -> Iterator[pa.RecordBatch]:
    """Yield what is known of the bodies of a Daft frame with `article_id`, `text` and `body_start`: `NUMBERS`."""
    import daft

    types = daft.DataType
    result = types.struct({name: types.from_arrow_type(NUMBERS.field(name).type) for name in NUMBERS.names[1:]})

    @daft.func.batch(return_dtype=result, batch_size=_ROWS, use_process=False)  # type: ignore[untyped-decorator]
    def work(texts: Any, starts: Any) -> pa.Array:
        found = numbers(texts.to_pylist(), starts.to_pylist(), comparing)
        return pa.StructArray.from_arrays(found, NUMBERS.names[1:])

    made = work(frame["text"], frame["body_start"]).alias("made")
    for batch in frame.select(frame["article_id"], made).to_arrow_iter():
        ids, found = batch.columns
        columns = [ids, *(found.field(name) for name in NUMBERS.names[1:])]
        yield pa.record_batch(
            [column.cast(field.type) for column, field in zip(columns, NUMBERS, strict=True)], NUMBERS
        )


def numbers(texts: Sequence[str | None], starts: Sequence[int | None], comparing: Comparing) -> list[pa.Array]:
    """Return `numbers` and `digest` of bodies, each of which begins at `start` in its text."""
    bodies = [(text or "")[start or 0 :] for text, start in zip(texts, starts, strict=True)]
    if comparing.mask:
        bodies = [mask(body) for body in bodies]
    offsets, values = shingles(bodies, comparing.shingle, seed=comparing.seed)
    digests = [
        _digest(values[begin:end].tobytes() or body.encode("utf-8", "surrogatepass"))
        for body, (begin, end) in zip(bodies, pairwise(offsets.tolist()), strict=True)
    ]
    return [
        pa.LargeListArray.from_arrays(pa.array(offsets), pa.array(values)),
        pa.array(digests, pa.large_binary()),
    ]


def _digest(content: bytes) -> bytes:
    """Return 16 bytes, or none for nothing: an empty text is like no other."""
    return hashlib.blake2b(content, digest_size=16).digest() if content else b""
