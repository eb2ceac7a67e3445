"""What moves together: the story of a unit, which is what is drawn for an interval."""

import pyarrow as pa


def clusters_of(units: pa.Table, articles: pa.Table) -> dict[str, str]:
    """Return the story of each unit, or its article where that has no story."""
    story = {
        article: story or article
        for article, story in zip(articles["article_id"].to_pylist(), articles["story_id"].to_pylist(), strict=True)
    }
    pairs = zip(units["unit_id"].to_pylist(), units["article_id"].to_pylist(), strict=True)
    return {unit: story.get(article, article) for unit, article in pairs}
