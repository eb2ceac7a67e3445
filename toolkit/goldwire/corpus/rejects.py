"""Rejects are kept beside the articles table, so that they can be counted and mended after the import.

``articles.parquet`` has ``articles.rejects.jsonl``: one JSON object a line with file, line and reason, sorted by file
and line. At most `KEPT` are listed; a last line then counts the others by file.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from goldwire import files
from goldwire.corpus.readers.base import Reject
from goldwire.errors import GoldwireError

KEPT = 100_000
"""Rejects that are listed; a file of a million bad lines must not make another such file."""

# What differs between rejects of one kind: what is quoted, what stands in parentheses, numbers.
_QUOTED = re.compile(r'"[^"]*"')
_ASIDE = re.compile(r"\([^()]*\)")
_NUMBER = re.compile(r"(?<![\w-])(?:0x[0-9A-Fa-f]+|\d+(?:[.,]\d+)*)")
_LONGEST_KIND = 120


def path_for(articles: Path) -> Path:
    """Return where the rejects of an articles table stand: articles.parquet has articles.rejects.jsonl beside it."""
    return articles.with_name(f"{articles.stem}.rejects.jsonl")


def record(path: Path, files_read: Iterable[str], rejects: Sequence[Reject]) -> None:
    """Keep the rejects of an import, in place of those that these files had before; those of other files stay.

    Parameters
    ----------
    path : Path
        From `path_for`. When no reject is left, there is no such file afterwards.
    files_read : iterable of str
        The files that were read, also those without a reject, as `Reject.file` names them.
    rejects : sequence of Reject
        What was rejected.

    Raises
    ------
    GoldwireError
        When the file that is there was not written by this function.
    """
    again = {*files_read, *(reject.file for reject in rejects)}
    before, uncounted = _read(path)
    listed = [reject for reject in before if reject.file not in again] + list(rejects)
    listed.sort(key=lambda reject: (reject.file, reject.line or 0, reject.reason))
    more = Counter({file: count for file, count in uncounted.items() if file not in again})
    more.update(reject.file for reject in listed[KEPT:])
    rows: list[dict[str, Any]] = [
        {"file": reject.file, "line": reject.line, "reason": reject.reason} for reject in listed[:KEPT]
    ]
    if more:
        rows.append({"more": dict(sorted(more.items()))})
    if rows:
        files.write_jsonl(path, rows)
    else:
        path.unlink(missing_ok=True)


def read(path: Path) -> list[Reject]:
    """Return the rejects that are kept; none when there is no such file.

    When more were rejected than are kept, a last entry, with an empty file name and no line, says how many.

    Raises
    ------
    GoldwireError
        When the file was not written by `record`.
    """
    listed, more = _read(path)
    if more:
        listed.append(Reject("", None, f"{sum(more.values()):,} more rejects are not listed"))
    return listed


def summary(path: Path) -> dict[str, Any]:
    """Return counts of the rejects that are kept: `rejected`, `kinds`, `files`, most frequent first, and `unlisted`.

    A kind is the reason without what is particular to one record. Rejects that are not listed, `unlisted` of them,
    are counted in `rejected` and `files` and have no kind.
    """
    listed, more = _read(path)
    by_file = Counter(reject.file for reject in listed) + more
    return {
        "rejected": by_file.total(),
        "kinds": _by_count(Counter(kind(reject.reason) for reject in listed)),
        "files": _by_count(by_file),
        "unlisted": more.total(),
    }


def kind(reason: str) -> str:
    """Return a reason without what is particular to one record: `id: "x" has 3 lines` is `id: "…" has N lines`."""
    general = _NUMBER.sub("N", _ASIDE.sub("(…)", _QUOTED.sub('"…"', " ".join(reason.split()))))
    return general if len(general) <= _LONGEST_KIND else f"{general[: _LONGEST_KIND - 1]}…"


def _read(path: Path) -> tuple[list[Reject], Counter[str]]:
    listed: list[Reject] = []
    more: Counter[str] = Counter()
    if not path.exists():
        return listed, more
    for number, row in files.read_jsonl(path):
        match row:
            case {"file": str(file), "line": int() | None as line, "reason": str(reason)}:
                listed.append(Reject(file, line, reason))
            case {"more": dict(counts)} if all(isinstance(count, int) for count in counts.values()):
                more.update(counts)
            case _:
                raise GoldwireError(
                    "the line is no reject: it needs file, line and reason",
                    where=f"{path}:{number}",
                    hint="Remove the file; importing again makes it anew.",
                )
    return listed, more


def _by_count(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
