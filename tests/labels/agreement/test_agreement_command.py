"""`goldwire labels agreement`, as it is typed: what it prints, where, and with which exit code."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import little
from commanding import Command, in_empty_folder
from goldwire import tables
from goldwire.files import write_text
from goldwire.labels import parts, stages
from goldwire.labels.tasks import write_round
from goldwire.labels.units import documents
from goldwire.study import Study
from pulled import A, Answer, B, a_study, pull

HEADER = "task,worker,label\n"
SAVE = "Hint: Save it again, as CSV in UTF-8 with a line of column names, and with as many fields in every line.\n"
MEND = "Hint: Mend or remove the row, or name another column.\n"
TWO = HEADER + "1,ann,X\n1,bob,X\n2,ann,X\n2,bob,Y\n3,ann,Y\n"


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    with in_empty_folder(["labels", "agreement"], tmp_path, monkeypatch, capsys) as run:
        yield run


def votes(text: str) -> None:
    write_text(Path("votes.csv"), text)


# a plain file


def test_a_file_with_two_annotators_as_a_newcomer_reads_it(command: Command) -> None:
    votes(TWO)
    run = command("votes.csv")
    assert (run.code, run.err) == (0, "")
    assert run.out == (
        "units  annotators  votes  ties  alpha  kappa    ac1\n"
        "    3           2      5     1  0.000  0.000  0.000\n"
        "interval of alpha: 2 clusters: an interval needs 10\n"
        "\n"
        "labels that agree least:\n"
        "label  votes  alpha\n"
        "X          3  0.000\n"
        "Y          2  0.000\n"
        "\n"
        'without the units that are "X" by majority (it was given most often): 2 units; '
        "1 unit with two answers: a figure needs two\n"
    )


def test_the_fixed_keys_are_there_and_every_figure_has_an_interval_or_a_reason(command: Command) -> None:
    votes(TWO)
    found = json.loads(command("votes.csv", "--json").out)
    fixed = ("units", "annotators", "votes", "ties", "alpha", "kappa", "ac1", "per_label", "per_annotator")
    assert [found[name] for name in fixed[:4]] == [3, 2, 5, 1]
    assert set(fixed) <= set(found)
    assert set(found["alpha"]) >= {"value", "low", "high"}
    assert isinstance(found["kappa"], float)

    def figures(node: Any) -> Iterator[dict[str, Any]]:
        if isinstance(node, dict):
            if {"value", "low", "high"} <= set(node):
                yield node
            for each in node.values():
                yield from figures(each)

    assert all(each["low"] is not None or each["why"] for each in figures(found))
    assert len(list(figures(found))) > 10


@pytest.mark.parametrize(
    ("text", "arguments", "error"),
    [
        ("", [], "Error: votes.csv: cannot be read: Empty CSV file\n" + SAVE),
        (HEADER, [], 'Error: votes.csv: there are no votes\nHint: A row needs a label in the column "label".\n'),
        (
            HEADER + "1,ann,\n1,bob,\n",
            [],
            "Error: votes.csv: there is no answer in these 2 rows\n"
            'Hint: A row needs a label in the column "label".\n',
        ),
        (
            TWO + "1,ann,Y\n",
            [],
            "Error: votes.csv: ann answered 1 twice (1 such rows)\n"
            "Hint: Say which answer counts: --duplicates last, or --duplicates first\n",
        ),
        (
            TWO + "1,ann,Y\n",
            ["--duplicates", "error"],
            "Error: votes.csv: ann answered 1 twice (1 such rows)\n"
            "Hint: Say which answer counts: --duplicates last, or --duplicates first\n",
        ),
        (
            TWO,
            ["--annotator", "who"],
            'Error: votes.csv: there is no column "who"\nHint: The columns are: task, worker, label\n',
        ),
        (
            TWO,
            ["--by", "outlet"],
            'Error: votes.csv: there is no column "outlet"\nHint: The columns are: task, worker, label\n',
        ),
        (
            TWO,
            ["--by", "label"],
            'Error: votes.csv: the rows of unit "2" disagree on "label": "X" and "Y"\n'
            "Hint: Name a column that says the same in every row of a unit, or mend the rows.\n",
        ),
        (TWO, ["--easy", "Z"], 'Error: votes.csv: no question has the label "Z"\nHint: The labels are: X, Y\n'),
        (TWO + "4,,X\n", [], 'Error: votes.csv: row 6: "worker" is empty\n' + MEND),
    ],
)
def test_bad_input_is_one_message(command: Command, text: str, arguments: list[str], error: str) -> None:
    votes(text)
    assert command("votes.csv", *arguments) == (1, "", error)


def test_one_annotator_and_one_label_have_counts_and_reasons(command: Command) -> None:
    votes(HEADER + "1,ann,X\n2,ann,Y\n")
    run = command("votes.csv")
    assert (run.code, run.err) == (0, "")
    assert run.out.splitlines()[:3] == [
        "units  annotators  votes  ties  alpha  kappa  ac1",
        "    2           1      2     0      -      -    -",
        "alpha, observed, kappa, ac1, ac2: one annotator only: agreement needs two",
    ]
    votes(HEADER + "".join(f"{unit},{who},X\n" for unit in range(12) for who in ("ann", "bob")))
    run = command("votes.csv")
    assert run.code == 0
    assert run.out.splitlines()[2] == (
        "alpha, kappa: all answers are the same: there is nothing to agree on beyond chance"
    )
    assert "NaN" not in command("votes.csv", "--json").out


def test_repeated_rows_count_as_the_policy_says_and_the_order_of_others_does_not_matter(command: Command) -> None:
    votes(TWO + "2,bob,X\n")
    first, last = (
        json.loads(command("votes.csv", "--duplicates", which, "--json").out) for which in ("first", "last")
    )
    assert (first["observed"], last["observed"]) == (0.5, 1.0)
    votes(TWO)
    before = command("votes.csv", "--json")
    rows = TWO.removeprefix(HEADER).splitlines(keepends=True)
    random.Random(0).shuffle(rows)
    votes(HEADER + "".join(rows))
    assert command("votes.csv", "--json") == before


def test_columns_slices_and_pairs(command: Command) -> None:
    rows = [f"{unit},{who},{'YX'[unit % 2 == 0 or who == 'bob']},{'Post' if unit < 8 else 'Star'}\n"
            for unit in range(16) for who in ("ann", "bob", "eve")]  # fmt: skip
    votes("item,coder,code,outlet\n" + "".join(rows))
    columns = ["--unit", "item", "--annotator", "coder", "--label", "code"]
    run = command("votes.csv", *columns, "--by", "outlet", "--pairs", "--resamples", "100", "--json")
    found = json.loads(run.out)
    assert {name: (one["units"], one["votes"]) for name, one in found["slices"]["outlet"].items()} == {
        "Post": (8, 24),
        "Star": (8, 24),
    }
    assert [(pair["a"], pair["b"], pair["n"]) for pair in found["pairs"]] == [
        ("ann", "bob", 16),
        ("ann", "eve", 16),
        ("bob", "eve", 16),
    ]
    text = command("votes.csv", *columns, "--by", "outlet", "--details", "--resamples", "100").out
    for title in ("figures:", "labels:", "annotators against the rest:", "by outlet:", "pairs:"):
        assert f"\n{title}\n" in text
    assert "\noutlet  units  with two  votes  observed  alpha " in text
    assert "\nlabel  votes  alpha " in text
    wide = HEADER + "".join(f"{unit},a{who},X\n" for who in range(32) for unit in range(2))
    votes(wide)
    text = command("votes.csv", "--details", "--resamples", "100").out
    assert text.endswith("\n496 pairs; list them with --pairs\n")


def test_a_slice_of_everything_has_the_figures_of_all(command: Command) -> None:
    source = random.Random(1)
    rows = [f"{unit},{who},{source.choice('XXYZ')},all\n" for unit in range(30) for who in ("ann", "bob", "eve")]
    votes("task,worker,label,day\n" + "".join(rows))
    for more in ([], ["--distance", "ordinal", "--order", "Y,X,Z"]):
        found = json.loads(command("votes.csv", "--by", "day", *more, "--json").out)
        one = found["slices"]["day"]["all"]
        for name, whole in {**found["intervals"], "alpha": found["alpha"]}.items():
            if name in one:
                assert one[name]["value"] == whole["value"]
                assert one[name]["low"] == pytest.approx(whole["low"], abs=0.02)  # other draws
                assert one[name]["high"] == pytest.approx(whole["high"], abs=0.02)


def test_another_seed_moves_the_interval_and_nothing_else(command: Command) -> None:
    votes(HEADER + "".join(f"{u},{w},{'XY'[(u * (w + 1)) % 3 == 0]}\n" for u in range(40) for w in range(3)))
    zero, one = (json.loads(command("votes.csv", "--seed", seed, "--json").out) for seed in "01")
    assert zero == json.loads(command("votes.csv", "--json").out)
    assert zero["alpha"]["value"] == one["alpha"]["value"]
    assert zero["alpha"]["low"] != one["alpha"]["low"]


def test_ten_thousand_labels(command: Command) -> None:
    source = random.Random(0)
    labels = [f"L{i:05}" for i in range(10_000)]
    rows = []
    for unit in range(20_000):
        first = labels[unit % 10_000]
        rows += [f"{unit},ann,{first}\n", f"{unit},bob,{first if unit % 4 else source.choice(labels)}\n"]
    votes(HEADER + "".join(rows))
    run = command("votes.csv", "--resamples", "100")
    assert (run.code, run.err) == (0, "")
    assert run.out.splitlines()[1].split()[:3] == ["20000", "2", "40000"]
    assert len(run.out) < 2000


# labels as they were typed


def test_typed_labels_are_taken_by_the_map_which_is_printed_and_the_rest_is_named(command: Command) -> None:
    votes(HEADER + "1,ann,unrelatedn\n1,bob,unrelated\n2,ann,discuu\n2,bob,x\n3,ann,discuss\n3,bob,discuss\n")
    write_text(Path("map.yaml"), "unrelatedn: unrelated\ndiscuu: discuss\nagre: agree\n")
    run = command("votes.csv", "--recode", "map.yaml", "--json")
    assert run.code == 0
    assert run.err == (
        "as typed    taken as                  rows\n"
        "agre        agree                        0\n"
        "discuu      discuss                      1\n"
        "unrelatedn  unrelated                    1\n"
        "x           not in the map: left out     1\n"
    )
    found = json.loads(run.out)
    assert (found["votes"], found["unknown"]) == (5, {"x": 1})
    assert {label: one["votes"] for label, one in found["per_label"].items()} == {"discuss": 3, "unrelated": 2}
    write_text(Path("map.csv"), "new,old\nunrelated,unrelatedn\ndiscuss,discuu\nagree,agre\n")
    assert command("votes.csv", "--recode", "map.csv", "--json") == run


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("m.yaml", "", "m.yaml: the map is empty"),
        ("m.yaml", "- a\n", "m.yaml: this is not a map of labels to labels"),
        ("m.yaml", "a: {b: c}\n", "m.yaml: this is not a map of labels to labels"),
        ("m.yaml", "x: y\na:\n", "m.yaml:2: a pair needs an old and a new label"),
        ("m.yaml", "a: b\na: c\n", 'm.yaml:2: "a" is to mean both "b" and "c"'),
        ("m.csv", "from,to\na,b\n", "m.csv:1: the columns old and new are not there"),
        ("m.csv", "old,new\na\n", "m.csv:2: a pair needs an old and a new label"),
        ("gone.csv", None, "gone.csv: the file is not there"),
    ],
)
def test_a_file_that_is_no_map_is_an_error(command: Command, name: str, text: str | None, error: str) -> None:
    votes(TWO)
    if text is not None:
        write_text(Path(name), text)
    run = command("votes.csv", "--recode", name)
    assert (run.code, run.out, run.err.splitlines()[0]) == (1, "", f"Error: {error}")


# options that do not go together


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--label", "x"], "--label goes with VOTES, a table of one's own"),
        (["r", "--unit", "x"], "--unit goes with VOTES, a table of one's own"),
        (["r", "--by", "x"], "--by goes with VOTES, a table of one's own"),
        (["--distance", "nominal"], "--distance goes with VOTES, a table of one's own"),
        (["r", "--order", "a,b"], "--order goes with VOTES, a table of one's own"),
        (["--duplicates", "last"], "--duplicates goes with VOTES, a table of one's own"),
        (["--recode", "x.csv"], "--recode goes with VOTES, a table of one's own"),
        (["--as-of", "1"], "--as-of goes with ROUND"),
        (["votes.csv", "--as-of", "1"], "--as-of goes with ROUND, not with a table"),
        (
            ["votes.csv", "--order", "a,b", "--distance", "nominal"],
            "--order goes with --distance ordinal or interval",
        ),
        (["votes.csv", "--order", "a,a"], '--order takes different labels with commas between them, not "a,a"'),
    ],
)
def test_options_that_do_not_apply_are_a_usage_error(command: Command, arguments: list[str], error: str) -> None:
    run = command(*arguments)
    assert (run.code, run.out, run.err.splitlines()[0]) == (2, "", f"Error: {error}")


# rounds


def test_what_is_no_table_is_a_round(command: Command, tmp_path: Path) -> None:
    assert command("r") == (
        1,
        "",
        f"Error: {tmp_path.resolve()}: this is not a study: no folder from here upwards has params.yaml\n"
        "Hint: Make one with: goldwire init DIR, then cd DIR, or name one with: goldwire -C DIR ...\n",
    )
    assert command("r.csv") == (1, "", "Error: r.csv: the file is not there\nHint: Check the path.\n")
    a_study(tmp_path, 2)
    run = command("x")
    assert (run.code, run.out) == (1, "")
    assert run.err == (
        f'Error: {tmp_path / "labels/rounds/x/round.yaml"}: there is no round "x"\n'
        "Hint: Rounds: r. Make one with: goldwire labels tasks ROUND --scheme NAME\n"
    )
    write_text(Path("r"), TWO)
    assert command("r").err.startswith(
        "Error: r: tables are .parquet, .csv, .tsv, .jsonl, not a file without an ending"
    )


def test_a_table_of_votes_outside_its_study_is_read_as_one(command: Command, tmp_path: Path) -> None:
    study = a_study(tmp_path, 2)
    pull(study, "r", [Answer(0, A, "2026-03-01", "clear"), Answer(0, B, "2026-03-01", "grey")])
    stages.build(study)
    (tmp_path / "params.yaml").unlink()
    path = str(study.table("votes"))
    found = json.loads(command(path, "--by", "round", "--json").out)["questions"]
    assert found["sky"]["slices"]["round"]["r"]["votes"] == 2
    assert command(path, "--duplicates", "last") == (
        2,
        "",
        "Error: --duplicates goes with a plain table, and this is one of votes\n"
        "Hint: Its scheme and its fold say this.\n",
    )


def test_spans_and_links_stand_below_the_questions(command: Command, tmp_path: Path) -> None:
    study = Study(tmp_path)
    write_text(study.params_file, "seed: 0\neval: {resamples: 100}\n")
    write_text(study.schemes / "little.yaml", little.SCHEME)
    tables.write(little.articles("a"), study.articles)
    write_round(study, "r", little.LITTLE, little.articles("a"), documents(little.articles("a")), blind=True)
    both = [little.annotation(number, who, *little.FULL) for number, who in enumerate(("ann", "bea"), start=1)]
    parts.append(study.rounds / "r" / "pulls", {"round": "r"}, [little.task(1, "a", *both)], [])
    stages.build(study)
    lines = command("r").out.splitlines()
    first = [line.split()[0] if line else "" for line in lines]
    assert lines[first.index("mentions")].split()[:5] == ["mentions", "units", "empty_units", "annotators", "spans"]
    assert lines[first.index("trigger")].split()[:5] == ["trigger", "1", "0", "2", "2"]
    assert lines[first.index("relations")].split()[:5] == ["relations", "units", "empty_units", "annotators", "links"]
    assert lines[first.index("relation")].split()[:5] == ["relation", "1", "0", "2", "2"]
    assert lines[-1] == "round r: blind"
    details = command("r", "--details").out
    for title in ("trigger: per label:", "trigger: unlabelled:", "trigger: attributes:", "relation: per annotator:"):
        assert f"\n{title}\n" in details


def test_a_round_before_and_after_a_part(command: Command, tmp_path: Path) -> None:
    study = a_study(tmp_path, 4)
    pull(study, "r", [Answer(0, A, "2026-03-01", "clear"), Answer(0, B, "2026-03-01", "grey"),
                      Answer(1, A, "2026-03-01", "grey"), Answer(1, B, "2026-03-01", "grey")])  # fmt: skip
    pull(study, "r", [Answer(2, A, "2026-03-02", "clear"), Answer(2, B, "2026-03-02", "clear")], first=5)
    stages.build(study)
    tables = {path: path.read_bytes() for path in study.labels.rglob("*") if path.is_file()}
    run = command("r", "--as-of", "part-00001")
    assert (run.code, run.err) == (0, "")
    lines = run.out.splitlines()
    assert lines[0] == "as of part 1, pulled 2026-03-10T12:00:00Z:"
    assert lines[1].split() == ["question", "units", "annotators", "votes", "ties", "alpha", "kappa", "ac1"]
    assert lines[2].split()[:5] == ["sky", "2", "2", "4", "1"]
    assert "round r: not blind: annotators could see each other's answers" in lines
    after = lines.index("units first answered after part 1:")
    assert lines[after + 2].split()[:5] == ["sky", "1", "2", "2", "0"]
    assert lines[-4:] == [
        "answers given before it, and changed or gone since:",
        "annotator     answers  changed  gone",
        f"{A}        6        0     0",
        f"{B}        6        0     0",
    ]
    assert command("r", "--as-of", "3") == (
        1,
        "",
        f'Error: {study.rounds / "r" / "pulls"}: round r has no part "3"\n'
        "Hint: Parts: part-00001.jsonl to part-00002.jsonl.\n",
    )
    assert json.loads(command("r", "--json").out)["questions"]["sky"]["units"] == 3
    assert {path: path.read_bytes() for path in study.labels.rglob("*") if path.is_file()} == tables
