"""`goldwire labels diff`: what changed between two versions."""

from pathlib import Path
from typing import Annotated, Any

import typer

from goldwire.cli import output, votes_file


def register(group: typer.Typer) -> None:
    """Add the command to `goldwire labels`."""
    group.command()(diff)


def diff(
    revision_a: Annotated[
        str, typer.Argument(metavar="REV_A", help="A git revision, or a folder with a study or a dataset.")
    ],
    revision_b: Annotated[
        str | None,
        typer.Argument(
            metavar="REV_B", help="The same; without it, the study as it stands here.", show_default=False
        ),
    ] = None,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown, for a pull request.")] = False,
    as_changelog: Annotated[
        bool, typer.Option("--changelog", help="Draft an entry for the dataset's changelog.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="Rows shown of each list; JSON has all.")] = 20,
    into: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write it to a file.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what changed between two versions: units, splits, labels and by whom, votes, spans, schemes, agreement.

    A revision's data come from DVC's cache or its default remote, and the working tree is not touched. Where a
    folder and a branch have the same name the folder is meant; heads/NAME is the branch.

    Example: goldwire labels diff v0.1.0 HEAD
    """
    from goldwire.errors import UsageError
    from goldwire.files import write_text
    from goldwire.labels.diff import changelog
    from goldwire.labels.diff.compare import diff as compared

    if as_json + as_markdown + as_changelog > 1:
        raise UsageError("--json, --markdown and --changelog are three forms of one thing", hint="Give one of them.")
    votes_file.check_output(into)
    value = compared(revision_a, revision_b, Path.cwd())
    text = _form(value, limit, as_json=as_json, as_markdown=as_markdown, as_changelog=as_changelog)
    if as_changelog and (warning := changelog.warning(value)):
        output.say(f"Warning: {warning}")
    if into is None:
        output.emit(value, as_json, lambda: text)
    else:
        with votes_file.writing(into):
            write_text(into, f"{text}\n")


def _form(value: dict[str, Any], limit: int, *, as_json: bool, as_markdown: bool, as_changelog: bool) -> str:
    import json

    from goldwire.labels.diff.changelog import changelog
    from goldwire.labels.diff.markdown import markdown

    if as_json:
        return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    if as_markdown:
        return markdown(value, limit).removesuffix("\n")
    return changelog(value).removesuffix("\n") if as_changelog else _text(value, limit)


def _text(value: dict[str, Any], limit: int) -> str:
    from goldwire.labels.diff.sections import head, sections, summary

    parts = [head(value)]
    found = summary(value)
    parts.append(output.table(found.header, found.rows) if found.rows else "Nothing changed.")
    for section in sections(value):
        title = f"{section.title} ({len(section.rows)})"
        shown = output.table(section.header, section.rows[:limit])
        more = f"\n... and {len(section.rows) - limit} more" if len(section.rows) > limit else ""
        parts.append(f"{title}\n{shown}{more}")
    return "\n\n".join([*parts, *value["notes"]])
