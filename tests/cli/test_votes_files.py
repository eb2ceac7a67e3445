"""VOTES, a table of one's own, as it is given to each command that takes one: odd files, bad files, and no room."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commanding import Command, in_empty_folder
from disputing import TALKS, a_study
from goldwire import files, tables
from goldwire.labels.quality.observed import observed_frame
from goldwire.labels.quality.pairs import pair_rows
from goldwire.labels.tasks import write_round
from goldwire.labels.units import documents
from goldwire.study import Study

AGREEMENT, GOLD, ENOUGH, REPORT = ["agreement"], ["gold"], ["enough"], ["annotators", "report"]
COMMANDS = [AGREEMENT, GOLD, ENOUGH, REPORT]
HEADER = "task,worker,label\n"
TWO = HEADER + "1,ann,X\n1,bob,X\n2,ann,X\n2,bob,Y\n3,ann,Y\n3,bob,Y\n"
SAVE = "Hint: Save it again, as CSV in UTF-8 with a line of column names, and with as many fields in every line.\n"
ROW = "Hint: Mend or remove the row.\n"
NO_COLUMN = 'Error: {}: there is no column "unit_id" or "task"'


@pytest.fixture
def goldwire(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    with in_empty_folder(["labels"], tmp_path, monkeypatch, capsys) as run:
        yield run


def given(name: str, text: str | bytes) -> str:
    Path(name).write_bytes(text.encode() if isinstance(text, str) else text)
    return name


def parquet(label: pa.Array, unit: pa.Array | None = None) -> str:
    unit = pa.array([1, 1, 2, 2, 3, 3]) if unit is None else unit
    pq.write_table(pa.table({"task": unit, "worker": ["ann", "bob"] * 3, "label": label}), "votes.parquet")
    return "votes.parquet"


# files that say the same


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("votes.csv", "\ufeff" + TWO),
        ("votes.csv", TWO.replace("\n", "\r\n")),
        ("votes.tsv", TWO.replace(",", "\t")),
        ("votes.csv", HEADER + "".join(reversed(TWO.splitlines(keepends=True)[1:]))),
        ("votes.csv", TWO.replace("2,ann,X", "2 , ann,X\t").replace("3,bob", " 3,bob")),
        ("votes.csv", TWO + "4,bob,\n5,ann,  \n"),
    ],
    ids=["bom", "crlf", "tabs", "unsorted", "blanks", "rows without a label"],
)
@pytest.mark.parametrize("command", [AGREEMENT, GOLD, REPORT], ids=" ".join)
def test_the_same_answers_give_the_same_output(goldwire: Command, command: list[str], name: str, text: str) -> None:
    expected = goldwire(*command, given("usual.csv", TWO), "--json")
    assert expected.code == 0
    found = goldwire(*command, given(name, text), "--json")
    if command == GOLD and "4,bob,\n" in text:  # who gave no answer was asked all the same
        assert json.loads(found.out)["decided_by"] == json.loads(expected.out)["decided_by"]
    else:
        assert found == expected


@pytest.mark.parametrize(
    "labels",
    [
        pa.array(["X", "X", "X", "Y", "Y", "Y"]).dictionary_encode(),
        pa.array(["X", "X", "X", "Y", "Y", "Y"], pa.large_string()),
        pa.array([b"X", b"X", b"X", b"Y", b"Y", b"Y"]),
    ],
    ids=lambda labels: str(labels.type)[:10],
)
def test_types_of_parquet_do_not_matter(goldwire: Command, labels: pa.Array) -> None:
    expected = goldwire("agreement", given("usual.csv", TWO), "--json")
    units = pa.array([1.0, 1, 2, 2, 3, 3])
    assert goldwire("agreement", parquet(labels, units), "--json") == expected


@pytest.mark.parametrize("kind", [pa.large_list(pa.string()), pa.list_(pa.string(), 1)], ids=str)
def test_every_kind_of_list_is_a_set_of_labels(goldwire: Command, kind: pa.DataType) -> None:
    sets = [["X"], ["X"], ["X"], ["Y"], ["Y"], ["Y"]]
    expected = goldwire("agreement", parquet(pa.array(sets)), "--json")
    assert json.loads(expected.out)["distance"] == "masi"
    assert goldwire("agreement", parquet(pa.array(sets, kind)), "--json") == expected


def test_nan_is_no_answer(goldwire: Command) -> None:
    nan = float("nan")
    found = json.loads(goldwire("agreement", parquet(pa.array([1.0, 1, 1.5, nan, 2, nan])), "--json").out)
    assert (found["votes"], list(found["per_label"])) == (4, ["1", "1.5", "2"])


# files that cannot be read


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("v.csv", "", "Error: v.csv: cannot be read: Empty CSV file\n" + SAVE),
        ("v.jsonl", "", NO_COLUMN.format("v.jsonl") + ": the file is empty\nHint: Name another file.\n"),
        (
            "v.csv",
            TWO.replace(",", ";"),
            NO_COLUMN.format("v.csv")
            + "\nHint: There is one column, 'task;worker;label': a .csv has commas between columns, "
            "a .tsv has tabs.\n",
        ),
        (
            "v.csv",
            "item,worker,label\n1,ann,X\n",
            NO_COLUMN.format("v.csv") + "\nHint: The columns are: item, worker, label. Name one with --unit.\n",
        ),
        ("v.csv", TWO + "4,ann\n", "Error: v.csv: cannot be read: CSV parse error: Expected 3 columns, got 2: 4,ann\n"
         + SAVE),
        (
            "v.csv",
            TWO.encode() + b"4,ann,\xe9\n",
            "Error: v.csv: cannot be read: 'utf-8' codec can't decode byte 0xe9 in position 72: invalid continuation "
            "byte\n" + SAVE,
        ),
        (
            "v.csv",
            TWO + "4,,X\n",
            'Error: v.csv: row 7: "worker" is empty\nHint: Mend or remove the row, or name another column.\n',
        ),
    ],
    ids=["empty csv", "empty jsonl", "semicolons", "other names", "a field less", "latin-1", "nobody"],
)  # fmt: skip
def test_a_bad_file_is_one_message(
    goldwire: Command, command: list[str], name: str, text: str | bytes, error: str
) -> None:
    assert goldwire(*command, given(name, text)) == (1, "", error)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    ("labels", "error"),
    [
        (pa.array([b"X", b"\xff", b"X", b"X", b"X", b"X"]), 'column "label" is not UTF-8 text\n'
         "Hint: Save the file again as UTF-8.\n"),
        (pa.array([[["X"]]] * 6), 'column "label" holds lists of lists or of structures\n'
         "Hint: Give lists of labels, or one label a row.\n"),
        (pa.array([{"k": "X"}] * 6), 'column "label" holds lists or structures, not text\n'
         "Hint: Name a column with one value a row.\n"),
        (pa.array([["X"], ["X", None], ["Y"], ["X"], ["X"], ["X"]]), 'row 2: "label": a list has an empty label\n'
         + ROW),
        (pa.array([["X"], ["Y"], None, ["X\x1fY"], ["X"], ["X"]]),
         'row 4: "label": a label holds the control character U+001F\n' + ROW),
    ],
    ids=["bytes", "lists of lists", "structures", "an empty label", "a control character"],
)  # fmt: skip
def test_a_column_that_holds_no_labels_is_one_message(
    goldwire: Command, command: list[str], labels: pa.Array, error: str
) -> None:
    assert goldwire(*command, parquet(labels)) == (1, "", f"Error: votes.parquet: {error}")


def test_our_votes_as_csv_are_refused(goldwire: Command) -> None:
    given("v.csv", 'scheme,unit_id,annotator,question,labels,value,counts\ns,u,ann,q,"[""X""]",,true\n')
    assert goldwire("agreement", "v.csv") == (
        1,
        "",
        'Error: v.csv: this is not a votes table: "counts" holds string, not bool\n'
        "Hint: CSV does not hold lists: use the votes as .parquet or .jsonl.\n",
    )


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (
            ["-"],
            "Error: a table is a file, not stdin: its ending says what it is\n"
            "Hint: Write it to a file first: .parquet, .csv, .tsv, .jsonl\n",
        ),
        (
            ["votes.csv", "--unit", ""],
            "Error: --unit is empty\nHint: Give it a value, or leave it out.\n",
        ),
        (
            ["round-1", "--unit", "task"],
            "Error: --unit goes with VOTES, a table of one's own\nHint: Name the table, or leave it out.\n",
        ),
    ],
    ids=["stdin", "no name", "round"],
)
def test_what_does_not_go_together_is_usage(
    goldwire: Command, command: list[str], arguments: list[str], error: str
) -> None:
    given("votes.csv", TWO)
    if command == GOLD and arguments[0] == "round-1":
        arguments = arguments[1:]
    assert goldwire(*command, *arguments) == (2, "", error)


def test_a_file_with_another_ending_is_a_table_and_no_round(goldwire: Command) -> None:
    given("votes.txt", TWO)
    for command in COMMANDS:
        assert goldwire(*command, "votes.txt") == (
            1,
            "",
            "Error: votes.txt: tables are .parquet, .csv, .tsv, .jsonl, not .txt\n"
            "Hint: Rename the file, or convert it.\n",
        )


# maps of labels


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("map.yaml", "X: [1\n", "map.yaml:2: not valid YAML: expected ',' or ']', but got '<stream end>'\n"),
        ("map.csv", "old,new\nX,Y,Z\n", "map.csv:2: there are more fields than columns\n"),
        ("map.yaml", "X: Y\nX: Z\n", 'map.yaml:2: "X" is to mean both "Y" and "Z"\n'),
    ],
    ids=["yaml", "fields", "twice"],
)
def test_a_bad_map_is_one_message_that_names_the_map(goldwire: Command, name: str, text: str, error: str) -> None:
    given("votes.csv", TWO)
    hint = {
        "map.csv": 'Put a label with a comma in it in quotes: "war, civil".',
        "map.yaml": "Remove one of the two."
        if "both" in error
        else "It holds a map: YAML, such as  unrelatedn: unrelated ; or CSV or TSV with the columns old and new.",
    }[name]
    for command in (AGREEMENT, GOLD, ENOUGH):
        run = goldwire(*command, "votes.csv", "--recode", given(name, text))
        assert run == (1, "", f"Error: {error}Hint: {hint}\n")


def test_a_map_is_applied_once_and_all_at_once(goldwire: Command) -> None:
    given("votes.csv", TWO)
    given("map.tsv", "old\tnew\nX\tY\nY\tX\n")
    said = "as typed  taken as  rows\nX         Y            3\nY         X            3\n"
    for command in (AGREEMENT, GOLD, ENOUGH):
        run = goldwire(*command, "votes.csv", "--recode", "map.tsv", "--json")
        assert (run.code, run.err) == (0, said)
    assert goldwire("gold", "votes.csv", "--recode", "map.tsv", "-o", "g.csv").code == 0
    assert Path("g.csv").read_text(encoding="utf-8").splitlines()[1].startswith('"1","Y","unanimous",2,false')


# what is written


@pytest.mark.parametrize(
    ("command", "into", "error"),
    [
        (GOLD, "votes.csv", "votes.csv is read, and -o would write over it\nHint: Name another -o FILE.\n"),
        (GOLD, "./votes.csv", "votes.csv is read, and -o would write over it\nHint: Name another -o FILE.\n"),
        (REPORT, "votes.csv", "votes.csv: a page ends in .html\nHint: Name another -o FILE.\n"),
        (ENOUGH, "votes.csv", "votes.csv: a page ends in .html, a picture in .svg\nHint: Name another -o FILE.\n"),
        (GOLD, "folder.csv", "folder.csv is a folder\nHint: Name a file in it: -o FILE\n"),
        (REPORT, "folder.html", "folder.html is a folder\nHint: Name a file in it: -o FILE\n"),
    ],
)
def test_votes_are_not_written_over(goldwire: Command, command: list[str], into: str, error: str) -> None:
    given("votes.csv", TWO)
    if into.startswith("folder"):
        Path(into).mkdir()
    assert goldwire(*command, "votes.csv", "-o", into) == (2, "", f"Error: {error}")
    assert Path("votes.csv").read_text(encoding="utf-8") == TWO


@pytest.mark.parametrize(("command", "into"), [(GOLD, "g.csv"), (REPORT, "r.html"), (ENOUGH, "e.html")])
def test_a_full_disk_costs_nothing_that_was_there(
    goldwire: Command, monkeypatch: pytest.MonkeyPatch, command: list[str], into: str
) -> None:
    given("votes.csv", TWO)
    given(into, "good\n")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert goldwire(*command, "votes.csv", "-o", into) == (
        1,
        "",
        f"Error: {into}: cannot be written: No space left on device\n"
        "Hint: What was there is as it was. Name another -o FILE, or make room.\n",
    )
    assert Path(into).read_text(encoding="utf-8") == "good\n"
    assert sorted(path.name for path in Path().iterdir()) == sorted(["votes.csv", into])


# gold against what is known


@pytest.mark.parametrize(
    ("known", "error"),
    [
        (["X", "Y"], '1 is both "X" and "Y" in column "true"\nHint: A unit has one value in every row, or none.\n'),
        (
            ["", " "],
            'no unit with an answer has a value in column "true"\n'
            "Hint: Name the column that has: --gold-column COL\n",
        ),
    ],
)
def test_what_is_known_may_not_contradict_itself_or_be_nothing(
    goldwire: Command, known: list[str], error: str
) -> None:
    given("v.csv", f"task,worker,label,true\n1,ann,X,{known[0]}\n1,bob,X,{known[1]}\n")
    assert goldwire("gold", "v.csv", "--compare", "--gold-column", "true") == (1, "", f"Error: v.csv: {error}")


# what is printed


def test_odd_labels_stay_on_one_line_and_steer_no_terminal(goldwire: Command) -> None:
    labels = ["a\nb", "a\nb", "\x1b[31mred", "\x1b[31mred", "L" * 10_000, "L" * 10_000]
    rows = [{"task": str(i // 2), "worker": "ab"[i % 2], "label": label} for i, label in enumerate(labels)]
    files.write_jsonl(Path("v.jsonl"), rows)
    run = goldwire("agreement", "v.jsonl", "--details")
    assert (run.code, run.err, "\x1b" in run.out) == (0, "", False)
    start = run.out.index("labels:\n")
    shown = ["\\x1b[31mred", "L" * 199 + "…", "a\\nb"]
    assert [line.split()[0] for line in run.out[start:].splitlines()[2:5]] == shown
    assert set(json.loads(goldwire("agreement", "v.jsonl", "--json").out)["per_label"]) == set(labels)


def test_pairs_of_many_annotators_are_only_those_who_share_units() -> None:
    random = np.random.default_rng(0)
    rows = [(f"u{unit}", f"w{3 * unit + i}", "XY"[random.integers(2)]) for unit in range(20_000) for i in range(2)]
    rows += [("u0", "w3", "X")]
    table = pa.Table.from_pylist([dict(zip(("task", "worker", "label"), row, strict=True)) for row in rows])
    bootstrap: Any = {"resamples": 100, "seed": 0, "level": 0.95}
    found = pair_rows(observed_frame(table), bootstrap)
    assert len(found) == 20_002
    said = {(unit, who): label for unit, who, label in rows}
    one = next(pair for pair in found if (pair["a"], pair["b"]) == ("w0", "w1"))
    assert (one["n"], one["observed"]["value"]) == (1, float(said["u0", "w0"] == said["u0", "w1"]))


# a study


def votes_table(**columns: str) -> pa.Table:
    rows = [
        {"scheme": "talks", "unit_id": f"u{i // 2}", "question": "event", "labels": ["MEET"], "round": "r"}
        | {
            "annotator": f"a{i % 2}",
            "annotation_id": str(i),
            "status": "submitted",
            "counts": True,
            "purpose": "vote",
        }
        | columns
        for i in range(6)
    ]
    return tables.build("votes", rows)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_votes_of_an_older_goldwire_are_to_be_built_again(goldwire: Command, command: list[str]) -> None:
    study = Study(Path().resolve())
    files.write_text(study.params_file, "gold: {method: majority}\n")
    tables.write(votes_table().drop_columns(["purpose"]), study.table("votes"))
    assert goldwire(*command) == (
        1,
        "",
        f"Error: {study.table('votes')}: is not a table of votes: it lacks purpose\n"
        "Hint: An older goldwire may have made it. Make it again with: goldwire labels build\n",
    )


def test_a_round_whose_answers_are_no_votes_is_said_to_be_none(goldwire: Command, tmp_path: Path) -> None:
    study = a_study(tmp_path, 2)
    articles = study.read("articles")
    write_round(study, "judged", TALKS, articles, documents(articles))
    with (study.rounds / "judged/round.yaml").open("a", encoding="utf-8") as stream:
        stream.write("adjudicates: [r]\n")
    tables.write(votes_table(round="judged", purpose="adjudication"), study.table("votes"))
    assert goldwire("enough", "judged") == (
        1,
        "",
        "Error: the answers of round judged do not count as votes: it settles r\n"
        "Hint: Name a round that it settles: r\n",
    )
    assert goldwire("annotators", "report", "judged") == (
        1,
        "",
        "Error: the answers of round judged do not count as votes: it settles r\n"
        "Hint: The report is on the rounds before: goldwire labels annotators report r\n",
    )
