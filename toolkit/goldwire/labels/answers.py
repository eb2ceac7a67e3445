"""The answers to one question, as arrays, in an order that does not depend on that of the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from goldwire.errors import GoldwireError

Codes = NDArray[np.int64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Answers:
    """The answers to one question.

    Parameters
    ----------
    scheme, question : str
        Empty for a plain file.
    type : str
        single, multiple, tree, ordinal or text, as in a scheme.
    may_be_empty : bool
        Whether the empty set is an answer.
    labels : list of str
        Those of the scheme in its order (recoded, without "unsure"), then `foreign`.
    foreign : list of str
        Labels seen that the scheme has not, by name. Without a scheme, all of them.
    units, annotators : list of str
        Sorted: those with votes, whether they answered this question or not.
    sets : list of tuple of str
        The distinct answers. Of a question that takes one label, one for each of `labels`, in that order.
    unit, annotator, answer : arrays of int
        One element an answer: indices into the three lists.
    unsure : int
        How many answers abstained.
    """

    scheme: str
    question: str
    type: str
    may_be_empty: bool
    labels: list[str]
    foreign: list[str]
    units: list[str]
    annotators: list[str]
    sets: list[tuple[str, ...]]
    unit: Codes
    annotator: Codes
    answer: Codes
    unsure: int

    @property
    def takes_one(self) -> bool:
        """Whether an answer is one label, not a set."""
        return _takes_one(self.type)

    @cached_property
    def size(self) -> Counts:
        """How many answers each unit has."""
        return np.bincount(self.unit, minlength=len(self.units))


def assemble(
    scheme: str,
    question: str,
    kind: str,
    may_be_empty: bool,
    known: list[str],
    said: Sequence[tuple[str, ...] | None],
    chosen: Codes,
    units: list[str],
    annotators: list[str],
    unit: Codes,
    annotator: Codes,
) -> Answers:
    """Put everything in order. `said` has what each code of `chosen` means: None abstains, () is no answer."""
    key = unit * len(annotators) + annotator
    if (np.diff(key) < 0).any():
        order = np.argsort(key, kind="stable")
        key, unit, annotator, chosen = key[order], unit[order], annotator[order], chosen[order]
    again = np.diff(key) == 0
    if again.any():
        first = int(again.argmax())
        raise GoldwireError(
            f"{annotators[annotator[first]]} answered {units[unit[first]]} twice ({int(again.sum())} such rows)",
            hint="Fold the pulls again with: goldwire labels build"
            if scheme
            else "Say which answer counts: --duplicates last, or --duplicates first",
        )
    seen = {label for labels in said if labels for label in labels}
    foreign = sorted(seen - set(known))
    labels = known + foreign
    place = {label: i for i, label in enumerate(labels)}
    meant = [None if x is None else tuple(sorted(set(x), key=place.__getitem__)) for x in said]
    if _takes_one(kind):
        several = [i for i, x in enumerate(meant) if x is not None and len(x) > 1]
        if several and (wrong := np.flatnonzero(np.isin(chosen, several))).size:
            who, what = annotators[annotator[wrong[0]]], units[unit[wrong[0]]]
            raise GoldwireError(f'question "{question}" takes one label, and {who} gave {what} several')
        sets: list[tuple[str, ...]] = [(label,) for label in labels]
    else:
        given = {x for x in meant if x is not None and (x or may_be_empty)}
        sets = sorted(given, key=lambda x: [place[y] for y in x])
    index = {x: i for i, x in enumerate(sets)}
    code = np.array([-2 if x is None else index.get(x, -1) for x in meant], dtype=np.int64)
    answer = code[chosen]
    keep = answer >= 0
    return Answers(
        scheme, question, kind, may_be_empty, labels, foreign, units, annotators, sets,
        unit[keep], annotator[keep], answer[keep], int((answer == -2).sum()),
    )  # fmt: skip


def _takes_one(kind: str) -> bool:
    return kind in ("single", "ordinal", "text")
