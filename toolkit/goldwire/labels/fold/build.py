"""Fold: from the latest state of every task on the server to units, votes, vote_mentions and vote_relations."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

import pyarrow as pa
import pyarrow.compute as pc

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels import rounds
from goldwire.labels.fold import typed
from goldwire.labels.fold import units as round_units
from goldwire.labels.fold.batches import Batch
from goldwire.labels.fold.columns import Repeats, sorted_tables
from goldwire.labels.fold.latest import latest
from goldwire.labels.fold.rows import Problem, Row, of_round
from goldwire.labels.fold.units import Texts
from goldwire.labels.foreign import tasks as foreign_tasks
from goldwire.labels.foreign.adopt import follow
from goldwire.labels.migrate.chain import schemes_of_round
from goldwire.labels.rounds import Round
from goldwire.scheme import Scheme
from goldwire.study import Study

__all__ = ["Folded", "Problem", "build_tables", "fold", "rows_of"]


@dataclass(frozen=True)
class Folded:
    """The tables `units`, `votes`, `vote_mentions` and `vote_relations`, and what has no place in them."""

    units: pa.Table
    votes: pa.Table
    mentions: pa.Table
    relations: pa.Table
    problems: list[Problem]


def fold(
    state: Iterable[Row], round_: Round, scheme: Scheme, tasks: Iterable[Row], articles: Mapping[str, str]
) -> Folded:
    """Fold one round.

    A submitted annotation is a row of votes for each question of the scheme; where a question was left empty, with
    no labels. So is a skipped one, always without labels. What has gone from the server stays, as deleted.

    Parameters
    ----------
    state : iterable of dict
        The latest state of each task, as a part has it, folded by `goldwire.labels.parts.state`.
    round_, scheme : Round, Scheme
    tasks : iterable of dict
        The round's tasks.jsonl: `meta` is the unit.
    articles : mapping
        article_id to text.

    Returns
    -------
    Folded
        `counts` marks the latest submitted answer of each annotator to each unit. `annotation_id` is the server's
        (``draft-7`` for a draft); mention_id is ``<annotation_id>/<region>``; relation_id is
        ``<annotation_id>/<from>-<to>/<label>``; the question of a relation is "relation".

    Raises
    ------
    GoldwireError
        When an annotation has what its page cannot send; see `goldwire.labels.fold.results.read`. The message names
        round, task, annotation and span.
    """
    units = {round_.round: [task["meta"] for task in tasks]}
    found = (typed.of(task) for task in state)
    batches, problems = of_round(found, round_, scheme, _by_id(units[round_.round]), articles)
    return _finish(batches, units, {round_.round: scheme}, problems)


def build_tables(study: Study) -> tuple[dict[str, pa.Table], list[Problem]]:
    """Fold all rounds of a study.

    Returns
    -------
    tuple
        `units`, `votes`, `vote_mentions` and `vote_relations` by name, and what has no place in them.

    Raises
    ------
    GoldwireError
        When there is no round, a round's scheme has changed, an annotation has what its page cannot send, or
        gold.repeats of params.yaml is "error" and an annotator answered a unit twice.
    """
    folders = rounds.listing(study.rounds)
    if not folders:
        raise GoldwireError(
            "there is no round to fold",
            where=str(study.rounds),
            hint="Make one with: goldwire labels tasks ROUND --scheme NAME",
        )
    batches: list[Batch] = []
    problems: list[Problem] = []
    units: dict[str, list[Row]] = {}
    schemes: dict[str, Scheme] = {}
    for folder in folders:
        follow(study, folder.name)
        round_ = rounds.read(folder)
        schemes[round_.round] = rounds.scheme_of(study, round_)
        units[round_.round] = round_units.read(folder)
    articles = Texts(study, {unit["article_id"] for listed in units.values() for unit in listed})
    for folder in folders:
        round_ = rounds.read(folder)
        for found in rows_of(study, round_, schemes[round_.round], _by_id(units[round_.round]), articles):
            batches += found[0]
            problems += found[1]
    made = _finish(batches, units, schemes, problems, study.params().gold.repeats)
    named = {
        "units": made.units,
        "votes": made.votes,
        "vote_mentions": made.mentions,
        "vote_relations": made.relations,
    }
    return named, made.problems


def rows_of(
    study: Study,
    round_: Round,
    scheme: Scheme,
    units: Mapping[str, Row],
    articles: Mapping[str, str],
    upto: int | None = None,
) -> Iterator[tuple[list[Batch], list[Problem]]]:
    """Yield the rows of a round, and what has no place in them; `units` are the round's, by unit_id.

    A round that was migrated in place is read in pieces, one for each version of its scheme. `upto` is the
    number of a part: the rows are as they were when it had been pulled.
    """
    pulls = study.rounds / round_.round / "pulls"
    if foreign := foreign_tasks.of_round(study, round_, scheme, articles):
        yield of_round(latest(pulls, foreign.task, upto=upto), round_, scheme, units, articles, foreign.remarks)
        yield [], [Problem(round_.round, 0, "", note) for note in foreign.notes()]
        return
    versions = schemes_of_round(study, round_.round)
    for hash_, version in versions.items():
        state = latest(pulls, scheme_hash=hash_ if len(versions) > 1 else None, upto=upto)
        yield of_round(state, round_, version, units, articles)


def _finish(
    batches: Sequence[Batch],
    units: Mapping[str, Sequence[Row]],
    schemes: Mapping[str, Scheme],
    problems: list[Problem],
    repeats: Repeats = "last",
) -> Folded:
    """Put the rounds together, in order, and mark the answers that count."""
    made = sorted_tables(batches, repeats)
    _check_ids(made["vote_mentions"])
    every, more = round_units.together(units, schemes)
    return Folded(
        tables.build("units", (every[unit_id] for unit_id in sorted(every))),
        made["votes"],
        made["vote_mentions"],
        made["vote_relations"],
        sorted([*problems, *more]),
    )


def _by_id(units: Sequence[Row]) -> dict[str, Row]:
    return {unit["unit_id"]: unit for unit in units}


def _check_ids(mentions: pa.Table) -> None:
    """Raise when two rounds have the same span."""
    if pc.count_distinct(mentions["round"]).as_py() < 2 or not (
        mentions.num_rows - pc.count_distinct(mentions["mention_id"]).as_py()
    ):
        return
    seen: dict[str, str] = {}
    pairs = zip(mentions["mention_id"].to_pylist(), mentions["round"].to_pylist(), strict=True)
    for mention_id, name in sorted(pairs, key=itemgetter(1)):
        other = seen.setdefault(mention_id, name)
        if other != name:
            raise GoldwireError(
                f"span {mention_id} is in two rounds, {other} and {name}: they come from different "
                "servers, which gave the same ids",
                hint="Keep rounds of different servers in different studies.",
            )
