"""`goldwire labels dataset`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from goldwire.cli import output

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from goldwire.study import Params, Study

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
By = Literal["random", "time", "outlet", "target", "official"]
_FIELDS = ("group", "headline", "target")
FailOn = Literal["error", "warning"]


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("dataset")(dataset)


def dataset(
    by: Annotated[By | None, typer.Option("--by", help="How to divide the units.", show_default=False)] = None,
    group_by: Annotated[
        list[str] | None,
        typer.Option(
            "--group-by",
            metavar="FIELD",
            help="Keep a value of group, headline or target in one split; repeatable.",
            show_default=False,
        ),
    ] = None,
    folds: Annotated[
        int | None,
        typer.Option("--folds", min=0, max=100, help="Folds for cross-validation; 0 is none.", show_default=False),
    ] = None,
    no_text: Annotated[bool, typer.Option("--no-text", help="Leave out titles and texts; offsets stay.")] = False,
    scrub: Annotated[bool, typer.Option("--scrub", help="Mask e-mail addresses and phone numbers.")] = False,
    audit: Annotated[
        bool | None,
        typer.Option(
            "--audit/--no-audit",
            help="Write nothing and exit with 3 when a check fires; or leave the checks out.",
            show_default=False,
        ),
    ] = None,
    fail_on: Annotated[
        FailOn | None, typer.Option("--fail-on", help="With --audit: from which severity.", show_default=False)
    ] = None,
    push: Annotated[
        str | None,
        typer.Option("--push", metavar="ORG/NAME", help="Release it, and put it on the Hub.", show_default=False),
    ] = None,
    public: Annotated[bool, typer.Option("--public", help="With --push: a new repository is public.")] = False,
    as_json: AsJson = False,
) -> None:
    """Divide the units, check them, and write labels/dataset, which Hugging Face datasets loads.

    The checks are those of goldwire eval audit; what they found stands in the card. Options that say how stand
    for params.yaml in this run.

    Example: goldwire labels dataset --audit
    """
    from goldwire.errors import UsageError
    from goldwire.labels import stages
    from goldwire.study import find

    if fail_on and not audit:
        raise UsageError("--fail-on goes with --audit", hint="goldwire labels dataset --audit --fail-on warning")
    if public and push is None:
        raise UsageError("--public goes with --push", hint="goldwire labels dataset --push ORG/NAME --public")
    if strange := [field for field in group_by or [] if field not in _FIELDS]:
        raise UsageError(f"--group-by takes {', '.join(_FIELDS)}, not {strange[0]}", hint="An outlet: --by outlet")
    if folds == 1:
        raise UsageError("one fold is none", hint="Give --folds 2 or more, or 0.")
    study = find(Path.cwd())
    how = {"by": by, "group_by": tuple(group_by) if group_by else None, "folds": folds}
    params = _params(study, how, {"texts": False if no_text else None, "scrub": True if scrub else None})
    stop = (fail_on or params.audit.fail_on) if audit else None
    looked = None if audit is False else _checks(study, params, stop)
    made, division, found = stages.dataset(study, params=params, checks=looked)
    for note in [*division.notes, *made.notes]:
        output.say(f"Warning: {note}")
    pushed = None
    if push is not None:
        from goldwire.labels.publish import publish

        pushed = publish(study, push, private=not public)
        output.say(f"version {params.version} is on {pushed.url}, tag {pushed.tag}")
    value = {
        "folder": str(made.folder),
        "rows": made.rows,
        "kept": division.kept,
        "dropped": division.dropped,
        "left_out": division.left_out,
        "notes": [*division.notes, *made.notes],
        "checks": found,
        "pushed": None if pushed is None else pushed.url,
        "signature": made.signature,
    }
    splits = ("train", "validation", "test")
    rows = [[name, *(sizes.get(split) for split in splits)] for name, sizes in made.rows.items()]
    output.emit(value, as_json, lambda: output.table(["config", *splits], rows))


def _params(study: "Study", splits: dict[str, Any], texts: dict[str, Any]) -> "Params":
    """Return params.yaml with what was given in its place, and say what dvc repro would do otherwise."""
    params = study.params()
    changed: dict[str, Any] = {}
    for section, given in (("splits", splits), ("dataset", texts)):
        said = getattr(params, section)
        wanted = {name: value for name, value in given.items() if value is not None}
        for name, value in wanted.items():
            if value != getattr(said, name):
                output.say(
                    f"Warning: params.yaml does not say {section}.{name}: {_said(value)}, and dvc repro goes by it. "
                    "To keep it, write it there."
                )
        changed[section] = type(said).model_validate({**said.model_dump(), **wanted})
    return params.model_copy(update=changed)


def _said(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(value)}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _checks(
    study: "Study", params: "Params", fail_on: "FailOn | None"
) -> "Callable[[pa.Table], list[dict[str, Any]]]":
    """Return what looks at a division before the dataset is written; with `fail_on` it raises on what it finds."""

    def look(splits: "pa.Table") -> list[dict[str, Any]]:
        from goldwire.cli import gate
        from goldwire.eval.audit.study import findings

        found = findings(study, splits, params)
        for line in gate.fired(found):
            output.say(line)
        if fail_on is not None:
            gate.stop(found, fail_on, "The dataset was not written.")
        return found

    return look
