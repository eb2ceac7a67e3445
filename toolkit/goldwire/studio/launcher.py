"""Runs Label Studio, and stops it when its starter dies before the server was up.

This file is a script for the interpreter of Label Studio's own environment, so it imports nothing of goldwire.
The starter holds the other end of standard input: it writes one byte once the server answers. An end of file
before that byte means that the starter is gone, by Ctrl-C, a crash or even SIGKILL.
"""

import gc
import os
import sys
import threading


def _follow_starter() -> None:
    if os.read(0, 1) == b"":
        os._exit(1)


if __name__ == "__main__":
    os.setsid()  # a session of its own: Ctrl-C in the terminal does not reach it
    threading.Thread(target=_follow_starter, daemon=True).start()
    gc.set_threshold(100_000, 20, 20)  # making the tables takes a fifth less time with a lazy collector
    from label_studio.server import main  # type: ignore[import-not-found]

    sys.argv[0] = "label-studio"
    sys.exit(main())
