"""MUC-4: the file is read as it is, bad lines are named, and what makes its figures less than they seem is said."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from goldwire.errors import GoldwireError
from goldwire.eval.baselines.base import Shared
from goldwire.eval.baselines.keywords import Keywords
from goldwire.eval.baselines.thresholds import micro_f1
from goldwire.eval.benchmarks.muc4 import BENCHMARK, FILE, LABELS, TASK, read, relevant_or_not

LONG = "SEVEN MASKED MEN BURNED THE OLD MILL AT LUNDE ON FRIDAY NIGHT AND FLED ACROSS THE RIVER IN A STOLEN BOAT."


def _write(folder: Path, *records: Any) -> Path:
    folder.mkdir(exist_ok=True)
    lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
    (folder / FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def _record(name: str, split: str, text: str, *types: str) -> dict[str, Any]:
    return {"doc_id": name, "split": split, "text": text, "incident_types": list(types), "relevant": bool(types)}


def test_documents_become_rows_with_answers_in_scheme_order_and_stories(tmp_path: Path) -> None:
    data = read(
        _write(
            tmp_path,
            _record("D1", "train", LONG, "BOMBING", "ATTACK"),
            _record("D2", "dev", "NOT USED AT ALL HERE OR THERE", "ATTACK"),
            _record("T1", "test", f"{LONG} NOBODY WAS HURT.", "ARSON"),
            _record("T2", "test", "THE CONGRESS DEBATED\nTHE LAW FOR THREE DAYS."),
        )
    )
    assert data.task is TASK
    assert data.train[["unit_id", "text", "labels", "cluster"]].to_dict("records") == [
        {"unit_id": "D1", "text": LONG, "labels": ("ATTACK", "BOMBING"), "cluster": "D1"}
    ]
    assert data.test[["unit_id", "labels", "cluster"]].to_dict("records") == [
        {"unit_id": "T1", "labels": ("ARSON",), "cluster": "D1"},
        {"unit_id": "T2", "labels": (), "cluster": "T2"},
    ]
    assert data.warnings == (
        "Near-duplicates lie across train and test, 1 in all (D1 and T1): half of the shorter text's runs of five "
        "words are in the longer one.",
        "1 of 1 pairs of near-duplicates have different answers (D1 and T1): the keys were made by several sites, "
        "and no model can be right on both.",
        "Test documents of the rare types: ATTACK 0, BOMBING 0, KIDNAPPING 0, ARSON 1, ROBBERY 0, FORCED WORK "
        "STOPPAGE 0, HIJACKING 0. One document more or less moves the macro-F1 by points; a type without any is left "
        "out of it.",
        "No train document has KIDNAPPING, ARSON, ROBBERY, FORCED WORK STOPPAGE, HIJACKING: no model that learns "
        "from train can give it.",
    )
    assert data.notes == (
        "Documents of each type, train/test: ATTACK 1/0, BOMBING 1/0, KIDNAPPING 0/0, ARSON 0/1, ROBBERY 0/0, "
        "FORCED WORK STOPPAGE 0/0, HIJACKING 0/0; none 0/1.",
    )


GOOD = _record("D1", "train", "A TEXT", "ATTACK")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "is not JSON"),
        ("[]", "doc_id, split and text (strings) and incident_types (a list) are needed"),
        ({**GOOD, "text": None}, "doc_id, split and text (strings) and incident_types (a list) are needed"),
        ({**GOOD, "incident_types": "ATTACK"}, "doc_id, split and text (strings)"),
        ({**GOOD, "split": "eval"}, '"eval" is no split'),
        ({**GOOD, "incident_types": ["MURDER"]}, '"MURDER" is no incident type'),
        (GOOD, 'the document "D1" comes twice'),
    ],
)
def test_a_bad_line_is_an_error_that_names_it(tmp_path: Path, line: Any, message: str) -> None:
    _write(tmp_path, GOOD, line)
    with pytest.raises(GoldwireError) as error:
        read(tmp_path)
    assert message in str(error.value)
    assert f"{FILE}:2" in str(error.value)


def test_a_missing_file_and_a_missing_side_are_errors(tmp_path: Path) -> None:
    with pytest.raises(GoldwireError, match="the file is not there"):
        read(tmp_path)
    with pytest.raises(GoldwireError, match="there is no document of test"):
        read(_write(tmp_path, GOOD))


def test_relevance_is_any_incident() -> None:
    assert [relevant_or_not(answer) for answer in ((), ("ARSON",), ("ATTACK", "ARSON"))] == [
        ("irrelevant",),
        ("relevant",),
        ("relevant",),
    ]


def test_the_official_split_and_its_supports(shared_data: Path) -> None:
    data = read(shared_data / "muc4")
    counts = [Counter(label for answer in rows["labels"] for label in answer) for rows in (data.train, data.test)]
    assert (len(data.train), len(data.test)) == (1300, 200)
    assert [counts[0][label] for label in LABELS] == [479, 208, 83, 40, 14, 4, 0]
    assert [counts[1][label] for label in LABELS] == [89, 48, 13, 3, 1, 3, 0]
    assert [sum(not answer for answer in rows["labels"]) for rows in (data.train, data.test)] == [600, 74]
    crossing, conflicts, rare, never = data.warnings
    assert "DEV-MUC3-1133 and TST3-MUC4-0087" in crossing
    assert "DEV-MUC3-0096 and DEV-MUC3-0161" in conflicts
    assert "ROBBERY 1, FORCED WORK STOPPAGE 3, HIJACKING 0" in rare
    assert never == "No train document has HIJACKING: no model that learns from train can give it."


def test_always_attack_is_the_published_figure(shared_data: Path) -> None:
    actual = TASK.marks(list(read(shared_data / "muc4").test["labels"]))
    always = TASK.marks([("ATTACK",)] * len(actual))
    published = next(p for p in BENCHMARK.published if p.system == "always ATTACK")
    assert round(micro_f1(actual, always), 3) == published.metrics["micro-f1"]


def test_the_codebooks_keywords_alone_are_above_always_attack_on_the_train_documents(shared_data: Path) -> None:
    rows = read(shared_data / "muc4").train
    model = Keywords(TASK, 0)
    shared = Shared()
    actual = TASK.marks(list(rows["labels"]))
    untrained = micro_f1(actual, TASK.marks(model.decide(model.shares(rows, shared))))
    model.fit(rows, shared)
    trained = micro_f1(actual, TASK.marks(model.decide(model.shares(rows, shared))))
    always = micro_f1(actual, TASK.marks([("ATTACK",)] * len(actual)))
    assert always < 0.47 < untrained
    assert trained == pytest.approx(0.61, abs=0.02)
