"""How well annotators agree: from votes to figures with intervals over stories.

In: the votes table, or a plain file with one answer a row. Out: a dictionary, which is labels/tables/agreement.json
and what ``goldwire labels agreement --json`` prints.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.labels.agreement import scales
from goldwire.labels.agreement.question import figures_of
from goldwire.labels.answers import Answers
from goldwire.labels.ballots import Duplicates, Recode, of_votes
from goldwire.labels.plain_answers import is_votes, plain_answers
from goldwire.labels.recode import by_scheme
from goldwire.scheme import Scheme


def agreement(
    votes: pa.Table,
    *,
    unit: str | None = None,
    annotator: str | None = None,
    label: str | None = None,
    clusters: Mapping[str, str] | None = None,
    schemes: Mapping[str, Scheme] | None = None,
    recode: Recode | Mapping[str, str] | None = None,
    duplicates: Duplicates | None = None,
    distance: str | None = None,
    order: Sequence[str] | None = None,
    pairs: bool | None = None,
    breakdowns: Callable[[Answers], dict[str, Any]] | None = None,
    resamples: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> dict[str, Any]:
    """Return the agreement on one question, or on each of several.

    Parameters
    ----------
    votes : pa.Table
        The votes table, of which the rows that count are used; or any table with one answer a row.
    unit, annotator, label : str, optional
        Columns of a plain table, by default unit_id or task, annotator or worker, label. Naming any of them makes
        the table a plain one.
    clusters : mapping, optional
        unit -> story (see `goldwire.labels.clusters`): what is drawn for the intervals. A unit that is not in it
        is its own.
    schemes : mapping, optional
        The schemes of the votes, by name: which labels there are, in which order, and which mean "unsure".
    recode : mapping, optional
        Of the votes table, scheme -> question -> old label -> new label, applied first. Of a plain table, old label
        -> new label; an answer with a label that is neither is unknown, and left out.
    duplicates : "first", "last" or "error", optional
        In a plain table, which answer counts when an annotator answered a unit twice; "error" and None refuse.
    distance : str, optional
        Of alpha, AC2 and (for sets) observed agreement: nominal, ordinal, interval, masi or tree. None is nominal
        where an answer is one label, masi where it is several, tree for a tree, ordinal for an ordinal question.
        Several questions have it where it applies.
    order : sequence of str, optional
        The labels of a plain table, the lowest first, for ordinal and interval; without it they are numbers.
    pairs : bool, optional
        Whether every two annotators are compared; None: with up to 30 of them.
    breakdowns : callable, optional
        Gives more entries of a question's result.
    resamples, seed, level
        Of the bootstrap; see `goldwire.stats.resample`.

    Returns
    -------
    dict
        For one question:

        - units (with an answer), units_with_two, annotators, votes (answers without the unsure), unsure, ties
          (units where majority decides nothing or leaves a label out for a tie), clusters
        - distance, alpha ``{"value", "low", "high"}``, and alphas, with every distance that applies
        - observed, kappa (Fleiss', or Cohen's for two annotators), ac1, ac2, and intervals of the four. They count a
          unit with two answers or more once, and alpha by its number of answers, as their papers do. To kappa and
          AC1 answers are the same or not: a set is one category, and of sets those that were given are all there are
        - per_label: alpha against the rest, positive_agreement, votes; in a tree a label counts for those above it
        - per_annotator: agreement with the others' answers, interval, n of their answers that others answered too,
          votes
        - pairs: a, b, n units that both answered, observed (the share of them with equal answers), kappa (Cohen's)
          and weighted_kappa (quadratic) where labels have an order, each with its interval; pairs_left_out is how
          many are not listed
        - why (the reason of each of the four that is null), outside_scheme (labels), recoded (old label -> to, n
          rows) and unknown (label -> rows) of a plain table

        A figure is null where it is not defined, and "why" beside it says so. For several questions:
        ``{"questions": {NAME: the same}}``, NAME being ``scheme.question`` when there are several schemes.

    Raises
    ------
    GoldwireError
        When there are no answers at all, a column is missing or has gaps, an annotator answered a unit twice, or
        the labels do not have the distance.
    """
    more: dict[str, Any] = {}
    if not is_votes(votes, unit, annotator, label):
        plain = plain_answers(votes, unit, annotator, label, duplicates, recode)
        found, more, hint = plain.answers, plain.recoding, plain.hint
        if found.labels and (order is not None or distance in ("ordinal", "interval")):
            found, distance = scales.ordered(found, order), distance or "ordinal"
        answers = [found]
    else:
        hint = "Pull and fold first: goldwire labels pull ROUND, then goldwire labels build"
        if order is not None:
            raise GoldwireError("the order of labels stands in the scheme of the votes", hint="Leave out --order.")
        answers = [one for one in of_votes(votes, schemes or {}, by_scheme(recode)) if one.type != "text"]
    if not any(len(one.unit) or one.unsure for one in answers):
        what = f"there is no answer in these {votes.num_rows} rows" if votes.num_rows else "there are no votes"
        raise GoldwireError(what, hint=hint)
    results = [
        {
            **figures_of(one, clusters or {}, resamples, seed, level, distance=own, pairs=pairs),
            **more,
            **(breakdowns(one) if breakdowns else {}),
        }
        for one, own in zip(answers, scales.each(answers, distance), strict=True)
    ]
    if len(results) == 1:
        return results[0]
    several = len({one.scheme for one in answers}) > 1
    keys = [f"{one.scheme}.{one.question}" if several else one.question for one in answers]
    return {"questions": dict(zip(keys, results, strict=True))}
