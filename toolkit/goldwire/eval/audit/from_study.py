"""The subject of a study: its tables, divided as they are or as they are going to be."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from goldwire import scheme as schemes
from goldwire.errors import GoldwireError
from goldwire.eval.audit import frames
from goldwire.eval.audit.frames import Asked
from goldwire.eval.audit.subject import Other, Subject
from goldwire.scheme import Question
from goldwire.study import Params, Study

if TYPE_CHECKING:
    import pandas as pd


def of_study(
    study: Study,
    splits: pa.Table | None = None,
    params: Params | None = None,
    *,
    others: Sequence[Other] = (),
    digests: tuple[str, str] | None = None,
) -> Subject:
    """Return what there is to audit in a study.

    Parameters
    ----------
    study : Study
        With articles and the tables units, votes, gold and, where there are marks, gold_mentions.
    splits : pa.Table, optional
        The table `splits` of a division that is being made, in place of that of the study.
    params : Params, optional
        In place of params.yaml.
    others, digests
        See `Subject`.

    Raises
    ------
    GoldwireError
        When a table is missing, a unit's article is not there, or gold has a label that its scheme has not.
    """
    params = params or study.params()
    articles, units, gold = study.read("articles"), study.read("units"), study.read("gold")
    splits = study.read("splits") if splits is None else splits
    asked = _asked(study, gold, params)
    divided = _divided(units, articles, splits, params)
    marked = study.table("gold_mentions").is_file()
    article_of = dict(zip(divided["unit_id"], divided["article_id"], strict=True))
    return Subject(
        units=divided,
        shared=["article_id", "story", *_fields(params)],
        answers=frames.answers(gold, asked),
        labels={key: question.labels for key, question in asked.items()},
        articles=frames.articles(articles, frames.split_of_articles(divided), params.card.licence),
        votes=frames.votes(study.read("votes"), asked),
        mentions=frames.mentions(study.read("gold_mentions"), article_of) if marked else None,
        others=others,
        digests=digests,
        texts=params.dataset.texts,
        scrub=params.dataset.scrub,
        seed=params.seed,
        resamples=params.eval.resamples,
        level=params.eval.level,
    )


def _asked(study: Study, gold: pa.Table, params: Params) -> dict[str, Asked]:
    """Return the questions of every scheme in gold, but those whose answer is free text."""
    found = {}
    for name in sorted(set(gold["scheme"].to_pylist())):
        for question in schemes.load(name, study.schemes).questions:
            if question.type != "text":
                recode = params.recode.get(name, {}).get(question.name, {})
                found[f"{name}.{question.name}"] = _question(question, recode)
    return found


def _question(question: Question, recode: dict[str, str]) -> Asked:
    names = list(question.label_names())
    unsure = frozenset(name for name in names if question.label(name).role == "unsure")
    renamed = dict.fromkeys(recode.get(name, name) for name in names)
    labels = [name for name in renamed if name not in unsure]
    return Asked(labels, question.type in ("multiple", "tree"), unsure, recode)


def _fields(params: Params) -> list[str]:
    """Return what else should stand in one split: what the division goes by."""
    fields = ["group", *params.splits.group_by, params.splits.by]
    return [name for name in dict.fromkeys(fields) if name in ("group", "headline", "target", "outlet")]


def _divided(units: pa.Table, articles: pa.Table, splits: pa.Table, params: Params) -> "pd.DataFrame":
    import pyarrow.compute as pc

    at = pc.index_in(units["article_id"], value_set=articles["article_id"].combine_chunks())
    if at.null_count:
        lost = units["unit_id"].filter(pc.is_null(at)).to_pylist()
        raise GoldwireError(
            f"{len(lost)} units have articles that are not there, such as {lost[0]}",
            hint="Import them again with: goldwire corpus import PATH, then: goldwire labels build",
        )
    placed = dict(zip(splits["unit_id"].to_pylist(), splits["split"].to_pylist(), strict=True))
    texts, row = articles["text"].to_pylist(), at.to_pylist()  # a text is one object, however many units show it
    shown = zip(row, units["start"].to_pylist(), units["end"].to_pylist(), strict=True)
    kinds, targets = units["kind"].to_pylist(), units["target"].to_pylist()
    columns = {
        "unit_id": units["unit_id"].to_pylist(),
        "article_id": units["article_id"].to_pylist(),
        "split": [placed.get(unit) for unit in units["unit_id"].to_pylist()],
        "text": [_shown(texts[n], start, end) for n, start, end in shown],
        "start": units["start"].to_pylist(),
        "outlet": articles["outlet"].take(at).to_pylist(),
        "published_at": articles["published_at"].take(at).to_pylist(),
        "target": targets,
        "holder": units["holder"].to_pylist(),
        "story": articles["story_id"].take(at).to_pylist(),
        "group": articles["group"].take(at).to_pylist(),
    }
    if "headline" in _fields(params):
        pairs = zip(targets, kinds, strict=True)
        columns["headline"] = [target if kind == "headline" else None for target, kind in pairs]
    return frames.units(columns)


def _shown(text: str | None, start: int | None, end: int | None) -> str | None:
    return text if text is None or start is None or end is None else text[start:end]
