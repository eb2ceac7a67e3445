"""The search: the files that paths stand for, and the members of archives, each with its reader."""

import os
import stat
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from goldwire.corpus import rejects
from goldwire.corpus.readers import READERS, UNUSABLE, Reader, Reject, by_ending
from goldwire.corpus.readers.base import HEAD
from goldwire.corpus.sources import members, recognise, tars, zips
from goldwire.corpus.sources.items import STDIN, Item, shown
from goldwire.corpus.sources.packed import Broken, packing
from goldwire.corpus.sources.paths import expanded, walk
from goldwire.errors import GoldwireError


@dataclass
class Found:
    """What a search came to.

    `files` are what to read, in order; `rejects` are files and folders that cannot be; `skipped` counts files that
    were passed over, by reason; `warnings` are readers of other packages that cannot be used.
    """

    files: list[Item] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=lambda: [f"{reason}; it is left out" for reason in UNUSABLE.values()])


def find(paths: Sequence[Path], reader: Reader | None, *, but: Path) -> Found:
    """Return the files to read: the paths in the order given, folders walked in the order of their names.

    Patterns are expanded. Archives are listed, in the order of the names in them, and a packed tar in its own order.
    Hidden files and folders are passed over; a folder that a link leads back to is walked once; a folder that is a
    Hugging Face dataset is one item. A file in a folder or an archive that no reader is for is counted in `skipped`
    with the reason; one that was named is a reject.

    Parameters
    ----------
    paths : sequence of Path
        Files, folders, patterns, or ``-`` for standard input.
    reader : Reader or None
        For every file; None lets its content tell, and its name after that.
    but : Path
        The table that is written, which may lie in a folder that is read. So may its rejects.

    Raises
    ------
    GoldwireError
        When a path is not there, or no path matches a pattern.
    """
    written = (path.stat() for path in (but, rejects.path_for(but)) if path.exists())
    search = _Search(reader, frozenset((status.st_dev, status.st_ino) for status in written))
    for path in paths:
        if path == STDIN:
            search.add(path, None, (reader or READERS["jsonl"]).name)
            continue
        for one in expanded(path):
            if one.is_dir():
                search.folder(one)
            elif os.path.lexists(one):
                search.file(one, named=True)
            else:
                raise GoldwireError("the path is not there", where=str(one), hint="Check the spelling.")
    return search.found


@dataclass
class _Search:
    """A search and what it has found so far."""

    reader: Reader | None
    ours: frozenset[tuple[int, int]]  # device and inode of files that an import writes itself
    found: Found = field(default_factory=Found)

    def add(self, path: Path, member: str | None, reader: str, start: int = 0, end: int | None = None) -> None:
        self.found.files.append(Item(path, member, reader, shown(path, member), start, end))

    def reject(self, path: Path, member: str | None, reason: str) -> None:
        self.found.rejects.append(Reject(shown(path, member), None, reason))

    def folder(self, top: Path) -> None:
        def unreadable(error: OSError) -> None:
            self.reject(Path(error.filename), None, f"folder: cannot be read: {error.strerror}")

        whole = "dataset" in READERS and (self.reader is None or self.reader.name == "dataset")
        for path in walk(top, datasets=whole, unreadable=unreadable):
            if path.is_dir():
                self.add(path, None, "dataset")
            else:
                self.file(path, named=False)

    def file(self, path: Path, *, named: bool) -> None:
        """Take a file, or what is in it."""
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                self._special(path, named=named)
                return
            if not named and (status.st_dev, status.st_ino) in self.ours:
                return
            with path.open("rb", buffering=0) as file:
                raw = file.read(HEAD)
        except OSError:
            self._take(path, None, None, named=named)  # opening it will say what is wrong
            return
        if recognise.is_zip(raw, path.name):
            self._archive(path, tar=False)
            return
        packed = packing(raw) is not None
        head = Item(path, None, "", "").head() if packed else raw
        if head is not None and tars.is_tar(head):
            self._archive(path, tar=True, packed=packed)
        elif packed and head is not None and _is_archive(head, path.name):
            self.reject(path, None, _TWICE)
        else:
            self._take(path, None, head, named=named)

    def _special(self, path: Path, *, named: bool) -> None:
        """Take a pipe that was named, whose content cannot be looked at without being lost."""
        if not named:
            self.found.skipped["not a regular file"] += 1
        elif chosen := self.reader or by_ending(path.name):
            self.add(path, None, chosen.name)
        else:
            self.reject(path, None, "format: is not a regular file; name one with --format")

    def _take(self, path: Path, member: members.Member | None, head: bytes | None, *, named: bool) -> None:
        """Take a file or a member by its first bytes; they are None where it cannot be opened."""
        name = None if member is None else member.name
        file = path.name if name is None else PurePath(name.replace("\\", "/")).name
        chosen: Reader | str | None = self.reader
        if head == b"" and (named or chosen or by_ending(recognise.unpacked_name(file))):
            chosen = "file: is empty"
        elif chosen is None:
            chosen = by_ending(recognise.unpacked_name(file)) if head is None else recognise.reader(head, file)
        match chosen:
            case Reader():
                place = (0, None) if member is None else (member.start, member.end)
                self.add(path, name, chosen.name, *place)
            case str():
                self.reject(path, name, chosen)
            case None if named:
                ending = recognise.ending(file)
                self.reject(path, None, f"format: no reader is for {ending}; name one with --format")
            case None:
                self.found.skipped[f"no reader for {recognise.ending(file)}"] += 1

    def _archive(self, path: Path, *, tar: bool, packed: bool = False) -> None:
        """Take the members of an archive that are wanted, and say what is wrong with the others."""
        before, listed, taken = len(self.found.files), False, False
        try:
            for member in tars.members(path) if tar else zips.members(path):
                listed, files = True, len(self.found.files)
                self._member(path, member)
                taken = len(self.found.files) > files
        except members.CutInside as fault:
            if not taken:
                self.reject(path, None, f"file: {fault}")
        except Broken as fault:
            self.reject(path, None, f"file: {fault}")
        except OSError as fault:
            self.reject(path, None, f"file: cannot be read: {fault.strerror or fault}")
        else:
            if not listed:
                self.reject(path, None, "file: is an archive without files")
        if not packed:  # else going back would mean to unpack it from the beginning
            self.found.files[before:] = sorted(self.found.files[before:], key=lambda item: item.member or "")

    def _member(self, path: Path, member: members.Member) -> None:
        if members.leads_out(member.name):
            self.reject(path, member.name, "name: leads out of the archive")
        elif members.hidden(member.name):
            return
        elif member.fault is None:
            head = Item(path, member.name, "", "", member.start, member.end).head()
            if head is not None and _is_archive(head, member.name):
                self.reject(path, member.name, _TWICE)
            else:
                self._take(path, member, head, named=False)
        elif self.reader or by_ending(recognise.unpacked_name(member.name)):
            self.reject(path, member.name, f"file: {member.fault}")
        else:
            self.found.skipped[f"no reader for {recognise.ending(member.name)}"] += 1


_TWICE = "file: is packed more than once; unpack it first"


def _is_archive(head: bytes, name: str) -> bool:
    return recognise.is_zip(head, name) or packing(head) is not None or tars.is_tar(head)
