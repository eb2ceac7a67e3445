"""Which spans of different annotators are the same mention, and where that mention begins and ends."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

LEAST_OVERLAP = 0.5


@dataclass(frozen=True, order=True)
class Span:
    """A span that an annotator marked; offsets as in `tables`. `id` tells spans apart, and orders equal ones."""

    start: int
    end: int
    id: str
    annotator: str


def overlap(a: Span, b: Span) -> float:
    """Return the characters in both spans over the characters in either, 0 to 1."""
    shared = max(0, min(a.end, b.end) - max(a.start, b.start))
    either = (a.end - a.start) + (b.end - b.start) - shared
    return shared / either if either else float(a.start == b.start)


def cluster(spans: Sequence[Span], least: float = LEAST_OVERLAP) -> list[list[Span]]:
    """Group spans into mentions, at most one span of each annotator in a mention.

    The two spans that overlap most are joined first, then the next two, as long as they overlap by `least` or
    more and their mentions have no annotator in common. Equal overlaps go by place in the text, so the result
    does not depend on the order or the names of the annotators, but where one of them marked the same span twice.

    Returns
    -------
    list of list of Span
        By place in the text; each span is in exactly one.
    """
    ordered = sorted(spans)
    group = {span: [span] for span in ordered}
    pairs = [
        (overlap(a, b), a, b) for a, b in combinations(ordered, 2) if a.annotator != b.annotator and a.end >= b.start
    ]
    pairs.sort(key=lambda pair: (-pair[0], pair[1], pair[2]))
    for share, a, b in pairs:
        one, other = group[a], group[b]
        if share < least:
            break
        if {span.annotator for span in one}.isdisjoint(span.annotator for span in other):
            one.extend(other)
            for span in other:
                group[span] = one
    distinct = {id(members): sorted(members) for members in group.values()}
    return sorted(distinct.values())


def boundaries(spans: Sequence[Span]) -> tuple[int, int]:
    """Return the (start, end) that most of a mention's annotators marked.

    Of several, that with the highest mean overlap with the mention's spans; then the shortest; then the first.
    """
    times = Counter((span.start, span.end) for span in spans)
    most = max(times.values())
    candidates = {(span.start, span.end): span for span in spans if times[span.start, span.end] == most}

    def preference(span: Span) -> tuple[float, int, int]:
        return (-sum(overlap(span, other) for other in spans), span.end - span.start, span.start)

    best = min(candidates.values(), key=preference)
    return best.start, best.end
