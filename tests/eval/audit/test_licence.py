"""GW502: articles without a licence."""

from dataclasses import replace

from auditing_checks import subject
from goldwire.eval.audit.finding import Fired, NotApplicable, Silent
from goldwire.eval.audit.licence import look


def test_articles_without_a_licence_are_counted_by_outlet() -> None:
    articles = [
        {"article_id": "a1", "text": "One.", "outlet": "The Post", "licence": "cc-by-4.0"},
        {"article_id": "a2", "text": "One.", "outlet": "The Post"},
        {"article_id": "a3", "text": "One.", "outlet": "Wire", "licence": " "},
        {"article_id": "a4", "text": "One.", "outlet": "Wire", "licence": "Unknown"},
        {"article_id": "a5", "text": "One."},
        {"article_id": "a6", "outlet": "Without a text"},
    ]
    given = subject([], articles=articles)
    assert look(given) == Fired(
        "The licence of 4 of 5 articles is unknown, from 3 outlets.",
        4,
        ["Wire: 2 articles", "(outlet unknown): 1 article", "The Post: 1 article"],
    )
    assert look(replace(given, scrub=True)) == look(given)


def test_it_is_silent_when_each_has_one() -> None:
    articles = [
        {"article_id": "a1", "text": "One.", "licence": "cc0-1.0"},
        {"article_id": "a2", "text": "Two.", "licence": "cc-by-4.0"},
    ]
    assert look(subject([], articles=articles)) == Silent("2 articles under 2 licences: cc-by-4.0, cc0-1.0.")


def test_without_texts_there_is_nothing_to_license() -> None:
    articles = [{"article_id": "a1"}]
    assert look(subject([], articles=articles)) == NotApplicable("the texts are not there")
    assert look(subject([], articles=[])) == NotApplicable("the texts are not there")
    shown = subject([], articles=[{"article_id": "a1", "text": "One."}])
    assert look(replace(shown, texts=False)) == NotApplicable("the texts are not published")
