"""Any folder of files, good or bad, ends in a table whose counts add up, or in one of our own errors."""

import gzip
import io
import json
import tempfile
import zipfile
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from goldwire import tables
from goldwire.corpus.article import Reading
from goldwire.corpus.ingest import ingest
from goldwire.errors import GoldwireError

ENDINGS = "csv html json jsonl md parquet rss tar tsv txt warc xml zip".split()
values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.lists(st.integers(), max_size=2)
)
objects = st.dictionaries(st.sampled_from(["id", "text", "title", "date", "meta", "x"]), values, max_size=5)
cells = st.text(st.sampled_from("ab \"',;\n\r\té\0"), max_size=8)


def _lines(rows: list[dict[str, object]]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def _table(rows: list[list[str]]) -> bytes:
    return "".join(f"{','.join(row)}\n" for row in [["id", "text"], *rows]).encode()


def _zip(files: list[tuple[str, bytes]]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number, (ending, content) in enumerate(files):
            archive.writestr(f"{number}.{ending}", content)
    return stream.getvalue()


def _hurt(content: bytes, at: float, keep: float, noise: bytes) -> bytes:
    """Cut the content somewhere, or put something in."""
    begin, end = int(at * len(content)), int(keep * len(content))
    return content[:begin] + noise + content[begin:end]


markup = st.sampled_from(
    [
        b"<html><head><title>T</title></head><body><article><p>The harbour council met.</p></article></body></html>",
        b'<articles><article id="1" title="T"><p>One.</p></article><article id="2"><p>Two.</p></article></articles>',
        b'<rss version="2.0"><channel><item><guid>1</guid><description>One.</description></item></channel></rss>',
        b"WARC/1.0\r\nWARC-Type: resource\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nOne.\r\n\r\n",
        b'[{"id": 1, "data": {"text": "One."}, "annotations": []}]',
    ]
)
plain = st.one_of(
    st.lists(objects, max_size=4).map(_lines),
    st.lists(objects, max_size=3).map(lambda rows: json.dumps(rows).encode()),
    st.lists(st.lists(cells, min_size=1, max_size=3), max_size=4).map(_table),
    markup,
    st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.text(max_size=40).map(lambda text: text.encode("utf-16", "surrogatepass")),
    st.binary(max_size=60),
)
hurt = st.builds(_hurt, plain, st.floats(0, 1), st.floats(0.5, 1), st.binary(max_size=4))
whole = st.one_of(plain, hurt)
packed = st.one_of(
    whole.map(gzip.compress),
    st.lists(st.tuples(st.sampled_from(ENDINGS), whole), max_size=3).map(_zip),
)
files = st.tuples(
    st.sampled_from([*ENDINGS, "jsonl.gz", "txt.gz", "gz", "bin"]),
    st.one_of(whole, packed, st.builds(_hurt, packed, st.floats(0, 1), st.floats(0, 1), st.just(b""))),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(files, min_size=1, max_size=5), st.booleans())
@example(
    [("jsonl", b'{"id": "x", "text": "One."}\n{"id": "x", "text": "Two."}\n{"id": "x", "text": "One."}\n')], False
)
@example([("json", b"[" * 100_000)], True)
def test_an_import_of_any_files_adds_up_or_says_why_not(found: list[tuple[str, bytes]], good: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, table = Path(name) / "in", Path(name) / "articles.parquet"
        folder.mkdir()
        for number, (ending, content) in enumerate(found):
            (folder / f"{number}.{ending}").write_bytes(content)
        if good:
            (folder / "good.txt").write_text("The harbour council met on Monday.", encoding="utf-8")
        try:
            first = ingest([folder], table, reading=Reading(language=False))
        except GoldwireError:
            assert not table.exists()
            assert not good
            return
        assert first.read == first.written + first.duplicates + first.rejected
        assert len(first.rejects) == first.rejected
        assert table.exists() == (first.written > 0)
        if not first.written:
            return
        rows = tables.read(table, "articles").to_pylist()
        assert len(rows) == len({row["article_id"] for row in rows}) == first.written
        assert all(row["text"][row["body_start"] :].strip() for row in rows)
        again = ingest([folder], table, reading=Reading(language=False))
        assert (again.read, again.written, again.rejects) == (first.read, 0, first.rejects)
        assert again.duplicates == first.written + first.duplicates
