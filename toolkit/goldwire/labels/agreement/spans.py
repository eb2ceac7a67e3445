"""Agreement on mentions: what annotators mark in a text, and as what.

In: votes, vote_mentions. Out: a dictionary by layer, which is `mentions` in labels/tables/agreement.json.

Three F1s say how near two annotators' spans are (Hripcsak and Rothschild, 2005; see `stats.span_agreement`):

- exact: the same start, end and label;
- overlap: the same label, and at least half of the characters in either span are in both, one to one, the largest
  overlap first, as in `labels.matching`;
- token: the words that stand in spans with the same label.

`unlabelled` has the three without regard to the label. alpha_u corrects for chance, and counts lengths instead of
spans (see `stats.unitising`); alpha_u_binary asks only whether a character is marked.
"""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from goldwire.labels.agreement.attributes import attribute_agreement
from goldwire.labels.agreement.marked import Layer, Submitted, layers, schemes_in, submitted, words
from goldwire.labels.agreement.span_pairs import pairwise
from goldwire.labels.agreement.span_parts import Breakdowns, Parts
from goldwire.labels.agreement.unitised import unitised
from goldwire.labels.ballots import Recode, counted
from goldwire.labels.matching import LEAST_OVERLAP
from goldwire.scheme import Scheme
from goldwire.stats.span_agreement import Codes, Compared, Submissions, compare, one_to_one, overlapping, twins

MEASURES = ("exact", "overlap", "token")

_TOGETHER = 200_000  # meetings of a span with another annotator that are compared at once
_NOBODY = "nobody marked anything in a unit that two submitted"


