"""Samples of articles tables: which are drawn, with which probability, and what is refused. Written for the test."""

import json
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldwire import tables
from goldwire.corpus.sampling.allocation import allocate
from goldwire.corpus.sampling.design import Design
from goldwire.corpus.sampling.sample import sample
from goldwire.errors import GoldwireError, UsageError

# Ten of East in January, six of West in January, four of West in February, two without outlet and date.
OUTLETS = ["East"] * 10 + ["West"] * 10 + [None] * 2
MONTHS = [1] * 16 + [2] * 4 + [None] * 2


def article(number: int, text: str = "Nothing new.") -> dict[str, Any]:
    month = MONTHS[number % 22]
    return {
        "article_id": f"a{number:03}",
        "content_hash": f"h{number}",
        "text": text,
        "body_start": 0,
        "outlet": OUTLETS[number % 22],
        "published_at": month and datetime(2024, month, 31 if month == 1 else 1, 23, 59, tzinfo=UTC),
        "language": "en",
        "story_id": f"s{number // 2}",
        "meta": "{}",
    }


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    path = tmp_path / "articles.parquet"
    tables.write(tables.build("articles", map(article, range(22))), path)
    return path


def of(texts: list[str], path: Path) -> Path:
    tables.write(tables.build("articles", [article(i, text) for i, text in enumerate(texts)]), path)
    return path


def strata(path: Path, design: Design) -> dict[str | None, tuple[int, int]]:
    found = sample(path, design)
    drawn = Counter(found.table["stratum"].to_pylist())
    assert all(drawn[row["stratum"]] == row["sampled"] for row in found.strata)
    return {row["stratum"]: (row["population"], row["sampled"]) for row in found.strata}


def ids(path: Path, design: Design) -> set[str]:
    return set(sample(path, design).table["article_id"].to_pylist())


def test_a_sample_has_the_columns_of_articles_and_its_probabilities_by_article_id(articles: Path) -> None:
    found = sample(articles, Design(11))
    assert found.table.column_names == [*tables.SCHEMAS["articles"].names, "probability", "stratum"]
    assert found.table.select(tables.SCHEMAS["articles"].names).schema == tables.SCHEMAS["articles"]
    names = found.table["article_id"].to_pylist()
    assert names == sorted(set(names))
    assert len(names) == 11
    whole = {row["article_id"]: row for row in tables.read(articles).to_pylist()}
    for row in found.table.to_pylist():
        assert row.pop("probability") == 0.5
        assert row.pop("stratum") is None
        assert row == whole[row["article_id"]]
    assert (found.articles, found.population) == (22, 22)
    assert found.strata == [{"stratum": None, "population": 22, "sampled": 11, "probability": 0.5}]


@pytest.mark.parametrize(
    ("design", "expected"),
    [
        (Design(11, by=("outlet",)), {"East": (10, 5), "West": (10, 5), "none": (2, 1)}),
        (Design(11, by=("outlet",), allocation="equal"), {"East": (10, 5), "West": (10, 4), "none": (2, 2)}),
        (Design(3, by=("outlet",)), {"East": (10, 1), "West": (10, 1), "none": (2, 1)}),
        (Design(22, by=("outlet",)), {"East": (10, 10), "West": (10, 10), "none": (2, 2)}),
    ],
    ids=["in proportion", "equal as far as there are enough", "at least one", "all"],
)
def test_strata_get_their_share(articles: Path, design: Design, expected: dict[str, tuple[int, int]]) -> None:
    assert strata(articles, design) == {f"outlet={name}": counts for name, counts in expected.items()}


def test_strata_of_several_columns_are_the_combinations_that_there_are(articles: Path) -> None:
    assert strata(articles, Design(11, by=("outlet", "month"))) == {
        "outlet=East|month=2024-01": (10, 5),
        "outlet=West|month=2024-01": (6, 3),
        "outlet=West|month=2024-02": (4, 2),
        "outlet=none|month=none": (2, 1),
    }


