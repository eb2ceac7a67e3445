"""The rows of the table `splits`: the split and the fold of a unit, its group, and since when it is there."""

import numpy as np
import pyarrow as pa

from goldwire import tables
from goldwire.labels.splits.components import connected
from goldwire.labels.splits.divide import Divided
from goldwire.labels.splits.items import NONE, SPLITS, Ints, Items
from goldwire.labels.splits.touched import values_of


def groups_of(items: Items, splits: Ints) -> tuple[list[str], list[str]]:
    """Return the group of every unit, and the groups that stand in more than one split."""
    article = items.fields["article"]
    placed = splits != NONE
    fields = [items.fields[name].codes for name in ("article", "story", "group") if name in items.fields]
    component = connected([np.where(placed, codes, NONE) for codes in fields], len(splits))
    by_name = np.argsort(np.array(article.names, dtype=object))
    smallest = np.full(len(splits), len(by_name))
    np.minimum.at(smallest, component, np.argsort(by_name)[article.codes])
    names = np.array(article.names, dtype=object)[by_name[smallest[component]]]
    several = values_of(component, splits).several
    return names.tolist(), sorted(set(names[several[component] & placed].tolist()))


def table_of(items: Items, made: Divided, groups: list[str], since: list[str]) -> pa.Table:
    """Return the table `splits`."""
    names = pa.array([*SPLITS, None], pa.string())
    schema = tables.SCHEMAS["splits"]
    columns = [
        pa.array(items.ids, pa.string()),
        names.take(pa.array(np.where(made.splits == NONE, len(SPLITS), made.splits))),
        pa.array(made.folds, pa.int64(), mask=made.folds == NONE),
        pa.array(groups, pa.string()),
        pa.array(since, pa.string()),
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def since_of(items: Items, splits: Ints, previous: pa.Table | None, version: str) -> list[str]:
    """Return the version that put each unit where it is."""
    found = [version] * len(items.ids)
    if previous is None:
        return found
    at = positions(items, previous).tolist()
    columns = (previous[name].to_pylist() for name in ("split", "since"))
    now = [None if code == NONE else SPLITS[code] for code in splits.tolist()]
    for index, where, since in zip(at, *columns, strict=True):
        if index != NONE and since is not None and now[index] == where:
            found[index] = since
    return found


def positions(items: Items, previous: pa.Table) -> Ints:
    """Return where each row of the previous table is among the units, or `NONE`."""
    import pyarrow.compute as pc

    found = pc.index_in(previous["unit_id"].combine_chunks(), value_set=pa.array(items.ids, pa.string()))
    places: Ints = found.fill_null(NONE).to_numpy(zero_copy_only=False).astype(np.int64)
    return places
