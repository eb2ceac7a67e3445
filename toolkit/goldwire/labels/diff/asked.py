"""What changed in the codebooks."""

from collections.abc import Mapping
from typing import Any

from goldwire.labels.diff.rows import Renamed
from goldwire.labels.diff.side import Side
from goldwire.labels.migrate.compare import Field, fields
from goldwire.scheme import Scheme


def schemes(before: Side, after: Side) -> list[dict[str, Any]]:
    """Return the schemes that differ, by name.

    Returns
    -------
    list of dict
        ``{"scheme", "state": "added" | "removed" | "changed", "version": {"from", "to"}, "hash": {"from", "to"},
        "rewritten": [...], "questions": [...]}``. rewritten are the parts of the scheme beside its questions whose
        words changed (description, rules, ...); questions are everything that is asked (questions, layers,
        attributes, relations), as ``{"question", "state", "asked": [what changed of it], "added", "removed",
        "redefined": [label], "renamed": [{"from", "to"}]}``. Of a dataset only the hashes are known, and questions is
        null.
    """
    found = []
    for name in sorted({*before.schemes, *after.schemes, *before.hashes, *after.hashes}):
        old, new = before.schemes.get(name), after.schemes.get(name)
        hashes = [_hash(side, name) for side in (before, after)]
        known = [bool(hashes[0]), bool(hashes[1])]
        if hashes[0] == hashes[1]:
            continue
        found.append(
            {
                "scheme": name,
                "state": _state(*known),
                "version": {"from": old and old.version, "to": new and new.version},
                "hash": {"from": hashes[0], "to": hashes[1]},
                "rewritten": _rewritten(old, new) if old and new else [],
                "questions": _questions(old, new) if old or new else None,
            }
        )
    return found


def renamed(before: Side, after: Side) -> Renamed:
    """Return the labels that the same question calls otherwise now, defined as they were."""
    found: dict[tuple[str, str, str], str] = {}
    for name in before.schemes.keys() & after.schemes.keys():
        old, new = fields(before.schemes[name]), fields(after.schemes[name])
        for question in old.keys() & new.keys():
            pairs = _renamed(old[question], new[question])
            found |= {(name, question, one): other for one, other in pairs.items()}
    return found


def _hash(side: Side, name: str) -> str | None:
    if name in side.schemes:
        return side.schemes[name].hash
    return ", ".join(side.hashes.get(name, ())) or None


def _state(was: bool, is_: bool) -> str:
    return "changed" if was and is_ else "removed" if was else "added"


def _rewritten(old: Scheme, new: Scheme) -> list[str]:
    return [
        part
        for part in ("title", "description", "unit", "sources", "rules")
        if getattr(old, part) != getattr(new, part)
    ]


def _questions(old: Scheme | None, new: Scheme | None) -> list[dict[str, Any]]:
    ours, theirs = (fields(scheme) if scheme else {} for scheme in (old, new))
    found = []
    for name in dict.fromkeys([*ours, *theirs]):
        one, other = ours.get(name), theirs.get(name)
        asked = [
            part for part in ("type", "text", "required", "spans") if one and other and _differs(one, other, part)
        ]
        labels = _labels(one, other)
        if one is None or other is None or asked or any(labels.values()):
            state = _state(one is not None, other is not None)
            found.append({"question": name, "state": state, "asked": asked, **labels})
    return found


def _differs(one: Field, other: Field, part: str) -> bool:
    return bool(getattr(one, part) != getattr(other, part))


def _labels(one: Field | None, other: Field | None) -> dict[str, list[Any]]:
    old: Mapping[str, Any] = one.labels if one else {}
    new: Mapping[str, Any] = other.labels if other else {}
    pairs = _renamed(one, other) if one and other else {}
    return {
        "added": [name for name in new if name not in old and name not in pairs.values()],
        "removed": [name for name in old if name not in new and name not in pairs],
        "redefined": [name for name in old if name in new and old[name] != new[name]],
        "renamed": [{"from": name, "to": to} for name, to in pairs.items()],
    }


def _renamed(old: Field, new: Field) -> dict[str, str]:
    """Pair labels that are gone with those that came and mean the same, where only one of each does."""
    gone = [name for name in old.labels if name not in new.labels]
    came = [name for name in new.labels if name not in old.labels]
    found = {}
    for name in gone:
        alike = [other for other in came if new.labels[other] == old.labels[name]]
        same = [other for other in gone if old.labels[other] == old.labels[name]]
        if len(alike) == len(same) == 1:
            found[name] = alike[0]
    return found
