"""The subject of a dataset folder, as anybody has it who was given one: gold, votes, mentions, articles in Parquet.

What is not in the folder is not known: labels that were recoded stand in votes as they were given, so votes for a
label that the question no longer has are left out, and so are those that abstain.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.eval.audit import frames
from goldwire.eval.audit.frames import Asked
from goldwire.eval.audit.subject import Other, Subject

if TYPE_CHECKING:
    import pandas as pd

_WIDE = "gold-"  # configs of a scheme each, which know the labels of its questions
_KEYS = {
    "gold": ("unit_id",),
    "votes": ("unit_id", "annotator"),
    "mentions": ("mention_id", "unit_id"),
    "articles": ("article_id",),
}
_ALSO = {
    "gold": ("scheme", "question", "labels"),
    "votes": ("scheme", "question", "labels", "counts"),
    "mentions": ("start", "end"),
}  # they may have nulls
_TYPES = {
    field.name: field.type
    for name in ("articles", "units", "votes", "gold", "gold_mentions")
    for field in tables.SCHEMAS[name]
}
_UNIT = ("unit_id", "article_id", "kind", "start", "target", "holder", "text", "split")
_ARTICLE = ("outlet", "published_at", "story_id", "group")


def of_dataset(
    folder: Path, *, others: Sequence[Other] = (), digests: tuple[str, str] | None = None, seed: int = 0
) -> Subject:
    """Return what there is to audit in a dataset folder.

    Raises
    ------
    GoldwireError
        When the folder has no config `gold`, or a file lacks a column, or has another type in it.
    """
    gold = _config(folder, "gold")
    if gold is None or "unit_id" not in gold.column_names:
        raise GoldwireError(
            "no dataset is here: the folder has no config gold with a column unit_id",
            where=str(folder),
            hint="Name a folder that goldwire labels dataset made, or a table (.parquet, .csv, .tsv, .jsonl).",
        )
    asked = _asked(folder, gold)
    articles = _config(folder, "articles")
    units = _units(gold, articles)
    votes, mentions = _config(folder, "votes"), _config(folder, "mentions")
    article_of = dict(zip(units["unit_id"], units["article_id"], strict=True))
    return Subject(
        units=units,
        shared=["article_id", "story", "group", "headline"],
        answers=frames.answers(gold, asked),
        labels={key: question.labels for key, question in asked.items()},
        articles=frames.articles(
            pa.table({"article_id": pa.array([], pa.string())}) if articles is None else articles,
            frames.split_of_articles(units),
            _card_licence(folder),
        ),
        votes=None if votes is None else frames.votes(_decidable(votes, asked), asked),
        mentions=None if mentions is None else frames.mentions(mentions, article_of),
        others=others,
        digests=digests,
        seed=seed,
    )


def _config(folder: Path, name: str) -> pa.Table | None:
    """Return a config with its column `split`, which its files' names give where they have no such column."""
    parts = []
    for path in sorted((folder / name).glob("*.parquet")):
        part = tables.read(path)
        if "split" not in part.column_names:
            part = part.append_column("split", pa.array([path.stem] * part.num_rows, pa.string()))
        parts.append(_typed(part.replace_schema_metadata(None), name, path))
    return pa.concat_tables(parts, promote_options="permissive") if parts else None


def _typed(part: pa.Table, config: str, path: Path) -> pa.Table:
    """Return a file's columns in the types that the tables have: somebody may have written it anew by hand."""
    hint = "Bring the file back, or make the dataset again with: goldwire labels dataset"
    needed = (*_KEYS[config], *_ALSO.get(config, ()))
    if lacking := [name for name in needed if name not in part.column_names]:
        raise GoldwireError(f"there is no column {', '.join(lacking)}", where=str(path), hint=hint)
    for at, name in enumerate(part.column_names):
        if name in _KEYS[config] and part[name].null_count:
            raise GoldwireError(f"a row has no {name}", where=str(path), hint=hint)
        if name in _TYPES:
            try:
                part = part.set_column(at, name, part[name].cast(_TYPES[name]))
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError):
                said = f"column {name} is {part[name].type}, not {_TYPES[name]}"
                raise GoldwireError(said, where=str(path), hint=hint) from None
    return part


