"""GW504: a dataset that was changed by hand is not the one that its card describes."""

from goldwire.eval.audit.finding import Check, Fired, NotApplicable, Outcome, Silent
from goldwire.eval.audit.subject import Subject


def look(subject: Subject) -> Outcome:
    """Compare the digest on the card with that of the content."""
    if subject.digests is None:
        return NotApplicable("no card of a dataset folder names its digest")
    said, found = subject.digests
    if said == found:
        return Silent(f"The content has the digest on the card, {said}.")
    return Fired(
        f"The card says the digest is {said}, and that of the content is {found}.", 1, [f"{said} -> {found}"]
    )


CHECK = Check("GW504", "edited", "The dataset is not what its card says", "error", False, look)
