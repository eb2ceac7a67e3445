"""HTML pages: what belongs to the article, what the page says about itself, and pages that mean harm. Written for
the test."""

import io
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.corpus.readers import Record, Reject, Source, html

FIRST = "Ferry crews in the north ended their strike on Thursday after eleven days, the union said."
SECOND = "Boats were to sail again from Friday morning, if the sea is calm."


def read(content: str | bytes) -> list[Record | Reject]:
    encoded = content.encode() if isinstance(content, str) else content
    return list(html.read(Source(io.BytesIO(encoded), "in/a.html")))


def fields(content: str | bytes) -> dict[str, object]:
    (found,) = read(content)
    assert isinstance(found, Record), found
    return found.fields


def reason(content: str | bytes) -> str:
    (found,) = read(content)
    assert isinstance(found, Reject), found.fields["text"]
    return found.reason


def page(body: str = f"<article><p>{FIRST}</p><p>{SECOND}</p></article>", head: str = "", html: str = "") -> str:
    return f"<!DOCTYPE html><html{html}><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"


def paragraphs(article: str) -> list[str]:
    text = fields(page(f"<article><p>{FIRST}</p>{article}<p>{SECOND}</p></article>"))["text"]
    first, *found, last = str(text).split("\n\n")
    assert (first, last) == (FIRST, SECOND)
    return found


@pytest.mark.parametrize(
    ("article", "expected"),
    [
        ("<p>Yes.</p><p><a href=x>Read more</a></p><p>Yes.</p>", ["Yes.", "Read more", "Yes."]),
        ("<h2>What next</h2><div><div><p>They <b>me</b>t.</p></div></div>", ["What next", "They met."]),
        ("<p>One<br>line<br><br>two &amp; a\nhalf</p>", ["One\nline", "two & a half"]),
        ("<blockquote>No.<p>Not <i>now</i>.</p></blockquote>", ["No.", "Not now."]),
        ("<ul><li>Pay rises</li><li>See <a href=x>this</a></li></ul>", ["Pay rises", "See this"]),
        ("Bare text<p>Met.</p>and a <a href=x>link</a>", ["Bare text", "Met.", "and a link"]),
        ("<section class=story-comments-open><p>Met.</p></section>", []),
    ],
)
def test_every_paragraph_of_the_article_element_is_kept_in_order(article: str, expected: list[str]) -> None:
    assert paragraphs(article) == expected


@pytest.mark.parametrize(
    "noise",
    [
        "<nav><p>Home</p></nav>",
        "<aside><p>More from the harbour</p></aside>",
        "<header><h1>Other</h1><p>By Ada Quist</p></header>",
        "<footer><p>Copyright</p></footer>",
        "<figure><img src=x alt=boat><figcaption>A boat</figcaption></figure>",
        "<script>var p = '<p>no</p>'</script><style>p {}</style><noscript><p>On</p></noscript>",
        "<form><p>Your e-mail</p><button>Send</button></form><template><p>x</p></template>",
        "<table><tr><td>1</td></tr></table>",
        "<iframe>x</iframe><svg><text>x</text></svg>",
        '<div class="share"><p>Share</p></div><div class="post-share-buttons"><p>Tweet</p></div>',
        '<ul id="socialLinks"><li>Follow us</li></ul>',
        '<div class="comments-area"><p>First!</p></div>',
        '<section id="comments"><article><p>First!</p></article></section>',
        "<article><p>Another story</p></article>",
        '<div class="related-stories"><p>Another story</p></div>',
        '<div class="newsletter-signup"><p>Sign up</p></div><p class="advertisement">Buy</p>',
        '<p class="byline">By Ada Quist</p><address>x@y.example</address><span class=author>Ada</span>',
        '<div role="navigation"><p>Home</p></div><p hidden>h</p><p aria-hidden="true">h</p>',
        '<p style="display: none">hidden</p>',
        "<ul><li><a href=x>Another story</a></li></ul><div><a href=x>Next</a> | <a href=y>Last</a></div>",
        "<time datetime=2021-03-04>4 March</time>",
        "<!-- <p>comment</p> --><?php x ?>",
    ],
)
def test_what_is_not_the_article_stays_out_of_it(noise: str) -> None:
    assert paragraphs(noise) == []


