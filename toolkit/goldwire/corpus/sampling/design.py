"""Designs for drawing a sample of articles, with the probability at which each article came in.

Every design is simple random sampling without replacement inside cells: one cell, the strata, or the strata parted by
whether a keyword stands in the article. So the probabilities are exact: n_cell / N_cell, whatever the rounding did.

Each article has a permanent random number (Ohlsson, 1995, Coordination of samples using permanent random numbers, in
Business Survey Methods), a hash of the seed and the article's id. The articles of a cell with the least numbers are
its sample. The sample therefore depends on the seed and the articles alone, not on the order of rows, and with the
same articles and seed a larger sample holds the smaller one.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from goldwire.corpus.sampling.allocation import Floats, Ints, equally, proportionally
from goldwire.errors import UsageError

BY = ("outlet", "month", "language", "group")
"""What strata can be made of. The month is that of `published_at`, in UTC."""

BOOST = 5.0
"""How many times likelier an article with a keyword is drawn, unless it is said otherwise."""


@dataclass(frozen=True)
class Design:
    """How to draw.

    Attributes
    ----------
    n : int
        Articles to draw.
    by : tuple of str
        Columns of `BY`; each combination of their values is a stratum.
    allocation : str
        "proportional" to the size of the stratum, or "equal" as far as strata have enough.
    keywords : tuple of str
        Articles with one of these are drawn `boost` times as often.
    boost : float, optional
        More than 0; `BOOST` when there are keywords and none is given.
    one_per_story : bool
        Draw stories, and one article of each.
    seed : int
        The same seed and articles give the same sample.

    Raises
    ------
    UsageError
        When these do not go together.
    """

    n: int
    by: tuple[str, ...] = ()
    allocation: Literal["proportional", "equal"] = "proportional"
    keywords: tuple[str, ...] = ()
    boost: float | None = None
    one_per_story: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        if self.n < 1:
            raise UsageError(f"a sample has at least one article, not {self.n}")
        if unknown := [name for name in self.by if name not in BY]:
            raise UsageError(f'there are no strata by "{unknown[0]}"', hint=f"There are: {', '.join(BY)}.")
        if len(set(self.by)) < len(self.by):
            raise UsageError("the same strata are asked for twice", hint="Name each column once.")
        if self.boost is not None and not self.keywords:
            raise UsageError("there is nothing to boost", hint="Give --keyword as well.")
        if self.boost is not None and not 0 < self.boost < math.inf:
            raise UsageError(f"the boost is a number above 0, not {self.boost:g}")


@dataclass(frozen=True)
class Population:
    """What a sample is drawn from; arrays have an entry an article.

    Attributes
    ----------
    ids : sequence of str
    strata : int array
        Places in `names`.
    names : sequence of str or None
        Of the strata; None where there is but one.
    hits : bool array, optional
        Whether a keyword stands in the article.
    stories : int array, optional
        A number for each story: one article of a story is drawn. None draws articles, whatever their stories.
    salt : str
        Makes the random numbers other ones. A table that is a sample already needs it: drawing by the numbers that
        it was drawn by would not be random.
    """

    ids: Sequence[str]
    strata: Ints
    names: Sequence[str | None]
    hits: NDArray[np.bool_] | None = None
    stories: Ints | None = None
    salt: str = ""


@dataclass(frozen=True)
class Drawn:
    """A sample: places in the population, with the probability and the cell of each; and a row for each cell."""

    places: Ints
    probability: Floats
    cell: Ints
    cells: list[dict[str, Any]]


def draw(population: Population, design: Design) -> Drawn:
    """Draw a sample.

    With one article a story, an article is drawn in each story first, with equal chances, and these are then sampled;
    the stratum of a story is that of the article drawn. Which strata there are, and how large, then hangs on the
    first draw, so what is given is the probability *given* that draw, 1/size x n_cell/N_cell. Weighting by its
    inverse is the double expansion estimator, which is unbiased as well (Särndal, Swensson and Wretman, 1992, Model
    Assisted Survey Sampling, section 9.3): given the first draw it estimates the sum of size x value over the drawn
    articles without bias, and that sum has the wanted total as its expectation.

    Raises
    ------
    UsageError
        When there are fewer articles (or stories) than wanted, or more cells: an empty cell would have no chance to
        be drawn, and no estimate could make up for that.
    """
    rows: Ints = np.arange(len(population.ids))
    size: Floats = np.ones(len(rows))
    key = f"{design.seed}\0{population.salt}"
    if population.stories is not None:
        rows, size = _one_each(population.ids, population.stories, key)
    if design.n > len(rows):
        kind = "articles" if population.stories is None else "stories"
        raise UsageError(f"there are {len(rows)} {kind}, and {design.n} are wanted", hint="Take a smaller -n.")
    hits = np.zeros(len(rows), bool) if population.hits is None else population.hits[rows]
    order = np.argsort(np.argsort(np.array([name or "" for name in population.names])))  # cells come by name
    keys, cell = np.unique(2 * order[population.strata[rows]] + ~hits, return_inverse=True)
    sizes: Ints = np.bincount(cell)
    if len(keys) > design.n:
        raise UsageError(
            f"there are {len(keys)} strata, and a sample of {design.n} cannot have an article of each",
            hint="Take a larger -n, or fewer of --by and --keyword.",
        )
    boost = BOOST if design.boost is None else design.boost
    weights: Floats = np.where(keys % 2 == 0, boost, 1.0) * sizes
    if design.allocation == "proportional":
        wanted = proportionally(design.n, weights, sizes)
    else:
        wanted = equally(design.n, keys // 2, weights, sizes)
    ranked = np.lexsort((_numbers([population.ids[i] for i in rows.tolist()], f"article\0{key}"), cell))
    place_in_cell = np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    taken = ranked[place_in_cell < np.repeat(wanted, sizes)]
    by_name = np.argsort(order)
    cells = [
        {
            "stratum": _name(
                population.names[by_name[code // 2]], None if population.hits is None else code % 2 == 0
            ),
            "population": int(there),
            "sampled": int(n),
            "probability": int(n) / int(there),
        }
        for code, there, n in zip(keys, sizes, wanted, strict=True)
    ]
    chance = (wanted / sizes)[cell[taken]]
    return Drawn(rows[taken], chance / size[taken], cell[taken], cells)


def _one_each(ids: Sequence[str], stories: Ints, key: str) -> tuple[Ints, Floats]:
    """Return one article of each story, and the size of its story."""
    ranked = np.lexsort((_numbers(ids, f"member\0{key}"), stories))
    ordered = stories[ranked]
    first = np.append(True, ordered[1:] != ordered[:-1])
    rows = ranked[first]
    return rows, np.bincount(stories).astype(np.float64)[stories[rows]]


def _numbers(ids: Sequence[str], key: str) -> NDArray[np.uint64]:
    """Return the permanent random numbers of articles, 64 bits; those under another key are independent."""
    begun = hashlib.blake2b(f"{key}\0".encode(), digest_size=8)

    def number(article_id: str) -> bytes:
        ended = begun.copy()
        ended.update(article_id.encode())
        return ended.digest()

    return np.frombuffer(b"".join(map(number, ids)), dtype=">u8").astype(np.uint64)


def _name(stratum: str | None, hit: bool | None) -> str | None:
    keyword = None if hit is None else f"keyword={'yes' if hit else 'no'}"
    return "|".join(part for part in (stratum, keyword) if part) or None
