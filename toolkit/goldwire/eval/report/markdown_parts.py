"""Tables and lists in Markdown, and text that stays text in it."""

import re
from collections.abc import Iterable, Sequence


def plain(text: str) -> str:
    """Return text on one line that Markdown, HTML and GitHub do not act on: no link, no formula, no notice."""
    line = re.sub(r"([\\`*_\[\]<>|#~$]|&(?=#?\w+;))", r"\\\1", " ".join(text.split()))
    line = re.sub(r"(?<=[A-Za-z])://", r"\://", line)
    line = re.sub(r"\b(www)\.", r"\1\\.", line, flags=re.IGNORECASE)
    line = re.sub(r"^(?:([-+=])|(\d+)([.)]))", r"\2\\\1\3", line)  # a list, where it begins a line
    return re.sub(r"@(?=\w)", "@\u2060", line)  # a backslash would not keep GitHub from telling whoever is named


def code(text: str) -> str:
    """Return text on one line as code."""
    line = " ".join(text.split())
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    return f"{fence}{line}{fence}" if len(fence) == 1 else f"{fence} {line} {fence}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; all columns but the first are to the right."""
    align = ["---", *["---:"] * (len(header) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [header, align, *rows])


def folded(summary: str, *blocks: str) -> str:
    """Return blocks that GitHub folds under a summary; elsewhere they stand open below it."""
    return "\n\n".join([f"<details><summary>{summary}</summary>", *blocks, "</details>"])


def bullets(items: Iterable[str]) -> str:
    """Return a list."""
    return "\n".join(f"- {item}" for item in items)
