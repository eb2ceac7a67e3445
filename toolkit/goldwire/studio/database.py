"""The empty SQLite database that a new data folder begins with.

Label Studio makes its tables by replaying 261 migrations, 25 s of computing, and then starts in 4 s. So they are
made once for an environment, and copied from there.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from goldwire.files import replacing
from goldwire.studio import settings
from goldwire.studio.address import SQLITE
from goldwire.studio.processes import locked


def provide(python: Path, data: Path, say: Callable[[str], None] | None = None) -> None:
    """Put the empty database into a data folder that has none; where that cannot be, the server makes its own.

    Parameters
    ----------
    python : Path
        The Python of Label Studio's environment.
    data : Path
        The data folder.
    say : callable, optional
        Told when the tables must be made first.
    """
    if (data / SQLITE).exists():
        return
    home = python.parent.parent
    kept = home / "goldwire-empty.sqlite3"
    if os.access(home, os.W_OK):
        with locked(home / "goldwire-empty.lock"):
            if not kept.exists():
                _make(python, kept, say)
    if kept.exists():
        with replacing(data / SQLITE) as temporary:
            shutil.copyfile(kept, temporary)


def _make(python: Path, kept: Path, say: Callable[[str], None] | None) -> None:
    if say:
        say("making the tables of Label Studio (once, about half a minute)")
    with tempfile.TemporaryDirectory() as folder:
        # `version` makes the tables first. While the pipe is open the launcher knows that we live.
        command = [str(python), "-I", str(settings.LAUNCHER), "version"]
        with subprocess.Popen(
            command,
            env=settings.of(Path(folder)),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as made:
            made.wait()
        if made.returncode == 0:
            with replacing(kept) as temporary:
                shutil.copyfile(Path(folder) / SQLITE, temporary)
