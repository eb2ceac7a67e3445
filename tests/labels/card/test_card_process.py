"""What the card says of annotators, of their agreement, and of who decided."""

from typing import Any

import pyarrow as pa
import pytest

from carded import AGREEMENT, SCHEME, make, rows, sections
from goldwire import tables


def test_annotators_are_pseudonyms_with_what_they_did() -> None:
    assert (
        sections(make())["Annotators and process"].split("\n\n", 2)[2]
        == """They stand here under pseudonyms. Round: first.
Answers a unit has: 1 (1 unit), 2 (3 units).

| annotator | units answered | of these with an unsure | units skipped |
|---|---:|---:|---:|
| annotator-1 | 4 | 0 | 0 |
| annotator-2 | 3 | 1 | 1 |

"""
    )


def test_gold_is_told_by_who_decided() -> None:
    found = sections(make())["How gold was decided"]
    assert "| stance-tiny.stance | 2 | 1 | 0 | 0 | 1 | 1 |\n" in found
    assert "| stance-tiny.topics | 2 | 0 | 0 | 0 | 0 | 0 |\n" in found


ROW = "| {} | 4 | 2 | 7 | 1 | nominal | 0.612 [-0.100, 0.900] | 0.500 | not defined |\n"


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (AGREEMENT, ["all answers"]),
        ({"questions": {"topics": AGREEMENT, "stance": AGREEMENT}}, ["stance", "topics"]),
        ({"event.main": {"questions": {}}, "x": {"questions": {"stance": AGREEMENT}}}, ["x.stance"]),
    ],
)
def test_agreement_is_shown_for_each_question(given: dict[str, Any], names: list[str]) -> None:
    found = sections(make(agreement=given))["Agreement"]
    assert found.split("|---|---|---|\n")[1] == "".join(ROW.format(name) for name in names) + "\n"
    assert "with 95% intervals" in found


def test_missing_agreement_is_admitted() -> None:
    assert sections(make())["Agreement"] == (
        "\n\nNo agreement figures were given when this card was written, "
        "so how reliable the labels are is not known.\n\n"
    )


def test_adjudicators_are_told_apart_from_annotators() -> None:
    data = rows()
    key = {"scheme": "stance-tiny", "scheme_hash": SCHEME.hash, "round": "disputes", "annotator": "lead"}
    ruling = {**key, "question": "stance", "labels": ["mild"], "status": "submitted", "purpose": "adjudication"}
    rulings = [{**ruling, "unit_id": unit, "annotation_id": unit} for unit in ("a2", "a3")]
    skipped = {**key, "unit_id": "a1", "status": "skipped", "purpose": "adjudication"}
    data["votes"] = pa.concat_tables([data["votes"], tables.build("votes", [*rulings, skipped])])
    found = sections(make(data=data))
    assert "| lead |" not in found["Annotators and process"]
    assert (
        "\nlead ruled on 2 units in dispute, having seen each annotator's answer. Rulings are no votes.\n"
        in found["Annotators and process"]
    )
    assert "or what they left open, the ruling stands" in found["How gold was decided"]


def test_agreement_on_spans_and_relations_has_tables_of_its_own() -> None:
    figure = {"value": 0.25, "low": 0.125, "high": 0.5}
    spans = {"units": 4, "annotators": 2, "spans": 9, **dict.fromkeys(("exact", "overlap", "token"), figure)}
    given = {
        "questions": {"stance": AGREEMENT},
        "mentions": {"evidence": {**spans, "alpha_u": {"value": None, "why": "x"}, "attributes": {"a": AGREEMENT}}},
        "relations": {
            "relation": {"units": 3, "annotators": 2, "links": 5, "labelled": figure, "not_compared": {"value": 0.5}}
        },
    }
    found = sections(make(agreement=given))["Agreement"]
    shown = "0.250 [0.125, 0.500]"
    assert f"| evidence | 4 | 2 | 9 | {shown} | {shown} | {shown} | not defined |\n" in found
    assert f"| relation | 3 | 2 | 5 | {shown} | 0.500 |\n" in found
    assert found.count("\n| stance |") == 1
    assert "attributes" not in found


@pytest.mark.parametrize(
    ("gold", "said"),
    [
        ({"method": "dawid-skene"}, "By the model of Dawid and Skene (1979), which"),
        ({"method": "mace", "ties": "random"}, "A tie is flagged, and settled by a draw from the seed."),
        ({"ties": "first-label"}, "A tie is flagged, and settled by the order of the labels in the scheme."),
    ],
)
def test_the_method_and_the_rule_for_ties_are_named(gold: dict[str, str], said: str) -> None:
    assert said in sections(make({"gold": gold}))["How gold was decided"]
