"""The command line: declarations only. What a command does is in the room of its name.

`run` is the one place where an error becomes a message and an exit code: 0 done, 1 a known failure, 2 usage,
3 a check or a threshold was not met, 130 interrupted, 141 broken pipe or closed stdout, 143 terminated.
"""

import atexit
import os
import signal
import sys
from itertools import pairwise


def main() -> None:
    """Be the process of the command line given in `sys.argv`: run it, and end."""
    code: int | str | None = 1  # of an error that nobody expected
    atexit.register(lambda: _leave(code))  # the first one registered is the last one called
    _stand_in_for_closed()
    try:
        run()
        code = 0
    except SystemExit as ended:
        code = ended.code
        raise


def _leave(code: int | str | None) -> None:
    """End at once where Daft is: a thread of its own can abort an interpreter that finalizes (exit code 134)."""
    if "daft" not in sys.modules:
        return
    try:
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "flush"):  # typer puts something else there when a reader has gone
                stream.flush()
    except (OSError, ValueError):  # the interpreter says so as it always does
        return
    os._exit(code if isinstance(code, int) else 0 if code is None else 1)


def _stand_in_for_closed() -> None:
    """Let no file that is opened get the number of a standard stream that is closed, which libraries write to.

    Of a closed stdout Python makes None: what would be printed there ends the command with 141.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    if sys.stdin is None:
        sys.stdin = os.fdopen(0, closefd=False)
    if sys.stderr is None:
        sys.stderr = os.fdopen(2, "w", closefd=False)


def run() -> None:
    """Run the command line given in `sys.argv`; it ends with SystemExit."""
    from goldwire.cli import output
    from goldwire.cli.app import app
    from goldwire.errors import GoldwireError

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was begun is put away, as after Ctrl-C
    try:
        _refuse_empty(sys.argv[1:])
        app(prog_name="goldwire")
    except SystemExit as ended:
        if ended.code in (130, 143):  # at once: Daft aborts where the interpreter waits for its threads
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(int(ended.code))
        raise
    except GoldwireError as error:
        if os.environ.get("GOLDWIRE_DEBUG") == "1":
            raise
        output.error(error)
        sys.exit(error.exit_code)
    except OSError as error:  # a file that may not be read or written, a full disk
        if os.environ.get("GOLDWIRE_DEBUG") == "1":
            raise
        where = None if error.filename is None else str(error.filename)
        output.error(GoldwireError(error.strerror or str(error), where=where))
        sys.exit(GoldwireError.exit_code)


def _refuse_empty(arguments: list[str]) -> None:
    """Refuse an option or argument that is an empty text: as a path it would be the folder that one stands in."""
    from goldwire.errors import UsageError

    for before, one in pairwise(["", *arguments]):
        if one == "":
            named = before if before.startswith("-") and "=" not in before else "an argument"
            raise UsageError(f"{named} is empty", hint="Give it a value, or leave it out.")
        if one.startswith("--") and one.endswith("="):
            raise UsageError(f"{one[:-1]} is empty", hint="Give it a value, or leave it out.")