def _asked(folder: Path, gold: pa.Table) -> dict[str, Asked]:
    """Return the questions of gold whose labels stand in the Hugging Face metadata of the wide configs.

    A label of gold that is not among them was written by hand, which GW504 reports; here it is one more.

    The column of a question has its name, or ``question_NAME`` where another column has that name.
    """
    given = set(zip(gold["scheme"].to_pylist(), gold["question"].to_pylist(), strict=True))
    found = {}
    for config in sorted(folder.glob(f"{_WIDE}*")):
        for path in sorted(config.glob("*.parquet"))[:1]:
            for column, feature in _features(path).items():
                inner = feature.get("feature", feature)
                scheme = config.name.removeprefix(_WIDE)
                names = [name for name in (column, column.removeprefix("question_")) if (scheme, name) in given]
                if names and inner.get("_type") == "ClassLabel":
                    found[f"{scheme}.{names[0]}"] = Asked(list(inner["names"]), inner is not feature)
    for scheme, question, labels in zip(
        *(frames.values(gold, n) for n in ("scheme", "question", "labels")), strict=True
    ):
        if asked := found.get(f"{scheme}.{question}"):
            asked.labels.extend(label for label in labels or [] if label not in asked.labels)
    return found


def _features(path: Path) -> dict[str, Any]:
    """Return what the metadata of a Parquet file say of its columns for Hugging Face datasets."""
    import pyarrow.parquet as pq

    try:
        metadata = json.loads((pq.read_schema(path).metadata or {}).get(b"huggingface", b"{}"))
        return dict(metadata.get("info", {}).get("features", {}))
    except (pa.ArrowException, OSError, ValueError, AttributeError):
        return {}  # its digest tells that it cannot be read


def _decidable(votes: pa.Table, asked: dict[str, Asked]) -> pa.Table:
    """Return votes without the labels that cannot be decided; see this module's own words."""
    kept: list[list[str] | None] = []
    counts = []
    names = ("scheme", "question", "labels", "value", "counts")
    for scheme, question, labels, value, counted in zip(*(frames.values(votes, name) for name in names), strict=True):
        known = asked[f"{scheme}.{question}"].labels if f"{scheme}.{question}" in asked else []
        left = None if labels is None else [label for label in labels if label in known]
        kept.append(left)
        counts.append(bool(counted) and (bool(left) or not labels) and (value is None or value in known))
    at = votes.column_names.index
    votes = votes.set_column(at("labels"), "labels", pa.array(kept, tables.STRINGS))
    return votes.set_column(at("counts"), "counts", pa.array(counts, pa.bool_()))


def _units(gold: pa.Table, articles: pa.Table | None) -> "pd.DataFrame":
    """Return the units of gold, each once, with what is known of their articles."""
    seen: dict[str, dict[str, Any]] = {}
    for row in gold.select([name for name in _UNIT if name in gold.column_names]).to_pylist():
        seen.setdefault(row["unit_id"], row)
    of: dict[str, dict[str, Any]] = {}
    if articles is not None:
        names = [name for name in _ARTICLE if name in articles.column_names]
        ids = articles["article_id"].to_pylist()
        of = dict(zip(ids, articles.select(names).to_pylist(), strict=True))
    listed = [{**row, **of.get(row.get("article_id", ""), {})} for row in seen.values()]
    columns = {name: [row.get(name) for row in listed] for name in (*_UNIT, *_ARTICLE) if name != "kind"}
    columns["story"] = columns.pop("story_id")
    columns["headline"] = [row.get("target") if row.get("kind") == "headline" else None for row in listed]
    return frames.units(columns)


def _card_licence(folder: Path) -> str:
    """Return the licence that the head of the card names, or ""."""
    import yaml

    card = folder / "README.md"
    text = card.read_text(encoding="utf-8", errors="replace") if card.is_file() else ""
    if not text.startswith("---\n") or "\n---" not in text[4:]:
        return ""
    try:
        head = yaml.safe_load(text[4 : text.index("\n---", 4)])
    except yaml.YAMLError:
        return ""
    named = head.get("license") if isinstance(head, dict) else None
    return named if isinstance(named, str) and named != "other" else ""
