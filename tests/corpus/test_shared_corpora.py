"""The real data that does not enter the project."""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest
from lxml import etree

from goldwire import tables
from goldwire.corpus.ingest import Ingested, ingest
from goldwire.corpus.readers import Record, Source, html, semeval
from goldwire.corpus.stories import duplicates
from goldwire.text.sentences import sentences
from goldwire.text.words import words

pytestmark = pytest.mark.shared


def test_the_seed_article_comes_in_character_for_character(shared_data: Path, tmp_path: Path) -> None:
    into = tmp_path / "articles.parquet"
    assert ingest([shared_data / "seed_article.txt"], into) == Ingested(1, 1, 0, 0, [], [])
    (row,) = tables.read(into, "articles").to_pylist()
    text = (shared_data / "seed_article.txt").read_text(encoding="utf-8").strip()
    assert (row["text"], row["title"], row["body_start"], row["language"]) == (text, None, 0, "en")
    found = [text[start:end] for start, end in sentences(text)]
    assert len(found) == 16
    assert found[8] == "‘Saving Syria’"


def test_fnc_bodies_give_every_pair_of_near_duplicates(shared_data: Path, tmp_path: Path) -> None:
    into = tmp_path / "articles.parquet"
    files = [shared_data / "fnc1" / name for name in ("train_bodies.csv", "competition_test_bodies.csv")]
    mapping = {"text": "articleBody", "id": "Body ID"}
    result = ingest(files, into, mapping=mapping)
    assert replace(result, warnings=[]) == Ingested(2587, 2587, 0, 0, [], [])
    (warning,) = result.warnings
    assert warning.startswith("text: is mojibake, read in another encoding than it was written in (3 articles, ")
    articles = tables.read(into, "articles")
    found = duplicates(articles)
    assert (found.articles, found.stories, len(found.pairs)) == (2587, 2281, 418)
    assert sum(pair.jaccard >= 0.8 for pair in found.pairs) == 108
    # The published count of 404 leaves out texts of fewer than 20 words.
    texts = zip(articles["article_id"].to_pylist(), articles["text"].to_pylist(), strict=True)
    long = {article_id for article_id, text in texts if len(words(text)) >= 20}
    assert sum(pair.a in long and pair.b in long for pair in found.pairs) == 404
    assert len(set(articles["story_id"].to_pylist())) == found.stories


def test_muc_copies_across_splits_end_in_one_story(shared_data: Path, tmp_path: Path) -> None:
    into = tmp_path / "articles.parquet"
    assert ingest([shared_data / "muc4" / "muc4_docs.jsonl"], into, mapping={"id": "doc_id"}).written == 1700
    articles = tables.read(into, "articles")
    story = dict(zip(articles["article_id"].to_pylist(), articles["story_id"].to_pylist(), strict=True))
    assert story["DEV-MUC3-1133"] == story["TST3-MUC4-0087"] == "DEV-MUC3-1133"
    assert story["DEV-MUC3-0096"] == story["DEV-MUC3-0161"] == "DEV-MUC3-0096"
    (pair,) = [pair for pair in duplicates(articles).pairs if pair.b == "TST3-MUC4-0087"]
    assert (pair.a, round(pair.containment, 2)) == ("DEV-MUC3-1133", 0.98)


def _visible(sentence: str) -> str:
    return sentence.replace("\u00ad", "").replace("\u200b", "").replace("\ufeff", "").strip()


def test_seesaw_articles_keep_every_sentence(shared_data: Path, tmp_path: Path) -> None:
    articles = {}
    for path in sorted((shared_data / "seesaw" / "articles").glob("*.json"))[:100]:
        article = json.loads(path.read_text(encoding="utf-8"))
        articles[path.stem] = (
            article["title"],
            [_visible(sentence["text"]) for sentence in article["text"]],
        )
    rows = [{"id": name, "title": title, "text": "\n\n".join(body)} for name, (title, body) in articles.items()]
    (tmp_path / "seesaw.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    into = tmp_path / "articles.parquet"
    assert ingest([tmp_path / "seesaw.jsonl"], into) == Ingested(100, 100, 0, 0, [], [])
    found = {row["article_id"]: row for row in tables.read(into).to_pylist()}
    assert list(found) == list(articles)
    for name, (title, body) in articles.items():
        assert found[name]["title"] == title.strip()
        paragraphs = re.split("\n\n+", "\n\n".join(filter(None, [title.strip(), *body])))
        assert found[name]["text"].split("\n\n") == paragraphs


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _hyperpartisan(shared_data: Path) -> Iterator[tuple[etree._Element, list[str]]]:
    """Yield each article of the file as lxml has it, which reads it by another parser, and its paragraphs."""
    file = shared_data / "hyperpartisan" / "articles-training-byarticle-20181122.xml"
    for article in etree.parse(str(file)).getroot():
        yield article, list(filter(None, (_line("".join(p.itertext())) for p in article.iter("p"))))


def _keeps(record: Record, article: etree._Element, wanted: list[str]) -> bool:
    """Whether a record has the title, the day, and all of the paragraphs in order."""
    found = (_line(paragraph) for paragraph in record.fields["text"].split("\n\n"))
    day = (record.fields["date"] or "")[:10] == article.get("published-at", "")
    title = _line(record.fields["title"]) == _line(article.get("title"))
    return title and day and all(paragraph in found for paragraph in wanted)


def test_the_hyperpartisan_file_keeps_title_date_and_all_paragraphs(shared_data: Path) -> None:
    file = shared_data / "hyperpartisan" / "articles-training-byarticle-20181122.xml"
    with file.open("rb") as stream:
        assert semeval.recognises(stream.read(65_536))
        stream.seek(0)
        records = [item for item in semeval.read(Source(stream, "a.xml")) if isinstance(item, Record)]
    pairs = list(zip(records, _hyperpartisan(shared_data), strict=True))
    assert len(pairs) == 645
    assert all(record.fields["id"] == article.get("id") for record, (article, _) in pairs)
    assert all(record.line == article.sourceline for record, (article, _) in pairs)
    assert [record.fields["id"] for record, (article, wanted) in pairs if not _keeps(record, article, wanted)] == []
    # and nothing else: the text of the article, in which only white space is another
    texts = [("".join(record.fields["text"].split()), "".join(article.itertext())) for record, (article, _) in pairs]
    assert [whole for text, whole in texts if text != "".join(whole.split())] == []


def test_hyperpartisan_articles_as_pages_keep_title_date_and_all_paragraphs(shared_data: Path) -> None:
    kept, all_articles = 0, 0
    for article, wanted in _hyperpartisan(shared_data):
        title, day = escape(article.get("title")), article.get("published-at")
        published = f'<meta property="article:published_time" content="{day}T10:00:00+01:00">' if day else ""
        body = escape(article.text or "") + "".join(etree.tostring(part, encoding="unicode") for part in article)
        page = (
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} - Fjord Post</title>'
            f'<meta property="og:title" content="{title}"><meta property="og:site_name" content="Fjord Post">'
            f'{published}</head><body><nav><a href="/">Home</a></nav><article><h1>{title}</h1>{body}</article>'
            "<footer><p>Copyright Fjord Post</p></footer></body></html>"
        )
        (record,) = html.read(Source(io.BytesIO(page.encode()), "a.html"))
        assert isinstance(record, Record)
        all_articles += 1
        kept += _keeps(record, article, wanted)
        assert "Copyright Fjord Post" not in record.fields["text"]
    assert (kept, all_articles) == (645, 645)
