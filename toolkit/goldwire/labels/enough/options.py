"""What is asked: which numbers of annotators and units, and what would be enough."""

from dataclasses import dataclass
from typing import Literal

from goldwire.errors import UsageError

MOST_ANNOTATORS = 50
LEAST_SIMULATIONS, MOST_SIMULATIONS = 20, 10_000


@dataclass(frozen=True)
class Options:
    """Rows, and how they are reckoned.

    Parameters
    ----------
    annotators : tuple of int
        Answers a unit, 2 or more.
    more : tuple of int
        Units to add to those there are.
    simulations : int
        Rounds that are simulated.
    method : "majority" or "dawid-skene"
        How votes become gold.
    half_width, accuracy : float, optional
        What would be enough, between 0 and 1: alpha's half-width at most, accuracy at least.
    resamples : int
        Of the interval of alpha as measured; see `goldwire.stats.resample`.
    level : float
        Coverage of the intervals.
    seed : int

    Raises
    ------
    UsageError
        When a number is outside its range.
    """

    annotators: tuple[int, ...] = tuple(range(2, 11))
    more: tuple[int, ...] = (0, 100, 500, 1000)
    simulations: int = 200
    method: Literal["majority", "dawid-skene"] = "majority"
    half_width: float | None = None
    accuracy: float | None = None
    resamples: int = 1000
    level: float = 0.95
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.annotators or min(self.annotators) < 2 or max(self.annotators) > MOST_ANNOTATORS:
            raise UsageError(
                f"--annotators are numbers from 2 to {MOST_ANNOTATORS}", hint="Such as --annotators 2-5 or 2,3,5."
            )
        if not self.more or min(self.more) < 0 or max(self.more) > 10**9:
            raise UsageError("--more are numbers of units, from 0", hint="Such as --more 0,200,400.")
        if not LEAST_SIMULATIONS <= self.simulations <= MOST_SIMULATIONS:
            raise UsageError(f"--simulations is a number from {LEAST_SIMULATIONS} to {MOST_SIMULATIONS:,}")
        for name, value in (("--half-width", self.half_width), ("--accuracy", self.accuracy)):
            if value is not None and not 0 < value < 1:
                raise UsageError(f"{name} is between 0 and 1")


def numbers(text: str, name: str) -> tuple[int, ...]:
    """Return the numbers of ``2-5``, ``0,100,500`` or ``2,4-6``, sorted, each once.

    Raises
    ------
    UsageError
        When it is not so written.
    """
    found: set[int] = set()
    for part in text.replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        if not (first.isdecimal() and len(first) < 10 and (not dash or (last.isdecimal() and len(last) < 10))):
            raise UsageError(
                f'"{text}" is no list of numbers', where=name, hint=f"Such as {name} 2-5 or {name} 2,3,5."
            )
        end = int(last) if dash else int(first)
        if end < int(first) or end - int(first) > 1000:
            raise UsageError(f'"{part}" is no range', where=name, hint="Name the lower number first, as in 2-5.")
        found.update(range(int(first), end + 1))
    return tuple(sorted(found))
