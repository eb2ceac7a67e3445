"""Pairs of near-duplicates as one HTML file: side by side, no network, no script, everything escaped.

The page forbids scripts and anything from outside by a content security policy of its own, so that a script in an
article would not run even if it were not escaped.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from goldwire import __version__, page
from goldwire.corpus.show.comparison import SHOWN, Article, Comparison, Side, Span, compare, load
from goldwire.files import replacing

if TYPE_CHECKING:
    from goldwire.corpus.stories import Pair

PAIRS = 1000
"""Pairs that a page shows at most, those with the highest scores."""

CHARACTERS = 20_000_000
"""Characters of articles that a page shows at most, so that a browser can open it."""


@dataclass(frozen=True)
class _Row:
    a: list[tuple[str, bool]]
    b: list[tuple[str, bool]]


def write(path: Path, table: Path, pairs: Sequence["Pair"], *, shingle: int = 5, limit: int = PAIRS) -> int:
    """Write a page with the pairs side by side, by containment, then Jaccard, the highest first.

    Parameters
    ----------
    path : Path
        The page.
    table : Path
        The articles table, from which the texts are read.
    pairs : sequence of Pair
        From `goldwire.corpus.stories.duplicates`.
    shingle : int
        Words in a shingle, as for the pairs.
    limit : int
        Pairs shown at most. It also ends before its articles exceed `CHARACTERS`, and says how many pairs it lacks.

    Returns
    -------
    int
        The number of pairs shown.

    Raises
    ------
    GoldwireError
        When the table cannot be read, or lacks an article of a pair.
    """
    ranked = sorted(pairs, key=lambda pair: (-pair.containment, -pair.jaccard, pair.a, pair.b))[:limit]
    articles = load(table, sorted({article_id for pair in ranked for article_id in (pair.a, pair.b)}))
    shown = _that_fit(ranked, articles)
    stream = (
        page.environment("goldwire.corpus.show")
        .get_template("pairs.html.j2")
        .generate(
            listed=[(pair, articles[pair.a], articles[pair.b]) for pair in shown],
            found=len(pairs),
            comparisons=_comparisons(shown, articles, shingle),
            rows=_rows,
            shingle=shingle,
            cut=SHOWN,
            version=__version__,
        )
    )
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(stream)
    return len(shown)


def _that_fit(pairs: Sequence["Pair"], articles: Mapping[str, Article]) -> list["Pair"]:
    shown: list[Pair] = []
    room = CHARACTERS
    for pair in pairs:
        room -= len(articles[pair.a].body) + len(articles[pair.b].body)
        if room < 0 and shown:
            break
        shown.append(pair)
    return shown


def _comparisons(pairs: Sequence["Pair"], articles: Mapping[str, Article], shingle: int) -> Iterator[Comparison]:
    for pair in pairs:
        compared = compare(articles[pair.a], articles[pair.b], shingle=shingle)
        yield replace(compared, containment=pair.containment, jaccard=pair.jaccard)  # as they were found


def _rows(comparison: Comparison) -> list[_Row]:
    return [_Row(_pieces(comparison.a, a), _pieces(comparison.b, b)) for a, b in comparison.rows]


def _pieces(side: Side, span: Span) -> list[tuple[str, bool]]:
    """Return a row's pieces without the blank lines around it, which would part the rows once more."""
    pieces = list(side.pieces(span))
    if pieces:
        pieces[0] = (pieces[0][0].lstrip(), pieces[0][1])
        pieces[-1] = (pieces[-1][0].rstrip(), pieces[-1][1])
    return [piece for piece in pieces if piece[0]]
