"""CSV and TSV: dialects are found out, rows that do not fit cost themselves only, and nothing takes much memory."""

import csv
import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.corpus.readers.base import HEAD, Record, Reject, Source
from goldwire.corpus.readers.csv import READER, TSV_READER
from goldwire.corpus.readers.dialect import find
from goldwire.corpus.readers.rows import Dialect

# Files written for the test: what they show, the file, its delimiter and quote.
CASES: list[tuple[str, str, str, str]] = [
    ("commas", "id,title,text\n1,Talks,They met\n2,Strike,Crews stopped\n", ",", '"'),
    ("semicolons, decimal commas", "id;score;text\n1;0,5;They met\n2;1,25;Crews stopped, then left\n", ";", '"'),
    ("tabs, commas in texts", "id\ttext\n1\tThey met, twice\n2\tCrews, all of them, stopped\n", "\t", '"'),
    ("pipes", "id|date|text\n1|2021-03-04|They met\n2|2021-03-05|Crews; stopped\n", "|", '"'),
    ("quoted delimiters", 'id,text\n1,"They met, twice; then left"\n2,"One; two; three"\n', ",", '"'),
    ("quoted line ends", 'id;text\n1;"They met.\n\nThen, left."\n2;"Crews\nstopped, all"\n', ";", '"'),
    ("doubled quotes", 'id,text\n1,"He said ""no; never"""\n2,"She said ""yes"", twice"\n', ",", '"'),
    ("one column", "text\nThey met, twice\nCrews stopped\n", ",", '"'),
    ("a header only", "id;title;text\n", ";", '"'),
    ("single quotes", "id,text\n1,'They met, twice'\n2,'Crews stopped, then left'\n3,'It''s over, all'\n", ",", "'"),
    ("apostrophes", "id,text\n1,'Twas the harbour's end\n2,They didn't go\n3,It's over\n", ",", '"'),
    ("raw quotes in tabs", 'id\ttext\n1\t"Never", he said\n2\t"No" and "yes"\n3\tThey met\n', "\t", ""),
    (
        "one lost quote",
        'id,text\n1,"They met, twice"\n2,"Lost, and never\n3,"Crews, all"\n4,"Four, five"\n',
        ",",
        '"',
    ),
    (
        "times and addresses",
        "id,time,url\n1,10:20:30,http://a.example/?a=1;b=2\n2,11:00:00,http://b.example\n",
        ",",
        '"',
    ),
    ("words of one length", "word,next\nabcd,efgh\nabed,efeh\nabgd,efgg\n", ",", '"'),
    ("pipes in commas", "id,tags\n1,a|b|c\n2,d|e|f\n3,g|h|i\n", ",", '"'),
    ("long texts", "id;text\n" + "".join(f"{n};{'They met, and left, ' * 40}\n" for n in range(20)), ";", '"'),
    ("carriage returns", "id\ttext\r1\tThey met\r2\tCrews stopped\r", "\t", '"'),
    ("empty fields", "id,title,text\n1,,They met\n2,,\n3,Strike,Crews; stopped; all\n", ",", '"'),
    ("a title row of quoted names", '"id";"the text"\n"1";"They met, twice"\n"2";"Crews"\n', ";", '"'),
]


