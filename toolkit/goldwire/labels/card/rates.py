"""Shares of labels in the corpus, for the dataset card, where the labelled articles are a sample of it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from goldwire.stats.survey import rates

EMPTY = "*none of them*"  # in Markdown, so that no label of a scheme is called so
UNRESOLVED = "*unresolved*"


def in_corpus(
    labels: Sequence[Collection[str]],
    rows: Sequence[Mapping[str, Any]],
    stories: Mapping[str, str | None],
    names: Sequence[str],
    level: float,
) -> dict[str, str] | None:
    """Return the estimated share of each label in the corpus, as ``0.123 [0.100, 0.150]``.

    The shares are of all units with gold, those without a label and the unresolved ones among them.

    Parameters
    ----------
    labels : sequence of collections of str
        Of each unit; `EMPTY` or `UNRESOLVED` where it has none.
    rows : sequence of mapping
        article_id and probability of each unit; where no probability is known, the unit counts for itself.
    stories : mapping
        article_id to story_id: the clusters of the intervals.
    names : sequence of str
        The labels to estimate.
    level : float
        Of the intervals.

    Returns
    -------
    dict or None
        Labels, `EMPTY` and `UNRESOLVED` to their shares. None where no unit was sampled: every probability is 1.
    """
    probabilities = [1.0 if row["probability"] is None else row["probability"] for row in rows]
    if all(probability == 1 for probability in probabilities):
        return None
    clusters = [stories.get(row["article_id"]) or row["article_id"] for row in rows]
    wanted = [*names, EMPTY, UNRESOLVED]
    found = rates(labels, probabilities, names=wanted, clusters=clusters, level=level)
    return {
        name: f"{share.value:.3f}" + ("" if share.low is None else f" [{share.low:.3f}, {share.high:.3f}]")
        for name, share in found.items()
    }
