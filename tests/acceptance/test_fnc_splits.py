"""FNC-1, train and test as one pool: one connected component, whose bodies and headlines each get a side."""

import csv
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import numpy as np
import pyarrow as pa
import pytest

from goldwire.corpus.stories import duplicates
from goldwire.labels.splits.sides import assign_sides

SHARES = {"train": 0.6, "validation": 0.15, "test": 0.25}
SECONDS = 60  # to read the files, find the stories and assign the sides


@dataclass(frozen=True)
class Sides:
    """The pairs (story, headline, stance, body), what they were assigned, and how long all of it took."""

    pairs: list[tuple[str, str, str, str]]
    found: dict[str, dict[str, str]]
    seconds: float

    @property
    def kept(self) -> list[tuple[str, tuple[str, str, str, str]]]:
        story, headline = self.found["story"], self.found["headline"]
        return [(story[pair[0]], pair) for pair in self.pairs if story[pair[0]] == headline[pair[1]]]


@pytest.fixture(scope="module")
def sides(shared_data: Path) -> Sides:
    begin = time.perf_counter()
    bodies, rows = read(shared_data / "fnc1")
    story = stories(bodies)
    pairs = [(story[body], headline, stance, body) for headline, body, stance in rows]
    fields = {"story": [pair[0] for pair in pairs], "headline": [pair[1] for pair in pairs]}
    found = assign_sides(fields, [[f"stance\0{pair[2]}"] for pair in pairs], SHARES, seed=0)
    return Sides(pairs, found, time.perf_counter() - begin)


def read(folder: Path) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """Return the text of each body, and the pairs as (headline, body, stance)."""
    bodies, rows = {}, []
    for name in ("train", "competition_test"):
        with (folder / f"{name}_bodies.csv").open(encoding="utf-8", newline="") as stream:
            bodies |= {row["Body ID"]: row["articleBody"] for row in csv.DictReader(stream)}
        with (folder / f"{name}_stances.csv").open(encoding="utf-8", newline="") as stream:
            rows += [(row["Headline"], row["Body ID"], row["Stance"]) for row in csv.DictReader(stream)]
    return bodies, rows


def stories(bodies: dict[str, str]) -> dict[str, str]:
    """Return the story of each body: one of the bodies that it is joined with, the same for all of them."""
    found = duplicates(pa.table({"article_id": list(bodies), "text": list(bodies.values())}))
    story = {body: body for body in bodies}
    members = {body: [body] for body in bodies}
    for pair in found.pairs:
        first, second = sorted((story[pair.a], story[pair.b]))
        if first != second:
            for body in members.pop(second):
                story[body] = first
                members[first].append(body)
    assert len(members) == found.stories
    return story


def at_random(pairs: list[tuple[str, str, str, str]], seed: int) -> int:
    """Return how many pairs are kept when each story and each headline is drawn by itself."""
    draw = np.random.default_rng(seed)
    agreeing = []
    for field in (0, 1):
        _, codes = np.unique([pair[field] for pair in pairs], return_inverse=True)
        agreeing.append(draw.choice(3, codes.max() + 1, p=list(SHARES.values()))[codes])
    return int((agreeing[0] == agreeing[1]).sum())


def test_no_body_story_or_headline_stands_on_two_sides(sides: Sides) -> None:
    assert len(sides.pairs) == 75_385
    for field in (0, 1, 3):
        seen = defaultdict(set)
        for split, pair in sides.kept:
            seen[pair[field]].add(split)
        assert [value for value, splits in seen.items() if len(splits) > 1] == []


def test_every_story_and_headline_has_a_side(sides: Sides) -> None:
    assert sides.found["story"].keys() == {pair[0] for pair in sides.pairs}
    assert sides.found["headline"].keys() == {pair[1] for pair in sides.pairs}
    assert {split for field in sides.found.values() for split in field.values()} == set(SHARES)


def test_more_pairs_are_kept_than_at_random(sides: Sides) -> None:
    random = mean(at_random(sides.pairs, seed) for seed in range(10))
    assert 32_000 < random < 35_000
    assert len(sides.kept) > 1.9 * random
    assert len(sides.pairs) - len(sides.kept) < 10_000


def test_each_split_has_its_share_of_what_is_kept(sides: Sides) -> None:
    counts = Counter(split for split, _ in sides.kept)
    for split, share in SHARES.items():
        assert counts[split] / len(sides.kept) == pytest.approx(share, abs=0.006)


def test_classes_have_their_share_of_every_split(sides: Sides) -> None:
    pool = Counter(pair[2] for pair in sides.pairs)
    assert len(pool) == 4
    for split in SHARES:
        counts = Counter(pair[2] for where, pair in sides.kept if where == split)
        for stance, n in pool.items():
            assert counts[stance] / counts.total() == pytest.approx(n / 75_385, abs=0.011), (split, stance)


def test_reading_stories_and_sides_take_less_than_a_minute(sides: Sides) -> None:
    assert sides.seconds < SECONDS