def test_a_part_that_holds_half_of_the_text_is_the_article_whatever_its_name() -> None:
    body = f"<article><div class='social-story'><p>{FIRST}</p><p>{SECOND}</p></div></article>"
    assert fields(page(body))["text"] == f"{FIRST}\n\n{SECOND}"


def test_the_marked_body_comes_before_the_article_element() -> None:
    marked = f"<div itemprop='articleBody'><p>{FIRST}</p><p>{SECOND}</p></div>"
    assert fields(page(f"<article><p>Topics</p>{marked}</article>"))["text"] == f"{FIRST}\n\n{SECOND}"


def test_a_page_of_several_articles_is_left_to_trafilatura() -> None:
    long = " ".join([FIRST] * 5)
    body = f"<article><p>{long}</p><p>{SECOND}</p></article><article><a href=x>Other</a></article>"
    assert long in str(fields(page(body))["text"])


def test_json_ld_says_title_date_outlet_author_language_and_body() -> None:
    body = f"{FIRST}\n{SECOND}\n\nThird."
    article = {
        "@type": ["Thing", "NewsArticle"],
        "headline": "Ferry crews end strike",
        "datePublished": "2021-03-04T10:20:00+01:00",
        "publisher": {"@type": "Organization", "name": "Fjord Post"},
        "author": [{"name": "Ada Quist"}, "Bo Lind"],
        "inLanguage": "nb-NO",
        "articleBody": body,
    }
    graph = {"@graph": [{"@type": "WebSite", "name": "no"}, article]}
    opened = "<script type='application/ld+json'>"
    script = f"{opened}{json.dumps(graph)}</script>{opened}{{</script>"
    assert fields(page("<div>Loading</div>", script + "<title>x</title>")) == {
        "title": "Ferry crews end strike",
        "text": f"{FIRST}\n\n{SECOND}\n\nThird.",
        "date": "2021-03-04T10:20:00+01:00",
        "outlet": "Fjord Post",
        "url": None,
        "author": "Ada Quist; Bo Lind",
        "language": "nb",
        "file": "a.html",
    }


def test_meta_elements_and_links_say_what_the_page_is() -> None:
    head = (
        '<title>Strike ends | Fjord Post</title><meta property="og:title" content="Strike ends">'
        '<meta property="og:site_name" content="fjord post"><meta name="author" content="Ada Quist">'
        '<link rel="canonical" href="https://fjordpost.example/2021/03/04/strike">'
    )
    assert fields(page(head=head, html=' lang="en-GB"')) == {
        "title": "Strike ends",
        "text": f"{FIRST}\n\n{SECOND}",
        "date": "2021-03-04",
        "outlet": "fjord post",
        "url": "https://fjordpost.example/2021/03/04/strike",
        "author": "Ada Quist",
        "language": "en",
        "file": "a.html",
    }


@pytest.mark.parametrize(
    ("head", "article", "date"),
    [
        (
            '<meta property="article:published_time" content="2021-03-04T10:20:00+01:00">',
            "",
            "2021-03-04T10:20:00+01:00",
        ),
        ('<meta property="article:published_time" content="1902-02-01">', "", "1902-02-01"),
        ('<meta name="date" content="someday">', "", "someday"),
        (
            '<meta name="date" content="someday"><meta name="pubdate" content="2021-03-04T09:00Z">',
            "",
            "2021-03-04T09:00Z",
        ),
        ("", "<time datetime='2021-03-04T09:20Z'>today</time>", "2021-03-04T09:20Z"),
        ("", "<span class='entry-date'>Published on March 4, 2021</span>", "March 4, 2021"),
        ("", "<p>On 3 June 1999 it had rained as much.</p>", None),
    ],
)
def test_the_date_is_what_the_page_says_with_time_and_zone(head: str, article: str, date: str | None) -> None:
    found = fields(page(f"<article>{article}<p>{FIRST}</p><p>{SECOND}</p></article>", head))
    assert found["date"] == date


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_pages_are_read_in_each_form(encoding: str) -> None:
    content = page(f"<article><p>{FIRST}</p><p>“Café” 👩‍👧 {SECOND}</p></article>").encode(encoding)
    assert fields(content)["text"] == f"{FIRST}\n\n“Café” 👩‍👧 {SECOND}"
    assert html.recognises(content)