def test_a_keyword_boosts_the_articles_in_which_it_stands(tmp_path: Path) -> None:
    path = of(["A ceasefire holds."] * 20 + ["Rain."] * 100, tmp_path / "a.parquet")
    found = sample(path, Design(30, keywords=("ceasefire",), boost=5))
    assert found.strata == [  # weights 5 x 20 and 100
        {"stratum": "keyword=yes", "population": 20, "sampled": 15, "probability": 0.75},
        {"stratum": "keyword=no", "population": 100, "sampled": 15, "probability": 0.15},
    ]
    for row in found.table.to_pylist():
        hit = "ceasefire" in row["text"]
        assert (row["stratum"], row["probability"]) == (("keyword=yes", 0.75) if hit else ("keyword=no", 0.15))
    assert strata(path, Design(60, keywords=("ceasefire",), boost=50)) == {
        "keyword=yes": (20, 20),  # as many as there are; the others share the rest
        "keyword=no": (100, 40),
    }


@pytest.mark.parametrize(
    ("keyword", "text", "stands"),
    [
        ("ceasefire", "CEASEFIRE!", True),
        ("ceasefire", "Ceasefires end.", False),
        ("cease-fire", "A cease fire", True),
        ("peace talks", "The peace\ntalks", True),
        ("peace talks", "talks on peace", False),
        ("talks", "peace,talks", True),
        ("café", "Cafe\u0301 closed", True),
        ("переговоры", "ПЕРЕГОВОРЫ начались", True),
        ("переговор", "переговоры начались", False),
        ("停火", "双方同意停火。", True),
        ("停火", "火停了。", False),
        ("STRASSE", "Die Straße", True),
    ],
)
def test_keywords_are_whole_words_in_any_script(tmp_path: Path, keyword: str, text: str, stands: bool) -> None:
    from goldwire.text.normalise import normalise

    path = of([normalise(text), "Rain.", "Wind."], tmp_path / "a.parquet")
    expected = {"keyword=yes": (1, 1), "keyword=no": (2, 1)} if stands else {"keyword=no": (3, 2)}
    assert strata(path, Design(2, keywords=(keyword, "no such word"))) == expected


def test_one_article_a_story_is_drawn(articles: Path) -> None:
    found = sample(articles, Design(11, one_per_story=True))
    assert (found.articles, found.population) == (22, 11)
    assert len(set(found.table["story_id"].to_pylist())) == 11
    assert found.table["probability"].to_pylist() == [0.5] * 11  # each story, and one of its two
    members = [ids(articles, Design(11, one_per_story=True, seed=seed)) for seed in range(40)]
    assert set.union(*members) == {f"a{i:03}" for i in range(22)}


def test_an_article_without_a_story_is_one_by_itself(tmp_path: Path) -> None:
    rows = [{**article(i), "story_id": None if i < 4 else "s"} for i in range(10)]
    path = tmp_path / "a.parquet"
    tables.write(tables.build("articles", rows), path)
    found = sample(path, Design(5, one_per_story=True))
    assert found.population == 5
    assert sorted(found.table["probability"].to_pylist()) == pytest.approx([1 / 6, 1, 1, 1, 1])


@pytest.mark.parametrize(
    "design",
    [
        Design(9),
        Design(9, by=("outlet", "month")),
        Design(9, by=("outlet",), allocation="equal"),
        Design(9, keywords=("rain",)),
        Design(9, one_per_story=True, by=("outlet",)),
    ],
    ids=["random", "strata", "equal", "keyword", "story"],
)
def test_the_draw_hangs_on_seed_and_ids_alone_and_a_larger_sample_holds_the_smaller(
    tmp_path: Path, design: Design
) -> None:
    rows = [article(i, "Rain." if i % 3 else "Wind.") for i in range(88)]
    mixed = [rows[i] for i in np.random.default_rng(0).permutation(88)]
    found = []
    for name, listed in (("a.parquet", rows), ("b.parquet", mixed), ("c.csv", mixed), ("d.jsonl", mixed)):
        tables.write(tables.build("articles", listed), tmp_path / name)
        found.append(sample(tmp_path / name, design))
    assert all(other.table.equals(found[0].table) and other.strata == found[0].strata for other in found)
    path, sizes = tmp_path / "a.parquet", range(6, 45)
    samples = [ids(path, Design(**{**vars(design), "n": n})) for n in sizes]
    assert [len(drawn) for drawn in samples] == list(sizes)
    assert all(small < large for small, large in pairwise(samples))
    assert ids(path, Design(**{**vars(design), "seed": 1})) != ids(path, design)


