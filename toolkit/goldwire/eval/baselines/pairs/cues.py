"""What a text makes of its target: cue words where the two meet, quotation, questions, negation on either side."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from goldwire.eval.baselines.pairs.overlaps import Overlap
from goldwire.eval.baselines.pairs.text import Pairs
from goldwire.eval.baselines.pairs.words import GROUPS, matcher
from goldwire.eval.task import Array
from goldwire.text.words import words

Codes = npt.NDArray[np.int64]
MARKS = ("quotes", "questions", "exclamations")
KINDS = (*GROUPS, *MARKS)
_QUOTES = re.compile("[\"“”„«»]|(?<!\\w)['‘]|['’](?!\\w)")
REGIONS = ("best", "best three", "around", "lead", "end", "text", "share of text", "weighted")
_TURNING = ("refute", "deny", "negation")
_CROSSED = ("refute", "doubt", "negation")
_FIRSTS = ("refute", "deny", "doubt", "confirm only")
_AT_ONCE = 4096  # rows, so that memory is bounded
_HEAD = (
    *("colon", "begins with no", "begins with a question word", "ends with a question", "words", "capitals"),
    *("number", "parity of negation", "parity of refuting", "cues of both"),
)
NAMES = (
    *(f"{region}: {kind}" for region in REGIONS for kind in KINDS),
    *(f"target: {kind}" for kind in KINDS),
    *(f"target and {region}: {kind}" for region in ("best", "text") for kind in _CROSSED),
    *(f"target: {name}" for name in _HEAD),
    *(f"first: {kind}" for kind in _FIRSTS),
    *("sentences", "share of quoted sentences"),
)
_ASKING = frozenset("is are was were did does do has have can could will would who what why how when where".split())


@dataclass(frozen=True)
class Counted:
    """Cues of distinct texts and targets, which no background changes.

    Attributes
    ----------
    sentences : array, sentences of all texts x len(KINDS)
        How often each kind occurs; behind them one of zeros, for a sentence that is not there.
    begins : integer array, shape (texts + 1,)
        Where each text's sentences begin.
    texts, wholes : arrays, texts x features, texts x len(KINDS)
        The features of a text alone, in the order of NAMES; how often each kind occurs in it.
    targets, heads : arrays, targets x len(KINDS), targets x 7
    """

    sentences: Array
    begins: Codes
    texts: Array
    wholes: Array
    targets: Array
    heads: Array


def count(parsed: Pairs) -> Counted:
    """Count the cues of texts and targets."""
    texts = [counts(text.sentences) for text in parsed.texts]
    targets = [" ".join(target.sentences) for target in parsed.targets]
    return Counted(
        sentences=np.vstack([*texts, np.zeros((1, len(KINDS)))]),
        begins=np.append(0, np.cumsum([len(text) for text in texts])).astype(np.int64),
        texts=np.array([_text(text) for text in texts]),
        wholes=np.array([text.sum(axis=0) for text in texts]),
        targets=np.array([counts([target])[0] for target in targets]),
        heads=np.array([_head(target) for target in targets]),
    )


def cues(parsed: Pairs, counted: Counted, rows: Codes, found: Overlap) -> npt.NDArray[np.float32]:
    """Return the cue features of these rows, n x len(NAMES); `found` has their best sentences."""
    features = np.zeros((len(rows), len(NAMES)), np.float32)
    for at in range(0, len(rows), _AT_ONCE):
        part = slice(at, at + _AT_ONCE)
        features[part] = _cues(parsed, counted, rows[part], found.sentences[part], found.shares[part])
    return features


def counts(sentences: Sequence[str]) -> Array:
    """Return how often each kind of cue occurs in each sentence, sentences x KINDS (one row of zeros without any)."""
    found = np.zeros((max(1, len(sentences)), len(KINDS)))
    for at, sentence in enumerate(sentences):
        for word in words(sentence):
            for kind in _kinds(word):
                found[at, kind] += 1
        found[at, -3:] = len(_QUOTES.findall(sentence)), sentence.count("?"), sentence.count("!")
    return found


@lru_cache(maxsize=1 << 16)
def _kinds(word: str) -> tuple[int, ...]:
    return tuple(at for at, pattern in enumerate(_PATTERNS) if pattern.match(word))


_PATTERNS = [matcher(group) for group in GROUPS.values()]


def _cues(parsed: Pairs, counted: Counted, rows: Codes, best: Codes, shares: Array) -> Array:
    text, wanted = parsed.text_of[rows], parsed.target_of[rows]
    sentences, begin, end = counted.sentences, counted.begins[text], counted.begins[text + 1]
    three = sentences[np.where(best >= 0, begin[:, None] + best, -1)]
    around = begin[:, None] + best[:, :1] + (-1, 0, 1)
    near = sentences[np.where((around >= begin[:, None]) & (around < end[:, None]), around, -1)]
    weighted = (three * shares[:, :, None]).sum(axis=1) / np.maximum(1e-9, shares.sum(axis=1))[:, None]
    top, whole, target = three[:, 0], counted.wholes[text], counted.targets[wanted]
    at = {kind: place for place, kind in enumerate(KINDS)}
    crossed = [at[kind] for kind in _CROSSED]
    both = [np.minimum(target[:, crossed], 1) + 2 * np.minimum(side[:, crossed], 1) for side in (top, whole)]
    turning = [at[kind] for kind in _TURNING]
    negated = (target[:, at["negation"]] + top[:, at["negation"]]) % 2
    refuting = (target[:, turning].sum(axis=1) > 0) != (top[:, turning].sum(axis=1) > 0)
    of_both = (np.minimum(target, whole) > 0).sum(axis=1)
    alone = counted.texts[text]
    kinds, firsts = alone[:, : 4 * len(KINDS)], alone[:, 4 * len(KINDS) :]
    return np.hstack(
        [
            *(top, three.sum(axis=1), near.sum(axis=1), kinds, weighted),
            *(target, *both, counted.heads[wanted], np.column_stack([negated, refuting, of_both])),
            firsts,
        ]
    )


def _text(text: Array) -> list[float]:
    """Return the features of a text alone: the regions that are the same for every target, then the last six."""
    whole = text.sum(axis=0)
    regions = (text[:3].sum(axis=0), text[-3:].sum(axis=0), np.log1p(whole), (text > 0).mean(axis=0))
    places = [KINDS.index(kind) for kind in _FIRSTS]
    firsts = [float(np.argmax(text[:, at] > 0) / len(text)) if whole[at] else 1.5 for at in places]
    quoted = float((text[:, KINDS.index("quotes")] > 0).mean())
    return [*np.concatenate(regions).tolist(), *firsts, float(len(text)), quoted]


def _head(target: str) -> list[float]:
    listed = target.split()
    first = words(target)[:1]
    return [
        float(":" in target),
        float(first == ["no"]),
        float(bool(first) and first[0] in _ASKING),
        float(target.rstrip(" \"'”’").endswith("?")),
        math.log1p(len(listed)),
        sum(word.isupper() and len(word) > 1 for word in listed) / max(1, len(listed)),
        float(any(character.isdigit() for character in target)),
    ]
