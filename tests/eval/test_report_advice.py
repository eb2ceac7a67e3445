"""What to do next: each reason for a sentence, and its absence."""

from typing import Any

from goldwire.eval.report.advice import MOST, advice
from goldwire.eval.report.beside import Curve, Gain, Suspects
from goldwire.eval.result import Result
from reported import CURVE, EVIL, SUSPECTS, figure, made_up


def quiet(**changes: Any) -> Result:
    """A result that asks for nothing."""
    model = {
        **made_up().models[1].model_dump(mode="json"),
        **{"calibration": None, "against_people": None},
    }
    labels = [label.model_dump() | {"support": {"test": 9}} for label in made_up().labels]
    nothing: dict[str, Any] = {"checks": [], "comparisons": [], "slices": None, "labels": labels, "models": [model]}
    return made_up(**{**nothing, **changes})


def test_where_nothing_is_wrong_errors_are_to_be_read() -> None:
    assert advice(quiet()) == [
        "Nothing here asks for more; look at the wrong predictions below before you use the model."
    ]


def test_the_most_pressing_come_first_and_they_are_few() -> None:
    assert advice(made_up(), CURVE, SUSPECTS) == [
        "Mend what the checks call an error first, since figures do not hold beside it: "
        "articles of one story stand in two splits.",
        "Look at the suspects first in the list: the gold of 23 units of 1,046 judged may be wrong.",
        f"Whether ours {EVIL} is better than majority is not settled on 89 test units; "
        "if the difference is as large as seen, about 412 labelled test units give four chances in five to "
        "settle it.",
        "Label more training units: 500 more labels would bring about +0.030 macro-F1 (+0.010 to +0.050).",
        f"Read the errors where outlet is Harbour Post {EVIL}: there macro-F1 is 0.310 on 20 units, "
        "and 0.600 on the rest.",
    ]
    assert MOST == 5


def test_one_suspect_is_one() -> None:
    one = Suspects(judged=0, listed=SUSPECTS.listed[:1])
    assert advice(quiet(), suspects=one) == [
        "Look at the suspects first in the list: the gold of 1 unit may be wrong."
    ]
    assert advice(quiet(), suspects=Suspects(judged=9)) == advice(quiet())


def test_a_gain_is_worth_it_or_not_or_open() -> None:
    def said(value: float, low: float | None, high: float | None) -> str:
        (sentence,) = advice(quiet(), Curve(gain=Gain(labels=500, value=value, low=low, high=high)))
        return sentence

    assert said(0.03, 0.01, 0.05).startswith("Label more training units: 500 more labels would bring about +0.030")
    assert said(0.001, -0.002, 0.004).startswith("Do not expect much of more labels of the same kind: ")
    assert said(0.03, -0.01, 0.07) == (
        "Whether more training units help is open: 500 more labels would bring about +0.030 macro-F1 "
        "(−0.010 to +0.070)."
    )
    assert said(0.03, None, None).endswith("about +0.030 macro-F1.")


def test_only_slices_that_are_clearly_worse_are_named() -> None:
    slices = made_up().slices
    assert slices is not None
    unclear = slices.model_copy(update={"listed": slices.listed[2:]})
    assert advice(quiet(slices=unclear.model_dump())) == advice(quiet())


def test_shares_that_are_off_are_no_probabilities() -> None:
    def said(ece: float) -> list[str]:
        calibration = {"metrics": {"ece": figure(ece)}, "reliability": []}
        model = quiet().models[0].model_dump(mode="json") | {"calibration": calibration}
        return advice(quiet(models=[model]))

    assert said(0.126) == [
        "Do not read the shares of tfidf-logreg as probabilities: on average they are 13% off (ECE 0.126)."
    ]
    assert said(0.09) == advice(quiet())


def test_people_say_whether_there_is_room() -> None:
    def said(verdict: str) -> str:
        model = quiet().models[0].model_dump(mode="json") | {"against_people": verdict}
        (sentence,) = advice(quiet(models=[model]))
        return sentence

    assert said("below") == (
        "Try other models or features: annotators on average reach 0.740 macro-F1, 0.220 more than tfidf-logreg."
    )
    assert said("within") == (
        "The model is not told apart from annotators on average on these units; more units or answers would tell."
    )
    assert said("above") == (
        "The model agrees with the majority better than annotators on average (its figure is below that of each of 3 "
        "annotators); more answers a unit, or adjudication, would raise what can be measured."
    )


def test_what_is_not_settled_and_has_no_number_says_why() -> None:
    comparison = made_up().comparisons[1].model_dump() | {"needed": None, "needed_why": "it is near 0"}
    (sentence,) = advice(quiet(models=made_up().models[:3], comparisons=[comparison]))[:1]
    assert sentence == (
        f"Whether ours {EVIL} is better than majority is not settled on 89 test units, and how many would settle it "
        "is not told: it is near 0."
    )


def test_labels_without_test_units_are_named() -> None:
    labels = [
        label.model_dump() | {"name": name, "support": {}}
        for name, label in zip("abcde", made_up().labels * 2, strict=False)
    ]
    per_label = {
        name: {"precision": 0, "recall": 0, "f1": 0, "support": 0, "f1_low": None, "f1_high": None}
        for name in "abcde"
    }
    model = quiet().models[0].model_dump(mode="json") | {"per_label": per_label}
    assert advice(quiet(labels=labels, models=[model])) == [
        "Find and label test units of a, b, c and 2 more: there are none, so nothing is known of them."
    ]


def test_a_model_that_seldom_says_what_gold_says_has_no_suspects_worth_a_word() -> None:
    few = SUSPECTS.model_copy(update={"judged": 99, "agrees": 0.59})
    assert advice(quiet(), suspects=few) == advice(quiet())
    usable = few.model_copy(update={"agrees": 0.6, "found": 30})
    assert advice(quiet(), suspects=usable) == [
        "Look at the suspects first in the list: the gold of 30 units of 99 judged may be wrong."
    ]
