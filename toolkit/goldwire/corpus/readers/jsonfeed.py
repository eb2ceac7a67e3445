"""What the JSON parser is fed: a file's text in UTF-8, in bounded memory."""

import re

from goldwire.corpus.readers.base import LONGEST
from goldwire.corpus.readers.encoding import Decoded

CHUNK = 65_536
"""Bytes that the parser asks for at a time."""
BAD = 0x10FF00
"""What a byte that is not in the file's encoding is added to on its way through: no text has these characters."""
BAD_BYTE = re.compile("[\U0010ff00-\U0010ffff]")
_ESCAPED = re.compile("[\udc00-\udcff]")


class Feed:
    """A file's text in UTF-8, as the parser takes it. Of a string that is longer than any record it gives a part."""

    def __init__(self, found: Decoded) -> None:
        self.found = found
        self.bad = False  # whether there was such a byte
        self.quiet = 0  # characters since the parser last told of anything
        self.cut = False  # whether it gave a part of a string, which the parser has not told of yet
        self._last = ""
        self._odd = 0  # 1 where the text before the last one ended in an odd number of backslashes

    def read(self, size: int) -> bytes:
        """Return what the parser gets next; nothing at the end."""
        # The parser begins a token that is not complete all over again, so that pieces must grow with it.
        text = self.found.stream.read(max(size, self.quiet) if size else 0)
        if self.quiet > LONGEST:
            self.cut = True
            text = self._after_string(text)
        self.quiet += len(text)
        run = len(self._last) - len(self._last.rstrip("\\"))
        self._odd = (run + self._odd) % 2 if run == len(self._last) else run % 2
        self._last = text
        try:
            return text.encode()
        except UnicodeEncodeError:
            self.bad = True
            return _ESCAPED.sub(lambda match: chr(BAD + ord(match.group()) - 0xDC00), text).encode()

    def _after_string(self, text: str) -> str:
        """Return what follows the rest of a string, with its closing quote."""
        cut = _CUT_ESCAPE.search(self._last)
        escape = cut.group() if cut else ""
        backslashes = len(escape) - len(escape.lstrip("\\"))
        odd = (backslashes + (self._odd if len(escape) == len(self._last) else 0)) % 2
        begun = escape[backslashes:] if odd else None
        ended = "" if begun is None else "0" * (5 - len(begun)) if begun else "\\"
        if begun == "":
            text = text[1:] or self.found.stream.read(CHUNK)[1:]
        while text:
            rest = text[_STRING.match(text).end() :]  # type: ignore[union-attr]  # it matches the empty string too
            if rest.startswith('"'):
                return ended + rest
            # What is left is a backslash whose character is still to come, or nothing.
            text = rest + self.found.stream.read(CHUNK) if rest else self.found.stream.read(CHUNK)
            if len(text) == len(rest):
                break
        return ended


_CUT_ESCAPE = re.compile(r"\\++(?:u[0-9a-fA-F]{0,3})?\Z")
_STRING = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
