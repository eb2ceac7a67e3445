"""Agreement on relations, given that annotators marked the same two mentions.

In: votes, vote_mentions, vote_relations. Out: a dictionary, which is `relations` in labels/tables/agreement.json.

For every two annotators of a unit their spans are matched as for the overlap F1 of `labels.agreement.spans`: the same
layer and label, overlapping by half or more, one to one. A link can be compared when both of its ends are matched;
"author", who has no span, always is. Among these, F1 (see `stats.span_agreement`) says how many links the other drew
as well, in the same direction. So a link that the other could not draw, having left an end unmarked, is no
disagreement about the relation; `not_compared` is the share of such links.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from goldwire.labels.agreement.marked import Layer, Row, Submitted, layers, ordered, rows_of, schemes_in, submitted
from goldwire.labels.agreement.span_pairs import Pairwise, pairwise
from goldwire.labels.agreement.span_parts import Breakdowns, Parts
from goldwire.labels.ballots import Recode, counted
from goldwire.labels.matching import LEAST_OVERLAP
from goldwire.labels.units import AUTHOR
from goldwire.scheme import Scheme
from goldwire.stats.span_agreement import Compared, count, one_to_one, overlapping

MEASURES = ("labelled", "not_compared")
RELATION = "relation"

Partners = dict[tuple[int, str, int], str]
"""(unit, the id of an annotator's mention, another annotator) -> the id of the mention that is theirs."""

Link = tuple[int, str, str, int]
"""A submission, the ids of the mentions that it links (or "author"), and the label."""

_UNMATCHED = "no link has both of its ends matched"
_NOBODY = "nobody drew a link in a unit that two submitted"


def relation_agreement(
    votes: pa.Table,
    mentions: pa.Table,
    relations: pa.Table,
    schemes: Mapping[str, Scheme],
    clusters: Mapping[str, str],
    *,
    recode: Recode | None = None,
    pairs: bool | None = None,
    breakdowns: Breakdowns | None = None,
    resamples: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> dict[str, dict[str, Any]]:
    """Return agreement on the relations of each scheme that has any.

    Parameters
    ----------
    votes, mentions, relations : pa.Table
        The votes, vote_mentions and vote_relations tables; the rows that count are used.
    schemes, clusters, recode, pairs, breakdowns, resamples, seed, level
        As for `goldwire.labels.agreement.spans.span_agreement`; relations are recoded under "relation".

    Returns
    -------
    dict
        "relation" (``scheme.relation`` when several schemes have relations) -> units (that two annotators or more
        submitted), empty_units (those of them where nobody drew a link), annotators, links (in `units`, repeats by
        one annotator not counted), pairs_n, labelled, unlabelled (F1 with and without regard to the label),
        not_compared, per_label (links, labelled, not_compared), per_annotator (units, links, labelled,
        not_compared), pairs (a, b, units, links of both, labelled, not_compared), with breakdowns slices,
        not_in_slices, hard and blind (with labelled and not_compared; see `goldwire.labels.agreement.span_parts`),
        and why, where nothing can be compared. Figures are as there.
    """
    votes, mentions, relations = counted(votes), counted(mentions), counted(relations)
    who = submitted(votes, mentions, relations)
    bootstrap = {"resamples": resamples, "seed": seed, "level": level}
    found = {}
    for name in schemes_in(votes, mentions, relations):
        scheme, recodes = schemes.get(name), recode or {}
        rows = rows_of(relations, name, recodes, ("from", "to"))
        known = [relation.name for relation in scheme.relations] if scheme else []
        if not known and not rows:
            continue
        merged = recodes.get(name, {}).get(RELATION, {})
        labels = ordered([merged.get(label, label) for label in known], rows)
        marked = list(layers(mentions, who[name], name, scheme, recodes))
        links = _links(rows, labels, who[name])
        measures = _measures(links, who[name], _partners(marked))
        compared = pairwise(who[name], who[name].groups(clusters), [measures], len(MEASURES), _UNMATCHED, bootstrap)
        found[name] = _figures(compared, links, labels, pairs, breakdowns)
    return {f"{name}.{RELATION}" if len(found) > 1 else RELATION: value for name, value in found.items()}


def _figures(
    compared: Pairwise, links: list[Link], labels: list[str], pairs: bool | None, breakdowns: Breakdowns | None
) -> dict[str, Any]:
    submitted = compared.submitted
    why = submitted.why() or _NOBODY
    overall = compared.overall(why)
    submission, label = (np.array([link[k] for link in links], dtype=np.int64) for k in (0, 3))
    of_label = np.bincount(label, minlength=len(labels)).tolist()
    of_annotator = np.bincount(submitted.annotator[submission], minlength=len(submitted.annotators)).tolist()
    drawn = dict(zip(submitted.annotators, of_annotator, strict=True))
    undrawn = submitted.why() or "nobody drew it in a unit that two submitted"
    nothing = "no link is drawn in the units in common"
    listed = [
        {"a": a, "b": b, "units": units, "links": n, **figures}
        for a, b, units, n, figures in compared.by_pair(MEASURES, "not_compared", nothing, pairs)
    ]
    result = {
        "units": len(submitted.units),
        "empty_units": len(submitted.units) - len(np.unique(submitted.unit[submission])),
        "annotators": len(submitted.annotators),
        "links": len(links),
        "pairs_n": compared.pairs_n,
        **{name: overall[name] for name in ("labelled", "unlabelled", "not_compared")},
        "per_label": {
            label: {"links": n, **figures}
            for label, n, figures in zip(labels, of_label, compared.by_label(labels, MEASURES, undrawn), strict=True)
        },
        "per_annotator": {
            name: {"units": units, "links": drawn[name], **figures}
            for name, units, figures in compared.by_annotator(MEASURES, nothing)
        },
        "pairs": listed,
    }
    if breakdowns is not None:
        parts = Parts(compared, MEASURES, "links", submission, label, labels, why)
        result |= parts.broken_down(breakdowns)
    return result if links else {**result, "why": why}


def _partners(marked: list[Layer]) -> Partners:
    """Match the spans of every two annotators, within each layer and label."""
    found: Partners = {}
    for layer in marked:
        i, j, _ = overlapping(layer.unit, layer.annotator, layer.start, layer.end, LEAST_OVERLAP)
        same = layer.label[i] == layer.label[j]
        i, j = i[same], j[same]
        kept = one_to_one(layer.annotator, i, j)
        for first, second in ((i[kept], j[kept]), (j[kept], i[kept])):
            keys = zip(layer.unit[first].tolist(), first.tolist(), layer.annotator[second].tolist(), strict=True)
            for (unit, mine, other), theirs in zip(keys, second.tolist(), strict=True):
                found[unit, layer.rows[mine]["mention_id"], other] = layer.rows[theirs]["mention_id"]
    return found


def _links(rows: list[Row], labels: list[str], submitted: Submitted) -> list[Link]:
    """Return the links of the units that two submitted, without repeats, by submission."""
    place = {unit: code for code, unit in enumerate(submitted.units)}
    code = {name: i for i, name in enumerate(submitted.annotators)}
    index = {label: i for i, label in enumerate(labels)}
    shared = [row for row in rows if row["unit_id"] in place]
    unit, annotator = (
        np.array([codes[row[key]] for row in shared], dtype=np.int64)
        for codes, key in ((place, "unit_id"), (code, "annotator"))
    )
    submission = submitted.who.of(unit, annotator).tolist()
    return sorted(
        {(one, row["from"], row["to"], index[row["label"]]) for one, row in zip(submission, shared, strict=True)}
    )


def _measures(links: list[Link], submitted: Submitted, partners: Partners) -> dict[str, Compared]:
    """Return the comparisons of each measure; those that regard the label stand first."""
    who = submitted.who
    everybody: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for submission, (unit, annotator) in enumerate(zip(who.unit.tolist(), who.annotator.tolist(), strict=True)):
        everybody[unit].append((submission, annotator))
    unit_of = who.unit.tolist()

    def compared(links: Sequence[Link], only_whether: bool = False) -> Compared:
        known = set(links)
        found: list[tuple[int, int, bool]] = []
        for i, (submission, start, end, label) in enumerate(links):
            unit = unit_of[submission]
            for other, annotator in everybody[unit]:
                if other == submission:
                    continue
                ends = [e if e == AUTHOR else partners.get((unit, e, annotator)) for e in (start, end)]
                if only_whether:
                    found.append((i, other, None in ends))
                elif None not in ends:
                    found.append((i, other, (other, *ends, label) in known))
        item, other_, agreed = np.array(found, dtype=np.int64).reshape(-1, 3).T
        submission_, label_ = (np.array([link[k] for link in links], dtype=np.int64) for k in (0, 3))
        return count(who, submission_, label_, item, other_, agreed.astype(np.bool_))

    plain = sorted({(*link[:3], 0) for link in links})
    return {
        "labelled": compared(links),
        "not_compared": compared(links, only_whether=True),
        "unlabelled": compared(plain),
    }
