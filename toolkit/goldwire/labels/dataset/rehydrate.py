"""Rehydration: a dataset that was given out without texts, and somebody's own copies of the articles, flow in; the
dataset with its texts flows out.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from goldwire.errors import GoldwireError, UsageError
from goldwire.files import replacing_folder, write_text
from goldwire.labels.dataset import citation
from goldwire.labels.dataset.config import Config
from goldwire.labels.dataset.copies import Copies, record_of, rows_of
from goldwire.labels.dataset.digest import digest_of, features_of
from goldwire.labels.dataset.events import ROLES
from goldwire.labels.dataset.parquet import header, write
from goldwire.labels.dataset.verify import stated


def rehydrate(dataset: Path, copies: Copies, folder: Path) -> str:
    """Write the dataset with its texts, and return the digest of its content.

    Articles that were not found are left out, with all that belongs to them. When none is, the rows are those of the
    dataset as it was before its texts were left out, and so is the digest. The card gets the new files, the new
    digest, and a note on top of what it says of the dataset as it was given out; CITATION.cff gets the new digest.
    croissant.json is left out, since it describes files that are not here.

    Raises
    ------
    GoldwireError
        When no article was found, or a file cannot be read or written.
    UsageError
        When `folder` is the dataset or in it, or has something else than a dataset in it.
    """
    _refuse_place(dataset, folder)
    if not copies.found:
        raise GoldwireError(
            f"none of the {copies.articles} articles of the dataset is in the table",
            where=str(dataset),
            hint="Import your copies with: goldwire corpus import PATH -o articles.parquet",
        )
    record, before = record_of(dataset), stated(dataset)
    entities = _entities(dataset, copies)
    with replacing_folder(folder) as temporary:
        written = []
        for name in record["columns"]:
            config = _filled(dataset, name, record, copies, entities)
            written.append((config, write(config, temporary)))
        after = digest_of(temporary)
        card = (dataset / "README.md").read_text(encoding="utf-8")
        write_text(temporary / "README.md", _card(card, header(written), copies).replace(before, after))
        if (dataset / citation.FILE).is_file():
            cited = (dataset / citation.FILE).read_text(encoding="utf-8")
            write_text(temporary / citation.FILE, cited.replace(before, after))
    return after


def _refuse_place(dataset: Path, folder: Path) -> None:
    here, there = dataset.resolve(), folder.resolve()
    if here == there or here in there.parents or there in here.parents:
        raise UsageError("the new folder would replace the dataset", where=str(folder), hint="Name another -o DIR.")
    if folder.exists() and not (folder.is_dir() and (_is_dataset(folder) or not any(folder.iterdir()))):
        raise UsageError("is there, and is no dataset", where=str(folder), hint="Name another -o DIR.")


def _is_dataset(folder: Path) -> bool:
    return (folder / "README.md").is_file() and any(folder.glob("*/*.parquet"))


def _entities(dataset: Path, copies: Copies) -> dict[tuple[str, str], str]:
    """Return what a mention stands for in the events: the entity, else its text; by scheme and mention."""
    spans = rows_of(dataset, "mentions")
    columns = (spans[name].to_pylist() for name in ("scheme", "mention_id", "article_id", "start", "end", "entity"))
    return {
        (scheme, mention): entity or copies.found[article]["text"][start:end]
        for scheme, mention, article, start, end, entity in zip(*columns, strict=True)
        if article in copies.found
    }


def _filled(
    dataset: Path, name: str, record: Mapping[str, Any], copies: Copies, entities: Mapping[tuple[str, str], str]
) -> Config:
    import pyarrow.compute as pc

    table = rows_of(dataset, name)
    table = table.filter(pc.is_in(table["article_id"], value_set=pa.array(list(copies.found), pa.string())))
    arrays = {
        column: _column(column, table, copies, entities) if column in record["left_out"][name] else table[column]
        for column in record["columns"][name]
    }
    kinds = features_of(table.schema)
    inner = {column: kind.get("feature", kind) for column, kind in kinds.items()}
    classes = {column: kind["names"] for column, kind in inner.items() if "names" in kind}
    lengths = {column: kind["length"] for column, kind in kinds.items() if kind.get("length", -1) >= 0}
    return Config(name, "", pa.table(arrays), classes, lengths)


def _column(
    column: str, table: pa.Table, copies: Copies, entities: Mapping[tuple[str, str], str]
) -> pa.Array | pa.DictionaryArray:
    """Return a column that was left out."""
    if column in ROLES:
        players = zip(table["scheme"].to_pylist(), table[f"{column}_ids"].to_pylist(), strict=True)
        said = [[entities.get((scheme, one), one) for one in ids] for scheme, ids in players]
        return pa.array(said, pa.list_(pa.string()))
    articles = table["article_id"].to_pylist()
    if column != "text":
        return pa.array([copies.found[article][column] for article in articles], pa.string())
    return _shared(_pieces(table, articles, copies))


def _pieces(table: pa.Table, articles: list[str], copies: Copies) -> Iterator[str]:
    """Yield the text of each row: a part of its article's where it has a place in it, else the whole."""
    nowhere: list[None] = [None] * len(articles)
    places = [table[name].to_pylist() if name in table.column_names else nowhere for name in ("start", "end")]
    for article, start, end in zip(articles, *places, strict=True):
        text = copies.found[article]["text"]
        yield text if start is None else text[start:end]


def _shared(texts: Iterator[str]) -> pa.DictionaryArray:
    """Return texts so that one that several rows have is in memory once."""
    place: dict[str, int] = {}
    at = [place.setdefault(text, len(place)) for text in texts]
    return pa.DictionaryArray.from_arrays(pa.array(at, pa.int32()), pa.array(list(place), pa.large_string()))


def _card(card: str, files: Mapping[str, Any], copies: Copies) -> str:
    """Return the card with the files of the new folder in its header, and a note on where the texts are from."""
    import yaml

    parts = re.match(r"---\n(.*?)\n---\n(.*)", card, re.DOTALL)
    if not parts:
        raise GoldwireError("has no YAML header", where="README.md", hint="Get the folder anew.")
    top = yaml.safe_dump({**yaml.safe_load(parts[1]), **files}, sort_keys=False, allow_unicode=True, width=1_000)
    left = copies.articles - len(copies.found)
    note = (
        "Titles and texts were filled in from somebody's own copies (goldwire labels rehydrate), so terms that "
        "forbid to pass them on hold for this folder. What follows was written of the dataset as it was given out, "
        "without them."
    )
    if left:
        note += f" {left} of {copies.articles} articles could not be filled in, and are not in it."
    return f"---\n{top}---\n\n> {note}\n\n{parts[2].lstrip()}"
