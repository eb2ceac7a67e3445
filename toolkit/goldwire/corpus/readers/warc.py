"""WARC: the pages and texts of a web archive (ISO 28500), plain or gzip'd, one record at a time.

warcio (Kreymer 2013) finds the records; how much of each is read, and unpacked, is bounded here.
"""

import gzip
import zlib
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, BinaryIO, TypeVar

from goldwire.corpus.readers import html
from goldwire.corpus.readers.base import LONGEST, Reader, Record, Reject, Source

_GZIP = b"\x1f\x8b"
_HEADERS = 1_000_000  # bytes of a record that are no payload; a file of one endless line must not fill the memory
_BLOCK = 65_536
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_REST = "it is not read from there on"
_TOO_LARGE = f"payload: is larger than {LONGEST:,} bytes"

_T = TypeVar("_T")


def read(source: Source) -> Iterator[Record | Reject]:
    """Yield a record for every page and plain text; the line is the number of the WARC record, counted from 1.

    Read are responses with status 200, and resource and conversion records, of HTML or plain text. A page gives the
    columns of `goldwire.corpus.readers.html.extract`, a text gives `text`. Both have `url` (the target), `fetched_at`
    and `warc_record_id`; a payload that the crawler cut short has `warc_truncated` with the cause. Other records are
    passed over. An archive that ends within a record gives what stands before it, then a reject.
    """
    from warcio.archiveiterator import WARCIterator

    stream = _Bounded(source.stream)
    records = WARCIterator(stream)
    records.reader.set_decomp(None)  # `_Bounded` unpacks, and says when it cannot
    records.INC_RECORD = ""  # warcio would print it
    number = 0
    while True:
        number += 1
        taken = _tried(stream, lambda: _next(records, stream))
        if taken is None:
            if number == 1:
                yield Reject(source.file, None, "file: has no WARC record")
            return
        if isinstance(taken, str):
            yield Reject(source.file, number, f"file: {taken}")
            return
        record, kind, payload = taken
        odd = records.err_count
        after = _tried(stream, records.read_to_end)
        if records.err_count > odd:
            reason = f"file: has a record that is not as long as its Content-Length says; {_REST}"
            yield Reject(source.file, number, reason)
            return
        if kind is not None:
            yield _item(record, kind, payload, source.file, number)
        if after is not None:
            yield Reject(source.file, number + 1, f"file: {after}")
            return


def _next(records: Any, stream: "_Bounded") -> tuple[Any, "_Kind | None", bytes | str] | None:
    """Return the next record, what it is, and its payload; None at the end of the archive."""
    record = next(records, None)
    if record is None:
        return None
    if not str(record.rec_headers.get_header("Content-Length")).strip().isdecimal():
        raise _Broken("has a Content-Length that is no number")
    stream.allow(None)
    kind = _kind(record)
    payload = b"" if kind is None else _payload(record)
    while record.raw_stream.read(_BLOCK):
        pass
    if record.raw_stream.limit:
        raise _Broken("ends within a record")
    return record, kind, payload


def _tried(stream: "_Bounded", step: Callable[[], _T]) -> _T | str:
    """Return what a step of warcio gives, or as text what is wrong with the archive; the stream's errors pass."""
    stream.allow(_HEADERS)
    try:
        found = step()
    except _Broken as broken:
        return f"{broken}; {_REST}"
    except Exception as error:
        if error is stream.joined.failure:
            raise
        return "is not readable as WARC from there on"  # warcio raises anything on a damaged archive
    if stream.joined.failure is not None:  # warcio takes an EOFError for the end of a record
        raise stream.joined.failure
    return found


class _Broken(Exception):  # noqa: N818  # it is no error: it carries a reason to the one place that makes the reject
    pass


class _Bounded:
    """A stream for warcio, unpacked where it is gzip'd, that gives no more bytes than are allowed at the time."""

    def __init__(self, stream: BinaryIO) -> None:
        start = b""
        while len(start) < 2 and (more := stream.read(2 - len(start))):
            start += more
        self.joined = _Joined(start, stream)
        self.offset = 0
        self.allowed: int | None = None
        file: Any = self.joined
        self.packed = gzip.GzipFile(fileobj=file, mode="rb") if start == _GZIP else None

    def allow(self, size: int | None) -> None:
        """Let so many bytes be read from here on, None for any number."""
        self.allowed = size

    def tell(self) -> int:
        return self.offset

    def read(self, size: int = _BLOCK) -> bytes:
        if self.allowed is not None and self.allowed <= 0:
            raise _Broken(f"has a record with headers of more than {_HEADERS:,} bytes")
        found = self.joined.read(size) if self.packed is None else self._unpacked(self.packed, size)
        self.offset += len(found)
        if self.allowed is not None:
            self.allowed -= len(found)
        return found

    def _unpacked(self, packed: gzip.GzipFile, size: int) -> bytes:
        try:
            return packed.read1(size)  # what there is, before it is found that the rest is missing
        except EOFError:  # which warcio takes for the end of a record
            raise _Broken("is gzip that is cut short") from None
        except (gzip.BadGzipFile, zlib.error):
            raise _Broken("is gzip that is damaged") from None


