"""`goldwire eval audit`: what it prints, and its exit codes. The texts are written for the tests."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commanding import Command, in_empty_folder
from goldwire.eval.audit.checks import STEMS
from goldwire.files import write_text
from small_dataset import build

LEAKS = ["--check", "GW101", "--check", "GW102", "--check", "GW103", "--check", "GW201"]
PAIRS = """unit_id,text,stance,split,body
p1,The council of Velm voted on Monday to close the old harbour for two years.,favor,train,b1
p2,"The council of Velm voted on Monday to close the old harbour for two years, to their anger.",against,test,b2
p3,A train from Karsund was late since snow lay on the rails.,favor,train,b3
p4,Nobody in Ondria had heard of the plan before the paper wrote of it.,none,test,b3
"""
TABLE = """\
severity  code   check            question  state           cases
error     GW101  shared_field     -         fired               1
error     GW102  near_duplicates  -         fired               1
warning   GW103  time_leak        -         not applicable      -
warning   GW201  story_conflicts  stance    fired               1

GW101 A value that belongs in one split stands in several
body: 1 of 3 (33.3%) values stand in more than one split, with 2 of 4 (50.0%) units.
  - body "b3" is in test (1), train (1)

GW102 Splits share copies of a text
1 pair of different texts in two splits or more (4 different texts of 4 units compared). Units with a copy in \
another split: test 1 of 2 (50.0%), train 1 of 2 (50.0%).
  - p1 (train) and p2 (test): containment 1.00

GW201 Copies of one text have different labels (stance)
1 pair of near-duplicates with different labels (4 labelled units with 1 pair of copies compared).
  - p1 (favor) and p2 (against): containment 1.00

