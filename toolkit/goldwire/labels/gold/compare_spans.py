"""Which way of deciding comes closest to the mentions and relations that adjudicators marked.

Every method makes gold_mentions and gold_relations of the votes alone. These are matched with the ruling's, layer by
layer: exactly (the same place and label), and by overlap (the same label, and places that `goldwire.labels.matching`
takes for one mention). A relation is the same when its label is, and both its mentions are. F1 is twice the matches
over what the method and the rulings have together: the counts are summed over units.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import pyarrow as pa

from goldwire.labels import matching
from goldwire.labels.ballots import Recode, counted
from goldwire.labels.estimate import Method
from goldwire.labels.gold.compare import Disputed
from goldwire.labels.gold.rulings import of_rulings, rulings
from goldwire.labels.gold.spans import Key, Row, Spans, merge
from goldwire.labels.interface import AUTHOR, RELATION
from goldwire.labels.recode import recoded_row
from goldwire.scheme import Scheme
from goldwire.stats.draws import Array
from goldwire.stats.resample import ratio, resample_each

DISPUTED, RULED = "disputed", "ruled"

_RULING, _METHOD = "ruling", "method"


def compare_spans(
    votes: pa.Table,
    vote_mentions: pa.Table,
    vote_relations: pa.Table,
    schemes: Mapping[str, Scheme],
    recode: Recode | None = None,
    clusters: Mapping[str, str] | None = None,
    *,
    disputed: Disputed = (),
    seed: int = 0,
    resamples: int = 1000,
    level: float = 0.95,
) -> dict[str, dict[str, Any]]:
    """Score every method's mentions and relations against those of the rulings.

    Parameters
    ----------
    votes, vote_mentions, vote_relations : pa.Table
        With the rulings.
    schemes, recode
        See `goldwire.labels.gold.merge.gold`.
    clusters, disputed, seed, resamples, level
        See `goldwire.labels.gold.compare.compare`.

    Returns
    -------
    dict
        ``{"mentions": {"scheme.layer": {...}}, "relations": {"scheme.relation": {...}}}``, each with

        - of: "disputed" (the units whose layer was in dispute) or "ruled" (all units with a ruling and votes, where
          nothing in dispute names the layer: adjudicators began there from what the majority marked, which favours
          the majority)
        - n (these units), clusters, marked (what the rulings have on them)
        - methods: of each method marked, and exact and overlap, F1 as ``{"value", "low", "high"}`` by story

        Left out are layers that no ruled unit has anything of, neither by the rulings nor by a method.
    """
    recode, ruled = recode or {}, rulings(votes)
    spans = Spans.of_tables(counted(votes), counted(vote_mentions), counted(vote_relations))
    keys = {(row["scheme"], row["unit_id"]) for row in ruled.select(["scheme", "unit_id"]).to_pylist()}
    keys &= spans.annotators.keys()
    truth = _Marked.of(
        recoded_row(row, recode.get(row["scheme"], {}))
        for table in (vote_mentions, vote_relations)
        for row in of_rulings(table, ruled).to_pylist()
    )
    found: dict[str, _Marked] = {}
    for method in get_args(Method):
        merged = merge(spans, schemes, recode, method, seed)
        found[method] = _Marked.of([*merged.mentions, *merged.relations])
    made: dict[str, dict[str, Any]] = {"mentions": {}, "relations": {}}
    for name, scheme in sorted(schemes.items()):
        layers = [layer.name for layer in scheme.mentions] + ([RELATION] if scheme.relations else [])
        for layer in layers:
            named = {(name, unit) for of, unit, question in disputed if (of, question) == (name, layer)}
            units = sorted(keys & named if named else {key for key in keys if key[0] == name})
            counts = {method: [_counts(one, truth, key, layer) for key in units] for method, one in found.items()}
            if not any(sum(row) for rows in counts.values() for row in rows):
                continue
            groups = [(clusters or {}).get(unit, unit) for _, unit in units]
            made["relations" if layer == RELATION else "mentions"][f"{name}.{layer}"] = {
                "of": DISPUTED if named else RULED,
                "n": len(units),
                "clusters": len(set(groups)),
                "marked": sum(row[3] for row in next(iter(counts.values()))),
                "methods": {
                    method: _figures(rows, groups, {"resamples": resamples, "seed": seed, "level": level})
                    for method, rows in counts.items()
                },
            }
    return made


@dataclass(frozen=True)
class _Marked:
    """The mentions and relations of each unit, by layer; of relations each once."""

    mentions: Mapping[Key, list[Row]]
    relations: Mapping[Key, list[Row]]

    @classmethod
    def of(cls, rows: Iterator[Row] | Sequence[Row]) -> "_Marked":
        mentions: dict[Key, list[Row]] = defaultdict(list)
        relations: dict[Key, dict[tuple[str, str, str], Row]] = defaultdict(dict)
        for row in rows:
            key = row["scheme"], row["unit_id"]
            if "mention_id" in row:
                mentions[key].append(row)
            else:
                relations[key].setdefault((row["label"], row["from"], row["to"]), row)
        return cls(mentions, {key: [*several.values()] for key, several in relations.items()})


def _counts(method: _Marked, truth: _Marked, key: Key, layer: str) -> tuple[int, int, int, int]:
    """Return how many match exactly and by overlap, and how many the method and the ruling have."""
    sides = [(one.mentions.get(key, []), one.relations.get(key, [])) for one in (method, truth)]
    places = [_places(rows) for rows, _ in sides]
    overlaps = _together(sides[0][0], sides[1][0])
    totals = [Counter[Any](), Counter[Any]()], [Counter[Any](), Counter[Any]()]
    for side, ((mentions, relations), place) in enumerate(zip(sides, places, strict=True)):
        same = overlaps[side]
        if layer == RELATION:
            for row in relations:
                ends = row["from"], row["to"]
                if all(end in place for end in ends):  # not where a migration retired the label of a mention
                    totals[0][side][row["label"], *(place[end] for end in ends)] += 1
                    totals[1][side][row["label"], *(same[end] for end in ends)] += 1
        else:
            for row in mentions:
                if row["question"] == layer:
                    totals[0][side][place[row["mention_id"]]] += 1
                    totals[1][side][same[row["mention_id"]]] += 1
    exact, overlap = ((mine & rulings).total() for mine, rulings in totals)
    return exact, overlap, totals[0][0].total(), totals[0][1].total()


def _places(mentions: Sequence[Row]) -> dict[str, Any]:
    found: dict[str, Any] = {AUTHOR: AUTHOR}
    return found | {
        row["mention_id"]: tuple(row[k] for k in ("question", "label", "start", "end")) for row in mentions
    }


def _together(method: Sequence[Row], ruling: Sequence[Row]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what each mention of the two is: what they have in common is the same, one to one."""
    alike: dict[tuple[str, str], list[matching.Span]] = defaultdict(list)
    for rows, who in ((method, _METHOD), (ruling, _RULING)):
        for row in rows:
            span = matching.Span(row["start"], row["end"], row["mention_id"], who)
            alike[row["question"], row["label"]].append(span)
    found: dict[str, dict[str, Any]] = {_METHOD: {AUTHOR: AUTHOR}, _RULING: {AUTHOR: AUTHOR}}
    for asked, spans in alike.items():
        for number, members in enumerate(matching.cluster(spans)):
            for one in members:
                found[one.annotator][one.id] = (*asked, number)
    return found[_METHOD], found[_RULING]


def _figures(rows: Sequence[Sequence[int]], groups: Sequence[str], bootstrap: Mapping[str, Any]) -> dict[str, Any]:
    counts = np.array(rows, dtype=np.float64)

    def f1(sums: Array) -> Array:
        return ratio(2 * sums[:, :2], (sums[:, 2] + sums[:, 3])[:, None])

    exact, overlap = (one.as_dict() for one in resample_each(groups, counts, f1, **bootstrap))
    return {"marked": int(counts[:, 2].sum()), "exact": exact, "overlap": overlap}
