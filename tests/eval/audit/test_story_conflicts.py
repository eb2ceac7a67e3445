"""GW201: copies of one text with different labels. The texts are written for the tests."""

from typing import Any

from auditing_checks import QUESTION, subject
from goldwire.eval.audit.finding import Fired, NotApplicable, Outcome, Silent
from goldwire.eval.audit.story_conflicts import CHECK

HARBOUR = "The council of Velm voted on Monday to close the old harbour for two years"
LONGER = f"{HARBOUR}, and the fishers of the town said that they would block the road"


def look(*units: dict[str, Any]) -> Outcome:
    return CHECK.look(subject(units).of(QUESTION))


def unit(text: str | None, labels: list[str] | None, target: str | None = None) -> dict[str, Any]:
    return {"text": text, "labels": labels, "target": target}


def test_the_same_text_and_a_near_duplicate_with_other_labels_are_named_and_nothing_is_averaged() -> None:
    found = look(
        unit(HARBOUR, ["favor"]), unit(HARBOUR, ["against"]), unit(LONGER, []), unit("A text alone of its kind", [])
    )
    assert found == Fired(
        "1 pair of near-duplicates and 1 repeated text with different labels (4 labelled units with 1 pair of copies "
        "compared).",
        2,
        [
            "u0000 (favor) and u0001 (against): the same text",
            "u0000 (favor) and u0002 (no label): containment 1.00",
        ],
    )


def test_several_labels_are_compared_as_a_set() -> None:
    found = look(unit(HARBOUR, ["against", "favor"]), unit(LONGER, ["favor"]))
    assert isinstance(found, Fired)
    assert found.cases == ["u0000 (against + favor) and u0001 (favor): containment 1.00"]


def test_other_targets_and_units_without_gold_do_not_conflict() -> None:
    assert look(
        unit(HARBOUR, ["favor"], "Velm"),
        unit(LONGER, ["favor"], "VELM "),
        unit(LONGER, ["against"], "Karsund"),
        unit(HARBOUR, None, "Velm"),
    ) == Silent("3 labelled units with 1 pair of copies compared.")


def test_the_same_target_conflicts_whatever_its_case() -> None:
    found = look(unit(HARBOUR, ["favor"], "Velm"), unit(LONGER, ["none"], "VELM "))
    assert isinstance(found, Fired)
    assert found.cases == ["u0000 (favor) and u0001 (none): containment 1.00"]


def test_it_is_not_applicable_without_gold_or_without_texts() -> None:
    assert look(unit(HARBOUR, None)) == NotApplicable("no unit has a gold label")
    assert look(unit(None, ["favor"])) == NotApplicable("the texts are not there")
