"""Fold: from the latest state of every task on the server to units, votes, vote_mentions and vote_relations."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels import rounds
from goldwire.labels.round_rows import Problem, Row, Rows, of_round
from goldwire.labels.rounds import Round
from goldwire.scheme import Scheme
from goldwire.study import Study

__all__ = ["Folded", "Problem", "build_tables", "fold"]

_NEVER = (datetime.min.replace(tzinfo=UTC), -1, "")


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
        The latest state of each task, as `goldwire.labels.parts.state` gives it.
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
        When an annotation has what its page cannot send; see `goldwire.labels.results.read`. The message names
        round, task, annotation and span.
    """
    return _finish([of_round(state, round_, scheme, tasks, articles)], {round_.round: scheme})


def build_tables(study: Study) -> tuple[dict[str, pa.Table], list[Problem]]:
    """Fold all rounds of a study.

    Returns
    -------
    tuple
        `units`, `votes`, `vote_mentions` and `vote_relations` by name, and what has no place in them.

    Raises
    ------
    GoldwireError
        When there is no round, a round's scheme has changed, or an annotation has what its page cannot send.
    """
    folders = rounds.listing(study.rounds)
    if not folders:
        raise GoldwireError(
            "there is no round to fold",
            where=str(study.rounds),
            hint="Make one with: goldwire labels tasks ROUND --scheme NAME",
        )
    table = study.read("articles").select(["article_id", "text"])
    articles = dict(zip(table["article_id"].to_pylist(), table["text"].to_pylist(), strict=True))
    folded, schemes = [], {}
    for folder in folders:
        round_ = rounds.read(folder)
        schemes[round_.round] = rounds.scheme_of(study, round_)
        folded.append(of_round(_state(folder), round_, schemes[round_.round], rounds.tasks(folder), articles))
    made = _finish(folded, schemes)
    named = {
        "units": made.units,
        "votes": made.votes,
        "vote_mentions": made.mentions,
        "vote_relations": made.relations,
    }
    return named, made.problems


def _state(folder: Path) -> list[Row]:
    """Return the latest state of every task of a round, from its pulled parts."""
    from goldwire.labels import parts

    return list(parts.state(parts.read(path) for path in parts.listing(folder / "pulls")).values())


def _finish(folded: Sequence[Rows], schemes: Mapping[str, Scheme]) -> Folded:
    """Put the rounds together, in order, and mark the answers that count."""
    units, problems = _units(folded, schemes)
    problems += [problem for rows in folded for problem in rows.problems]
    votes = [row for rows in folded for row in rows.votes]
    mentions = [row for rows in folded for row in rows.mentions]
    relations = [row for rows in folded for row in rows.relations]
    _check_ids(mentions)
    latest = _latest([*votes, *mentions])
    for row in (*votes, *mentions, *relations):
        row["counts"] = latest.get(_asked(row)) == _annotation(row)
    order = {(name, q.name): i for name, scheme in schemes.items() for i, q in enumerate(scheme.questions)}
    votes.sort(key=lambda row: (*_key(row), order[row["round"], row["question"]]))
    mentions.sort(key=lambda row: (*_key(row), row["start"], row["end"], row["mention_id"]))
    relations.sort(key=lambda row: (*_key(row), row["relation_id"]))
    return Folded(
        tables.build("units", (units[unit_id] for unit_id in sorted(units))),
        tables.build("votes", votes),
        tables.build("vote_mentions", mentions),
        tables.build("vote_relations", relations),
        sorted(problems),
    )


def _units(folded: Sequence[Rows], schemes: Mapping[str, Scheme]) -> tuple[dict[str, Row], list[Problem]]:
    """Return the units of all rounds, by id, each with the largest of its probabilities, and what does not agree.

    Rounds of one scheme are taken to be nested samples (one seed, a larger n), together as good as the largest of
    them: what it drew was in with its probability, which is the larger one, whether or not a smaller sample had it
    too. The random numbers of articles are permanent, so the same holds, nearly, where the corpus grew between two.
    """
    units: dict[str, Row] = {}
    problems = []
    drawn: dict[str, dict[str, float]] = defaultdict(dict)  # unit, scheme
    for rows, (name, scheme) in zip(folded, schemes.items(), strict=True):
        for unit in rows.units:
            before = units.setdefault(unit["unit_id"], unit)
            if before["content_hash"] != unit["content_hash"]:
                message = f"it has unit {unit['unit_id']} with another text than an earlier round"
                problems.append(Problem(name, 0, "", message))
            if (probability := unit.get("probability")) is not None:
                found = drawn[unit["unit_id"]]
                found[scheme.name] = max(probability, found.get(scheme.name, 0.0))
    for unit_id, found in drawn.items():
        units[unit_id] = {**units[unit_id], "probability": max(found.values())}
    for rows, (name, scheme) in zip(folded, schemes.items(), strict=True):
        chances = (drawn[unit["unit_id"]] for unit in rows.units if unit["unit_id"] in drawn)
        if less := sum(found.get(scheme.name, 1.0) < max(found.values()) for found in chances):
            message = (
                f"{less} of its units have a larger probability in a round of another scheme, and that one stands in "
                f"the tables: shares in the corpus can be wrong for {scheme.name}; a study for each would keep both"
            )
            problems.append(Problem(name, 0, "", message))
    return units, problems


def _latest(rows: Iterable[Row]) -> dict[tuple[str, ...], tuple[Any, ...]]:
    """Return each annotator's last submitted annotation of each unit; of two in one moment, the higher id."""
    latest: dict[tuple[str, ...], tuple[Any, ...]] = {}
    for row in rows:
        if row["status"] == "submitted":
            latest[_asked(row)] = max(latest.get(_asked(row), _NEVER), _annotation(row))
    return latest


def _asked(row: Row) -> tuple[str, ...]:
    return row["annotator"], row["scheme"], row["unit_id"]


def _annotation(row: Row) -> tuple[Any, ...]:
    return row["updated"] or row["created"] or _NEVER[0], _number(row), row["round"]


def _number(row: Row) -> int:
    return int(row["annotation_id"].removeprefix("draft-"))


def _key(row: Row) -> tuple[Any, ...]:
    return row["scheme"], row["unit_id"], row["annotator"], row["round"], _number(row), row["annotation_id"]


def _check_ids(mentions: Iterable[Row]) -> None:
    seen: dict[str, str] = {}
    for row in mentions:
        other = seen.setdefault(row["mention_id"], row["round"])
        if other != row["round"]:
            raise GoldwireError(
                f"span {row['mention_id']} is in two rounds, {other} and {row['round']}: they come from different "
                "servers, which gave the same ids",
                hint="Keep rounds of different servers in different studies.",
            )
