"""The answers of one round, as they were pulled: who did what with each unit, and the votes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import Literal, NamedTuple

import pyarrow as pa

from goldwire.labels import rounds
from goldwire.labels.fold import rows_of, typed
from goldwire.labels.fold import units as round_units
from goldwire.labels.fold.columns import sorted_tables
from goldwire.labels.fold.latest import latest
from goldwire.labels.fold.rows import Row
from goldwire.labels.fold.typed import Annotation
from goldwire.labels.fold.units import Texts
from goldwire.labels.foreign import mapping as foreign
from goldwire.labels.parts.lines import check, listing
from goldwire.labels.rounds import Round
from goldwire.scheme import Scheme
from goldwire.study import Study

Status = Literal["submitted", "skipped", "draft"]
_RANK: Mapping[Status, int] = {"draft": 0, "skipped": 1, "submitted": 2}


class Given(NamedTuple):
    """What an annotator did with a unit. Of several answers, a submitted one before a skip before a draft, and the
    one that was updated last. Times are UTC, None where the server named none; `seen` is that of the last update."""

    unit: str
    annotator: str
    status: Status
    created: datetime | None
    seen: datetime | None
    lead_time_s: float | None

    @property
    def day(self) -> date | None:
        """The day on which the answer was given."""
        return self.created.date() if self.created else None


@dataclass(frozen=True)
class RoundAnswers:
    """A round and what was pulled of it.

    Attributes
    ----------
    round, scheme : Round, Scheme
        The scheme is the one that the round was made with.
    units : list of dict
        The units of the round, in its order: rows of `units`.
    given : list of Given
        By unit and annotator, each pair once. Left out is what has gone from the server, what is not about a unit of
        the round, and what nobody is named for.
    pulled : str or None
        When something new was last pulled, by the server's clock; None when nothing was.
    from_file : bool
        The last answers are from an export that was downloaded by hand, which does not say when that was.
    """

    round: Round
    scheme: Scheme
    units: list[Row]
    given: list[Given]
    pulled: str | None
    from_file: bool = False


def read(study: Study, name: str) -> RoundAnswers:
    """Read a round and its pulled parts. Nothing is asked of a server, and nothing is written.

    Raises
    ------
    GoldwireError
        When there is no such round, or one of its files is damaged.
    """
    folder = study.rounds / name
    round_ = rounds.read(folder)
    scheme = rounds.scheme_of(study, round_)
    units = round_units.read(folder)
    pulls = folder / "pulls"
    heads = (check(path).header for path in reversed(listing(pulls)))
    last = next(heads, {})
    pulled = next((at for head in chain([last], heads) if (at := head.get("pulled_at"))), None)
    given = _given(latest(pulls, _reader(folder)), {unit["unit_id"] for unit in units})
    return RoundAnswers(round_, scheme, units, given, pulled, "file" in last)


def votes(study: Study, found: RoundAnswers) -> pa.Table:
    """Fold one round by itself, and return its `votes`; for the rules see `goldwire.labels.fold.fold`.

    `counts` marks each annotator's submitted answer to a unit in this round, in a retest too; of several the one that
    gold.repeats of params.yaml names.

    Raises
    ------
    GoldwireError
        When an answer has what the page cannot send, an article of the round is not there any more, or gold.repeats
        is "error" and an annotator answered a unit twice.
    """
    by_itself = found.round.model_copy(update={"retest_of": None})
    units = {unit["unit_id"]: unit for unit in found.units}
    texts = Texts(study, {unit["article_id"] for unit in found.units})
    rows = rows_of(study, by_itself, found.scheme, units, texts)
    return sorted_tables([batch for batches, _ in rows for batch in batches], study.params().gold.repeats)["votes"]


def stories(study: Study, units: Iterable[Row]) -> dict[str, str]:
    """Return the story of each unit, or its article where that has no story."""
    import pyarrow.parquet as pq

    from goldwire.labels.clusters import clusters_of

    named = [{"unit_id": unit["unit_id"], "article_id": unit["article_id"]} for unit in units]
    schema = pa.schema([("unit_id", pa.string()), ("article_id", pa.string())])
    articles = pq.read_table(study.articles, columns=["article_id", "story_id"])
    return clusters_of(pa.Table.from_pylist(named, schema=schema), articles)


def _reader(folder: Path) -> Callable[[bytes], typed.Task]:
    """Return what reads a line of the round's parts; tasks of an adopted project do not name their unit."""
    if foreign.read(folder) is None:
        return typed.task
    units = foreign.tasks_to_units(rounds.tasks(folder))

    def read(line: bytes) -> typed.Task:
        task = typed.task(line)
        task.data.unit_id = units.get(task.id)
        return task

    return read


def _given(tasks: Iterable[typed.Task], units: set[str]) -> list[Given]:
    found: dict[tuple[str, str], tuple[tuple[int, datetime, int], Given]] = {}
    for number, one in _every(tasks, units):
        rank = (_RANK[one.status], one.seen or datetime.min.replace(tzinfo=UTC), number)
        key = (one.unit, one.annotator)
        if key not in found or rank > found[key][0]:
            found[key] = rank, one
    return [found[key][1] for key in sorted(found)]


def _every(tasks: Iterable[typed.Task], units: set[str]) -> Iterator[tuple[int, Given]]:
    for task in tasks:
        unit = task.data.unit_id
        if unit is None or unit not in units:
            continue
        for answer in task.annotations:
            if not answer.deleted:
                yield from _named(unit, answer, "skipped" if answer.was_cancelled else "submitted")
        for draft in task.drafts:
            yield from _named(unit, draft, "draft")


def _named(unit: str, answer: Annotation, status: Status) -> Iterator[tuple[int, Given]]:
    who = answer.completed_by.pseudonym if answer.completed_by else None
    if who is not None:
        created, updated = _time(answer.created_at), _time(answer.updated_at)
        yield answer.id, Given(unit, who, status, created, updated or created, answer.lead_time)


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
