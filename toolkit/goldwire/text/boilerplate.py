"""Boilerplate: what wire services and publishing systems add to an article, which says nothing about its story."""

import re

VERSION = "1"
"""Which rules masked a text; it changes whenever the result of any text would."""

_AGENCY = (
    r"(?:Thomson )?Reuters(?: Life!| Health| Breakingviews)?|(?:The )?Associated Press|AP|AFP(?:TV)?|UPI"
    r"|CNN(?: Business)?|Bloomberg|Xinhua|Kyodo|Yonhap|(?:ITAR-)?TASS|Interfax|RIA(?: Novosti)?|PTI|IANS|ANI"
    r"|dpa(?:[/-][\w-]+)?|DPA|SID|KNA|epd|APA|[Ss][Dd][Aa]|ATS|Belga|ANP|EFE|Europa Press|Notimex|Télam|Lusa|ANSA"
    r"|NTB|TT|PAP|CTK|MTI"
)
_DASH = r"(?:[-–—―−]{1,2}|\.[ ]?[-–—―−]{1,2}|:)"
_MONTH = r"(?:[A-Z]\w{2,9}\.?|\w{3,10}\.?)"
_DATE = rf"(?:, (?:{_MONTH} \d{{1,2}}|\d{{1,2}}\.? {_MONTH})(?:,? \d{{2,4}})?)"
# Whatever stands before an agency in brackets and a dash is a dateline; without an agency only capitals are one.
_DATELINE = re.compile(
    rf"[^\W\d_a-zß-öø-ÿ][\w.'’/ -]{{1,40}}(?:, [\w. -]{{2,25}})?{_DATE}? ?\((?:{_AGENCY})\) ?{_DASH}\s*"
    rf"|\((?:{_AGENCY})\)\s*(?:{_DASH}\s+)?(?=\S)"
    rf"|[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.'’-]+(?: [A-ZÀ-ÖØ-Þ.'’-]+){{0,3}}(?:, [A-Z][\w.]{{1,12}}(?: [A-Z]\w{{1,12}})?)?{_DATE}?"
    r" (?:[–—]|--) (?=[“‘\"'«]?[^\W\d_a-zß-öø-ÿ].{0,12}[a-zß-öø-ÿ])"
)
# A whole line.
_LINE = re.compile(
    rf"(?:advertisement|sponsored content|anzeige|werbung|publicité|publicidad)\s*:?\Z"
    rf"|(?:(?:file )?photos?|picture|image|video|foto|bild|crédit(?:s)? photo|fotografía)\s?:\s\S.{{0,200}}\Z"
    rf"|(?:read more|see also|see more|more on this|related(?: stories| articles?)?|watch"
    rf"|(?:à )?lire aussi|voir aussi|lesen sie auch|mehr zum thema|lea también|lee también"
    rf"|leia também|leggi anche|lees ook)\s?:\s?\S.{{0,200}}\Z"
    rf"|\(?(?:par|by|von|por|avec|mit|con|le monde avec)\s(?:l[’']|the )?(?:{_AGENCY})"
    rf"(?:\s(?:le|am|el)\s[\d/. ]+(?:\s?(?:à|um|a las)\s\d+[h:]?\d*)?)?\)?\.?\Z"
    rf"|\((?:{_AGENCY})\)\Z"
    rf"|(?:quelle|source|fuente)\s?:\s(?:{_AGENCY})(?:[/, ]+(?:{_AGENCY}))*\.?\Z"
    rf"|©\s?dpa-infocom.{{0,60}}\Z",
    re.IGNORECASE,
)
# A whole sentence, wherever it stands. What may stand in the dots never has a quotation or a word of saying.
_NETWORK = r"(?:twitter|facebook|instagram|youtube|telegram|whatsapp|linkedin|tiktok|x|google news|flipboard)"
_NOTE = re.compile(
    r"(?:editor[’']s note: )?this (?:story|article|post|report|page) (?:has been|was|is being|will be)(?: \w+ly)?"
    r" (?:updated|corrected|amended)\b([^.!?\n]{0,120})(?:[.!]|\Z)"
    r"|this is a (?:breaking|developing)(?: news)? story\b([^.!?\n]{0,80})(?:[.!]|\Z)"
    r"|\((?:additional |further )?(?:reporting|writing|editing|compiled|produced|written|edited) by"
    r" [^()\n]{3,400}\)\.?"
    r"|(?:additional |further )?reporting by [^.!?\n]{3,200}; (?:additional reporting|writing|editing) by"
    r" ([^.!?\n]{3,200})(?:[.!]|\Z)"
    r"|(?:copyright(?: ©| \(c\))?|©|\(c\))\s?(?:\d{4}(?:[-–]\d{2,4})?|the\b|by\b)([^.!?\n]{0,80})(?:[.!]|\Z)"
    r"|(?:all rights reserved|alle rechte vorbehalten|tous droits réservés(?:\.| )?|todos los derechos reservados|"
    r"todos os direitos reservados|tutti i diritti riservati)(?:[.!]|\s*\Z)"
    r"|this material may not be published, broadcast, rewritten,?(?: or)?(?: redistributed)?"
    r"([^.!?\n]{0,60})(?:[.!]|\Z)"
    r"|(?:please )?(?:sign up|subscribe)(?: here)? (?:for|to) (?:our|the|[A-Z]\w+[’']s)([^.!?\n]{0,60})"
    r"\b(?:newsletters?|e-?mails?|alerts?|channel|podcast)([^.!?,\n]{0,60})(?:[.!]|\Z)"
    rf"|(?:please )?(?:follow|like|find|join) (?:@?\w+(?: \w+){{0,4}}) on {_NETWORK}\b"
    r"([^.!?,\n]{0,80})(?:[.!]|\Z)"
    r"|(?:please )?click here (?:to|for)\b([^.!?,\n]{1,100})(?:[.!]|\Z)"
    r"|(?:the )?(?:associated press|reuters|agence france-presse|bloomberg)"
    r"(?: (?:writers?|journalists?|reporters?)[^.!?\n]{3,150})?"
    r" (?:also )?contributed to this (?:report|story|article)(?:[.!]|\Z)"
    r"|(?:diese|dieser) (?:meldung|artikel|text|beitrag) wurde ((?:[^.!?\n]|\d\.){0,60})aktualisiert(?:[.!]|\Z)"
    r"|cet article a été (?:mis à jour|corrigé|modifié)\b([^.!?\n]{0,60})(?:[.!]|\Z)"
    r"|(?:esta noticia|este artículo) (?:ha sido|fue) (?:actualizad|corregid)[oa]\b([^.!?\n]{0,60})(?:[.!]|\Z)"
    r"|\((?:con información de|mit material (?:von|der)|avec)\s[^()\n]{2,60}\)\.?",
    re.IGNORECASE,
)
# The first three characters of every note, since most sentences can be left alone without a look at the rules.
_NOTE_BEGINS = frozenset(
    "edi thi (ad (fu (re (wr (ed (co (pr add fur rep cop (c) all tou tod tut ple sig sub fol lik fin joi cli "
    "the ass reu age blo die cet est (mi (av".split()
)
_SAID = re.compile(
    r"[\"“”«»]|\b(?:said|says|told|tells|asked|asks|wrote|writes|added|according|shouted|read)\b", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[.!?…)\]][\"”’»]?\s+(?=\S)")
