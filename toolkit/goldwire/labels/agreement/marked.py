"""What annotators marked, as arrays: one layer of one scheme at a time, only rows that count, recoded."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from goldwire.labels.ballots import Recode
from goldwire.labels.clusters import stories_of
from goldwire.labels.recode import recoded_row
from goldwire.scheme import Scheme
from goldwire.stats.span_agreement import Codes, Submissions
from goldwire.text.spans import batches, together, word_spans

Row = dict[str, Any]

_COLUMNS = ("scheme", "unit_id", "question", "annotator", "label", "attributes")
_ONE_ANNOTATOR = "one annotator only: agreement needs two"
_NO_TWO = "no unit was submitted by two annotators"


@dataclass(frozen=True)
class Submitted:
    """Who submitted which unit of a scheme, with or without marking anything.

    Attributes
    ----------
    scheme : str
    units, annotators : list of str
        Sorted: units that two annotators or more submitted, and everybody who submitted any unit.
    who : Submissions
        The codes are indices into the two lists.
    """

    scheme: str
    units: list[str]
    annotators: list[str]
    who: Submissions

    @property
    def unit(self) -> Codes:
        """The unit of each submission."""
        return self.who.unit

    @property
    def annotator(self) -> Codes:
        """The annotator of each submission."""
        return self.who.annotator

    def why(self) -> str | None:
        """Say why nothing can be compared, if so."""
        if self.units:
            return None
        return _ONE_ANNOTATOR if len(self.annotators) == 1 else _NO_TWO

    def groups(self, clusters: Mapping[str, str]) -> Codes:
        """Return the story of each unit; see `goldwire.labels.clusters.stories_of`."""
        return stories_of(self.units, clusters)


@dataclass(frozen=True)
class Layer:
    """The spans of a layer in the units that two submitted, by unit, then (start, end, mention_id, annotator)."""

    name: str
    labels: list[str]
    rows: list[Row]
    unit: Codes
    annotator: Codes
    label: Codes
    start: Codes
    end: Codes

    def only(self, begin: int, stop: int) -> "Layer":
        """Return the spans from `begin` to `stop`."""
        columns = (self.unit, self.annotator, self.label, self.start, self.end)
        return Layer(self.name, self.labels, self.rows[begin:stop], *(column[begin:stop] for column in columns))


def schemes_in(votes: pa.Table, *others: pa.Table) -> list[str]:
    """Return the names of the schemes of the rows, sorted."""
    return sorted({name for table in (votes, *others) for name in table["scheme"].unique().to_pylist()})


def submitted(votes: pa.Table, mentions: pa.Table, relations: pa.Table | None = None) -> dict[str, Submitted]:
    """Return who submitted what, by scheme; tables hold only rows that count. Whoever marked something submitted."""
    pairs: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for table in (votes, mentions, *([] if relations is None else [relations])):
        columns = (table[name].to_pylist() for name in ("scheme", "unit_id", "annotator"))
        for scheme, unit, annotator in zip(*columns, strict=True):
            pairs[scheme].add((unit, annotator))
    found = {}
    for scheme, given in pairs.items():
        times: dict[str, int] = defaultdict(int)
        for unit, _ in given:
            times[unit] += 1
        units = sorted(unit for unit, n in times.items() if n >= 2)
        annotators = sorted({annotator for _, annotator in given})
        place, code = _places(units), _places(annotators)
        shared = sorted((place[unit], code[annotator]) for unit, annotator in given if unit in place)
        columns_ = np.array(shared, dtype=np.int64).reshape(-1, 2).T
        found[scheme] = Submitted(scheme, units, annotators, Submissions(columns_[0], columns_[1], len(annotators)))
    return found


def layers(
    mentions: pa.Table, submitted: Submitted, name: str, scheme: Scheme | None, recode: Recode
) -> Iterator[Layer]:
    """Yield the layers of a scheme in its order, then those that only the mentions have, by name."""
    rows = rows_of(mentions, name, recode, ("mention_id", "start", "end", "text"))
    known = [layer.name for layer in scheme.mentions] if scheme else []
    place, code = _places(submitted.units), _places(submitted.annotators)
    for layer in [*known, *sorted({row["question"] for row in rows} - set(known))]:
        own = [row for row in rows if row["question"] == layer and row["unit_id"] in place]
        own.sort(key=lambda row: (row["unit_id"], row["start"], row["end"], row["mention_id"], row["annotator"]))
        declared = next((one.labels for one in scheme.mentions if one.name == layer), []) if scheme else []
        recodes = recode.get(name, {}).get(layer, {})
        labels = ordered([recodes.get(label.name, label.name) for label in declared], own)
        index = _places(labels)
        columns = (
            np.array(
                [(place[r["unit_id"]], code[r["annotator"]], index[r["label"]], r["start"], r["end"]) for r in own],
                dtype=np.int64,
            )
            .reshape(-1, 5)
            .T
        )
        yield Layer(layer, labels, own, *columns)


def rows_of(table: pa.Table, scheme: str, recode: Recode, more: Sequence[str]) -> list[Row]:
    """Return the rows of a scheme that count, recoded, with the columns that are needed."""
    import pyarrow.compute as pc

    chosen = table.filter(pc.equal(table["scheme"], scheme)).select([*_COLUMNS, *more]).to_pylist()
    recodes = recode.get(scheme, {})
    return [recoded_row(row, recodes) for row in chosen] if recodes else chosen


def ordered(known: list[str], rows: list[Row]) -> list[str]:
    """Return the known labels without repeats, then those that only the rows have, by name."""
    first = list(dict.fromkeys(known))
    return [*first, *sorted({row["label"] for row in rows} - set(first))]


def words(layer: Layer) -> tuple[Codes, Codes]:
    """Return the words of a layer's spans: (index of the span, word). Equal words of a unit are the same place.

    Words are read from the text of the mentions, which is the article's at their place, so no article is needed.
    Where spans cut a word at different characters, what overlaps is one word.
    """
    texts = [row["text"] or "" for row in layer.rows]
    spans = [np.empty((3, 0), np.int64)]
    for begin, stop in batches(texts):
        joined, edges = together(texts[begin:stop])
        first, last = word_spans(joined)
        span = np.searchsorted(edges, first, side="right")
        offset = layer.start[begin + span] - np.concatenate([[0], edges])[span]
        spans.append(np.stack([begin + span, first + offset, last + offset]))
    span, start, end = np.concatenate(spans, axis=1)
    order = np.lexsort((end, start, layer.unit[span]))
    span, start, end = span[order], start[order], end[order]
    stride = int(end.max(initial=0)) + 1
    reach = np.maximum.accumulate(layer.unit[span] * stride + end)
    fresh = np.ones(len(span), dtype=np.bool_)
    fresh[1:] = layer.unit[span][1:] * stride + start[1:] >= reach[:-1]
    return span, np.cumsum(fresh) - 1


def _places(names: Sequence[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}
