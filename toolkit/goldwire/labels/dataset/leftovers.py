"""A dataset folder is replaced whole, and what a build that was killed has left behind goes with the next one."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from goldwire.files import one_at_a_time, replacing_folder


@contextmanager
def building(folder: Path) -> Iterator[Path]:
    """Yield an empty temporary folder that takes the folder's place on success; see `files.replacing_folder`.

    Before that, the leftovers of builds that were killed are removed, and a folder that one of them had moved out of
    the way comes back. A build that is still at work holds a lock on its temporary folder, so it loses nothing.
    """
    with ExitStack() as held, ExitStack() as swapped:
        with one_at_a_time(folder.parent):
            _tidy(folder)
            temporary = swapped.enter_context(replacing_folder(folder))
            descriptor = os.open(temporary, os.O_RDONLY)
            held.callback(os.close, descriptor)  # only after the folders were swapped
            _lock(descriptor)
        yield temporary


def _tidy(folder: Path) -> None:
    name = re.compile(rf"(\.{re.escape(folder.name)}\.[0-9a-f]{{8}})\.(tmp|old)")
    left = sorted(path for path in folder.parent.iterdir() if name.fullmatch(path.name) and path.is_dir())
    alive = {path.stem for path in left if path.suffix == ".tmp" and not _dead(path)}
    for path in left:
        if path.stem in alive:
            continue
        if path.suffix == ".old" and not folder.exists():
            path.rename(folder)
        else:
            shutil.rmtree(path, ignore_errors=True)


def _dead(path: Path) -> bool:
    """Whether no process works on a temporary folder."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:  # it has ended meanwhile
        return False
    try:
        return _lock(descriptor)
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    """Lock a folder until it is closed; return whether it was free: never, on a file system without locks."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
