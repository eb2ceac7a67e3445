"""The columns of a LexisNexis document, told from where its blocks stand and from the labels that are printed.

LexisNexis Academic prints publication, date, headline, fields in capitals (BYLINE, SECTION, LENGTH), the text, more
fields (GRAPHIC, LOAD-DATE, LANGUAGE). Nexis Uni and Lexis+ print headline, publication, date, fields (Section,
Length, Byline), "Body", the text, "Classification", more fields, "End of Document".

What stands within the text is text, also where it looks like a field.
"""

import re
from collections.abc import Iterable, Sequence

from goldwire.corpus import dates
from goldwire.corpus.readers.nexis_blocks import TRAILING, Group, Paragraph, printed

_COUNTED = re.compile(r"\d+ \w+ \d+ DOCUMENT\w*")
_COPYRIGHT = re.compile(r"(?:Copyright\s*(?:\(c\)|©)?\s*\d{4}|©|\(c\) \d{4}|All Rights Reserved)", re.IGNORECASE)
_EDITION = re.compile(r"\b(?:edition|final|ausgabe)\b", re.IGNORECASE)
_PRINTED_ALONE = ("graphic", "notes")
_LANGUAGES = {
    **{"english": "en", "englisch": "en", "anglais": "en", "german": "de", "deutsch": "de", "french": "fr"},
    **{"français": "fr", "francais": "fr", "spanish": "es", "español": "es", "italian": "it", "italiano": "it"},
    **{"portuguese": "pt", "português": "pt", "dutch": "nl", "nederlands": "nl", "russian": "ru", "arabic": "ar"},
    **{"chinese": "zh", "japanese": "ja", "korean": "ko", "polish": "pl", "turkish": "tr", "swedish": "sv"},
    **{"danish": "da", "norwegian": "no", "finnish": "fi", "greek": "el", "hebrew": "he", "ukrainian": "uk"},
}


class _Fields(dict[str, str]):
    """Columns; what is printed twice is kept, the second below the first."""

    def add(self, name: str, text: str) -> None:
        if text:
            self[name] = f"{self[name]}\n\n{text}" if name in self else text

    def add_date(self, text: str) -> None:
        self["date"], edition = _date(text) or (text, "")
        self.add("edition", edition)


def columns(blocks: Sequence[Group]) -> dict[str, str]:
    """Return the columns of a document; those that it lacks are missing, `text` too."""
    lines = [paragraph for group in blocks for paragraph in group.paragraphs]
    at = next((at for at, line in enumerate(lines) if line.text == "Body"), None)
    if any(_COUNTED.fullmatch(line.text) for line in lines[:2]):
        at = None
    fields = _older(blocks) if at is None else _newer(lines[:at], lines[at + 1 :])
    if name := fields.pop("language", None):
        code = _LANGUAGES.get(re.split("[;,]", name)[0].strip().casefold())
        fields["language" if code else "language_name"] = code or name
    return dict(fields)


def _date(text: str) -> tuple[str, str] | None:
    """Return the date that a line begins with and what follows it, or None."""
    words = text.split()
    for end in range(min(len(words), 16), 2, -1):
        date = " ".join(words[:end])
        if not _EDITION.search(date) and dates.parse(date):
            return date.strip(","), " ".join(words[end:])
    return None


def _is_copyright(text: str) -> bool:
    return len(text) < 300 and bool(_COPYRIGHT.match(text))


def _older(blocks: Iterable[Group]) -> _Fields:
    fields = _Fields()
    kept = []
    for group in blocks:
        alone = len(group.paragraphs) == 1 or all(_is_copyright(line.text) for line in group.paragraphs)
        if alone and _is_copyright(group.paragraphs[0].text):
            fields.add("copyright", group.text)
        elif not _COUNTED.fullmatch(group.paragraphs[0].text):
            kept.append(group)
    labels = _labels(kept)
    first = next((at for at, name in enumerate(labels) if name), len(kept))
    texts = [group.text for group in kept[:first]]
    before = first < len(kept) and labels[first] not in TRAILING
    text = _opening(texts, fields, before=before)
    field = ""
    for group, name in zip(kept[first:], labels[first:], strict=True):
        if name == "body":
            text.append(_value(group))
        elif name:
            field = name
            fields.add(name, _value(group))
        elif field in TRAILING:
            fields.add(field, group.text)
        else:
            text.append(group.text)
    fields.add("text", "\n\n".join(filter(None, text)))
    return fields


