"""The command line: declarations only. What a command does is in the room of its name.

`main` is the one place where an error becomes a message and an exit code: 0 done, 1 a known failure, 2 usage,
3 a check or a threshold was not met, 130 interrupted, 141 broken pipe, 143 terminated.
"""

import os
import signal
import sys


def main() -> None:
    """Run the command line given in `sys.argv`."""
    from goldwire.cli import output
    from goldwire.cli.app import app
    from goldwire.errors import GoldwireError

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was begun is put away, as after Ctrl-C
    try:
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
