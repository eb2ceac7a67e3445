"""How a task on the server says who answers it: `data.assigned`, and the filter that finds an annotator's tasks."""

from collections.abc import Iterable

from goldwire.errors import GoldwireError

FIELD = "assigned"


def together(pseudonyms: Iterable[str]) -> None:
    """Raise GoldwireError for names that the server's filters take for one: they do not tell "Anna" from "anna"."""
    seen: dict[str, str] = {}
    for who in pseudonyms:
        if (other := seen.setdefault(who.lower(), who)) != who:
            raise GoldwireError(
                f"{other} and {who} differ in capitals only, which Label Studio's filters do not see",
                hint="Change one of them in labels/annotators.csv, before anything is pulled.",
            )
        if "|" in who or not who.strip():
            raise GoldwireError(
                f'"{who}" is no pseudonym: it is empty or has a "|"',
                hint="Change it in labels/annotators.csv, before anything is pulled.",
            )


def shown(assigned: Iterable[str]) -> str:
    """Return who answers a unit as it stands in its task, ``|annotator-01|annotator-02|``, so that a filter on
    ``|annotator-1|`` never finds annotator-10."""
    return "|" + "".join(f"{who}|" for who in assigned)


def filter_value(pseudonym: str) -> str:
    """Return what a filter on the field looks for: ``|annotator-01|``."""
    return f"|{pseudonym}|"
