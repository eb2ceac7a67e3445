"""Which way of deciding comes closest to what is known: to the adjudicators' rulings, or to a column of a plain file.

Every method decides every unit from the votes alone; then the units with a known answer are looked at. What a method
leaves unresolved is wrong; `right_if_drawn` has a tie right as often as drawing lots would.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, get_args

import numpy as np
import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.labels.answers import Answers
from goldwire.labels.ballots import Duplicates, Recode, of_frame, of_votes
from goldwire.labels.clusters import stories_of
from goldwire.labels.decide import EQUAL, SHOWN, Decisions, decide
from goldwire.labels.estimate import Method
from goldwire.labels.gold.rulings import rulings
from goldwire.labels.tally import deepest
from goldwire.scheme import Scheme
from goldwire.stats import kappa
from goldwire.stats.draws import Array
from goldwire.stats.resample import Estimator, ratio, resample_each, together

DISPUTED = (
    "These units went to adjudication because they were in dispute: the figures say which method settles disputes "
    "best, not how often it is right overall."
)
_SETS = "an answer is a set"

Known = Mapping[str, tuple[str, ...]]
Disputed = Collection[tuple[str, str, str | None]]
"""Scheme, unit, and question, mention layer or "relation"; None is every question about the unit."""


def compare(
    votes: pa.Table,
    schemes: Mapping[str, Scheme],
    recode: Recode | None = None,
    clusters: Mapping[str, str] | None = None,
    *,
    disputed: Disputed | None = None,
    seed: int = 0,
    resamples: int = 1000,
    level: float = 0.95,
) -> dict[str, Any]:
    """Score every method against the rulings of adjudicators, question by question.

    Parameters
    ----------
    votes : pa.Table
        With the rulings; text questions are left out.
    schemes, recode
        See `goldwire.labels.gold.merge.gold`.
    clusters : mapping, optional
        unit -> story; a unit that is not in it is its own.
    disputed : collection of tuple, optional
        What was in dispute; see `goldwire.labels.adjudicate.kept.disputed`. Only that is looked at: adjudicators
        begin from what is agreed, so what they left would always speak for the majority. Without it, every question
        of a ruled unit.
    seed : int
        Of the methods, and of the bootstrap.
    resamples, level
        See `goldwire.stats.resample`.

    Returns
    -------
    dict
        ``{"warning", "seed", "questions": {NAME: {...}}}``, NAME being ``scheme.question``; of each question n (units
        with a ruling and an answer, in dispute where that is known), clusters, and of each method:

        - right ``{"value", "low", "high"}``, and right_if_drawn: the same, with 1/k for a tie of k labels of which
          the known one is one; of questions that take one label only
        - unresolved, a share
        - kappa with the ruling (Cohen's), "unresolved" being an answer of its own
        - posterior: the mean of what the method gives the ruled label (each ruled label), by majority its share of
          the votes; log_loss, natural, no probability below `decide.SHOWN`; of questions that take one label only

        What is not defined is null, and "why" says the reason.

    Raises
    ------
    GoldwireError
        When there is no ruling on a unit that has votes.
    """
    found = compare_questions(
        votes, schemes, recode, clusters, disputed=disputed, seed=seed, resamples=resamples, level=level
    )
    if not found:
        raise nothing_ruled(disputed)
    return {"warning": DISPUTED, "seed": seed, "questions": found}


def compare_questions(
    votes: pa.Table,
    schemes: Mapping[str, Scheme],
    recode: Recode | None,
    clusters: Mapping[str, str] | None,
    *,
    disputed: Disputed | None,
    seed: int,
    resamples: int,
    level: float,
) -> dict[str, Any]:
    """Return the "questions" of `compare`, which may be none."""
    import pyarrow.compute as pc

    ruled = rulings(votes)
    if ruled.num_rows:
        place = ruled.column_names.index("counts")
        ruled = ruled.set_column(place, "counts", pc.is_valid(ruled["unit_id"]))
    recode = recode or {}
    known = {(one.scheme, one.question): _known(one) for one in of_votes(ruled, schemes, recode)}
    questions = {}
    for answers in of_votes(votes, schemes, recode):
        found = _in_dispute(known.get((answers.scheme, answers.question), {}), answers, disputed)
        sure = {unit for unit, size in zip(answers.units, answers.size.tolist(), strict=True) if size}
        if answers.type != "text" and sure & found.keys():
            name = f"{answers.scheme}.{answers.question}"
            questions[name] = _compared(answers, found, clusters or {}, seed, resamples, level)
    return questions


def nothing_ruled(disputed: Disputed | None) -> GoldwireError:
    """Return the error that there is nothing to compare with."""
    what = "a unit that has votes" if disputed is None else "anything that was in dispute and has votes"
    return GoldwireError(
        f"there is no ruling on {what}", hint="Have disputes settled first, with: goldwire labels adjudicate"
    )


def _in_dispute(known: Known, answers: Answers, disputed: Disputed | None) -> Known:
    if disputed is None:
        return known
    scheme, question = answers.scheme, answers.question
    return {
        unit: said
        for unit, said in known.items()
        if (scheme, unit, question) in disputed or (scheme, unit, None) in disputed
    }


def compare_frame(
    table: pa.Table,
    unit: str,
    annotator: str,
    label: str,
    gold: str,
    duplicates: Duplicates | None = None,
    *,
    seed: int = 0,
    resamples: int = 1000,
    level: float = 0.95,
) -> dict[str, Any]:
    """Score every method against a column of a plain table that holds what is true of the unit.

    Parameters
    ----------
    table, unit, annotator, label, duplicates
        See `goldwire.labels.ballots.of_frame`.
    gold : str
        The column; units of which it is empty are left out.
    seed, resamples, level
        As in `compare`.

    Returns
    -------
    dict
        ``{"seed", "n", "clusters", "methods"}``; see `compare`. A unit is its own cluster.

    Raises
    ------
    GoldwireError
        When a column is missing, a unit has two values in `gold`, or no unit with an answer has one.
    """
    answers = of_frame(table, unit, annotator, label, duplicates)
    if not answers.takes_one:
        raise GoldwireError(f'column "{label}" holds lists of labels', hint="Give a table with one label a row.")
    if gold not in table.column_names:
        raise GoldwireError(f'there is no column "{gold}"', hint=f"The columns are: {', '.join(table.column_names)}")
    texts = (table[column].cast(pa.string()).to_pylist() for column in (unit, gold))
    known: dict[str, tuple[str, ...]] = {}
    for name, value in zip(*texts, strict=True):
        if value and known.setdefault(name, (value,)) != (value,):
            raise GoldwireError(
                f'{name} is both "{known[name][0]}" and "{value}" in column "{gold}"',
                hint="A unit has one value in every row, or none.",
            )
    if not known.keys() & set(answers.units):
        raise GoldwireError(
            f'no unit with an answer has a value in column "{gold}"',
            hint="Name the column that has: --gold-column COL",
        )
    return {"seed": seed, **_compared(answers, known, {}, seed, resamples, level)}


def _known(answers: Answers) -> Known:
    """Return the answer to each unit, of answers with one a unit."""
    said = [tuple(deepest(one)) if answers.type == "tree" else one for one in answers.sets]
    return {answers.units[u]: said[a] for u, a in zip(answers.unit.tolist(), answers.answer.tolist(), strict=True)}


def _compared(
    answers: Answers, known: Known, clusters: Mapping[str, str], seed: int, resamples: int, level: float
) -> dict[str, Any]:
    rows = [i for i, unit in enumerate(answers.units) if unit in known and answers.size[i]]
    truth = [known[answers.units[i]] for i in rows]
    groups = stories_of([answers.units[i] for i in rows], clusters)
    methods = {}
    for method in get_args(Method):
        decisions = decide(answers, method=method, seed=seed)
        estimator = together([_shares(decisions, rows, truth, answers.takes_one), _agreement(decisions, rows, truth)])
        figures = resample_each(
            groups, estimator.statistics, estimator.function, resamples=resamples, seed=seed, level=level
        )
        right, drawn, unresolved, posterior, log_loss, _, beyond = (one.as_dict() for one in figures)
        if not answers.takes_one:
            drawn = log_loss = {"value": None, "low": None, "high": None, "why": _SETS}
        methods[method] = {
            "right": right,
            "right_if_drawn": drawn,
            "unresolved": unresolved,
            "kappa": beyond,
            "posterior": posterior,
            "log_loss": log_loss,
        }
    return {"n": len(rows), "clusters": len(set(groups)), "methods": methods}


def _shares(
    decisions: Decisions, rows: Sequence[int], truth: Sequence[tuple[str, ...]], takes_one: bool
) -> Estimator:
    """Return right, right if ties are drawn, unresolved, the probability of the known labels, and the log loss."""
    statistics = np.zeros((len(rows), 6))
    chances = decisions.posterior if decisions.fit else decisions.shares
    for row, (i, labels) in enumerate(zip(rows, truth, strict=True)):
        chance = dict(chances[i])
        open_ = decisions.decided_by[i] == "unresolved"
        right = not open_ and tuple(decisions.labels[i]) == labels
        given = [chance.get(label, 0.0) for label in labels]
        drawn, loss = float(right), 0.0
        if takes_one:
            if open_ and given[0] >= max(chance.values()) - EQUAL:
                drawn = 1 / sum(share >= max(chance.values()) - EQUAL for share in chance.values())
            loss = -float(np.log(max(given[0], SHOWN)))
        statistics[row] = right, drawn, open_, sum(given), len(given), loss

    def function(sums: Array) -> Array:
        n, asked = sums[:, 0], sums[:, 5]
        means = [ratio(sums[:, column], n) for column in (1, 2, 3)]
        return np.column_stack([*means, ratio(sums[:, 4], asked), ratio(sums[:, 6], n)])

    return Estimator(np.column_stack([np.ones(len(rows)), statistics]), function)


def _agreement(decisions: Decisions, rows: Sequence[int], truth: Sequence[tuple[str, ...]]) -> Estimator:
    """Return the observed agreement and Cohen's kappa; what is unresolved is an answer that is never known."""
    codes: dict[tuple[str, ...] | None, int] = {None: 0}
    given = [None if decisions.decided_by[i] == "unresolved" else tuple(decisions.labels[i]) for i in rows]
    first, second = (
        np.array([codes.setdefault(one, len(codes)) for one in listed], dtype=np.int64) for listed in (given, truth)
    )
    return kappa.cohen(first, second)
