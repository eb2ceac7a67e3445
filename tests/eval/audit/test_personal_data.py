"""GW501: e-mail addresses and phone numbers are counted and never shown."""

from dataclasses import replace

import pytest

from auditing_checks import subject
from goldwire.eval.audit.finding import Fired, NotApplicable, Silent
from goldwire.eval.audit.personal_data import look


def test_articles_are_named_and_what_was_found_is_not() -> None:
    articles = [
        {"article_id": "a2", "text": "Write to jane.doe@example.org or call +49 30 1234 5678 today."},
        {"article_id": "a1", "text": "Letters: desk@example.com, night@example.com."},
        {"article_id": "a3", "text": "It rained on 3 March 2024."},
    ]
    found = look(subject([], articles=articles))
    assert found == Fired(
        "3 e-mail addresses and 1 phone number in 2 of 3 articles.",
        2,
        ["a1: 2 e-mail addresses", "a2: 1 e-mail address and 1 phone number"],
    )
    for secret in ("jane", "example", "1234"):
        assert secret not in str(found)


def test_it_is_silent_when_there_are_none() -> None:
    articles = [{"article_id": "a1", "text": "It rained on 3 March 2024, and 12,000 people went home."}]
    assert look(subject([], articles=articles)) == Silent(
        "1 article searched for e-mail addresses and phone numbers."
    )


def test_without_texts_it_cannot_look() -> None:
    assert look(subject([], articles=[{"article_id": "a1"}])) == NotApplicable("the texts are not there")


@pytest.mark.parametrize(
    ("published", "reason"),
    [
        ({"texts": False}, "the texts are not published"),
        ({"texts": False, "scrub": True}, "the texts are not published"),
        ({"scrub": True}, "they are masked in what is published"),
    ],
)
def test_what_is_not_published_or_masked_is_not_searched(published: dict[str, bool], reason: str) -> None:
    given = subject([], articles=[{"article_id": "a1", "text": "Write to jane.doe@example.org."}])
    assert isinstance(look(given), Fired)
    assert look(replace(given, **published)) == NotApplicable(reason)
