"""What changed in the decided spans and relations: told apart by their places, since their ids may change."""

from typing import Any

import pyarrow as pa

from goldwire.labels.diff.rows import Renamed, differing, looked_up, rows, with_label
from goldwire.labels.diff.side import Side
from goldwire.labels.interface import RELATION

_MENTION = ("scheme", "question", "unit_id", "start", "end", "label")
_RELATION = ("scheme", "unit_id", "label", "from_span", "to_span")


def mentions(before: Side, after: Side, renamed: Renamed) -> dict[str, Any]:
    """Compare spans; one that stays may have another text, entity or attributes.

    Returns
    -------
    dict
        SCHEME.LAYER -> added, removed, changed. The label of an old span is what it is called now.
    """
    old = with_label(before.mentions, renamed)
    return _differing(old, after.mentions, "question", _MENTION, ("text", "entity", "attributes"))


def relations(before: Side, after: Side, renamed: Renamed) -> dict[str, Any]:
    """Compare relations; one that stays may have other attributes.

    Returns
    -------
    dict
        SCHEME.LABEL -> added, removed, changed; ``from_span`` and ``to_span`` are places, as ``MEETING 4-7``.
    """
    old = _placed(with_label(before.relations, renamed, RELATION), with_label(before.mentions, renamed))
    return _differing(old, _placed(after.relations, after.mentions), "label", _RELATION, ("attributes",))


def _placed(relations: pa.Table, mentions: pa.Table) -> pa.Table:
    """Add the places of the two spans."""
    import pyarrow.compute as pc

    starts, ends = (pc.cast(mentions[name], pa.string()) for name in ("start", "end"))
    places = pc.binary_join_element_wise(mentions["label"], pc.binary_join_element_wise(starts, ends, "-"), " ")
    for name in ("from", "to"):
        place = looked_up(relations[name], mentions["mention_id"], places)
        relations = relations.append_column(f"{name}_span", pc.coalesce(place, relations[name]))
    return relations


def _differing(
    before: pa.Table, after: pa.Table, group: str, keys: tuple[str, ...], compared: tuple[str, ...]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows(differing(before, after, keys, compared)):
        kind = "changed" if row["was"] and row["is"] else "removed" if row["was"] else "added"
        one = found.setdefault(f"{row['scheme']}.{row[group]}", {"added": [], "removed": [], "changed": []})
        span = {name: row[name] for name in keys if name not in ("scheme", group) or name == "label"}
        span |= {name: int(span[name]) for name in ("start", "end") if name in span}
        if kind == "changed":
            ends = (("from", "_from"), ("to", "_to"))
            span |= {name: {end: row[f"{name}{tail}"] for end, tail in ends} for name in compared}
        else:
            span |= {name: row[f"{name}_{'to' if kind == 'added' else 'from'}"] for name in compared}
        one[kind].append(span)
    for one in found.values():
        for spans in one.values():
            spans.sort(key=lambda span: (span["unit_id"], span.get("start", 0), span.get("end", 0)))
    return dict(sorted(found.items()))
