"""From a drawn round over `eval next` to a dataset, by the commands: a model never chooses what tests it.

All articles are made up. What a pull would bring is written as a part.
"""

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from goldwire import tables, template
from goldwire.cli.app import app
from goldwire.labels import parts, rounds
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
WORDS = {
    True: "truce talks envoys peace accord hands signed table calm guns silent mediator".split(),
    False: "market harvest bridge football school river budget concert traffic storm bakery museum".split(),
}


def article(number: int) -> dict[str, Any]:
    """One of several that share a story with none but its neighbour; every third is about a truce."""
    drawn = random.Random(number)
    about = number % 3 == 0
    words = drawn.choices(WORDS[about], k=14) + drawn.choices(WORDS[not about], k=5)
    body = f"{' '.join(words)} {' '.join(f'name{number}{letter}' for letter in 'abcdefgh')}."
    return {"article_id": f"a{number:03}", "title": None, "text": body, "story_id": f"s{number // 2:03}"}


def goldwire(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 0, (words, result.stderr, result.exception)
    return result.stdout


def answered(study: Study, name: str, first: int) -> None:
    """Add the part that a pull would: one annotator, who says of each unit whether there is a truce."""
    state = []
    for number, task in enumerate(rounds.tasks(study.rounds / name), start=first):
        label = "TRUCE" if int(task["data"]["unit_id"][1:4]) % 3 == 0 else "NONE"
        choice = {"from_name": "truce", "to_name": "text", "type": "choices", "value": {"choices": [label]}}
        annotation = {
            "id": number,
            "completed_by": {"pseudonym": "annotator-1"},
            "result": [{"id": "c", **choice}],
            "was_cancelled": False,
            "created_at": "2026-11-22T10:00:00Z",
            "updated_at": "2026-11-22T10:00:00Z",
        }
        state.append({"id": number, "data": task["data"], "meta": task["meta"], "annotations": [annotation]})
    parts.append(study.rounds / name / "pulls", {"round": name}, state, [])


def divided(study: Study) -> tuple[dict[str, str], str]:
    for stage in ("build", "gold", "dataset"):
        goldwire("labels", stage)
    table = study.read("splits")
    card = (study.dataset / "README.md").read_text(encoding="utf-8")
    return dict(zip(table["unit_id"].to_pylist(), table["split"].to_pylist(), strict=True)), card


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """200 articles of 100 stories, and a round of every fourth article, answered."""
    made = template.create(tmp_path / "study")
    (made.schemes / "truce.yaml").write_text(SCHEME, encoding="utf-8")
    articles = tables.build("articles", [{**article(n), "content_hash": str(n)} for n in range(200)])
    tables.write(articles, made.articles)
    monkeypatch.chdir(made.root)
    sample = articles.filter([n % 4 == 0 for n in range(200)])
    tables.write(sample, tmp_path / "sample.parquet")
    goldwire("labels", "tasks", "drawn", "--scheme", "truce", "--articles", str(tmp_path / "sample.parquet"))
    answered(made, "drawn", 1)
    return made


def test_what_a_model_chose_trains_and_the_test_set_stays_as_it_was_drawn(study: Study) -> None:
    before, card = divided(study)
    assert Counter(before.values()) == {"train": 30, "validation": 8, "test": 12}
    assert "chosen by a model" not in card
    held_out = {unit for unit, split in before.items() if split != "train"}
    value = json.loads(goldwire("eval", "next", "more", "--scheme", "truce", "--n", "25", "--json"))
    assert value["left_out"] == 20  # the neighbours of the 20 drawn units that are held out
    assert rounds.read(study.rounds / "more").chosen_by == [value["model"]]
    answered(study, "more", 1000)
    after, card = divided(study)
    chosen = {one["unit_id"] for one in value["chosen"]}
    assert len(chosen) == 25
    assert {after[unit] for unit in chosen} == {"train"}
    assert before.items() <= after.items()
    assert {unit for unit, split in after.items() if split != "train"} == held_out
    assert "25 units have been chosen by a model, and not drawn: 25 are in train." in card


def test_a_batch_that_was_chosen_before_anything_was_divided_does_not_test_either(study: Study) -> None:
    for stage in ("build", "gold"):
        goldwire("labels", stage)
    tables.write(tables.build("splits", []), study.table("splits"))
    value = json.loads(goldwire("eval", "next", "more", "--scheme", "truce", "--n", "60", "--json"))
    assert value["left_out"] == 0
    answered(study, "more", 1000)
    study.table("splits").unlink()
    after, card = divided(study)
    chosen = {one["unit_id"] for one in value["chosen"]}
    assert {after[unit] for unit in chosen} <= {"train", None}
    drawn = Counter(split for unit, split in after.items() if unit not in chosen)
    assert drawn == {"train": 30, "validation": 8, "test": 12}
    outside = sorted(unit for unit in chosen if after[unit] is None)
    assert outside  # of the drawn stories, some are held out
    assert f"{len(outside)} are in no split, since what they share stands in validation or test: " in card


def test_a_unit_that_is_drawn_too_and_answered_there_may_test(study: Study) -> None:
    divided(study)
    value = json.loads(goldwire("eval", "next", "more", "--scheme", "truce", "--n", "25", "--json"))
    answered(study, "more", 1000)
    study.table("splits").unlink()
    chosen = sorted(one["unit_id"].split("/")[0] for one in value["chosen"])
    articles = study.read("articles")
    path = study.root / "drawn.parquet"
    tables.write(articles.filter([one in chosen for one in articles["article_id"].to_pylist()]), path)
    goldwire("labels", "tasks", "all-of-them", "--scheme", "truce", "--articles", str(path))
    answered(study, "all-of-them", 2000)
    after, card = divided(study)
    assert "chosen by a model" not in card
    assert {after[f"{one}/document"] for one in chosen} == {"train", "validation", "test"}
