"""Whatever the bytes, ingest ends in counts or one known error, and what it wrote holds together."""

import io
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldwire import tables
from goldwire.corpus.columns import ALIASES
from goldwire.corpus.ingest import ingest
from goldwire.corpus.readers import READERS
from goldwire.errors import GoldwireError
from goldwire.text.normalise import normalise

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=[]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
NAMES = [name for aliases in ALIASES.values() for name in aliases]
COLUMNS = st.sampled_from([*NAMES, "Text", "meta", "x", "content_hash", "body_start", "story_id"])
ROW = st.dictionaries(COLUMNS, JSON, max_size=8) | st.fixed_dictionaries({"text": st.text(min_size=1), "id": JSON})
LINES = st.lists(ROW.map(lambda row: json.dumps(row).encode()) | st.binary(max_size=20), max_size=6).map(b"\n".join)
CSV = st.text('ab",\t\n\r é\x00').map(lambda text: f"id,text\n{text}".encode())
HTML = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<article>", "<div>", "<br>", "<h1>", "<table>", "<!--", "&#0;", "<p>Long " + "a " * 60]
    )
    | st.text(max_size=9),
    max_size=12,
).map(lambda parts: "".join(parts).encode("utf-8", "replace"))


def check(name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "articles.parquet"
        try:
            found = ingest([Path("-")], into, format=name, stdin=io.BytesIO(content))
        except GoldwireError:
            assert not into.exists()
            return
        assert found.read == found.written + found.duplicates + found.rejected
        assert found.rejected == len(found.rejects)
        json.dumps(found.as_dict(), ensure_ascii=False).encode()
        assert into.exists() == (found.written > 0)
        if found.written:
            rows = tables.read(into, "articles").to_pylist()
            assert len(rows) == found.written
            for row in rows:
                head = f"{row['title']}\n\n" if row["title"] else ""
                assert row["body_start"] == len(head)
                assert row["text"][: row["body_start"]] == head
                assert row["text"][row["body_start"] :].strip() != ""
                assert normalise(row["text"]) == row["text"]
                assert isinstance(json.loads(row["meta"]), dict)
                assert row["story_id"] in {other["article_id"] for other in rows}
            again = ingest([Path("-")], into, format=name, stdin=io.BytesIO(content))
            assert (again.written, again.rejects) == (0, found.rejects)


@pytest.mark.parametrize("name", READERS)
@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(content=st.binary(max_size=200))
def test_any_bytes_in_any_format(name: str, content: bytes) -> None:
    check(name, content)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(content=LINES)
def test_any_json_lines(content: bytes) -> None:
    check("jsonl", content)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(content=CSV)
def test_any_quotes_and_delimiters(content: bytes) -> None:
    check("csv", content)


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(content=HTML)
def test_any_markup(content: bytes) -> None:
    check("html", content)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(st.tuples(st.text(), st.text()), min_size=1))
def test_what_the_csv_module_writes_is_read_back(rows: list[tuple[str, str]]) -> None:
    import csv

    from goldwire.corpus.readers import Record, Source

    sink = io.StringIO(newline="")
    writer = csv.writer(sink)
    writer.writerow(["id", "text"])
    writer.writerows(rows)
    read = list(READERS["csv"].read(Source(io.BytesIO(sink.getvalue().encode()), "-")))
    assert [tuple(item.fields.values()) for item in read if isinstance(item, Record)] == [
        row for row in rows if any(row)
    ]
