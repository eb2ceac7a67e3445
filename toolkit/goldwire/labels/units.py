"""Units: what an annotator is shown once.

An article or a passage of one, such a text with a target (and a holder), or a body and a headline.

Offsets count in the article's text. Every unit of an article names it, so all of them go to one split.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.naming import Searched, Target, aliases_of
from goldwire.labels.passages import Passage, passages
from goldwire.provenance import digest
from goldwire.text.normalise import normalise_line

AUTHOR = "author"


def texts(articles: pa.Table, kind: Passage = "document") -> pa.Table:
    """Return a unit for every article, or for every paragraph or sentence of the articles.

    Parameters
    ----------
    articles : pa.Table
        With article_id, text, body_start where there are titles, and probability where they are a sample.
    kind : {"document", "paragraph", "sentence"}
        A document is the whole text, title included. A title is a paragraph, and a sentence, of its own.

    Returns
    -------
    pa.Table
        `units`, by unit_id: ``<article_id>/document``, ``<article_id>/sentence/<start>-<end>``. `probability` is
        that of the article, which is taken whole; 1 where it was not sampled.
    """
    return _table(
        _row(article, kind, _passage_id(article, kind, start, end), start, end)
        for article in _rows(articles)
        for start, end in passages(article, kind)
    )


def documents(articles: pa.Table) -> pa.Table:
    """Return one unit an article: the whole text, title included."""
    return texts(articles, "document")


def targets(
    articles: pa.Table, targets: Sequence[Target], *, kind: Passage = "document", only_named: bool = True
) -> pa.Table:
    """Return a unit for every text and target, with the author as the holder.

    Parameters
    ----------
    articles : pa.Table
        With article_id, text, and body_start where there are titles.
    targets : sequence of Target
    kind : {"document", "paragraph", "sentence"}
        The texts: whole articles, or their paragraphs or sentences.
    only_named : bool
        Leave out the texts in which neither the target's name nor an alias stands.

    Returns
    -------
    pa.Table
        `units` of the kind "target", by unit_id: ``<article_id>/target/<digest of target and holder>``, for a
        passage ``<article_id>/sentence/<start>-<end>/target/<digest>``.
    """
    return _table(
        _about(article, target.name, AUTHOR, list(target.aliases), kind, start, end)
        for article in _rows(articles)
        for start, end in passages(article, kind)
        for target in (_named(targets, article["text"][start:end]) if only_named else targets)
    )


def pairs(articles: pa.Table, rows: Iterable[Mapping[str, Any]], places: Sequence[str] = ()) -> pa.Table:
    """Return a unit for every row: an article, a target, and who holds the stance.

    Parameters
    ----------
    articles : pa.Table
        With article_id and text.
    rows : iterable of mapping
        article_id and target; holder (the author where it is missing or empty); target_aliases (a list, or text
        with "|" between them). Names are normalised as texts are. A row that repeats another is taken once.
    places : sequence of str
        Where each row stands, as ``file:line``, for the errors; see `goldwire.labels.unit_files.read_pairs`.

    Returns
    -------
    pa.Table
        `units`, by unit_id.

    Raises
    ------
    GoldwireError
        When a row has no target, or an article_id that is not among the articles.
    """
    found = []
    for article, target, row, _ in _paired(articles, rows, places, "target"):
        holder = normalise_line(str(row.get("holder") or "")) or AUTHOR
        found.append(_about(article, target, holder, aliases_of(row.get("target_aliases"))))
    return _table(found)


def headlines(articles: pa.Table, rows: Iterable[Mapping[str, Any]], places: Sequence[str] = ()) -> pa.Table:
    """Return a unit for every row: the body of an article, and a headline that may be another article's.

    Parameters
    ----------
    articles : pa.Table
        With article_id, text, and body_start where there are titles: an article's own is not part of the unit.
    rows : iterable of mapping
        article_id and headline. Headlines are normalised as texts are. A row that repeats another is taken once.
    places : sequence of str
        Where each row stands, as ``file:line``, for the errors; see `goldwire.labels.unit_files.read_pairs`.

    Returns
    -------
    pa.Table
        `units`, by unit_id, with the headline as the target and no holder.

    Raises
    ------
    GoldwireError
        When a row has no headline, an article_id that is not among the articles, or an article without a body.
    """
    return _table(
        _under(article, headline, place)
        for article, headline, _, place in _paired(articles, rows, places, "headline")
    )


def hash_of(text: str) -> str:
    """Return the content_hash of a unit whose annotator is shown this text."""
    return digest(text)


def _named(targets: Iterable[Target], text: str) -> list[Target]:
    searched = Searched.of(text)
    return [target for target in targets if target.is_named_in(searched)]


def _paired(
    articles: pa.Table, rows: Iterable[Mapping[str, Any]], places: Sequence[str], about: str
) -> Iterator[tuple[dict[str, Any], str, Mapping[str, Any], str]]:
    """Yield the article of each row, what stands in its column `about`, the row, and its place."""
    by_id = {article["article_id"]: article for article in _rows(articles)}
    for number, row in enumerate(rows):
        place = places[number] if number < len(places) else f"row {number + 1}"
        article_id, value = str(row.get("article_id") or ""), normalise_line(str(row.get(about) or ""))
        if article_id not in by_id:
            raise GoldwireError(
                f'there is no article "{article_id}"',
                where=f"{place}: article_id",
                hint="Import it with: goldwire corpus import PATH, or mend the id.",
            )
        if not value:
            raise GoldwireError(f"the row has no {about}", where=f"{place}: {about}")
        yield by_id[article_id], value, row, place


def _about(
    article: Mapping[str, Any],
    target: str,
    holder: str,
    aliases: list[str],
    kind: Passage = "document",
    start: int = 0,
    end: int | None = None,
) -> dict[str, Any]:
    end = len(article["text"]) if end is None else end
    text_id = article["article_id"] if kind == "document" else _passage_id(article, kind, start, end)
    row = _row(article, "target", f"{text_id}/target/{digest(target, holder, length=8)}", start, end)
    return {**row, "target": target, "target_aliases": aliases, "holder": holder}


def _under(article: Mapping[str, Any], headline: str, place: str) -> dict[str, Any]:
    start, end = article.get("body_start") or 0, len(article["text"])
    if start >= end:
        raise GoldwireError(f'article "{article["article_id"]}" has no body', where=f"{place}: article_id")
    unit_id = f"{article['article_id']}/headline/{digest(headline, length=8)}"
    return {**_row(article, "headline", unit_id, start, end), "target": headline}


def _passage_id(article: Mapping[str, Any], kind: Passage, start: int, end: int) -> str:
    name = f"{article['article_id']}/{kind}"
    return name if kind == "document" else f"{name}/{start}-{end}"


def _row(article: Mapping[str, Any], kind: str, unit_id: str, start: int, end: int) -> dict[str, Any]:
    return {
        "unit_id": unit_id,
        "article_id": article["article_id"],
        "kind": kind,
        "start": start,
        "end": end,
        "content_hash": hash_of(article["text"][start:end]),
        "probability": article.get("probability", 1.0),
    }


def _rows(articles: pa.Table) -> list[dict[str, Any]]:
    wanted = ("article_id", "text", "body_start", "probability")
    columns = [name for name in wanted if name in articles.column_names]
    return list(articles.select(columns).to_pylist())


def _table(rows: Iterable[dict[str, Any]]) -> pa.Table:
    by_id = {row["unit_id"]: row for row in rows}
    return tables.build("units", (by_id[unit_id] for unit_id in sorted(by_id)))
