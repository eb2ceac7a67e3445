"""Tokens with BIO tags: the form that sequence taggers are trained on.

One token a line, its columns parted by tabs: the token, its start and end in the article's text, and for each layer
of spans a tag: B-LABEL on a span's first token, I-LABEL on the others, O elsewhere (Ramshaw and Marcus 1995, Text
chunking using transformation-based learning; the variant in which every span begins with B). An empty line ends a
unit. White space in a label becomes "_".
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from goldwire.errors import GoldwireError
from goldwire.files import write_text
from goldwire.labels.export import folder

_SIGN = re.compile(r"\S(?:\u200d\S|[\ufe0e\ufe0f])*")  # with what joins or varies it, so that an emoji is one token


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes
    ----------
    files : dict
        File name to units.
    untagged : list of str
        Spans (mention ids) that overlap a longer one of their layer, which one tag a token cannot say, or hold no
        token.
    """

    files: dict[str, int]
    untagged: list[str]


def write(dataset: Path, into: Path, scheme: str | None = None) -> Written:
    """Write ``<scheme>.<split>.conll`` for every scheme that has spans; a token that a span cuts belongs to it.

    Parameters
    ----------
    scheme : str, optional
        Only this one.

    Raises
    ------
    GoldwireError
        When the dataset has no texts, or no spans (of the scheme).
    """
    gold = folder.config(dataset, "gold")
    mentions = folder.config(dataset, "mentions").to_pylist()
    if "text" not in gold.column_names:
        raise GoldwireError(
            "the dataset has no texts, so there are no tokens",
            where=str(dataset),
            hint="Fill them in with: goldwire labels rehydrate DATASET ARTICLES -o DIR",
        )
    spans: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    layers: dict[str, set[str]] = defaultdict(set)
    for row in mentions:
        spans[row["scheme"], row["unit_id"]].append(row)
        layers[row["scheme"]].add(row["question"])
    wanted = [name for name in sorted(layers) if scheme in (None, name)]
    if not wanted:
        known = f" It has spans of: {', '.join(sorted(layers))}." if layers else ""
        raise GoldwireError(
            f"there are no spans{'' if scheme is None else f' of {scheme}'}.{known}", where=str(dataset)
        )
    files: dict[str, int] = {}
    untagged: list[str] = []
    for name in wanted:
        blocks: dict[str, list[str]] = defaultdict(list)
        for unit in _units(gold, name):
            lines, lost = _tagged(unit, spans[name, unit["unit_id"]], sorted(layers[name]))
            blocks[unit["split"]].append("\n".join([f"# unit_id = {unit['unit_id']}", *lines]) + "\n")
            untagged += lost
        for split, written in sorted(blocks.items()):
            head = f"# columns = token start end {' '.join(sorted(layers[name]))}\n\n"
            write_text(into / f"{name}.{split}.conll", head + "\n".join(written))
            files[f"{name}.{split}.conll"] = len(written)
    return Written(files, sorted(untagged))


def tokenised(text: str) -> list[tuple[int, int]]:
    """Return where tokens start and end: words as `goldwire.text.words` has them, and every other sign for itself."""
    from goldwire.text.spans import word_spans

    words = list(zip(*(edges.tolist() for edges in word_spans(text)), strict=True))
    tokens, at = [], 0
    for start, end in [*words, (len(text), len(text))]:
        tokens += [found.span() for found in _SIGN.finditer(text, at, start)]
        tokens.append((start, end))
        at = end
    return tokens[:-1]


def _units(gold: Any, scheme: str) -> Iterator[dict[str, Any]]:
    import pyarrow.compute as pc

    rows = gold.filter(pc.field("scheme") == scheme).select(["unit_id", "split", "start", "text"])
    seen = set()
    for row in rows.sort_by("unit_id").to_pylist():
        if row["unit_id"] not in seen:
            seen.add(row["unit_id"])
            yield row


def _tagged(
    unit: dict[str, Any], spans: Sequence[dict[str, Any]], layers: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Return a line for every token, and the spans that were left out."""
    offset = unit["start"] or 0
    tokens = [(offset + start, offset + end, unit["text"][start:end]) for start, end in tokenised(unit["text"])]
    starts = [start for start, _, _ in tokens]
    tags = {layer: ["O"] * len(tokens) for layer in layers}
    lost = []
    for span in sorted(spans, key=lambda row: (row["start"] - row["end"], row["start"], row["mention_id"])):
        first = max(bisect_left(starts, span["start"] + 1) - 1, 0)
        while first < len(tokens) and tokens[first][1] <= span["start"]:
            first += 1
        last = bisect_left(starts, span["end"])
        column = tags[span["question"]]
        if first >= last or any(tag != "O" for tag in column[first:last]):
            lost.append(span["mention_id"])
            continue
        label = "_".join(span["label"].split())
        column[first:last] = [f"B-{label}", *[f"I-{label}"] * (last - first - 1)]
    rows = zip(tokens, *tags.values(), strict=True)
    return ["\t".join([token, str(start), str(end), *given]) for (start, end, token), *given in rows], lost
