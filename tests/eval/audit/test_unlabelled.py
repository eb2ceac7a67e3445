"""GW205: units in splits without gold."""

from auditing_checks import subject
from goldwire.eval.audit.finding import Fired, NotApplicable, Silent
from goldwire.eval.audit.unlabelled import look

DONE = [
    {"split": "train", "labels": ["favor"], "target": "tax"},
    {"split": "test", "labels": ["none"], "target": "tax"},
]


def test_unresolved_and_unanswered_units_are_counted_by_split() -> None:
    rows = [
        *DONE,
        {"split": "test", "labels": None, "target": "tax"},
        {"split": "test", "target": "rail"},
        {"split": "train", "target": "rail"},
        {"split": None, "labels": None, "target": "tax"},
    ]
    assert look(subject(rows)) == Fired(
        "3 units in splits without gold (1 unresolved, 2 not answered): 2 of 3 in test, 1 of 2 in train.",
        3,
        ["u0002: unresolved, test", "u0003: no answer, test", "u0004: no answer, train"],
    )


def test_units_of_another_kind_are_not_asked() -> None:
    text = "A title\n\nIt rained. It stopped."
    part = {"split": "train", "target": "tax", "article_id": "a1", "start": 9, "text": text[9:19]}
    rows = [*DONE, {"split": "train"}, part]
    assert look(subject(rows, articles=[{"article_id": "a1", "text": text}])) == Silent(
        "Each of 2 units in splits has gold."
    )


def test_it_needs_gold_and_splits() -> None:
    assert look(subject([{"split": "test"}])) == NotApplicable("no unit has a gold answer to the question")
    assert look(subject([{"split": None, "labels": ["favor"]}])) == NotApplicable(
        "no unit of the question is in a split"
    )
