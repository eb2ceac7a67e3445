"""`goldwire corpus sample`: articles to label, drawn so that the corpus can be estimated from them."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from goldwire.cli import output
from goldwire.cli.corpus import Articles, AsJson, table_of


def register(group: typer.Typer) -> None:
    """Add the command to `goldwire corpus`."""
    group.command()(sample)


def sample(
    number: Annotated[int, typer.Option("-n", metavar="N", help="Articles to draw.", show_default=False)],
    articles: Articles = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN", help="Strata by outlet, month, language or group; may be given several times."
        ),
    ] = None,
    allocation: Annotated[
        Literal["proportional", "equal"], typer.Option(help="How many a stratum gets; at least 1.")
    ] = "proportional",
    keyword: Annotated[
        list[str] | None,
        typer.Option(metavar="WORDS", help="Draw articles with these words more often; may be given several times."),
    ] = None,
    boost: Annotated[
        float | None, typer.Option(metavar="TIMES", help="How many times as often; 5.", show_default=False)
    ] = None,
    one_per_story: Annotated[
        bool, typer.Option("--one-per-story", help="Draw stories, and one article of each.")
    ] = False,
    seed: Annotated[
        int | None, typer.Option(help="Of the draw; that of params.yaml, else 0.", show_default=False)
    ] = None,
    into: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="The sample, an articles table.")
    ] = Path("sample.parquet"),
    as_json: AsJson = False,
) -> None:
    """Draw articles to label. The probability of each is kept, so that shares in the corpus can be estimated.

    A larger -n with the same seed, articles and options draws the same articles and more.
    Label it with: goldwire labels tasks ROUND --scheme NAME --articles sample.parquet

    Example: goldwire corpus sample -n 500 --by outlet --keyword ceasefire --one-per-story -o sample.parquet
    """
    from goldwire import tables
    from goldwire.corpus.sampling.design import Design
    from goldwire.corpus.sampling.sample import sample as draw
    from goldwire.errors import UsageError

    table = table_of(articles)
    if into.suffix.lower() not in tables.ENDINGS:
        raise UsageError(f"a sample is {', '.join(tables.ENDINGS)}, not {into.name}", hint="Name another -o FILE.")
    if into.resolve() == table.resolve():
        raise UsageError("the sample would replace the articles", where=str(into), hint="Name another -o FILE.")
    design = Design(
        number,
        tuple(by or ()),
        allocation,
        tuple(keyword or ()),
        boost,
        one_per_story,
        _seed() if seed is None else seed,
    )
    result = draw(table, design)
    tables.write(result.table, into)
    value = {
        "articles": result.articles,
        "drawn": "stories" if one_per_story else "articles",
        "population": result.population,
        "sampled": result.table.num_rows,
        "seed": design.seed,
        "strata": result.strata,
    }
    output.emit(value, as_json, lambda: _text(value, into))


def _seed() -> int:
    from goldwire.errors import GoldwireError
    from goldwire.study import find

    try:
        study = find(Path.cwd())
    except GoldwireError:
        return 0
    return study.params().seed


def _text(value: dict[str, Any], into: Path) -> str:
    head = f"{value['sampled']} of {value['population']} {value['drawn']} drawn, seed {value['seed']}: {into}"
    rows = [
        [row["stratum"] or "all", row["population"], row["sampled"], f"{row['probability']:.4g}"]
        for row in value["strata"]
    ]
    return "\n".join([head, output.table(["stratum", value["drawn"], "drawn", "probability"], rows)])
