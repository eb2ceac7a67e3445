"""Texts and targets taken apart once: stems by sentence, in one list of numbers over all of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from goldwire.text.sentences import sentences
from goldwire.text.words import words

Ints = npt.NDArray[np.int32]
_MOST = 100  # sentences of a text that are looked at, the first ones


@dataclass(frozen=True)
class Parsed:
    """One text: its sentences, and the stems of its words.

    Attributes
    ----------
    sentences : list of str
        At most the first 100.
    stems : array of int32
        Numbers of the stems in order, by the vocabulary of the `Vocabulary` that parsed it.
    sentence_of : array of int32
        The sentence of each of them.
    names : array of int32
        Distinct stems of words written with a capital that do not begin a sentence.
    """

    sentences: list[str]
    stems: Ints
    sentence_of: Ints
    names: Ints


@dataclass
class Vocabulary:
    """Numbers of stems, given as they come. It carries no statistics: any text may add to it."""

    stems: list[str] = field(default_factory=list)
    _place: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.stems)

    def number(self, stem: str) -> int:
        """Return the number of a stem, a new one if it is new."""
        at = self._place.setdefault(stem, len(self.stems))
        if at == len(self.stems):
            self.stems.append(stem)
        return at

    def places(self, stems: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return the numbers of stems, -1 for one that is not there."""
        return np.array([self._place.get(stem, -1) for stem in stems], np.int64)

    def parse(self, text: str) -> Parsed:
        """Take a text apart."""
        parts = [text[start:end] for start, end in sentences(text)[:_MOST]]
        found: list[int] = []
        where: list[int] = []
        names: set[int] = set()
        for at, part in enumerate(parts):
            numbers = [self.number(stem(word)) for word in words(part)]
            found += numbers
            where += [at] * len(numbers)
            first = part.split(maxsplit=1)
            rest = first[1] if len(first) > 1 else ""
            if not rest.isupper():
                names.update(self.number(stem(w)) for word in rest.split() if word[0].isupper() for w in words(word))
        return Parsed(parts, np.array(found, np.int32), np.array(where, np.int32), np.array(sorted(names), np.int32))


@dataclass(frozen=True)
class Pairs:
    """Rows as pairs of distinct texts and distinct targets.

    Attributes
    ----------
    text_of, target_of : integer arrays, shape (n,)
        The position of each row's text and target among the distinct ones.
    """

    vocabulary: Vocabulary
    texts: list[Parsed]
    targets: list[Parsed]
    text_of: npt.NDArray[np.int64]
    target_of: npt.NDArray[np.int64]


def pairs(texts: Sequence[str], targets: Sequence[str]) -> Pairs:
    """Take the texts and targets of rows apart, each distinct one once.

    Stems are numbered in the order of the alphabet, so that sums over the stems of a text are taken in the same order
    whatever other texts there are: what is made of a text is then the same to the last bit.
    """
    vocabulary = Vocabulary()
    places: list[dict[str, int]] = [{}, {}]
    text_of, target_of = (
        np.array([place.setdefault(value, len(place)) for value in values], np.int64)
        for place, values in zip(places, (texts, targets), strict=True)
    )
    parsed = [[vocabulary.parse(value) for value in place] for place in places]
    ordered = Vocabulary()
    for name in sorted(vocabulary.stems):
        ordered.number(name)
    number = ordered.places(vocabulary.stems).astype(np.int32)
    renumbered = [[_renumbered(one, number) for one in group] for group in parsed]
    return Pairs(ordered, renumbered[0], renumbered[1], text_of, target_of)


def _renumbered(parsed: Parsed, number: Ints) -> Parsed:
    return replace(parsed, stems=number[parsed.stems], names=np.sort(number[parsed.names]))


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """Return a word without the endings of English inflection: kills, killed and killing become one.

    It serves to compare two texts, so a stem need be no word, and other languages lose little by it.
    """
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = f"{word[:-3]}y" if word.endswith("ies") and len(word) > 4 else word[:-1]
    for ending, least in (("ing", 6), ("ed", 5)):
        if word.endswith(ending) and len(word) >= least:
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word[:-1] if len(word) > 3 and word.endswith("e") else word
