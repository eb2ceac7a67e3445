"""Which articles of a dataset without texts somebody has copies of.

A copy is an article of the dataset when its content hash is the same; it is looked for by its id, else by its hash,
else by the address of its page. A copy with another text is never used.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.files import read_json
from goldwire.labels.dataset.mask import hash_of_article, mask_json, masked_article
from goldwire.labels.dataset.texts import RECORD

Row = dict[str, Any]
_FIELDS = ("title", "text", "meta")


@dataclass(frozen=True)
class Copies:
    """Which articles of a dataset somebody has.

    Attributes
    ----------
    articles : int
        Of the dataset.
    found : dict
        The title, text and meta of each article that was found.
    missing : list of str
        Ids of those that no copy is named like.
    changed : list of str
        Ids of those of which there is a copy, but with another text.
    """

    articles: int
    found: dict[str, Row]
    missing: list[str]
    changed: list[str]


def match(dataset: Path, articles: pa.Table) -> Copies:
    """Find the articles of a dataset without texts in a table of articles.

    Parameters
    ----------
    dataset : Path
        A folder that has `RECORD`.
    articles : pa.Table
        The table of this name, as ``goldwire corpus import`` makes it of one's own copies.

    Raises
    ------
    GoldwireError
        When the folder is no dataset whose texts were left out.
    """
    copies = _Index(articles, record_of(dataset)["scrubbed"])
    found: dict[str, Row] = {}
    missing: list[str] = []
    changed: list[str] = []
    wanted = rows_of(dataset, "articles")
    columns = (wanted[name].to_pylist() for name in ("article_id", "content_hash", "url"))
    for article, hash_, url in zip(*columns, strict=True):
        copy, named = copies.find(article, hash_, url)
        if copy is not None:
            found[article] = copy
        else:
            (changed if named else missing).append(article)
    return Copies(wanted.num_rows, found, sorted(missing), sorted(changed))


def record_of(dataset: Path) -> dict[str, Any]:
    """Return what `RECORD` says of a dataset; see `goldwire.labels.dataset.texts.Withheld`.

    Raises
    ------
    GoldwireError
        When the folder is no dataset whose texts were left out.
    """
    if not (dataset / "README.md").is_file():
        raise GoldwireError("no dataset is here", where=str(dataset), hint="Name the folder that has its README.md.")
    if not (dataset / RECORD).is_file():
        raise GoldwireError(
            f"nothing was left out of this dataset: it has no {RECORD}",
            where=str(dataset),
            hint="Only a dataset that was built with `texts: false` can be rehydrated.",
        )
    record: dict[str, Any] = read_json(dataset / RECORD)
    configs = {path.parent.name for path in dataset.glob("*/*.parquet")}
    if not _is_record(record, configs):
        raise GoldwireError(
            "does not say what was left out of the configs that are here",
            where=str(dataset / RECORD),
            hint="Get the folder anew.",
        )
    return record


def _is_record(value: Any, configs: set[str]) -> bool:
    """Whether a record says of each config, and of nothing else, which columns it had and which were left out."""
    try:
        had, gone = value["columns"], value["left_out"]
        return (
            isinstance(value["scrubbed"], bool)
            and had.keys() == gone.keys() == configs
            and all(set(gone[name]) <= set(had[name]) for name in configs)
            and all(isinstance(column, str) for names in had.values() for column in names)
        )
    except (TypeError, KeyError, AttributeError):
        return False


def rows_of(dataset: Path, config: str) -> pa.Table:
    """Return the rows of all splits of a config; the schema's metadata have its features.

    Raises
    ------
    GoldwireError
        When there are none, or a file cannot be read.
    """
    import pyarrow.parquet as pq

    paths = sorted((dataset / config).glob("*.parquet"))
    if not paths:
        raise GoldwireError(f"the dataset lacks the config {config}", where=str(dataset), hint="Get the folder anew.")
    try:
        table = pa.concat_tables([pq.read_table(path, partitioning=None) for path in paths])
    except (pa.ArrowException, OSError) as error:
        raise GoldwireError(
            f"cannot be read: {error}", where=str(dataset / config), hint="Get the folder anew."
        ) from None
    fields = [field.with_type(_as_built(field.type)) for field in table.schema]
    return table.cast(pa.schema(fields, table.schema.metadata))


def _as_built(type_: pa.DataType) -> pa.DataType:
    """Return the type as it was written: Parquet calls the items of a list "element", and Arrow calls them "item"."""
    if pa.types.is_list(type_):
        return pa.list_(_as_built(type_.value_type))
    if pa.types.is_struct(type_):
        return pa.struct([(field.name, _as_built(field.type)) for field in type_])
    return type_


class _Index:
    """Copies by id, by content hash and by address of page. With `scrubbed`, they are masked as the dataset was."""

    def __init__(self, articles: pa.Table, scrubbed: bool) -> None:
        self.rows: list[Row] = []
        self.hashes: list[str] = []
        self.by_id: dict[str, list[int]] = {}
        self.by_hash: dict[str, list[int]] = {}
        self.by_url: dict[str, list[int]] = {}
        names = ("article_id", "url", "body_start", *_FIELDS)
        for values in zip(*(articles[name].to_pylist() for name in names), strict=True):
            row = dict(zip(names, values, strict=True))
            if row["text"] is None:
                continue
            if scrubbed:
                row["title"], row["text"] = masked_article(row["title"], row["text"])
                row["meta"] = None if row["meta"] is None else mask_json(row["meta"])
            place = len(self.rows)
            self.rows.append({name: row[name] for name in _FIELDS})
            self.hashes.append(hash_of_article(row["title"], row["text"], row["body_start"]))
            self.by_id.setdefault(row["article_id"], []).append(place)
            if row["url"]:
                self.by_url.setdefault(row["url"], []).append(place)
            self.by_hash.setdefault(self.hashes[-1], []).append(place)

    def find(self, article: str, hash_: str | None, url: str | None) -> tuple[Row | None, bool]:
        """Return the copy with this content hash, and whether there is any copy of this id or address."""
        named = [*self.by_id.get(article, []), *(self.by_url.get(url, []) if url else [])]
        same = [place for place in named if hash_ == self.hashes[place]]
        same = same or (self.by_hash.get(hash_, []) if hash_ else [])
        return (self.rows[same[0]] if same else None), bool(named)
