"""What changed in agreement and in params.yaml."""

from typing import Any

from goldwire.labels.diff.side import Side

Figure = dict[str, float | None]


def agreement(before: Side, after: Side) -> list[dict[str, Any]]:
    """Return every question and layer whose figure differs.

    Returns
    -------
    list of dict
        ``{"of": SCHEME.QUESTION, "figure": "alpha" (of a layer of spans: "alpha_u"), "from", "to"}``; from and to are
        ``{"value", "low", "high", "units"}``, null where it was not measured.
    """
    old, new = _figures(before), _figures(after)
    return [
        {"of": name, "figure": figure, "from": old.get((name, figure)), "to": new.get((name, figure))}
        for name, figure in sorted(old.keys() | new.keys())
        if _interval(old.get((name, figure))) != _interval(new.get((name, figure)))
    ]


def _interval(measured: Figure | None) -> list[float | None] | None:
    return None if measured is None else [measured[bound] for bound in ("value", "low", "high")]


def _figures(side: Side) -> dict[tuple[str, str], Figure]:
    found = {}
    only = f"{next(iter(side.hashes))}." if len(side.hashes) == 1 else ""  # then agreement.json leaves the scheme out
    for kind, figure in (("questions", "alpha"), ("mentions", "alpha_u")):
        for name, measured in ((side.agreement or {}).get(kind) or {}).items():
            if isinstance(value := measured.get(figure), dict):
                known = {bound: value.get(bound) for bound in ("value", "low", "high")}
                found[name if "." in name else f"{only}{name}", figure] = {**known, "units": measured.get("units")}
    return found


def params(before: Side, after: Side) -> list[dict[str, Any]]:
    """Return the parameters that differ, ``{"param", "from", "to"}``; null: not given."""
    if before.params is None or after.params is None:
        return []
    old, new = before.params, after.params
    return [
        {"param": name, "from": old.get(name), "to": new.get(name)}
        for name in dict.fromkeys([*new, *old])
        if old.get(name) != new.get(name)
    ]
