"""GW104: texts that stand in another dataset. They are written for the tests."""

from dataclasses import replace

from auditing_checks import subject
from goldwire.eval.audit.finding import Fired, NotApplicable, Silent
from goldwire.eval.audit.overlap import CHECK
from goldwire.eval.audit.subject import Other

HARBOUR = "The council of Velm voted on Monday to close the old harbour for two years"
LONGER = f"{HARBOUR}, and the fishers of the town said that they would block the road"
SNOW = "A train from Karsund was late by three hours since snow lay on the rails"
UNITS: list[dict[str, str | None]] = [
    {"unit_id": "u1", "split": "test", "text": HARBOUR},
    {"unit_id": "u2", "split": "train", "text": SNOW},
    {"unit_id": "u3", "split": None, "text": SNOW},
    {"unit_id": "u4", "split": "train", "text": "He did not say."},
    {"unit_id": "u5", "split": "train", "text": None},
]


def test_equal_and_nearly_equal_texts_are_counted_for_each_dataset_and_named() -> None:
    others = [
        Other("wire.csv", {"w1": SNOW, "w2": LONGER, "w3": "He did not say.", "w9": SNOW}),
        Other("more", {"m1": LONGER}),
    ]
    assert CHECK.look(replace(subject(UNITS), others=others)) == Fired(
        "2 of 3 (66.7%) texts are also in wire.csv, which has 4: 3 units, 1 of them in test. "
        "1 of 3 (33.3%) texts are also in more, which has 1: 1 unit, 1 of them in test.",
        3,
        [
            "u1 (test) and m1 of more: containment 1.00",
            "u1 (test) and w2 of wire.csv: containment 1.00",
            "u2 (train) and w1 of wire.csv: containment 1.00",
        ],
    )


def test_other_texts_are_silent() -> None:
    others = [Other("wire.csv", {"w1": "Nothing of this is said anywhere else in the town"})]
    found = CHECK.look(replace(subject(UNITS), others=others))
    assert found == Silent("3 texts compared with 1 text of wire.csv.")


def test_it_is_not_applicable_without_another_dataset_or_without_texts() -> None:
    assert CHECK.look(subject(UNITS)) == NotApplicable("no other dataset is named")
    bare = replace(subject([{"text": None}]), others=[Other("wire.csv", {"w1": SNOW})])
    assert CHECK.look(bare) == NotApplicable("the texts are not there")
