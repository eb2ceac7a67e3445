"""An official split: what the data's makers said is honoured as it is, under its usual spellings."""

import json
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.labels.splits.items import NONE, Ints

_SPELLINGS = {
    "train": ("train", "training"),
    "validation": ("validation", "valid", "val", "dev", "devel", "development"),
    "test": ("test", "testing", "eval", "evaluation"),
}
_SPLIT_OF = {spelling: name for name, spellings in _SPELLINGS.items() for spelling in spellings}


def of_meta(articles: pa.Table, wanted: Sequence[str], column: str) -> list[object]:
    """Return what `articles.meta` has under the key `column` for each of the articles, or None.

    Raises
    ------
    GoldwireError
        When meta is not a JSON object, or no article has the key.
    """
    known: dict[str, object] = {}
    keys: set[str] = set()
    needed = set(wanted)
    for article, meta in zip(articles["article_id"].to_pylist(), articles["meta"].to_pylist(), strict=True):
        if article not in needed or meta is None:
            continue
        try:
            value = json.loads(meta)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise GoldwireError("meta is not a JSON object", where=f"articles: {article}")
        known[article] = value.get(column)
        keys |= value.keys()
    if wanted and not any(value is not None for value in known.values()):
        raise GoldwireError(
            f'no article has an official split: meta has no "{column}"',
            hint=f"Keys of meta are: {', '.join(sorted(keys)) or 'none'}. Name one as splits.column in params.yaml.",
        )
    return [known.get(article) for article in wanted]


def codes_of(values: Sequence[object], owners: Sequence[str], names: Sequence[str], column: str, noun: str) -> Ints:
    """Return the split of every unit as a position in `names`, `NONE` where nothing is said.

    Parameters
    ----------
    values : sequence
        What is said of each unit.
    owners : sequence of str
        Whose it is, for the error.
    names : sequence of str
        train, validation and test.
    column, noun : str
        Where it is said, and of what, for the error.

    Raises
    ------
    GoldwireError
        When a value is no usual spelling of a split; the message names it, and of whom it is said.
    """
    position = {name: code for code, name in enumerate(names)}
    found = np.full(len(values), NONE)
    for index, (value, owner) in enumerate(zip(values, owners, strict=True)):
        spelled = value.strip().casefold() if isinstance(value, str) else value
        if spelled is None or spelled == "":
            continue
        if not isinstance(spelled, str) or spelled not in _SPLIT_OF:
            raise GoldwireError(
                f'{json.dumps(value, ensure_ascii=False, default=str)} is no split: "{column}" of {noun} {owner}',
                hint=f"Known are: {', '.join(_SPLIT_OF)}.",
            )
        found[index] = position[_SPLIT_OF[spelled]]
    return found
