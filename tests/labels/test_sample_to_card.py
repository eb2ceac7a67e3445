"""From a sample of the corpus to shares in the corpus, on the card, by the commands. All articles are made up."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from goldwire import tables
from goldwire.labels import parts, rounds
from goldwire.stats.survey import rates
from goldwire.study import Study

SCHEME = """
name: truce
version: 1.0.0
title: Truces
description: Whether there is a truce.
unit: document
questions:
  - name: truce
    text: Is there a truce
    labels: [{name: TRUCE, definition: There is one.}, {name: NONE, definition: There is none., role: negative}]
"""
OUTLETS = {"Courier": 100, "Gazette": 60, "Post": 40}  # articles of each; every tenth is about a truce
SAMPLED = "The articles are a sample: `probability` is the chance with which a unit's article was drawn."
DESIGN = ("--by", "outlet", "--keyword", "truce")
HEAD = "| label | definition | train | validation | test |"

Goldwire = Callable[..., str]


@pytest.fixture(scope="module")
def goldwire(no_network: dict[str, str]) -> Goldwire:
    def run(folder: Path, *arguments: str) -> str:
        command = [sys.executable, "-m", "goldwire", *arguments]
        made = subprocess.run(
            command, cwd=folder, env=no_network, capture_output=True, text=True, check=False, timeout=120
        )
        assert made.returncode == 0, made.stderr
        return made.stdout

    return run


@pytest.fixture(scope="module")
def imported(goldwire: Goldwire, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("imported")
    goldwire(folder, "init", "study")
    (folder / "study" / "labels" / "schemes" / "truce.yaml").write_text(SCHEME, encoding="utf-8")
    with (folder / "articles.jsonl").open("w", encoding="utf-8") as stream:
        for outlet, count in OUTLETS.items():
            for number in range(count):
                names = " ".join(f"{outlet}{number}{letter}" for letter in "abcdefghijkl")  # no two are alike
                about = "A truce was signed" if number % 10 == 0 else "Nothing was signed"
                row = {"id": f"{outlet}-{number:03}", "outlet": outlet, "text": f"{about} by {names}."}
                stream.write(json.dumps(row) + "\n")
    goldwire(folder / "study", "corpus", "import", "../articles.jsonl")
    return folder / "study"


@pytest.fixture
def study(imported: Path, tmp_path: Path) -> Study:
    return Study(Path(shutil.copytree(imported, tmp_path / "study")))


def answered(study: Study, count: int | None = None) -> None:
    """Add the part that a pull would: one annotator, who says of each of the first units whether there is a truce."""
    folder = study.rounds / "r"
    state = []
    for number, task in enumerate(rounds.tasks(folder)[:count], start=1):
        label = "TRUCE" if "truce" in task["data"]["text"] else "NONE"
        choice = {"from_name": "truce", "to_name": "text", "type": "choices", "value": {"choices": [label]}}
        annotation = {
            "id": number,
            "completed_by": {"pseudonym": "annotator-1"},
            "result": [{"id": "c", **choice}],
            "was_cancelled": False,
            "ground_truth": False,
            "created_at": "2026-11-22T10:00:00Z",
            "updated_at": "2026-11-22T10:00:00Z",
            "lead_time": 9.0,
            "parent_prediction": None,
        }
        state.append({"id": number, "data": task["data"], "meta": task["meta"], "annotations": [annotation]})
    parts.append(folder / "pulls", {"round": "r"}, state, [])


def carded(study: Study, goldwire: Goldwire) -> tuple[str, list[list[str]]]:
    """Run the stages; return the card, and the table of the question's labels."""
    for stage in ("build", "gold", "dataset"):
        goldwire(study.root, "labels", stage)
    card = (study.dataset / "README.md").read_text(encoding="utf-8")
    lines = card[card.index(HEAD) :].split("\n\n")[0].splitlines()
    return card, [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def estimated(sample: Path) -> list[str]:
    """Return the shares of the two labels, worked out from the file of the sample alone."""
    rows = tables.read(sample).to_pylist()
    labels = [["TRUCE" if "truce" in row["text"] else "NONE"] for row in rows]
    found = rates(labels, [row["probability"] for row in rows], names=["TRUCE", "NONE"])
    return [f"{share.value:.3f} [{share.low:.3f}, {share.high:.3f}]" for share in found.values()]


def test_a_sample_gives_shares_in_the_corpus_and_a_larger_one_goes_on_from_it(
    study: Study, goldwire: Goldwire
) -> None:
    root = study.root
    drawn = json.loads(goldwire(root, "corpus", "sample", "-n", "40", *DESIGN, "-o", "small.parquet", "--json"))
    assert (drawn["articles"], drawn["drawn"], drawn["sampled"], drawn["seed"]) == (200, "articles", 40, 0)
    # 40 by weight, where a truce counts 5 times: Webster's seats for 50, 90, 30, 54, 20 and 36
    strata = [(row["stratum"], row["population"], row["sampled"]) for row in drawn["strata"]]
    assert strata == [
        ("outlet=Courier|keyword=yes", 10, 7), ("outlet=Courier|keyword=no", 90, 13),
        ("outlet=Gazette|keyword=yes", 6, 4), ("outlet=Gazette|keyword=no", 54, 8),
        ("outlet=Post|keyword=yes", 4, 3), ("outlet=Post|keyword=no", 36, 5),
    ]  # fmt: skip
    tasks = ("labels", "tasks", "r", "--scheme", "truce", "--json", "--articles")
    assert json.loads(goldwire(root, *tasks, "small.parquet")) == {"round": "r", "units": 40}
    answered(study)
    card, table = carded(study, goldwire)
    assert SAMPLED in card
    assert (
        '- Round r: 40 of 200 articles; by outlet, in proportion; those with "truce" 5 times as often (seed 0).\n'
    ) in card
    assert table[0] == ["label", "definition", "train", "validation", "test", "in the corpus"]
    truce, none, unresolved = table[2:]
    assert (sum(map(int, truce[2:5])), sum(map(int, none[2:5]))) == (14, 26)  # 35% of the sample, and in the corpus
    assert [truce[5], none[5]] == estimated(root / "small.parquet")
    assert (truce[5][:5], none[5][:5], unresolved[5][:5]) == ("0.100", "0.900", "0.000")

    goldwire(root, "corpus", "sample", "-n", "100", *DESIGN, "-o", "large.parquet")
    assert json.loads(goldwire(root, *tasks, "large.parquet")) == {"round": "r", "units": 100}
    large = tables.read(root / "large.parquet")
    chances = dict(zip(large["article_id"].to_pylist(), large["probability"].to_pylist(), strict=True))
    card, table = carded(study, goldwire)  # the new ones have no answers yet
    assert "- Round r: 100 of 200 articles; " in card
    units = study.read("units")
    assert dict(zip(units["article_id"].to_pylist(), units["probability"].to_pylist(), strict=True)) == chances
    assert sum(int(cell) for row in table[2:] for cell in row[2:5]) == 40
    answered(study)
    card, table = carded(study, goldwire)
    assert SAMPLED in card
    assert [row[5] for row in table[2:4]] == estimated(root / "large.parquet")
    assert [row[5][:5] for row in table[2:4]] == ["0.100", "0.900"]
    assert [sum(map(int, row[2:5])) for row in table[2:4]] == [20, 80]


def test_the_whole_corpus_has_the_probability_1_and_no_column_of_shares(study: Study, goldwire: Goldwire) -> None:
    stdout = goldwire(study.root, "labels", "tasks", "r", "--scheme", "truce", "--json")
    assert json.loads(stdout) == {"round": "r", "units": 200}
    answered(study, 40)
    card, table = carded(study, goldwire)
    assert set(study.read("units")["probability"].to_pylist()) == {1.0}
    assert SAMPLED not in card
    assert "in the corpus" not in card
    assert table[0] == ["label", "definition", "train", "validation", "test"]
    assert sum(int(cell) for row in table[2:] for cell in row[2:]) == 40
