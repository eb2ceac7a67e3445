"""GW503: mentions that are not the text between their offsets."""

from auditing_checks import subject
from goldwire.eval.audit.finding import Fired, NotApplicable, Silent
from goldwire.eval.audit.offsets import look

TEXT = "Straße 🌧 rained\n\nThe mayor of Ørsted spoke."  # places by bytes or UTF-16 are others than by code points
ARTICLES = [{"article_id": "a1", "text": TEXT}, {"article_id": "a2"}]


def mention(
    name: str, start: int | None, end: int | None, text: str | None, article: str = "a1"
) -> dict[str, object]:
    return {"mention_id": name, "article_id": article, "start": start, "end": end, "text": text}


RIGHT = mention("m1", TEXT.index("mayor"), TEXT.index("mayor") + 5, "mayor")


def test_each_mention_that_does_not_slice_is_named_with_what_is_wrong() -> None:
    by_bytes = len(TEXT[: TEXT.index("mayor")].encode())
    mentions = [
        mention("m6", 0, 3, "The", "a9"),
        RIGHT,
        mention("m2", by_bytes, by_bytes + 5, "mayor"),
        mention("m3", 40, 99, "spoke"),
        mention("m4", 5, 5, ""),
        mention("m5", None, 5, "Stra"),
        mention("m7", 0, 3, "The", "a2"),
    ]
    assert look(subject([], mentions=mentions, articles=ARTICLES)) == Fired(
        "5 of 6 mentions checked; the texts of 1 more are not there.",
        5,
        [
            f"m2 in a1: the text from {by_bytes} to {by_bytes + 5} is another",
            f"m3 in a1: 40 to 99 is not within the {len(TEXT)} characters",
            f"m4 in a1: 5 to 5 is not within the {len(TEXT)} characters",
            "m5 in a1: start, end or text is missing",
            "m6 in a9: there is no such article",
        ],
    )


def test_it_is_silent_when_all_slice() -> None:
    assert look(subject([], mentions=[RIGHT], articles=ARTICLES)) == Silent("1 mention checked.")


def test_without_mentions_or_texts_it_cannot_look() -> None:
    assert look(subject([])) == NotApplicable("there are no mentions")
    assert look(subject([], mentions=[])) == NotApplicable("there are no mentions")
    assert look(subject([], mentions=[mention("m7", 0, 3, "The", "a2")], articles=ARTICLES)) == NotApplicable(
        "the texts of the mentions' articles are not there"
    )
