"""Whether a text names a target: its name or an alias, as a word of its own.

Not told apart are accents (Erdoğan, Erdogan; Arabic vowel signs), typographic and plain apostrophes, line ends and
spaces, and case. But an abbreviation, a single word written in capitals, must have them in the text too: US is not
"us", WHO is not "who". One of four letters or more may also have a capital in front only (NATO, Nato).

"Moscow's" and "Moscow-based" name Moscow, "Muscovite" and "Moscows" do not: inflected forms are aliases to be given.
Scripts without capitals may have no spaces (Chinese, Thai), or write articles and prepositions to the word (Arabic,
Hebrew): there a name also counts inside a word.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from goldwire.errors import GoldwireError
from goldwire.text.normalise import normalise_line

_BETWEEN = "|"
_SHORT = 3  # letters of an abbreviation that may be a common word when it is not in capitals
# Latin, Greek and Cyrillic accents; the Arabic vowel signs, hamzas and the stroke that stretches a word.
_MARKS = re.compile("[\u0300-\u036f\u0640\u064b-\u065f\u0670]")
_ALIKE = str.maketrans("łŁøØđĐı’‘ʼ\u2010", "lLoOdDi'''-")


@dataclass(frozen=True)
class Searched:
    """A text in the two forms that names are looked for in: with its capitals, and without."""

    plain: str
    folded: str

    @classmethod
    def of(cls, text: str) -> Self:
        """Prepare a text once, for any number of targets."""
        plain = _plain(text)
        return cls(plain, plain.casefold())


@dataclass(frozen=True)
class Target:
    """Whom or what a stance is about, and the other names under which a text may speak of it."""

    name: str
    aliases: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``Russia|Moscow|the Kremlin``: the name, then the aliases.

        Raises
        ------
        GoldwireError
            When there is no name.
        """
        name, _, aliases = text.partition(_BETWEEN)
        if not normalise_line(name):
            raise GoldwireError("the target has no name", where=repr(text), hint="Write NAME or NAME|ALIAS|ALIAS.")
        return cls(normalise_line(name), tuple(aliases_of(aliases)))

    def is_named_in(self, text: str | Searched) -> bool:
        """Whether the name or an alias stands in the text; the module says what counts."""
        searched = Searched.of(text) if isinstance(text, str) else text
        exact, folded = self._forms
        return _any_stands_in(exact, searched.plain) or _any_stands_in(folded, searched.folded)

    @cached_property
    def _forms(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What to look for in the text with its capitals, and without."""
        exact: list[str] = []
        folded: list[str] = []
        for name in map(_plain, (self.name, *self.aliases)):
            if name.isupper() and " " not in name:
                exact += [name] if len(name) <= _SHORT else [name, name.title()]
            elif name:
                folded.append(name.casefold())
        return tuple(dict.fromkeys(exact)), tuple(dict.fromkeys(folded))


def aliases_of(given: str | Iterable[object] | None) -> list[str]:
    """Return the aliases in a list, or in a text with "|" between them, normalised as texts are."""
    parts = given.split(_BETWEEN) if isinstance(given, str) else given or []
    return [line for part in parts if (line := normalise_line(str(part)))]


def _plain(text: str) -> str:
    """Return the text on one line, without what is not told apart, but for case."""
    if not text.isascii():
        bare = _MARKS.sub("", unicodedata.normalize("NFKD", text))
        text = unicodedata.normalize("NFKC", bare).translate(_ALIKE)  # composed, or one Hangul would begin another
    return " ".join(text.split())


def _any_stands_in(names: Iterable[str], text: str) -> bool:
    for name in names:
        start = text.find(name)
        while start >= 0:
            end = start + len(name)
            before, after = text[start - 1 : start], text[end : end + 1]
            if not (_in_word(before, name[0]) or _in_word(name[-1], after)):
                return True
            start = text.find(name, start + 1)
    return False


def _in_word(left: str, right: str) -> bool:
    """Whether two neighbours belong to one word of a script that has capitals, and so has spaces."""
    return _parted_by_spaces(left) and _parted_by_spaces(right)


def _parted_by_spaces(char: str) -> bool:
    return char.isdigit() or char.upper() != char.lower()  # "" is neither: the end of the text
