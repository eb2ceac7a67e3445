"""The objects of a JSON array, one after another while its bytes arrive: an export has any size, memory has not.

Python's own decoder is used, since an export may hold what stricter ones refuse: half of a surrogate pair, say.
"""

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

GATHER = 1 << 20  # bytes decoded at a time: an object that is cut off is begun again, so small chunks would be slow
LONGEST = 1 << 28  # characters of one object

_FIRST = re.compile(r"\ufeff?\s*\[\s*(?=\{)")
_NEXT = re.compile(r"\s*,\s*(?=\{)")
_NONE = re.compile(r"\ufeff?\s*\[\s*\]\s*")
_END = re.compile(r"\s*\]\s*")


def objects(chunks: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Yield the objects of the array that the chunks hold (UTF-8), in bounded memory.

    Raises
    ------
    ValueError
        When they hold something else than an array of objects, or not the whole of one. The objects before that
        have been given.
    """
    decode = json.JSONDecoder().raw_decode
    text, place, before, end = "", 0, _FIRST, _NONE
    for piece in _pieces(chunks):
        text, place = text[place:] + piece, 0
        while found := before.match(text, place):
            try:
                value, place = decode(text, found.end())
            except ValueError:
                break  # cut off here, or wrong: then the rest does not mend it
            yield value
            before, end = _NEXT, _END
        if len(text) - place > LONGEST:
            break
    if not end.fullmatch(text, place):
        raise ValueError("this is not a whole array of JSON objects")


def _pieces(chunks: Iterable[bytes]) -> Iterator[str]:
    decode = codecs.getincrementaldecoder("utf-8")().decode
    gathered: list[bytes] = []
    size = 0
    for chunk in chunks:
        gathered.append(chunk)
        size += len(chunk)
        if size >= GATHER:
            yield decode(b"".join(gathered))
            gathered, size = [], 0
    yield decode(b"".join(gathered), final=True)