class _Joined:
    """The first bytes of a stream, already read, and the rest of it."""

    def __init__(self, start: bytes, rest: BinaryIO) -> None:
        self.start = start
        self.rest = rest
        self.failure: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        found, self.start = self.start, b""
        try:
            return found or self.rest.read(size)
        except Exception as error:
            self.failure = error
            raise


def _item(record: Any, kind: "_Kind", payload: bytes | str, file: str, number: int) -> Record | Reject:
    """Return what a page or text gives, whose payload is there or could not be had."""
    url = record.rec_headers.get_header("WARC-Target-URI")
    found = payload if isinstance(payload, str) else _columns(payload, *kind)
    if isinstance(found, str):
        return Reject(file, number, f"{found} {url}" if found.endswith("the page") else f"{found} (in {url})")
    page_url = found.get("url")
    headers = {
        "url": url or page_url,
        "canonical_url": page_url if url and page_url != url else None,
        "fetched_at": record.rec_headers.get_header("WARC-Date"),
        "warc_record_id": record.rec_headers.get_header("WARC-Record-ID"),
        "warc_truncated": record.rec_headers.get_header("WARC-Truncated"),
    }
    return Record(found | {name: value for name, value in headers.items() if value}, file, number)


_Kind = tuple[str, str | None]


def _kind(record: Any) -> _Kind | None:
    """Return the media type and the charset of a record that is a page or a text."""
    if record.rec_type == "response":
        if record.http_headers is None or record.http_headers.get_statuscode() != "200":
            return None
        value = record.http_headers.get_header("Content-Type")
    elif record.rec_type in {"resource", "conversion"}:
        value = record.rec_headers.get_header("Content-Type")
    else:
        return None
    mime, *parameters = (value or "").split(";")
    mime = mime.strip().lower()
    if mime not in _PAGES and mime != "text/plain":
        return None
    pairs = (parameter.partition("=") for parameter in parameters)
    charset = next((value for name, _, value in pairs if name.strip().lower() == "charset"), "")
    return mime, charset.strip().strip("\"'") or None


def _columns(page: bytes, mime: str, charset: str | None) -> dict[str, Any] | str:
    if mime in _PAGES:
        return html.extract(page, charset)
    try:
        return {"text": html.decode(page, charset)}
    except ValueError as error:
        return f"encoding: {error}"


def _payload(record: Any) -> bytes | str:
    """Return the payload as the server meant it, or the reason why it cannot be had."""
    from warcio.bufferedreaders import ChunkedDataReader

    sent = record.http_headers
    if (record.payload_length if sent else record.length) > LONGEST:
        return _TOO_LARGE
    stream = record.raw_stream
    if sent and (sent.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
        stream = ChunkedDataReader(stream)
    payload: bytes = stream.read()
    cut = record.rec_headers.get_header("WARC-Truncated") is not None
    coding = (sent.get_header("Content-Encoding") or "").strip().lower() if sent else ""
    return _unpack(payload, coding, cut=cut)


def _unpack(payload: bytes, coding: str, *, cut: bool) -> bytes | str:
    """Return a payload without its content coding; crawlers that unpack leave the header, so plain bytes pass."""
    match coding:
        case "gzip" | "x-gzip" if payload.startswith(_GZIP):
            return _inflate(payload, zlib.decompressobj(wbits=31), "gzip", cut=cut)
        case "deflate" if payload[:1] == b"\x78":
            return _inflate(payload, zlib.decompressobj(), "deflate", cut=cut)
        case "br" if not payload.lstrip().startswith(b"<"):
            return _unbrotli(payload, cut=cut)
        case "zstd" | "compress" if not payload.lstrip().startswith(b"<"):
            return f"payload: its coding {coding} is not supported"
        case _:
            return payload


def _inflate(payload: bytes, unpacker: Any, coding: str, *, cut: bool) -> bytes | str:
    try:
        found: bytes = unpacker.decompress(payload, LONGEST + 1)
    except zlib.error:
        return f"payload: its {coding} is damaged"
    if len(found) > LONGEST:
        return _TOO_LARGE
    return found if unpacker.eof or cut else f"payload: its {coding} is cut short"


def _unbrotli(payload: bytes, *, cut: bool) -> bytes | str:
    try:
        brotli: Any = import_module("brotli")
        unpacker = brotli.Decompressor()
        found: bytes = unpacker.process(payload, output_buffer_limit=LONGEST + 1)
    except (ImportError, TypeError):  # before brotli 1.2 what it unpacks cannot be bounded
        return "payload: its coding br is not supported; pip install 'brotli>=1.2'"
    except brotli.error:
        return "payload: its br is damaged"
    if len(found) > LONGEST:
        return _TOO_LARGE
    return found if unpacker.is_finished() or cut else "payload: its br is cut short"


def recognises(head: bytes) -> bool:
    """Whether a file begins with a WARC record, plain or gzip'd."""
    if head.startswith(_GZIP):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, 8)
        except zlib.error:
            return False
    return head.startswith((b"WARC/0.", b"WARC/1."))


READER = Reader("warc", (".warc", ".wet"), read, recognises)
