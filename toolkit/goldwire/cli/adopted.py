"""Stories for articles that came with a Label Studio project: where the rooms corpus and labels meet."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from goldwire.study import Study


def stories(study: "Study") -> "Callable[[pa.Table], list[str]]":
    """Return what gives articles their stories, by the study's parameters; see `goldwire.labels.foreign.adopt`."""
    from goldwire.corpus import engine
    from goldwire.corpus.compare import Comparing, numbers_of
    from goldwire.corpus.stories import assign

    given = study.params().stories
    comparing = Comparing(given.containment, given.shingle, given.mask).checked()

    def assigned(articles: "pa.Table") -> list[str]:
        ids = articles["article_id"].to_pylist()
        frame = engine.start().from_arrow(articles.select(["article_id", "text", "body_start"]))
        with tempfile.TemporaryDirectory() as folder:
            before = articles["story_id"].to_pylist()
            return assign(numbers_of(frame, comparing), ids, before, comparing, Path(folder))

    return assigned
