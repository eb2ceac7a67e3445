"""Checks on the dataset card: what fired, what was accepted, and how many found nothing or could not look."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

_SEVERITIES = ("error", "warning", "note")


def checks(findings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return findings (mappings with the keys of `goldwire.eval.audit.finding.Finding`) as the card shows them.

    Returns
    -------
    dict
        "fired" and "accepted", lists of findings, the gravest first; "silent", (how many findings are silent, the
        codes of checks that were silent throughout); "not_applicable", (code, questions, reason), where questions is
        empty for a check that was applicable nowhere, for one reason.
    """
    by_state: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    states: dict[str, set[str]] = defaultdict(set)
    for finding in findings:
        by_state[finding["state"]].append(finding)
        states[finding["code"]].add(finding["state"])
    reasons: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in by_state["not applicable"]:
        questions = reasons[one["code"]][str(one["text"]).strip().rstrip(".")]
        if one.get("question"):
            questions.append(one["question"])
    return {
        "fired": sorted(by_state["fired"], key=_order),
        "accepted": sorted(by_state["accepted"], key=_order),
        "silent": (
            len(by_state["silent"]),
            sorted(code for code, found in states.items() if found == {"silent"}),
        ),
        "not_applicable": [
            (code, sorted(asked) if len(states[code]) > 1 or len(found) > 1 else [], why)
            for code, found in sorted(reasons.items())
            for why, asked in sorted(found.items())
        ],
    }


def _order(finding: Mapping[str, Any]) -> tuple[int, str, str]:
    return _SEVERITIES.index(finding["severity"]), finding["code"], finding.get("question") or ""
