"""What a check is, and what it says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from goldwire.eval.audit.subject import Subject

Severity = Literal["error", "warning", "note"]
State = Literal["fired", "accepted", "silent", "not applicable"]
SHOWN = 20  # cases that a finding names; the rest is counted
LONGEST = 400  # characters of a case


@dataclass(frozen=True)
class Fired:
    """The check found something.

    Attributes
    ----------
    text : str
        One or two sentences with the figures.
    count : int
        How many cases there are.
    cases : list of str
        What they are, in a fixed order, each in a few words with its ids; the caller may give all, `SHOWN` are kept
        with `LONGEST` characters each.
    """

    text: str
    count: int
    cases: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Silent:
    """The check looked and found nothing; `text` says at how much it looked."""

    text: str


@dataclass(frozen=True)
class NotApplicable:
    """The check could not look; the reason completes "not applicable, because ..."."""

    reason: str


Outcome = Fired | Silent | NotApplicable


@dataclass(frozen=True)
class Check:
    """A check.

    Attributes
    ----------
    code : str
        GW and three digits; never given to another check.
    name : str
        The stem of its file and page.
    title : str
        What is wrong when it fires, as a statement.
    severity : {"error", "warning", "note"}
        error: figures measured on this dataset are wrong. warning: they say less than they seem to. note: to know.
    by_question : bool
        Whether it is asked for each question on its own (`Subject.of`), or once.
    look : callable
        From the subject to the outcome.
    """

    code: str
    name: str
    title: str
    severity: Severity
    by_question: bool
    look: "Callable[[Subject], Outcome]"


@dataclass(frozen=True)
class Finding:
    """What a check said, for the report, the card and `--json`.

    Attributes
    ----------
    question : str or None
        ``<scheme>.<question>`` of a check that is asked by question.
    state : {"fired", "accepted", "silent", "not applicable"}
        accepted: it fired, and params.audit.accept says why that is all right.
    text : str
        The figures, or after "not applicable, because".
    accepted : str or None
        The reason that params.yaml gives.
    """

    code: str
    name: str
    title: str
    severity: Severity
    state: State
    text: str
    count: int = 0
    cases: list[str] = field(default_factory=list)
    question: str | None = None
    accepted: str | None = None