def test_a_declared_encoding_is_taken_when_the_page_is_not_utf8() -> None:
    declared = page(f"<article><p>{FIRST}</p><p>Привет, {SECOND}</p></article>").replace("utf-8", "windows-1251")
    assert fields(declared.encode("cp1251"))["text"] == f"{FIRST}\n\nПривет, {SECOND}"
    found = html.extract(page().replace("calm", "“calm”").encode("cp1252"), "ISO-8859-1")
    assert isinstance(found, dict)
    assert found["text"] == f"{FIRST}\n\n{SECOND.replace('calm', '“calm”')}"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("\xff\xfe".encode("latin-1") + b"a", "encoding: is not UTF-16 (at byte 2), which the page begins as"),
        ("<html>" + "a" * 16_000_000, "page: is longer than 16,000,000 characters"),
        ("<html>" + "<div>" * 99_000, "page: has elements that are nested too deeply"),
        ("<html>" + "<div>" * 100_000, "page: has more than 100,000 tags"),
        ("<" * 1_000_000, "page: has more than 100,000 tags"),
        ("<p " + " ".join(f"a{n}=1" for n in range(200_000)), "page: has a tag with more than 1,000 attributes"),
        ("<html><p>" + "word " * 3_000_000, "page: has a text that is too long to parse"),
    ],
)
def test_a_page_that_would_take_too_much_is_rejected_at_once(content: str | bytes, expected: str) -> None:
    began = time.process_time()
    assert reason(content) == expected
    assert time.process_time() - began < 5


@pytest.mark.parametrize("wrapped", ["<article>{}</article>", "{}"])
def test_a_page_nested_as_deeply_as_can_be_is_read(wrapped: str) -> None:
    deep = "<div>" * 240 + f"<p>{FIRST}</p><p>{SECOND}</p>" + "</div>" * 240
    assert fields(page(wrapped.format(deep)))["text"] == f"{FIRST}\n\n{SECOND}"


def test_entities_of_a_page_open_no_file(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("the harbour master's password")
    doctype = f'<!DOCTYPE html [<!ENTITY x SYSTEM "{(tmp_path / "secret.txt").as_uri()}">]>'
    article = f"<article><p>&x; {FIRST}</p><p>{SECOND}</p></article>"
    evil = f'<?xml version="1.0"?>{doctype}<html><body>{article}</body></html>'
    (tmp_path / "evil.html").write_text(evil)
    script = """
import io, sys
from goldwire.corpus.readers import Source, html
content = open(sys.argv[1], "rb").read()
list(html.read(Source(io.BytesIO(content.replace(b"&x;", b"")), "a.html")))  # imports what it needs
opened = []
sys.addaudithook(lambda event, args: opened.append((event, args)) if event in ("open", "socket.connect") else None)
(found,) = html.read(Source(io.BytesIO(content), "a.html"))
print("password" in str(found), opened)
"""
    command = [sys.executable, "-c", script, str(tmp_path / "evil.html")]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout == "False []\n"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"\xef\xbb\xbf\n<!-- saved - from -->\n<!DOCTYPE html>", True),
        (b'<!doctype HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://x/y.dtd">', True),
        (b'<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml">', True),
        (b"<HTML><head>", True),
        (b'<?xml version="1.0"?><rss version="2.0">', False),
        (b"<articles><article id='1'>", False),
        (b"<htmlx>", False),
        (b"The <html> element", False),
        (b"", False),
    ],
)
def test_the_format_is_told_by_its_first_element(head: bytes, expected: bool) -> None:
    assert html.recognises(head) is expected


WHOLE = page(head='<meta property="og:title" content="Strike ends">', html=' lang="en"').encode()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(WHOLE)))
def test_no_bytes_make_it_raise(noise: bytes, at: int) -> None:
    for damaged in (noise, WHOLE[:at] + noise + WHOLE[at + len(noise) :]):
        html.recognises(damaged)
        assert all(isinstance(item, Record | Reject) for item in read(damaged))
