"""The lead: where it ends, and that nothing after it is seen."""

import numpy as np

from goldwire.eval.baselines.base import Shared
from goldwire.eval.baselines.lead import Lead, lead
from goldwire.eval.baselines.one_vs_rest import OneVsRest
from storied import TASK, articles

FIRST = " ".join(f"word{at}" for at in range(30))


def test_the_lead_ends_with_the_paragraph_that_makes_it_25_words() -> None:
    assert lead(f"A headline\n\nBy Ada Torr\n\n{FIRST}\n\nMore of it.") == f"A headline\n\nBy Ada Torr\n\n{FIRST}"
    assert lead(f"{FIRST}\n\nMore of it.") == FIRST
    assert lead("Too short.\n\nAll of it.") == "Too short.\n\nAll of it."
    assert lead("") == ""


def test_what_stands_after_the_lead_is_not_seen() -> None:
    train = articles(60, seed=1)
    model = Lead(TASK, 0)
    shared = Shared()
    model.fit(train.assign(text=[f"{FIRST} {text}\n\nThe end." for text in train["text"]]), shared)
    new = articles(9, seed=2)
    one = new.assign(
        text=[f"{FIRST} {text}\n\nThieves stole it." for text in new["text"]], unit_id=new["unit_id"] + "a"
    )
    two = new.assign(text=[f"{FIRST} {text}\n\nThe river flooded it." for text in new["text"]])
    np.testing.assert_array_equal(model.shares(one, shared), model.shares(two, shared))


def test_the_whole_text_of_the_same_rows_is_not_taken_for_the_lead() -> None:
    train = articles(60, seed=1)
    train["text"] = [f"{FIRST}\n\n{text}" for text in train["text"]]
    shared = Shared()
    whole, first = OneVsRest(TASK, 0), Lead(TASK, 0)
    whole.fit(train, shared)
    first.fit(train, shared)
    assert np.ptp(first.shares(train, shared), axis=0).max() < 1e-9  # all leads are alike
    assert np.ptp(whole.shares(train, shared), axis=0).min() > 0.5
