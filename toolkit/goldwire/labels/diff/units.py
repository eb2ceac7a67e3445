"""What changed in the units: which there are, in which split they stand, and what is shown of them."""

from typing import Any

from goldwire.labels.diff.rows import differing, rows
from goldwire.labels.diff.side import Side


def units(before: Side, after: Side) -> dict[str, Any]:
    """Compare the units of two states.

    Returns
    -------
    dict
        from, to: how many there are, by split (``{"all", "train", ..., "none"}``); added, removed: ``[{"unit_id",
        "article_id", "split"}]``; moved: ``[{"unit_id", "from", "to"}]``, from one split to another; left_out:
        ``[{"unit_id", "from"}]``, in no split now (from is null for a new unit); taken_in: ``[{"unit_id", "to"}]``,
        old units that were in no split; edited: ``[{"article_id", "units"}]``, articles whose text changed under
        units that stay. Where one of the two has no splits yet, only added, removed and edited are told.
    """
    found = differing(before.units, after.units, ["unit_id"], ["split", "content_hash"], ["article_id"])
    value: dict[str, Any] = {"from": _by_split(before), "to": _by_split(after)}
    value |= {name: [] for name in ("added", "removed", "moved", "left_out", "taken_in")}
    edited: dict[str, int] = {}
    divided = before.divided and after.divided
    for row in rows(found):
        unit, old, new = row["unit_id"], row["split_from"], row["split_to"]
        if not row["was"]:
            value["added"].append({"unit_id": unit, "article_id": row["article_id_to"], "split": new})
            if new is None and after.divided:
                value["left_out"].append({"unit_id": unit, "from": None})
        elif not row["is"]:
            value["removed"].append({"unit_id": unit, "article_id": row["article_id_from"], "split": old})
        else:
            if divided and old != new:
                _moved(value, unit, old, new)
            if None not in (hashes := {row["content_hash_from"], row["content_hash_to"]}) and len(hashes) == 2:
                article = row["article_id_to"]
                edited[article] = edited.get(article, 0) + 1
    value["edited"] = [{"article_id": article, "units": n} for article, n in sorted(edited.items())]
    return value


def _moved(value: dict[str, Any], unit: str, old: str | None, new: str | None) -> None:
    if new is None:
        value["left_out"].append({"unit_id": unit, "from": old})
    elif old is None:
        value["taken_in"].append({"unit_id": unit, "to": new})
    else:
        value["moved"].append({"unit_id": unit, "from": old, "to": new})


def _by_split(side: Side) -> dict[str, int]:
    counted = {row["values"] or "none": row["counts"] for row in side.units["split"].value_counts().to_pylist()}
    order = ("train", "validation", "test", *sorted(counted))
    by = {name: counted[name] for name in dict.fromkeys(order) if name in counted} if side.divided else {}
    return {"all": side.units.num_rows, **by}
