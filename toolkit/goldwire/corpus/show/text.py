"""A comparison of two articles as text, in two columns."""

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby, zip_longest

from goldwire.corpus.show.comparison import SHOWN, Article, Comparison, Side, Span

_GUTTER, _SHARED = " | ", " = "
_NARROWEST = 20  # columns for an article, on whatever terminal
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"

Line = list[tuple[str, bool]]  # texts, and whether they are shared


def render(comparison: Comparison, width: int, *, bold: bool = False) -> str:
    """Return the two articles side by side.

    Parameters
    ----------
    comparison : Comparison
    width : int
        Columns in all; CJK characters take two.
    bold : bool
        Mark what is shared in bold, as a terminal shows it; else it stands in brackets.
    """
    a, b = comparison.a, comparison.b
    column = max(_NARROWEST, (width - len(_GUTTER)) // 2)
    lines = [
        f"containment {comparison.containment:.3f}  jaccard {comparison.jaccard:.3f}  "
        f"({comparison.shingle}-word shingles)",
        f"Shared passages {'are bold' if bold else 'stand in [brackets], with = between them'}.",
        "",
    ]
    for left, right in zip_longest(_head(a), _head(b), fillvalue=""):
        lines += _beside([(left, False)], [(right, False)], column)
    lines.append(f"{'-' * (column + 1)}+{'-' * (column + 1)}")
    for span_a, span_b in comparison.rows:
        lines += _beside(_marked(a, span_a, bold), _marked(b, span_b, bold), column, bold=bold)
    for name, side in (("left", a), ("right", b)):
        if side.is_cut:
            lines += ["", f"The {name} article is cut after {SHOWN:,} of its {side.words:,} words."]
    return "\n".join(lines)


def _head(side: Side) -> list[str]:
    article: Article = side.article
    about = [article.outlet, article.date, f"{side.words:,} words"]
    return [
        article.article_id,
        ", ".join(part for part in about if part),
        *([article.title] if article.title else []),
    ]


def _marked(side: Side, span: Span, bold: bool) -> Line:
    """Return the pieces of a row, with brackets where a passage begins and ends (which may be in other rows)."""
    starts = {start for start, _ in side.passages}
    ends = {end for _, end in side.passages}
    pieces, at = [], span[0]
    for text, shared in side.pieces(span):
        end = at + len(text)
        shown = text
        if shared and not bold:
            shown = f"{'[' if at in starts else ''}{text}{']' if end in ends else ''}"
        pieces.append((shown, shared))
        at = end
    return pieces


def _beside(left: Line, right: Line, column: int, *, bold: bool = False) -> Iterator[str]:
    shared = not bold and _is_shared(left) and _is_shared(right)
    gutter = _SHARED if shared else _GUTTER
    nothing: Line = []
    for a, b in zip_longest(_wrapped(left, column), _wrapped(right, column), fillvalue=nothing):
        padding = " " * (column - sum(_cells(text) for text, _ in a))
        yield f"{_styled(a, bold)}{padding}{gutter}{_styled(b, bold)}".rstrip()


def _is_shared(line: Line) -> bool:
    return bool(line) and all(shared or not text.strip() for text, shared in line)


def _styled(line: Line, bold: bool) -> str:
    runs = ((shared, "".join(text for text, _ in run)) for shared, run in groupby(line, key=lambda piece: piece[1]))
    return "".join(f"{_BOLD}{text}{_PLAIN}" if bold and shared else text for shared, text in runs)


def _wrapped(pieces: Line, column: int) -> list[Line]:
    """Break pieces into lines of at most `column` cells, at white space; a line end stays, a longer word is cut."""
    lines: list[Line] = [[]]
    used = 0
    for token in _tokens(pieces):
        text = "".join(part for part, _ in token)
        if text == "\n":
            lines.append([])
            used = 0
            continue
        size = _cells(text)
        if used and used + size > column:
            lines.append([])
            used = 0
            if text.isspace():
                continue
        if text.isspace() and (not used or size > column):
            continue
        for part, shared in token:
            for cut in _cut(part, column, column - used if size > column else column):
                if used and used + _cells(cut) > column:
                    lines.append([])
                    used = 0
                lines[-1].append((cut, shared))
                used += _cells(cut)
    while len(lines) > 1 and not lines[-1]:
        lines.pop()
    while len(lines) > 1 and not lines[0]:
        lines.pop(0)
    return lines


def _tokens(pieces: Line) -> Iterator[Line]:
    """Yield words, white space and line ends; a word may be of several pieces."""
    token: Line = []
    for text, shared in pieces:
        for part in _split(text):
            if part.isspace():
                if token:
                    yield token
                    token = []
                yield [(part, shared)]
            else:
                token.append((part, shared))
    if token:
        yield token


def _split(text: str) -> Iterator[str]:
    """Yield runs of other characters, single spaces for white space, and line ends; controls become U+FFFD."""
    run: list[str] = []
    for character in text:
        if character.isspace():
            if run:
                yield "".join(run)
                run = []
            yield "\n" if character == "\n" else " "
        else:
            # an escape sequence in a text must not reach the terminal
            run.append("\ufffd" if unicodedata.category(character) == "Cc" else character)
    if run:
        yield "".join(run)


def _cut(text: str, column: int, first: int) -> Iterable[str]:
    """Yield a text in parts of at most `column` cells, the first of at most `first`."""
    part, size, room = "", 0, max(first, 1)
    for character in text:
        cells = _cells(character)
        if part and size + cells > room:
            yield part
            part, size, room = "", 0, column
        part, size = part + character, size + cells
    if part:
        yield part


def _cells(text: str) -> int:
    """Return the columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.category(c) in ("Mn", "Me", "Cf") else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
