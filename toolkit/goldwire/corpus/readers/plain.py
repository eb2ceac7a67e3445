"""Plain text: one article a file. It has no title, unless the first line is said to be one."""

from collections.abc import Iterator
from pathlib import PurePath

from goldwire.corpus.readers.base import LONGEST, TOO_LONG, Reader, Record, Reject, Source
from goldwire.corpus.readers.encoding import decoded


def whole(source: Source) -> Iterator[tuple[str, dict[str, str]] | Reject]:
    """Yield the text of a file that is one article, and the columns `file` and, where it is not UTF-8, `encoding`."""
    with decoded(source.stream) as found:
        text = found.stream.read(LONGEST + 1)
    if len(text) > LONGEST:
        yield Reject(source.file, source.first_line, f"text: {TOO_LONG}")
    elif problem := found.problem(text):
        yield Reject(source.file, source.first_line + text.count("\n", 0, _first_bad(text)), f"text: {problem}")
    else:
        yield text, {"file": PurePath(source.file).name, **found.fields()}


def read(source: Source) -> Iterator[Record | Reject]:
    """Yield the file as one record with `text`, `file` and, for ``title="first-line"``, `title`.

    A file of one line is all text, also where the first line is to be the title. Where the file is not UTF-8,
    `encoding` is the one that was found; see `goldwire.corpus.readers.encoding`.
    """
    for item in whole(source):
        if isinstance(item, Reject):
            yield item
            continue
        text, fields = item
        columns = {"text": text, **fields}
        if source.title == "first-line":
            title, _, body = text.lstrip().partition("\n")
            if body.strip():
                columns |= {"title": title, "text": body}
        yield Record(columns, source.file, source.first_line)


def _first_bad(text: str) -> int:
    return next(index for index, character in enumerate(text) if "\udc00" <= character <= "\udcff")


READER = Reader("txt", (".txt",), read)
