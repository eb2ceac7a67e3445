"""From which prediction an answer began."""

from typing import Any

import pytest

from goldwire.labels.fold import typed
from goldwire.labels.predictions.origin import began_from

PREDICTIONS: list[dict[str, Any]] = [
    {"id": 7, "model_version": "a", "result": [{"id": "q-x"}, {"id": "s1"}]},
    {"id": 9, "model_version": "b", "result": [{"id": "q-x"}, {"id": "s2"}]},
]


def item(number: str, origin: str) -> dict[str, str]:
    return {"id": number, "origin": origin}


@pytest.mark.parametrize(
    ("parent", "result", "began"),
    [
        (7, [], "a#7"),
        (8, [item("q-x", "prediction")], "#8"),
        (None, [], None),
        (None, [{"id": "q-x"}, item("s1", "manual")], None),
        (None, [item("q-x", "manual"), item("s1", "prediction-changed")], "a#7"),
        (None, [item("s2", "prediction")], "b#9"),
        (None, [item("q-x", "prediction")], "#9"),
        (None, [item("gone", "prediction")], "#"),
    ],
)
def test_the_number_says_it_or_the_items_that_were_copied(
    parent: int | None, result: list[dict[str, str]], began: str | None
) -> None:
    answer = {"id": 1, "parent_prediction": parent, "result": result}
    read = typed.of({"id": 1, "data": {}, "annotations": [answer], "predictions": PREDICTIONS})
    assert began_from(read.annotations[0], read.predictions) == began
