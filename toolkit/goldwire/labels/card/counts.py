"""How often each label of a scheme was decided, by split. Rows are counted in Arrow and NumPy, never one by one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goldwire.labels.card.rates import EMPTY, UNRESOLVED, in_corpus
from goldwire.labels.dataset.wide import label_names, question_columns
from goldwire.labels.splits.division import SPLITS
from goldwire.scheme import Label, Question, Scheme
from goldwire.study import Params

FEW = 10  # units of a label in test; an interval over fewer says little
_WITHIN = {"target": " in an article", "paragraph": " of an article", "sentence": " of an article"}

Ints = NDArray[np.int64]


def of_scheme(scheme: Scheme, tables: Mapping[str, pa.Table], params: Params) -> dict[str, Any]:
    """Return what the card says about a scheme: questions, layers and relations, with the counts of their labels.

    Counts are per split, in the order of `SPLITS`. In a tree, who has B/x also has B. Where articles were sampled,
    each question has "rates", the estimated shares in the corpus; see `rates.in_corpus`.
    """
    recodes = params.recode.get(scheme.name, {})
    wanted = ["question", "unit_id", "article_id", "kind", "split", "labels", "decided_by", "probability"]
    gold = _rows(tables["gold"], "scheme", scheme.name, wanted)
    columns = question_columns(scheme)
    questions = []
    for question in scheme.questions:
        recode = recodes.get(question.name, {})
        rows = _rows(gold, "question", question.name, wanted)
        given = _given(rows, question)
        names = label_names(question, recode)
        definitions = {name: question.label(name).definition for name in question.label_names()}
        questions.append(
            {
                "question": question,
                "column": columns[question.name],
                "recode": recode,
                "labels": [(name, _definition(definitions, name, recode), given.per_split(name)) for name in names],
                "empty": given.per_split(EMPTY),
                "unresolved": given.per_split(UNRESOLVED),
                "rates": in_corpus(given.of_each, rows, tables["articles"], names, params.eval.level),
            }
        )
    layers = [
        (layer, _marked(layer.labels, tables["mentions"], scheme.name, layer.name, recodes.get(layer.name, {})))
        for layer in scheme.mentions
    ]
    links = _marked(scheme.relations, tables["relations"], scheme.name, None, {})
    return {
        "scheme": scheme,
        "shown": _shown(scheme, gold),
        "questions": questions,
        "layers": layers,
        "relations": links,
    }


def scarce(schemes: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, int, list[tuple[str, int]]]]:
    """Yield (question, number of its labels, those with few units in test) from what `of_scheme` returned."""
    test = SPLITS.index("test")
    for scheme in schemes:
        for item in scheme["questions"]:
            few = [(name, counts[test]) for name, _, counts in item["labels"] if counts[test] < FEW]
            if few:
                yield f"{scheme['scheme'].name}.{item['question'].name}", len(item["labels"]), few


@dataclass(frozen=True)
class _Given:
    """The labels of units: pairs of a row and the place of its label in `names`, each pair once, in order of rows."""

    names: list[str]
    row: Ints
    label: Ints
    split: Ints  # of each row, a place in SPLITS

    def per_split(self, name: str) -> list[int]:
        if name not in self.names:
            return [0] * len(SPLITS)
        rows = self.row[self.label == self.names.index(name)]
        return [int(n) for n in np.bincount(self.split[rows], minlength=len(SPLITS))]

    def of_each(self) -> list[list[str]]:
        """Return the labels of each row."""
        ends = np.searchsorted(self.row, np.arange(len(self.split) + 1))
        places = self.label.tolist()
        return [
            [self.names[place] for place in places[start:end]]
            for start, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)
        ]


def _given(rows: pa.Table, question: Question) -> _Given:
    """Return the labels of each row, with the levels above them in a tree; `UNRESOLVED` or `EMPTY` where none is."""
    import pyarrow.compute as pc

    split = pc.index_in(rows["split"], value_set=pa.array(SPLITS)).combine_chunks().to_numpy()
    lists = rows["labels"].combine_chunks()
    coded = pc.list_flatten(lists).dictionary_encode()
    row = pc.list_parent_indices(lists).to_numpy().astype(np.int64)
    said: list[str] = coded.dictionary.to_pylist()
    within = [_levels(label) if question.type == "tree" else [label] for label in said]
    names = list(dict.fromkeys([*(name for levels in within for name in levels), EMPTY, UNRESOLVED]))
    index = {name: place for place, name in enumerate(names)}
    flat = np.array([index[name] for levels in within for name in levels], np.int64)
    starts = np.array([0, *accumulate(len(levels) for levels in within)], np.int64)
    code = coded.indices.to_numpy().astype(np.int64)
    sizes = (starts[1:] - starts[:-1])[code]
    before = np.repeat(np.cumsum(sizes) - sizes, sizes)  # each code becomes the stretch of `flat` that it stands for
    label = flat[np.repeat(starts[code], sizes) + np.arange(len(before)) - before]
    row = np.repeat(row, sizes)
    open_ = pc.fill_null(pc.equal(rows["decided_by"], "unresolved"), False).combine_chunks().to_numpy(False)
    none = np.ones(rows.num_rows, bool)
    none[row] = False
    row = np.concatenate([row, np.flatnonzero(none & ~open_), np.flatnonzero(open_)])
    rest = [(none & ~open_).sum(), open_.sum()]
    label = np.concatenate([label, np.repeat([index[EMPTY], index[UNRESOLVED]], rest)])
    pairs = np.unique(row * len(names) + label)
    return _Given(names, pairs // len(names), pairs % len(names), split.astype(np.int64))


def _levels(path: str) -> list[str]:
    return [*(path[:end] for end, sign in enumerate(path) if sign == "/"), path]


def _shown(scheme: Scheme, gold: pa.Table) -> str:
    """Say what an annotator was shown once: units of the kinds that have answers, counted where there are several."""
    import pyarrow.compute as pc

    found = gold.group_by(["unit_id", "kind"]).aggregate([])
    kinds = pc.value_counts(pc.fill_null(found["kind"], scheme.unit)).to_pylist()
    counts = sorted(((one["values"], one["counts"]) for one in kinds), key=lambda pair: (-pair[1], pair[0]))
    said = [f"a {kind}{_WITHIN.get(kind, '')}" for kind, _ in counts or [(scheme.unit, 0)]]
    if len(said) == 1:
        return said[0]
    return " or ".join(f"{text} ({units} units)" for text, (_, units) in zip(said, counts, strict=True))


def _marked(
    labels: Sequence[Label], table: pa.Table, scheme: str, question: str | None, recode: Mapping[str, str]
) -> list[tuple[str, str, list[int]]]:
    rows = _rows(table, "scheme", scheme, ["question", "split", "label"])
    if question is not None:
        rows = _rows(rows, "question", question, ["split", "label"])
    found = rows.group_by(["split", "label"]).aggregate([([], "count_all")]).to_pylist()
    counts = {(one["split"], one["label"]): one["count_all"] for one in found}
    definitions = {label.name: label.definition for label in labels}
    names = dict.fromkeys(recode.get(name, name) for name in definitions)
    return [
        (name, _definition(definitions, name, recode), [counts.get((split, name), 0) for split in SPLITS])
        for name in names
    ]


def _rows(table: pa.Table, column: str, value: str, columns: list[str]) -> pa.Table:
    import pyarrow.compute as pc

    return table.select(columns).filter(pc.equal(table[column], value))


def _definition(definitions: Mapping[str, str], name: str, recode: Mapping[str, str]) -> str:
    sources = [old for old in definitions if recode.get(old, old) == name]
    if sources == [name]:
        return definitions[name]
    return "Merged: " + " ".join(f"({old}) {definitions[old]}" for old in sources)
