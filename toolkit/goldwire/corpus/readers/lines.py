"""Lines of a stream, in bounded memory."""

from collections.abc import Iterator
from typing import IO, AnyStr

from goldwire.corpus.readers.base import LONGEST

_PIECE = 1_000_000
_CONTINUATION = bytes(range(0x80, 0xC0))  # bytes of UTF-8 that begin no character


def lines(stream: IO[AnyStr]) -> Iterator[AnyStr | None]:
    """Yield every line with its line end; None for one of more than `LONGEST` characters, which is passed over."""
    while line := stream.readline(_PIECE):
        if len(line) < _PIECE:
            yield line
        else:
            yield _rest(stream, line)


def _rest(stream: IO[AnyStr], line: AnyStr) -> AnyStr | None:
    pieces, size = [line], _characters(line)
    while _open(pieces[-1]) and (piece := stream.readline(_PIECE)):
        size += _characters(piece)
        if size <= LONGEST:
            pieces.append(piece)
        else:
            pieces = [piece]  # only its end is of interest
    return line[:0].join(pieces) if size <= LONGEST else None


def _open(piece: AnyStr) -> bool:
    """Say whether the line goes on: a piece that is full may end between a carriage return and its line feed."""
    end = piece[-1:]
    return end not in ("\n", b"\n") and (len(piece) == _PIECE or end not in ("\r",))


def _characters(piece: AnyStr) -> int:
    return len(piece.translate(None, _CONTINUATION)) if isinstance(piece, bytes) else len(piece)