def test_a_sample_of_a_sample_estimates_the_corpus(tmp_path: Path) -> None:
    path, first = of(["Rain."] * 22 * 6, tmp_path / "a.parquet"), tmp_path / "first.parquet"
    sizes, east = [], []
    for seed in range(150):
        tables.write(sample(path, Design(36, by=("outlet",), allocation="equal", seed=seed)).table, first)
        found = sample(first, Design(12, seed=seed)).table
        weights = 1 / found["probability"].to_numpy()
        sizes.append(weights.sum())
        east.append(weights[np.array(found["outlet"].to_pylist()) == "East"].sum())
    for values, truth in ((sizes, 132), (east, 60)):
        assert abs(np.mean(values) - truth) < 4 * np.std(values) / np.sqrt(150)


@given(st.data())
def test_allocation_is_webster_s_within_its_bounds(data: st.DataObject) -> None:
    cells = data.draw(st.integers(1, 6))
    most = np.array(data.draw(st.lists(st.integers(1, 30), min_size=cells, max_size=cells)))
    weights = np.array(data.draw(st.lists(st.floats(0.01, 100), min_size=cells, max_size=cells)))
    least = np.ones(cells, np.int64)
    n = data.draw(st.integers(cells, int(most.sum())))
    seats = allocate(n, weights, least, most)
    assert seats.sum() == n
    assert ((seats >= least) & (seats <= most)).all()
    # Moving a seat from one to another that may have it would not be fairer (Balinski and Young, 1982).
    losing = [w / (s - 0.5) for w, s, low in zip(weights, seats, least, strict=True) if s > low]
    gaining = [w / (s + 0.5) for w, s, high in zip(weights, seats, most, strict=True) if s < high]
    assert not losing or not gaining or min(losing) >= max(gaining)
    if n < most.sum():
        assert (allocate(n + 1, weights, least, most) >= seats).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": 0}, "a sample has at least one article, not 0"),
        ({"n": 5, "by": ("source",)}, 'there are no strata by "source"'),
        ({"n": 5, "by": ("month", "month")}, "the same strata are asked for twice"),
        ({"n": 5, "boost": 2.0}, "there is nothing to boost"),
        ({"n": 5, "boost": 0.0, "keywords": ("a",)}, "the boost is a number above 0, not 0"),
        ({"n": 5, "boost": float("nan"), "keywords": ("a",)}, "the boost is a number above 0, not nan"),
    ],
)
def test_a_design_that_cannot_be_is_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        Design(**arguments)
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("design", "message"),
    [
        (Design(23), "there are 22 articles, and 23 are wanted"),
        (Design(12, one_per_story=True), "there are 11 stories, and 12 are wanted"),
        (Design(2, by=("outlet",)), "there are 3 strata, and a sample of 2 cannot have an article of each"),
        (Design(5, keywords=("new", "?!")), 'the keyword "?!" has no letter or digit'),
    ],
)
def test_a_design_that_does_not_fit_the_articles_is_refused(articles: Path, design: Design, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        sample(articles, design)
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([], "{path}: it has no articles"),
        ([article(1), {**article(2), "article_id": None}], "{path}: article_id: an article has no id"),
        ([article(1), article(2), article(1)], '{path}: article_id: article "a001" stands twice'),
    ],
)
@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl"])
def test_a_table_that_is_no_corpus_is_refused(tmp_path: Path, rows: list[Any], error: str, ending: str) -> None:
    if not rows and ending == "jsonl":  # such a file has no columns either
        error = f"{{path}}: is not a table of articles: it lacks {', '.join(tables.SCHEMAS['articles'].names)}"
    path = tmp_path / f"a.{ending}"
    tables.write(tables.build("articles", rows), path)
    with pytest.raises(GoldwireError) as caught:
        sample(path, Design(1))
    assert str(caught.value) == error.format(path=path)


