"""Soft labels are the shares of the votes in the order of the label classes, null where there are none."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.dataset.soft import soft_labels
from goldwire.labels.gold.merge import gold as decide
from goldwire.scheme import parse
from goldwire.study import Params
from small_dataset import SCHEMES, build, key

EVENTS, STANCE = SCHEMES
Shares = dict[str, float] | None


def decision(shares: Shares, votes: int = 3, posterior: Shares = None) -> dict[str, Any]:
    listed = {
        name: None if given is None else [{"label": label, "share": share} for label, share in given.items()]
        for name, given in (("distribution", shares), ("posterior", posterior))
    }
    return {"unit_id": "u", "n_votes": votes, **listed}


def soft(rows: list[dict[str, Any]], names: list[str], several: bool = False, column: str = "distribution") -> Any:
    return soft_labels(tables.build("gold", rows), column, names, several, "events.main").to_pylist()


def test_shares_stand_in_the_order_of_the_classes() -> None:
    rows = [decision({"b": 0.25, "a": 0.75}), decision({"c": 1.0}), decision({}, 0), decision(None, 0)]
    assert soft(rows, ["c", "a", "b"]) == [[0.0, 0.75, 0.25], [1.0, 0.0, 0.0], None, None]


def test_no_label_is_an_answer_only_where_several_are_taken() -> None:
    rows = [decision({}, 2), decision({}, 0), decision({"a": 0.5}, 2)]
    assert soft(rows, ["a", "b"], several=True) == [[0.0, 0.0], None, [0.5, 0.0]]
    assert soft(rows, ["a", "b"]) == [None, None, [0.5, 0.0]]


def test_a_posterior_is_null_where_no_model_decided() -> None:
    rows = [decision({"a": 1.0}, 1, {"a": 0.9, "b": 0.1}), decision({"a": 1.0}, 1), decision({"a": 1.0}, 1, {})]
    assert soft(rows, ["a", "b"], column="posterior") == [[0.9, 0.1], None, None]
    assert soft(rows, ["a", "b"], True, "posterior") == [[0.9, 0.1], None, [0.0, 0.0]]


def test_a_path_above_a_class_is_left_out_and_another_label_refused() -> None:
    assert soft([decision({"naval": 1.0, "naval/x": 0.5})], ["naval/x"], several=True) == [[0.5]]
    with pytest.raises(GoldwireError) as error:
        soft([decision({"a": 0.5, "nav": 0.5})], ["a", "naval/x"], several=True)
    assert str(error.value) == 'events.main: distribution has the label "nav", which is not among: a, naval/x'


def votes(given: dict[str, dict[str, list[list[str]]]], scheme: int) -> Any:
    rows = []
    for unit, questions in given.items():
        for question, answers in questions.items():
            for n, labels in enumerate(answers):
                said = {"annotator": f"ann-{n}", "annotation_id": f"{unit}-{n}", "round": "r", "status": "submitted"}
                rows.append(
                    {**key(scheme, unit, question), "labels": labels, "counts": True, "purpose": "vote", **said}
                )
    return tables.build("votes", rows)


def built(folder: Path, given: Any, schemes: list[Any], recode: Any = None, method: str = "majority") -> Any:
    """Return the wide rows of a dataset whose gold the votes decided, by unit."""
    params = Params.model_validate({"gold": {"method": method}, "recode": recode or {}})
    empty = [tables.build(name, []) for name in ("vote_mentions", "vote_relations")]
    made = decide(given, *empty, {s.name: s for s in schemes}, recode or {}, method=params.gold.method)
    folder = build(
        folder,
        schemes,
        params,
        votes=given,
        gold=made.gold,
        gold_mentions=made.gold_mentions,
        gold_relations=made.gold_relations,
    ).folder
    files = (folder / f"gold-{schemes[0].name}").glob("*.parquet")
    return {row["unit_id"]: row for path in files for row in pq.read_table(path).to_pylist()}


def test_several_labels_have_the_share_of_annotators_who_gave_each(tmp_path: Path) -> None:
    given = votes(
        {
            "a0/document": {
                "main": [["MEET"], ["HIT"], ["unsure"]],
                "contexts": [["war/sea"], ["war/sea", "trade"], ["war"]],
            },
            "a1/document": {"main": [["unsure"], ["unsure"]]},
            "a2/document": {"main": [["none"], ["none"], ["none"]], "contexts": [["trade"]]},
        },
        0,
    )
    rows = built(tmp_path / "dataset", given, [EVENTS])
    assert EVENTS.questions[1].name == "contexts"  # classes war, war/sea, trade
    third = pytest.approx(1 / 3)
    assert {unit: (row["main_soft"], row["contexts_soft"]) for unit, row in rows.items()} == {
        "a0/document": ([0.5, 0.5, 0.0], [1.0, pytest.approx(2 / 3), third]),
        "a1/document": (None, [0.0, 0.0, 0.0]),  # nobody was sure, and both named no context
        "a2/document": ([0.0, 0.0, 1.0], [0.0, 0.0, third]),
    }


def test_merged_labels_have_one_share(tmp_path: Path) -> None:
    given = votes({"a0/document": {"main": [["MEET"], ["HIT"], ["none"], ["MEET"]]}}, 0)
    recode = {"event-small": {"main": {"MEET": "event", "HIT": "event"}}}
    row = built(tmp_path / "dataset", given, [EVENTS], recode)["a0/document"]
    assert (row["main"], row["main_soft"]) == (0, [0.75, 0.25])


def test_a_label_merged_into_unsure_is_no_vote(tmp_path: Path) -> None:
    given = votes({"a0/document": {"main": [["HIT"], ["MEET"], ["HIT"]]}}, 0)
    row = built(tmp_path / "dataset", given, [EVENTS], {"event-small": {"main": {"HIT": "unsure"}}})["a0/document"]
    assert (row["main"], row["main_soft"]) == (0, [1.0, 0.0])


def test_a_model_adds_its_probabilities(tmp_path: Path) -> None:
    units = {f"a{i}/document": {"main": [["MEET"], ["MEET"], ["HIT" if i == 0 else "MEET"]]} for i in range(3)}
    given = votes(units, 0)
    rows = built(tmp_path / "dataset", given, [EVENTS], method="dawid-skene")
    third = pytest.approx(1 / 3)
    assert rows["a0/document"]["main_soft"] == [pytest.approx(2 / 3), third, 0.0]
    for row in rows.values():
        assert len(row["main_posterior"]) == 3
        assert sum(row["main_posterior"]) == pytest.approx(1, abs=1e-5)
        assert row["main_posterior"][row["main"]] == max(row["main_posterior"])


def test_a_question_called_like_a_soft_column_gets_another_name(tmp_path: Path) -> None:
    text = EVENTS.model_dump_json(by_alias=True, exclude_defaults=True).replace('"contexts"', '"main_soft"')
    scheme = parse(text, "event-small.yaml")
    said = {"scheme": scheme.name, "scheme_hash": scheme.hash, "unit_id": "a0/document", "labels": ["trade"]}
    rows = [{**said, "question": "main_soft", "n_votes": 1, "decided_by": "unanimous"}]
    empty = {name: tables.build(name, []) for name in ("votes", "gold_mentions", "gold_relations")}
    folder = build(tmp_path / "dataset", [scheme], gold=tables.build("gold", rows), **empty).folder
    row = pq.read_table(folder / "gold-event-small" / "train.parquet").to_pylist()[0]
    assert (row["question_main_soft"], row["main_soft"]) == ([2], None)
