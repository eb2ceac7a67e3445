"""The background that texts are compared against: how rare a stem is, and which stems keep the same company.

It is counted on training rows only. A stem that was never seen there is as rare as can be, and that is how the names
of a new story look. On the training rows themselves no stem is new, so features made of the same background would be
of another kind there; therefore a training row is compared against the background of the other folds (see
`Backgrounds`).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from goldwire.eval.baselines.pairs.text import Pairs, Vocabulary
from goldwire.eval.task import Array

DIMENSIONS = 100
_TURNS = 3  # of the power iteration
_MOST = 1 << 28  # bytes of vectors that are kept


@dataclass(frozen=True)
class Background:
    """Statistics of texts.

    Attributes
    ----------
    stems : list of str
        Those that occur.
    texts_with : array, shape (stems,)
        In how many texts each occurs.
    texts : int
    vectors : array, shape (stems, dimensions)
        Latent semantic analysis (Deerwester et al. 1990): a stem's place among the texts it occurs in, of length 1.
    """

    stems: list[str]
    texts_with: Array
    texts: int
    vectors: npt.NDArray[np.float32]

    def weights(self, vocabulary: Vocabulary) -> Array:
        """Return the weight of every stem of a vocabulary, 0 to 1: inverse document frequency; 1 for a new stem."""
        found = np.zeros(len(vocabulary))
        place = vocabulary.places(self.stems)
        known = place >= 0
        found[place[known]] = self.texts_with[known]
        return np.asarray(1 - np.log1p(found) / np.log1p(self.texts))

    def company(self, vocabulary: Vocabulary) -> npt.NDArray[np.float32]:
        """Return the vector of every stem of a vocabulary; of a new stem, zeros."""
        found = np.zeros((len(vocabulary), self.vectors.shape[1]), np.float32)
        place = vocabulary.places(self.stems)
        known = place >= 0
        found[place[known]] = self.vectors[known]
        return found


def background(parsed: Pairs, texts: Sequence[int], *, seed: int, dimensions: int = DIMENSIONS) -> Background:
    """Count these texts (positions of distinct ones)."""
    from scipy.sparse import csr_matrix

    distinct = [np.unique(parsed.texts[at].stems) for at in texts]
    ends = np.append(0, np.cumsum([len(one) for one in distinct]))
    columns = np.concatenate(distinct) if distinct else np.zeros(0, np.int32)
    kept, codes = np.unique(columns, return_inverse=True)
    counts = np.bincount(codes, minlength=len(kept)).astype(np.float64)
    weights = 1 - np.log1p(counts) / np.log1p(max(1, len(texts)))
    there = csr_matrix((weights[codes], codes, ends), shape=(len(texts), len(kept)))
    stems = [parsed.vocabulary.stems[at] for at in kept]
    return Background(stems, counts, len(texts), _vectors(there, dimensions, seed))


class Backgrounds:
    """Backgrounds of the texts outside of some folds, each made once as long as they take no more than 256 MB.

    Parameters
    ----------
    parsed : Pairs
    folds : integer array, shape (rows,)
        The fold of each row's text. A text of rows in several folds is in all of them.
    """

    def __init__(self, parsed: Pairs, folds: npt.NDArray[np.int64], seed: int) -> None:
        self._parsed, self._seed = parsed, seed
        self._within = np.zeros((len(parsed.texts), int(folds.max(initial=0)) + 1), bool)
        self._within[parsed.text_of, folds] = True
        self._made: dict[frozenset[int], Background] = {}

    def without(self, folds: Collection[int]) -> Background:
        """Return the background of the texts outside of these folds."""
        name = frozenset(folds)
        if name not in self._made:
            outside = np.flatnonzero(~self._within[:, sorted(name)].any(axis=1))
            made = background(self._parsed, outside.tolist(), seed=self._seed)
            if sum(one.vectors.nbytes for one in (made, *self._made.values())) > _MOST:
                self._made.clear()
            self._made[name] = made
        return self._made[name]


def _vectors(there: "object", dimensions: int, seed: int) -> npt.NDArray[np.float32]:
    """Return the left singular vectors of stems x texts times the singular values, rows of length 1.

    By a randomised range finder (Halko, Martinsson and Tropp 2011) with a fixed sign, so equal input gives equal
    output.
    """
    from sklearn.utils.extmath import randomized_svd

    rows, columns = there.shape  # type: ignore[attr-defined]
    size = min(dimensions, rows - 1, columns - 1)
    if size < 1:
        return np.zeros((columns, 1), np.float32)
    _, values, right = randomized_svd(there, size, n_iter=_TURNS, random_state=seed)
    found = (right.T * values).astype(np.float32)
    length = np.linalg.norm(found, axis=1, keepdims=True)
    return np.asarray(np.divide(found, length, out=np.zeros_like(found), where=length > 1e-9))


def combinations(
    a: npt.NDArray[np.int64], b: npt.NDArray[np.int64]
) -> Iterator[tuple[frozenset[int], npt.NDArray[np.int64]]]:
    """Yield the sets of folds that rows have on their two sides, each with its rows."""
    low, high = np.minimum(a, b), np.maximum(a, b)
    for first, second in sorted(set(zip(low.tolist(), high.tolist(), strict=True))):
        yield frozenset((first, second)), np.flatnonzero((low == first) & (high == second))
