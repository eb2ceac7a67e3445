"""Whether a matched mention or a link is in gold: yes or no of everybody who could have marked it.

By majority, when more than half did. By Dawid-Skene, when the posterior of yes is above one half: all mentions of a
layer, or all relations of a scheme, are items with the answers yes and no, and so are places where everybody was
silent. Without these the model sees no place on which all agree that there is nothing, and cannot tell an annotator
who misses much from one among others who mark too much. Of 417 triggers that three annotators of the sample corpus
marked, majority keeps 182; the model kept 291 without silent places, 122 of them marked by one annotator, and keeps
182 with them, be they 11 a unit or 120.

MACE decides neither: to it a silence is what somebody says who guesses, so every mark is knowledge, and it kept all
417. With MACE mentions and relations are decided by majority.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from goldwire.labels.answers import Codes
from goldwire.labels.decide import EQUAL
from goldwire.labels.estimate import NO, YES, Fit, Method, estimate

DIGITS = 9
"""Of a posterior."""


@dataclass(frozen=True)
class Item:
    """Something that some annotators marked, among those who could have; `asked` is the scheme and the question."""

    asked: tuple[str, str]
    marked: frozenset[str]
    could: frozenset[str]


@dataclass(frozen=True)
class Silence:
    """Places where these annotators could have marked something, and none did."""

    asked: tuple[str, str]
    could: frozenset[str]
    places: int


@dataclass(frozen=True)
class Verdict:
    """Whether it is kept, and if not, whether that is a tie; the posterior of yes is None for the majority."""

    kept: bool
    tied: bool
    decided_by: str
    marked: int
    could: int
    posterior: float | None

    def columns(self, label: str) -> dict[str, Any]:
        """Return the columns of a gold table that say how it was decided."""
        return {
            "decided_by": self.decided_by,
            "n_votes": self.could,
            "distribution": [{"label": label, "share": self.marked / self.could}],
            "posterior": None if self.posterior is None else [{"label": label, "share": self.posterior}],
        }


def judge(
    items: Sequence[Item], silences: Sequence[Silence], method: Method, seed: int
) -> tuple[list[Verdict], list[Fit]]:
    """Return a verdict on each item, and how the model came to its own, by scheme and question."""
    if method != "dawid-skene":
        return [_verdict(item, len(item.marked) / len(item.could), None) for item in items], []
    grouped: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, item in enumerate(items):
        grouped[item.asked].append(i)
    verdicts: dict[int, Verdict] = {}
    fits = []
    for asked, numbers in sorted(grouped.items()):
        silent: Counter[frozenset[str]] = Counter()
        for one in silences:
            if one.asked == asked:
                silent[one.could] += one.places
        everybody = frozenset[str]().union(*silent, *(items[i].could for i in numbers))
        people = {who: code for code, who in enumerate(sorted(everybody))}
        votes = [
            (row, people[who], int(who in items[i].marked))
            for row, i in enumerate(numbers)
            for who in sorted(items[i].could)
        ]
        item, annotator, label = np.hstack(
            [np.array(votes, dtype=np.int64).T, _said_no(silent, people, len(numbers))]
        )
        size = {"items": len(numbers) + silent.total(), "labels": 2}
        posterior, fit = estimate(method, asked, item, annotator, label, **size, seed=seed)
        fits.append(fit)
        shares = posterior[: len(numbers), YES].round(DIGITS)  # beyond these the order of the places shows
        for i, share in zip(numbers, shares.tolist(), strict=True):
            verdicts[i] = _verdict(items[i], share, share)
    return [verdicts[i] for i in range(len(items))], fits


def _said_no(silent: Mapping[frozenset[str], int], people: Mapping[str, int], first: int) -> Codes:
    """Return the answers of places where all were silent, 3 x answers: an item (from `first`), an annotator, no."""
    parts = []
    for could, places in sorted(silent.items(), key=lambda pair: sorted(pair[0])):
        who = [people[name] for name in sorted(could)]
        rows = np.repeat(np.arange(first, first + places), len(who))
        parts.append(np.stack([rows, np.tile(who, places), np.full(len(rows), NO)]))
        first += places
    return np.hstack(parts) if parts else np.zeros((3, 0), dtype=np.int64)


def _verdict(item: Item, yes: float, posterior: float | None) -> Verdict:
    kept, tied = yes > 0.5 + EQUAL, abs(yes - 0.5) <= EQUAL
    by = "majority" if posterior is None else "aggregated"
    decided_by = "unanimous" if kept and item.marked == item.could else by
    return Verdict(kept, tied, decided_by, len(item.marked), len(item.could), posterior)
