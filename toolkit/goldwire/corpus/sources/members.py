"""Members of archives: what a listing yields, and which of their names are passed over or not trusted."""

import re
from dataclasses import dataclass

from goldwire.corpus.sources.packed import Broken


@dataclass(frozen=True)
class Member:
    """A file in an archive: its name as it stands there, and the place that `open_member` takes it from.

    `fault` says why it cannot be read, and is None where it can.
    """

    name: str
    start: int = 0
    end: int = 0
    fault: str | None = None


class CutInside(Broken):
    """The archive ends inside the last member that was listed, so that reading this one will say it too."""


_DRIVE = re.compile("[A-Za-z]:")


def hidden(name: str) -> bool:
    """Return whether a file or folder of the name begins with a dot, or is what macOS adds to archives."""
    return any(part == "__MACOSX" or (part.startswith(".") and part not in (".", "..")) for part in _parts(name))


def leads_out(name: str) -> bool:
    """Return whether the name is no place inside the archive: absolute, with a drive, with ``..`` or a NUL."""
    return name.startswith(("/", "\\")) or bool(_DRIVE.match(name)) or ".." in _parts(name) or "\0" in name


def printable(name: str) -> str:
    """Return the name with every character that does not print, or is in no encoding, as U+FFFD."""
    return "".join(character if character.isprintable() else "\ufffd" for character in name)


def _parts(name: str) -> list[str]:
    return re.split(r"[/\\]", name)