Not applicable, because no date is known: GW103
"""


@pytest.fixture
def audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    """Run `goldwire eval audit` in a folder with pairs.csv."""
    write_text(tmp_path / "pairs.csv", PAIRS)
    with in_empty_folder(["eval", "audit"], tmp_path, monkeypatch, capsys) as run:
        yield run


def of_pairs(*more: str) -> list[str]:
    return ["pairs.csv", "--label", "stance", "--shared", "body", *LEAKS, *more]


def test_a_table_is_printed_the_worst_first_and_an_error_that_fires_ends_it_with_3(audit: Command) -> None:
    run = audit(*of_pairs())
    assert (run.code, run.out) == (3, TABLE)
    assert run.err == (
        "Error: 2 checks fired: GW101 shared_field, GW102 near_duplicates\n"
        "Hint: goldwire eval audit --explain GW101 says what to do.\n"
    )


def test_what_is_accepted_is_printed_with_its_reason_and_does_not_fail(audit: Command) -> None:
    accepted = ["--accept", "GW101=official split", "--accept", "gw102=the same"]
    run = audit(*of_pairs(*accepted))
    assert (run.code, run.err) == (0, "")
    assert "error     GW101  shared_field     -         accepted            1\n" in run.out
    assert "(50.0%) units.\nAccepted: official split\n  - body" in run.out
    run = audit(*of_pairs(*accepted, "--fail-on", "warning"))
    assert run.code == 3
    assert run.err.startswith("Error: 1 check fired: GW201 story_conflicts\n")


def test_json_has_every_finding_and_goes_to_a_file_as_well(audit: Command, tmp_path: Path) -> None:
    run = audit(*of_pairs("--json", "-o", "audit.json"))
    value = json.loads(run.out)
    assert run.code == 3
    assert json.loads((tmp_path / "audit.json").read_text(encoding="utf-8")) == value
    assert {name: value[name] for name in ("fired", "worst", "failed")} == {
        "fired": 3,
        "worst": "error",
        "failed": True,
    }
    assert value["checks"][0] == {
        "code": "GW101",
        "name": "shared_field",
        "title": "A value that belongs in one split stands in several",
        "severity": "error",
        "state": "fired",
        "text": "body: 1 of 3 (33.3%) values stand in more than one split, with 2 of 4 (50.0%) units.",
        "count": 1,
        "cases": ['body "b3" is in test (1), train (1)'],
        "question": None,
        "accepted": None,
    }


def test_another_dataset_is_compared_with(audit: Command, tmp_path: Path) -> None:
    write_text(tmp_path / "wire.csv", "id,text\nw1,A train from Karsund was late since snow lay on the rails.\n")
    run = audit("pairs.csv", "--against", "wire.csv", "--check", "GW104", "--fail-on", "warning")
    assert run.code == 3
    assert "  - p3 (train) and w1 of wire.csv: containment 1.00\n" in run.out


def test_more_cases_than_are_shown_are_said_to_be(audit: Command, tmp_path: Path) -> None:
    rows = "".join(f"{n}-{split},b{n},{split}\n" for n in range(25) for split in ("train", "test"))
    write_text(tmp_path / "many.csv", f"unit_id,body,split\n{rows}")
    run = audit("many.csv", "--shared", "body", "--check", "GW101")
    assert run.out.count("  - body ") == 20
    assert run.out.endswith("  - and more\n")


def test_the_page_of_a_check_is_printed_and_all_are_listed(audit: Command) -> None:
    run = audit("--explain", "gw101")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith("# GW101 shared_field: a value that belongs in one split stands in several\n")
    assert run.out.count("\n## ") == 3
    listed = audit("--explain", "all").out.splitlines()
    assert [line.split()[0] for line in listed] == ["code", *STEMS]
    assert json.loads(audit("--explain", "GW504", "--json").out)["code"] == "GW504"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--explain", "GW999"], 2, f"Error: there is no check GW999\nHint: There are: {', '.join(STEMS)}\n"),
        (["pairs.csv", "--check", "GW1"], 2, f"Error: there is no check GW1\nHint: There are: {', '.join(STEMS)}\n"),
        (["pairs.csv", "--accept", "GW101"], 2, 'Error: --accept takes CODE=WHY, not "GW101"\n'),
        (["pairs.csv", "--accept", "GW101= "], 2, 'Error: --accept takes CODE=WHY, not "GW101= "\n'),
        (
            ["--label", "stance"],
            2,
            "Error: --label goes with a table of one's own\nHint: Name the table, or leave it out.\n",
        ),
        (
            ["pairs.csv", "--shared", "headline"],
            1,
            "Error: pairs.csv: there is no column headline\nHint: There are: unit_id, text, stance, split, body\n",
        ),
        (
            ["pairs.csv", "--against", "nothing.csv"],
            1,
            "Error: nothing.csv: the file is not there\nHint: Check the path.\n",
        ),
    ],
)
def test_what_cannot_be_done_is_one_message(audit: Command, arguments: list[str], code: int, message: str) -> None:
    assert audit(*arguments) == (code, "", message)


def test_a_study_is_audited_with_its_parameters(audit: Command, tmp_path: Path, make_study: Any) -> None:
    study = make_study("audit: {fail_on: warning, accept: {GW103: a closed period}}\n")
    shutil.copytree(study.root, tmp_path, dirs_exist_ok=True)
    run = audit("--check", "GW101", "--check", "GW103", "--json")
    value = json.loads(run.out)
    assert run.code == 0
    assert [(one["state"], one["accepted"]) for one in value["checks"]] == [
        ("silent", None),
        ("accepted", "a closed period"),
    ]
    assert audit("--check", "GW203").code == 3


def test_a_dataset_folder_that_was_edited_is_reported(audit: Command, tmp_path: Path) -> None:
    folder = build(tmp_path / "dataset").folder
    assert audit("dataset", "--check", "GW504").code == 0
    path = folder / "votes" / "train.parquet"
    shutil.copy(folder / "votes" / "test.parquet", path)
    run = audit("dataset", "--check", "GW504")
    assert run.code == 3
    assert run.err.startswith("Error: 1 check fired: GW504 edited\n")


def test_a_label_that_was_written_by_hand_into_a_dataset_is_an_edit_and_no_end(
    audit: Command, tmp_path: Path
) -> None:
    path = sorted((build(tmp_path / "dataset").folder / "gold").glob("*.parquet"))[0]
    table = pq.read_table(path)
    labels = table["labels"].to_pylist()
    labels[0] = ["FLOOD"]
    at = table.column_names.index("labels")
    pq.write_table(table.set_column(at, table.schema.field(at), pa.array(labels, pa.list_(pa.string()))), path)
    assert audit("dataset", "--check", "GW504").err.startswith("Error: 1 check fired: GW504 edited\n")


@pytest.mark.parametrize(
    ("config", "column", "new", "message"),
    [
        ("gold", "scheme", None, "there is no column scheme"),
        ("gold", "unit_id", pa.null(), "a row has no unit_id"),
        ("gold", "labels", pa.string(), "column labels is string, not list<item: string>"),
        ("votes", "counts", None, "there is no column counts"),
        ("votes", "counts", pa.string(), "column counts is string, not bool"),
        ("articles", "article_id", None, "there is no column article_id"),
        ("mentions", "start", pa.string(), "column start is string, not int64"),
    ],
)
def test_a_file_of_a_dataset_that_is_not_as_it_was_is_named(
    audit: Command, tmp_path: Path, config: str, column: str, new: pa.DataType | None, message: str
) -> None:
    path = sorted((build(tmp_path / "dataset").folder / config).glob("*.parquet"))[0]
    table = pq.read_table(path)
    values = pa.array([None if new == pa.null() else "x"] * table.num_rows, pa.string())
    at = table.column_names.index(column)
    pq.write_table(table.remove_column(at) if new is None else table.set_column(at, column, values), path)
    run = audit("dataset", "--check", "GW101")
    where = path.relative_to(tmp_path).as_posix()
    assert (run.code, run.out, run.err.splitlines()[0]) == (1, "", f"Error: {where}: {message}")


@pytest.mark.parametrize("where", ["pairs.csv", "./pairs.csv", "."])
def test_what_is_checked_is_not_written_over(audit: Command, tmp_path: Path, where: str) -> None:
    run = audit("pairs.csv", "-o", where)
    assert (run.code, run.out) == (2, "")
    assert (tmp_path / "pairs.csv").read_text(encoding="utf-8") == PAIRS


def test_a_headline_as_long_as_a_text_is_cut_in_a_case(audit: Command, tmp_path: Path) -> None:
    write_text(tmp_path / "long.csv", f"h,split\n{'q' * 9000},train\n{'q' * 9000},test\n")
    assert f'  - h "{"q" * 77}..." is in test (1), train (1)\n' in audit("long.csv", "--shared", "h").out
