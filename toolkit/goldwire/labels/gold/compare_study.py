"""The methods against the rulings of a study: the questions, and what was marked."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from goldwire.labels.ballots import Recode
from goldwire.labels.gold.compare import DISPUTED, Disputed, compare_questions, nothing_ruled
from goldwire.labels.gold.compare_spans import compare_spans
from goldwire.scheme import Scheme


def compare_study(
    votes: pa.Table,
    vote_mentions: pa.Table,
    vote_relations: pa.Table,
    schemes: Mapping[str, Scheme],
    recode: Recode,
    clusters: Mapping[str, str],
    disputed: Disputed,
    *,
    seed: int = 0,
    resamples: int = 1000,
    level: float = 0.95,
) -> dict[str, Any]:
    """Score every method against the rulings.

    Parameters
    ----------
    votes, vote_mentions, vote_relations : pa.Table
        With the rulings.
    schemes, recode, clusters, disputed, seed, resamples, level
        See `goldwire.labels.gold.compare.compare`.

    Returns
    -------
    dict
        That of `compare`, with "mentions" and "relations" of `compare_spans`.

    Raises
    ------
    GoldwireError
        When nothing that was in dispute has both a ruling and votes.
    """
    bootstrap: dict[str, Any] = {"seed": seed, "resamples": resamples, "level": level}
    questions = compare_questions(votes, schemes, recode, clusters, disputed=disputed, **bootstrap)
    marked = compare_spans(
        votes, vote_mentions, vote_relations, schemes, recode, clusters, disputed=disputed, **bootstrap
    )
    layers = [one for several in marked.values() for one in several.values()]
    if not questions and not any(one["of"] == "disputed" for one in layers):
        raise nothing_ruled(disputed)
    return {"warning": DISPUTED, "seed": seed, "questions": questions, **marked}