@pytest.mark.parametrize(
    ("text", "delimiter", "quote"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_the_dialect_is_told_by_the_rows(text: str, delimiter: str, quote: str) -> None:
    assert find(text, ",", cut=False) == Dialect(delimiter, quote)


def read(content: bytes, name: str = "csv") -> list[Record | Reject]:
    reader = READER if name == "csv" else TSV_READER
    return list(reader.read(Source(io.BytesIO(content), f"a.{name}")))


@pytest.mark.parametrize("name", ["csv", "tsv"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_rows_tell_the_delimiter_and_not_the_name(name: str, delimiter: str) -> None:
    content = f"id{delimiter}text\r\n1{delimiter}They met\r\n2{delimiter}Crews: all of them\r\n".encode()
    assert read(content, name) == [
        Record({"id": "1", "text": "They met"}, f"a.{name}", 2),
        Record({"id": "2", "text": "Crews: all of them"}, f"a.{name}", 3),
    ]


def test_quotes_that_mean_nothing_stay_in_the_text() -> None:
    assert read(b'id\ttext\n1\t"Never", he said\n2\t"No" and "yes"\n3\tThey met\n', "tsv") == [
        Record({"id": "1", "text": '"Never", he said'}, "a.tsv", 2),
        Record({"id": "2", "text": '"No" and "yes"'}, "a.tsv", 3),
        Record({"id": "3", "text": "They met"}, "a.tsv", 4),
    ]


def test_a_head_that_ends_in_a_quoted_text_tells_the_dialect() -> None:
    text = "They met; twice, and left.\n\n" * (HEAD // 20)
    content = f'id;text\n1;"short"\n2;"{text}"\n3;"last"\n'.encode()
    assert [item.fields["text"] for item in read(content) if isinstance(item, Record)] == ["short", text, "last"]


class Endless(io.RawIOBase):
    """A stream of a beginning, a piece over and over, and an end, which cannot be sought in."""

    def __init__(self, begin: bytes, piece: bytes, times: int, end: bytes) -> None:
        self._parts = iter([begin, *[piece] * times, end])
        self._left = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        self._left = self._left or next(self._parts, b"")
        given, self._left = self._left[:size], self._left[size:]
        return given


def traced(stream: Endless) -> tuple[list[Record | Reject], int]:
    tracemalloc.start()
    try:
        found = list(READER.read(Source(stream, "a.csv")))  # type: ignore[arg-type]
        return found, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("begin", "end"), [(b"id,text\n1,one\n2,", b"\n3,three\n"), (b'id,text\n1,one\n2,"', b'"\n3,three\n')]
)
def test_a_line_of_200_mb_is_one_reject_in_little_memory(begin: bytes, end: bytes) -> None:
    found, peak = traced(Endless(begin, b"x" * 1_000_000, 200, end))
    assert found == [
        Record({"id": "1", "text": "one"}, "a.csv", 2),
        Reject("a.csv", 3, "row: is longer than 16,000,000 characters"),
        Record({"id": "3", "text": "three"}, "a.csv", 4),
    ]
    assert peak < 80_000_000


FIELD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20) | st.text(
    "ab,;\t|\"'\r\n", max_size=12
)


@settings(deadline=None, max_examples=300)
@given(
    table=st.lists(st.tuples(FIELD, FIELD, FIELD).filter(any), max_size=8),
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
)
def test_what_the_csv_module_writes_in_any_of_the_delimiters_is_read_back(
    table: list[tuple[str, str, str]], delimiter: str, quoting: int
) -> None:
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(["id", "title", "text"])
    writer.writerows(table)
    found = read(sink.getvalue().encode())
    assert [tuple(item.fields.values()) for item in found if isinstance(item, Record)] == table
    assert len(found) == len(table)


@settings(deadline=None, max_examples=300)
@given(content=st.binary(max_size=300) | st.text("ab,;\t|\"'\r\n", max_size=60).map(str.encode))
def test_any_bytes_give_records_and_rejects(content: bytes) -> None:
    lines = max(1, len(io.StringIO(content.decode("latin-1"), newline=None).read().split("\n")))
    for name in ("csv", "tsv"):
        for item in read(content, name):
            assert item.line is not None
            assert 1 <= item.line <= max(lines, len(content))


def _columns(path: Path, reader: Iterator[Record | Reject]) -> tuple[int, list[str]]:
    found = list(reader)
    assert all(isinstance(item, Record) for item in found), path
    return len(found), list(found[0].fields) if isinstance(found[0], Record) else []


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "count", "columns"),
    [
        ("fnc1/train_bodies.csv", 1683, ["Body ID", "articleBody"]),
        ("fnc1/competition_test_bodies.csv", 904, ["Body ID", "articleBody"]),
        ("fnc1/train_stances.csv", 49972, ["Headline", "Body ID", "Stance"]),
        ("snow2008_rte/rte_votes.csv", 8000, ["task", "worker", "label", "gold"]),
        ("snow2008_rte/rte1.tsv", 800, ["id", "value", "task", "text", "hypothesis"]),
    ],
)
def test_real_files_are_read_whole(shared_data: Path, file: str, count: int, columns: list[str]) -> None:
    path = shared_data / file
    with path.open("rb") as stream:
        assert _columns(path, READER.read(Source(stream, file))) == (count, columns)


@pytest.mark.shared
def test_real_tab_files_with_raw_quotes_lose_no_row(shared_data: Path) -> None:
    lost = []
    for path in sorted((shared_data / "semeval2016_t6" / "original_format").glob("*/*.txt")):
        content = b"id\ttarget\ttext\tstance\n" + path.read_bytes()
        found = read(content, "tsv")
        rows = [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
        texts = [item.fields["text"] for item in found if isinstance(item, Record)]
        lost.append((len(rows) - len(texts), len(found) - len(texts)))
    assert lost == [(0, 0)] * 10
