"""`goldwire labels scheme`: the codebooks."""

from pathlib import Path
from typing import Annotated

import typer

from goldwire.cli import output

group = typer.Typer(name="scheme", help="Codebooks: list, show, make, check, print.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="A scheme of the study, a shipped one, or a YAML file.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@group.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the schemes of the study and those that come with goldwire.

    Example: goldwire labels scheme list
    """
    from goldwire import scheme
    from goldwire.errors import GoldwireError

    folder = _folder()
    own = sorted(path.stem for path in folder.glob("*.yaml")) if folder else []
    rows = []
    for name in [*own, *(name for name in scheme.shipped() if name not in own)]:
        row = {"name": name, "version": None, "unit": None, "from": "study" if name in own else "goldwire"}
        try:
            found = scheme.load(name, folder)
            rows.append({**row, "version": found.version, "unit": found.unit, "title": found.title})
        except GoldwireError:
            rows.append({**row, "title": f"not valid; see: goldwire labels scheme validate {name}"})
    output.emit(rows, as_json, lambda: output.table(list(rows[0]), [list(row.values()) for row in rows]))


@group.command()
def show(name: Name, as_json: AsJson = False) -> None:
    """Print a scheme as YAML, or as JSON.

    Example: goldwire labels scheme show event-plover
    """
    import yaml

    from goldwire import scheme

    value = scheme.load(name, _folder()).model_dump(mode="json", by_alias=True, exclude_defaults=True)
    output.emit(
        value, as_json, lambda: yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100).rstrip()
    )


@group.command()
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name of the new scheme.")],
    from_: Annotated[str, typer.Option("--from", metavar="NAME", help="The scheme to start from.")] = "stance-target",
    folder: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help="Where to write it.", show_default=False)
    ] = None,
) -> None:
    """Write NAME.yaml as a copy of a scheme, to be changed with an editor.

    Example: goldwire labels scheme new my-events --from event-plover
    """
    from goldwire import scheme

    output.data(str(scheme.create(name, from_, folder or _folder() or Path(), _folder())))


@group.command()
def validate(name: Name) -> None:
    """Check a scheme; every mistake is printed with its line.

    Example: goldwire labels scheme validate labels/schemes/my-events.yaml
    """
    from goldwire import scheme

    found = scheme.load(name, _folder())
    output.say(f"{found.name} {found.version} is valid; its hash is {found.hash}.")


@group.command("print")
def print_(name: Name) -> None:
    """Print the manual that annotators train with, as Markdown.

    Example: goldwire labels scheme print stance-target
    """
    from goldwire import scheme
    from goldwire.labels.manual import manual

    output.data(manual(scheme.load(name, _folder())))


def _folder() -> Path | None:
    """The schemes of the study that we are in, if we are in one."""
    from goldwire.errors import GoldwireError
    from goldwire.study import find

    try:
        return find(Path.cwd()).schemes
    except GoldwireError:
        return None
