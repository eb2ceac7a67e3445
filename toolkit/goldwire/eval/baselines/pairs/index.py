"""Where each stem stands in each text and target: what comparisons need of them and no background changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from goldwire.eval.baselines.pairs.text import Pairs, Parsed

Codes = npt.NDArray[np.int64]
LEAD = 3
"""So many sentences are the lead of a text."""


@dataclass(frozen=True)
class Index:
    """Distinct texts and targets as tables. "Said" is a distinct stem of a text; those of a text stand together.

    Attributes
    ----------
    pairs : Pairs
    said : integer array
        Number of text x size of the vocabulary + stem, ascending.
    times, first, last : integer arrays, shape (said,)
        How often a stem is said, and in which sentence of the text first and last.
    occurrences : integer array, shape (said + 1,)
        Where the sentences of each begin in `sentences`.
    sentences : integer array
        The sentences of a text in which a stem is said.
    names : integer array
        As `said`, of the stems of names.
    counts, lengths : integer arrays, shape (texts,)
        Sentences of each text, at least 1, and words.
    begins : integer array, shape (texts + 1,)
        Where each text's sentences begin among those of all.
    asked_from : integer array, shape (targets + 1,)
        Where the distinct stems of each target begin in `asked`.
    asked : integer array
    digits : array of bool, shape (stems,)
    in_text, in_lead, in_sentence, in_target : sparse matrices of 0 and 1, x stems
        The stems of texts, of their leads, of all sentences, of targets.
    """

    pairs: Pairs
    said: Codes
    times: Codes
    first: Codes
    last: Codes
    occurrences: Codes
    sentences: Codes
    names: Codes
    counts: Codes
    lengths: Codes
    begins: Codes
    asked_from: Codes
    asked: Codes
    digits: npt.NDArray[np.bool_]
    in_text: Any
    in_lead: Any
    in_sentence: Any
    in_target: Any

    def find(self, texts: Codes, stems: Codes) -> Codes:
        """Return the place in `said` of stems in texts, -1 where a text has none."""
        return _place(self.said, texts * len(self.pairs.vocabulary) + stems)

    def named(self, texts: Codes, stems: Codes) -> npt.NDArray[np.bool_]:
        """Return whether stems are of names in texts."""
        return _place(self.names, texts * len(self.pairs.vocabulary) + stems) >= 0


def index(pairs: Pairs) -> Index:
    """Tell where the stems of texts and targets stand."""
    size = max(1, len(pairs.vocabulary))
    texts = pairs.texts
    lengths = np.array([len(text.stems) for text in texts], np.int64)
    counts = np.array([max(1, len(text.sentences)) for text in texts], np.int64)
    begins = np.append(0, np.cumsum(counts))
    text = np.repeat(np.arange(len(texts)), lengths)
    stems = _joined([one.stems for one in texts])
    sentence = _joined([one.sentence_of for one in texts])
    said, own = np.unique(text * size + stems, return_inverse=True)
    first, last = np.full(len(said), len(stems)), np.full(len(said), -1)
    np.minimum.at(first, own, sentence)
    np.maximum.at(last, own, sentence)
    most = int(counts.max(initial=1))
    once = np.unique(own * most + sentence)
    name_of = np.repeat(np.arange(len(texts)), [len(one.names) for one in texts])
    asked = [np.unique(target.stems) for target in pairs.targets]
    asked_from = np.append(0, np.cumsum([len(one) for one in asked])).astype(np.int64)
    of, at = said[once // most] // size, said[once // most] % size
    lead, wide = first < LEAD, len(pairs.vocabulary)
    return Index(
        pairs=pairs,
        said=said,
        times=np.bincount(own, minlength=len(said)),
        first=first,
        last=last,
        occurrences=np.searchsorted(once // most, np.arange(len(said) + 1)),
        sentences=once % most,
        names=name_of * size + _joined([one.names for one in texts]),
        counts=counts,
        lengths=lengths,
        begins=begins,
        asked_from=asked_from,
        asked=_joined(asked),
        digits=np.array([stem.isdigit() for stem in pairs.vocabulary.stems], bool),
        in_text=_there(said // size, said % size, len(texts), wide),
        in_lead=_there(said[lead] // size, said[lead] % size, len(texts), wide),
        in_sentence=_there(begins[of] + once % most, at, int(begins[-1]), wide),
        in_target=_there(np.repeat(np.arange(len(asked)), np.diff(asked_from)), _joined(asked), len(asked), wide),
    )


def spread(starts: Codes, chosen: Codes) -> tuple[Codes, Codes]:
    """Return for groups that begin at `starts` (and one end) the members of the chosen ones: whose, and where."""
    sizes = starts[chosen + 1] - starts[chosen]
    whose = np.repeat(np.arange(len(chosen)), sizes)
    before = np.cumsum(sizes) - sizes
    return whose, np.arange(len(whose)) - before[whose] + starts[chosen][whose]


def wording(pairs: Pairs) -> npt.NDArray[np.float32]:
    """Return the share of a target's runs of 2 and 3 words and of 5 and 10 characters that the text has, and how many
    of the target's words stand in the text one after the other, for each row, n x 5.
    """
    found = np.zeros((len(pairs.text_of), 5), np.float32)
    targets = [_runs(target) for target in pairs.targets]
    order = np.lexsort((pairs.target_of, pairs.text_of))
    last, text = -1, _runs(pairs.texts[0]) if pairs.texts else []
    for row in order.tolist():
        at, wanted = int(pairs.text_of[row]), int(pairs.target_of[row])
        if at != last:
            last, text = at, _runs(pairs.texts[at])
        shares = [len(a & b) / len(a) if a else 0.0 for a, b in zip(targets[wanted], text, strict=True)]
        found[row] = *shares, _longest(pairs.targets[wanted].stems.tolist(), text[0])
    return found


def _runs(parsed: Parsed) -> list[frozenset[object]]:
    listed, joined = parsed.stems.tolist(), " ".join(parsed.sentences).lower()
    return [
        *(frozenset(zip(*(listed[at:] for at in range(size)), strict=False)) for size in (2, 3)),
        *(frozenset(joined[at : at + size] for at in range(len(joined) - size + 1)) for size in (5, 10)),
    ]


def _longest(stems: Sequence[int], neighbours: frozenset[object]) -> int:
    """Return the longest run of words of which each two neighbours are neighbours in the text, less one."""
    best = run = 0
    for pair in pairwise(stems):
        run = run + 1 if pair in neighbours else 0
        best = max(best, run)
    return best


def _joined(parts: Sequence[npt.NDArray[Any]]) -> Codes:
    return np.asarray(np.concatenate([np.zeros(0, np.int64), *parts]), np.int64)


def _place(among: Codes, keys: Codes) -> Codes:
    found = np.searchsorted(among, keys)
    there = np.append(among, -1)[found] == keys
    return np.asarray(np.where(there, found, -1))


def _there(rows: Codes, stems: Codes, count: int, size: int) -> Any:
    from scipy.sparse import csr_matrix

    return csr_matrix((np.ones(len(rows), np.float32), (rows, stems)), shape=(count, size))
