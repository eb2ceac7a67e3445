"""`goldwire corpus stats` and `duplicates`: what is there."""

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goldwire.cli import output
from goldwire.cli.corpus import Articles, AsJson, Containment, Mask, Seed, Shingle, comparing_of, table_of

if TYPE_CHECKING:
    import pyarrow as pa

    from goldwire.corpus.compare import Comparing
    from goldwire.corpus.stories import Pair

_WIDTH = 100  # where there is no terminal
_LEAST = 1e-9  # containment: whatever two articles share


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

    table = table_of(articles)
    value = {**stats_of_file(table), "rejects": rejects.summary(rejects.path_for(table))}
    output.emit(value, as_json, lambda: text(value))


def duplicates(
    articles: Articles = None,
    containment: Containment = None,
    shingle: Shingle = None,
    mask: Mask = None,
    seed: Seed = None,
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
    from goldwire.corpus.stories import duplicates as find

    table = table_of(articles)
    comparing = comparing_of(articles, containment, shingle, mask, seed)
    if show is not None:
        _side_by_side(table, show, comparing, page, as_json)
        return
    found = find(_bodies(table), comparing)
    if page is not None:
        _page(page, table, found.pairs, comparing.shingle)
    value = found.as_dict()
    rows = [[pair["a"], pair["b"], pair["containment"], pair["jaccard"]] for pair in value["pairs"]]
    output.emit(value, as_json, lambda: output.table(["a", "b", "containment", "jaccard"], rows))


def _bodies(table: Path) -> "pa.Table":
    import pyarrow as pa

    from goldwire.corpus.batches import batches

    return pa.concat_tables(batches(table, ["article_id", "text"], optional=["body_start"]))


def _side_by_side(
    table: Path, ids: tuple[str, str], comparing: "Comparing", page: Path | None, as_json: bool
) -> None:
    from dataclasses import replace

    import pyarrow as pa
    import pyarrow.compute as pc

    from goldwire.corpus.show.comparison import compare, load
    from goldwire.corpus.show.text import render
    from goldwire.corpus.stories import Pair
    from goldwire.corpus.stories import duplicates as find

    found = load(table, ids)
    comparison = compare(found[ids[0]], found[ids[1]], shingle=comparing.shingle)
    if comparing.mask:
        bodies = _bodies(table)
        two = bodies.filter(pc.is_in(bodies["article_id"], pa.array(ids)))
        pairs = find(two, replace(comparing, containment=_LEAST)).pairs
        containment, jaccard = (pairs[0].containment, pairs[0].jaccard) if pairs else (0.0, 0.0)
        comparison = replace(comparison, containment=containment, jaccard=jaccard)
        output.say("The scores leave datelines and notes out; the marks are of the texts as they stand.")
    if page is not None:
        _page(page, table, [Pair(*ids, comparison.containment, comparison.jaccard)], comparing.shingle)
    on_terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size((_WIDTH, 24)).columns if on_terminal else _WIDTH
    output.emit(comparison.as_dict(), as_json, lambda: render(comparison, width, bold=on_terminal))


def _page(page: Path, table: Path, pairs: "list[Pair]", shingle: int) -> None:
    from goldwire.corpus.show.html import write

    shown = write(page, table, pairs, shingle=shingle)
    more = f" of {len(pairs):,}, those with the highest scores" if shown < len(pairs) else ""
    output.say(f"{page}: {shown:,} pairs{more}")