_LONGEST = 50_000  # characters of a line: it is gone through again after every cut


def mask(text: str) -> str:
    """Return the text without datelines, agency tags, credits, notes on updates, copyright lines and invitations.

    It is for comparing texts only; offsets do not count in it. Datelines go at the beginning of lines, everything
    else goes as a whole line or a whole sentence. The rules are cautious: a sentence in which somebody says such
    words stays. They know English forms and the wire forms of German, French and Spanish. A line of more than 50,000
    characters stays as it is. Masking twice changes nothing.
    """
    lines = text.split("\n")
    masked = [_masked(line) for line in lines]
    if masked == lines:
        return text
    return "\n".join(new for new, old in zip(masked, lines, strict=True) if new or not old).strip("\n")


def _masked(line: str) -> str:
    while 0 < len(line) <= _LONGEST:
        shorter = _without_notes(_without_datelines(line))
        if (len(shorter) < 90 or (len(shorter) < 250 and ":" in shorter[:30])) and _LINE.match(shorter.strip()):
            return ""
        if shorter == line:
            break
        line = shorter
    return line


def _without_datelines(line: str) -> str:
    at = 0
    while any(sign in line[at : at + 100] for sign in ("(", "—", "–", "--")):
        match = _DATELINE.match(line, at)
        if match is None:
            break
        at = match.end()
    return line[at:]


def _without_notes(line: str) -> str:
    kept, begin, cut = [], 0, False
    for at in [0, *(match.end() for match in _SENTENCE_END.finditer(line))]:
        first = line[at : at + 3].lower()
        note = _NOTE.match(line, at) if first in _NOTE_BEGINS or first[:1] == "©" else None
        if (
            note
            and at >= begin
            and not any(part and _SAID.search(part) for part in note.groups())
            and _ends(line, note.end())
        ):
            kept.append(line[begin:at].strip())
            begin, cut = note.end(), True
    return " ".join(filter(None, [*kept, line[begin:].strip()])) if cut else line


def _ends(line: str, at: int) -> bool:
    """Whether the sentence ends there: nothing follows, or white space and no lower-case letter."""
    rest = line[at : at + 20]
    return not rest or (rest[0].isspace() and not rest.lstrip()[:1].islower())
