"""What the tests of sources share: files and archives written for the test, and what a search finds in them."""

import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from goldwire.corpus.readers import by_name
from goldwire.corpus.sources import Broken, Found, find


def _search(*paths: Path, format_: str | None = None, but: Path = Path("/nowhere/articles.parquet")) -> Found:
    return find(paths, None if format_ is None else by_name(format_), but=but)


@pytest.fixture(scope="session")
def search() -> Callable[..., Found]:
    return _search


@pytest.fixture(scope="session")
def put() -> Callable[..., Path]:
    """Write a file, by default a text of one line."""

    def put(path: Path, content: bytes = b"The council of Lunde met on Monday.\n") -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    return put


@pytest.fixture(scope="session")
def told() -> Callable[[Found, Path], list[tuple[str, str]]]:
    """The items by their names below a folder, and their readers."""
    return lambda found, top: [(str(item.path.relative_to(top)), item.reader) for item in found.files]


@pytest.fixture(scope="session")
def contents() -> Callable[[Found], list[tuple[str, str, bytes]]]:
    """Every item's name, reader and bytes."""

    def contents(found: Found) -> list[tuple[str, str, bytes]]:
        read = []
        for item in found.files:
            with item.open() as stream:
                read.append((item.name, item.reader, stream.read()))
        return read

    return contents


@pytest.fixture(scope="session")
def broken() -> Callable[[Path], tuple[bytes, str]]:
    """The lines of the only item before the fault, and the fault."""

    def broken(path: Path) -> tuple[bytes, str]:
        found = _search(path)
        assert (found.rejects, len(found.files)) == ([], 1)
        lines = []
        with found.files[0].open() as stream, pytest.raises(Broken, match=r".") as raised:
            for line in stream:
                lines.append(line)
        return b"".join(lines), str(raised.value)

    return broken


@pytest.fixture(scope="session")
def rejects() -> Callable[[Found], list[tuple[str, str]]]:
    """The names and reasons of the rejects, none of which has a line."""

    def rejects(found: Found) -> list[tuple[str, str]]:
        assert all(reject.line is None for reject in found.rejects)
        return [(Path(reject.file).name, reject.reason) for reject in found.rejects]

    return rejects


@pytest.fixture(scope="session")
def add() -> Callable[..., None]:
    """Add a member to a tar."""

    def add(archive: tarfile.TarFile, name: str, content: bytes, **fields: object) -> None:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        for key, value in fields.items():
            setattr(info, key, value)
        archive.addfile(info, io.BytesIO(content))

    return add


@pytest.fixture(scope="session")
def zipped() -> Callable[..., Path]:
    """Write a zip."""

    def zipped(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
        with zipfile.ZipFile(path, "w", method) as archive:
            for name, content in members.items():
                archive.writestr(zipfile.ZipInfo(name), content, method)
        return path

    return zipped
