"""The checks that count, against plain Python over pairs of rows, on random small data."""

import random
import re
from itertools import combinations
from typing import Any

import pandas as pd
import pytest

from auditing_checks import STANCES, subject
from goldwire.eval.audit import (
    missing_label,
    near_duplicates,
    offsets,
    overlap,
    shared_field,
    story_conflicts,
    ties,
    time_leak,
    too_few,
    unlabelled,
)
from goldwire.eval.audit.finding import Fired
from goldwire.eval.audit.subject import Other

SEEDS = range(40)


def units(seed: int, size: int = 40) -> list[dict[str, Any]]:
    draws = random.Random(seed)
    words = ["storm", "harbour", "council", "vote", "train", "late", "snow"]
    texts = [" ".join(draws.choices(words, k=draws.randint(3, 9))) for _ in range(12)]
    return [
        {
            "unit_id": f"u{n:02}",
            "article_id": f"a{draws.randrange(25)}",
            "story": draws.choice([None, "s1", "s2", "s3", "s4"]),
            "split": draws.choice([None, "train", "train", "validation", "test"]),
            "text": draws.choice([None, *texts]),
            "target": draws.choice(["tax", "Tax ", "rail"]),
            "published_at": draws.choice([None, pd.Timestamp(2024, 1, draws.randint(1, 28), tz="UTC")]),
            "labels": draws.choice([None, ["favor"], ["favor"], ["against"], *([["none"]] * (seed % 2))]),
            "tied": draws.random() < 0.3,
            "decided_by": draws.choice(["majority", "aggregated", "adjudicated"]),
        }
        for n in range(size)
    ]


def count(outcome: Any) -> int:
    return outcome.count if isinstance(outcome, Fired) else 0


def containment(one: str, two: str) -> float:
    sets = [{tuple(text.split()[i : i + 5]) for i in range(len(text.split()) - 4)} for text in (one, two)]
    return len(sets[0] & sets[1]) / min(map(len, sets)) if all(sets) else 0.0


@pytest.mark.parametrize("seed", SEEDS)
def test_values_in_several_splits(seed: int) -> None:
    rows = units(seed)
    several = sum(
        len({row["split"] for row in rows if row["split"] and row[field] == value}) > 1
        for field in ("article_id", "story")
        for value in {row[field] for row in rows if row[field]}
    )
    assert count(shared_field.look(subject(rows))) == several


@pytest.mark.parametrize("seed", SEEDS)
def test_copies_in_two_splits(seed: int) -> None:
    rows = [row for row in units(seed) if row["text"] and row["split"]]
    met = {
        tuple(sorted((one["text"], two["text"])))
        for one, two in combinations(rows, 2)
        if one["split"] != two["split"]
        and one["article_id"] != two["article_id"]
        and containment(one["text"], two["text"]) >= 0.5
    }
    assert count(near_duplicates.look(subject(rows))) == len(met)


@pytest.mark.parametrize("seed", SEEDS)
def test_copies_with_different_labels(seed: int) -> None:
    rows = [row for row in units(seed) if row["text"] and row["labels"]]
    unlike = {
        (*sorted((one["text"], two["text"])), one["target"].strip().casefold())
        for one, two in combinations(rows, 2)
        if one["labels"] != two["labels"]
        and one["target"].strip().casefold() == two["target"].strip().casefold()
        and (one["text"] == two["text"] or containment(one["text"], two["text"]) >= 0.5)
    }
    assert count(story_conflicts.look(subject(rows))) == len(unlike)


@pytest.mark.parametrize("seed", SEEDS)
def test_train_after_test_and_its_share_of_pairs(seed: int) -> None:
    rows = [row for row in units(seed) if row["published_at"]]
    train, test = ([row["published_at"] for row in rows if row["split"] == name] for name in ("train", "test"))
    outcome = time_leak.look(subject(rows))
    assert count(outcome) == sum(day > min(test) for day in train)
    if isinstance(outcome, Fired):
        wrong = sum((a > b) + (a == b) / 2 for a in train for b in test) / (len(train) * len(test))
        said = re.search(r"([0-9.]+)% are in the wrong order", outcome.text)
        assert said is not None
        assert float(said[1]) == pytest.approx(100 * wrong, abs=0.051)


@pytest.mark.parametrize("seed", SEEDS)
def test_labels_that_are_missing_or_too_few(seed: int) -> None:
    rows = units(seed)
    gold = [(row["split"], row["labels"][0], row["story"] or row["article_id"]) for row in rows if row["labels"]]
    inside = {name: {label for split, label, _ in gold if split == name} for name in ("train", "test")}
    short = {label for label in STANCES if any(there and label not in there for there in inside.values())}
    assert count(missing_label.look(subject(rows))) == len(short)
    assert count(too_few.look(subject(rows))) == bool(inside["test"]) + len(
        inside["test"]
    )  # each has fewer than 10 units here


@pytest.mark.parametrize("seed", SEEDS)
def test_ties_and_what_is_left_without_gold(seed: int) -> None:
    rows = units(seed)
    settled = [r for r in rows if r["tied"] and r["labels"] and r["decided_by"] != "adjudicated"]
    assert count(ties.look(subject(rows))) == len(settled)
    assert count(unlabelled.look(subject(rows))) == sum(r["split"] is not None and not r["labels"] for r in rows)


@pytest.mark.parametrize("seed", SEEDS)
def test_texts_that_stand_in_another_dataset(seed: int) -> None:
    rows = [row for row in units(seed) if row["text"]]
    other = {f"o{n}": row["text"] for n, row in enumerate(units(seed + 1000)[:10] + rows[:2]) if row["text"]}
    ours = {row["text"] for row in rows}
    met = {text for text in ours if any(containment(text, their) >= 0.5 for their in other.values())}
    given = subject(rows)
    object.__setattr__(given, "others", [Other("other", other)])
    assert count(overlap.look(given)) == len(met)


@pytest.mark.parametrize("seed", SEEDS)
def test_offsets_that_do_not_slice(seed: int) -> None:
    draws = random.Random(seed)
    text = "Ærø ferries 🚢 sail; the harbour stays open."
    marks = []
    for n in range(30):
        start, end = draws.randint(-2, 40), draws.randint(0, 50)
        said = text[max(start, 0) : end] if draws.random() < 0.7 else "harbour"
        marks.append({"mention_id": f"m{n:02}", "article_id": "a1", "start": start, "end": end, "text": said})
    wrong = [
        m for m in marks if not (0 <= m["start"] < m["end"] <= len(text)) or text[m["start"] : m["end"]] != m["text"]
    ]
    assert count(offsets.look(subject([], mentions=marks, articles=[{"article_id": "a1", "text": text}]))) == len(
        wrong
    )
