"""`goldwire eval predict`: what models say, of the study's units or of new articles."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goldwire.cli import names, output
from goldwire.cli.unit_options import Pairs, Targets, Unit, Unnamed

if TYPE_CHECKING:
    import pyarrow as pa

    from goldwire.labels.passages import Passage
    from goldwire.scheme import Scheme

_STREAM = "-"


def register(group: typer.Typer) -> None:
    """Add the command to `goldwire eval`."""
    group.command()(predict)


def predict(
    model: Annotated[
        str | None,
        typer.Argument(
            metavar="[MODEL]",
            help="A .joblib file, or the name of a model in eval/models; without it, all of the study.",
            show_default=False,
        ),
    ] = None,
    articles: Annotated[
        str | None,
        typer.Argument(
            metavar="[ARTICLES]",
            help="Articles in any format that corpus import reads; - reads JSONL from stdin.",
            show_default=False,
        ),
    ] = None,
    unit: Unit = None,
    target: Targets = None,
    unnamed: Unnamed = False,
    holder: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Who holds the stance; without it, the author.", show_default=False),
    ] = None,
    pairs: Pairs = None,
    into: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="The table of predictions: .parquet, .csv, .tsv or .jsonl; - writes JSONL to stdout.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Have a model label new articles; without arguments, all models predict the validation and test splits.

    Articles get the ids that corpus import gives, and units those that labels tasks gives. A model is a pickle, and
    a pickle runs code when it is loaded: load only models that you trained. The model llm sends the texts to the
    endpoint named by GOLDWIRE_LLM_URL.

    Example: goldwire eval predict event-plover.main_event.tfidf-logreg news.jsonl -o predictions.csv
    """
    from goldwire.errors import UsageError

    options = {"unit": unit, "target": target, "unnamed": unnamed, "holder": holder, "pairs": pairs, "output": into}
    if model is None:
        if given := [name for name, value in options.items() if value]:
            raise UsageError(f"--{given[0]} goes with MODEL and ARTICLES", hint="Name them, or leave it out.")
        from goldwire.cli import wrote
        from goldwire.eval import models
        from goldwire.study import find

        wrote.say(models.predict_all(find(Path.cwd())), as_json)
        return
    if articles is None:
        raise UsageError("MODEL needs ARTICLES beside it", hint="goldwire eval predict MODEL ARTICLES")
    from goldwire import tables
    from goldwire.eval import labelling, models_store
    from goldwire.eval.models import notes_of

    if into not in (None, _STREAM):
        tables.ending(Path(str(into)))  # a wrong one is said before the work, not after
        read_from = [Path(articles), *([pairs] if pairs else [])]
        if Path(str(into)).resolve() in [path.resolve() for path in read_from]:
            raise UsageError(f"-o {into} would replace what is read", hint="Name another file to write.")
    stored = models_store.load(_path(model))
    scheme = stored.model.task.codebook
    if scheme is None:
        raise UsageError(f"{model} was trained without a codebook", hint="Only models of a study label articles.")
    read = _articles(articles)
    units = _units(scheme, read, unit, target or [], unnamed, holder, pairs)
    if not len(units):
        raise UsageError("no text names the target", hint="Give its other names, A|B, or ask everywhere: --unnamed")
    table = labelling.label(stored, read, units)
    for note in notes_of(stored.model):
        output.say(f"Note: {note}")
    _warn_of_old(scheme, model)
    _put(table, into, as_json, stored.recipe)


def _warn_of_old(scheme: "Scheme", model: str) -> None:
    """Say that the study here, if any, has another version of the scheme by which the model answers."""
    from goldwire.errors import GoldwireError
    from goldwire.study import find

    with suppress(GoldwireError):
        if names.changed(find(Path.cwd()), scheme.name, scheme.hash):
            output.say(
                f"Warning: {model} answers by another version of scheme {scheme.name} than the study has; "
                "train again: goldwire eval train"
            )


def _path(model: str) -> Path:
    """Return the file of a model given by path, or by its name in eval/models of the study here."""
    from goldwire.errors import UsageError
    from goldwire.eval.models_store import ENDING
    from goldwire.study import find

    path = Path(model)
    if path.suffix == ENDING or path.is_file():
        return path
    folder = find(Path.cwd()).models
    if (folder / f"{model}{ENDING}").is_file():
        return folder / f"{model}{ENDING}"
    there = ", ".join(sorted(found.name.removesuffix(ENDING) for found in folder.glob(f"*{ENDING}")))
    raise UsageError(
        f'there is no model "{model}"',
        where=str(folder),
        hint=f"There are: {there}" if there else "Train some: goldwire eval train",
    )


