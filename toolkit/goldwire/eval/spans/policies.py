"""Whether predicted mentions and relations are of the gold they are scored against, and what becomes of others."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.eval.align import Extra as ExtraRows
from goldwire.eval.align import alike, refuse_twins
from goldwire.eval.align.columns import column, some
from goldwire.eval.scoring import OTHER, POLICY, Unknown, refuse

Extra = Literal[ExtraRows, "wrong"]
Missing = Literal["error", "wrong"]

_EXTRA = (
    "A unit in which the gold has nothing stands in no row of it: what is predicted there can count as wrong, or be "
    "left out: --extra wrong, --extra ignore"
)
_EMPTY = "Where the model found nothing, say so: --missing wrong"


@dataclass(frozen=True)
class Policy:
    """What becomes of predictions that do not fit the gold.

    Attributes
    ----------
    extra : {"error", "wrong", "ignore"}
        Of predictions of units that the gold has not: "wrong" counts them as found where nothing is.
    missing : {"error", "wrong"}
        Of gold without any prediction at all. Single units without a prediction are always missed, with a warning.
    unknown : {"error", "wrong", "label"}
        Of predicted labels that the gold has not: "label" gives each its own figures, too.
    """

    extra: Extra = "error"
    missing: Missing = "error"
    unknown: Unknown = "error"

    def recipe(self) -> dict[str, str]:
        """Return what is not as it is without being asked for."""
        return {name: value for name, value in vars(self).items() if value != "error"}


@dataclass(frozen=True)
class Fitted:
    """Predictions as they are scored, and what a reader of the scores has to know of them, as sentences."""

    predicted: pa.Table
    warnings: tuple[str, ...]


def fit(gold: pa.Table, predicted: pa.Table, unit: str, policy: Policy, units: Collection[str] = ()) -> Fitted:
    """Return the predictions that are scored; labels that only count as wrong are `OTHER`.

    Parameters
    ----------
    gold, predicted : pa.Table
        With the unit and the label, in every row.
    units : collection of str
        Units of the gold beside those of its rows.

    Raises
    ------
    GoldwireError
        When one of the two is empty, or predictions are of other units or have other labels, as the policy says.
    """
    if not gold.num_rows:
        raise GoldwireError("there is nothing to score: the gold has no rows")
    if not predicted.num_rows and policy.missing == "error":
        raise GoldwireError("the predictions have no rows", hint=_EMPTY)
    mine, theirs = _texts(gold, unit, "the gold"), _texts(predicted, unit, "the predictions")
    known = {*mine, *units}
    warnings = []
    if strange := [name for name in theirs if name not in known]:
        odd = [(name,) for name in sorted(set(strange))]
        if policy.extra == "error":
            said = alike.ids([(name,) for name in sorted(known - set(theirs))], odd)
            raise GoldwireError(
                f"the predictions are of units that are not in the gold: {some(odd)} of {len(set(theirs))} predicted",
                hint=_EXTRA if said is None else f"{said[0].upper()}{said[1:]} {_EXTRA}",
            )
        then = "they count as wrong" if policy.extra == "wrong" else "they are left out"
        warnings.append(f"{len(strange)} predictions are of units that the gold has not: {then}")
        if policy.extra == "ignore":
            predicted = predicted.filter(pa.array([name in known for name in theirs], pa.bool_()))
            if not predicted.num_rows and policy.missing == "error":
                raise GoldwireError("no prediction is of a unit of the gold", hint=_EMPTY)
    if without := set(mine) - set(theirs):
        warnings.insert(
            0, f"{len(without)} of {len(set(mine))} gold units have no prediction: what they have is missed"
        )
    predicted, odd_labels = _labelled(gold, predicted, unit, policy.unknown)
    if odd_labels:
        warnings.append(f"{odd_labels} predictions have labels that are not known: these count as wrong")
    return Fitted(predicted, tuple(warnings))


def refuse_repeated(table: pa.Table, what: str, unit: str, fields: Sequence[str], identity: str) -> None:
    """Raise for ids that stand more than once in a unit and, where a row has no id, for rows that are the same.

    Parameters
    ----------
    fields : sequence of str
        The columns that make a row what it is, beside its unit.
    identity : str
        The column of the ids, which may be lacking.
    """
    ids = column(table, identity, what) if identity in table.column_names else [None] * table.num_rows
    rows: list[tuple[Any, ...]] = list(zip(*(column(table, name, what) for name in (unit, *fields)), strict=True))
    named = [(str(row[0]), str(one)) for row, one in zip(rows, ids, strict=True) if one not in (None, "")]
    if twice := _twice(named):
        raise GoldwireError(
            f"{what}: the same {identity} stands more than once in a unit: {some(twice)}",
            hint=f"Give each row of a unit its own {identity}; a row that stands twice would count twice.",
        )
    whole = [tuple(map(str, row)) for row, one in zip(rows, ids, strict=True) if one in (None, "")]
    if twice := _twice(whole):
        raise GoldwireError(
            f"{what}: rows stand more than once: {some(twice)}",
            hint=f"Remove those that are there twice; what was marked twice is told apart by {identity}.",
        )


def refuse_unknown(gold: pa.Table, predicted: pa.Table, unit: str, whose: tuple[str, str]) -> None:
    """Raise for labels that only the predictions have; `whose` says what the two tables are called."""
    known = sorted(set(_texts(gold, "label", whose[0])))
    ids, labels = _texts(predicted, unit, whose[1]), _texts(predicted, "label", whose[1])
    what = f"{whose[1]} have labels that {whose[0]} has not"
    refuse(what, [(one,) for one in ids], [(label,) for label in labels], known, policy=POLICY)


def _labelled(gold: pa.Table, predicted: pa.Table, unit: str, unknown: Unknown) -> tuple[pa.Table, int]:
    """Return the predictions with `OTHER` for each unknown label that only counts as wrong, and how many have it."""
    mine, theirs = _texts(gold, "label", "the gold"), _texts(predicted, "label", "the predictions")
    refuse_twins([(label,) for label in set(mine)], [(label,) for label in set(theirs)])
    if unknown == "error":
        refuse_unknown(gold, predicted, unit, ("the gold", "the predictions"))
    known = set(mine)
    odd = sum(label not in known for label in theirs)
    if unknown != "wrong" or not odd:
        return predicted, 0
    labels = pa.array([label if label in known else OTHER for label in theirs], pa.string())
    return predicted.set_column(predicted.column_names.index("label"), "label", labels), odd


def _twice(keys: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [key for key, count in Counter(keys).items() if count > 1]


def _texts(table: pa.Table, name: str, what: str) -> list[str]:
    return [str(value) for value in column(table, name, what)]
