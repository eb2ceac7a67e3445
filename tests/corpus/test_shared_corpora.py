"""The real data that does not enter the project."""

import json
import re
from pathlib import Path

import pytest

from goldwire import tables
from goldwire.corpus.ingest import Ingested, ingest
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
    assert ingest(files, into, mapping=mapping) == Ingested(2587, 2587, 0, 0, [], [])
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
