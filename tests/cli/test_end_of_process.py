"""How the process ends: where Daft is, without the interpreter's last steps, which a thread of Daft can abort."""

import subprocess
import sys

import pytest

CODE = """
import atexit, os, sys
{first}
import goldwire.cli

class Last:
    def __init__(self):
        self.write = os.write

    def __del__(self):
        self.write(2, b"finalized\\n")

def run(own=goldwire.cli.run):
    atexit.register(os.write, 2, b"put away\\n")
    own()

last = Last()
goldwire.cli.run = run
sys.argv = ["goldwire", *{words!r}]
goldwire.cli.main()
"""


def ended(first: str, *words: str) -> tuple[int, str, list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(first=first, words=words)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr.splitlines()


def test_without_daft_the_interpreter_finalizes() -> None:
    code, out, said = ended("", "--version")
    assert (code, out.strip() != "", said) == (0, True, ["put away", "finalized"])


@pytest.mark.parametrize(("words", "code"), [(["--version"], 0), (["no-such"], 2), (["-C", "/nowhere", "doctor"], 1)])
def test_with_daft_what_was_begun_is_put_away_and_the_code_stays(words: list[str], code: int) -> None:
    got, _, said = ended("import daft", *words)
    assert got == code
    assert said[-1] == "put away"
    assert ended("", *words)[0] == code


def test_an_error_that_nobody_expected_keeps_its_traceback_and_code() -> None:
    first = "import daft, goldwire.cli\ngoldwire.cli.run = lambda: 1 / 0"
    got, _, said = ended(first)
    assert (got, said[-2:]) == (1, ["ZeroDivisionError: division by zero", "put away"])
