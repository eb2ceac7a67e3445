"""Agreement on the attributes of mentions, given that annotators marked the same mention."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from goldwire.labels.agreement.figure import ALL_THE_SAME, because
from goldwire.labels.agreement.marked import Layer, Row
from goldwire.labels.matching import Span, cluster
from goldwire.scheme import Attribute
from goldwire.stats.agreement import observed
from goldwire.stats.alpha import alphas, ordinal_alpha
from goldwire.stats.cells import Cells
from goldwire.stats.distance import Masi, Nominal
from goldwire.stats.resample import Interval, resample_each, together
from goldwire.stats.span_agreement import Codes

_NO_TWO = "no mention of two annotators has answers of both"


def attribute_agreement(
    layer: Layer,
    attributes: list[Attribute],
    group: Codes,
    recodes: Mapping[str, Mapping[str, str]],
    bootstrap: Mapping[str, Any],
) -> dict[str, Any]:
    """Return agreement on each attribute of a layer, by name.

    What is asked about is a mention as `goldwire.labels.matching.cluster` makes it: overlapping spans with one
    label, at most one of each annotator. As with questions, "unsure" is no answer, and an attribute that takes
    several labels and is not required may be answered with none.

    Returns
    -------
    dict
        Attribute -> distance ("nominal", "masi" where several labels may be given, "ordinal" where the labels have
        an order, the same wherever the attribute is asked), n (mentions with two answers or more), observed (the
        share of pairs of answers that are equal, meaned over mentions; with MASI, 1 - distance) and alpha, each with
        its interval. Text attributes are left out.
    """
    asked: dict[str, list[Attribute]] = defaultdict(list)
    for attribute in attributes:
        if attribute.type != "text":
            asked[attribute.name].append(attribute)
    if not asked:
        return {}
    found = list(_mentions(layer))
    return {
        name: _figures(name, ones, found, layer, group, recodes, bootstrap) for name, ones in sorted(asked.items())
    }


def _figures(
    name: str,
    attributes: list[Attribute],
    mentions: list[tuple[int, str, list[Row]]],
    layer: Layer,
    group: Codes,
    recodes: Mapping[str, Mapping[str, str]],
    bootstrap: Mapping[str, Any],
) -> dict[str, Any]:
    named = _distance(attributes)
    merged = recodes.get(layer.name, {})
    by_label: dict[str, Attribute] = {}
    for label in layer.labels:
        for attribute in sorted(attributes, key=lambda one: not one.applies_to):
            if not attribute.applies_to or label in {merged.get(one, one) for one in attribute.applies_to}:
                by_label.setdefault(label, attribute)
    given: list[list[tuple[str, ...]]] = []
    stories: list[int] = []
    for unit, label, rows in mentions:
        if label in by_label:
            said = [_answer(row, name, by_label[label]) for row in rows]
            sure = [answer for answer in said if answer is not None]
            if len(sure) >= 2:
                given.append(sure)
                stories.append(int(group[unit]))
    sets = sorted({answer for answers in given for answer in answers})
    if named == "ordinal":
        sets = _in_order(sets, attributes[0], recodes.get(name, {}))
    result: dict[str, Any] = {"distance": named, "n": len(given)}
    if not given:
        nothing = because(Interval(None), _NO_TWO)
        return {**result, "observed": nothing, "alpha": dict(nothing)}
    place = {answer: i for i, answer in enumerate(sets)}
    counts = np.zeros((len(given), len(sets)), dtype=np.int64)
    for i, answers in enumerate(given):
        np.add.at(counts[i], [place[answer] for answer in answers], 1)
    cells = Cells.of_counts(counts)
    distance = Masi(sets) if named == "masi" else Nominal(len(sets))
    alpha = ordinal_alpha(cells) if named == "ordinal" else alphas(cells, {"alpha": distance})
    both = together([observed(cells, distance), alpha])
    share, beyond = resample_each(np.array(stories), both.statistics, both.function, **bootstrap)
    return {**result, "observed": because(share, _NO_TWO), "alpha": because(beyond, ALL_THE_SAME)}


def _distance(attributes: list[Attribute]) -> str:
    """Return the name of the distance of an attribute, from its questions: one for each labels it applies to."""
    if any(attribute.type in ("multiple", "tree") for attribute in attributes):
        return "masi"
    orders = {tuple(attribute.label_names()) for attribute in attributes}
    return "ordinal" if len(orders) == 1 and all(one.type == "ordinal" for one in attributes) else "nominal"


def _in_order(sets: list[tuple[str, ...]], attribute: Attribute, recode: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return answers of one label in the order of the scheme, the lowest first; those it has not stand last."""
    place: dict[str, int] = {}
    for label in attribute.label_names():
        place.setdefault(recode.get(label, label), len(place))
    return sorted(sets, key=lambda labels: [(place.get(label, len(place)), label) for label in labels])


def _mentions(layer: Layer) -> Iterator[tuple[int, str, list[Row]]]:
    """Yield (unit, label, spans) of the mentions that two annotators or more marked."""
    alike: dict[tuple[int, int], list[int]] = defaultdict(list)
    for i, key in enumerate(zip(layer.unit.tolist(), layer.label.tolist(), strict=True)):
        alike[key].append(i)
    for (unit, label), same in sorted(alike.items()):
        rows = {f"{i:09}": layer.rows[i] for i in same}  # by place: mention ids need not tell the spans apart
        for members in cluster([Span(r["start"], r["end"], id_, r["annotator"]) for id_, r in rows.items()]):
            if len(members) >= 2:
                yield unit, layer.labels[label], [rows[span.id] for span in members]


def _answer(row: Row, name: str, attribute: Attribute) -> tuple[str, ...] | None:
    """Return the labels that were given, sorted; None where there is no answer."""
    labels = set(json.loads(row["attributes"] or "{}").get(name, []))
    sure = labels - {label.name for label in attribute.labels if label.role == "unsure"}
    if sure or (not labels and attribute.type in ("multiple", "tree") and not attribute.required):
        return tuple(sorted(sure))
    return None
