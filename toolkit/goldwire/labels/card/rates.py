"""Shares of labels in the corpus, for the dataset card, where the labelled articles are a sample of it."""

from collections.abc import Callable, Collection, Sequence

import pyarrow as pa

from goldwire.stats.survey import rates

EMPTY = "*none of them*"  # in Markdown, so that no label of a scheme is called so
UNRESOLVED = "*unresolved*"


def in_corpus(
    labels: Callable[[], Sequence[Collection[str]]],
    rows: pa.Table,
    articles: pa.Table,
    names: Sequence[str],
    level: float,
) -> dict[str, str] | None:
    """Return the estimated share of each label in the corpus, as ``0.123 [0.100, 0.150]``.

    The shares are of all units with gold, those without a label and the unresolved ones among them.

    Parameters
    ----------
    labels : callable
        Returns the labels of each unit: `EMPTY` or `UNRESOLVED` where it has none. Called only for a sample.
    rows : pa.Table
        article_id and probability of each unit; where no probability is known, the unit counts for itself.
    articles : pa.Table
        article_id and story_id: stories are the clusters of the intervals.
    names : sequence of str
        The labels to estimate.
    level : float
        Of the intervals.

    Returns
    -------
    dict or None
        Labels, `EMPTY` and `UNRESOLVED` to their shares. None where no unit was sampled: every probability is 1.
    """
    import pyarrow.compute as pc

    probabilities = pc.fill_null(rows["probability"], 1.0)
    if not rows.num_rows or pc.all(pc.equal(probabilities, 1.0)).as_py():
        return None
    at = pc.index_in(rows["article_id"], value_set=articles["article_id"].combine_chunks())
    clusters = pc.coalesce(articles["story_id"].take(at), rows["article_id"]).combine_chunks().dictionary_encode()
    wanted = [*names, EMPTY, UNRESOLVED]
    found = rates(
        labels(), probabilities.to_numpy(), names=wanted, clusters=clusters.indices.to_pylist(), level=level
    )
    return {
        name: f"{share.value:.3f}" + ("" if share.low is None else f" [{share.low:.3f}, {share.high:.3f}]")
        for name, share in found.items()
    }
