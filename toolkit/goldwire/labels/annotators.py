"""Annotators: who is behind which pseudonym. The only file with people in it is labels/annotators.csv."""

import csv
from dataclasses import dataclass
from pathlib import Path

from goldwire.errors import GoldwireError
from goldwire.files import replacing

_HEADER = ["email", "pseudonym"]


@dataclass
class Pseudonyms:
    """The pseudonyms of a study. Made with `read`; a new one is on disk before `of` returns it.

    Parameters
    ----------
    path : Path
        labels/annotators.csv, which git and DVC ignore.
    known : dict of str to str
        E-mail address in lower case -> pseudonym.
    """

    path: Path
    known: dict[str, str]

    def of(self, email: str) -> str:
        """Return the stored pseudonym of an address, or give it the next free one: annotator-01, annotator-02, ..."""
        email = email.strip().lower()
        if email not in self.known:
            taken = set(self.known.values())
            number = len(taken) + 1
            while f"annotator-{number:02}" in taken:
                number += 1
            grown = {**self.known, email: f"annotator-{number:02}"}
            write(self.path, grown)
            self.known = grown
        return self.known[email]


def read(path: Path) -> Pseudonyms:
    """Read annotators.csv (columns email, pseudonym); a missing file is an empty one.

    Raises
    ------
    GoldwireError
        When the columns are others, a field is empty, or an address or a pseudonym stands twice.
    """
    if not path.exists():
        return Pseudonyms(path, {})
    known: dict[str, str] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.reader(stream)
            if next(rows, []) != _HEADER:
                raise GoldwireError(f"the columns are not {', '.join(_HEADER)}", where=f"{path}:1")
            for row in rows:
                if row:
                    _add(known, row, f"{path}:{rows.line_num}")
    except UnicodeDecodeError:
        raise GoldwireError("the file is not UTF-8", where=str(path)) from None
    return Pseudonyms(path, known)


def _add(known: dict[str, str], row: list[str], where: str) -> None:
    fields = [field.strip() for field in row]
    if len(fields) != len(_HEADER) or not all(fields):
        raise GoldwireError("the line is not an address and a pseudonym", where=where)
    email, pseudonym = fields[0].lower(), fields[1]
    if email in known:
        raise GoldwireError("the address stands twice", where=where, hint="Remove one of the lines.")
    if pseudonym in known.values():
        raise GoldwireError(f"two addresses have the pseudonym {pseudonym}", where=where, hint="Change one of them.")
    known[email] = pseudonym


def write(path: Path, known: dict[str, str]) -> None:
    """Write annotators.csv, atomically, in the order of `known`."""
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerows([_HEADER, *known.items()])
