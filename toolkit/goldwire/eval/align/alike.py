"""Texts that a person takes for the same, and that are not: what they differ in, said so that it can be mended.

Nothing is matched by this: ids and labels are the same when they are equal, character by character.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable

from goldwire.eval.align.columns import Id, shown

_Way = Callable[[str], str]


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


_FORM, _BLANKS, _CASE = "Unicode form", "surrounding blanks", "upper and lower case"
_OF_LABELS: dict[str, _Way] = {_FORM: _composed, _BLANKS: str.strip, _CASE: str.casefold}
_OF_IDS: dict[str, _Way] = {
    "leading zeros": lambda text: re.sub(r"^0+(?=\d)", "", text),
    "a trailing .0": lambda text: re.sub(r"(?<=\d)\.0+$", "", text),
    **_OF_LABELS,
}
UNSEEN = (_FORM, _BLANKS)
"""What two labels on a screen do not show they differ in."""


def ids(gold: Iterable[Id], predicted: Iterable[Id]) -> str | None:
    """Return a sentence on ids that differ only in how they are written; None where there are no such ids.

    Parameters
    ----------
    gold, predicted : iterable of ids
        Those that the other has not.
    """
    mine, theirs = list(gold), list(predicted)
    ways = {**_OF_IDS, "how they are written": _everything}
    found = {name: _same(mine, theirs, way) for name, way in ways.items()}
    name = max(found, key=lambda one: len(found[one]))  # of equals the first: not all at once where one is enough
    if not found[name]:
        return None
    one, other = found[name][0]
    return (
        f'{len(found[name])} ids differ only in {name}, such as "{shown(one)}" in the gold and "{shown(other)}" in '
        "the predictions: write them the same way in both files."
    )


def labels(strange: Iterable[str], known: Collection[str], ways: Collection[str] = tuple(_OF_LABELS)) -> str | None:
    """Return what labels that are not known differ in from known ones; None where it is more than their spelling.

    Parameters
    ----------
    strange, known : labels
    ways : collection of str
        What is looked at: Unicode form, surrounding blanks, upper and lower case.
    """
    said = []
    for label in sorted(strange):
        for way in ways:
            twin = next((one for one in sorted(known) if _OF_LABELS[way](one) == _OF_LABELS[way](label)), None)
            if twin is not None:
                spelt = [f'"{one}"' + (f" ({ascii(one)[1:-1]})" if way == _FORM else "") for one in (label, twin)]
                said.append(f"{spelt[0]} differs from {spelt[1]} only in {way}")
                break
    return "; ".join(said) or None


def _everything(text: str) -> str:
    for way in (_BLANKS, *_OF_IDS):
        text = _OF_IDS[way](text)
    return text


def _same(gold: list[Id], predicted: list[Id], way: _Way) -> list[tuple[Id, Id]]:
    theirs = {tuple(way(part) for part in key): key for key in reversed(predicted)}
    pairs = ((key, theirs.get(tuple(way(part) for part in key))) for key in gold)
    return [(one, other) for one, other in pairs if other is not None]