def _opening(texts: list[str], fields: _Fields, *, before: bool) -> list[str]:
    """Take publication, date and headline from the blocks before the first label; return what is text already.

    `before` says that this label is one of those that come before the text.
    """
    dated = next((at for at, text in enumerate(texts) if _date(text)), None)
    if dated is None:
        fields.add("outlet", texts[0] if texts else "")
        rest = texts[1:]
    else:
        fields.add("outlet", " ".join(texts[:dated]))
        fields.add_date(texts[dated])
        rest = texts[dated + 1 :]
    if rest and len(rest[0]) < 60 and _EDITION.search(rest[0]) and "edition" not in fields and len(rest) > 1:
        fields.add("edition", rest.pop(0))
    if before:
        fields.add("title", rest[0] if rest else "")
        fields.add("highlight", "\n\n".join(rest[1:]))
        return []
    if len(rest) > 1:
        fields.add("title", rest.pop(0))
    return rest


def _labels(groups: Sequence[Group]) -> list[str | None]:
    """Return the column of each block, None where it is no field.

    A label that is a run of its own counts, unless it would end the text before it began. One that is printed in one
    run with its value counts only next to other fields, before the text or after it.
    """
    labels = [group.label for group in groups]
    single = [len(group.paragraphs) == 1 for group in groups]
    begun = False
    for at, name in enumerate(labels):
        if name in TRAILING and not single[at] and not begun and name not in _PRINTED_ALONE:
            labels[at] = None
        begun = begun or (labels[at] is None and any(labels[:at])) or labels[at] == "body"
    for at, group in enumerate(groups):
        name = printed(group.paragraphs[0].text) if single[at] else None
        if labels[at] is None and name and name not in TRAILING and group.text[:4].isupper():
            labels[at] = name
        elif labels[at] is None and any(labels[:at]):
            break
    for at in reversed(range(len(groups))):
        name = printed(groups[at].paragraphs[0].text) if single[at] else None
        if labels[at] is None and name in TRAILING and groups[at].text[:3].isupper():
            labels[at] = name
        elif labels[at] is None:
            break
    return labels


def _value(group: Group) -> str:
    """Return the text of a field without its label."""
    first, *more = group.paragraphs
    return "\n\n".join(filter(None, (first.value_printed, *(line.text for line in more))))


def _newer(head: list[Paragraph], tail: list[Paragraph]) -> _Fields:
    fields = _Fields()
    dated = next((at for at in reversed(range(len(head))) if _date(head[at].text)), None)
    title = next((at for at in reversed(range(len(head))) if head[at].heading), None)
    if title is None and dated is not None and dated >= 2:
        title = dated - 2
    if title is not None:
        fields.add("title", head[title].text)
    begin = -1 if title is None else title
    if dated is not None:
        fields.add("outlet", " ".join(line.text for line in head[begin + 1 : dated]))
        fields.add_date(head[dated].text)
        begin = dated
    elif begin + 1 < len(head):
        begin += 1
        fields.add("outlet", head[begin].text)
    for line in head[begin + 1 :]:
        if _is_copyright(line.text):
            fields.add("copyright", line.text)
        elif name := line.label or printed(line.text):
            fields.add(name, line.value_printed)
        else:
            fields.add("edition" if _EDITION.search(line.text) else "highlight", line.text)
    if tail and tail[-1].text == "End of Document":
        tail = tail[:-1]
    end = _text_end(tail)
    fields.add("text", "\n\n".join(line.text for line in tail[:end]))
    field = "notes"
    for line in tail[end:]:
        if line.text.casefold() in _PRINTED_ALONE:
            field = line.text.casefold()
        elif line.text != "Classification":
            name = line.label or printed(line.text)
            fields.add(name or field, line.value_printed if name else line.text)
            field = name or field
    return fields


def _text_end(tail: Sequence[Paragraph]) -> int:
    """Return where the text ends: at "Classification" and the fields before it, "Graphic" with its captions too."""
    end = next((at for at in reversed(range(len(tail))) if tail[at].text == "Classification"), len(tail))
    while end > 0 and ((tail[end - 1].label or printed(tail[end - 1].text)) in TRAILING):
        end -= 1
    if end == len(tail):
        return end
    alone = (at for at in reversed(range(max(1, end - 6), end)) if tail[at].text.casefold() in _PRINTED_ALONE)
    return next(alone, end)
