"""A small study made here: sixty short texts, two schemes, three annotators who do not always agree."""

import shutil
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from goldwire import files, scheme, tables
from goldwire.eval.assess import score_all
from goldwire.eval.models import predict_all, train_all
from goldwire.study import Study

EVENTS = """\
name: events-small
version: 1.0.0
title: Events, a small codebook
description: For tests.
unit: document
questions:
  - name: main_event
    text: What happened?
    labels:
      - {name: PROTEST, definition: People demonstrate or strike., hotkey: p}
      - {name: AID, definition: Somebody gives help., hotkey: a}
      - {name: ASSAULT, definition: Somebody uses violence., hotkey: s}
      - {name: NO_EVENT, definition: Nothing political happened., role: negative, hotkey: n}
      - {name: UNSURE, definition: Cannot be told., role: unsure, hotkey: u}
  - name: topics
    text: What is it about?
    type: multiple
    required: false
    labels:
      - {name: economy, definition: Money.}
      - {name: security, definition: Safety.}
"""
STANCE = """\
name: stance-small
version: 1.2.0
title: Stance, a small codebook
description: For tests.
unit: target
questions:
  - name: stance
    text: Is the holder for or against the target?
    labels:
      - {name: favor, definition: For it.}
      - {name: against, definition: Against it.}
      - {name: none, definition: Takes no side., role: negative}
      - {name: unsure, definition: Cannot be told., role: unsure}
"""


def _texts() -> list[dict[str, str]]:
    header, *lines = (Path(__file__).parent / "texts.tsv").read_text(encoding="utf-8").splitlines()
    return [dict(zip(header.split("\t"), line.split("\t"), strict=True)) for line in lines]


CARD = "card: {title: A small study, summary: Made for tests., limits: Not evidence <of> anything.}"
AGREEMENT = {
    "questions": {
        "events-small.main_event": {
            "alpha": {"value": 0.61, "low": 0.5, "high": 0.7},
            "observed": 0.8,
            "units_with_two": 60,
            "per_label": {"AID": {"alpha": {"value": -0.04, "low": None, "high": None}, "votes": 9}},
        }
    }
}
SPLITS = ("train", "train", "test", "train", "validation", "test")  # of the stories, in turn

MakeStudy = Callable[..., Study]


def labels_given(row: int, gold: str, others: list[str], unsure: str) -> dict[str, str]:
    """What each annotator says: the first mostly right, the third least so, and everybody tied now and then."""
    wrong = others[row % len(others)]
    third = others[(row + 1) % len(others)]
    return {
        "a01": third if row % 19 == 7 else gold,
        "a02": wrong if row % 6 == 5 or row % 19 == 7 else gold,
        "a03": unsure if row % 13 == 3 else wrong if row % 5 == 4 else gold,
    }


def make(folder: Path, params: str = "", splits: tuple[str | None, ...] = SPLITS) -> Study:
    """Make the study in a new folder, with these lines in params.yaml, and stories put into these splits in turn."""
    study = Study(folder)
    study.schemes.mkdir(parents=True)
    study.params_file.write_text(
        f"eval: {{resamples: 200, baselines: [majority, tfidf-logreg]}}\n{params}", encoding="utf-8"
    )
    (study.schemes / "events-small.yaml").write_text(EVENTS, encoding="utf-8")
    (study.schemes / "stance-small.yaml").write_text(STANCE, encoding="utf-8")
    for table, rows in _rows(splits).items():
        path = study.articles if table == "articles" else study.table(table)
        tables.write(tables.build(table, rows), path)
    return study


@pytest.fixture
def make_study(tmp_path: Path) -> MakeStudy:
    """Return `make` for folders under tmp_path."""

    def under(params: str = "", splits: tuple[str | None, ...] = SPLITS, name: str = "study") -> Study:
        return make(tmp_path / name, params, splits)

    return under


@pytest.fixture(scope="session")
def _predicted(tmp_path_factory: pytest.TempPathFactory) -> Study:
    study = make(tmp_path_factory.mktemp("eval") / "study", CARD)
    train_all(study)
    predict_all(study)
    return study


@pytest.fixture(scope="session")
def _scored(tmp_path_factory: pytest.TempPathFactory, _predicted: Study) -> Study:
    study = Study(tmp_path_factory.mktemp("eval") / "study")
    shutil.copytree(_predicted.root, study.root)
    files.write_json(study.labels / "tables" / "agreement.json", AGREEMENT)
    score_all(study)
    return study


@pytest.fixture
def predicted(tmp_path: Path, _predicted: Study) -> Study:
    """The study with models and predictions; each test has its own copy."""
    return Study(Path(shutil.copytree(_predicted.root, tmp_path / "predicted")))


@pytest.fixture
def scored(tmp_path: Path, _scored: Study) -> Study:
    """The study with results and an agreement file; each test has its own copy."""
    return Study(Path(shutil.copytree(_scored.root, tmp_path / "scored")))


def _rows(splits: tuple[str | None, ...]) -> dict[str, list[dict[str, Any]]]:
    events, stances = scheme.parse(EVENTS, "events"), scheme.parse(STANCE, "stance")
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in ("articles", "units", "splits", "votes", "gold")}
    start = datetime(2025, 3, 1, 9, tzinfo=UTC)
    for i, row in enumerate(_texts()):
        title = row["title"]
        article, story, text = f"art{i:02}", f"story{i // 2:02}", f"{title}\n\n{row['body']}"
        rows["articles"].append(
            {"article_id": article, "title": title, "text": text, "body_start": len(title) + 2, "story_id": story}
            | {"outlet": "Inland <b>News</b>", "published_at": start + timedelta(days=i)}
        )
        for unit, which, gold, more in (
            (f"{article}/document", events, row["event"], {"kind": "document"}),
            (
                f"{article}/target/0",
                stances,
                row["stance"],
                {"kind": "target", "holder": row["holder"], "target": row["target"]},
            ),
        ):
            question = which.questions[0]
            labels = [label.name for label in question.labels]
            rows["units"].append({"unit_id": unit, "article_id": article, "start": 0, "end": len(text), **more})
            rows["splits"].append({"unit_id": unit, "split": splits[i // 2 % len(splits)], "group": story})
            given = labels_given(i, gold, [x for x in labels[:-1] if x != gold], labels[-1])
            base = {"scheme": which.name, "scheme_hash": which.hash, "unit_id": unit, "question": question.name}
            for annotator, label in given.items():
                about = {"annotator": annotator, "annotation_id": f"{annotator}-{unit}", "status": "submitted"}
                rows["votes"].append({**base, **about, "labels": [label], "counts": True})
            rows["gold"].append({**base, **_decided([x for x in given.values() if x != labels[-1]])})
    return rows


def _decided(given: list[str]) -> dict[str, Any]:
    ranked = Counter(given).most_common()
    tied = len(ranked) > 1 and ranked[0][1] == ranked[1][1]
    how = "unresolved" if tied else "unanimous" if len(ranked) == 1 else "majority"
    return {
        "labels": None if tied else [ranked[0][0]],
        "decided_by": how,
        "n_votes": len(given),
        "tied": tied,
        "distribution": [{"label": label, "share": n / len(given)} for label, n in ranked],
    }
