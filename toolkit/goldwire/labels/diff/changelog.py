"""A changelog entry of the dataset, drafted from what differs, in the form of https://keepachangelog.com."""

from collections import Counter
from typing import Any

from goldwire.labels.card.markdown import cell
from goldwire.labels.card.markdown import name as called
from goldwire.labels.diff.compare import is_same
from goldwire.labels.diff.sections import answer, scheme_words, versions

Json = dict[str, Any]
_WAYS = 5


def changelog(value: Json) -> str:
    """Return the entry of the later state's version: what was added, changed and removed, in figures.

    The day is that of its commit; the working tree is not released. People replace words, not figures.
    """
    after = value["to"]
    title = after["version"] or "Unreleased"
    lines = [f"## [{title}] - {after['date'] or 'Unreleased'}" if title != "Unreleased" else "## [Unreleased]"]
    parts = {"Added": _added(value), "Changed": _changed(value), "Removed": _removed(value)}
    for heading, entries in parts.items():
        if entries:
            lines += ["", f"### {heading}", "", *(f"- {entry}" for entry in entries)]
    if not any(parts.values()):
        lines += ["", "Nothing changed." if is_same(value) else "No unit, text, label or figure changed."]
    return "\n".join(lines) + "\n"


def warning(value: Json) -> str | None:
    """Say when the dataset changed and its version did not."""
    versions_ = {value[side]["version"] for side in ("from", "to")}
    if len(versions_) > 1 or None in versions_ or is_same(value):
        return None
    return (
        f"both are version {versions_.pop()}, and they differ. Raise `version` in params.yaml before it is released."
    )


def _added(value: Json) -> list[str]:
    units = value["units"]["added"]
    entries = []
    if units:
        articles = len({one["article_id"] for one in units})
        entries.append(f"{_n(len(units), 'unit')} of {_n(articles, 'article')}{_by_split(units)}.")
    entries += [f"Scheme {one['scheme']} {versions(one)}." for one in value["schemes"] if one["state"] == "added"]
    entries += [f"{_n(one['added'], 'label')} of {name}." for name, one in value["labels"].items() if one["added"]]
    people = value["votes"]["annotators"]
    if added := sum(one["added"] for one in people.values()):
        who = sum(one["added"] > 0 for one in people.values())
        entries.append(f"{_n(added, 'vote')} of {_n(who, 'annotator')}.")
    return [*entries, *_spans(value, "added")]


def _changed(value: Json) -> list[str]:
    units, entries = value["units"], []
    for one in value["schemes"]:
        if one["state"] == "changed":
            entries.append(f"Scheme {one['scheme']} {versions(one)}: {'; '.join(map(cell, scheme_words(one)))}.")
    for name, found in value["labels"].items():
        if changed := found["changed"]:
            ruled = sum(row["decided_by"]["to"] == "adjudicated" for row in changed)
            how = f", {ruled} by adjudication" if ruled else ""
            entries.append(f"{_n(len(changed), 'label')} of {name}{how}{_ways(changed)}.")
        if found["decided_otherwise"]:
            entries.append(f"{_n(found['decided_otherwise'], 'label')} of {name} stayed, decided in another way.")
    if changed := sum(one["changed"] for one in value["votes"]["annotators"].values()):
        entries.append(f"{_n(changed, 'vote')}.")
    entries += _spans(value, "changed")
    if units["edited"]:
        entries.append(f"The texts of {_n(len(units['edited']), 'article')}.")
    ways = Counter((one["from"], one["to"]) for one in units["moved"])
    entries += [f"{_n(n, 'unit')} moved from {old} to {new}." for (old, new), n in sorted(ways.items())]
    if units["taken_in"]:
        entries.append(
            f"{_n(len(units['taken_in']), 'unit')} that had been left out {_have(units['taken_in'])} a split."
        )
    for one in value["agreement"]:
        old, new = (_value(one[end]) for end in ("from", "to"))
        if old != new:
            entries.append(f"Agreement on {one['of']} ({one['figure']}): {old} -> {new}.")
    for one in value["params"]:
        if one["param"] != "version" and not one["param"].startswith("card."):
            entries.append(f"Parameter {one['param']}: {_word(one['from'])} -> {_word(one['to'])}.")
    return entries


def _removed(value: Json) -> list[str]:
    units, entries = value["units"], []
    if units["removed"]:
        articles = len({one["article_id"] for one in units["removed"]})
        count = _n(len(units["removed"]), "unit")
        entries.append(f"{count} of {_n(articles, 'article')}{_by_split(units['removed'])}.")
    if left := units["left_out"]:
        entries.append(f"{_n(len(left), 'unit')} left out of the splits.")
    entries += [f"Scheme {one['scheme']} {versions(one)}." for one in value["schemes"] if one["state"] == "removed"]
    entries += [
        f"{_n(one['removed'], 'label')} of {name}." for name, one in value["labels"].items() if one["removed"]
    ]
    if removed := sum(one["removed"] for one in value["votes"]["annotators"].values()):
        entries.append(f"{_n(removed, 'vote')}.")
    return [*entries, *_spans(value, "removed")]


def _ways(changed: list[Json]) -> str:
    """Say from which label to which, the most frequent first; where there are many ways, nothing."""
    counted = Counter((answer(row["from"]), answer(row["to"])) for row in changed)
    ways = sorted(counted.items(), key=lambda way: (-way[1], way[0]))
    said = [f"{called(old)} -> {called(new)} ({count:,})" for (old, new), count in ways]
    return f": {', '.join(said)}" if len(said) <= _WAYS else ""


def _spans(value: Json, change: str) -> list[str]:
    return [
        f"{_n(len(one[change]), kind)} of {name}."
        for kind in ("mention", "relation")
        for name, one in value[f"{kind}s"].items()
        if one[change]
    ]


def _by_split(units: list[Json]) -> str:
    counted = Counter(one["split"] for one in units if one["split"])
    order = ("train", "validation", "test", *sorted(counted))
    said = [f"{name} {counted[name]}" for name in dict.fromkeys(order) if name in counted]
    return f" ({', '.join(said)})" if said else ""


def _n(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _have(units: list[Json]) -> str:
    return "has" if len(units) == 1 else "have"


def _value(one: Json | None) -> str:
    return "not measured" if one is None else "not defined" if one["value"] is None else f"{one['value']:.3f}"


def _word(value: Any) -> str:
    return "not given" if value is None else cell(value)
