"""GW502: a text whose licence is unknown may not be passed on."""

from goldwire.eval.audit.finding import Check, Fired, NotApplicable, Outcome, Silent
from goldwire.eval.audit.subject import Subject
from goldwire.eval.audit.wording import counted, listed, shortened

_UNKNOWN = ("", "unknown", "none")


def look(subject: Subject) -> Outcome:
    """Count the articles with a text and without a licence, by outlet."""
    if not subject.texts:
        return NotApplicable("the texts are not published")
    articles = subject.articles[subject.articles["text"].notna()]
    if not len(articles):
        return NotApplicable("the texts are not there")
    licence = articles["licence"].where(articles["licence"].notna(), "").astype(str).str.strip()
    open_ = articles[licence.str.lower().isin(_UNKNOWN)]
    if not len(open_):
        names = sorted(set(licence))
        return Silent(f"{counted(len(articles), 'article')} under {counted(len(names), 'licence')}: {listed(names)}.")
    outlets = open_["outlet"].where(open_["outlet"].notna(), "(outlet unknown)").astype(str)
    times = sorted(outlets.value_counts().items(), key=lambda item: (-item[1], str(item[0])))
    text = f"The licence of {len(open_):,} of {counted(len(articles), 'article')} is unknown"
    where = f", from {counted(len(times), 'outlet')}" if len(times) > 1 else ""
    return Fired(
        f"{text}{where}.", len(open_), [f"{shortened(str(name))}: {counted(n, 'article')}" for name, n in times]
    )


CHECK = Check("GW502", "licence", "The licence of some texts is unknown", "warning", False, look)
