"""`goldwire eval baselines`: which there are, and what each is for."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from goldwire.cli import output

if TYPE_CHECKING:
    from goldwire.eval.baselines.registry import Entry

_OURS = "goldwire"


def register(group: typer.Typer) -> None:
    """Add the command to `goldwire eval`."""
    group.command()(baselines)


def baselines(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the baselines: the types of question each fits, what it needs, and what it does.

    Those of other packages are tried, and one that cannot be used is listed with the reason. Name the ones to train
    in params.yaml (eval.baselines).

    Example: goldwire eval baselines
    """
    from goldwire.eval.baselines.registry import listed

    found = listed()
    output.emit([_value(one) for one in found], as_json, lambda: _text(found))


def _value(one: "Entry") -> dict[str, Any]:
    about = one.baseline
    return {
        "name": one.name,
        "summary": about.summary if about else None,
        "types": list(about.types) if about else [],
        "needs_target": about.needs_target if about else None,
        "needs_labels": list(about.needs_labels) if about else [],
        "extra": about.extra if about else None,
        "probes": list(about.probes) if about else [],
        "package": one.package,
        "broken": one.broken,
    }


def _text(found: "list[Entry]") -> str:
    rows = [
        [one.name, ", ".join(one.baseline.types), _needs(one) or "-", one.baseline.summary]
        if one.baseline
        else [one.name, "-", "-", f"broken: {one.broken}"]
        for one in found
    ]
    return output.table(["name", "question", "needs", "what it does"], rows)


def _needs(one: "Entry") -> str:
    """What a baseline needs of the question and of the installation, and who else brings it."""
    about = one.baseline
    assert about is not None
    needs = [
        "targets" if about.needs_target else "",
        *(f'the label "{label}"' for label in about.needs_labels),
        f"goldwire[{about.extra}]" if about.extra else "",
        f"package {one.package}" if one.package not in (_OURS, None) else "",
    ]
    return ", ".join(filter(None, needs))
