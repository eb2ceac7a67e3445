"""Stories and the list of near-duplicates."""

from itertools import permutations

import pyarrow as pa
import pytest

from goldwire import tables
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
    return dict(zip(articles["article_id"].to_pylist(), articles["story_id"].to_pylist(), strict=True))


def test_copies_of_one_text_at_any_length_are_one_story() -> None:
    articles = table({"c": WIRE, "a": OTHER, "b": CUT, "d": WIRE})
    assert stories(assign(articles)) == {"c": "b", "a": "a", "b": "b", "d": "b"}
    assert duplicates(articles) == Duplicates(
        4, 2, [Pair("b", "c", 1.0, 4 / 6), Pair("b", "d", 1.0, 4 / 6), Pair("c", "d", 1.0, 1.0)]
    )


def test_the_title_is_no_part_of_the_comparison() -> None:
    long = {f"{WIRE} {name}": f"{OTHER} {name} " + " ".join(f"{name}{i}" for i in range(40)) for name in "ab"}
    assert duplicates(table(long)).pairs == []


def test_the_rest_of_the_table_stays_as_it_is() -> None:
    articles = table({"b": WIRE, "a": CUT})
    assigned = assign(articles)
    assert assigned.schema == articles.schema
    assert assigned.drop_columns("story_id") == articles.drop_columns("story_id")


def test_threshold_and_shingle_decide() -> None:
    articles = table({"a": WIRE, "b": TAIL})
    assert duplicates(articles).pairs == []
    assert duplicates(articles, containment=0.3).pairs == [Pair("a", "b", 2 / 6, 2 / 10)]
    assert duplicates(articles, shingle=2).pairs == [Pair("a", "b", 8 / 9, 8 / 10)]


def test_a_story_keeps_its_name_when_articles_come_in() -> None:
    before = stories(assign(table({"m": WIRE, "z": OTHER})))
    assert before == {"m": "m", "z": "z"}
    after = stories(assign(table({"m": WIRE, "z": OTHER, "a": CUT, "b": OTHER}, before)))
    assert after == {"m": "m", "a": "m", "z": "z", "b": "z"}


def test_two_stories_that_turn_out_to_be_one_take_the_smaller_name() -> None:
    apart = {"p": f"{WIRE}", "q": "red blue green white black brown pink grey gold teal"}
    joined = {**apart, "a": f"{apart['p']} {apart['q']}"}
    before = stories(assign(table(apart)))
    assert stories(assign(table(joined, before))) == {"p": "p", "q": "p", "a": "p"}


def test_a_story_that_falls_apart_leaves_its_name_to_the_article_of_that_name() -> None:
    before = {"a": "b", "b": "b", "c": "b"}
    assert stories(assign(table({"a": WIRE, "b": OTHER, "c": CUT}, before))) == {"a": "a", "b": "b", "c": "a"}


def test_the_order_of_the_articles_does_not_matter() -> None:
    articles = {"a": WIRE, "b": CUT, "c": OTHER, "d": WIRE}
    found = {tuple(sorted(stories(assign(table(dict(order)))).items())) for order in permutations(articles.items())}
    assert found == {(("a", "a"), ("b", "a"), ("c", "c"), ("d", "a"))}


def test_duplicates_of_a_plain_table_need_only_id_and_text() -> None:
    plain = pa.table({"article_id": ["b", "a", "n"], "text": [WIRE, CUT, None]})
    assert duplicates(plain).as_dict() == {
        "articles": 3,
        "stories": 2,
        "pairs": [{"a": "a", "b": "b", "containment": 1.0, "jaccard": 4 / 6}],
    }


def test_an_empty_table_has_no_stories() -> None:
    assert duplicates(table({})) == Duplicates(0, 0, [])
    assert assign(table({})).num_rows == 0


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
        duplicates(table({"a": WIRE}), containment=0)
