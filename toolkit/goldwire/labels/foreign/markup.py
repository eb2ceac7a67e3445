"""The text content of HTML, as Label Studio counts in it: every piece of text in its order, a line end for <br>."""

from html.parser import HTMLParser


def text_of(html: str) -> str:
    """Return the text content of HTML. Comments are left out; nothing is added but a line end for each <br>."""
    found = _Content()
    found.feed(html)
    found.close()
    return "".join(found.pieces)


class _Content(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag == "br":
            self.pieces.append("\n")
