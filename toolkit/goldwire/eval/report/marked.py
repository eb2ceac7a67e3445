"""A text with its mentions, as pieces that a template can escape one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from goldwire.eval.result import Mark


@dataclass(frozen=True)
class Piece:
    """A stretch of text, and whether a mention covers it; `ends` are the labels of the mentions that end with it."""

    text: str
    covered: bool
    ends: tuple[str, ...]


def pieces(text: str, marks: Sequence[Mark]) -> list[Piece]:
    """Cut a text where mentions begin and end, so that those that overlap or lie in each other are all shown.

    Mentions that do not lie within the text are left out. The pieces together are the text.
    """
    inside = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    cuts = sorted({0, len(text), *(mark.start for mark in inside), *(mark.end for mark in inside)})
    found = []
    for begin, end in pairwise(cuts):
        covering = [mark for mark in inside if mark.start <= begin and end <= mark.end]
        ends = tuple(mark.label for mark in covering if mark.end == end)
        found.append(Piece(text[begin:end], bool(covering), ends))
    return found