def test_wrong_files_and_probabilities_and_missing_stories_are_refused_by_name(
    tmp_path: Path, articles: Path
) -> None:
    whole = tables.read(articles)
    cases = {
        "lacks.parquet": (whole.drop_columns(["text", "meta"]), "is not a table of articles: it lacks text, meta"),
        "odd.parquet": (whole.append_column("probability", pa.array([0.0] * 22)), "a probability is missing, or not"),
        "null.csv": (whole.append_column("probability", pa.array([None, *[1.0] * 21])), "a probability is missing"),
        "text.csv": (whole.append_column("probability", pa.array(["high"] * 22)), "is not a table of articles: "),
    }
    for name, (table, message) in cases.items():
        tables.write(table, tmp_path / name)
        with pytest.raises(GoldwireError, match=message) as caught:
            sample(tmp_path / name, Design(5))
        assert str(caught.value).startswith(str(tmp_path / name)), name
    (tmp_path / "broken.parquet").write_bytes(articles.read_bytes()[:-20])
    for name, message in {"broken.parquet": "cannot be read", "none.parquet": "the file is not there"}.items():
        with pytest.raises(GoldwireError, match=message):
            sample(tmp_path / name, Design(5))
    path = tmp_path / "no-stories.parquet"
    tables.write(tables.build("articles", [{**article(i), "story_id": None} for i in range(4)]), path)
    with pytest.raises(UsageError, match="no article has a story"):
        sample(path, Design(2, one_per_story=True))


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "goldwire", "corpus", "sample", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)


def test_the_command_writes_the_sample_and_says_how_it_was_drawn(tmp_path: Path, articles: Path) -> None:
    made = run(tmp_path, "-n", "6", "--by", "outlet", "--seed", "3", "-o", "s.csv", "--json")
    assert made.stderr == ""
    assert json.loads(made.stdout) == {
        "articles": 22,
        "drawn": "articles",
        "population": 22,
        "sampled": 6,
        "seed": 3,
        "strata": [
            {"stratum": "outlet=East", "population": 10, "sampled": 3, "probability": 0.3},
            {"stratum": "outlet=West", "population": 10, "sampled": 2, "probability": 0.2},
            {"stratum": "outlet=none", "population": 2, "sampled": 1, "probability": 0.5},
        ],
    }
    read = tables.read(tmp_path / "s.csv")
    assert set(read["article_id"].to_pylist()) == ids(articles, Design(6, by=("outlet",), seed=3))
    assert set(read["probability"].to_pylist()) == {"0.3", "0.2", "0.5"}
    text = run(tmp_path, "-n", "11", "--one-per-story")
    assert text.stdout == (
        "11 of 11 stories drawn, seed 0: sample.parquet\n"
        "stratum  stories  drawn  probability\n"
        "all           11     11            1\n"
    )
    assert tables.read(tmp_path / "sample.parquet", "articles").num_rows == 11
    (tmp_path / "params.yaml").write_text("seed: 5\n")
    assert json.loads(run(tmp_path, "articles.parquet", "-n", "6", "--json").stdout)["seed"] == 5


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["-n", "5", "-o", "articles.parquet"], "articles.parquet: the sample would replace the articles"),
        (["-n", "5", "-o", "s.txt"], "a sample is .parquet, .csv, .tsv, .jsonl, not s.txt"),
        (["-n", "99"], "there are 22 articles, and 99 are wanted"),
        (["-n", "5", "--by", "source"], 'there are no strata by "source"'),
    ],
)
def test_the_command_refuses_what_cannot_be_and_writes_nothing(
    tmp_path: Path, articles: Path, arguments: list[str], error: str
) -> None:
    before = articles.read_bytes()
    made = run(tmp_path, *arguments)
    assert (made.returncode, made.stdout) == (2, "")
    assert made.stderr.splitlines()[0] == f"Error: {error}"
    assert articles.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["articles.parquet"]
