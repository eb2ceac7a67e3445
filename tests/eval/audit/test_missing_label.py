"""GW202: labels that no unit has, in all or in a split."""

from auditing_checks import subject
from goldwire.eval.audit.finding import Fired, NotApplicable, Silent
from goldwire.eval.audit.missing_label import look

TREE = ["Battles", "Battles/Armed clash", "Riots", "Riots/Mob violence"]


def units(train: str, test: str) -> list[dict[str, object]]:
    """One unit a letter: f, a, n for the stances."""
    names = {"f": "favor", "a": "against", "n": "none"}
    return [{"split": "train", "labels": [names[x]]} for x in train] + [
        {"split": "test", "labels": [names[x]]} for x in test
    ]


def test_it_names_labels_that_are_missing_from_a_split_or_from_all() -> None:
    assert look(subject(units("ffa", "ff"))) == Fired(
        "2 labels of 3 without units. Never given: none. Not measured, none in test: against.",
        2,
        ["none: no units", "against: none of 1 unit in test"],
    )
    assert look(subject(units("fa", "fann"))) == Fired(
        "1 label of 3 without units. Nothing to learn from in train: none.", 1, ["none: none of 2 units in train"]
    )


def test_it_is_silent_when_each_label_has_units_in_train_and_test() -> None:
    assert look(subject(units("fan", "naf"))) == Silent("Each of 3 labels has units, in train and in test.")


def test_a_unit_of_a_path_counts_for_the_paths_above_it() -> None:
    rows = [{"split": None, "labels": ["Battles/Armed clash"]}, {"split": None, "labels": ["Riots/Mob violence"]}]
    assert look(subject(rows, TREE)) == Silent("Each of 4 labels has units.")


def test_unresolved_units_have_no_label_and_without_any_gold_there_is_nothing_to_count() -> None:
    assert look(subject([{"split": "train", "labels": None}])) == NotApplicable(
        "no unit has a gold answer to the question"
    )
    assert look(subject(units("f", "f"), [])) == NotApplicable("the answer is free text, not a label")
