"""SEESAW: in a sentence of the news, is the holder for or against the target? (Zhang et al. 2022)"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from goldwire.errors import GoldwireError
from goldwire.eval.benchmarks.base import Benchmark, Data, frame
from goldwire.eval.task import Task

if TYPE_CHECKING:
    import pandas as pd

TASK = Task(("POS", "NEG"))
SPLITS = {"train": "train", "valid": "validation", "test": "test"}  # as the files name them
_SPELLINGS = {"pos": "POS", "positive": "POS", "neg": "NEG", "negative": "NEG"}
_NOT_NAMED = ("", "none", "not in the list")  # in place of an entity of the article's list


@dataclass
class _Found:
    """Units by split, and why others were left out."""

    units: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in SPLITS.values()})
    articles: Counter[str] = field(default_factory=Counter)
    out: Counter[str] = field(default_factory=Counter)


def read(folder: Path) -> Data:
    """Read the triplets (holder, POS or NEG, target) of every sentence, in the official temporal split.

    ``annotations/`` have, for each article, ``sentence-level stances``: ``{sentence: [{"subject", "sentiment",
    "object", ...}]}``; ``articles/`` the sentences; ``meta/`` a story's date, split and sources. The text of a unit
    is the sentence. A holder that is none of the article's entities is "". Left out and counted: triplets whose
    target is none of the entities, whose sentiment is neither, and those that the same sentence has both as POS and
    as NEG; a triplet that a sentence has twice is there once. Clusters are stories: three articles each, on the same
    event.

    Raises
    ------
    GoldwireError
        When a folder, file or field is missing, or a triplet names a sentence that its article has not.
    """
    found = _Found()
    for path in _files(folder / "annotations"):
        story, document = _parts(path)
        meta_path = folder / "meta" / f"TRIPLET_{story}.json"
        meta, article, coded = _json(meta_path), _json(folder / "articles" / path.name), _json(path)
        try:
            split = SPLITS[meta["Split"]]
            about = {
                "article_id": path.stem,
                "title": article["title"],
                "outlet": meta[f"Meta info for article {document}"]["source"],
                "published_at": meta["story_time"],
                "cluster": f"story-{story}",
            }
            sentences = {str(sentence["id"]): sentence["text"] for sentence in article["text"]}
            found.articles[split] += 1
            found.units[split] += _units(coded["sentence-level stances"], sentences, about, found.out)
        except KeyError as error:
            raise GoldwireError(f"there is no {error} in it, its article or its story", where=str(path)) from error
    lacking = [name for name in ("train", "test") if not found.units[name]]
    if lacking:
        raise GoldwireError(f"no triplet is of the {lacking[0]} split", where=str(folder))
    return Data(
        task=TASK,
        train=_frame(found.units["train"]),
        test=_frame(found.units["test"]),
        clustered="stories",
        notes=tuple(_notes(found)),
    )


def _units(
    stances: dict[str, list[dict[str, Any]]], sentences: dict[str, str], about: dict[str, str], out: Counter[str]
) -> Iterator[dict[str, Any]]:
    for at in sorted(stances, key=int):
        said: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
        for triplet in stances[at]:
            holder, target = _entity(triplet["subject"]), _entity(triplet["object"])
            label = _SPELLINGS.get(str(triplet["sentiment"]).strip().lower())
            if not target:
                out["the target is none of the article's entities"] += 1
            elif label is None:
                out["the sentiment is neither POS nor NEG"] += 1
            else:
                said[holder.casefold(), target.casefold()].append((holder, target, label))
        for number, given in enumerate(said.values()):
            if len({label for _, _, label in given}) > 1:
                out["the same sentence, holder and target are both POS and NEG"] += len(given)
                continue
            out["the same triplet comes twice in a sentence"] += len(given) - 1
            holder, target, label = given[0]
            unit = f"{about['article_id']}/sentence/{at}/{number}"
            yield {
                **about,
                "unit_id": unit,
                "text": sentences[at],
                "holder": holder,
                "target": target,
                "label": label,
            }


def _entity(name: str | None) -> str:
    """The name as written, or "" where it stands for none of the article's entities."""
    plain = " ".join((name or "").split())
    return "" if plain.casefold() in _NOT_NAMED else plain


def _files(folder: Path) -> list[Path]:
    found = sorted(folder.glob("TRIPLET_*_DOCUMENT_*.json"))
    if not found:
        raise GoldwireError(
            "there are no files TRIPLET_*_DOCUMENT_*.json",
            where=str(folder),
            hint="Get the data: https://github.com/launchnlp/SEESAW",
        )
    return found


def _parts(path: Path) -> tuple[str, str]:
    _, story, _, document = path.stem.split("_", 3)
    return story, document


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise GoldwireError("the file is not there", where=str(path)) from error
    except ValueError as error:
        raise GoldwireError(f"is not JSON in UTF-8: {error}", where=str(path)) from error


def _frame(units: list[dict[str, Any]]) -> "pd.DataFrame":
    names = ("unit_id", "article_id", "title", "text", "holder", "target", "outlet", "published_at", "cluster")
    columns: dict[str, Any] = {name: [unit[name] for unit in units] for name in names}
    return frame({**columns, "labels": [(unit["label"],) for unit in units], "kind": ["sentence"] * len(units)}, TASK)


def _notes(found: _Found) -> list[str]:
    sizes = ", ".join(f"{name} {len(units):,} in {found.articles[name]}" for name, units in found.units.items())
    unnamed = sum(unit["holder"] == "" for units in found.units.values() for unit in units)
    told = [
        f"Triplets and articles: {sizes}. The validation split is not used; choices are made on folds of train.",
        f"In {unnamed:,} of them the holder is none of the article's entities: the article, or somebody else.",
    ]
    return told + [f"{count:,} triplets left out: {why}." for why, count in sorted(found.out.items()) if count]


BENCHMARK = Benchmark(
    name="seesaw",
    title="SEESAW, stance of actors on actors in news sentences",
    read=read,
    metrics=("macro-f1", "accuracy"),
    baselines=(
        *("majority", "majority-per-target", "tfidf-logreg-text-only", "tfidf-logreg-target-only", "tfidf-logreg"),
        *("tfidf-svm", "tfidf-nb", "embeddings-text-only", "embeddings"),
    ),
    published=(),
    notes=(
        "Holder and target are given and the label is to be told, so no published figure stands beside: the authors "
        "set another task, to find whole triplets.",
    ),
)
