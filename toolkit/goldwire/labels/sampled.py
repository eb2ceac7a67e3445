"""Articles to be labelled, which may be a sample of the study's."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa

from goldwire import tables
from goldwire.errors import GoldwireError


def read_articles(path: Path) -> pa.Table:
    """Read a table of articles, and keep its column `probability` where it has one, as a sample does.

    Returns
    -------
    pa.Table
        `articles`, and `probability` (above 0, at most 1) if it is there.

    Raises
    ------
    GoldwireError
        When it is not a table of articles, or a probability is missing or not above 0 and at most 1.
    """
    articles = tables.read(path, "articles")
    whole = tables.read(path)
    if "probability" not in whole.column_names:
        return articles
    try:
        column = whole["probability"].cast(pa.float64())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise GoldwireError(f"is not a number: {error}", where=f"{path}: probability") from None
    for article, value in zip(articles["article_id"].to_pylist(), column.to_pylist(), strict=True):
        if not _is_probability(value):
            raise GoldwireError(
                f'article "{article}" has the probability {value}: it is above 0 and at most 1',
                where=f"{path}: probability",
                hint="Draw the sample again with: goldwire corpus sample",
            )
    return articles.append_column("probability", column)


def designs_of(path: Path) -> list[dict[str, Any]]:
    """Return the designs by which a table of articles was drawn, first phase first; none where it does not say so.

    Of each are known n, by, allocation, keywords, boost, one_per_story, seed, population and sampled.
    """
    import pyarrow.parquet as pq

    metadata = pq.read_schema(path).metadata if path.suffix.lower() == ".parquet" else None
    found: list[dict[str, Any]] = json.loads((metadata or {}).get(tables.SAMPLE, b"[]"))
    return found


def _is_probability(value: Any) -> bool:
    return value is not None and 0 < value <= 1
