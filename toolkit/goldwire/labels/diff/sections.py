"""What differs as tables to read, the same for text and Markdown: a summary, then lists that may be cut."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Section:
    """A table with a title. `rows` are all of them; whoever prints it cuts."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Any]]


def summary(value: Json) -> Section:
    """Return how much was added, removed and changed of everything that differs."""
    units = value["units"]
    rows: list[list[Any]] = [["units", len(units["added"]), len(units["removed"]), None]]
    rows.append(["places in splits", len(units["taken_in"]), len(units["left_out"]), len(units["moved"])])
    rows.append(["texts of articles", None, None, len(units["edited"])])
    for name, one in value["labels"].items():
        rows.append([f"labels of {name}", one["added"], one["removed"], len(one["changed"])])
    otherwise = sum(one["decided_otherwise"] for one in value["labels"].values())
    rows.append(["labels decided in another way", None, None, otherwise])
    people = value["votes"]["annotators"].values()
    rows.append(["votes", *(sum(one[kind] for one in people) for kind in ("added", "removed", "changed"))])
    for kind in ("mentions", "relations"):
        for name, one in value[kind].items():
            rows.append([f"{kind} of {name}", *(len(one[part]) for part in ("added", "removed", "changed"))])
    states = [one["state"] for one in value["schemes"]]
    rows.append(["schemes", *(states.count(state) for state in ("added", "removed", "changed"))])
    rows.append(["figures of agreement", None, None, len(value["agreement"])])
    rows.append(["parameters", None, None, len(value["params"])])
    return Section("What changed", ["what", "added", "removed", "changed"], [row for row in rows if any(row[1:])])


def sections(value: Json) -> list[Section]:
    """Return a table for everything that differs."""
    found = [*_units(value["units"]), *_labels(value["labels"]), *_votes(value["votes"]), *_spans(value)]
    found.append(Section("Schemes", ["scheme", "what"], list(_schemes(value["schemes"]))))
    found.append(
        Section(
            "Agreement",
            ["of", "figure", "from", "to"],
            [[one["of"], one["figure"], _figure(one["from"]), _figure(one["to"])] for one in value["agreement"]],
        )
    )
    params = [[one["param"], _plain(one["from"]), _plain(one["to"])] for one in value["params"]]
    found.append(Section("Parameters", ["parameter", "from", "to"], params))
    return [section for section in found if section.rows]


def head(value: Json) -> str:
    """Return what is compared with what, in one line."""
    return " -> ".join(_named(value[side]) for side in ("from", "to"))


def scheme_words(one: Json) -> list[str]:
    """Return what changed of a scheme, a clause each."""
    if one["state"] != "changed":
        return [one["state"]]
    words = [f"{part} rewritten" for part in one["rewritten"]]
    for asked in one["questions"] or []:
        name = asked["question"]
        if asked["state"] != "changed":
            words.append(f"{name} {asked['state']}")
            continue
        words += [f"{name}: {part} changed" for part in asked["asked"]]
        words += [
            f"{name}: {kind} {', '.join(asked[kind])}" for kind in ("added", "removed", "redefined") if asked[kind]
        ]
        words += [f"{name}: {pair['from']} renamed to {pair['to']}" for pair in asked["renamed"]]
    return words or ["other hash"]


def answer(value: list[str] | str | None) -> str:
    """Return an answer in words: "unresolved" where nothing was decided, "none" where no label fits."""
    if value is None:
        return "unresolved"
    return value if isinstance(value, str) else ", ".join(value) or "none"


def versions(one: Json) -> str:
    """Return ``1.0.0 -> 1.1.0``, or hashes where versions are not known or the same."""
    key = "hash" if one["version"]["from"] == one["version"]["to"] else "version"
    pair = [one[key][end] for end in ("from", "to")]
    return " -> ".join(str(part) for part in pair if part is not None)


def _named(side: Json) -> str:
    version = f", version {side['version']}" if side["version"] else ""
    commit = f" ({side['commit'][:10]}{version})" if side["commit"] else f" ({version[2:]})" if version else ""
    return f"{side['name']}{commit}"


def _units(units: Json) -> Iterator[Section]:
    rows = [
        [one["unit_id"], one["article_id"], one["split"], kind]
        for kind in ("added", "removed")
        for one in units[kind]
    ]
    yield Section("Units", ["unit", "article", "split", "change"], rows)
    moved = [[one["unit_id"], one["from"], one["to"]] for one in units["moved"]]
    moved += [[one["unit_id"], one["from"] or "new", "left out"] for one in units["left_out"]]
    moved += [[one["unit_id"], "left out", one["to"]] for one in units["taken_in"]]
    yield Section("Splits", ["unit", "from", "to"], moved)
    yield Section(
        "Edited texts", ["article", "units"], [[one["article_id"], one["units"]] for one in units["edited"]]
    )


def _labels(labels: Json) -> Iterator[Section]:
    for name, one in labels.items():
        rows = [
            [
                row["unit_id"],
                answer(row["from"]),
                answer(row["to"]),
                " -> ".join(dict.fromkeys(str(row["decided_by"][end]) for end in ("from", "to"))),
                ", ".join(row["by"]) or "no vote changed",
            ]
            for row in one["changed"]
        ]
        yield Section(f"Labels of {name}", ["unit", "from", "to", "decided by", "by"], rows)


def _votes(votes: Json) -> Iterator[Section]:
    rows = [[name, one["added"], one["removed"], one["changed"]] for name, one in votes["annotators"].items()]
    yield Section("Votes", ["annotator", "added", "removed", "changed"], rows)
    changed = [
        [
            row["unit_id"],
            f"{row['scheme']}.{row['question']}",
            row["annotator"],
            answer(row["from"]),
            answer(row["to"]),
        ]
        for row in votes["changed"]
    ]
    yield Section("Changed votes", ["unit", "question", "annotator", "from", "to"], changed)


def _spans(value: Json) -> Iterator[Section]:
    for kind in ("mentions", "relations"):
        rows = []
        for name, one in value[kind].items():
            for change in ("added", "removed", "changed"):
                for row in one[change]:
                    if kind == "mentions":
                        text = row["text"]["to"] if change == "changed" else row["text"]
                        what = f"{row['label']} {row['start']}-{row['end']}: {text}"
                    else:
                        what = f"{row['from_span']} -> {row['to_span']}"
                    rows.append([name, row["unit_id"], what, change])
        yield Section(kind.capitalize(), ["of", "unit", kind.removesuffix("s"), "change"], rows)


def _schemes(schemes: Sequence[Json]) -> Iterator[list[str]]:
    for one in schemes:
        for words in scheme_words(one):
            yield [f"{one['scheme']} {versions(one)}", words]


def _figure(one: Json | None) -> str | None:
    if one is None or one["value"] is None:
        return None
    known = one["low"] is not None and one["high"] is not None
    return f"{one['value']:.3f} [{one['low']:.3f}, {one['high']:.3f}]" if known else f"{one['value']:.3f}"


def _plain(value: Any) -> str | None:
    import json

    return (
        None
        if value is None
        else value
        if isinstance(value, str)
        else json.dumps(value, ensure_ascii=False, default=str)
    )
