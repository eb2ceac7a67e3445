"""Feeds: RSS and Atom of every kind, one record an entry. The feeds are written for the tests."""

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.corpus.readers import feed
from goldwire.corpus.readers.base import Record, Reject, Source
from goldwire.corpus.readers.fragments import paragraphs


def read(content: bytes) -> list[Record | Reject]:
    return list(feed.read(Source(io.BytesIO(content), "in/news.rss")))


def fields(content: bytes) -> list[dict[str, Any]]:
    items = read(content)
    assert [item for item in items if isinstance(item, Reject)] == []
    return [item.fields for item in items if isinstance(item, Record)]


RSS_2 = b"""<?xml version="1.0" encoding="utf-8"?>
<?xml-stylesheet href="a.xsl"?>
<!-- written for the test -->
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The Example</title><language>en-us</language>
<item><title>Ports &amp; ships</title><link>https://example.org/1</link><guid>tag:1</guid>
  <pubDate>Mon, 11 Dec 2017 16:05:00 GMT</pubDate><dc:creator>Ann Writer</dc:creator>
  <category>sea</category><category>trade</category><description>A teaser</description>
  <content:encoded><![CDATA[<h2>Head</h2><p>One<br>two.</p><script>bad()</script><style>p{}</style>
    <ul><li>first</li><li>second</li></ul><div>Three <b>bold</b>
    words.</div>tail]]></content:encoded></item>
<item><title>Wire</title><description>Only &lt;b&gt;a&lt;/b&gt; teaser</description>
  <source url="https://wire.example/">Example Wire</source></item>
<item><description>One.

Two &amp;amp; three.</description></item>
<item><title>Nothing</title></item>
</channel></rss>
"""


def test_rss_2_gives_content_as_paragraphs_and_says_where_there_is_only_a_summary() -> None:
    shared = {"language": "en", "language_tag": "en-us"}
    assert read(RSS_2) == [
        Record(
            {
                "id": "tag:1",
                "title": "Ports & ships",
                "text": "Head\n\nOne\ntwo.\n\nfirst\n\nsecond\n\nThree bold words.\n\ntail",
                "url": "https://example.org/1",
                "date": "Mon, 11 Dec 2017 16:05:00 GMT",
                "outlet": "The Example",
                **shared,
                "author": "Ann Writer",
                "tags": ["sea", "trade"],
            },
            "in/news.rss",
        ),
        Record(
            {"title": "Wire", "text": "Only a teaser", "outlet": "Example Wire", **shared, "summary_only": True},
            "in/news.rss",
        ),
        Record(
            {"text": "One.\n\nTwo & three.", "outlet": "The Example", **shared, "summary_only": True}, "in/news.rss"
        ),
        Reject("in/news.rss", None, "text: entry 4 has neither content nor summary"),
    ]


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Beispiel</title><id>urn:feed</id>
<entry><title type="html">Ein &lt;i&gt;Titel&lt;/i&gt;</title><id>urn:1</id><link href="https://beispiel.example/1"/>
<updated>2017-12-12T00:00:00Z</updated><published>2017-12-11T00:00:00Z</published><summary>Kurz</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Erstens: Größe.</p><p>Zweitens.</p></div></content>
<author><name>Ute Muster</name></author><category term="Politik"/></entry>
<entry><title>Zwei</title><id>urn:2</id><updated>2017-12-12T00:00:00Z</updated>
<content type="text">a &lt; b

und mehr</content><source><title>Andere Zeitung</title></source></entry></feed>
"""


def test_atom_gives_published_before_updated_and_the_source_as_outlet() -> None:
    assert fields(ATOM.encode()) == [
        {
            "id": "urn:1",
            "title": "Ein Titel",
            "text": "Erstens: Größe.\n\nZweitens.",
            "url": "https://beispiel.example/1",
            "date": "2017-12-11T00:00:00Z",
            "outlet": "Beispiel",
            "language": "de",
            "author": "Ute Muster",
            "tags": ["Politik"],
        },
        {
            "id": "urn:2",
            "title": "Zwei",
            "text": "a < b\n\nund mehr",
            "date": "2017-12-12T00:00:00Z",
            "outlet": "Andere Zeitung",
            "language": "de",
        },
    ]


RSS_1 = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>Old Example</title></channel>
<item rdf:about="https://example.org/1"><title>One</title><link>https://example.org/1</link>
<description>All there is.</description><dc:date>2003-05-04</dc:date></item></rdf:RDF>"""
RSS_091 = b"""<rss version="0.91"><channel><title>Older</title><item><title>One</title>
<description>All there is.</description></item></channel></rss>"""


