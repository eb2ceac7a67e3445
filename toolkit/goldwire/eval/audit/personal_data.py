"""GW501: addresses and numbers of people in texts. What was found is counted, and never shown."""

from collections import Counter
from collections.abc import Mapping

from goldwire.eval.audit.finding import Check, Fired, NotApplicable, Outcome, Silent
from goldwire.eval.audit.subject import Subject
from goldwire.eval.audit.wording import counted


def look(subject: Subject) -> Outcome:
    """Look for e-mail addresses and phone numbers in every article."""
    from goldwire.text.contacts import contacts

    if not subject.texts:
        return NotApplicable("the texts are not published")
    if subject.scrub:
        return NotApplicable("they are masked in what is published")
    articles = subject.articles[subject.articles["text"].notna()].sort_values("article_id")
    if not len(articles):
        return NotApplicable("the texts are not there")
    total: Counter[str] = Counter()
    cases = []
    for article, text in zip(articles["article_id"], articles["text"], strict=True):
        if found := Counter[str](kind for _, _, kind in contacts(text)):
            total.update(found)
            cases.append(f"{article}: {_said(found)}")
    if not cases:
        return Silent(f"{counted(len(articles), 'article')} searched for e-mail addresses and phone numbers.")
    text = f"{_said(total)} in {len(cases):,} of {counted(len(articles), 'article')}."
    return Fired(text, len(cases), cases)


def _said(found: Mapping[str, int]) -> str:
    names = (("e-mail", "e-mail address"), ("phone", "phone number"))
    return " and ".join(counted(found[kind], name) for kind, name in names if found.get(kind))


CHECK = Check("GW501", "personal_data", "Texts contain e-mail addresses or phone numbers", "warning", False, look)
