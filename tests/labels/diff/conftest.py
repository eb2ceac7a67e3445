"""Two states of a study, written by hand for the tests."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from goldwire import tables
from goldwire.files import write_json, write_text
from goldwire.study import Study

Rows = list[dict[str, Any]]
State = dict[str, Any]
Write = Callable[..., Path]

SCHEME = """
name: weather
version: 1.0.0
title: Weather
description: Written for the test.
unit: document
questions:
  - name: sky
    text: Sky
    labels: [{name: clear, definition: C}, {name: grey, definition: G}, {name: fog, definition: F}]
  - {name: falls, text: Falls, type: multiple, required: false, labels: [{name: rain, definition: R},
     {name: hail, definition: H}]}
  - {name: why, text: Why, type: text, required: false}
mentions:
  - {name: word, text: Mark, kind: event, labels: [{name: storm, definition: S}, {name: sun, definition: U}]}
relations:
  - {name: then, definition: T, from: [storm], to: [sun]}
"""


def unit(name: str, split: str | None, text: str = "t") -> dict[str, Any]:
    return {"unit_id": f"{name}/document", "article_id": name, "content_hash": text, "split": split}


def vote(name: str, who: str, label: str, question: str = "sky", **more: Any) -> dict[str, Any]:
    labels = label.split("+") if label else []
    row = {**_of(name, question), "annotator": who, "labels": labels, "counts": True, "status": "submitted"}
    return {**row, **more}


def gold(name: str, label: str | None, by: str = "majority", question: str = "sky", **more: Any) -> dict[str, Any]:
    return {**_of(name, question), "labels": label.split("+") if label else [], "decided_by": by, **more}


def mention(name: str, number: str, start: int, text: str, label: str, **more: Any) -> dict[str, Any]:
    place = {"mention_id": number, "start": start, "end": start + len(text), "text": text, "label": label}
    return {**_of(name, "word"), **place, **more}


def relation(name: str, from_: str, to: str) -> dict[str, Any]:
    ends = {"from": from_, "to": to, "label": "then", "relation_id": f"{from_}-{to}"}
    return {**_of(name, "relation"), **ends}


def _of(name: str, question: str) -> dict[str, Any]:
    return {"scheme": "weather", "scheme_hash": "0", "unit_id": f"{name}/document", "question": question}


@pytest.fixture
def before() -> State:
    """Four units, two annotators."""
    return {
        "version": "1.0.0",
        "units": [unit("a", "train"), unit("b", "train"), unit("c", "test"), unit("d", None)],
        "votes": [
            *(vote(name, who, "clear") for name in "abc" for who in ("ann", "bea")),
            vote("d", "ann", "grey"),
            vote("d", "bea", "clear"),
            vote("a", "ann", "rain+hail", "falls"),
            vote("a", "cid", "fog", counts=False, status="draft"),
        ],
        "gold": [
            *(gold(name, "clear", "unanimous") for name in "abc"),
            gold("d", None, "unresolved"),
            gold("a", "rain+hail", question="falls"),
        ],
        "gold_mentions": [mention("a", "1/x", 0, "Storm", "storm"), mention("a", "1/y", 8, "sun", "sun")],
        "gold_relations": [relation("a", "1/x", "1/y")],
        "scheme": SCHEME,
        "agreement": {"questions": {"sky": {"alpha": {"value": 0.5, "low": 0.25, "high": 0.75}, "units": 4}}},
        "params": "gold: {method: majority}\n",
    }


@pytest.fixture
def after(before: State) -> State:
    """The same, changed in all the ways that there are."""
    state = copy.deepcopy(before)
    state["version"] = "1.1.0"
    state["units"] = [
        unit("a", "train", "other text"),
        unit("b", "test"),
        unit("d", "train"),
        unit("e", "train"),
        unit("f", None),
    ]
    state["votes"] = [
        vote("a", "ann", "clear"),
        vote("a", "bea", "clear"),
        vote("b", "ann", "grey"),
        vote("b", "bea", "grey"),
        vote("d", "bea", "clear"),
        vote("d", "cid", "clear"),
        vote("e", "ann", "fog"),
        vote("a", "ann", "hail+rain", "falls"),
    ]
    state["gold"] = [
        gold("a", "clear", "adjudicated", adjudicator="eve"),
        gold("b", "grey", "unanimous"),
        gold("d", "grey", "adjudicated", adjudicator="eve"),
        gold("e", "fog", "unanimous"),
        gold("a", "hail+rain", question="falls"),
    ]
    state["gold_mentions"] = [
        mention("a", "2/x", 0, "Storm", "storm", entity="Storm Ada"),
        mention("a", "2/y", 8, "sun", "sun"),
        mention("e", "2/z", 3, "sun", "sun"),
    ]
    state["gold_relations"] = [relation("a", "2/x", "2/y")]
    state["agreement"]["questions"]["sky"]["alpha"] = {"value": 0.625, "low": None, "high": None}
    state["params"] = "gold: {method: mace}\nseed: 3\n"
    return state


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Write a state as a study into a folder of this name, or into `root`."""

    def write(name: str, state: State, root: Path | None = None) -> Path:
        study = Study((root or tmp_path) / name)
        write_text(study.params_file, f"version: {state['version']}\n{state['params']}")
        write_text(study.schemes / "weather.yaml", state["scheme"])
        columns = [
            {key: value for key, value in row.items() if key in tables.SCHEMAS["units"].names}
            for row in state["units"]
        ]
        tables.write(tables.build("units", columns), study.table("units"))
        splits = [{"unit_id": row["unit_id"], "split": row["split"]} for row in state["units"] if row["split"]]
        tables.write(tables.build("splits", splits), study.table("splits"))
        for table in ("votes", "gold", "gold_mentions", "gold_relations"):
            tables.write(tables.build(table, state[table]), study.table(table))
        write_json(study.table("votes").with_name("agreement.json"), state["agreement"])
        return study.root

    return write
