"""Tables are read and written in four forms, and say what is wrong with them."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from goldwire import tables
from goldwire.errors import GoldwireError

VOTE = {
    "scheme": "stance-target",
    "unit_id": "007/target/0a",
    "question": "stance",
    "labels": ["favor"],
    "round": "first",
    "annotator": "annotator-01",
    "status": "submitted",
    "counts": True,
    "created": datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC),
}


def test_parquet_round_trip_is_exact_and_bytes_repeat(tmp_path: Path) -> None:
    votes = tables.build("votes", [VOTE, {"unit_id": "é/document"}])
    for name in ("a", "b"):
        tables.write(votes, tmp_path / f"{name}.parquet")
    assert tables.read(tmp_path / "a.parquet", "votes").equals(votes)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_jsonl_writes_times_as_text(tmp_path: Path) -> None:
    tables.write(tables.build("votes", [VOTE]), tmp_path / "a.jsonl")
    row = tables.read(tmp_path / "a.jsonl").to_pylist()[0]
    assert row["labels"] == ["favor"]
    assert row["created"] == "2025-01-02T03:04:05+00:00"


@pytest.mark.parametrize(("ending", "delimiter"), [(".csv", ","), (".tsv", "\t")])
def test_csv_values_stay_text(tmp_path: Path, ending: str, delimiter: str) -> None:
    path = tmp_path / f"a{ending}"
    path.write_text("\ufefftask,worker,label\n007,NA,\n1e3,b,x\n".replace(",", delimiter), encoding="utf-8")
    assert tables.read(path).to_pylist() == [
        {"task": "007", "worker": "NA", "label": None},
        {"task": "1e3", "worker": "b", "label": "x"},
    ]


def test_csv_lists_are_json(tmp_path: Path) -> None:
    tables.write(pa.table({"id": ["1"], "labels": [["a", "ü"]]}), tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == '"id","labels"\n"1","[""a"", ""ü""]"\n'


def test_a_column_that_the_table_has_not_is_our_mistake() -> None:
    with pytest.raises(KeyError, match="votes has no column worker"):
        tables.build("votes", [{"worker": "x"}])


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    articles = tmp_path / "articles.parquet"
    with pytest.raises(GoldwireError) as missing:
        tables.read(articles, "articles")
    assert str(missing.value) == f"{articles}: the file is not there"
    assert missing.value.hint == "Make it with: goldwire corpus import PATH"

    articles.write_bytes(b"PAR1 but not really")
    with pytest.raises(GoldwireError, match="cannot be read"):
        tables.read(articles, "articles")

    tables.write(pa.table({"article_id": ["1"]}), articles)
    with pytest.raises(GoldwireError, match="is not a table of articles: it lacks content_hash, title, text"):
        tables.read(articles, "articles")

    with pytest.raises(GoldwireError) as ending:
        tables.read(_touched(tmp_path / "a.xlsx"))
    assert str(ending.value) == f"{tmp_path / 'a.xlsx'}: tables are .parquet, .csv, .tsv, .jsonl, not .xlsx"


def test_json_lines_give_the_keys_of_all_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": 1}\n{"a": 2, "b": "x"}\n')
    assert tables.read(path).to_pylist() == [{"a": 1, "b": None}, {"a": 2, "b": "x"}]
    path.write_text('{"a": 1}\n\n[2]\n')
    with pytest.raises(GoldwireError) as caught:
        tables.read(path)
    assert str(caught.value) == f"{path}:3: the line is not a JSON object"


def test_a_csv_may_have_long_cells_and_not_a_column_twice(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    long = "x\n" * 1_500_000  # more than pyarrow's block of 1 MB
    path.write_text(f'a,b\n1,"{long}"\n')
    assert tables.read(path).to_pylist() == [{"a": "1", "b": long}]
    path.write_text("a,b,a\n1,2,3\n")
    with pytest.raises(GoldwireError) as caught:
        tables.read(path)
    assert str(caught.value) == f'{path}:1: column "a" stands twice'


def _touched(path: Path) -> Path:
    path.touch()
    return path
