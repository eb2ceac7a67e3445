"""Asks the checks, and sums up what they say."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from goldwire.errors import UsageError
from goldwire.eval.audit.checks import STEMS, check, known
from goldwire.eval.audit.finding import LONGEST, SHOWN, Check, Finding, Fired, NotApplicable, Outcome, Severity
from goldwire.eval.audit.subject import Subject
from goldwire.eval.audit.wording import shortened

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")  # the worst first


def audit(subject: Subject, accept: Mapping[str, str], only: Sequence[str] = ()) -> list[Finding]:
    """Ask the checks, and return what each says: by code, then by question.

    Parameters
    ----------
    subject : Subject
    accept : mapping of str to str
        Code of a check -> why what it finds is all right; then its state is "accepted" in place of "fired".
    only : sequence of str
        The codes of the checks to ask; all, where none is given.

    Raises
    ------
    UsageError
        When a code is that of no check, or is accepted for no reason.
    """
    known(list(accept))
    if blank := sorted(code for code, why in accept.items() if not why.strip()):
        raise UsageError(
            f"{blank[0]} is accepted without a reason", hint="Say why under audit.accept in params.yaml."
        )
    reasons = {code.upper(): why.strip() for code, why in accept.items()}
    findings = []
    for code in known(only or list(STEMS)):
        asked = check(code)
        if not asked.by_question:
            findings.append(_finding(asked, asked.look(subject), reasons.get(code), None))
        elif not subject.labels:
            nothing = NotApplicable("no question has labels here")
            findings.append(_finding(asked, nothing, reasons.get(code), None))
        else:
            for question in sorted(subject.labels):
                findings.append(_finding(asked, asked.look(subject.of(question)), reasons.get(code), question))
    return findings


def worst(findings: Sequence[Finding]) -> Severity | None:
    """Return the worst severity of those that fired and are not accepted, or None."""
    found = {finding.severity for finding in findings if finding.state == "fired"}
    return next((severity for severity in SEVERITIES if severity in found), None)


def failing(findings: Sequence[Finding], fail_on: Severity) -> list[Finding]:
    """Return those that fired, are not accepted, and are of this severity or worse."""
    grave = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    return [finding for finding in findings if finding.state == "fired" and finding.severity in grave]


def as_json(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return the findings as JSON values with the keys of `Finding`."""
    return [asdict(finding) for finding in findings]


def summary(findings: Sequence[Finding], fail_on: Severity) -> dict[str, Any]:
    """Return the value that ``goldwire eval audit --json`` prints: checks, fired, worst, failed."""
    return {
        "checks": as_json(findings),
        "fired": sum(finding.state == "fired" for finding in findings),
        "worst": worst(findings),
        "failed": bool(failing(findings, fail_on)),
    }


def _finding(asked: Check, outcome: Outcome, why: str | None, question: str | None) -> Finding:
    said = Finding(asked.code, asked.name, asked.title, asked.severity, "silent", "", question=question)
    match outcome:
        case Fired(text, count, cases):
            state: Any = "fired" if why is None else "accepted"
            shown = [shortened(case, LONGEST) for case in cases[:SHOWN]]
            return replace(said, state=state, text=text, count=count, cases=shown, accepted=why)
        case NotApplicable(reason):
            return replace(said, state="not applicable", text=reason)
        case _:
            return replace(said, text=outcome.text)
