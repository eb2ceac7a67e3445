"""How a study's units are divided, and what of an earlier division still holds."""

import numpy as np
import pyarrow as pa

from goldwire import study
from goldwire.labels.splits import by_time, official
from goldwire.labels.splits.divide import Asked, Before, nothing
from goldwire.labels.splits.items import NONE, SPLITS, Items
from goldwire.labels.splits.recipe import Change, Recipe
from goldwire.labels.splits.rows import positions


def before_of(items: Items, previous: pa.Table | None, params: study.Splits, change: Change) -> tuple[Change, Before]:
    """Return what of the previous table still holds, and why everything else is divided anew."""
    if previous is None or change.anew:
        return change, nothing(items)
    at = positions(items, previous)
    splits, folds = nothing(items).splits, nothing(items).folds
    code_of: dict[str | None, int] = {name: code for code, name in enumerate(SPLITS)}
    known = at != NONE
    splits[at[known]] = np.array([code_of.get(name, NONE) for name in previous["split"].to_pylist()], np.int64)[known]
    folds[at[known]] = previous["fold"].fill_null(NONE).to_numpy()[known]
    empty = [name for code, name in enumerate(SPLITS) if not getattr(params, name) and (splits == code).any()]
    if empty and params.by != "official":
        return Change(f"{empty[0]} has units and no share", None, change.before), nothing(items)
    if change.folds or folds.max(initial=NONE) >= params.folds:
        folds = nothing(items).folds
    recipe = change.before or Recipe({})
    return change, Before(splits, folds, [by_time.moment_of(cut) for cut in recipe.cuts], recipe.sides)


def asked_of(items: Items, articles: pa.Table, params: study.Splits, seed: int) -> Asked:
    """Return how to divide them, as params.yaml says.

    Raises
    ------
    GoldwireError
        When an official split is unknown.
    """
    import pyarrow.compute as pc

    shares = [getattr(params, name) for name in SPLITS]
    if params.by not in ("time", "official"):
        return Asked(shares, params.folds, seed)
    owner = items.fields["article"]
    if params.by == "official":
        said = official.of_meta(articles, owner.names, params.column)
        codes = official.codes_of(said, owner.names, SPLITS, params.column, "article")[owner.codes]
        return Asked(shares, params.folds, seed, official=codes, where=params.column)
    at = pc.index_in(pa.array(owner.names, pa.string()), value_set=articles["article_id"].combine_chunks())
    moments = articles["published_at"].take(at).cast(pa.int64())
    dated = moments.is_valid().to_numpy()
    return Asked(
        shares, params.folds, seed, moments.fill_null(0).to_numpy()[owner.codes], np.asarray(dated)[owner.codes]
    )
