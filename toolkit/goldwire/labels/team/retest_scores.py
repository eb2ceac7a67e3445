"""Test-retest: how well annotators agree with themselves, from a round and the round that asks it again.

Krippendorff, 2019, Content Analysis, 4th edition, chapter 12, calls it stability.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from goldwire.labels.agreement.figure import DIGITS
from goldwire.labels.agreement.measure import agreement
from goldwire.labels.answers import Answers, Codes
from goldwire.labels.ballots import of_votes
from goldwire.labels.clusters import stories_of
from goldwire.labels.rounds import Round
from goldwire.scheme import Scheme
from goldwire.stats.resample import Array, Interval, ratio, resample

_WANTED = ("unit_id", "annotator", "question", "labels", "value", "annotation_id", "created", "updated")
_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("scheme", "unit_id", "annotator", "question")),
        ("labels", pa.list_(pa.string())),
        ("value", pa.string()),
        ("counts", pa.bool_()),
    ]
)
_Rows = dict[tuple[str, str], list[dict[str, Any]]]


def retest_agreement(
    votes: pa.Table,
    round_: Round,
    scheme: Scheme,
    *,
    clusters: Mapping[str, str] | None = None,
    resamples: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> list[dict[str, Any]]:
    """Return the agreement between the first and the second answer of the same annotator.

    Parameters
    ----------
    votes : pa.Table
        `votes` with the rows of both rounds. Of each round, the latest submitted answer of an annotator to a unit is
        used, whatever `counts` says.
    round_ : Round
        The round that asked again: its `retest_of` names the first one.
    scheme : Scheme
        The scheme of both.
    clusters : mapping, optional
        unit -> story (see `goldwire.labels.clusters.clusters_of`): what is drawn for the intervals.
    resamples, seed, level
        Of the bootstrap; see `goldwire.stats.resample`.

    Returns
    -------
    list of dict
        One for each annotator and question, by annotator, then for all of them together (`annotator` None), in the
        scheme's order; free text is left out. annotator, question, units (answered both times, neither time unsure;
        for all together: summed over annotators), unsure (answers, first or second), same (units with equal answers),
        agreement ``{"value", "low", "high"}`` (same / units), alpha (the same; by MASI where an answer is a set),
        kappa (Cohen's, where a set is one category: the same or not; null where all answers are the same).
    """
    second = _latest(votes, round_.round)
    first = _latest(votes.filter(pc.is_in(votes["unit_id"], _texts({unit for unit, _ in second}))), round_.retest_of)
    both = sorted(first.keys() & second.keys())
    who = sorted({annotator for _, annotator in both})
    bootstrap = {"resamples": resamples, "seed": seed, "level": level}
    found = []
    for annotator in [*who, None] if len(who) > 1 else who:
        pairs = [pair for pair in both if annotator in (pair[1], None)]
        table = pa.Table.from_pylist(list(_rows(pairs, first, second, scheme)), _SCHEMA)
        stories = {_key(*pair): story for pair in pairs if (story := (clusters or {}).get(pair[0]))}
        found += [{"annotator": annotator, **row} for row in _measured(table, scheme, stories, bootstrap)]
    return found


def _latest(votes: pa.Table, name: str | None) -> _Rows:
    """Return the rows of the latest submitted answer in a round: (unit, annotator) -> rows."""
    wanted = pc.and_(pc.equal(votes["round"], name or ""), pc.equal(votes["status"], "submitted"))
    given: dict[tuple[str, str], dict[str, list[dict[str, Any]]]] = {}
    for row in votes.filter(wanted).select(_WANTED).to_pylist():
        answers = given.setdefault((row["unit_id"], row["annotator"]), {})
        answers.setdefault(row["annotation_id"], []).append(row)
    return {pair: max(answers.values(), key=_when) for pair, answers in given.items()}


def _when(rows: list[dict[str, Any]]) -> tuple[float, int]:
    seen = rows[0]["updated"] or rows[0]["created"]
    return (seen.timestamp() if seen else 0.0), int(rows[0]["annotation_id"])


def _rows(pairs: list[tuple[str, str]], first: _Rows, second: _Rows, scheme: Scheme) -> Iterator[dict[str, Any]]:
    """Yield the answers as if the first and the second time were two annotators."""
    for pair in pairs:
        for time, rows in (("first", first[pair]), ("second", second[pair])):
            for row in rows:
                kept = {name: row[name] for name in ("question", "labels", "value")}
                yield {**kept, "scheme": scheme.name, "unit_id": _key(*pair), "annotator": time, "counts": True}


def _measured(
    table: pa.Table, scheme: Scheme, stories: Mapping[str, str], bootstrap: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    schemes = {scheme.name: scheme}
    asked = [answers for answers in of_votes(table, schemes, {}) if answers.type != "text"]
    if not any(len(answers.unit) or answers.unsure for answers in asked):
        return
    figures = agreement(table, clusters=stories, schemes=schemes, **bootstrap)
    by_name = figures.get("questions", {asked[0].question: figures})
    for answers in asked:
        figure = by_name[answers.question]
        same, groups = _compared(answers, stories)
        never = Interval(None, why="no unit was answered both times")
        share = resample(groups, np.column_stack([same, np.ones(len(same))]), _share, **bootstrap) if same else never
        yield {
            "question": answers.question,
            "units": len(same),
            "unsure": answers.unsure,
            "same": sum(same),
            "agreement": share.as_dict(DIGITS),
            "alpha": figure["alpha"] if same else never.as_dict(DIGITS),
            "kappa": figure["kappa"],
        }


def _share(sums: Array) -> Array:
    return ratio(sums[:, 0], sums[:, 1])


def _compared(answers: Answers, stories: Mapping[str, str]) -> tuple[list[bool], Codes]:
    """Return, for each unit answered twice, whether the answers are the same, and its story."""
    twice = answers.size[answers.unit] == 2
    unit, answer = answers.unit[twice], answers.answer[twice]
    same: list[bool] = (answer[::2] == answer[1::2]).tolist()
    names = [answers.units[number] for number in unit[::2]]
    return same, stories_of(names, stories)


def _key(unit: str, annotator: str) -> str:
    """One unit of one annotator: each has answered it twice."""
    return f"{unit}\0{annotator}"


def _texts(values: set[str]) -> pa.Array:
    return pa.array(sorted(values), pa.string())
