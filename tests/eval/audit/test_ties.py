"""GW204: gold that was decided out of a tie."""

from typing import Any

from auditing_checks import subject
from goldwire.eval.audit.finding import Fired, NotApplicable, Silent
from goldwire.eval.audit.ties import look


def unit(
    name: str, labels: list[str] | None, by: str | None, tied: bool = True, split: str = "train"
) -> dict[str, Any]:
    return {"unit_id": name, "labels": labels, "decided_by": by, "tied": tied, "split": split}


def votes(**given: str) -> list[dict[str, Any]]:
    """Votes by unit, a letter for each annotator's stance."""
    names = {"f": "favor", "a": "against", "n": "none"}
    return [
        {"unit_id": name, "annotator": f"annotator-{place:02}", "labels": [names[letter]]}
        for name, letters in given.items()
        for place, letter in enumerate(letters, start=1)
    ]


SETTLED = [
    unit("u1", ["favor"], "majority", split="test"),
    unit("u2", ["none"], "majority"),
    unit("u3", ["against"], "aggregated", split="test"),
    unit("u4", ["favor"], "adjudicated"),
    unit("u5", None, "unresolved"),
    unit("u6", ["favor"], "unanimous", tied=False),
]


def test_ties_that_a_rule_or_a_model_settled_are_told_from_those_that_a_person_did() -> None:
    text = "5 tied units of 6; settled: 2 by rule, 1 by model, 1 by an adjudicator, 1 not at all. 2 of those settled "
    text += "by rule or model are in test."
    cases = ["u1: favor, by rule", "u2: none, by rule", "u3: against, by model"]
    assert look(subject(SETTLED)) == Fired(text, 3, cases)
    said = votes(u1="fa", u2="fn", u3="fa", u4="fa", u5="an", u6="ff")
    first = " Of 2 settled by rule, 1 went to the tied label that is first in the scheme."
    assert look(subject(SETTLED, votes=said)) == Fired(text + first, 3, cases)


def test_it_is_silent_when_people_settled_the_ties_or_nobody_did() -> None:
    assert look(subject(SETTLED[3:])) == Silent("2 tied units of 3; settled: 1 by an adjudicator, 1 not at all.")
    assert look(subject(SETTLED[5:])) == Silent("No tie among 1 unit.")


def test_gold_that_does_not_say_how_it_was_decided_tells_nothing() -> None:
    assert look(subject([unit("u1", ["favor"], None)])) == NotApplicable("how gold was decided is not known")
