"""Markdown: one article a file, as it reads when it is shown. YAML front matter gives its title and other columns."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import yaml

from goldwire.corpus.readers.base import HEAD, Reader, Record, Reject, Source
from goldwire.corpus.readers.plain import whole

_FRONT = re.compile(r"---[ \t]*\n(.*?\n)??(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
_DEEPEST = 100


def read(source: Source) -> Iterator[Record | Reject]:
    """Yield the file as one record with `text`, `title` where it has one, `file`, and columns of its front matter.

    The title is the front matter's, else the first heading of level 1; as the first line of the text it is left out.
    Paragraphs are parted by blank lines; items of a list and rows of a table are lines, cells parted by tabs; code is
    kept as it is; pictures and blocks of HTML are left out. Values of the front matter are text, as they stand there.
    """
    for item in whole(source):
        if isinstance(item, Reject):
            yield item
            continue
        text, fields = item
        text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        front: dict[str, Any] = {}
        try:
            if matter := _FRONT.match(text, 0, HEAD):
                loaded = yaml.load(matter[1] or "", _Loader)
                if isinstance(loaded, dict):
                    front = {str(name): value for name, value in loaded.items()}
                    text = text[matter.end() :]
            title, body = _article(text, front.pop("title", None))
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = None if mark is None else source.first_line + 1 + mark.line
            reason = getattr(error, "problem", None) or "cannot be read"
            yield Reject(source.file, line, f"front matter: is not valid YAML: {reason}")
        except (RecursionError, ValueError):
            yield Reject(source.file, source.first_line, "text: is nested too deeply")
        else:
            columns = {"title": title} if title else {}
            yield Record({**front, **columns, "text": body, **fields}, source.file, source.first_line)


class _Loader(yaml.BaseLoader):
    """Scalars as they were written, and no aliases, with which a small text stands for a huge one."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="aliases are not read", problem_mark=self.get_mark())
        return super().compose_node(parent, index)


def _article(text: str, title: Any) -> tuple[Any, str]:
    """Return title and text: the given title, else the first heading of level 1."""
    blocks = list(_blocks(_parser().parse(text)))
    first = next((index for index, block in enumerate(blocks) if block[0] == "h1"), None)
    if first is not None and not title:
        title = " ".join(blocks.pop(first)[1].split())
    elif first == 0 and blocks[0][1].split() in (
        str(title).split(),
        _inline(_parser().parseInline(str(title))[0].children).split(),
    ):
        del blocks[0]
    return title, "\n\n".join(block for _, block in blocks)


@lru_cache(maxsize=1)
def _parser() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])


def _blocks(tokens: list[Any]) -> Iterator[tuple[str, str]]:
    """Yield every block with its tag; a list and a table are one each, of lines."""
    lines: list[str] = []
    cells: list[str] = []
    tag, cell, depth = "", False, 0
    for token in tokens:
        match token.type:
            case "bullet_list_open" | "ordered_list_open" | "table_open":
                depth += 1
            case "bullet_list_close" | "ordered_list_close" | "table_close":
                depth -= 1
                if not depth and lines:
                    yield token.tag, "\n".join(lines)
                    lines = []
            case "th_open" | "td_open":
                cell = True
            case "th_close" | "td_close":
                cell = False
            case "tr_close":
                lines.append("\t".join(cells))
                cells = []
            case "heading_open" | "paragraph_open":
                tag = token.tag
            case "inline" | "fence" | "code_block":
                block = _inline(token.children) if token.type == "inline" else token.content.rstrip("\n")
                if cell:
                    cells.append(" ".join(block.split()))
                elif not block.strip():
                    continue
                elif depth:
                    lines.append(block)
                else:
                    yield tag if token.type == "inline" else "code", block


def _inline(tokens: list[Any] | None) -> str:
    parts = []
    for token in tokens or ():
        match token.type:
            case "text" | "code_inline":
                parts.append(token.content)
            case "softbreak":
                parts.append(" ")
            case "hardbreak":
                parts.append("\n")
            case "html_inline" if _BREAK_TAG.fullmatch(token.content):
                parts.append("\n")
    return "".join(parts).strip()


READER = Reader("markdown", (".md", ".markdown"), read)
