"""croissant.json is valid, and mlcroissant reads from it the rows that the Parquet files have."""

import json
import logging
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goldwire.files import sha256, write_json
from goldwire.labels.dataset.configs import Config, configs
from goldwire.labels.dataset.croissant import FILE, croissant
from goldwire.labels.dataset.texts import withheld
from goldwire.study import Params
from small_dataset import SCHEMES, build, study

pytestmark = [  # what mlcroissant calls
    pytest.mark.filterwarnings("ignore:The inplace keyword in DataFrame.reset_index"),
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]

PARAMS = Params.model_validate(
    {
        "version": "0.3.0",
        "card": {
            "title": "Ports\n& fights",
            "summary": "What happened\nin ports.",
            "licence": "cc by 4.0",
            "authors": ["Ahmad, Aisha 0000-0002-1825-0097", "Port Institute"],
            "url": "https://example.org/ports",
            "doi": "10.5281/zenodo.1234",
        },
    }
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("croissant") / "dataset"
    build(made, params=PARAMS)
    return made


@pytest.fixture(scope="module")
def listed() -> list[Config]:
    tables = study()
    names = {"gold_mentions": "mentions", "gold_relations": "relations"}
    given: Any = {names.get(name, name): table for name, table in tables.items()}
    return configs(**given, schemes=sorted(SCHEMES, key=lambda scheme: scheme.name), recode={})


@pytest.fixture(scope="module")
def described(folder: Path, listed: list[Config]) -> dict[str, Any]:
    found = croissant(folder, listed, PARAMS, "0123456789abcdef")
    write_json(folder / FILE, found)
    return found


@pytest.fixture(scope="module")
def loaded(folder: Path, described: dict[str, Any]) -> Any:
    logging.getLogger("absl").setLevel(logging.ERROR)
    import mlcroissant

    return mlcroissant.Dataset(folder / FILE)


def test_it_is_valid_and_only_the_date_is_missing(loaded: Any) -> None:
    issues = loaded.metadata.ctx.issues
    assert not issues.errors
    assert [text.split("] ")[1] for text in issues.warnings] == [
        'Property "https://schema.org/datePublished" is recommended, but does not exist.'
    ]


def plain(value: Any, kind: pa.DataType) -> Any:
    """Return a value of a Parquet file as mlcroissant gives it: text as bytes, no structs without a value."""
    if pa.types.is_nested(kind) and not pa.types.is_struct(kind):
        inner = kind.value_type
        if value is None and pa.types.is_struct(inner):  # its reader has no null for a list of structs
            return [{inner.field(i).name: None for i in range(inner.num_fields)}]
        return None if value is None else [plain(one, inner) for one in value]
    if pa.types.is_struct(kind):
        return {name: plain(one, kind.field(name).type) for name, one in value.items()}
    return value.encode() if isinstance(value, str) else value


def short(record: Any, prefix: str) -> Any:
    """Return a record with the ids of its fields cut to names."""
    if isinstance(record, list):
        return [short(one, prefix) for one in record]
    if isinstance(record, dict):
        return {key.removeprefix(prefix): short(value, f"{key}/") for key, value in record.items()}
    return record


def test_the_records_of_each_config_are_the_rows_of_its_files(
    folder: Path, listed: list[Config], loaded: Any
) -> None:
    for config in listed:
        expected = []
        for path in sorted((folder / config.name).glob("*.parquet")):
            table = pq.read_table(path, partitioning=None)
            kinds = {column.name: column.type for column in table.schema}
            rows = table.to_pylist()
            expected += [{name: plain(value, kinds[name]) for name, value in row.items()} for row in rows]
        found = [short(record, f"{config.name}/") for record in loaded.records(record_set=config.name)]
        assert expected, config.name
        assert found == expected, config.name


def test_the_names_of_label_classes_are_enumerations(listed: list[Config], loaded: Any) -> None:
    for config in listed:
        for column, names in config.classes.items():
            place = f"{config.name}/{column}/labels"
            found = [short(record, f"{place}/") for record in loaded.records(record_set=place)]
            assert found == [{"place": number, "label": name} for number, name in enumerate(names)]
    splits = [record["splits/name"] for record in loaded.records(record_set="splits")]
    assert splits == ["train", "validation", "test", "unassigned"]


def test_what_was_stated_stands_in_it(described: dict[str, Any]) -> None:
    keys = ("name", "version", "description", "license", "url", "identifier", "creator", "inLanguage", "conformsTo")
    assert {key: described[key] for key in keys} == {
        "name": "Ports & fights",
        "version": "0.3.0",
        "description": "What happened in ports.",
        "license": "https://spdx.org/licenses/CC-BY-4.0.html",
        "url": "https://example.org/ports",
        "identifier": ["goldwire:data:0123456789abcdef", "https://doi.org/10.5281/zenodo.1234"],
        "creator": [
            {
                "@type": "sc:Person",
                "name": "Aisha Ahmad",
                "givenName": "Aisha",
                "familyName": "Ahmad",
                "url": "https://orcid.org/0000-0002-1825-0097",
            },
            {"@type": "sc:Organization", "name": "Port Institute"},
        ],
        "inLanguage": ["ar", "en"],
        "conformsTo": "http://mlcommons.org/croissant/1.0",
    }
    assert described["citeAs"].startswith("@misc{ports-fights,\n  title = {Ports \\& fights},\n")


def test_what_was_not_stated_is_left_out(folder: Path, listed: list[Config], described: dict[str, Any]) -> None:
    found = croissant(folder, listed, Params(), "0")
    missing = {"license", "url", "creator", "citeAs"}
    assert described.keys() - found.keys() == missing
    assert found["description"] == "Labelled news articles."


def test_every_file_has_its_hash(folder: Path, described: dict[str, Any]) -> None:
    files = {one["contentUrl"]: one for one in described["distribution"] if one["@type"] == "cr:FileObject"}
    there = {str(path.relative_to(folder)): path for path in folder.glob("*/*.parquet")}
    assert {name: (one["sha256"], one["contentSize"]) for name, one in files.items()} == {
        name: (sha256(path), f"{path.stat().st_size} B") for name, path in there.items()
    }


def test_it_is_the_same_for_the_same_files(folder: Path, listed: list[Config], described: dict[str, Any]) -> None:
    again = croissant(folder, listed, PARAMS, "0123456789abcdef")
    assert json.dumps(again) == json.dumps(described)


def test_texts_that_are_withheld_are_no_fields(folder: Path, listed: list[Config]) -> None:
    found = croissant(folder, withheld(listed).configs, PARAMS, "0")
    fields = {one["@id"] for records in found["recordSet"] for one in records["field"]}
    gone = {"articles/text", "articles/title", "gold/text", "mentions/text", "events/text", "gold-stance-small/title"}
    assert not fields & gone
    assert {"articles/content_hash", "gold/unit_id", "mentions/start"} <= fields
