"""Authors, as params.card.authors names them: people, or the bodies that stand as authors."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_ORCID = re.compile(r"\(?\s*(?:https?://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])\s*\)?\s*$")
_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")  # blanks and control characters
_COMMA = re.compile(r"([^,]+),\s*([^,]+)")
_INITIALS = re.compile(r"((?:[^\W\d_]\.[\s-]?)+)\s*([^\W\d_][^.,]*)")
_BODY = re.compile(r"\b(?:of|for|and|the|inc|ltd|llc|gmbh|university|institute|department|team|project)\b|&", re.I)


@dataclass(frozen=True)
class Author:
    """An author. One without `family` is not a person, or nobody can tell from how the name is written.

    Attributes
    ----------
    name : str
        As it was written, without the ORCID.
    family, given : str or None
    orcid : str or None
        As a URL.
    """

    name: str
    family: str | None = None
    given: str | None = None
    orcid: str | None = None


def authors(names: Iterable[str]) -> list[Author]:
    """Return the authors, each once.

    A person is written ``Family, Given`` or with initials, ``A. Family``, and may have an ORCID behind the name. Any
    other name is kept whole: a guess would make "Reuters Institute" a Ms Institute.
    """
    shown = (_UNSEEN.sub(" ", name).strip() for name in names)
    return list(dict.fromkeys(_author(name) for name in shown if name))


def _author(text: str) -> Author:
    found = _ORCID.search(text)
    orcid = f"https://orcid.org/{found[1]}" if found else None
    name = text[: found.start()].strip(" ,;") if found else text
    if not name:
        return Author(text)
    if (match := _COMMA.fullmatch(name)) and not _BODY.search(name):
        return Author(name, match[1].strip(), match[2].strip(), orcid)
    if (match := _INITIALS.fullmatch(name)) and not _BODY.search(name):
        return Author(name, match[2].strip(), match[1].strip(), orcid)
    return Author(name, orcid=orcid)
