"""Stories and the list of near-duplicates."""

import tempfile
from itertools import permutations
from pathlib import Path

import pyarrow as pa
import pytest

from goldwire import tables
from goldwire.corpus import engine
from goldwire.corpus.compare import Comparing, numbers_of
from goldwire.corpus.stories import Duplicates, Pair, assign, duplicates
from goldwire.errors import GoldwireError, UsageError

WIRE = "one two three four five six seven eight nine ten"
CUT = "one two three four five six seven eight"
TAIL = "seven eight nine ten one two three four five six"  # 2 of its 6 shingles are WIRE's
OTHER = "nothing of this stands in any other text that is here"


def table(articles: dict[str, str], stories: dict[str, str] | None = None) -> pa.Table:
    rows = [
        {"article_id": name, "text": f"{name}\n\n{body}", "title": name, "body_start": len(name) + 2}
        | {"story_id": (stories or {}).get(name)}
        for name, body in articles.items()
    ]
    return tables.build("articles", rows)


def stories(articles: pa.Table) -> dict[str, str]:
    ids, before = articles["article_id"].to_pylist(), articles["story_id"].to_pylist()
    with tempfile.TemporaryDirectory() as folder:
        batches = numbers_of(engine.start().from_arrow(articles), Comparing())
        names = assign(batches, ids, before, Comparing(), Path(folder))
    return dict(zip(ids, names, strict=True))


def test_copies_of_one_text_at_any_length_are_one_story() -> None:
    articles = table({"c": WIRE, "a": OTHER, "b": CUT, "d": WIRE})
    assert stories(articles) == {"c": "b", "a": "a", "b": "b", "d": "b"}
    assert duplicates(articles) == Duplicates(
        4, 2, [Pair("b", "c", 1.0, 4 / 6), Pair("b", "d", 1.0, 4 / 6), Pair("c", "d", 1.0, 1.0)]
    )


def test_the_title_is_no_part_of_the_comparison() -> None:
    long = {f"{WIRE} {name}": f"{OTHER} {name} " + " ".join(f"{name}{i}" for i in range(40)) for name in "ab"}
    assert duplicates(table(long)).pairs == []


def test_threshold_and_shingle_decide() -> None:
    articles = table({"a": WIRE, "b": TAIL})
    assert duplicates(articles).pairs == []
    assert duplicates(articles, Comparing(containment=0.3)).pairs == [Pair("a", "b", 2 / 6, 2 / 10)]
    assert duplicates(articles, Comparing(shingle=2)).pairs == [Pair("a", "b", 8 / 9, 8 / 10)]


def test_a_story_keeps_its_name_when_articles_come_in() -> None:
    before = stories(table({"m": WIRE, "z": OTHER}))
    assert before == {"m": "m", "z": "z"}
    after = stories(table({"m": WIRE, "z": OTHER, "a": CUT, "b": OTHER}, before))
    assert after == {"m": "m", "a": "m", "z": "z", "b": "z"}


def test_two_stories_that_turn_out_to_be_one_take_the_smaller_name() -> None:
    apart = {"p": f"{WIRE}", "q": "red blue green white black brown pink grey gold teal"}
    joined = {**apart, "a": f"{apart['p']} {apart['q']}"}
    before = stories(table(apart))
    assert stories(table(joined, before)) == {"p": "p", "q": "p", "a": "p"}


def test_a_story_that_falls_apart_leaves_its_name_to_the_article_of_that_name() -> None:
    before = {"a": "b", "b": "b", "c": "b"}
    assert stories(table({"a": WIRE, "b": OTHER, "c": CUT}, before)) == {"a": "a", "b": "b", "c": "a"}


def test_the_order_of_the_articles_does_not_matter() -> None:
    articles = {"a": WIRE, "b": CUT, "c": OTHER, "d": WIRE}
    found = {tuple(sorted(stories(table(dict(order))).items())) for order in permutations(articles.items())}
    assert found == {(("a", "a"), ("b", "a"), ("c", "c"), ("d", "a"))}


def test_texts_too_short_for_a_shingle_pair_only_when_equal() -> None:
    articles = table({"a": "Four words, no more.", "b": "Four words, no more.", "c": "four words no more", "d": ""})
    assert duplicates(articles) == Duplicates(4, 3, [Pair("a", "b", 1.0, 1.0)])
    assert stories(articles) == {"a": "a", "b": "a", "c": "c", "d": "d"}


def test_a_copy_of_a_copy_is_listed_with_every_other() -> None:
    articles = table({"a": WIRE, "b": WIRE.upper(), "c": CUT, "d": f"{CUT}!"})
    assert [(pair.a, pair.b, pair.containment, pair.jaccard) for pair in duplicates(articles).pairs] == [
        ("a", "b", 1.0, 1.0),
        ("a", "c", 1.0, 4 / 6),
        ("a", "d", 1.0, 4 / 6),
        ("b", "c", 1.0, 4 / 6),
        ("b", "d", 1.0, 4 / 6),
        ("c", "d", 1.0, 1.0),
    ]


def test_what_agencies_add_counts_unless_it_is_masked() -> None:
    body = "The two sides met on Monday."
    wire = {"a": f"LONDON (Reuters) - {body}", "b": f"{body}\n\nThis story has been updated."}
    assert duplicates(table(wire), Comparing(containment=1)).pairs == []
    assert duplicates(table(wire), Comparing(containment=1, mask=True)).pairs == [Pair("a", "b", 1.0, 1.0)]


def test_the_seed_changes_no_pair() -> None:
    long = {str(i): " ".join(f"w{j}" for j in range(10 * i, 10 * i + 300)) for i in range(20)}
    found = [duplicates(table(long), Comparing(seed=seed)).pairs for seed in range(3)]
    assert found[0] == found[1] == found[2] != []


def test_duplicates_of_a_plain_table_need_only_id_and_text() -> None:
    plain = pa.table({"article_id": ["b", "a", "n"], "text": [WIRE, CUT, None]})
    assert duplicates(plain).as_dict() == {
        "articles": 3,
        "stories": 2,
        "pairs": [{"a": "a", "b": "b", "containment": 1.0, "jaccard": 4 / 6}],
    }


def test_an_empty_table_has_no_stories() -> None:
    assert duplicates(table({})) == Duplicates(0, 0, [])
    assert stories(table({})) == {}


def test_a_table_that_is_not_of_articles_is_refused() -> None:
    with pytest.raises(GoldwireError, match="the articles have no column article_id, text"):
        duplicates(pa.table({"x": [1]}))
    with pytest.raises(GoldwireError, match='article_id "a" stands twice'):
        duplicates(pa.table({"article_id": ["a", "a"], "text": [WIRE, CUT]}))
    with pytest.raises(GoldwireError, match="an article has no article_id"):
        duplicates(pa.table({"article_id": ["a", None], "text": [WIRE, CUT]}))
    with pytest.raises(GoldwireError, match="body_start is not a number"):
        duplicates(pa.table({"article_id": ["a"], "text": [WIRE], "body_start": ["x"]}))
    with pytest.raises(UsageError, match="containment must be above 0"):
        duplicates(table({"a": WIRE}), Comparing(containment=0))
    with pytest.raises(UsageError, match="a shingle has at least one word"):
        duplicates(table({"a": WIRE}), Comparing(shingle=0))
