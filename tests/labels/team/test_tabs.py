"""Tabs on a real Label Studio: each annotator's units and no others, whatever is done to the tabs."""

import json
from typing import Any

import pytest

from goldwire import studio
from goldwire.labels.server import Client, connect
from goldwire.labels.team.assigned import shown
from goldwire.labels.team.tabs import Tabs, link, tabs
from goldwire.studio.accounts import sign_up

pytestmark = pytest.mark.server

CONFIG = '<View><Text name="t" value="$text"/><Choices name="q" toName="t"><Choice value="x"/></Choices></View>'
UNITS = {"u1": ["a1", "a10"], "u2": ["a10"], "u3": ["a1"], "u4": ["b"], "u5": ["b", "a1"]}


@pytest.fixture(scope="module")
def admin(label_studio: studio.Server) -> Client:
    return connect(label_studio.url, label_studio.api_key)


@pytest.fixture(scope="module")
def anna(label_studio: studio.Server) -> Client:
    return connect(label_studio.url, sign_up(label_studio, "anna-tabs@example.org", "a-long-password-7"))


@pytest.fixture
def project(admin: Client) -> int:
    """Tasks u1 to u5, two annotators each at most."""
    number = admin.create_project("Tabs", CONFIG, "none", 2).id
    made = [{"data": {"unit_id": unit, "text": unit, "assigned": shown(who)}} for unit, who in UNITS.items()]
    admin.import_tasks(number, made)
    return number


def views(client: Client, project: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.json("list", lambda sdk: sdk.views.list(project=project))
    return found


def units_of(client: Client, project: int, view: int) -> list[str]:
    answer = client.request("list", "GET", "api/tasks", params={"project": project, "view": view, "fields": "all"})
    return [task["data"]["unit_id"] for task in json.loads(answer)["tasks"]]


def test_each_tab_has_the_units_of_one_annotator(admin: Client, project: int) -> None:
    done = tabs(admin, project, ["a1", "a10", "b"])
    assert (done.made, done.changed, done.unchanged) == (["a1", "a10", "b"], [], [])
    there = {who: units_of(admin, project, number) for who, number in done.numbers.items()}
    assert there == {"a1": ["u1", "u3", "u5"], "a10": ["u1", "u2"], "b": ["u4", "u5"]}
    assert link(admin, project, 7) == f"{admin.url}/projects/{project}/data?tab=7&labeling=1"


def test_making_them_again_changes_nothing_and_a_dry_run_does_nothing(admin: Client, project: int) -> None:
    assert tabs(admin, project, ["a1", "b"], dry_run=True) == Tabs(made=["a1", "b"])
    assert views(admin, project) == []
    numbers = tabs(admin, project, ["a1"]).numbers
    before = views(admin, project)
    assert tabs(admin, project, ["a1"]) == Tabs(unchanged=["a1"], numbers=numbers)
    assert views(admin, project) == before
    more = tabs(admin, project, ["a1", "b"])
    assert (more.made, more.unchanged) == (["b"], ["a1"])
    assert len(views(admin, project)) == 2


def test_a_filter_that_was_changed_is_mended_and_the_rest_of_the_tab_kept(
    admin: Client, anna: Client, project: int
) -> None:
    numbers = tabs(admin, project, ["a1", "b"]).numbers
    (mine, other) = views(admin, project)
    changed = {**mine["data"], "columnsWidth": {"tasks:id": 40}, "ordering": ["-tasks:id"]}
    changed["filters"] = {"conjunction": "and", "items": []}
    anna.call("change", lambda sdk: sdk.views.update(str(mine["id"]), project=project, data=changed))
    assert units_of(admin, project, mine["id"]) == ["u5", "u4", "u3", "u2", "u1"]

    assert tabs(admin, project, ["a1", "b"], dry_run=True) == Tabs(changed=["a1"], unchanged=["b"], numbers=numbers)
    assert tabs(admin, project, ["a1", "b"]) == Tabs(changed=["a1"], unchanged=["b"], numbers=numbers)
    assert units_of(admin, project, mine["id"]) == ["u5", "u3", "u1"]
    now, same = views(admin, project)
    assert now["data"] == {**mine["data"], "columnsWidth": {"tasks:id": 40}, "ordering": ["-tasks:id"]}
    assert same == other


def test_tabs_of_other_people_are_left_alone(admin: Client, anna: Client, project: int) -> None:
    data = {"title": "a1", "type": "list", "target": "tasks", "filters": {"conjunction": "and", "items": []}}
    anna.call("make", lambda sdk: sdk.views.create(project=project, data=data))
    (before,) = views(admin, project)
    done = tabs(admin, project, ["a1"])
    assert done.made == ["a1"]
    assert views(admin, project)[0] == before
    assert units_of(admin, project, done.numbers["a1"]) == ["u1", "u3", "u5"]
    # who made our tab does not matter to the next administrator
    assert tabs(anna, project, ["a1"]).changed == ["a1"]  # her own, by its title
    assert [units_of(admin, project, view["id"]) for view in views(admin, project)] == [["u1", "u3", "u5"]] * 2


def test_the_page_hands_out_the_tasks_of_the_tab_that_are_not_answered(
    admin: Client, anna: Client, project: int
) -> None:
    """What "Label Tasks As Displayed" sends: the filter itself. The number of the tab alone is not looked at."""
    tabs(admin, project, ["a1"])
    (tab,) = views(admin, project)

    def next_unit(body: dict[str, Any]) -> str | None:
        def ask(sdk: Any) -> Any:
            return sdk._client_wrapper.httpx_client.request(
                f"api/dm/actions?id=next_task&tabID={tab['id']}&project={project}", method="POST", json=body
            )

        answer = anna.call("ask for the next task", ask)
        return str(answer.json()["data"]["unit_id"]) if answer.status_code == 200 else None

    displayed = {"ordering": [], "filters": tab["data"]["filters"]}
    ids = {task["data"]["unit_id"]: int(task["id"]) for task in admin.tasks(project)}
    given = []
    while unit := next_unit(displayed):
        given.append(unit)
        anna.submit(ids[unit], [{"from_name": "q", "to_name": "t", "type": "choices", "value": {"choices": ["x"]}}])
    assert given == ["u1", "u3", "u5"]
    assert next_unit({}) in {"u2", "u4"}
