"""COMMANDS.md, made from the help texts: `python -m goldwire.cli.reference > COMMANDS.md`."""

from collections.abc import Iterator
from typing import Any

from goldwire.cli import output


def reference() -> str:
    """Return COMMANDS.md: every command with its help, in the order of `goldwire --help`."""
    parts = ["# Commands", "Made from the help texts by `make reference`; a test compares the two."]
    for path, help_text in commands():
        parts += [f"{'#' * (1 + len(path.split()))} {path}", f"```text\n{help_text}\n```"]
    return "\n\n".join(parts)


def commands() -> Iterator[tuple[str, str]]:
    """Yield (command as typed, its help text) for every group and command."""
    import typer

    from goldwire.cli.app import app

    yield from _walk(typer.main.get_command(app), "goldwire", None)


def _walk(command: Any, path: str, parent: Any) -> Iterator[tuple[str, str]]:
    # A fixed width: the reference must not depend on the terminal that made it.
    context = command.context_class(command, info_name=path.split()[-1], parent=parent, max_content_width=100)
    context.terminal_width = 100
    yield path, command.get_help(context).rstrip()
    for name, child in getattr(command, "commands", {}).items():
        yield from _walk(child, f"{path} {name}", context)


if __name__ == "__main__":
    output.data(reference())
