"""The digest of a dataset, and what is refused when one is built."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.dataset.configs import label_names
from goldwire.labels.dataset.digest import digest_of
from goldwire.study import Params
from small_dataset import SCHEMES, answer, build, contents, key, span, study


def vote(unit: str, annotation: str) -> dict[str, Any]:
    said = {"labels": ["MEET"], "annotator": "annotator-1", "status": "submitted", "counts": True, "round": "first"}
    return {**key(0, unit, "main"), **said, "annotation_id": annotation}


def rewrite(path: Path, table: pa.Table, **options: Any) -> None:
    pq.write_table(table, path, **options)


def test_the_digest_is_of_the_content_not_of_the_bytes(tmp_path: Path) -> None:
    result = build(tmp_path / "dataset")
    path = result.folder / "gold" / "train.parquet"
    table, before = pq.read_table(path), path.read_bytes()
    rewrite(path, table, compression="snappy", row_group_size=3)
    assert path.read_bytes() != before
    assert digest_of(result.folder) == result.digest
    (result.folder / "README.md").write_text("another card", encoding="utf-8")
    assert digest_of(result.folder) == result.digest


def test_the_digest_changes_with_a_value_a_row_and_a_label_name(tmp_path: Path) -> None:
    result = build(tmp_path / "dataset")
    path = result.folder / "gold-event-small" / "train.parquet"
    table = pq.read_table(path)
    digests = {result.digest}
    at = table.column_names.index("main")
    rewrite(path, table.set_column(at, table.schema.field("main"), pa.array([0, 0, 1, 0])))
    digests.add(digest_of(result.folder))
    rewrite(path, table.slice(1))
    digests.add(digest_of(result.folder))
    info = json.loads(table.schema.metadata[b"huggingface"])
    info["info"]["features"]["main"]["names"] = ["HIT", "MEET", "none"]
    rewrite(path, table.replace_schema_metadata({"huggingface": json.dumps(info)}))
    digests.add(digest_of(result.folder))
    assert len(digests) == 4


def test_a_folder_without_data_has_no_digest(tmp_path: Path) -> None:
    with pytest.raises(GoldwireError, match="no dataset is here"):
        digest_of(tmp_path)


def test_a_failed_build_leaves_the_old_folder_whole(tmp_path: Path) -> None:
    folder = build(tmp_path / "dataset").folder
    before = contents(folder)
    wrong = tables.build("gold", [answer(0, "a0/document", "main", ["GONE"])])
    with pytest.raises(GoldwireError):
        build(folder, gold=wrong)
    broken = Params.model_validate({"card": {"title": "x"}}).model_copy(update={"card": None})
    with pytest.raises(AttributeError):  # after the files were written
        build(folder, params=broken)
    assert contents(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["dataset"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"gold": tables.build("gold", [answer(0, "a0/document", "main", ["GONE"])])},
            'a0/document: event-small.main: gold has the label "GONE", which is not among: MEET, HIT, none',
        ),
        (
            {"gold": tables.build("gold", [answer(0, "a0/document", "main", ["MEET", "HIT"])])},
            "a0/document: event-small.main: gold has 2 labels, and the question takes one",
        ),
        (
            {"gold": tables.build("gold", [answer(0, "zz/document", "main", ["MEET"])])},
            "gold: 1 row of 1 unit not in units: zz/document",
        ),
        (
            {"units": tables.build("units", [{"unit_id": "a0/document", "article_id": "zz"}])},
            "units: 1 row of 1 article not in articles: zz",
        ),
        (
            {"votes": tables.build("votes", [vote("zz/document", "1"), vote("zy", "2"), vote("zy", "3")])},
            "votes: 3 rows of 2 units not in units: zy, zz/document",
        ),
        (
            {"gold_mentions": tables.build("gold_mentions", [span(0, "m", 1, "xyz", "trigger", "MEET", None)])},
            'a0:1-4: mention m is "xyz", but article a0 has "itl" there',
        ),
        (
            {"schemes": SCHEMES[:1]},
            "there are answers to a scheme that is not here: stance-small",
        ),
    ],
)
def test_tables_that_do_not_fit_are_refused(tmp_path: Path, changed: dict[str, Any], message: str) -> None:
    with pytest.raises(GoldwireError) as error:
        build(tmp_path / "dataset", **changed)
    assert str(error.value) == message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["votes", "gold", "gold_mentions", "gold_relations"])
def test_answers_to_another_state_of_a_scheme_are_refused(tmp_path: Path, name: str) -> None:
    rows = study()[name].to_pylist()
    rows[-1] |= {"scheme": "event-small", "scheme_hash": "0123456789abcdef"}
    with pytest.raises(GoldwireError) as error:
        build(tmp_path / "dataset", **{name: tables.build(name, rows)})
    assert str(error.value) == (
        f"labels/schemes/event-small.yaml: {name} has answers to another state of the scheme event-small "
        f"(0123456789abcdef) than the one that is here (1.0.0, {SCHEMES[0].hash})"
    )
    assert error.value.hint == (
        "Bring the old file back; or say what became of its labels with: goldwire labels migrate ROUND, then "
        "goldwire labels build and goldwire labels gold"
    )
    assert list(tmp_path.iterdir()) == []


def test_recoded_labels_stand_in_the_place_of_their_first_source(tmp_path: Path) -> None:
    main = SCHEMES[0].questions[0]
    assert label_names(main) == ["MEET", "HIT", "none"]
    assert label_names(main, {"none": "MEET"}) == ["MEET", "HIT"]
    assert label_names(main, {"MEET": "event", "HIT": "event"}) == ["event", "none"]
    assert label_names(main, {"unsure": "none"}) == ["MEET", "HIT", "none"]
    assert label_names(main, {"HIT": "unsure"}) == ["MEET", "none"]
    params = Params(recode={"event-small": {"main": {"MEET": "event", "HIT": "event"}}})
    gold = tables.build(
        "gold", [answer(0, "a0/document", "main", ["event"]), answer(0, "a4/document", "main", ["none"])]
    )
    folder = build(tmp_path / "dataset", gold=gold, params=params).folder
    assert pq.read_table(folder / "gold-event-small" / "train.parquet")["main"].to_pylist() == [0]
    assert pq.read_table(folder / "gold-event-small" / "validation.parquet")["main"].to_pylist() == [1]
