"""What `goldwire demo` makes with a real Label Studio: votes, gold, dataset."""

import json
import re
import sqlite3
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from goldwire import tables
from goldwire.demo import recorded
from goldwire.labels.dataset.digest import digest_of
from goldwire.scheme import load
from goldwire.study import Study

pytestmark = pytest.mark.server

ROOT = Path(__file__).parents[2]
ANNOTATORS = {"annotator-01", "annotator-02", "annotator-03"}
QUESTIONS = {"event-plover": "main_event", "stance-target": "stance"}
EMAIL = re.compile(rb"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")


def test_every_article_of_the_sample_has_gold_for_both_schemes(study: Study) -> None:
    lines = (recorded.folder() / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    articles = {json.loads(line)["id"] for line in lines}
    article_of = {row["unit_id"]: row["article_id"] for row in study.read("units").to_pylist()}
    gold = study.read("gold").to_pylist()
    assert set(study.read("articles")["article_id"].to_pylist()) == articles
    for scheme, question in QUESTIONS.items():
        rows = [row for row in gold if (row["scheme"], row["question"]) == (scheme, question)]
        assert {article_of[row["unit_id"]] for row in rows} == articles
        assert {row["n_votes"] for row in rows} <= {1, 2, 3}  # an annotator may abstain


def test_every_recorded_answer_is_a_vote_of_its_annotator(study: Study) -> None:
    votes = [row for row in study.read("votes").to_pylist() if row["counts"]]
    answers = list(recorded.load())
    for scheme, question in QUESTIONS.items():
        given = Counter(answer.annotator for answer in answers if answer.scheme == scheme)
        voted = Counter(row["annotator"] for row in votes if (row["scheme"], row["question"]) == (scheme, question))
        assert voted == given
        assert set(voted) == ANNOTATORS
        assert min(voted.values()) >= 40
    assert {row["status"] for row in votes} == {"submitted"}
    spans = sum(len(answer.mentions) for answer in answers)
    assert sum(study.read("vote_mentions")["counts"].to_pylist()) == spans > 0
    links = sum(len(answer.relations) for answer in answers)
    assert sum(study.read("vote_relations")["counts"].to_pylist()) == links > 0


def test_every_tie_is_settled_by_its_recorded_ruling(study: Study) -> None:
    units = {row["unit_id"]: row for row in study.read("units").to_pylist()}
    gold = study.read("gold").to_pylist()
    tied = {(row["unit_id"], row["question"]): row for row in gold if row["tied"]}
    rulings = list(recorded.load_rulings())
    assert len(tied) == len(rulings) == 4
    for ruling in rulings:
        ((question, labels),) = ruling.answers.items()
        about = (ruling.article_id, ruling.holder, ruling.target)
        (row,) = [
            row
            for (unit, asked), row in tied.items()
            if asked == question and tuple(units[unit][key] for key in ("article_id", "holder", "target")) == about
        ]
        assert row["labels"] == labels
        assert (row["decided_by"], row["adjudicator"]) == ("adjudicated", "adjudicator-01")
        assert row["reason"] == f"{ruling.reason}: {ruling.comment}"
        assert max(share["share"] for share in row["distribution"]) <= 0.5
    assert "unresolved" not in {row["decided_by"] for row in gold}


def test_the_answers_were_submitted_under_the_annotators_own_accounts(study: Study) -> None:
    """The server's own database says who submitted: an import with completed_by would name the importer too."""
    database = study.root / ".goldwire" / "demo" / "label_studio.sqlite3"
    query = """
        select project_id, by.email, changed.email, import_id, count(*) from task_completion
        join htx_user by on by.id = completed_by_id left join htx_user changed on changed.id = updated_by_id
        group by 1, 2, 3, 4
    """
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        rows = connection.execute(query).fetchall()
    connection.close()
    given = Counter((answer.scheme, answer.annotator) for answer in recorded.load())
    ruled = Counter((ruling.scheme, ruling.annotator) for ruling in recorded.load_rulings())
    projects = [*((scheme, given, ANNOTATORS) for scheme in QUESTIONS)]
    projects += [(scheme, ruled, {"adjudicator-01"}) for scheme in QUESTIONS]
    wanted = {
        (number, f"{name}@demo.example", f"{name}@demo.example", None, counts[scheme, name])
        for number, (scheme, counts, names) in enumerate(projects, 1)
        for name in names
    }
    assert set(rows) == wanted


def test_people_are_pseudonyms_in_every_file_but_one(study: Study) -> None:
    """The server's own folder, .goldwire, is no part of the study; git and DVC ignore it."""
    for path in sorted(study.root.rglob("*")):
        name = path.relative_to(study.root)
        if not path.is_file() or name.parts[0] == ".goldwire" or path == study.annotators:
            continue
        content = path.read_bytes()
        if path.suffix == ".parquet":  # compressed: the values are looked at
            content = json.dumps(tables.read(path).to_pylist(), default=str).encode()
        found = EMAIL.findall(content)
        if path.suffix == ".joblib":  # random bytes can look like an address, but not like one of these
            found = [one for one in found if b"demo.example" in one]
        assert found == [], name
    assert len(EMAIL.findall(study.annotators.read_bytes())) == 4
    assert {"/labels/annotators.csv", "/.goldwire/"} <= set((study.root / ".gitignore").read_text().split())


LOAD = """
import json, sys
import datasets, yaml

folder = sys.argv[1]
header = yaml.safe_load(open(folder + "/README.md", encoding="utf-8").read().split("---")[1])
found = {}
for config in [entry["config_name"] for entry in header["configs"]]:
    loaded = datasets.load_dataset(folder, config)
    found[config] = {
        "rows": {split: part.num_rows for split, part in loaded.items()},
        "articles": {split: sorted(set(part["article_id"])) for split, part in loaded.items()},
        "names": {
            name: getattr(feature, "names", None) or getattr(getattr(feature, "feature", None), "names", None)
            for name, feature in loaded["train"].features.items()
        },
    }
default = datasets.load_dataset(folder)
print(json.dumps({"configs": found, "default": {split: part.num_rows for split, part in default.items()}}))
"""


@pytest.fixture(scope="module")
def loaded(study: Study, no_network: dict[str, str]) -> dict[str, Any]:
    """What Hugging Face datasets makes of the folder without a network: rows, articles, label names by config."""
    run = subprocess.run(
        [sys.executable, "-c", LOAD, str(study.dataset)],
        env={**no_network, "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    value: dict[str, Any] = json.loads(run.stdout)
    return value


def test_the_dataset_loads_offline_with_every_config_of_its_card(study: Study, loaded: dict[str, Any]) -> None:
    assert set(loaded["configs"]) == {path.parent.name for path in study.dataset.glob("*/*.parquet")}
    assert {"gold", "votes", "mentions", "relations", "events", "articles"} <= set(loaded["configs"])
    sizes = {name: config["rows"] for name, config in loaded["configs"].items()}
    assert all(set(rows) == {"train", "validation", "test"} and min(rows.values()) > 0 for rows in sizes.values())
    assert loaded["default"] == sizes["gold"]
    assert sum(sizes["gold"].values()) == study.read("gold").num_rows
    assert sum(sizes["votes"].values()) == study.read("votes").num_rows
    assert sum(sizes["mentions"].values()) == study.read("gold_mentions").num_rows
    assert sum(sizes["articles"].values()) == study.read("articles").num_rows


@pytest.mark.parametrize(("scheme", "question"), QUESTIONS.items())
def test_label_classes_stand_in_the_order_of_the_scheme(loaded: dict[str, Any], scheme: str, question: str) -> None:
    labels = load(scheme).question(question).labels
    names = loaded["configs"][f"gold-{scheme}"]["names"][question]
    assert names == [label.name for label in labels if label.role != "unsure"]


def test_no_story_and_no_event_is_on_two_sides(study: Study, loaded: dict[str, Any]) -> None:
    articles = {row["article_id"]: row for row in study.read("articles").to_pylist()}
    sides = defaultdict(set)
    for config in loaded["configs"].values():
        for split, ids in config["articles"].items():
            for article in ids:
                sides["story", articles[article]["story_id"]].add(split)
                sides["group", articles[article]["group"]].add(split)
    assert {key: found for key, found in sides.items() if len(found) > 1} == {}
    assert len({row["story_id"] for row in articles.values()}) < len(articles), "no wire copy was recognised"


def test_the_repository_holds_this_dataset(study: Study) -> None:
    """The digest is over values: other versions of a library may write them in other bytes."""
    assert digest_of(ROOT / "labels" / "dataset") == digest_of(study.dataset), "run make demo, and commit its dataset"
