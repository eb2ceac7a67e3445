"""A small disk, where this may be mounted; tests do without elsewhere."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SIZE = 1 << 20
_PAGE = os.sysconf("SC_PAGE_SIZE")


@contextlib.contextmanager
def mounted(folder: Path) -> Iterator[None]:
    """Have a tmpfs of SIZE bytes at the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)], check=True, capture_output=True
    )
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)


@cache
def mountable(folder: Path) -> bool:
    """Whether we may mount: root may, but not in every container."""
    try:
        with mounted(folder):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


@contextlib.contextmanager
def filled(folder: Path, pages: int) -> Iterator[None]:
    """Fill the disk of the folder but for some pages (of 4 KiB, mostly)."""
    filler = folder / "filler"
    status = os.statvfs(folder)
    with filler.open("wb") as stream:
        stream.write(bytes(max(0, status.f_bavail * status.f_frsize - pages * _PAGE)))
    try:
        yield
    finally:
        filler.unlink()
