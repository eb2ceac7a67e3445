"""An official split is honoured as it is, and what is wrong with it is said."""

import json
from typing import Any

import pytest

from dividing import gold, where
from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.splits.division import Division, split
from goldwire.study import Splits


def run(rows: list[tuple[str, Any]], previous: Any = None, column: str = "split") -> Division:
    """Divide articles a, b, c, ... with a story and a value of meta each."""
    names = "abcdefghijklmnopqrstuvwxyz"
    articles = tables.build(
        "articles",
        [
            {"article_id": names[i], "story_id": story, "meta": json.dumps({"split": value, "other": 1})}
            for i, (story, value) in enumerate(rows)
        ],
    )
    units = tables.build(
        "units",
        [{"unit_id": f"{names[i]}/{n}", "article_id": names[i]} for i in range(len(rows)) for n in (1, 2)],
    )
    return split(units, articles, gold({}), Splits(by="official", column=column), 0, previous)


@pytest.mark.parametrize(
    ("spelled", "wanted"),
    [
        ("train", "train"), ("Training", "train"), ("dev", "validation"), ("VALID", "validation"),
        ("val", "validation"), ("validation", "validation"), (" test ", "test"), ("eval", "test"),
    ],
)  # fmt: skip
def test_usual_spellings_are_known(spelled: str, wanted: str) -> None:
    assert where(run([("s", spelled)])) == {"a/1": wanted, "a/2": wanted}


@pytest.mark.parametrize("value", ["fold-3", 1, ["train"], True])
def test_another_value_is_an_error_that_names_value_and_article(value: object) -> None:
    with pytest.raises(GoldwireError) as error:
        run([("s", "train"), ("t", value)])
    assert str(error.value) == f'{json.dumps(value)} is no split: "split" of article b'


def test_articles_without_one_are_left_out_and_said() -> None:
    division = run([("s", "train"), ("t", None), ("u", "test"), ("v", "")])
    assert where(division) == {
        "a/1": "train", "a/2": "train", "b/1": None, "b/2": None, "c/1": "test", "c/2": "test", "d/1": None,
        "d/2": None,
    }  # fmt: skip
    assert division.notes == [
        "There is no gold, so that no labels could be spread evenly.",
        '4 units of 2 articles have no official split in "split" and are in no split: b, d.',
    ]
    assert (division.left_out, division.dropped) == ([], 0)


def test_a_story_that_straddles_is_said_and_not_mended() -> None:
    division = run([("s", "train"), ("s", "test"), ("t", "dev")])
    assert list(where(division).values()) == ["train", "train", "test", "test", "validation", "validation"]
    assert division.notes[1:] == [
        "The official division was kept as it is: 1 story stands in more than one split of it."
    ]
    assert division.straddling == ["a"]


def test_a_key_that_no_article_has_is_refused() -> None:
    with pytest.raises(GoldwireError, match='meta has no "part"') as error:
        run([("s", "train")], column="part")
    assert error.value.hint == "Keys of meta are: other, split. Name one as splits.column in params.yaml."


def test_meta_that_is_no_object_is_refused_by_article() -> None:
    articles = tables.build("articles", [{"article_id": "a", "meta": "[1]"}])
    units = tables.build("units", [{"unit_id": "a", "article_id": "a"}])
    with pytest.raises(GoldwireError, match="articles: a: meta is not a JSON object"):
        split(units, articles, gold({}), Splits(by="official"), 0)


def test_what_the_makers_moved_is_moved_and_said() -> None:
    before = run([("s", "train"), ("t", "test")])
    after = run([("s", "train"), ("t", "train")], before.table)
    assert set(where(after).values()) == {"train"}
    assert after.kept == 2
    assert "2 units are not in the split of before, since the official one has changed." in after.notes
