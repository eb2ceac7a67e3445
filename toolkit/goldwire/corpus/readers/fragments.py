"""Fragments of HTML, as feeds hold them, as plain paragraphs."""

import re

_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer "
        "form h1 h2 h3 h4 h5 h6 header hgroup hr html li main menu nav ol p pre section summary table tbody tfoot "
        "thead tr ul",
    )
)
_CELLS = frozenset({"td", "th"})
_DROPPED = frozenset({"head", "noscript", "script", "style", "template", "title"})


def paragraphs(fragment: str) -> str:
    """Return the text of a fragment of HTML, its block elements as paragraphs parted by blank lines.

    A ``<br>`` is a line end, two of them part paragraphs; other white space is one space. What is in script and style
    elements and in comments is dropped.
    """
    from lxml import etree, html

    if not fragment.strip():
        return ""
    try:
        root = html.fragment_fromstring(_PLAIN.sub(" ", fragment), create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError):
        return ""
    pieces: list[str] = []
    dropped = 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = element.tag
        if event == "start":
            dropped += tag in _DROPPED
            pieces.append(_BREAKS.get(tag) or ("\n\n" if tag in _BLOCKS else " " if tag in _CELLS else ""))
            text = element.text
        else:
            dropped -= event == "end" and tag in _DROPPED
            pieces.append("\n\n" if event == "end" and tag in _BLOCKS else "")
            text = element.tail if element is not root else None
        if text and not dropped:
            pieces.append(_SPACE.sub(" ", text))
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return re.sub("\n\n+", "\n\n", "\n".join(lines)).strip()


_PLAIN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")  # characters that lxml refuses
_SPACE = re.compile(r"\s+")
_BREAKS = {"br": "\n"}
