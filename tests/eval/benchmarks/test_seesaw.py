"""SEESAW: triplets become units, what cannot be asked is counted, and the official split comes out."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from goldwire.errors import GoldwireError
from goldwire.eval.benchmarks.run import run
from goldwire.eval.benchmarks.seesaw import BENCHMARK, read


def triplet(subject: str, sentiment: str, target: str) -> dict[str, Any]:
    return {"id": 0, "subject": subject, "sentiment": sentiment, "object": target, "annotators": ["A"]}


def write(folder: Path, *stories: tuple[str, dict[str, list[dict[str, Any]]]]) -> Path:
    """Write stories of one article each: the split, and the triplets of its sentences; made up."""
    for name in ("annotations", "articles", "meta"):
        (folder / name).mkdir(parents=True)
    for number, (split, stances) in enumerate(stories):
        about = {
            "story_time": f"2020-01-0{number + 1}",
            "Split": split,
            "Meta info for article 0": {"source": "Inland"},
        }
        sentences = [{"id": at, "text": f"Sentence {at} of story {number}."} for at in range(3)]
        stem = f"TRIPLET_00{number}"
        files = {
            f"meta/{stem}.json": about,
            f"articles/{stem}_DOCUMENT_0.json": {"title": f"Story {number}", "text": sentences},
            f"annotations/{stem}_DOCUMENT_0.json": {"sentence-level stances": stances},
        }
        for path, value in files.items():
            (folder / path).write_text(json.dumps(value), encoding="utf-8")
    return folder


def test_triplets_become_units_and_what_is_left_out_is_counted(tmp_path: Path) -> None:
    train = {
        "2": [triplet("Ada", "NEG", "Ben"), triplet("ada", " neg ", "BEN"), triplet("Cy", "Positive", "Ben")],
        "0": [
            triplet("None", "POS", "the  mill"),
            triplet("Ada", "POS", "Not in the list"),
            triplet("Ada", "mixed", "Ben"),
            triplet("Dan", "POS", "Ben"),
            triplet("Dan", "NEG", "Ben"),
        ],
    }
    data = read(write(tmp_path, ("train", train), ("valid", {}), ("test", {"1": [triplet("Ada", "POS", "Ben")]})))
    columns = ["unit_id", "text", "holder", "target", "label", "cluster", "outlet", "published_at", "title"]
    about = ["story-000", "Inland", "2020-01-01", "Story 0"]
    stem = "TRIPLET_000_DOCUMENT_0/sentence"
    assert data.train[columns].to_dict("split")["data"] == [
        [f"{stem}/0/0", "Sentence 0 of story 0.", "", "the mill", "POS", *about],
        [f"{stem}/2/0", "Sentence 2 of story 0.", "Ada", "Ben", "NEG", *about],
        [f"{stem}/2/1", "Sentence 2 of story 0.", "Cy", "Ben", "POS", *about],
    ]
    assert list(data.test["labels"]) == [("POS",)]
    assert data.notes == (
        "Triplets and articles: train 3 in 1, validation 0 in 1, test 1 in 1. The validation split is not used; "
        "choices are made on folds of train.",
        "In 1 of them the holder is none of the article's entities: the article, or somebody else.",
        "2 triplets left out: the same sentence, holder and target are both POS and NEG.",
        "1 triplets left out: the same triplet comes twice in a sentence.",
        "1 triplets left out: the sentiment is neither POS nor NEG.",
        "1 triplets left out: the target is none of the article's entities.",
    )


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(GoldwireError, match=r"there are no files TRIPLET"):
        read(tmp_path / "none")
    only = write(tmp_path / "a", ("train", {"1": [triplet("Ada", "POS", "Ben")]}))
    with pytest.raises(GoldwireError, match="no triplet is of the test split"):
        read(only)
    strange = write(tmp_path / "b", ("train", {"7": [triplet("Ada", "POS", "Ben")]}))
    with pytest.raises(GoldwireError, match=r"DOCUMENT_0\.json: there is no '7' in it, its article or its story"):
        read(strange)
    (strange / "meta" / "TRIPLET_000.json").write_text("{", encoding="utf-8")
    with pytest.raises(GoldwireError, match="is not JSON in UTF-8"):
        read(strange)
    (strange / "meta" / "TRIPLET_000.json").unlink()
    with pytest.raises(GoldwireError, match="the file is not there"):
        read(strange)


def test_the_official_split_is_read_whole(shared_data: Path) -> None:
    data = read(shared_data / "seesaw")
    assert Counter(data.train["label"]) == {"NEG": 3613, "POS": 2309}
    assert Counter(data.test["label"]) == {"NEG": 1136, "POS": 685}
    assert (data.train["article_id"].nunique(), data.test["article_id"].nunique()) == (378, 123)  # three have none
    assert (data.train["cluster"].nunique(), data.test["cluster"].nunique()) == (127, 41)
    assert data.train["published_at"].max() <= data.test["published_at"].min()
    # 10,619 triplets stand in the files
    assert 5922 + 2258 + 1821 + 10 + 47 + 561 == 10619
    assert data.notes == (
        "Triplets and articles: train 5,922 in 381, validation 2,258 in 105, test 1,821 in 123. The validation split "
        "is not used; choices are made on folds of train.",
        "In 2,246 of them the holder is none of the article's entities: the article, or somebody else.",
        "10 triplets left out: the same sentence, holder and target are both POS and NEG.",
        "47 triplets left out: the same triplet comes twice in a sentence.",
        "561 triplets left out: the target is none of the article's entities.",
    )
    result = run(BENCHMARK, shared_data / "seesaw", baselines=["majority"], resamples=50)
    assert round(result["models"][0]["metrics"]["accuracy"]["value"], 6) == round(1136 / 1821, 6)
    assert result["signature"].split("|")[5] == "clusters:41 stories"
