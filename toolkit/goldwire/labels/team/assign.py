"""Who answers which unit. Pure: the same input gives the same assignment, and what was answered stays whose it is.

Each unit is answered by one annotator or by `overlap` of them. New units are dealt out so that everybody gets as
many, and so that every two annotators share about as many units: agreement is measured on the pairs.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from goldwire.errors import GoldwireError
from goldwire.labels.team.assigned import together
from goldwire.provenance import digest

Assignment = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Unit:
    """A unit to deal out. Units with the same `story` are spread over the annotators where that costs nothing."""

    id: str
    story: str = ""


@dataclass(frozen=True)
class Design:
    """How units are dealt out.

    Parameters
    ----------
    annotators : sequence of str
        Pseudonyms of those who answer now. Who is only in the assignments before has left.
    overlap : int
        Annotators of a unit, 1 or more.
    overlap_share : float
        Share of the units that `overlap` annotators answer, above 0 and at most 1; the rest one.
    everyone : collection of str
        Units that all annotators get: calibration, and control items. They do not count in the share.
    seed : int
        Of the draws.
    """

    annotators: Sequence[str]
    overlap: int = 1
    overlap_share: float = 1.0
    everyone: Collection[str] = ()
    seed: int = 0


def assign(
    units: Iterable[Unit],
    design: Design,
    before: Mapping[str, Sequence[str]] | None = None,
    answered: Mapping[str, Collection[str]] | None = None,
    joining: Collection[str] = (),
) -> Assignment:
    """Return the annotators of every unit, in the order of the units.

    What was assigned before stays, with three exceptions. Units of `everyone` get all. What somebody who left did not
    answer goes to those who have the fewest unanswered units; where all of them have the unit already, it stays with
    who left, open for who joins. Who joins takes over unanswered units, the last ones first, until they have as many
    as the others.

    Parameters
    ----------
    units : iterable of Unit
        All units of the round, each once, in the order in which they are shown.
    design : Design
    before : mapping of str to sequence of str, optional
        Unit -> annotators, as it was; units that are not in `units` are dropped.
    answered : mapping of str to collection of str, optional
        Unit -> who answered, skipped or began it.
    joining : collection of str
        Who takes over work; annotators who had nothing before always do.

    Returns
    -------
    dict of str to tuple of str
        Each unit has exactly its number of distinct annotators, those of the design in its order, then who left.

    Raises
    ------
    GoldwireError
        When there is no annotator, one stands twice, or there are new units for more annotators than there are.
    """
    table = _Table(design, answered or {})
    listed = list(units)
    old = {unit: assigned for unit, assigned in (before or {}).items() if assigned}
    new = [unit for unit in listed if unit.id not in old and unit.id not in table.everyone]
    _check(design, bool(new), [who for assigned in old.values() for who in assigned])
    for unit in listed:
        if unit.id in table.everyone:
            stay = [who for who in old.get(unit.id, ()) if who in table.answered.get(unit.id, ())]
            table.set_everyone(unit, [*design.annotators, *(who for who in stay if who not in table.active)])
        elif unit.id in old:
            for who in dict.fromkeys(old[unit.id]):
                table.give(unit, who)
    table.hand_over_of_leavers()
    had = {who for assigned in old.values() for who in assigned}
    for who in design.annotators:
        if had and (who in joining or who not in had):
            table.take_over(who)
    for unit, number in _numbers(new, [unit for unit in listed if unit.id in old], old, table.everyone, design):
        table.deal(unit, number)
    rank = {who: number for number, who in enumerate(design.annotators)}
    return {
        unit.id: tuple(sorted(table.assigned[unit.id], key=lambda who: (rank.get(who, len(rank)), who)))
        for unit in listed
    }


@dataclass
class _Table:
    """What is dealt so far. `open` counts unanswered units, `dealt` those given by `deal`, `total` all."""

    design: Design
    answered: Mapping[str, Collection[str]]
    assigned: dict[str, list[str]] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    open: Counter[str] = field(default_factory=Counter)
    dealt: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    shared: Counter[tuple[str, str]] = field(default_factory=Counter)
    stories: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.active = set(self.design.annotators)
        self.everyone = set(self.design.everyone)

    def give(self, unit: Unit, who: str) -> None:
        others = self.assigned.setdefault(unit.id, [])
        self._count(unit, who, others, 1)
        others.append(who)
        self.units[unit.id] = unit

    def take(self, unit: Unit, who: str) -> None:
        others = self.assigned[unit.id]
        others.remove(who)
        self._count(unit, who, others, -1)

    def set_everyone(self, unit: Unit, annotators: list[str]) -> None:
        """All have these alike: they say nothing of who shares what, and cannot be moved."""
        self.assigned[unit.id] = annotators
        self.open.update(who for who in annotators if not self._done(unit, who))

    def hand_over_of_leavers(self) -> None:
        for unit in list(self.units.values()):
            for who in [who for who in self.assigned[unit.id] if who not in self.active]:
                takers = self._free(unit)
                if takers and not self._done(unit, who):
                    self.take(unit, who)
                    self.give(unit, min(takers, key=lambda taker: (self.open[taker], *self._fit(unit, taker))))

    def take_over(self, who: str) -> None:
        for unit in list(self.units.values()):
            left = [one for one in self.assigned[unit.id] if one not in self.active and not self._done(unit, one)]
            if left and who not in self.assigned[unit.id]:
                self.take(unit, left[0])
                self.give(unit, who)
        others = [other for other in self.design.annotators if other != who]
        loose = _Loose(others)
        for unit in self.units.values():
            for other in self.assigned[unit.id]:
                if other in others and who not in self.assigned[unit.id] and not self._done(unit, other):
                    loose.add(other, unit, len(self.assigned[unit.id]) > 1)
        rank = {other: number for number, other in enumerate(others)}
        while givers := [other for other in others if loose.has(other) and self.open[other] > self.open[who] + 1]:
            giver = min(givers, key=lambda other: (-self.open[other], rank[other]))
            unit = loose.last(giver)
            if who not in self.assigned[unit.id]:
                self.take(unit, giver)
                self.give(unit, who)
                loose.taken(len(self.assigned[unit.id]) > 1)

    def deal(self, unit: Unit, number: int) -> None:
        """Give to the `number` annotators with the fewest units; among equals, to those who share the fewest."""
        for _ in range(number):
            chosen = min(self._free(unit), key=lambda who: (self.dealt[who], self.total[who], *self._fit(unit, who)))
            self.dealt[chosen] += 1
            self.give(unit, chosen)

    def _free(self, unit: Unit) -> list[str]:
        return [who for who in self.design.annotators if who not in self.assigned.get(unit.id, ())]

    def _fit(self, unit: Unit, who: str) -> tuple[int, int, str]:
        shared = sum(self.shared[_pair(who, other)] for other in self.assigned.get(unit.id, ()))
        return shared, self.stories[who, unit.story], digest(str(self.design.seed), unit.id, who)

    def _done(self, unit: Unit, who: str) -> bool:
        return who in self.answered.get(unit.id, ())

    def _count(self, unit: Unit, who: str, others: Iterable[str], by: int) -> None:
        self.total[who] += by
        self.open[who] += 0 if self._done(unit, who) else by
        if unit.story:
            self.stories[who, unit.story] += by
        for other in others:
            self.shared[_pair(who, other)] += by


class _Loose:
    """What the others have not answered, in order: units that several answer, and units of one alone.

    Who joins gets both in the proportion in which there are any, else hardly one could be compared with others.
    """

    def __init__(self, others: Sequence[str]) -> None:
        self.units: dict[str, dict[bool, list[Unit]]] = {other: {True: [], False: []} for other in others}
        self.there: Counter[bool] = Counter()
        self.gone: Counter[bool] = Counter()

    def add(self, other: str, unit: Unit, several: bool) -> None:
        self.units[other][several].append(unit)
        self.there[several] += 1

    def has(self, other: str) -> bool:
        return any(self.units[other].values())

    def last(self, other: str) -> Unit:
        due = self.gone[True] * self.there.total() < self.there[True] * (self.gone.total() + 1)
        stacks = self.units[other]
        return (stacks[due] or stacks[not due]).pop()

    def taken(self, several: bool) -> None:
        self.gone[several] += 1


def _numbers(
    new: Sequence[Unit],
    kept: Sequence[Unit],
    before: Mapping[str, Sequence[str]],
    everyone: Collection[str],
    design: Design,
) -> list[tuple[Unit, int]]:
    """Return the new units with the number of annotators of each, those with several first.

    The share is that of all units, old and new; which ones are drawn hangs on the seed and their ids alone.
    """
    regular = [unit for unit in kept if unit.id not in everyone]
    several = sum(len(before[unit.id]) > 1 for unit in regular)
    wanted = int(design.overlap_share * (len(regular) + len(new)) + 0.5) - several
    by_draw = sorted(new, key=lambda unit: digest(str(design.seed), "overlap", unit.id))
    drawn = {unit.id for unit in by_draw[: max(0, wanted)]}
    return [(unit, design.overlap) for unit in new if unit.id in drawn] + [
        (unit, 1) for unit in new if unit.id not in drawn
    ]


def _check(design: Design, new: bool, had: Sequence[str]) -> None:
    annotators = list(design.annotators)
    if not annotators:
        raise GoldwireError("there is no annotator to give units to", hint="Name them with: --annotator PSEUDONYM")
    if twice := next((who for who in annotators if annotators.count(who) > 1), None):
        raise GoldwireError(f"annotator {twice} stands twice", hint="Name each once.")
    together(annotators + [who for who in dict.fromkeys(had) if who not in annotators])
    if new and design.overlap > len(annotators):
        raise GoldwireError(
            f"{design.overlap} annotators a unit are asked for, and there are {len(annotators)}: "
            f"{', '.join(annotators)}",
            hint="Name more with --annotator PSEUDONYM, or lower --overlap.",
        )


def _pair(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)
