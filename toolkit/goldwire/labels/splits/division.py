"""The division of a study's units: what belongs together stays together, and a unit that has a split keeps it."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from goldwire import study
from goldwire.labels.splits import by_time
from goldwire.labels.splits.continued import asked_of, before_of
from goldwire.labels.splits.divide import divide
from goldwire.labels.splits.items import NONE, SPLITS, Items, of_study
from goldwire.labels.splits.notes import are, counted, listed
from goldwire.labels.splits.recipe import Change, Recipe, asked, changed
from goldwire.labels.splits.rows import groups_of, since_of, table_of

__all__ = ["SPLITS", "Division", "split"]


@dataclass(frozen=True)
class Division:
    """How units were divided.

    Attributes
    ----------
    table : pa.Table
        The table `splits`, one row a unit, by unit_id. `group` names the component by story and group that a unit is
        in (its smallest article_id), which is what is drawn for an interval. A unit that was left out has no split
        and is a group of its article. The recipe is in the schema's metadata; see `goldwire.labels.splits.recipe`.
    left_out : list of str
        Articles none of whose units is in a split, since those would have connected two or tested what a model chose,
        sorted.
    straddling : list of str
        Components that earlier versions, or an official split, had put in two splits, sorted.
    kept : int
        Units that have the split of `previous`; 0 when everything was divided anew.
    notes : list of str
        What people must know of it, in whole sentences with figures.
    dropped : int
        Units that are in no split since their values stand in two, or a model chose them and they cannot train.
    anew : str or None
        Why everything was divided anew.
    """

    table: pa.Table
    left_out: list[str]
    straddling: list[str]
    kept: int
    notes: list[str] = field(default_factory=list)
    dropped: int = 0
    anew: str | None = None


def split(
    units: pa.Table,
    articles: pa.Table,
    gold: pa.Table,
    params: study.Splits,
    seed: int,
    previous: pa.Table | None = None,
    version: str = "0.1.0",
    chosen: Collection[str] = (),
) -> Division:
    """Divide units into train, validation and test.

    Units of one article or story stay together, and those with the same value of a field of ``group_by``, of outlet
    or of target where that is what divides. Where such fields chain too many units together, the values of each are
    assigned by themselves, and units whose values stand in two splits are dropped.

    Parameters
    ----------
    units, articles, gold : pa.Table
        The tables of these names. Every label in `gold` is stratified for; unresolved units count as units only.
    params : study.Splits
        What divides, and the shares, of units.
    seed : int
        Settles which of several components with the same labels goes where.
    previous : pa.Table, optional
        The table `splits` of the version before, see `goldwire.labels.splits.recipe.read_previous`. A unit that has
        a split there keeps it, unless the recipe in its metadata is another one.
    version : str
        Of the dataset; `since` of the units that are new.
    chosen : collection of str
        Units that a model chose. They train, or are left out where what they share stands in another split: what
        tests is then a random sample still. An official split is kept, and says so in the notes.

    Returns
    -------
    Division
        The same for the same rows, in whatever order they come.

    Raises
    ------
    GoldwireError
        When a unit's article is missing, one value has more units than the largest split and than half of the data,
        or an official split is unknown.
    """
    items = of_study(units, articles, gold, params)
    wanted = asked(params, seed)
    change, before = before_of(items, previous, params, changed(previous, wanted))
    by_model = np.array([unit in chosen for unit in items.ids], bool)
    made = divide(items, replace(asked_of(items, articles, params, seed), chosen=by_model), before)
    recipe = Recipe(wanted, tuple(by_time.iso(cut) for cut in made.cuts), tuple(made.sides))
    groups, straddling = groups_of(items, made.splits)
    table = table_of(items, made, groups, since_of(items, made.splits, previous, version))
    article = items.fields["article"]
    lost = np.setdiff1d(article.codes[made.torn], article.codes[made.splits != NONE])
    return Division(
        recipe.into(table),
        sorted(article.names[code] for code in lost.tolist()),
        straddling,
        int(((before.splits != NONE) & (before.splits == made.splits)).sum()),
        [*_changes(change), *_gold(items), *made.notes, *([] if params.by == "official" else _crossing(straddling))],
        int(made.torn.sum()),
        change.anew,
    )


def _changes(change: Change) -> list[str]:
    if change.anew:
        return [f"Everything was divided anew: {change.anew}."]
    return [f"Folds were drawn anew: {change.folds}."] if change.folds else []


def _gold(items: Items) -> list[str]:
    return (
        [] if items.labels.names or not items.ids else ["There is no gold, so that no labels could be spread evenly."]
    )


def _crossing(straddling: list[str]) -> list[str]:
    if not straddling:
        return []
    n = len(straddling)
    return [
        f"{counted(n, 'component')} {are(n)} in two splits, since articles were put there before their stories or "
        f"groups were connected: {listed(straddling)}."
    ]
