"""GW304: what the place gives away, of a part in its article and of the target in the text."""

from typing import Any

import numpy as np

from auditing_checks import STANCES, subject
from goldwire.eval.audit.finding import Fired, NotApplicable, Silent
from goldwire.eval.audit.position_shortcut import look
from goldwire.eval.audit.subject import Subject

TEN = "abcdefghi "


def sentences(planted: float, seed: int = 0, articles: int = 70) -> Subject:
    """Three sentences an article, one of each label, in that order in a share of the articles, else in any."""
    draws = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    for article in range(articles):
        order = np.arange(3) if draws.random() < planted else draws.permutation(3)
        rows += [
            {"split": "train", "article_id": f"a{article}", "text": TEN, "start": 10 * place, "labels": [STANCES[x]]}
            for place, x in enumerate(order)
        ]
    texts = [{"article_id": f"a{article}", "text": TEN * 3} for article in range(articles)]
    return subject(rows, articles=texts)


def targets(early: bool) -> Subject:
    """Whole texts that name their target first when the label is favor, else last; or at any place."""
    draws = np.random.default_rng(0)
    rows = []
    for i in range(200):
        label = i % 2
        before = label * 9 if early else int(draws.integers(10))
        text = TEN * before + "The Tax" + TEN * (9 - before)
        rows.append(
            {"split": "train", "story": f"s{i}", "text": text, "target": "the tax", "labels": [STANCES[label]]}
        )
    return subject(rows)


def test_places_that_give_the_label_away_are_found() -> None:
    assert look(sentences(1.0)) == Fired(
        "From the place of the part in its article alone, J is 1.00 (1.00 to 1.00) on 210 units of 70 stories, where "
        "a guess or the most frequent label has 0. Given away most: favor, against, none.",
        3,
        [
            f"{name}: J 1.00 (1.00 to 1.00), median {place} of the way"
            for name, place in zip(STANCES, ("0.00", "0.33", "0.67"), strict=True)
        ],
    )
    assert all(isinstance(look(sentences(0.5, seed)), Fired) for seed in range(5))


def test_places_that_say_nothing_are_silent_in_at_least_nineteen_of_twenty_studies() -> None:
    assert sum(isinstance(look(sentences(0.0, seed)), Fired) for seed in range(40)) <= 2
    assert isinstance(look(sentences(0.0)), Silent)


def test_of_whole_articles_it_is_where_the_target_is_named() -> None:
    found = look(targets(early=True))
    assert isinstance(found, Fired)
    assert found.text.startswith("From the place where the text first names the target alone, J is 1.00")
    assert isinstance(look(targets(early=False)), Silent)


def test_whole_articles_without_a_target_have_no_place() -> None:
    rows = [
        {"split": "train", "article_id": f"a{i}", "text": TEN, "start": 0, "labels": [STANCES[i % 3]]}
        for i in range(200)
    ]
    assert look(subject(rows)) == NotApplicable("the units are whole articles, and their texts do not name a target")
    first = [{**row, "target": TEN} for row in rows]
    assert look(subject(first)) == NotApplicable("all units have the same place")
