"""Tabs: in a project that is not blind, a Data Manager tab for each annotator shows the units assigned to them.

The free edition does not enforce an assignment, and everybody sees every tab. Annotators work through theirs by
"Label Tasks As Displayed", in the menu beside "Label All Tasks": that one leaves the tab's filter out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from goldwire.labels.server import Client
from goldwire.labels.team.assigned import FIELD, filter_value, together

_COLUMN = f"filter:tasks:data.{FIELD}"
_HIDDEN = [f"tasks:data.{FIELD}"]  # it says who else has a unit, and so which ones are calibration


@dataclass(frozen=True)
class Tabs:
    """What was done with the tabs. Each names annotators; `numbers` has the tab's id of each."""

    made: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)


def tabs(client: Client, project: int, annotators: Sequence[str], *, dry_run: bool = False) -> Tabs:
    """Make a tab for each annotator, or mend its filter; doing it again changes nothing.

    A tab is an annotator's when their pseudonym is its title, and it is ours or filters on who is assigned. Others
    are left alone, as is everything but the filter of one that is there: order, columns, widths.

    Parameters
    ----------
    client : Client
    project : int
        Its tasks have `data.assigned` as `goldwire.labels.team.assigned.shown` writes it.
    annotators : sequence of str
        Pseudonyms, in the order of the tabs.
    dry_run : bool
        Change nothing; `numbers` lacks the tabs that would be made.

    Raises
    ------
    GoldwireError
        When the server fails, or two pseudonyms differ in capitals only.
    """
    together(annotators)
    me, _ = client.whoami()
    there = client.json(f"list the tabs of project {project}", lambda sdk: sdk.views.list(project=project))
    done = Tabs()
    for who in annotators:
        found = _tab_of(there, who, me)
        if found is None:
            done.made.append(who)
            if not dry_run:
                done.numbers[who] = _make(client, project, who)
            continue
        done.numbers[who] = int(found["id"])
        if _shows(found) == [(_COLUMN, "contains", filter_value(who))]:
            done.unchanged.append(who)
            continue
        done.changed.append(who)
        if not dry_run:
            _mend(client, project, found, who)
    return done


def link(client: Client, project: int, tab: int) -> str:
    """Return the address under which an annotator labels what the tab shows, task after task."""
    return f"{client.url}/projects/{project}/data?tab={tab}&labeling=1"


def _tab_of(there: Sequence[Mapping[str, Any]], who: str, me: int) -> Mapping[str, Any] | None:
    titled = [tab for tab in there if (tab.get("data") or {}).get("title") == who]
    ours = [tab for tab in titled if tab.get("user") == me or any(column == _COLUMN for column, *_ in _shows(tab))]
    return min(ours, key=lambda tab: int(tab["id"]), default=None)


def _shows(tab: Mapping[str, Any]) -> list[tuple[Any, Any, Any]]:
    """Return column, operator and value of its filters. The page changes their types, and adds an empty child."""
    filters = (tab.get("data") or {}).get("filters") or {}
    return [(item.get("filter"), item.get("operator"), item.get("value")) for item in filters.get("items") or []]


def _make(client: Client, project: int, who: str) -> int:
    data = {
        "title": who,
        "type": "list",
        "target": "tasks",
        "hiddenColumns": {"explore": _HIDDEN, "labeling": _HIDDEN},
        "filters": _filters(who),
    }
    made = client.json("make a tab", lambda sdk: sdk.views.create(project=project, data=data))
    return int(made["id"])


def _mend(client: Client, project: int, tab: Mapping[str, Any], who: str) -> None:
    data = {**tab["data"], "filters": _filters(who)}  # the server replaces all of it
    client.call(f"change tab {tab['id']}", lambda sdk: sdk.views.update(str(tab["id"]), project=project, data=data))


def _filters(who: str) -> dict[str, Any]:
    item = {"filter": _COLUMN, "operator": "contains", "type": "String", "value": filter_value(who)}
    return {"conjunction": "and", "items": [item]}
