"""The incident types of the Fourth Message Understanding Conference: which of seven an article reports, if any."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from goldwire import scheme
from goldwire.errors import GoldwireError
from goldwire.eval.audit.near import near_duplicates
from goldwire.eval.benchmarks.base import Benchmark, Data, Published, View, frame
from goldwire.eval.task import Answer, Task
from goldwire.text.neighbours import Joined, Neighbours

if TYPE_CHECKING:
    import pandas as pd

FILE = "muc4_docs.jsonl"
_CODEBOOK = scheme.load("event-muc4")
_QUESTION = _CODEBOOK.question("incidents")
LABELS = tuple(label.name for label in _QUESTION.labels if label.role == "answer")
TASK = Task(LABELS, "multiple", codebook=_CODEBOOK, question=_QUESTION)
RELEVANCE = Task(("relevant", "irrelevant"))
_SPLITS = ("train", "dev", "test")
_NAMED = 5  # pairs in a warning
_FEW = 5  # documents of a label


def relevant_or_not(answer: Answer) -> Answer:
    """Return whether an answer names any incident."""
    return ("relevant",) if answer else ("irrelevant",)


def read(folder: Path) -> Data:
    """Read the documents with the types of their incident templates, optional ones too.

    An article without an incident has the empty answer. Models learn from the 1,300 documents of train, and are
    scored on the 200 of test; the 200 of dev are not used. Texts are kept as they are, in capitals and with hard line
    breaks. Clusters are stories: texts of which one has half of the other's runs of five words.

    Raises
    ------
    GoldwireError
        When the file is missing, a line is not as it should be, or there is no train or test.
    """
    rows = documents(folder)
    stories, pairs = _stories(rows)
    sides = {side: _side(rows, stories, side) for side in ("train", "test")}
    for side, found in sides.items():
        if not len(found):
            raise GoldwireError(f"there is no document of {side}", where=str(folder / FILE))
    return Data(
        task=TASK,
        train=sides["train"],
        test=sides["test"],
        clustered="stories",
        warnings=tuple(_warnings(rows, pairs, sides["train"], sides["test"])),
        notes=(_supports(sides["train"], sides["test"]),),
    )


@dataclass(frozen=True)
class Document:
    """An article with the answer of its keys."""

    id: str
    split: str
    text: str
    labels: Answer


def documents(folder: Path) -> list[Document]:
    """Return all documents in the order of the file; see `read` for the errors."""
    path = folder / FILE
    if not path.is_file():
        raise GoldwireError(
            "the file is not there",
            where=str(path),
            hint="It has one JSON object a line: doc_id, split (train, dev, test), text, incident_types.",
        )
    found: list[Document] = []
    seen: set[str] = set()
    with path.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, 1):
            where = f"{path}:{number}"
            try:
                record = json.loads(line)
            except json.JSONDecodeError as error:
                raise GoldwireError(f"is not JSON: {error}", where=where) from error
            document = _document(record, where)
            if document.id in seen:
                raise GoldwireError(f'the document "{document.id}" comes twice', where=where)
            seen.add(document.id)
            found.append(document)
    return found


def _document(record: Any, where: str) -> Document:
    texts = ("doc_id", "split", "text")
    types = record.get("incident_types") if isinstance(record, dict) else None
    if not isinstance(types, list) or not all(isinstance(record.get(name), str) for name in texts):
        raise GoldwireError("doc_id, split and text (strings) and incident_types (a list) are needed", where=where)
    if record["split"] not in _SPLITS:
        raise GoldwireError(f'"{record["split"]}" is no split', where=where, hint=f"Known: {', '.join(_SPLITS)}")
    if strange := [str(name) for name in types if name not in LABELS]:
        raise GoldwireError(f'"{strange[0]}" is no incident type', where=where, hint=f"Known: {', '.join(LABELS)}")
    answer = tuple(label for label in LABELS if label in types)
    return Document(record["doc_id"], record["split"], record["text"], answer)


def _stories(rows: Sequence[Document]) -> tuple[list[str], list[Neighbours]]:
    """Return the story of each document, and the near-duplicates."""
    place: dict[str, int] = {}
    at = [place.setdefault(row.text, len(place)) for row in rows]
    _, found, _ = near_duplicates(list(place))
    joined = Joined(len(place))
    for pair in found:
        joined.join(pair.first, pair.second)
    first = {text: number for number, text in reversed(list(enumerate(at)))}
    pairs = [Neighbours(first[p.first], first[p.second], p.containment, p.jaccard) for p in found]
    pairs += [Neighbours(first[text], number, 1.0, 1.0) for number, text in enumerate(at) if first[text] != number]
    return [rows[first[joined.root(text)]].id for text in at], pairs


def _side(rows: Sequence[Document], stories: Sequence[str], side: str) -> "pd.DataFrame":
    chosen = [(row, story) for row, story in zip(rows, stories, strict=True) if row.split == side]
    return frame(
        {
            "unit_id": [row.id for row, _ in chosen],
            "text": [row.text for row, _ in chosen],
            "labels": [row.labels for row, _ in chosen],
            "cluster": [story for _, story in chosen],
        },
        TASK,
    )


def _warnings(
    rows: Sequence[Document], pairs: Sequence[Neighbours], train: "pd.DataFrame", test: "pd.DataFrame"
) -> list[str]:
    found = []
    both = [(rows[pair.first], rows[pair.second]) for pair in pairs]
    across = [(a, b) for a, b in both if {a.split, b.split} == {"train", "test"}]
    if across:
        found.append(
            f"Near-duplicates lie across train and test, {len(across)} in all ({_named(across)}): half of the "
            "shorter text's runs of five words are in the longer one."
        )
    conflicts = [(a, b) for a, b in both if a.labels != b.labels]
    if conflicts:
        found.append(
            f"{len(conflicts)} of {len(both)} pairs of near-duplicates have different answers ({_named(conflicts)}): "
            "the keys were made by several sites, and no model can be right on both."
        )
    counts = _counts(test)
    few = [f"{label} {counts[label]}" for label in LABELS if counts[label] < _FEW]
    if few:
        found.append(
            f"Test documents of the rare types: {', '.join(few)}. One document more or less moves the macro-F1 by "
            "points; a type without any is left out of it."
        )
    if never := [label for label in LABELS if not _counts(train)[label]]:
        found.append(f"No train document has {', '.join(never)}: no model that learns from train can give it.")
    return found


def _named(pairs: Sequence[tuple[Document, Document]]) -> str:
    named = [f"{a.id} and {b.id}" for a, b in pairs[:_NAMED]]
    return "; ".join(named) + (f"; and {len(pairs) - _NAMED} more" if len(pairs) > _NAMED else "")


def _counts(rows: "pd.DataFrame") -> Counter[str]:
    return Counter(label for answer in rows["labels"] for label in answer)


def _supports(train: "pd.DataFrame", test: "pd.DataFrame") -> str:
    sides = (_counts(train), _counts(test))
    each = [f"{label} {sides[0][label]:,}/{sides[1][label]:,}" for label in LABELS]
    none = [sum(not answer for answer in rows["labels"]) for rows in (train, test)]
    return f"Documents of each type, train/test: {', '.join(each)}; none {none[0]:,}/{none[1]:,}."


_SOURCE = "handed down with these files, for the same test rows; no paper is known"
BENCHMARK = Benchmark(
    name="muc4",
    title="MUC-4 incident types",
    read=read,
    metrics=("micro-f1", "macro-f1", "accuracy"),
    baselines=(
        "majority",
        "keywords",
        "lead",
        "sentences",
        "keyword-counts",
        "keyword-trees",
        "one-vs-rest",
        "combined",
    ),
    published=(
        Published("TF-IDF, linear SVM", {"micro-f1": 0.654, "macro-f1": 0.290}, _SOURCE),
        Published("always ATTACK", {"micro-f1": 0.499}, "counted on the test rows"),
    ),
    notes=(
        "MUC-4 itself scored filled templates, not types of documents: none of its figures stands beside these.",
        "Types of optional templates count as answers.",
    ),
    views=(View("relevance", RELEVANCE, relevant_or_not),),
)
