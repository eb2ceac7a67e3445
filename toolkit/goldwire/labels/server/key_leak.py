"""Whether the server's key stands in a file of the study, from where it would be shared with the study."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

MIN_LENGTH = 16  # what is shorter is no key, and would be found everywhere
_PIECE = 1 << 20


def leaks(root: Path, key: str) -> list[str]:
    """Return ``file:line`` of the text files that hold the key: the first line in each.

    Looked through is what git tracks or would add; without git, every file whose name and folders do not begin with
    a dot. Files with a NUL byte in their first MiB are not text.

    Parameters
    ----------
    root : Path
        The study's folder.
    key : str
        MIN_LENGTH characters at least.
    """
    wanted = key.encode()
    found = []
    for path in _files(root):
        if line := _line_of(path, wanted):
            found.append(f"{path.relative_to(root).as_posix()}:{line}")
    return found


def git(root: Path, *arguments: str) -> "subprocess.CompletedProcess[bytes] | None":
    """Run git in a folder; None where it is not installed. It returns 128 outside a repository."""
    try:
        return subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False)
    except OSError:
        return None


def _files(root: Path) -> list[Path]:
    listed = git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if listed and listed.returncode == 0:
        paths = {root / name.decode("utf-8", "surrogateescape") for name in listed.stdout.split(b"\0") if name}
    else:
        paths = set(_walk(root))
    return sorted(path for path in paths if path.is_file() and not path.is_symlink())


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)
        else:
            yield path


def _line_of(path: Path, wanted: bytes) -> int:
    """Return the number of the first line that has it, 0 when none does. A long line is not held whole."""
    lines, tail, first = 1, b"", True
    try:
        with path.open("rb") as stream:
            while piece := stream.read(_PIECE):
                if first and b"\0" in piece:
                    return 0
                first = False
                window = tail + piece
                if (place := window.find(wanted)) >= 0:
                    return lines + window[:place].count(b"\n")
                tail = window[len(window) - len(wanted) + 1 :] if len(window) >= len(wanted) else window
                lines += window[: len(window) - len(tail)].count(b"\n")
    except OSError:  # it may not be read, so nobody else reads it from here either
        return 0
    return 0
