"""Frames of a subject: made from tables of any source, every column as objects, and None where it is not known."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from goldwire.errors import GoldwireError

if TYPE_CHECKING:
    import pandas as pd

UNITS = ("unit_id", "article_id", "split", "text", "start", "outlet", "published_at", "target", "holder", "story")
ARTICLES = ("article_id", "text", "split", "licence", "outlet")
ANSWERS = ("question", "unit_id", "labels", "decided_by", "tied", "n_votes")
VOTES = ("question", "unit_id", "annotator", "labels")
MENTIONS = ("mention_id", "article_id", "start", "end", "text")
_LICENCE = ("licence", "license", "rights")  # keys of articles.meta, the first that says something


def frame(columns: Mapping[str, Sequence[Any]]) -> "pd.DataFrame":
    """Return columns as objects, so that None stays None; the offset `start` of units as float, with NaN."""
    import pandas as pd

    return pd.DataFrame({name: pd.Series(list(values), dtype=object) for name, values in columns.items()})


def rows(names: Sequence[str], given: Iterable[Sequence[Any]]) -> "pd.DataFrame":
    """Return rows as a frame of these columns."""
    listed = list(given)
    return frame({name: [row[index] for row in listed] for index, name in enumerate(names)})


def units(columns: Mapping[str, Sequence[Any]]) -> "pd.DataFrame":
    """Return the frame `Subject.units`, by unit_id; what is not given of `UNITS` is not known.

    Raises
    ------
    GoldwireError
        When a unit_id stands twice.
    """
    import pandas as pd

    size = len(columns["unit_id"])
    missing = {name: [None] * size for name in UNITS if name not in columns}
    found = frame({**columns, **missing})
    if twice := found.loc[found["unit_id"].duplicated(), "unit_id"].tolist():
        raise GoldwireError(f'unit "{twice[0]}" stands twice')
    found["start"] = pd.to_numeric(found["start"]).astype("float64")
    found["published_at"] = pd.to_datetime(found["published_at"], utc=True).astype("datetime64[us, UTC]")
    rest = [name for name in found.columns if name not in UNITS]
    return found[[*UNITS, *rest]].sort_values("unit_id", ignore_index=True)


@dataclass(frozen=True)
class Asked:
    """A question whose gold is looked at.

    Attributes
    ----------
    labels : list of str
        What can be decided, in scheme order.
    several : bool
        Whether it takes several labels, and so also none.
    unsure : frozenset of str
        Labels that abstain.
    recode : mapping
        Old label -> new label, for votes; gold is recoded already.
    """

    labels: list[str]
    several: bool
    unsure: frozenset[str] = frozenset()
    recode: Mapping[str, str] | None = None

    def answer(self, labels: Sequence[str] | None, value: str | None) -> list[str] | None:
        """Return one answer's labels, sorted; None where nothing was decided, or the annotator abstained."""
        given = list(labels) if labels else [] if value is None else [value]
        if not given:
            return [] if self.several and labels is not None else None
        named = {(self.recode or {}).get(label, label) for label in given} - self.unsure
        return sorted(named) or None


def answers(gold: pa.Table, asked: Mapping[str, Asked]) -> "pd.DataFrame":
    """Return the frame `Subject.answers` from the table `gold`: the questions that are asked.

    Raises
    ------
    GoldwireError
        When gold has a label that its question has not.
    """
    names = ("scheme", "question", "unit_id", "labels", "value", "decided_by", "tied", "n_votes")
    found = []
    for scheme, question, unit, labels, value, by, tied, n in zip(*(values(gold, n) for n in names), strict=True):
        key = f"{scheme}.{question}"
        if key not in asked:
            continue
        said = None if by == "unresolved" else asked[key].answer(labels, value)
        if unknown := set(said or []) - set(asked[key].labels):
            raise GoldwireError(
                f'gold has the label "{min(unknown)}", which is not among: {", ".join(asked[key].labels)}',
                where=f"{unit}: {key}",
                hint="The scheme or `recode` in params.yaml changed since: make gold again with goldwire labels gold",
            )
        found.append((key, unit, said, by or None, bool(tied), n or 0))
    return rows(ANSWERS, sorted(found, key=itemgetter(0, 1)))


def votes(given: pa.Table, asked: Mapping[str, Asked]) -> "pd.DataFrame":
    """Return the frame `Subject.votes` from the table `votes`: what counts and does not abstain, recoded."""
    names = ("scheme", "question", "unit_id", "annotator", "labels", "value", "counts")
    found = []
    for scheme, question, unit, who, labels, value, counts in zip(*(values(given, n) for n in names), strict=True):
        key = f"{scheme}.{question}"
        said = asked[key].answer(labels, value) if counts and key in asked else None
        if said is not None:
            found.append((key, unit, who, said))
    return rows(VOTES, sorted(found, key=itemgetter(0, 1, 2)))


def mentions(marked: pa.Table, article_of: Mapping[str, str]) -> "pd.DataFrame":
    """Return the frame `Subject.mentions` from the table of decided mentions; article_of gives a unit's article."""
    names = ("mention_id", "unit_id", "start", "end", "text")
    listed = zip(*(values(marked, name) for name in names), strict=True)
    return rows(MENTIONS, [(name, article_of.get(unit), *rest) for name, unit, *rest in listed])


def articles(table: pa.Table, splits: Mapping[str, str | None], licence: str) -> "pd.DataFrame":
    """Return the frame `Subject.articles`, by article_id.

    Parameters
    ----------
    table : pa.Table
        `articles`; its columns text, outlet and meta may be missing.
    splits : mapping
        The split of each article that has one.
    licence : str
        What holds for articles whose `meta` names none; "unknown" and "" are none.
    """
    whole = licence.strip() if licence.strip().lower() != "unknown" else ""
    ids = values(table, "article_id")
    columns = {
        "article_id": ids,
        "text": values(table, "text"),
        "split": [splits.get(name) for name in ids],
        "licence": [_licence(meta) or whole or None for meta in values(table, "meta")],
        "outlet": values(table, "outlet"),
    }
    return frame(columns).sort_values("article_id", ignore_index=True)


def split_of_articles(units_: "pd.DataFrame") -> dict[str, str]:
    """Return the split of each article whose units are all in one."""
    found: dict[str, set[str]] = {}
    for article, split in zip(units_["article_id"], units_["split"], strict=True):
        if isinstance(split, str):
            found.setdefault(article, set()).add(split)
    return {article: min(splits) for article, splits in found.items() if len(splits) == 1}


def values(table: pa.Table, name: str) -> list[Any]:
    """Return a column, or None for every row where there is no such column."""
    return table[name].to_pylist() if name in table.column_names else [None] * table.num_rows


def _licence(meta: str | None) -> str | None:
    try:
        value = json.loads(meta) if meta else {}
    except ValueError:
        return None
    known = (str(value[key]).strip() for key in _LICENCE if isinstance(value, dict) and value.get(key))
    return next((name for name in known if name and name.lower() != "unknown"), None)
