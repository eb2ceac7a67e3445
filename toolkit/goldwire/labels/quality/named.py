"""Addresses beside pseudonyms, for who asks for them; nothing with an address enters a table or the dataset."""

from pathlib import Path
from typing import Any

from goldwire.errors import UsageError
from goldwire.labels.team import annotators
from goldwire.study import Study

WARNING = "names people: keep it out of git, of the dataset, and of what you pass on"


def addresses(study: Study) -> dict[str, str]:
    """Return pseudonym -> e-mail address, of those who have one.

    Raises
    ------
    GoldwireError
        When labels/annotators.csv is damaged.
    """
    known = annotators.read(study.annotators).known
    return {who: email for email, who in known.items() if annotators.is_person(email)}


def with_addresses(report: dict[str, Any], emails: dict[str, str]) -> dict[str, Any]:
    """Return the report with `email` (null when it is not known) behind each `annotator`."""
    questions = {}
    for name, question in report["questions"].items():
        people = [
            {"annotator": row["annotator"], "email": emails.get(row["annotator"]), **row}
            for row in question["annotators"]
        ]
        questions[name] = {**question, "annotators": people}
    return {**report, "questions": questions}


def refuse_shared(study: Study, path: Path) -> None:
    """Refuse to write addresses into the study, whose files git and DVC keep.

    Raises
    ------
    UsageError
        When the file lies in the study, but for its folder .goldwire, which neither of them keeps.
    """
    there, root = path.resolve(), study.root.resolve()
    if there.is_relative_to(root) and not there.is_relative_to(root / ".goldwire"):
        raise UsageError(
            f"{path} lies in the study, whose files are versioned, and --names writes addresses",
            hint="Name a file outside of the study, or leave out --names.",
        )
