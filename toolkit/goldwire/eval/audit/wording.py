"""Numbers, names and cases in the sentences of findings."""

from collections.abc import Sequence
from itertools import chain, zip_longest


def counted(n: int, what: str) -> str:
    """Return a number with its noun: ``1 unit``, ``2,000 units``, ``3 stories``, ``2 addresses``."""
    if what.endswith("y") and what[-2:-1] not in "aeiou":
        plural = what[:-1] + "ies"
    else:
        plural = what + ("es" if what.endswith("s") else "s")
    return f"{n:,} {what if n == 1 else plural}"


def portion(part: int, whole: int) -> str:
    """Return ``3 of 40 (7.5%)``."""
    return f"{part:,} of {whole:,} ({part / whole:.1%})" if whole else "0 of 0"


def listed(names: Sequence[str], most: int = 5) -> str:
    """Return the first names, and how many more there are: ``a, b and 3 more``."""
    more = len(names) - most
    return ", ".join(shortened(name) for name in names[:most]) + (f" and {more:,} more" if more > 0 else "")


def shortened(value: str, most: int = 80) -> str:
    """Return a value in one line, and of a long one the beginning with "..." behind it: a headline may be a text."""
    line = " ".join(value[: 2 * most].split())
    return line if len(value) <= 2 * most and len(line) <= most else f"{line[: most - 3]}..."


def in_turn(*kinds: Sequence[str]) -> list[str]:
    """Return the first of each kind, then the second of each, so that all kinds are among the first few."""
    return [case for case in chain(*zip_longest(*kinds)) if case is not None]
