"""Notes: what people must know of a division, in whole sentences with figures."""

from collections.abc import Sequence

_LISTED = 10
_LONGEST = 60  # characters of a value


def counted(n: int, noun: str) -> str:
    """Return ``1 unit``, ``1,234 units``, ``2 stories``."""
    if noun.endswith("y") and noun[-2:-1] not in (*"aeiou", ""):
        plural = f"{noun[:-1]}ies"
    else:
        plural = f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"
    return f"{n:,} {noun if n == 1 else plural}"


def short(value: str) -> str:
    """Return a value on one line, cut where it is long."""
    line = " ".join(value.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def listed(names: Sequence[str]) -> str:
    """Return the first names, and how many more there are."""
    more = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" and {more:,} more" if more > 0 else "")


def joined(words: Sequence[str]) -> str:
    """Return ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def are(n: int) -> str:
    return "is" if n == 1 else "are"


def have(n: int) -> str:
    return "has" if n == 1 else "have"