def test_older_rss_is_read() -> None:
    assert fields(RSS_1) == [
        {
            "id": "https://example.org/1",
            "title": "One",
            "text": "All there is.",
            "url": "https://example.org/1",
            "date": "2003-05-04",
            "outlet": "Old Example",
            "summary_only": True,
        }
    ]
    assert fields(RSS_091) == [{"title": "One", "text": "All there is.", "outlet": "Older", "summary_only": True}]


def test_what_is_recovered_of_a_broken_feed_goes_through_with_one_reject_that_names_the_line() -> None:
    whole = read(RSS_2)
    broken = read(RSS_2.replace(b"A teaser", b"A teaser & more"))
    assert broken == [Reject("in/news.rss", 8, "feed: is not well-formed: not well-formed (invalid token)"), *whole]
    cut = read(RSS_2[: RSS_2.index(b"Two &amp;")])
    assert [item.reason for item in cut if isinstance(item, Reject)] == [
        "feed: is not well-formed: no element found",
        "text: entry 3 has neither content nor summary",
    ]
    assert [item.fields["title"] for item in cut if isinstance(item, Record) and "title" in item.fields] == [
        "Ports & ships",
        "Wire",
    ]


def test_a_declared_encoding_is_used_and_a_wrong_one_is_named() -> None:
    latin = RSS_091.replace(b"<rss", b'<?xml version="1.0" encoding="iso-8859-1"?><rss').replace(b"One", b"Caf\xe9")
    assert [entry["title"] for entry in fields(latin)] == ["Café"]
    items = read(latin.replace(b"iso-8859-1", b"utf-8"))
    assert isinstance(items[0], Reject)
    assert "declared as utf-8, but parsed as" in items[0].reason.lower()
    assert len(items) == 2


def test_a_local_file_does_not_come_in_through_an_entity(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the-secret-words", encoding="utf-8")
    doctype = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY % y SYSTEM "{secret.as_uri()}"> %y;]>'
    for content in (
        doctype.encode() + RSS_091.replace(b"All", b"&x; All"),
        str(secret).encode(),
        secret.as_uri().encode(),
    ):
        items = read(content)
        assert items
        assert "the-secret-words" not in repr(items)


def test_entities_that_grow_without_end_are_refused_at_once() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    content = f'<!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}]>'.encode() + RSS_091.replace(b"All", b"&l11;")
    items = read(content)
    assert len(repr(items)) < 10_000


def test_what_is_no_feed_is_rejected() -> None:
    assert read(b" \n") == [Reject("in/news.rss", None, "feed: is empty")]
    assert read(b"<html><p>no feed</p></html>") == [Reject("in/news.rss", None, "feed: is neither RSS nor Atom")]


def test_a_feed_that_is_too_large_is_rejected_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "LARGEST", 2**20)
    assert read(RSS_2 + b" " * 2**20) == [Reject("in/news.rss", None, "feed: is larger than 1 MB; divide it")]


def test_a_text_that_is_too_long_is_rejected_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "LONGEST", 20)
    assert [(i.reason if isinstance(i, Reject) else i.fields["text"]) for i in read(RSS_2)][:2] == [
        "text: entry 1 is longer than 16,000,000 characters",
        "Only a teaser",
    ]


@pytest.mark.parametrize("content", [RSS_2, ATOM.encode(), RSS_1, RSS_091, b"\xef\xbb\xbf\n" + ATOM.encode()])
def test_a_feed_is_told_by_its_root(content: bytes) -> None:
    assert feed.recognises(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<rsss>",
        b"<feed><entry/></feed>",
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF>',
        b"<html><body>&lt;rss&gt;</body></html>",
        b"text about <rss version='2.0'>",
        b"<!-- " * 10_000,
    ],
)
def test_other_files_are_not_told_to_be_feeds(content: bytes) -> None:
    assert not feed.recognises(content)


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("plain  text\nover lines", "plain text over lines"),
        ("one<br><br/>two<br>three", "one\n\ntwo\nthree"),
        ("a<!-- no -->b<p>c</p>d", "ab\n\nc\n\nd"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n\n3"),
        ("<script>x<p>y</script>z", "z"),
        ("\0 <p>caf&eacute;&nbsp;x", "café x"),
        ("", ""),
        ("<!-- only -->", ""),
    ],
)
def test_a_fragment_of_html_becomes_paragraphs(fragment: str, expected: str) -> None:
    assert paragraphs(fragment) == expected


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<br>", "<div>", "</div>", "<script>", "a", " b\n", "&amp;", "<", "]]>"])
    )
)
def test_any_fragment_and_any_feed_is_read_without_an_exception(pieces: list[str]) -> None:
    text = paragraphs("".join(pieces))
    assert "\n\n\n" not in text
    assert text == text.strip()
    content = RSS_2.replace(b"A teaser", "".join(pieces).encode())
    assert all(isinstance(item, Record | Reject) for item in read(content))
