"""What checks found, as lines, and as a gate at which commands exit with 3."""

from collections.abc import Mapping, Sequence
from typing import Any

from goldwire.errors import CheckFailedError

_SEVERITIES = ("error", "warning", "note")


def fired(findings: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a line for every error and warning, errors first."""
    listed = [one for one in findings if one["state"] == "fired" and one["severity"] != "note"]
    return [_said(one) for one in sorted(listed, key=lambda one: _SEVERITIES.index(one["severity"]))]


def stop(findings: Sequence[Mapping[str, Any]], fail_on: str, then: str = "") -> None:
    """Raise when a finding of that severity or worse fired and was not accepted.

    Parameters
    ----------
    findings : sequence of mapping
        As `goldwire.eval.audit.run.as_json` returns them.
    fail_on : {"error", "warning", "note"}
    then : str
        What became of the command's work, as a sentence.

    Raises
    ------
    CheckFailedError
        With codes and names.
    """
    grave = _SEVERITIES[: _SEVERITIES.index(fail_on) + 1]
    failing = [one for one in findings if one["state"] == "fired" and one["severity"] in grave]
    if not failing:
        return
    named = sorted({f"{one['code']} {one['name']}" for one in failing})
    count = f"{len(named)} {'check' if len(named) == 1 else 'checks'} fired: {', '.join(named)}"
    raise CheckFailedError(
        f"{count}. {then}" if then else count,
        hint=f"goldwire eval audit --explain {named[0].split()[0]} says what to do.",
    )


def _said(one: Mapping[str, Any]) -> str:
    question = f" ({one['question']})" if one["question"] else ""
    return f"{one['severity'].capitalize()} {one['code']}{question}: {one['text']}"
