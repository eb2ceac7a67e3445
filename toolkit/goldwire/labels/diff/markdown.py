"""What differs as GitHub's Markdown, for a pull request: a summary table, then lists cut to a length."""

import html
from typing import Any

from goldwire.labels.card.markdown import cell, code
from goldwire.labels.diff.sections import Section, head, sections, summary

_LONG = 200  # characters of a value that are shown
_OURS = frozenset({"what", "added", "removed", "changed", "units", "change", "figure"})
"""Columns whose words are ours. What stands in the data is set as code in the others: nothing in it is markup."""


def markdown(value: dict[str, Any], limit: int) -> str:
    """Return the Markdown of what `goldwire.labels.diff.compare.diff` found; lists show `limit` rows at most."""
    found = summary(value)
    lines = [f"### Labels: {_code(head(value))}", ""]
    lines += _table(found, len(found.rows)) if found.rows else ["Nothing changed."]
    for section in sections(value):
        lines += ["", *_folded(section, limit)]
    for note in value["notes"]:
        lines += ["", f"> {_text(note)}"]
    return "\n".join(lines) + "\n"


def _folded(section: Section, limit: int) -> list[str]:
    """A list that a reader opens: a long one would hide the summary of the next."""
    count = len(section.rows)
    more = [f"... and {count - limit} more", ""] if count > limit else []
    title = f"<details><summary>{_called(html.escape(section.title))} ({count})</summary>"
    return [title, "", *_table(section, limit), "", *more, "</details>"]


def _table(section: Section, limit: int) -> list[str]:
    lines = [f"| {' | '.join(section.header)} |", f"|{'---|' * len(section.header)}"]
    for row in section.rows[:limit]:
        cells = (_cell(value, name) for value, name in zip(row, section.header, strict=True))
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _cell(value: Any, name: str) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else _text(value) if name in _OURS else _code(str(value))


def _code(text: str) -> str:
    """Return a text as code, on one line. A bar would end the cell, in code as well."""
    shown = code(text).replace("|", "\\|")
    return f"`{shown if len(shown) <= _LONG else shown[: _LONG - 1] + '…'}`" if shown else "-"


def _text(text: str) -> str:
    """Return our words, which may name labels."""
    return _called(cell(text))


def _called(text: str) -> str:
    """Return a text in which an @ calls nobody."""
    return text.replace("@", "@\u200b")
