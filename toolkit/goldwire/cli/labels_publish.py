"""`goldwire labels release` and `goldwire labels rehydrate`: what is given out, and what others make of it."""

from pathlib import Path
from typing import Annotated, Any

import typer

from goldwire.cli import output

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(group: typer.Typer) -> None:
    """Add the commands to `goldwire labels`."""
    group.command()(release)
    group.command()(rehydrate)


def release(as_json: AsJson = False) -> None:
    """Record that labels/dataset, as it stands, is the release of its version: in labels/releases.jsonl, for git.

    From then on no other data can be built under that version. The card may still be corrected.

    Example: goldwire labels release
    """
    from goldwire.labels.dataset.releases import release as record
    from goldwire.study import find

    made, new = record(find(Path.cwd()))
    value = {"version": made.version, "digest": made.digest, "signature": made.signature, "new": new}
    output.emit(value, as_json, lambda: f"version {made.version} is data {made.digest}{'' if new else ', as before'}")
    if new:
        output.say(
            "Next: git add labels/releases.jsonl && "
            f"git commit -m 'Release {made.version}' && git tag v{made.version}"
        )


def rehydrate(
    dataset: Annotated[Path, typer.Argument(metavar="DATASET", help="The folder of a dataset without texts.")],
    articles: Annotated[
        Path, typer.Argument(metavar="ARTICLES", help="Your copies, as `goldwire corpus import` writes them.")
    ],
    into: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="The dataset with its texts.")],
    strict: Annotated[
        bool, typer.Option("--strict", help="Write nothing and exit with 3 when an article is missing or changed.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put titles and texts back into a dataset that was given out without them, from your own copies of the articles.

    Copies are found by id, content hash or URL, and used only when their content hash is that of the dataset. What
    is missing, or has another text, is listed and left out.

    Example: goldwire labels rehydrate the-dataset articles.parquet -o with-texts
    """
    from goldwire import tables
    from goldwire.errors import CheckFailedError
    from goldwire.labels.dataset.copies import match
    from goldwire.labels.dataset.rehydrate import rehydrate as fill

    copies = match(dataset, tables.read(articles, "articles"))
    lacking = len(copies.missing) + len(copies.changed)
    refused = strict and lacking > 0
    value: dict[str, Any] = {
        "articles": copies.articles,
        "filled": len(copies.found),
        "missing": copies.missing,
        "changed": copies.changed,
        "data": None if refused else fill(dataset, copies, into),
    }
    output.emit(value, as_json, lambda: _text(value, into))
    if refused:
        raise CheckFailedError(
            f"{lacking} of {copies.articles} articles are missing or changed, and nothing was written",
            where=str(articles),
            hint="Leave out --strict to have the others.",
        )


def _text(value: dict[str, Any], into: Path) -> str:
    lines = [f"{value['filled']} of {value['articles']} articles filled in{f': {into}' if value['data'] else ''}"]
    for name, what in (("missing", "not in your table"), ("changed", "with another text there")):
        if value[name]:
            shown = ", ".join(value[name][:10]) + (", ..." if len(value[name]) > 10 else "")
            lines.append(f"{len(value[name])} {what}: {shown}")
    return "\n".join(lines)
