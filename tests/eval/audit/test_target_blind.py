"""GW301: what can be answered without the target."""

from typing import Any, Literal

import numpy as np
import pytest

from auditing_checks import STANCES, subject
from goldwire.eval.audit.finding import Fired, NotApplicable, Silent
from goldwire.eval.audit.subject import Subject
from goldwire.eval.audit.target_blind import look

TARGETS = ["the north party", "the south party", "the coal mine"]


def units(
    decides: Literal["text", "both", "target", "nothing"], seed: int = 0, n: int = 240, **columns: Any
) -> Subject:
    """Two targets a text, which has four good or bad words; the coal mine is judged the other way round."""
    draws = np.random.default_rng(seed)
    rows = []
    for article in range(n // 2):
        tone = int(draws.integers(2))
        words = [f"w{word}" for word in draws.integers(200, size=20)]
        words += [f"{'good' if tone else 'bad'}{word}" for word in draws.integers(3, size=4)]
        for target in sorted(draws.permutation(3)[:2]):
            label = {
                "text": tone,
                "both": (tone + target // 2) % 2,
                "target": target // 2,
                "nothing": int(draws.integers(2)),
            }[decides]
            rows.append(
                {
                    "split": "train",
                    "story": f"s{article}",
                    "text": " ".join(words),
                    "target": TARGETS[target],
                    "labels": [STANCES[label]],
                    **columns,
                }
            )
    return subject(rows)


def test_answers_that_the_text_alone_gives_are_found() -> None:
    found = look(units("text"))
    assert isinstance(found, Fired)
    assert found.text.startswith(
        "The text alone reaches 100% of both. Macro-F1 1.000 from the text alone, 1.000 with"
    )
    assert found.text.endswith("the text alone has J 1.00 (1.00 to 1.00). On 240 units of 120 stories, 3 targets.")
    assert found.count == 1


@pytest.mark.parametrize("decides", ["both", "target", "nothing"])
@pytest.mark.parametrize("seed", range(3))
def test_it_is_silent_where_the_target_is_needed_and_where_nothing_helps(
    decides: Literal["both", "target", "nothing"], seed: int
) -> None:
    assert isinstance(look(units(decides, seed)), Silent)


@pytest.mark.parametrize(
    ("of", "reason"),
    [
        (units("text", target=None), "the units do not ask about a target"),
        (units("text", target="tax"), 'all units outside of test ask about "tax"'),
        (units("text", text=None), "the texts are not there"),
        (units("text", n=98), "98 units of 49 stories outside of test, and 100 of 30 are needed"),
        (units("text", labels=None), "no unit has a gold answer to the question"),
    ],
)
def test_it_needs_texts_several_targets_and_enough_units(of: Subject, reason: str) -> None:
    assert look(of) == NotApplicable(reason)
