"""What each annotator says where the others say something else."""

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goldwire.labels.quality.observed import Observed
from goldwire.labels.quality.rest import pair_weights, rounded

NONE = "(none)"
"""Stands for no label, in a question that takes several: one side has a label, and the other has nothing left."""

MOST = 5
"""Confusions that are named for an annotator."""
EXAMPLES = 3
"""Units that are named for a confusion."""

_ALL = 1e-9


def confusions(seen: Observed) -> list[dict[str, Any]]:
    """Return, for each annotator, their answers against the others' answers to the same units.

    Every other answer to a unit weighs 1 / (m - 1), so that the rows of a question that takes one label sum to
    their answers that others answered too. Where an answer may have several labels, a label that both gave is no
    confusion; those that only they gave are paired with those that only the other gave, in equal shares, or with
    `NONE`.

    Returns
    -------
    list of dict
        For each of the annotators: ``confusion`` {their label: {others' label: weight}}, zeros left out, in the order
        of the labels; ``confusions``, the most frequent ones: given, others (what they said), weight, share (of
        their answers with that label), units (examples).
    """
    answers = seen.answers
    tables: list[dict[tuple[str, str], float]] = [defaultdict(float) for _ in answers.annotators]
    paired: dict[tuple[int, int], list[tuple[str, str, float]]] = {}
    for who, mine, theirs, weight in zip(*(x.tolist() for x in pair_weights(seen)), strict=True):
        key = (mine, theirs)
        if key not in paired:
            paired[key] = _paired(answers.sets[mine], answers.sets[theirs])
        table = tables[who]
        for given, other, part in paired[key]:
            table[given, other] += weight * part
    place = {label: i for i, label in enumerate([*answers.labels, NONE])}
    finder = _Examples(seen)
    return [
        {"confusion": _nested(table, place), "confusions": _most(table, place, who, finder)}
        for who, table in enumerate(tables)
    ]


def _paired(mine: tuple[str, ...], theirs: tuple[str, ...]) -> list[tuple[str, str, float]]:
    both = [(label, label, 1.0) for label in mine if label in theirs]
    only_mine = [label for label in mine if label not in theirs]
    only_theirs = [label for label in theirs if label not in mine]
    if only_mine:
        against = only_theirs or [NONE]
        return both + [(x, y, 1 / len(against)) for x in only_mine for y in against]
    return both + [(NONE, y, 1.0) for y in only_theirs] or [(NONE, NONE, 1.0)]


def _nested(table: dict[tuple[str, str], float], place: dict[str, int]) -> dict[str, dict[str, float | None]]:
    found: dict[str, dict[str, float | None]] = {}
    for given, other in sorted(table, key=lambda pair: (place[pair[0]], place[pair[1]])):
        found.setdefault(given, {})[other] = rounded(table[given, other])
    return found


def _most(
    table: dict[tuple[str, str], float], place: dict[str, int], who: int, finder: "_Examples"
) -> list[dict[str, Any]]:
    sums: dict[str, float] = defaultdict(float)
    for (given, _), weight in table.items():
        sums[given] += weight
    off = [(pair, weight) for pair, weight in table.items() if pair[0] != pair[1] and weight > _ALL]
    off.sort(key=lambda one: (-round(one[1], 9), place[one[0][0]], place[one[0][1]]))
    return [
        {
            "given": given,
            "others": other,
            "weight": rounded(weight),
            "share": rounded(weight / sums[given]),
            "units": finder.units(who, given, other),
        }
        for (given, other), weight in off[:MOST]
    ]


class _Examples:
    """Finds units on which an annotator said one thing and somebody else another."""

    def __init__(self, seen: Observed) -> None:
        self._seen = seen
        self._bounds = np.searchsorted(seen.answers.unit, np.arange(len(seen.answers.units) + 1))
        self._known: dict[tuple[str, str], NDArray[np.bool_]] = {}

    def units(self, who: int, given: str, other: str) -> list[str]:
        """Return the first units by id."""
        answers = self._seen.answers
        places = self._seen.of[who]
        found: list[str] = []
        for place in places[self._said(given, other)[places]].tolist():
            unit = int(answers.unit[place])
            if self._said(other, given)[self._bounds[unit] : self._bounds[unit + 1]].any():
                found.append(answers.units[unit])
                if len(found) == EXAMPLES:
                    break
        return found

    def _said(self, label: str, another: str) -> NDArray[np.bool_]:
        """Whether each answer has the one label and not the other; `NONE` asks nothing."""
        if (label, another) not in self._known:
            answers = self._seen.answers
            fits = [label in (NONE, *found) and another not in found for found in answers.sets]
            self._known[label, another] = np.array(fits, dtype=bool)[answers.answer]
        return self._known[label, another]
