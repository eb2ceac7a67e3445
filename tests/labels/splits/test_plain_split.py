"""A table of one's own is divided by its columns, and comes back whole with a split."""

import csv
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from goldwire import tables
from goldwire.cli import labels_split
from goldwire.corpus import dates
from goldwire.errors import GoldwireError, UsageError
from goldwire.labels.splits.plain import Options, divide_table

app = typer.Typer(pretty_exceptions_enable=False)
app.callback()(lambda: None)
labels_split.register(app)

ROWS = [
    {"id": f"u{i // 2}", "head": f"h{i // 4}", "stance": "abc"[i % 3], "day": f"2024-01-{1 + i // 4:02}"}
    for i in range(80)
]


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["split", *map(str, arguments)])


def written(folder: Path, rows: list[dict[str, Any]], name: str = "rows.csv") -> Path:
    path = folder / name
    tables.write(pa.Table.from_pylist(rows), path)
    return path


def sides(table: pa.Table, name: str) -> dict[Any, set[str | None]]:
    found = defaultdict(set)
    for row in table.to_pylist():
        found[row[name]].add(row["split"])
    return found


@pytest.mark.parametrize("ending", ["csv", "tsv", "parquet", "jsonl"])
def test_the_table_comes_back_whole_with_a_split(tmp_path: Path, ending: str) -> None:
    path, into = written(tmp_path, ROWS, f"rows.{ending}"), tmp_path / f"out.{ending}"
    done = run(path, "--unit", "id", "--label", "stance", "--group-by", "head", "-o", into, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {
        "units": 80, "splits": {"train": 48, "validation": 12, "test": 20}, "dropped": 0, "left_out": 0, "notes": [],
    }  # fmt: skip
    table = tables.read(into)
    assert table.drop_columns(["split"]).to_pylist() == ROWS
    assert all(len(found) == 1 for found in sides(table, "head").values())


def test_split_and_fold_can_be_written_alone(tmp_path: Path) -> None:
    path, into = written(tmp_path, ROWS), tmp_path / "out.csv"
    done = run(path, "--folds", 4, "--alone", "-o", into)
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == [
        "split       rows  share", "train         48  0.600", "validation    12  0.150", "test          20  0.250",
        "folds: 15, 15, 15, 15",
    ]  # fmt: skip
    rows = list(csv.DictReader(into.read_text().splitlines()))
    assert [row["row"] for row in rows] == [str(i) for i in range(1, 81)]
    assert Counter((row["split"] == "test", row["fold"] == "") for row in rows) == {
        (False, False): 60,
        (True, True): 20,
    }


def test_by_time_dates_are_read_and_those_that_are_none_are_said() -> None:
    rows = [*ROWS, {"day": "12/11/2017"}, {"day": None}]
    made = divide_table(pa.Table.from_pylist(rows), Options(by="time", date="day"), dates.parse)
    order = ["train", "validation", "test"]
    placed = [(row["day"], order.index(row["split"])) for row in made.table.to_pylist() if row["split"]]
    assert [side for _, side in sorted(placed)] == sorted(side for _, side in placed)
    assert made.summary["left_out"] == 2
    assert made.summary["notes"][0] == '1 date could not be read: "12/11/2017".'
    assert made.summary["notes"][2] == "2 rows have no date and are in no split: 81, 82."


def test_a_column_that_divides_has_each_value_in_one_split() -> None:
    made = divide_table(pa.Table.from_pylist(ROWS), Options(by="head"), dates.parse)
    assert all(len(found) == 1 for found in sides(made.table, "head").values())


def test_an_official_column_is_taken_as_it_is() -> None:
    rows = [
        {"part": part, "story": story} for part, story in zip(["Train", "dev", "EVAL", None], "xyzx", strict=True)
    ]
    options = Options(by="official", official="part", story="story")
    made = divide_table(pa.Table.from_pylist(rows), options, dates.parse)
    assert made.table["split"].to_pylist() == ["train", "validation", "test", None]
    assert made.summary["left_out"] == 1
    with pytest.raises(GoldwireError, match='"half" is no split: "part" of row 2'):
        divide_table(
            pa.Table.from_pylist([{"part": "train"}, {"part": "half"}]),
            Options(by="official", official="part"),
            dates.parse,
        )


def test_near_duplicates_of_a_text_stay_together() -> None:
    def body(story: int) -> str:
        return " ".join(f"word{story * 31 + n}" for n in range(30))

    rows = [{"text": body(i // 2) + " and more" * (i % 2), "n": i} for i in range(40)]
    made = divide_table(pa.Table.from_pylist(rows), Options(text="text"), dates.parse)
    found = defaultdict(set)
    for row in made.table.to_pylist():
        found[row["n"] // 2].add(row["split"])
    assert all(len(one) == 1 for one in found.values())


def test_lists_of_labels_are_spread() -> None:
    rows = [{"tags": ["rare", "often"] if i % 10 == 0 else ["often"] if i % 2 else []} for i in range(200)]
    made = divide_table(pa.Table.from_pylist(rows), Options(labels=["tags"]), dates.parse)
    counts = Counter((row["split"], tag) for row in made.table.to_pylist() for tag in row["tags"])
    assert {split: counts[split, "rare"] for split in ("train", "validation", "test")} == {
        "train": 12, "validation": 3, "test": 5,
    }  # fmt: skip


@settings(deadline=None, max_examples=40)
@given(st.permutations(range(30)))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    rows = [{"head": f"h{i // 3}", "stance": "ab"[i % 2], "n": i} for i in range(30)]
    options = Options(unit="n", labels=["stance"], group_by=["head"])
    one = divide_table(pa.Table.from_pylist(rows), options, dates.parse).table.to_pylist()
    other = divide_table(pa.Table.from_pylist([rows[i] for i in order]), options, dates.parse).table.to_pylist()
    assert sorted(other, key=lambda row: row["n"]) == one


def test_empty_tables_are_divided() -> None:
    made = divide_table(pa.table({"a": pa.array([], pa.string())}), Options(labels=["a"], text="a"), dates.parse)
    assert made.summary == {
        "units": 0, "splits": {"train": 0, "validation": 0, "test": 0}, "dropped": 0, "left_out": 0, "notes": [],
    }  # fmt: skip


def test_a_value_that_is_most_of_the_rows_is_named() -> None:
    rows = [{"head": "Big" if i < 8 else f"h{i}"} for i in range(10)]
    with pytest.raises(GoldwireError) as error:
        divide_table(pa.Table.from_pylist(rows), Options(group_by=["head"]), dates.parse)
    assert error.value.message == ('no split is possible: 8 of 10 rows are connected, most of them by head "Big"')


@pytest.mark.parametrize(
    ("columns", "options", "message"),
    [
        ({"a": ["x"]}, Options(group_by=["b"]), 'there is no column "b"'),
        ({"a": ["x"]}, Options(labels=["b"]), 'there is no column "b"'),
        ({"a": ["x"]}, Options(by="time", date="b"), 'there is no column "b"'),
        ({"a": ["x", None]}, Options(unit="a"), '"a" is empty'),
        ({"split": ["x"]}, Options(), 'there is a column "split" already'),
    ],
)
def test_what_cannot_be_read_is_said(columns: dict[str, list[Any]], options: Options, message: str) -> None:
    with pytest.raises(GoldwireError, match=message):
        divide_table(pa.table(columns), options, dates.parse)


def test_without_a_file_the_command_says_what_a_study_does() -> None:
    done = run()
    assert isinstance(done.exception, UsageError)
    assert str(done.exception.hint).endswith("In a study, goldwire labels dataset divides, as params.yaml says.")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--by", "time"], "--by time and --date COL go together"),
        (["--by", "random", "--date", "day"], "--by time and --date COL go together"),
        (["--by", "random", "--official", "day"], "--by official and --official COL go together"),
        (["--train", 0.9], "train, validation and test must sum to 1"),
        (["--folds", 1], "folds must be 0 or at least 2"),
        (["--alone"], "--alone says what is written, and nothing is"),
        (["--unit", ""], "--unit names no column"),
    ],
)
def test_options_that_do_not_go_together_are_refused(tmp_path: Path, arguments: list[object], message: str) -> None:
    done = run(written(tmp_path, ROWS), *arguments)
    assert isinstance(done.exception, UsageError)
    assert done.exception.message == message


def test_a_failure_writes_nothing_and_names_the_file(tmp_path: Path) -> None:
    path, into = written(tmp_path, ROWS), tmp_path / "out.csv"
    into.write_text("before")
    done = run(path, "--group-by", "no", "-o", into)
    assert isinstance(done.exception, GoldwireError)
    assert done.exception.where == str(path)
    assert into.read_text() == "before"
    assert isinstance(run(path, "-o", path).exception, UsageError)
