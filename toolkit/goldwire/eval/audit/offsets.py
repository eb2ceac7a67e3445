"""GW503: a mention is the text between its offsets, or one of the two is wrong."""

from typing import Any

from goldwire.eval.audit.finding import Check, Fired, NotApplicable, Outcome, Silent
from goldwire.eval.audit.subject import Subject
from goldwire.eval.audit.wording import counted


def look(subject: Subject) -> Outcome:
    """Slice each mention out of its article, and compare."""
    mentions = subject.mentions
    if mentions is None or not len(mentions):
        return NotApplicable("there are no mentions")
    articles = subject.articles
    known = articles["text"].notna()
    texts = dict(zip(articles.loc[known, "article_id"], articles.loc[known, "text"], strict=True))
    without = set(articles.loc[~known, "article_id"])
    cases, looked = [], 0
    for row in mentions.sort_values(["article_id", "mention_id"]).itertuples():
        if row.article_id in without:
            continue
        looked += 1
        if wrong := _wrong(row, texts.get(row.article_id)):
            cases.append(f"{row.mention_id} in {row.article_id}: {wrong}")
    if not looked:
        return NotApplicable("the texts of the mentions' articles are not there")
    left = f"; the texts of {len(mentions) - looked:,} more are not there" if looked < len(mentions) else ""
    if not cases:
        return Silent(f"{counted(looked, 'mention')} checked{left}.")
    return Fired(f"{len(cases):,} of {counted(looked, 'mention')} checked{left}.", len(cases), cases)


def _wrong(row: Any, text: str | None) -> str | None:
    if text is None:
        return "there is no such article"
    if any(value is None or value != value for value in (row.start, row.end, row.text)):  # None or NaN
        return "start, end or text is missing"
    start, end = int(row.start), int(row.end)
    if not 0 <= start < end <= len(text):
        return f"{start} to {end} is not within the {len(text):,} characters"
    return None if text[start:end] == row.text else f"the text from {start} to {end} is another"


CHECK = Check("GW503", "offsets", "The text of some mentions is not what their offsets say", "error", False, look)
