"""Plain text: one article a file, in UTF-8. It has no title, unless the first line is said to be one."""

from collections.abc import Iterator
from pathlib import PurePath

from goldwire.corpus.readers.base import Reader, Record, Reject, Source, decoded, undecoded


def read(source: Source) -> Iterator[Record | Reject]:
    """Yield the file as one record with `text`, `file` and, for ``title="first-line"``, `title`.

    A file of one line is all text, also where the first line is to be the title.
    """
    with decoded(source.stream) as stream:
        text = stream.read()
    if problem := undecoded(text):
        yield Reject(source.file, text.count("\n", 0, _first_bad(text)) + 1, f"text: {problem}")
        return
    fields = {"text": text, "file": PurePath(source.file).name}
    if source.title == "first-line":
        title, _, body = text.lstrip().partition("\n")
        if body.strip():
            fields |= {"title": title, "text": body}
    yield Record(fields, source.file, 1)


def _first_bad(text: str) -> int:
    return next(index for index, character in enumerate(text) if "\ud800" <= character <= "\udfff")


READER = Reader("txt", (".txt",), read)
