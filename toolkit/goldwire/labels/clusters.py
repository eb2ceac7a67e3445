"""What moves together: the story of a unit, which is what is drawn for an interval."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def clusters_of(units: pa.Table, articles: pa.Table) -> dict[str, str]:
    """Return the story of each unit, or its article where that has no story."""
    story = {
        article: story or article
        for article, story in zip(articles["article_id"].to_pylist(), articles["story_id"].to_pylist(), strict=True)
    }
    pairs = zip(units["unit_id"].to_pylist(), units["article_id"].to_pylist(), strict=True)
    return {unit: story.get(article, article) for unit, article in pairs}


def stories_of(units: Sequence[str], clusters: Mapping[str, str]) -> NDArray[np.int64]:
    """Return the story of each unit as a number, from 0 as they come; a unit that has none is a story of its own.

    Parameters
    ----------
    units : sequence of str
    clusters : mapping
        unit -> story, whose names may be those of units.
    """
    code: dict[str | tuple[str], int] = {}
    return np.array([code.setdefault(clusters.get(unit, (unit,)), len(code)) for unit in units], np.int64)
