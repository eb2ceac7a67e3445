"""The recipe of a division: kept with the table, so that the next one knows whether it continues or begins anew."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from goldwire import study, tables
from goldwire.errors import GoldwireError

KEY = b"goldwire.splits"
"""Of the recipe in the metadata of the table, and of its Parquet file."""

_SETTLED_BY = {
    "random": ("group_by", "train", "validation", "test", "seed"),
    "time": ("group_by", "train", "validation", "test"),
    "outlet": ("group_by", "train", "validation", "test", "seed"),
    "target": ("group_by", "train", "validation", "test", "seed"),
    "official": ("column",),
}


@dataclass(frozen=True)
class Recipe:
    """How a table of splits was made.

    Attributes
    ----------
    asked : dict
        The fields of `study.Splits`, and seed.
    cuts : tuple of str
        Where it was divided by time: the last moment of every split but the last, ISO 8601 in UTC.
    sides : tuple of str
        The fields that chained, so that each had to be assigned by itself.
    """

    asked: Mapping[str, Any]
    cuts: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()

    def into(self, table: pa.Table) -> pa.Table:
        """Return the table with this recipe in its metadata."""
        text = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return table.replace_schema_metadata({KEY: text.encode()})


@dataclass(frozen=True)
class Change:
    """What is other than in the recipe before: why everything is divided anew, and why folds are drawn anew."""

    anew: str | None = None
    folds: str | None = None
    before: Recipe | None = field(default=None, compare=False)


def asked(params: study.Splits, seed: int) -> dict[str, Any]:
    """Return what the recipe is asked to be."""
    return {**params.model_dump(mode="json"), "seed": seed}


def recipe_of(table: pa.Table | None) -> Recipe | None:
    """Return the recipe in a table's metadata, or None where it has none.

    Raises
    ------
    GoldwireError
        When what is there is no recipe.
    """
    found = None if table is None else (table.schema.metadata or {}).get(KEY)
    if found is None:
        return None
    try:
        value = json.loads(found)
        return Recipe(dict(value["asked"]), tuple(value["cuts"]), tuple(value["sides"]))
    except (ValueError, KeyError, TypeError):
        raise GoldwireError(
            "how the splits were made cannot be read from their table",
            hint="Get labels/tables/splits.parquet from git or DVC again, or delete it to divide everything anew.",
        ) from None


def changed(previous: pa.Table | None, wanted: Mapping[str, Any]) -> Change:
    """Return what differs from the recipe of `previous` in what settles where units go.

    A table without a recipe counts as made by the same one.
    """
    before = recipe_of(previous)
    if before is None:
        return Change()
    names = ["by", *_SETTLED_BY[wanted["by"]]] if before.asked["by"] == wanted["by"] else ["by"]
    both = before.asked["folds"] and wanted["folds"]
    folds = _said(before.asked, wanted, ["folds", "seed", "group_by"]) if both else None
    return Change(_said(before.asked, wanted, names), folds, before)


def read_previous(path: Path) -> pa.Table | None:
    """Return the table of splits at this path with its recipe, which `tables.read` would drop, or None."""
    if not path.exists():
        return None
    return tables.read(path, "splits").replace_schema_metadata(tables.read(path).schema.metadata)


def _said(before: Mapping[str, Any], wanted: Mapping[str, Any], names: list[str]) -> str | None:
    parts = [
        f"{name if name == 'seed' else f'splits.{name}'} was {_shown(before[name])} and is {_shown(wanted[name])}"
        for name in names
        if before[name] != wanted[name]
    ]
    return ", ".join(parts) or None


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return " and ".join(value) or "nothing"
    return f"{value:g}" if isinstance(value, float) else str(value)
