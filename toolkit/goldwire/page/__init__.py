"""What pages and pictures share: a Jinja environment that escapes, one style sheet, plots as SVG.

Figures flow in, HTML and SVG flow out. Nothing here reads a file of a study, or needs a network.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jinja2


def environment(package: str) -> "jinja2.Environment":
    """Return the environment for the templates of a package: everything is escaped, a missing name is an error."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader(package, "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def css() -> str:
    """Return the style sheet of a page: light and dark, on a phone and on paper."""
    from importlib import resources

    return (resources.files("goldwire.page") / "page.css").read_text(encoding="utf-8")
