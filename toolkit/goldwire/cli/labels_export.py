"""`goldwire labels export`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from goldwire.cli import output

Form = Literal["jsonl", "csv", "conll", "label-studio"]
_OTHER = "Name another: -o DIR"


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("export")(export)


def export(
    form: Annotated[Form, typer.Argument(metavar="FORM", help="jsonl, csv, conll or label-studio.")],
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="[SOURCE]",
            help="A dataset folder, by default that of the study; for label-studio a round.",
            show_default=False,
        ),
    ] = None,
    scheme: Annotated[
        str | None, typer.Option("--scheme", metavar="NAME", help="conll: this scheme only.", show_default=False)
    ] = None,
    no_people: Annotated[
        bool,
        typer.Option("--no-people", help="label-studio: without pseudonyms, so that a server imports it."),
    ] = False,
    into: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Where the files go.")] = Path("export"),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write a dataset for other programs: JSON lines, CSV, CoNLL with BIO tags, or a round as Label Studio JSON.

    The first three hold what the dataset holds. A round is written as it was answered, texts and comments too,
    whatever dataset.texts and dataset.scrub say.

    Example: goldwire labels export conll --scheme event-plover -o conll
    """
    from goldwire.errors import UsageError

    if scheme is not None and form != "conll":
        raise UsageError("--scheme goes with conll", hint="goldwire labels export conll --scheme NAME")
    if no_people and form != "label-studio":
        raise UsageError("--no-people goes with label-studio", hint="The other forms hold no answers of one person.")
    if into.exists() and not into.is_dir():
        raise UsageError("is a file, and a folder is wanted", where=str(into), hint=_OTHER)
    untagged: list[str] = []
    if form == "label-studio":
        files = _round(source, into, people=not no_people)
    else:
        files, untagged = _dataset(form, source, into, scheme)
    if untagged:
        output.say(
            f"Warning: of {len(untagged)} spans there are no tags, since they overlap a longer one of their layer, "
            f"or hold no token: {_some(untagged)}"
        )
    if others := _others(into, files):
        output.say(f"Warning: beside this export there are files that are not of it: {_some(others)}")
    value: dict[str, Any] = {"folder": str(into), "files": files, "left_out": untagged}
    output.emit(
        value, as_json, lambda: output.table(["file", "rows"], [[str(into / k), n] for k, n in files.items()])
    )


def _others(into: Path, files: Mapping[str, int]) -> list[str]:
    """Return the other files of this form: of an earlier export, whose splits may have been others."""
    endings = {Path(name).suffix for name in files}
    return sorted(path.name for path in into.iterdir() if path.suffix in endings and path.name not in files)


def _some(names: Sequence[str]) -> str:
    return f"{', '.join(names[:5])}{', ...' if len(names) > 5 else ''}"


def _round(name: str | None, into: Path, *, people: bool) -> dict[str, int]:
    from goldwire.errors import UsageError
    from goldwire.labels.export import label_studio
    from goldwire.study import find

    if name is None:
        raise UsageError("label-studio needs a round", hint="goldwire labels export label-studio ROUND")
    return label_studio.write(find(Path.cwd()), name, into, people=people)


def _dataset(form: str, source: str | None, into: Path, scheme: str | None) -> tuple[dict[str, int], list[str]]:
    from goldwire.errors import UsageError
    from goldwire.labels.export import conll, lines, sheets
    from goldwire.study import find

    dataset = Path(source) if source is not None else find(Path.cwd()).dataset
    if into.resolve().is_relative_to(dataset.resolve()):
        raise UsageError(
            "is in the dataset, which would no longer be what its card says", where=str(into), hint=_OTHER
        )
    if form == "conll":
        written = conll.write(dataset, into, scheme)
        return written.files, written.untagged
    return (lines if form == "jsonl" else sheets).write(dataset, into), []
