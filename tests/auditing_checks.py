"""Small subjects for checks: every column is there, and what a test does not name is as usual."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from goldwire.eval.audit.subject import Subject

QUESTION = "stance-target.stance"
STANCES = ["favor", "against", "none"]

_UNIT = dict.fromkeys(
    ("article_id", "split", "text", "start", "outlet", "published_at", "target", "holder", "story", "group")
)
_ANSWER = {"question": QUESTION, "labels": None, "decided_by": "unanimous", "tied": False, "n_votes": 3}
_ARTICLE = dict.fromkeys(("text", "split", "licence", "outlet"))
Rows = Sequence[Mapping[str, Any]]


def subject(
    units: Rows,
    labels: Sequence[str] = STANCES,
    *,
    votes: Rows | None = None,
    mentions: Rows | None = None,
    articles: Rows | None = None,
    digests: tuple[str, str] | None = None,
) -> Subject:
    """Return a subject of one question.

    A unit has unit_id, or "u0001" by its place, and the columns of `Subject.units`; with ``labels`` it has an answer,
    of which decided_by, tied and n_votes can be given, too. ``labels=None`` is unresolved. Without articles there
    is one for each unit's article_id, with the text of the first unit that has it.
    """
    named = [{"unit_id": f"u{place:04}", **unit} for place, unit in enumerate(units)]
    given = [
        {**_ANSWER, "unit_id": unit["unit_id"], **{key: unit[key] for key in _ANSWER if key in unit}}
        for unit in named
        if "labels" in unit
    ]
    shown = [
        {**_UNIT, "unit_id": unit["unit_id"], **{key: unit[key] for key in _UNIT if key in unit}} for unit in named
    ]
    rows = _frame(shown, ["unit_id", *_UNIT])
    rows["start"] = rows["start"].astype(float)
    whole = rows.drop_duplicates("article_id").assign(licence=None)
    return Subject(
        units=rows,
        shared=["article_id", "story", "group"],
        answers=_frame(given, ["unit_id", *_ANSWER]),
        labels={QUESTION: list(labels)},
        articles=whole[["article_id", *_ARTICLE]]
        if articles is None
        else _frame([{**_ARTICLE, **row} for row in articles], ["article_id", *_ARTICLE]),
        votes=None
        if votes is None
        else _frame(
            [{"question": QUESTION, **vote} for vote in votes], ["question", "unit_id", "annotator", "labels"]
        ),
        mentions=None if mentions is None else _frame(mentions, ["mention_id", "article_id", "start", "end", "text"]),
        digests=digests,
    )


def _frame(rows: Rows, columns: Sequence[str]) -> pd.DataFrame:
    """Return a frame with None, not NaN, for what is not known."""
    return pd.DataFrame({name: pd.Series([row[name] for row in rows], dtype=object) for name in columns})
