"""Annotators: who is behind which pseudonym. The only file with people in it is labels/annotators.csv."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from goldwire.errors import GoldwireError
from goldwire.files import one_at_a_time, replacing

_HEADER = ["email", "pseudonym"]
_ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+")
_PSEUDONYM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")  # it stands in round.yaml, in marks and in filters
_NUMBER = re.compile(r"user-\d+(@project-\d+)?|former-member-\d+(@.+:\d+)?")
_HEADER_HINT = "The first line is: email,pseudonym"
_UTF8_HINT = "Save it as UTF-8."


@dataclass
class Pseudonyms:
    """The pseudonyms of a study. Made with `read`; a new one is on disk before `of` returns it.

    Parameters
    ----------
    path : Path
        labels/annotators.csv, which git and DVC ignore.
    known : dict of str to str
        E-mail address in lower case -> pseudonym. Or, of who is known by number only, `numbered` or `former`.
    """

    path: Path
    known: dict[str, str]

    def of(self, email: str) -> str:
        """Return the stored pseudonym of an address, or give it the next free one: annotator-01, annotator-02, ..."""
        email = email.strip().lower()
        if email not in self.known:
            with one_at_a_time(self.path.parent):  # another pull may have named somebody meanwhile
                grown = {**self.known, **read(self.path).known}
                if email not in grown:
                    grown[email] = _next(grown)
                    write(self.path, grown)
                self.known = grown
        return self.known[email]


def numbered(number: int, project: int) -> str:
    """Return what stands for the address of somebody whom an export names by number, ``user-7@project-12``."""
    return f"user-{number}@project-{project}"


def former(number: int, host: str, port: int) -> str:
    """Return what stands for the address of somebody who is no member of a server any more,
    ``former-member-7@label-studio.example.org:443``."""
    return f"former-member-{number}@{host}:{port}"


def is_person(key: str) -> bool:
    """Whether what stands under email in annotators.csv is to be a person's address, and no number of an account."""
    return not _NUMBER.fullmatch(key.strip().lower())


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
                raise GoldwireError(f"the columns are not {', '.join(_HEADER)}", where=f"{path}:1", hint=_HEADER_HINT)
            for row in rows:
                if row:
                    _add(known, row, f"{path}:{rows.line_num}")
    except UnicodeDecodeError:
        raise GoldwireError("the file is not UTF-8", where=str(path), hint=_UTF8_HINT) from None
    return Pseudonyms(path, known)


def listed(path: Path, known: Mapping[str, str]) -> dict[str, str]:
    """Return the people of a list who are not in `known` yet, address -> pseudonym; nothing is written.

    Parameters
    ----------
    path : Path
        CSV, or TSV by its ending, with a header: email, and pseudonym where it is not to be the next free one. Lines
        that say what is known already are passed over.
    known : mapping of str to str
        Address in lower case -> pseudonym.

    Raises
    ------
    GoldwireError
        When the header or a field is wrong, or lines clash with each other or with what is known; all of them are
        named by line.
    """
    rows = _rows(path)
    columns = [column.strip().lower() for column in next(rows, (0, []))[1]]
    if sorted(columns) not in (["email"], _HEADER):
        raise GoldwireError(
            "the columns are not email, or email and pseudonym", where=f"{path}:1", hint="Give the file a header."
        )
    found: dict[str, str] = {}
    wrong: list[str] = []
    nameless: list[str] = []
    for number, fields in rows:
        row = dict(zip(columns, (field.strip() for field in fields), strict=False))
        email, who = row.get("email", "").lower(), row.get("pseudonym", "")
        if len(fields) != len(columns):
            wrong.append(f"{path}:{number}: the line has {len(fields)} fields, not {len(columns)}")
        elif problem := _problem(email, who, known, found):
            wrong.append(f"{path}:{number}: {problem}")
        elif email not in known:
            found[email] = who
            nameless += [] if who else [email]
    if wrong:
        raise GoldwireError("\n".join(wrong), hint="Mend these lines; nothing was written.")
    for email in nameless:
        found[email] = _next({**known, **found})
    return found


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.reader(stream, delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
            for row in rows:
                if row:
                    yield rows.line_num, row
    except (FileNotFoundError, IsADirectoryError):
        raise GoldwireError(
            "the file is not there", where=str(path), hint="Give the path of a CSV or TSV file."
        ) from None
    except UnicodeDecodeError:
        raise GoldwireError("the file is not UTF-8", where=str(path), hint=_UTF8_HINT) from None


def _problem(email: str, who: str, known: Mapping[str, str], found: Mapping[str, str]) -> str | None:
    """Say what is wrong with a line of a list, without its address."""
    if not _ADDRESS.fullmatch(email) or not is_person(email):
        return "the e-mail address is not one"
    if email in found:
        return "the address stands twice in the list"
    if email in known:
        return f"the address has the pseudonym {known[email]} already" if who not in ("", known[email]) else None
    if not who:
        return None
    if not _PSEUDONYM.fullmatch(who):
        return f'"{who}" is no pseudonym: it is letters, digits, . _ and -'
    if who.lower() in {other.lower() for other in [*known.values(), *found.values()]}:
        return f"somebody else has the pseudonym {who}, capitals aside"
    return None


def _next(known: Mapping[str, str]) -> str:
    taken = {who.lower() for who in known.values()}
    number = len([who for who in known.values() if who]) + 1
    while f"annotator-{number:02}" in taken:
        number += 1
    return f"annotator-{number:02}"


def _add(known: dict[str, str], row: list[str], where: str) -> None:
    fields = [field.strip() for field in row]
    if len(fields) != len(_HEADER) or not all(fields):
        raise GoldwireError(
            "the line is not an address and a pseudonym",
            where=where,
            hint="Give it both, with a comma between, or remove it.",
        )
    email, pseudonym = fields[0].lower(), fields[1]
    if email in known:
        raise GoldwireError("the address stands twice", where=where, hint="Remove one of the lines.")
    if pseudonym in known.values():
        raise GoldwireError(f"two addresses have the pseudonym {pseudonym}", where=where, hint="Change one of them.")
    known[email] = pseudonym


def write(path: Path, known: dict[str, str]) -> None:
    """Write annotators.csv, atomically, in the order of `known`. Who writes holds the lock of its folder."""
    for left in path.parent.glob(f".{path.name}.*.tmp"):  # of a writer that was killed, with addresses in it
        left.unlink(missing_ok=True)
    try:
        with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as stream:
            rows = csv.writer(stream, lineterminator="\n")
            rows.writerows([_HEADER, *known.items()])
    except OSError as error:
        raise GoldwireError(
            f"the file cannot be written ({error.strerror}), and what was in it is not lost",
            where=str(path),
            hint="Make room, then do it again.",
        ) from None
