"""Markdown: the text as it reads when shown, its title and the columns of its front matter."""

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.corpus.readers.base import Record, Reject, Source
from goldwire.corpus.readers.markdown import READER


def read(content: str | bytes) -> list[Record | Reject]:
    content = content.encode() if isinstance(content, str) else content
    return list(READER.read(Source(io.BytesIO(content), "in/a.md")))


def fields(content: str) -> dict[str, Any]:
    (record,) = read(content)
    assert isinstance(record, Record)
    return record.fields


ARTICLE = """---
title: Ferry crews *end* strike
date: 2021-03-04
id: 007
author: [A. Holm, B. Lie]
---
# Ferry crews *end* strike

Crews **ended** their [strike](http://post.example/a) on
_Thursday_.\x20\x20
Boats &amp; buses run. ![A boat](boat.png)

What next
---------

- Pay rises
- Night `shifts`
  1. end at four
- Talks

  in May

> “We agreed,” its *head* said.
>
> - At last.

| Line | Boats |
|------|-------|
| North | 2 \\| 3 |

```python
if late:
    wait()
```

<div>An advertisement</div>

Old<br>line, <b>bold</b>, ~~gone~~ \\*kept\\*.

***

    indented
"""


def test_an_article_reads_as_it_is_shown() -> None:
    assert read("\ufeff" + ARTICLE.replace("\n", "\r\n")) == [
        Record(
            {
                "date": "2021-03-04",
                "id": "007",
                "author": ["A. Holm", "B. Lie"],
                "title": "Ferry crews *end* strike",
                "text": "Crews ended their strike on Thursday.\nBoats & buses run.\n\n"
                "What next\n\n"
                "Pay rises\nNight shifts\nend at four\nTalks\nin May\n\n"
                "“We agreed,” its head said.\n\nAt last.\n\n"
                "Line\tBoats\nNorth\t2 | 3\n\n"
                "if late:\n    wait()\n\n"
                "Old\nline, bold, gone *kept*.\n\n"
                "indented",
                "file": "a.md",
            },
            "in/a.md",
            1,
        )
    ]


@pytest.mark.parametrize(
    ("content", "title", "text"),
    [
        ("# The *title*\n\nBody\n", "The title", "Body"),
        ("Lead\n\n## Part\n\n# Late title\n\nBody", "Late title", "Lead\n\nPart\n\nBody"),
        ("---\ntitle: Given\n---\n# Another\n\nBody", "Given", "Another\n\nBody"),
        ("---\ntitle:\n---\n# Heading\n\nBody", "Heading", "Body"),
        ("Body only", None, "Body only"),
        ("---\n\nA rule, no front matter.\n\n---\n\nBody", None, "A rule, no front matter.\n\nBody"),
        ("---\nnever: closed\n\nBody", None, "never: closed\n\nBody"),
        ("# One\n\n# Two\n\nBody", "One", "Two\n\nBody"),
    ],
)
def test_the_title_is_the_front_matters_or_the_first_heading(content: str, title: str | None, text: str) -> None:
    assert fields(content) == {**({"title": title} if title else {}), "text": text, "file": "a.md"}


@pytest.mark.parametrize(
    ("front", "line", "reason"),
    [
        ("a: 1\nb: [1, 2\nc: 3", 4, "expected ',' or ']', but got ':'"),
        ("a: &x 1\nb: *x", 3, "aliases are not read"),
        ("? [a]\n: 1", 2, "found unhashable key"),
    ],
)
def test_front_matter_that_is_not_yaml_is_rejected_by_line(front: str, line: int, reason: str) -> None:
    assert read(f"---\n{front}\n---\nBody") == [Reject("in/a.md", line, f"front matter: is not valid YAML: {reason}")]


def test_other_encodings_are_read_and_bad_bytes_rejected_by_line() -> None:
    text = "Die Bürgermeisterin erklärte am Dienstag, die Brücke müsse länger gesperrt bleiben, hieß es."
    assert read(f"# Brücke\n\n{text}".encode("cp1252")) == [
        Record({"title": "Brücke", "text": text, "file": "a.md", "encoding": "cp1252"}, "in/a.md", 1)
    ]
    assert read(b"One\n\ncaf\xe9") == [
        Reject("in/a.md", 3, "text: is not UTF-8 (byte 0xE9); convert the file to UTF-8")
    ]


def test_a_file_that_is_too_long_is_rejected() -> None:
    assert read(b"word " * 3_300_000) == [Reject("in/a.md", 1, "text: is longer than 16,000,000 characters")]


MARKS = st.lists(
    st.sampled_from(
        ["# ", "> ", "- ", "1. ", "```", "|", "---", "\n", "*", "[", "](", ")", "<b>", "a: ", "&x ", "*x", "`"]
    )
    | st.text(max_size=5)
)


@settings(deadline=None, max_examples=300)
@given(content=st.binary(max_size=200) | MARKS.map(lambda parts: "".join(parts).encode("utf-8", "replace")))
def test_any_bytes_give_one_record_or_reject(content: bytes) -> None:
    assert len(read(content)) == 1
    assert len(read(b"---\n" + content)) == 1


@pytest.mark.parametrize("piece", ["> ", "- ", "[", "*a ", "`", "![](", "<", "a: ["])
def test_markup_without_end_takes_little_time(piece: str) -> None:
    assert len(read(piece * 5_000)) == 1
    assert len(read(f"---\n{piece * 5_000}\n---\n")) == 1
