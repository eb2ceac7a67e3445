"""What people wrote, as it can stand in Markdown without being taken for Markdown."""

import re
from typing import Any

LONG = 120  # characters of a name that are shown

_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_MARKS = re.compile(r"[\\`*\[\]<>|~$]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
_FIRST = re.compile(r"^(?:[#+\-=:]|\d+(?=[.)](?:\s|$)))")
_INNER = {"text", "softbreak", "hardbreak", "em_open", "em_close", "strong_open", "strong_close"}
_INNER |= {"code_inline", "link_open", "link_close"}
_OUTER = {"paragraph_open", "paragraph_close", "inline", "list_item_open", "list_item_close"}
_OUTER |= {f"{kind}_list_{end}" for kind in ("bullet", "ordered") for end in ("open", "close")}


def cell(value: Any) -> str:
    """Return a value as text on one line, which Markdown shows as it is: in a table, too."""
    line = _SPACE.sub(" ", str(value)).strip()
    escaped = _MARKS.sub(lambda mark: f"\\{mark[0]}", line)
    if first := _FIRST.match(escaped):  # a backslash goes before the mark, of "1." before the point
        end = first.end() if first[0].isdigit() else 0
        escaped = f"{escaped[:end]}\\{escaped[end:]}"
    return re.sub(r"(?<!\\)#(?=#*$)", r"\\#", escaped)


def name(value: Any) -> str:
    """Return a name as `cell` does, cut off where it is longer than `LONG`."""
    text = _SPACE.sub(" ", str(value)).strip()
    return cell(text if len(text) <= LONG else text[: LONG - 1] + "…")


def prose(text: str) -> str:
    """Return paragraphs that a person wrote for the card, as Markdown.

    Paragraphs, lists, links, emphasis and code stay as they were written. A text with anything else (headings, HTML,
    fences, tables, rules) could end or swallow what follows, and is shown as it is, sign by sign.
    """
    from markdown_it import MarkdownIt

    lines = re.sub(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", "\n", text).split("\n")
    clean = "\n".join(re.sub(r"[\x00-\x09\x7f-\x9f]", " ", line).rstrip() for line in lines).strip()
    env: dict[str, Any] = {}
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(clean, env)
    inner = {child.type for token in tokens for child in token.children or []}
    if {token.type for token in tokens} <= _OUTER and inner <= _INNER and not env.get("references"):
        return clean
    return "\n\n".join(cell(paragraph) for paragraph in re.split(r"\n\s*\n", clean) if paragraph.strip())


def slug(text: str) -> str:
    """Return the letters and digits of a text, in lower case, with hyphens between."""
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.")


def code(value: Any) -> str:
    """Return a value as it can stand between two backticks."""
    return _SPACE.sub(" ", str(value)).replace("`", "'").strip()
