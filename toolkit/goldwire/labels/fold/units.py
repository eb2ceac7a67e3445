"""The units of rounds: read from tasks.jsonl, and put together over rounds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from goldwire import tables
from goldwire.labels import rounds
from goldwire.labels.fold.rows import Problem, Row
from goldwire.scheme import Scheme
from goldwire.study import Study

_ARTICLES = 4096


class _Data(msgspec.Struct):
    unit_id: str


class _Task(msgspec.Struct):
    data: _Data
    meta: dict[str, Any]


class Texts(Mapping[str, str]):
    """The texts of some articles of a study, by article_id: each is made a string only when it is asked for."""

    def __init__(self, study: Study, wanted: Iterable[str]) -> None:
        self._texts = _read(study.articles, pa.array(sorted(wanted), pa.string()))
        self._rows = {
            key: (number, row)
            for number, (ids, _) in enumerate(self._texts)
            for row, key in enumerate(ids.to_pylist())
        }

    def __getitem__(self, article_id: str) -> str:
        number, row = self._rows[article_id]
        text: str = self._texts[number][1][row].as_py()
        return text

    def __contains__(self, article_id: object) -> bool:
        return article_id in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def _read(path: Path, wanted: pa.Array) -> list[tuple[pa.Array, pa.Array]]:
    """Return article_id and text of the wanted articles; of the others, only some are in memory at a time."""
    import pyarrow.parquet as pq

    columns = ["article_id", "text"]
    try:
        with pq.ParquetFile(path, pre_buffer=False) as file:
            found = [
                batch.filter(pc.is_in(batch["article_id"], wanted))
                for batch in file.iter_batches(_ARTICLES, columns=columns, use_threads=False)
            ]
    except (pa.ArrowInvalid, pa.ArrowTypeError, OSError):
        found = tables.read(path, "articles").select(columns).to_batches()  # slower, and says what is wrong
    return [(batch["article_id"], batch["text"]) for batch in found]


def read(folder: Path) -> list[Row]:
    """Return the units of a round, from its tasks.jsonl; what the tasks show is skipped unread.

    Raises
    ------
    GoldwireError
        When a line is no task or repeats a unit; see `goldwire.labels.rounds.tasks`.
    """
    decoder = msgspec.json.Decoder(_Task)
    try:
        with (folder / "tasks.jsonl").open("rb") as stream:
            found = [decoder.decode(line) for line in stream]
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        found = []
    if not found or len({task.data.unit_id for task in found}) < len(found):
        return [task["meta"] for task in rounds.tasks(folder)]  # slower, and says what is wrong
    return [task.meta for task in found]


def together(
    rows: Mapping[str, Sequence[Row]], schemes: Mapping[str, Scheme]
) -> tuple[dict[str, Row], list[Problem]]:
    """Return the units of all rounds, by id, each with the largest of its probabilities, and what does not agree.

    Rounds of one scheme are taken to be nested samples (one seed, a larger n), together as good as the largest of
    them: what it drew was in with its probability, which is the larger one, whether or not a smaller sample had it
    too. The random numbers of articles are permanent, so the same holds, nearly, where the corpus grew between two.
    """
    units: dict[str, Row] = {}
    problems = []
    drawn: dict[str, dict[str, float]] = defaultdict(dict)  # unit, scheme
    for name, scheme in schemes.items():
        for unit in rows[name]:
            before = units.setdefault(unit["unit_id"], unit)
            if before["content_hash"] != unit["content_hash"]:
                message = f"it has unit {unit['unit_id']} with another text than an earlier round"
                problems.append(Problem(name, 0, "", message))
            if (probability := unit.get("probability")) is not None:
                found = drawn[unit["unit_id"]]
                found[scheme.name] = max(probability, found.get(scheme.name, 0.0))
    for unit_id, found in drawn.items():
        units[unit_id] = {**units[unit_id], "probability": max(found.values())}
    for name, scheme in schemes.items():
        chances = (drawn[unit["unit_id"]] for unit in rows[name] if unit["unit_id"] in drawn)
        if less := sum(found.get(scheme.name, 1.0) < max(found.values()) for found in chances):
            message = (
                f"{less} of its units have a larger probability in a round of another scheme, and that one stands in "
                f"the tables: shares in the corpus can be wrong for {scheme.name}; a study for each would keep both"
            )
            problems.append(Problem(name, 0, "", message))
    return units, problems