def span_agreement(
    votes: pa.Table,
    mentions: pa.Table,
    schemes: Mapping[str, Scheme],
    clusters: Mapping[str, str],
    *,
    lengths: Mapping[str, int] | None = None,
    recode: Recode | None = None,
    pairs: bool | None = None,
    breakdowns: Breakdowns | None = None,
    resamples: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> dict[str, dict[str, Any]]:
    """Return agreement on each mention layer.

    Parameters
    ----------
    votes, mentions : pa.Table
        The votes and vote_mentions tables; the rows that count are used. All who submitted a unit are compared on it,
        also those who marked nothing.
    schemes : mapping
        The schemes by name. Layers and labels that a scheme has not are taken from the mentions.
    clusters : mapping
        unit -> story: what is drawn for the intervals; a unit that is not in it is its own.
    lengths : mapping, optional
        unit -> characters (see `lengths_of`), which alpha_u needs.
    recode : mapping, optional
        Scheme -> layer or attribute -> old label -> new label, applied first.
    pairs : bool, optional
        Whether each pair of annotators is listed; None is up to `goldwire.labels.agreement.people.MOST` annotators.
    breakdowns : Breakdowns, optional
        What to add: slices, the hard labels, which rounds were blind.
    resamples, seed, level
        Of the bootstrap; see `goldwire.stats.resample`.

    Returns
    -------
    dict
        LAYER (``scheme.LAYER`` when several schemes have layers) -> units (that two annotators or more submitted),
        empty_units (those of them where nobody marked anything: they count for alpha_u only), annotators, spans (in
        `units`), pairs_n (pairs of annotators with a unit in common), exact, overlap, token, unlabelled (the same
        three), alpha_u, alpha_u_binary, per_label (spans, exact, overlap, token, alpha_u of this label against all
        else), per_annotator (against the others: units, spans, exact, overlap, token), pairs (a, b, units, spans of
        both, exact, overlap, token; none where they are not listed), attributes (see `attribute_agreement`), with
        breakdowns slices, not_in_slices, hard and blind (with exact, overlap, token and alpha_u; see
        `goldwire.labels.agreement.span_parts`), and why, where nothing can be compared. A figure is
        ``{"value", "low", "high"}``, with "why" where it, or its interval, is null.

    Raises
    ------
    GoldwireError
        When a unit has marks beyond its length.
    """
    votes, mentions = counted(votes), counted(mentions)
    who = submitted(votes, mentions)
    bootstrap = {"resamples": resamples, "seed": seed, "level": level}
    found = []
    for name in schemes_in(votes, mentions):
        group, scheme = who[name].groups(clusters), schemes.get(name)
        recodes = (recode or {}).get(name, {})
        for layer in layers(mentions, who[name], name, scheme, recode or {}):
            value = _figures(layer, who[name], group, lengths, pairs, breakdowns, bootstrap)
            asked = [a for one in scheme.mentions if one.name == layer.name for a in one.attributes] if scheme else []
            value["attributes"] = attribute_agreement(layer, asked, group, recodes, bootstrap)
            if why := who[name].why() or (None if layer.rows else _NOBODY):
                value["why"] = why
            found.append((name, layer.name, value))
    several = len({scheme for scheme, _, _ in found}) > 1
    return {f"{scheme}.{layer}" if several else layer: value for scheme, layer, value in found}


def lengths_of(units: pa.Table) -> dict[str, int]:
    """Return the characters of each unit, from the units table."""
    columns = (units[name].to_pylist() for name in ("unit_id", "start", "end"))
    return {unit: end - start for unit, start, end in zip(*columns, strict=True)}


def _figures(
    layer: Layer,
    submitted: Submitted,
    group: Codes,
    lengths: Mapping[str, int] | None,
    pairs: bool | None,
    breakdowns: Breakdowns | None,
    bootstrap: Mapping[str, Any],
) -> dict[str, Any]:
    why = submitted.why() or _NOBODY
    blocks = [_measures(*block) for block in _blocks(layer, submitted.who)]
    compared = pairwise(submitted, group, blocks, len(MEASURES), "no word is marked", bootstrap)
    overall = compared.overall(why)
    of_label = np.bincount(layer.label, minlength=len(layer.labels)).tolist()
    of_annotator = np.bincount(layer.annotator, minlength=len(submitted.annotators)).tolist()
    marked = dict(zip(submitted.annotators, of_annotator, strict=True))
    alpha = unitised(layer, submitted, group, lengths, bootstrap)
    unmarked = submitted.why() or "nobody marked it in a unit that two submitted"
    nothing = "nothing is marked in the units in common"
    listed = [
        {"a": a, "b": b, "units": units, "spans": n, **figures}
        for a, b, units, n, figures in compared.by_pair(MEASURES, "exact", nothing, pairs)
    ]
    result = {
        "units": len(submitted.units),
        "empty_units": len(submitted.units) - len(np.unique(layer.unit)),
        "annotators": len(submitted.annotators),
        "spans": len(layer.rows),
        "pairs_n": compared.pairs_n,
        **{name: overall[name] for name in MEASURES},
        "unlabelled": {name: overall[f"unlabelled {name}"] for name in MEASURES},
        **alpha.overall(why),
        "per_label": {
            label: {"spans": spans, **figures, "alpha_u": of_it}
            for label, spans, figures, of_it in zip(
                layer.labels,
                of_label,
                compared.by_label(layer.labels, MEASURES, unmarked),
                alpha.by_label(unmarked),
                strict=True,
            )
        },
        "per_annotator": {
            name: {"units": units, "spans": marked[name], **figures}
            for name, units, figures in compared.by_annotator(MEASURES, nothing)
        },
        "pairs": listed,
    }
    if breakdowns is not None:
        submission = submitted.who.of(layer.unit, layer.annotator)
        parts = Parts(
            compared, MEASURES, "spans", submission, layer.label, layer.labels, why, alpha.of, alpha.of_labels
        )
        result |= parts.broken_down(breakdowns)
    return result


def _blocks(layer: Layer, who: Submissions) -> Iterator[tuple[Layer, Submissions]]:
    """Yield spans and submissions of some units at a time: so many that about `_TOGETHER` spans meet an annotator."""
    size = who.size(int(who.unit.max(initial=-1)) + 1)
    meetings = np.bincount(layer.unit, minlength=len(size)) * size
    edges = [0, *(np.flatnonzero(np.diff(np.cumsum(meetings) // _TOGETHER)) + 1).tolist(), len(size)]
    for first, last in itertools.pairwise(edges):
        spans, submissions = (np.searchsorted(units, [first, last]).tolist() for units in (layer.unit, who.unit))
        yield layer.only(*spans), who.only(*submissions)


def _measures(layer: Layer, who: Submissions) -> dict[str, Compared]:
    """Return the comparisons of each measure: of spans, of words with a label, of words."""
    unit, annotator, label, start, end = layer.unit, layer.annotator, layer.label, layer.start, layer.end
    i, j, _ = overlapping(unit, annotator, start, end, LEAST_OVERLAP)
    same = label[i] == label[j]
    alike = one_to_one(annotator, i[same], j[same])
    any_label = one_to_one(annotator, i, j)
    span, word = words(layer)
    labelled = np.unique(np.stack([unit[span], annotator[span], word, label[span]]), axis=1)
    plain = np.unique(labelled[:3], axis=1)
    submission, of_labelled, of_plain = (who.of(*one[:2]) for one in ((unit, annotator), labelled, plain))
    no_label = np.zeros(plain.shape[1], dtype=np.int64)
    return {
        "exact": compare(who, submission, label, *twins(annotator, unit, label, start, end)),
        "overlap": compare(who, submission, label, i[same][alike], j[same][alike]),
        "token": compare(who, of_labelled, labelled[3], *twins(labelled[1], labelled[2], labelled[3])),
        "unlabelled exact": compare(who, submission, label, *twins(annotator, unit, start, end)),
        "unlabelled overlap": compare(who, submission, label, i[any_label], j[any_label]),
        "unlabelled token": compare(who, of_plain, no_label, *twins(plain[1], plain[2])),
    }