def _articles(source: str) -> "pa.Table":
    """Read an articles table as it is, and anything else as an import would."""
    import sys
    import tempfile

    from goldwire import tables
    from goldwire.corpus.ingest import ingest
    from goldwire.errors import GoldwireError

    path = Path(source)
    if source != _STREAM and not path.exists():
        raise GoldwireError("the file is not there", where=source, hint="Check the path.")
    if source != _STREAM and (ours := _ours(path)) is not None:
        return _checked(ours, source)
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "articles.parquet"
        result = ingest([path], table, stdin=sys.stdin.buffer if source == _STREAM else None)
        if not result.written:
            first = result.rejects[0] if result.rejects else None
            raise GoldwireError(
                first.reason if first else "there is no article in it",
                where=f"{first.file}:{first.line}" if first else source,
                hint="Rename the column of the texts to text, or bring it in with: goldwire corpus import --map",
            )
        for reject in result.rejects:
            output.say(f"Rejected: {reject.file}:{reject.line}: {reject.reason}")
        for warning in result.warnings:
            output.say(f"Warning: {warning}")
        return tables.read(table, "articles")


def _ours(path: Path) -> "pa.Table | None":
    from goldwire import tables
    from goldwire.errors import GoldwireError

    try:
        return tables.read(path, "articles")
    except GoldwireError:
        return None  # the import says what is wrong with it, and where


def _checked(table: "pa.Table", source: str) -> "pa.Table":
    """Return a table of articles unless an article has no id or no text, or an id stands twice."""
    from goldwire.errors import GoldwireError

    for name in ("article_id", "text"):
        if table[name].null_count:
            raise GoldwireError(f"{table[name].null_count} articles have no {name}", where=source)
    if not len(table):
        raise GoldwireError("there is no article in it", where=source)
    ids = table["article_id"].to_pylist()
    if len(set(ids)) < len(ids):
        twice = next(one for one in ids if ids.count(one) > 1)
        raise GoldwireError(
            f'article "{twice}" stands twice', where=source, hint="Give each article an id of its own."
        )
    return table


def _units(
    scheme: "Scheme",
    articles: "pa.Table",
    unit: "Passage | None",
    target: list[str],
    unnamed: bool,
    holder: str | None,
    pairs: Path | None,
) -> "pa.Table":
    """Return the units of the kind that the scheme asks about, as `goldwire labels tasks` makes them."""
    from goldwire.errors import UsageError
    from goldwire.labels import units
    from goldwire.labels.naming import Target
    from goldwire.labels.passages import PASSAGES
    from goldwire.labels.unit_files import distinct, read_pairs

    if (unnamed or holder) and not target:
        raise UsageError(f"--{'unnamed' if unnamed else 'holder'} goes with --target")
    if unit and (pairs or holder):
        raise UsageError("--unit does not go with --pairs and --holder, which are about whole articles")
    if scheme.unit in PASSAGES:
        if target or pairs:
            raise UsageError(f"scheme {scheme.name} asks about texts alone: --target and --pairs do not go with it")
        return units.texts(articles, unit or scheme.unit)
    if scheme.unit == "headline":
        if target or not pairs:
            raise UsageError(
                f"scheme {scheme.name} asks about headlines: give --pairs, a table with article_id and headline"
            )
        return units.headlines(articles, *read_pairs(pairs, "headline"))
    if bool(target) == bool(pairs):
        raise UsageError(f"scheme {scheme.name} asks about targets: give --target or --pairs, and not both")
    if pairs:
        return units.pairs(articles, *read_pairs(pairs))
    listed = distinct([(Target.parse(one), "--target") for one in target])
    found = units.targets(articles, listed, kind=unit or "document", only_named=not unnamed)
    return found if holder is None else units.pairs(articles, [row | {"holder": holder} for row in found.to_pylist()])


def _put(table: "pa.Table", into: str | None, as_json: bool, recipe: dict[str, Any]) -> None:
    """Write the predictions to a file, or print them."""
    import json

    from goldwire import tables
    from goldwire.eval.labelling import counts

    if into == _STREAM:
        output.data("\n".join(json.dumps(row, ensure_ascii=False) for row in table.to_pylist()))
        return
    value = {name: recipe[name] for name in ("model", "scheme", "question", "signature")}
    value |= {"n": len(table), "labels": counts(table)}
    if into is None:
        value["predictions"] = table.select(["unit_id", "labels", "scores"]).to_pylist()
    else:
        tables.write(table, Path(into))
        value["file"] = into
    output.emit(value, as_json, lambda: _text(table) if into is None else f"{len(table)} predictions in {into}")


def _text(table: "pa.Table") -> str:
    rows = []
    for row in table.to_pylist():
        shares = {item["label"]: item["share"] for item in row["scores"]}
        rows.append(
            [row["unit_id"], ", ".join(row["labels"]) or None, min((shares[x] for x in row["labels"]), default=None)]
        )
    return output.table(["unit", "labels", "share"], rows)
