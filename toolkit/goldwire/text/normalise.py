"""Normalisation: one text, one form. It is done once, when an article comes in, and offsets count in its result."""

import re
import unicodedata

VERSION = "1"
"""Which rules made a text; it is stored with every article and changes whenever the result of any text would."""

_NEWLINE = "\r\x0b\x0c\x85\u2028\u2029"
# Invisible characters that carry nothing for a reader: control characters, soft hyphens, word joiners, invisible
# operators, byte-order marks, annotation anchors, the language tag. The other format characters stay: joiners make
# emoji and Persian words, tags make flags, marks order bidirectional text, some are visible (Arabic number signs).
_REMOVED = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb"
_LANGUAGE_TAG = "\U000e0001"
# One search for all of them costs less than replacing each, and most texts have none. The language tag is looked for
# by itself, since a class of characters beyond the first plane is searched slowly.
_ODD_BYTES = bytes([*range(9), *range(11, 32), 127])
_ODD = re.compile(f"[{_NEWLINE}{_REMOVED}]")
_OTHER_LINE_END = re.compile(f"[{_NEWLINE}]")
_GONE = re.compile(f"[{_REMOVED}{_LANGUAGE_TAG}]")
_BLANK_LINES = re.compile("\n{3,}")
_ZERO_WIDTH_SPACE = "\u200b"
# Thai, Lao, Myanmar and Khmer part words with the zero-width space; elsewhere it is a leftover of web pages.
_PARTED_BY_IT = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")


def normalise(text: str) -> str:
    r"""Return the text in the one form that annotators read and offsets count in.

    - Line ends (CRLF, CR, vertical tab, form feed, NEL, U+2028, U+2029) become ``\n``.
    - Byte-order marks, control characters other than tab, soft hyphens and other characters that show nothing are
      removed. Joiners (ZWJ, ZWNJ), bidirectional marks, variation selectors and emoji tags stay. The zero-width
      space stays in a text that has Thai, Lao, Myanmar or Khmer letters.
    - Characters are composed (Unicode NFC).
    - White space at the end of a line goes, as does white space around the text. Three or more line ends become two,
      so a blank line still parts paragraphs.

    Normalising twice changes nothing.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if text.isascii():
        if len(text.encode().translate(None, _ODD_BYTES)) != len(text):
            text = _GONE.sub("", _OTHER_LINE_END.sub("\n", text))
    else:
        if _ODD.search(text) or _LANGUAGE_TAG in text:
            text = _GONE.sub("", _OTHER_LINE_END.sub("\n", text))
        if _ZERO_WIDTH_SPACE in text and not _PARTED_BY_IT.search(text):
            text = text.replace(_ZERO_WIDTH_SPACE, "")
        text = unicodedata.normalize("NFC", text)
    # Line by line, since a regular expression for trailing white space is quadratic in a long run of spaces.
    text = "\n".join([line.rstrip() for line in text.split("\n")])
    if "\n\n\n" in text:
        text = _BLANK_LINES.sub("\n\n", text)
    return text.strip()


def normalise_line(text: str) -> str:
    """Return the normalised text on one line, every run of white space one space: titles, names, ids."""
    return " ".join(normalise(text).split())
