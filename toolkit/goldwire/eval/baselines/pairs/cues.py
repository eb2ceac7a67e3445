"""What a text makes of its target: cue words where the two meet, quotation, questions, negation on either side."""

import math
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from goldwire.eval.baselines.pairs.overlaps import Overlap
from goldwire.eval.baselines.pairs.text import Pairs
from goldwire.eval.baselines.pairs.words import GROUPS, matcher
from goldwire.eval.task import Array
from goldwire.text.words import words

MARKS = ("quotes", "questions", "exclamations")
KINDS = (*GROUPS, *MARKS)
_QUOTES = re.compile("[\"“”„«»]|(?<!\\w)['‘]|['’](?!\\w)")
REGIONS = ("best", "best three", "around", "lead", "end", "text", "share of text", "weighted")
_TURNING = ("refute", "deny", "negation")
_HEAD = (
    *("colon", "begins with no", "begins with a question word", "ends with a question", "words", "capitals"),
    *("number", "parity of negation", "parity of refuting", "cues of both"),
)
NAMES = (
    *(f"{region}: {kind}" for region in REGIONS for kind in KINDS),
    *(f"target: {kind}" for kind in KINDS),
    *(f"target and {region}: {kind}" for region in ("best", "text") for kind in ("refute", "doubt", "negation")),
    *(f"target: {name}" for name in _HEAD),
    *(f"first: {kind}" for kind in ("refute", "deny", "doubt", "confirm only")),
    *("sentences", "share of quoted sentences"),
)
_ASKING = frozenset("is are was were did does do has have can could will would who what why how when where".split())


def cues(parsed: Pairs, rows: npt.NDArray[np.int64], found: Overlap) -> npt.NDArray[np.float32]:
    """Return the cue features of these rows, n x len(NAMES); `found` has their best sentences."""
    counted: dict[int, Array] = {}
    heads: dict[int, tuple[Array, list[float]]] = {}
    features = np.zeros((len(rows), len(NAMES)), np.float32)
    for row, (at, wanted) in enumerate(
        zip(parsed.text_of[rows].tolist(), parsed.target_of[rows].tolist(), strict=True)
    ):
        if at not in counted:
            counted[at] = counts(parsed.texts[at].sentences)
        if wanted not in heads:
            target = " ".join(parsed.targets[wanted].sentences)
            heads[wanted] = (counts([target])[0], _head(target))
        features[row] = _pair(counted[at], *heads[wanted], found.sentences[row], found.shares[row])
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


def _pair(
    text: Array, target: Array, head: list[float], best: npt.NDArray[np.int64], shares: Array
) -> npt.NDArray[np.float32]:
    there = best[best >= 0]
    count = len(text)
    near = sorted({at + step for at in there[:1].tolist() for step in (-1, 0, 1) if 0 <= at + step < count})
    whole = text.sum(axis=0)
    top = text[there[0]] if len(there) else np.zeros(len(KINDS))
    weight = shares[: len(there)]
    weighted = (weight @ text[there] / max(1e-9, weight.sum())) if len(there) else np.zeros(len(KINDS))
    regions = [
        top,
        text[there].sum(axis=0),
        text[near].sum(axis=0),
        text[:3].sum(axis=0),
        text[-3:].sum(axis=0),
        np.log1p(whole),
        (text > 0).mean(axis=0),
        weighted,
    ]
    at = {kind: place for place, kind in enumerate(KINDS)}
    both = [
        float(min(target[at[kind]], 1) + 2 * min(side[at[kind]], 1))
        for side in (top, whole)
        for kind in ("refute", "doubt", "negation")
    ]
    parity = float((target[at["negation"]] + top[at["negation"]]) % 2)
    turning = [at[kind] for kind in _TURNING]
    refuting = float((target[turning].sum() > 0) != (top[turning].sum() > 0))
    cue_of_both = float((np.minimum(target, whole) > 0).sum())
    firsts = [
        float(np.argmax(text[:, at[kind]] > 0) / count) if whole[at[kind]] else 1.5
        for kind in ("refute", "deny", "doubt", "confirm only")
    ]
    quoted = float((text[:, at["quotes"]] > 0).mean())
    parts = [*regions, target, both, head, [parity, refuting, cue_of_both], firsts, [float(count), quoted]]
    return np.asarray(np.concatenate(parts), np.float32)


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
