"""Every command is documented, answers fast, and fails with one message and the right exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from goldwire.cli.reference import commands, reference

ROOT = Path(__file__).parents[2]
COMMANDS = dict(commands())


def goldwire(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does, in a process of its own, without a server in the environment."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("LABEL_STUDIO", "GOLDWIRE_DEBUG"))}
    return subprocess.run(
        [sys.executable, "-m", "goldwire", *arguments],
        cwd=cwd,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_reference_is_what_the_help_texts_say() -> None:
    written = (ROOT / "COMMANDS.md").read_text(encoding="utf-8")
    assert written == reference() + "\n", "run: make reference"


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help_and_every_leaf_an_example(command: str) -> None:
    text = COMMANDS[command]
    assert text.startswith(f"Usage: {command} ")
    is_group = any(other.startswith(f"{command} ") for other in COMMANDS)
    assert is_group or f"Example: {command}" in text


def test_no_command_is_called_without_arguments_and_prints_a_traceback(tmp_path: Path) -> None:
    for command in COMMANDS:
        if command == "goldwire demo":  # needs no arguments: it starts a server
            continue
        run = goldwire(*command.split()[1:], cwd=tmp_path)
        assert "Traceback" not in run.stderr, command
        assert run.returncode in {0, 1, 2, 3}, command


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            ["labels", "build"],
            1,
            "Error: {cwd}: this is not a study: no folder from here upwards has params.yaml\n"
            "Hint: Make one with: goldwire init DIR, then cd DIR, or name one with: goldwire -C DIR ...\n",
        ),
        (["-C", "nowhere", "doctor"], 1, "Error: nowhere: cannot be entered: No such file or directory\n"),
        (
            ["corpus", "import", "x.txt", "--map", "title", "-o", "a.parquet"],
            2,
            'Error: --map takes FIELD=COLUMN, not "title"\n',
        ),
        (
            ["labels", "agreement", "votes.csv"],
            1,
            "Error: votes.csv: the file is not there\nHint: Make it with: goldwire labels build\n",
        ),
        (
            ["eval", "score", "gold.csv"],
            2,
            "Error: GOLD needs PREDICTIONS beside it\nHint: goldwire eval score GOLD PREDICTIONS\n",
        ),
        (
            ["labels", "gold", "-o", "gold.csv"],
            2,
            "Error: --output goes with VOTES, a table of one's own\nHint: Name the table, or leave it out.\n",
        ),
        (
            ["labels", "agreement", "--label", "stance"],
            2,
            "Error: --label goes with VOTES, a table of one's own\nHint: Name the table, or leave it out.\n",
        ),
        (
            ["eval", "score", "--metric", "mcc"],
            2,
            "Error: --metric goes with GOLD and PREDICTIONS\nHint: Name what it goes with, or leave it out.\n",
        ),
        (
            ["labels", "scheme", "new", "a\\q"],
            1,
            "Error: a\\q.yaml:1: name: String should match pattern '^[a-z][a-z0-9]*(-[a-z0-9]+)*$'\n"
            "Hint: Mend the scheme, then check it with: goldwire labels scheme validate FILE\n",
        ),
        (
            ["labels", "scheme", "new", "mine", "-o", "/dev/null"],
            1,
            "Error: /dev/null: a file is in the way: a folder of this name is written to\n"
            "Hint: Move it away, and run again.\n",
        ),
        (
            ["labels", "scheme", "show", "nothing"],
            1,
            'Error: there is no scheme "nothing"\n'
            "Hint: Shipped: event-acled, event-cameo, event-muc4, event-plover, stance-actors, stance-headline, "
            "stance-target. Make your own with: goldwire labels scheme new NAME\n",
        ),
    ],
)
def test_an_error_is_one_message_a_hint_and_a_code(
    tmp_path: Path, arguments: list[str], code: int, message: str
) -> None:
    run = goldwire(*arguments, cwd=tmp_path)
    assert (run.returncode, run.stdout) == (code, "")
    assert run.stderr == message.replace("{cwd}", str(tmp_path.resolve()))


def test_gold_and_agreement_take_the_same_columns_by_default(tmp_path: Path) -> None:
    for unit, annotator in (("unit_id", "annotator"), ("task", "worker")):
        (tmp_path / "votes.csv").write_text(f"{unit},{annotator},label\n1,a,x\n1,b,x\n2,a,y\n2,b,x\n")
        measured = json.loads(goldwire("labels", "agreement", "votes.csv", "--json", cwd=tmp_path).stdout)
        decided = json.loads(goldwire("labels", "gold", "votes.csv", "--json", cwd=tmp_path).stdout)
        assert (measured["units"], measured["ties"]) == (decided["rows"], decided["ties"]) == (2, 1)


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    run = goldwire("labels", "build", cwd=tmp_path, GOLDWIRE_DEBUG="1")
    assert run.returncode == 1
    assert "Traceback" in run.stderr


def test_a_reader_that_goes_away_ends_the_command_with_141(tmp_path: Path) -> None:
    gone = "{ exec <&-; sleep 5; }"
    command = f"{sys.executable} -m goldwire labels scheme print event-plover | {gone}; echo ${{PIPESTATUS[0]}}"
    run = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("141\n", "")


@pytest.mark.parametrize(
    ("closed", "said"), [(">&-", "141\n"), (">&- 2>&-", "141\n"), (">&- <&-", "141\n"), ("2>&- >/dev/null", "0\n")]
)
def test_closed_streams_end_the_command_without_a_traceback(tmp_path: Path, closed: str, said: str) -> None:
    command = f"({sys.executable} -m goldwire labels scheme print event-plover {closed}); echo $?"
    run = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == (said, "")


def test_remarks_do_not_come_among_the_data_where_stderr_is_closed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,label\n1,a\n2,b\n")
    command = f"{sys.executable} -m goldwire eval score a.csv a.csv --json 2>&-"
    run = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert json.loads(run.stdout)["n"] == 2


def test_files_do_not_get_the_number_of_a_closed_stream() -> None:
    code = "import os; from goldwire import cli; cli._stand_in_for_closed(); print(os.open('/dev/null', 0) > 2)"
    run = subprocess.run(
        ["bash", "-c", f'{sys.executable} -c "{code}" <&- 2>&-'], capture_output=True, text=True, check=True
    )
    assert run.stdout == "True\n"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["eval", "report", "--latex", ""], "--latex"),
        (["eval", "report", "--latex="], "--latex"),
        (["eval", "predict", "m", "a.jsonl", "-o", ""], "-o"),
        (["corpus", "import", ""], "an argument"),
        (["eval", "score", "--seed=1", ""], "an argument"),
    ],
)
def test_an_empty_value_is_usage_and_not_the_folder_here(tmp_path: Path, arguments: list[str], named: str) -> None:
    run = goldwire(*arguments, cwd=tmp_path)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == f"Error: {named} is empty\nHint: Give it a value, or leave it out.\n"
    assert list(tmp_path.iterdir()) == []


def test_version_and_init_and_doctor(tmp_path: Path) -> None:
    assert goldwire("--version", cwd=tmp_path).stdout == "0.1.0\n"
    made = goldwire("init", "s", cwd=tmp_path)
    assert made.returncode == 0
    assert made.stdout == "cd s && git init && dvc init\ngoldwire corpus import YOUR_ARTICLES\n"
    doctor = goldwire("doctor", cwd=tmp_path / "s")
    assert doctor.returncode == 0
    assert "not applicable  because LABEL_STUDIO_URL is not set" in doctor.stdout
    (tmp_path / "s" / "params.yaml").write_text("sed: 1\n")
    doctor = goldwire("doctor", cwd=tmp_path / "s")
    assert doctor.returncode == 3
    assert "sed: Extra inputs are not permitted" in doctor.stdout
