"""Units: what an annotator is shown once. An article, one with a target (and a holder), or a body and a headline."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pyarrow as pa

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.files import read_jsonl
from goldwire.provenance import digest
from goldwire.text.normalise import normalise_line

AUTHOR = "author"
_BETWEEN = "|"
_COLUMNS = {
    "target": "Its columns are article_id, target, and if you like holder and target_aliases.",
    "headline": "Its columns are article_id and headline.",
}


@dataclass(frozen=True)
class Target:
    """Whom or what a stance is about, and the other names under which a text may speak of it."""

    name: str
    aliases: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``Russia|Moscow|the Kremlin``: the name, then the aliases.

        Raises
        ------
        GoldwireError
            When there is no name.
        """
        name, *aliases = _split(text) or [""]
        if not name:
            raise GoldwireError("the target has no name", where=repr(text), hint="Write NAME or NAME|ALIAS|ALIAS.")
        return cls(name, tuple(aliases))

    def is_named_in(self, text: str) -> bool:
        """Whether the name or an alias stands in the text, whatever its case, and not inside another word.

        A script without capitals may have no spaces, or write articles and prepositions to the word: there, inside
        a word counts.
        """
        folded = text.casefold()
        return any(_stands_in(name.casefold(), folded) for name in (self.name, *self.aliases))


def documents(articles: pa.Table) -> pa.Table:
    """Return one unit an article: the whole text, title included.

    Parameters
    ----------
    articles : pa.Table
        With article_id and text.

    Returns
    -------
    pa.Table
        `units`, by unit_id. `probability` is 1: every article is taken.
    """
    return _table(_row(article, "document", f"{article['article_id']}/document") for article in _rows(articles))


def targets(articles: pa.Table, targets: Sequence[Target], *, only_named: bool = True) -> pa.Table:
    """Return a unit for every article and target, with the author as the holder.

    Parameters
    ----------
    articles : pa.Table
        With article_id and text.
    targets : sequence of Target
    only_named : bool
        Leave out the articles in which neither the target's name nor an alias stands.

    Returns
    -------
    pa.Table
        `units`, by unit_id.
    """
    return _table(
        _about(article, target.name, AUTHOR, list(target.aliases))
        for article in _rows(articles)
        for target in targets
        if not only_named or target.is_named_in(article["text"])
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
        Where each row stands, as ``file:line``, for the errors; see `read_pairs`.

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
        aliases = row.get("target_aliases") or []
        aliases = _split(aliases) if isinstance(aliases, str) else [normalise_line(str(alias)) for alias in aliases]
        holder = normalise_line(str(row.get("holder") or "")) or AUTHOR
        found.append(_about(article, target, holder, aliases))
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
        Where each row stands, as ``file:line``, for the errors; see `read_pairs`.

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


def read_pairs(path: Path, about: str = "target") -> tuple[list[dict[str, Any]], list[str]]:
    """Read a table of pairs (Parquet, CSV, TSV or JSONL), and the ``file:line`` of each row for errors.

    Parameters
    ----------
    path : Path
    about : str
        The column that stands beside article_id: target or headline.

    Raises
    ------
    GoldwireError
        When the file is missing or unreadable, or lacks one of the two columns.
    """
    if path.suffix.lower() == ".jsonl":
        numbered = list(read_jsonl(path))
        if strange := [number for number, row in numbered if not isinstance(row, dict)]:
            raise GoldwireError("the line is not a JSON object", where=f"{path}:{strange[0]}")
        columns = set().union(*(row for _, row in numbered))
    else:
        table = tables.read(path)
        columns, numbered = set(table.column_names), list(_numbered(table.to_pylist(), path))
    if missing := [column for column in ("article_id", about) if column not in columns]:
        raise GoldwireError(
            f"it lacks {', '.join(missing)}",
            where=str(path),
            hint=_COLUMNS[about],
        )
    return [row for _, row in numbered], [f"{path}:{number}" for number, _ in numbered]


def hash_of(text: str) -> str:
    """Return the content_hash of a unit whose annotator is shown this text."""
    return digest(text)


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


def _numbered(rows: Iterable[dict[str, Any]], path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Count lines: a heading in CSV and TSV, and more than one line where a field holds line ends."""
    line = 2 if path.suffix.lower() in (".csv", ".tsv") else 1
    for row in rows:
        yield line, row
        line += 1 + sum(value.count("\n") for value in row.values() if isinstance(value, str))


def _stands_in(name: str, text: str) -> bool:
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        before, after = text[start - 1 : start], text[end : end + 1]
        if not (_in_word(before, name[0]) or _in_word(name[-1], after)):
            return True
        start = text.find(name, start + 1)
    return False


def _in_word(left: str, right: str) -> bool:
    """Whether two neighbours belong to one word of a script that has capitals, and so has spaces."""
    return all(char.isdigit() or char.upper() != char for char in (left, right)) if left and right else False


def _about(article: Mapping[str, Any], target: str, holder: str, aliases: list[str]) -> dict[str, Any]:
    unit_id = f"{article['article_id']}/target/{digest(target, holder, length=8)}"
    return {**_row(article, "target", unit_id), "target": target, "target_aliases": aliases, "holder": holder}


def _under(article: Mapping[str, Any], headline: str, place: str) -> dict[str, Any]:
    start = article.get("body_start") or 0
    shown = article["text"][start:]
    if not shown:
        raise GoldwireError(f'article "{article["article_id"]}" has no body', where=f"{place}: article_id")
    unit_id = f"{article['article_id']}/headline/{digest(headline, length=8)}"
    row = {**_row(article, "headline", unit_id), "start": start, "content_hash": hash_of(shown)}
    return {**row, "target": headline}


def _row(article: Mapping[str, Any], kind: str, unit_id: str) -> dict[str, Any]:
    return {
        "unit_id": unit_id,
        "article_id": article["article_id"],
        "kind": kind,
        "start": 0,
        "end": len(article["text"]),
        "content_hash": hash_of(article["text"]),
        "probability": 1.0,
    }


def _rows(articles: pa.Table) -> list[dict[str, Any]]:
    columns = [name for name in ("article_id", "text", "body_start") if name in articles.column_names]
    return list(articles.select(columns).to_pylist())


def _table(rows: Iterable[dict[str, Any]]) -> pa.Table:
    by_id = {row["unit_id"]: row for row in rows}
    return tables.build("units", (by_id[unit_id] for unit_id in sorted(by_id)))


def _split(text: str) -> list[str]:
    return [normalise_line(part) for part in text.split(_BETWEEN) if normalise_line(part)]
