"""`goldwire corpus stats` and `duplicates`: what is there."""

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goldwire.cli import output
from goldwire.cli.corpus import Articles, AsJson, table_of

if TYPE_CHECKING:
    from goldwire.corpus.stories import Pair

_WIDTH = 100  # where there is no terminal


def register(group: typer.Typer) -> None:
    """Add the commands to `goldwire corpus`."""
    group.command()(stats)
    group.command()(duplicates)


def stats(
    articles: Articles = None,
    as_json: AsJson = False,
) -> None:
    """Count articles by outlet, month, language, length and story, and what was rejected.

    Example: goldwire corpus stats --json
    """
    from goldwire.cli.corpus_text import text
    from goldwire.corpus import rejects
    from goldwire.corpus.stats import stats_of_file

    table = table_of(articles)[0]
    value = {**stats_of_file(table), "rejects": rejects.summary(rejects.path_for(table))}
    output.emit(value, as_json, lambda: text(value))


def duplicates(
    articles: Articles = None,
    containment: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            help="Least share of the shorter text's shingles found in the longer; params.yaml, else 0.5.",
            show_default=False,
        ),
    ] = None,
    shingle: Annotated[
        int | None, typer.Option(min=1, help="Words in a shingle; params.yaml, else 5.", show_default=False)
    ] = None,
    mask: Annotated[
        bool | None,
        typer.Option(
            "--mask/--no-mask",
            help="Leave out datelines and notes of agencies and publishers; params.yaml, else no.",
            show_default=False,
        ),
    ] = None,
    show: Annotated[
        tuple[str, str] | None,
        typer.Option("--show", metavar="A B", help="Only these two articles, side by side.", show_default=False),
    ] = None,
    page: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write the pairs side by side as a page.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List near-duplicates with their scores, or show them side by side.

    Example: goldwire corpus duplicates corpus/articles.parquet --containment 0.5 --html pairs.html
    """
    from dataclasses import replace

    from goldwire import tables
    from goldwire.corpus.stories import duplicates as find

    table, comparing = table_of(articles)
    words = comparing.shingle if shingle is None else shingle
    if show is not None:
        _side_by_side(table, show, words, page, as_json)
        return
    least = comparing.containment if containment is None else containment
    masked = comparing.mask if mask is None else mask
    found = find(tables.read(table), replace(comparing, containment=least, shingle=words, mask=masked))
    if page is not None:
        _page(page, table, found.pairs, words)
    value = found.as_dict()
    rows = [[pair["a"], pair["b"], pair["containment"], pair["jaccard"]] for pair in value["pairs"]]
    output.emit(value, as_json, lambda: output.table(["a", "b", "containment", "jaccard"], rows))


def _side_by_side(table: Path, ids: tuple[str, str], shingle: int, page: Path | None, as_json: bool) -> None:
    from goldwire.corpus.show import compare, load
    from goldwire.corpus.show_text import render
    from goldwire.corpus.stories import Pair

    found = load(table, ids)
    comparison = compare(found[ids[0]], found[ids[1]], shingle=shingle)
    if page is not None:
        _page(page, table, [Pair(*ids, comparison.containment, comparison.jaccard)], shingle)
    on_terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size((_WIDTH, 24)).columns if on_terminal else _WIDTH
    output.emit(comparison.as_dict(), as_json, lambda: render(comparison, width, bold=on_terminal))


def _page(page: Path, table: Path, pairs: "list[Pair]", shingle: int) -> None:
    from goldwire.corpus import show_html

    shown = show_html.write(page, table, pairs, shingle=shingle)
    more = f" of {len(pairs):,}, those with the highest scores" if shown < len(pairs) else ""
    output.say(f"{page}: {shown:,} pairs{more}")
