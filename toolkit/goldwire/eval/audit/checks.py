"""The checks by their codes. Each is imported when it is asked for."""

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module, resources

from goldwire.errors import UsageError
from goldwire.eval.audit.finding import Check

STEMS = {
    "GW101": "shared_field",
    "GW102": "near_duplicates",
    "GW103": "time_leak",
    "GW104": "overlap",
    "GW201": "story_conflicts",
    "GW202": "missing_label",
    "GW203": "too_few",
    "GW204": "ties",
    "GW205": "unlabelled",
    "GW301": "target_blind",
    "GW302": "outlet_probe",
    "GW303": "length_shortcut",
    "GW304": "position_shortcut",
    "GW401": "one_split_annotator",
    "GW402": "label_rates",
    "GW501": "personal_data",
    "GW502": "licence",
    "GW503": "offsets",
    "GW504": "edited",
}
"""The file and page of every check by its code, in the order in which they are asked."""


def known(codes: Sequence[str]) -> list[str]:
    """Return the codes as they are listed, whatever their case and order, each once.

    Raises
    ------
    UsageError
        When a code is that of no check; the hint lists all.
    """
    asked = {code.upper() for code in codes}
    if strange := sorted(asked - STEMS.keys()):
        raise UsageError(f"there is no check {', '.join(strange)}", hint=f"There are: {', '.join(STEMS)}")
    return [code for code in STEMS if code in asked]


@lru_cache
def check(code: str) -> Check:
    """Return the check of a code."""
    found = import_module(f"{__package__}.{STEMS[code]}").CHECK
    assert isinstance(found, Check)
    return found


def page(code: str) -> str:
    """Return the page of a check, Markdown: how it is found, why it matters, what to do."""
    return (resources.files(__package__ or "") / f"{STEMS[code]}.md").read_text(encoding="utf-8")
