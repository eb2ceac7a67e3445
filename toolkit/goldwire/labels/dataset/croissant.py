"""Croissant metadata: what the dataset's files and columns are, for machines (MLCommons Croissant 1.0).

Each config is a RecordSet over the FileSet of its Parquet files; each file has its SHA-256. The names of the label
classes of a question are a RecordSet of their own, an enumeration that its column refers to.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from goldwire.files import sha256
from goldwire.labels.dataset.authors import Author, authors
from goldwire.labels.dataset.citation import bibtex, doi_of, licence_url, url_of
from goldwire.labels.dataset.config import UNASSIGNED, Config
from goldwire.labels.splits.division import SPLITS
from goldwire.study import Params

FILE = "croissant.json"

_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_PARQUET = "application/x-parquet"


def croissant(folder: Path, listed: Sequence[Config], params: Params, digest: str) -> dict[str, Any]:
    """Return what croissant.json holds: the same for the same files and params.

    It has no date, since when a dataset is published is not in its data.

    Parameters
    ----------
    folder : Path
        Where the Parquet files are, ``<config>/*.parquet``.
    listed : sequence of Config
        All configs, with the columns that were written.
    digest : str
        Of the content; see `digest.digest_of`.
    """
    card = params.card
    stated = {
        "description": " ".join(card.summary.split()) or "Labelled news articles.",
        "license": licence_url(params),
        "url": url_of(params),
        "identifier": [f"goldwire:data:{digest}", *([f"https://doi.org/{doi}"] if (doi := doi_of(params)) else [])],
        "citeAs": bibtex(params, digest),
        "creator": [_creator(author) for author in authors(card.authors)],
        "inLanguage": _languages(listed),
    }
    classes = [_classes(config, column) for config in listed for column in sorted(config.classes)]
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": " ".join(card.title.split()) or "Dataset",
        "version": params.version,
        **{key: value for key, value in stated.items() if value},
        "distribution": [part for config in listed for part in _files(folder, config)],
        "recordSet": [_SPLITS, *classes, *(_records(config) for config in listed)],
    }


_SPLITS = {
    "@type": "cr:RecordSet",
    "@id": "splits",
    "name": "splits",
    "description": "The splits; unassigned are articles of which no unit was labelled.",
    "dataType": "cr:Split",
    "key": {"@id": "splits/name"},
    "field": [{"@type": "cr:Field", "@id": "splits/name", "name": "name", "dataType": "sc:Text"}],
    "data": [{"splits/name": name} for name in (*SPLITS, UNASSIGNED)],
}


def _files(folder: Path, config: Config) -> Iterator[dict[str, Any]]:
    for path in sorted((folder / config.name).glob("*.parquet")):
        yield {
            "@type": "cr:FileObject",
            "@id": f"{config.name}/{path.name}",
            "name": f"{config.name}/{path.name}",
            "contentUrl": f"{config.name}/{path.name}",
            "contentSize": f"{path.stat().st_size} B",
            "encodingFormat": _PARQUET,
            "sha256": sha256(path),
        }
    yield {
        "@type": "cr:FileSet",
        "@id": f"files/{config.name}",
        "name": f"files/{config.name}",
        "description": f"The Parquet files of {config.name}, one a split or part of one.",
        "encodingFormat": _PARQUET,
        "includes": f"{config.name}/*.parquet",
    }


def _records(config: Config) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": config.name,
        "name": config.name,
        "description": f"One record is {config.row}.",
        "field": [_field(config, column) for column in config.schema],
    }


def _field(config: Config, column: pa.Field) -> dict[str, Any]:
    """Return a column as a field; of a list of structs, as a repeated field with sub-fields."""
    place = f"{config.name}/{column.name}"
    repeated = pa.types.is_list(column.type) or pa.types.is_fixed_size_list(column.type)
    inner = column.type.value_type if repeated else column.type
    field: dict[str, Any] = {"@type": "cr:Field", "@id": place, "name": place}
    if repeated:
        field["repeated"] = True
    if pa.types.is_struct(inner):
        parts = [inner.field(i) for i in range(inner.num_fields)]
        field["subField"] = [
            {
                "@type": "cr:Field",
                "@id": f"{place}/{part.name}",
                "name": f"{place}/{part.name}",
                "dataType": _type(part.type),
                "source": _source(config, column.name) | {"transform": {"jsonPath": part.name}},
            }
            for part in parts
        ]
        return field
    field |= {"dataType": _type(inner), "source": _source(config, column.name)}
    if column.name in config.classes:
        field["description"] = f"The place of a label in {place}/labels, from 0."
    elif (of := column.name.removesuffix("_soft")) in config.classes:
        field["description"] = f"The share of the votes of each label, in the order of {config.name}/{of}/labels."
    elif column.name == "split":
        field["description"] = "One of the record set splits."
    return field


def _source(config: Config, column: str) -> dict[str, Any]:
    return {"fileSet": {"@id": f"files/{config.name}"}, "extract": {"column": column}}


def _type(kind: pa.DataType) -> str:
    if pa.types.is_boolean(kind):
        return "sc:Boolean"
    if pa.types.is_integer(kind):
        return "sc:Integer"
    if pa.types.is_floating(kind):
        return "sc:Float"
    return "sc:DateTime" if pa.types.is_timestamp(kind) else "sc:Text"


def _classes(config: Config, column: str) -> dict[str, Any]:
    """Return the label classes of a column as an enumeration: their places, from 0, and their names."""
    place = f"{config.name}/{column}/labels"
    return {
        "@type": "cr:RecordSet",
        "@id": place,
        "name": place,
        "description": f"The labels of {column}, in the order of the scheme.",
        "dataType": "sc:Enumeration",
        "key": {"@id": f"{place}/place"},
        "field": [
            {"@type": "cr:Field", "@id": f"{place}/place", "name": "place", "dataType": "sc:Integer"},
            {"@type": "cr:Field", "@id": f"{place}/label", "name": "label", "dataType": ["sc:Text", "cr:Label"]},
        ],
        "data": [
            {f"{place}/place": number, f"{place}/label": label} for number, label in enumerate(config.classes[column])
        ],
    }


def _creator(author: Author) -> dict[str, str]:
    url = {"url": author.orcid} if author.orcid else {}
    if author.family and author.given:
        name = f"{author.given} {author.family}"
        return {"@type": "sc:Person", "name": name, "givenName": author.given, "familyName": author.family, **url}
    return {"@type": "sc:Person" if url else "sc:Organization", "name": author.name, **url}


def _languages(listed: Sequence[Config]) -> list[str]:
    articles = next((config.table for config in listed if config.name == "articles"), None)
    if articles is None:
        return []
    return sorted(code for code in articles["language"].unique().to_pylist() if code)
