"""Labelling: what a model says of units, as a table of predictions. Of a study's units, or of new articles."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.eval.baselines.base import Model, Shared
from goldwire.eval.baselines.guarded import answered
from goldwire.eval.models_store import Stored
from goldwire.eval.task import Answer, Array
from goldwire.eval.threads import one_thread

if TYPE_CHECKING:
    import pandas as pd

_DIGITS = 6
_AT_ONCE = 5_000
"""Units of new articles whose features are in memory together."""


@one_thread
def label(stored: Stored, articles: pa.Table, units: pa.Table) -> pa.Table:
    """Return what a model says of units of new articles.

    Parameters
    ----------
    stored : Stored
        From `models_store.load`.
    articles : pa.Table
        `articles`: at least article_id and text; title, outlet, published_at and language where they are known.
    units : pa.Table
        `units` of these articles; about a target where the model's question is.

    Returns
    -------
    pa.Table
        `predictions`, by unit_id; `scores` has the share of every label in scheme order.

    Raises
    ------
    GoldwireError
        When there is no unit, or the baseline fails on them; the message names it.
    """
    if not len(units):
        raise GoldwireError("there is no unit to label")
    rows = shown(articles, units)
    parts = []
    for start in range(0, len(rows), _AT_ONCE):
        part = rows.iloc[start : start + _AT_ONCE].reset_index(drop=True)
        parts.append(predicted(stored.model, stored.recipe, part, Shared()))
    return pa.concat_tables(parts).combine_chunks()


def predicted(model: Model, recipe: dict[str, Any], rows: "pd.DataFrame", shared: Shared) -> pa.Table:
    """Return what a model says of rows, as a table of predictions in the order of the rows.

    Raises
    ------
    GoldwireError
        When the model fails, or gives what are no shares; the message names it.
    """
    name = str(recipe["model"])
    shares, answers = answered(name, model, rows, shared)
    return tables.build("predictions", _rows(recipe, rows["unit_id"], answers, shares))


def counts(table: pa.Table) -> dict[str, int]:
    """Return how many units got each label, the most frequent first."""
    found = Counter(label for labels in table["labels"].to_pylist() for label in labels)
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def shown(articles: pa.Table, units: pa.Table) -> "pd.DataFrame":
    """Return units as models read them, sorted by unit_id: the columns of `Inputs.rows` that are not about gold.

    Each article is a cluster of its own.
    """
    import pandas as pd

    columns = ("article_id", "title", "text", "outlet", "published_at", "language")
    texts = articles.select([name for name in columns if name in articles.column_names]).to_pandas()
    rows = units.to_pandas().drop(columns="content_hash").merge(texts, on="article_id")
    rows["text"] = [t[int(s) : int(e)] for t, s, e in zip(rows["text"], rows["start"], rows["end"], strict=True)]
    for name in ("title", "outlet", "published_at", "language", "target", "holder"):
        given = rows[name] if name in rows else [None] * len(rows)
        rows[name] = pd.Series(["" if pd.isna(value) else _text(value) for value in given], rows.index, dtype=object)
    rows["aliases"] = [[] if value is None else list(value) for value in rows["target_aliases"]]
    rows["cluster"] = rows["article_id"]
    for name in ("labels", "label", "split"):
        rows[name] = pd.Series([None] * len(rows), rows.index, dtype=object)
    found: pd.DataFrame = rows.sort_values("unit_id").reset_index(drop=True)
    return found


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value.isoformat())


def _rows(
    recipe: dict[str, Any], units: "pd.Series[str]", answers: Sequence[Answer], shares: Array
) -> Iterator[dict[str, Any]]:
    for unit, answer, row in zip(units, answers, shares, strict=True):
        yield {
            "scheme": recipe["scheme"],
            "scheme_hash": recipe["scheme_hash"],
            "unit_id": unit,
            "question": recipe["question"],
            "labels": list(answer),
            "model": recipe["model"],
            "scores": [
                {"label": label, "share": round(float(share), _DIGITS)}
                for label, share in zip(recipe["labels"], row, strict=True)
            ],
        }
