"""The frame of a dataset: its units, with what is known of their articles, what was shown, and their split."""

import numpy as np
import pyarrow as pa

from goldwire.labels.dataset.joins import Codes, known, one, positions

UNIT = ("kind", "start", "end", "target", "target_aliases", "holder", "probability")
ARTICLE = ("title", "outlet", "url", "published_at", "language", "story_id", "group")
_MANY = 2**30  # bytes; an array of strings holds twice as many


def frame_of(units: pa.Table, articles: pa.Table, texts: pa.Array, splits: pa.Table) -> pa.Table:
    """Return units by unit_id, with `ARTICLE`, `text`, `split` and `fold`.

    The texts are those of the articles (`shared`), not copies of them. A unit that is not in `splits` has no split.

    Raises
    ------
    GoldwireError
        When a unit's article is not there.
    """
    frame = units.sort_by("unit_id")
    at = known(frame, "article_id", articles, "units", "articles")
    for name in ARTICLE:
        frame = frame.append_column(articles.schema.field(name), one(articles[name]).take(pa.array(at)))
    frame = frame.append_column("text", _shown(frame, texts, at))
    place = positions(frame["unit_id"], splits["unit_id"])
    for name in ("split", "fold"):
        frame = frame.append_column(splits.schema.field(name), one(splits[name]).take(place))
    return frame


def shared(texts: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Return texts as one array that many may refer to; there may be more than 2 GB of them."""
    return one(texts.cast(pa.large_string()) if texts.nbytes >= _MANY else texts)


def _shown(frame: pa.Table, texts: pa.Array, at: Codes) -> pa.DictionaryArray:
    """Return the text of each unit: its article's, or a part of it."""
    whole = one(frame["start"]).is_null().to_numpy(zero_copy_only=False)
    if whole.all():
        return pa.DictionaryArray.from_arrays(pa.array(at, pa.int32()), texts)
    parts = []
    last, text = -1, ""
    spans = (one(frame[name]).to_pylist() for name in ("start", "end"))
    for article, start, end in zip(at.tolist(), *spans, strict=True):
        if start is not None:
            if article != last:
                last, text = article, texts[article].as_py()
            parts.append(text[start:end])
    place = np.where(whole, at, len(texts) + np.cumsum(~whole) - 1)
    every = pa.concat_arrays([texts, pa.array(parts, texts.type)])
    return pa.DictionaryArray.from_arrays(pa.array(place, pa.int32()), every)
