"""The rows of a table of one's own, whatever stands in its columns."""

import random
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import typer
from typer.testing import CliRunner

from goldwire import tables
from goldwire.cli import labels_split
from goldwire.corpus import dates
from goldwire.errors import GoldwireError
from goldwire.labels.splits.plain import DividedTable, Options, divide_table
from goldwire.study import Splits

app = typer.Typer(pretty_exceptions_enable=False)
app.callback()(lambda: None)
labels_split.register(app)


def divided(table: pa.Table | list[dict[str, Any]], **options: Any) -> DividedTable:
    table = pa.Table.from_pylist(table) if isinstance(table, list) else table
    return divide_table(table, Options(**options), dates.parse)


def test_a_unit_column_may_be_called_row() -> None:
    rows = [{"row": name, "day": day} for name, day in (("a", "2024-01-01"), ("b", None), ("a", None))]
    made = divided(rows, unit="row", by="time", date="day", params=Splits(train=1, validation=0, test=0))
    assert made.table["split"].to_pylist() == ["train", None, None]
    assert made.summary["notes"] == ['2 rows of 2 "row"s have no date and are in no split: a, b.']


@pytest.mark.parametrize("by", [{"by": "official", "official": "said"}, {"by": "time", "date": "day"}, {}])
def test_rows_that_hold_the_same_in_all_columns_named_come_out_the_same_in_any_order(by: dict[str, str]) -> None:
    draw = random.Random(0)
    rows = [
        {"label": draw.choice("ab"), "said": draw.choice(["train", "dev", "test"]), "day": f"2024-01-{1 + i % 9:02}"}
        for i in range(90)
    ]

    def found(rows: list[dict[str, Any]]) -> Counter[tuple[str, ...]]:
        made = divided(rows, labels=["label"], **by, params=Splits(folds=3))
        return Counter(tuple(str(value) for value in row.values()) for row in made.table.to_pylist())

    assert found(rows) == found(draw.sample(rows, len(rows))) == found(rows[::-1])


def test_blank_dates_are_none_and_not_unread() -> None:
    made = divided([{"day": day} for day in ("2024-01-01", " ", "", None, "soon")], by="time", date="day")
    assert made.summary["notes"][:2] == [
        '1 date could not be read: "soon".',
        "Divided by time: train has what was published up to 2024-01-01T00:00:00Z, validation has nothing and test "
        "what is later.",
    ]
    numbers = pa.table({"day": [1.7e9, float("nan"), None]})
    assert not any("read" in note for note in divided(numbers, by="time", date="day").summary["notes"])


def test_dates_of_parquet_are_read_and_lists_are_refused() -> None:
    moments = [datetime(2024, 1, day, tzinfo=UTC) for day in (1, 2, 3, 4)]
    params = Splits(train=0.5, validation=0, test=0.5)
    for kind in (pa.timestamp("ns"), pa.timestamp("us", tz="Asia/Tokyo"), pa.date32()):
        table = pa.table({"day": pa.array(moments, pa.timestamp("us", tz="UTC")).cast(kind)})
        made = divided(table, by="time", date="day", params=params)
        assert made.table["split"].to_pylist() == ["train", "train", "test", "test"]
    with pytest.raises(GoldwireError, match='column "day" holds lists or structures, not dates'):
        divided(pa.table({"day": [["2024-01-01"]]}), by="time", date="day")


def test_labels_in_lists_count_once_and_not_where_they_are_blank() -> None:
    lists = [["a", "a"], ["b", " "], ["", "b"], None, []]
    made = divided(pa.table({"l": lists}), labels=["l"], params=Splits(train=1, validation=0, test=0))
    assert made.summary["notes"] == []
    made = divided(pa.table({"l": lists}), labels=["l"])
    assert next(note for note in made.summary["notes"] if "label" in note).count("(") == 2
    assert '"a" (1 row: ' in made.summary["notes"][-1]


def test_lists_of_one_size_and_of_numbers_are_lists_of_labels() -> None:
    for column in (
        pa.array([["a", "b"]] * 8, pa.list_(pa.string(), 2)),
        pa.array([["a", "b"]] * 8, pa.large_list(pa.string())),
        pa.array([[1.0, float("nan")]] * 8),
    ):
        made = divided(pa.table({"l": column}), labels=["l"], params=Splits(train=0.5, validation=0, test=0.5))
        assert made.summary == {
            "units": 8, "splits": {"train": 4, "validation": 0, "test": 4}, "dropped": 0, "left_out": 0, "notes": [],
        }  # fmt: skip


def test_long_values_are_cut_in_notes_and_errors() -> None:
    long = "very\nlong " * 500
    made = divided([{"l": f"{long}{n}"} for n in range(3)], labels=["l"])
    assert max(map(len, made.summary["notes"])) < 400
    with pytest.raises(GoldwireError, match="no split is possible") as caught:
        divided([{"g": long}, {"g": long}, {"g": long}, {"g": "b"}], group_by=["g"])
    assert len(str(caught.value)) < 400


def test_plurals_of_columns_are_those_of_english() -> None:
    rows = [{"key": "a", "body": "x", "class": "c", "said": side} for side in ("train", "test")]
    rows += [{"key": "b", "body": "y", "class": "d", "said": side} for side in ("train", "test")]
    made = divided(rows, group_by=["key", "body", "class"], by="official", official="said")
    assert made.summary["notes"][0] == (
        "The official division was kept as it is: 2 keys, 2 bodies and 2 classes stand in more than one split of it."
    )


def test_folds_that_stay_empty_are_said() -> None:
    made = divided([{"id": "a"}, {"id": "b"}], unit="id", params=Splits(train=1, validation=0, test=0, folds=4))
    assert made.summary["notes"] == ["2 of 4 folds have no rows."]


def test_too_many_folds_and_empty_names_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    tables.write(pa.table({"id": ["a", "b", "c"], "fold": ["0", "0", "1"]}), path)

    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["split", str(path), *arguments])
        return done.exit_code, str(done.exception if done.exit_code == 1 else done.output)

    assert run("--folds", "1000000")[0] == 2
    for option in ("label", "group-by"):
        code, said = run(f"--{option}", "")
        assert (code, f"--{option} names no column" in said) == (1, True)


def test_a_column_fold_that_is_there_already_is_refused_with_advice_that_helps() -> None:
    with pytest.raises(GoldwireError, match='there is a column "fold" already') as caught:
        divided([{"fold": "1"}], params=Splits(folds=2))
    assert caught.value.hint == "Rename it, or leave it out."


def test_a_column_that_is_there_twice_is_refused() -> None:
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["l", "l"])
    with pytest.raises(GoldwireError, match='column "l" is there 2 times'):
        divided(table, labels=["l"])
