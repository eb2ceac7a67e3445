"""What must hold after every run."""

import json
from pathlib import Path
from typing import Any

from faults.world import NAME, World
from goldwire.labels import exchange, parts
from goldwire.labels.exchange.pull import pull
from goldwire.labels.team import annotators
from goldwire.labels.team.annotators import Pseudonyms

FILES = {
    "params.yaml",
    "labels/annotators.csv",
    f"labels/rounds/{NAME}/round.yaml",
    f"labels/rounds/{NAME}/scheme.yaml",
    f"labels/rounds/{NAME}/tasks.jsonl",
}


def state(folder: Path) -> dict[int, dict[str, Any]]:
    return parts.state([parts.read(path) for path in parts.listing(folder / "pulls")])


def folded(folder: Path) -> list[dict[str, Any]]:
    """Return what is on the server, by the parts; `updated_at` of a task moves when its counters are refreshed."""
    return [
        {**task, "updated_at": "", "annotations": list(parts.live(task).values())}
        for task in state(folder).values()
        if not task.get("deleted")
    ]


def no_task_twice(world: World) -> None:
    """Every unit is there once in each project; a push has gone before."""
    counts = world.units()
    twice = {unit: count for unit, count in counts.items() if count > 1}
    assert not twice, f"tasks that are there more than once: {twice}"
    assert len(counts) == world.wanted(), f"{len(counts)} tasks are there, not {world.wanted()}"


def nothing_left_to_push(world: World) -> None:
    """Another push would do nothing."""
    would = exchange.push_round(world.study, NAME, client=world.people.admin, dry_run=True)
    left = {name: would[name] for name in ("created", "updated", "deleted")}
    assert left == {"created": 0, "updated": 0, "deleted": 0}, f"the next push would do more: {left}"


def nothing_lost(world: World, seen: set[int], anew: Path) -> None:
    """What is stored is what is on the server, and that is what annotators gave; what was deleted has a tombstone.

    `seen` are the annotations that were in the parts at some time; `anew` a folder to read everything into, directly.
    """
    answers = {
        int(a["id"]): bool(a.get("deleted")) for task in state(world.folder).values() for a in task["annotations"]
    }
    live = {number for number, deleted in answers.items() if not deleted}
    assert live == world.given.keys(), (
        f"answers lost {world.given.keys() - live}, or too many {live - world.given.keys()}"
    )
    for task in folded(world.folder):
        for number in (int(a["id"]) for a in task["annotations"]):
            assert world.read.get(number, task["data"]["text"]) == task["data"]["text"], (
                f"answer {number} was given to another text"
            )
    assert seen <= answers.keys(), f"answers without a trace: {seen - answers.keys()}"
    tombs = {number for number, deleted in answers.items() if deleted}
    assert seen & world.taken <= tombs, f"deleted answers without a tombstone: {seen & world.taken - tombs}"
    assert tombs <= world.taken, f"tombstones of answers that nobody deleted: {tombs - world.taken}"
    people = annotators.read(world.study.annotators).known
    anew.mkdir()
    pull(world.people.admin, anew, world.round, Pseudonyms(anew / "annotators.csv", dict(people)))
    here, there = folded(world.folder), folded(anew)
    assert json.dumps(here, sort_keys=True) == json.dumps(there, sort_keys=True), _difference(here, there)
    differing = exchange.verify_round(world.study, NAME, client=world.people.admin)["differing"]
    assert differing == [], f"verify finds differences in tasks {differing}"


def _difference(here: list[dict[str, Any]], there: list[dict[str, Any]]) -> str:
    ours, theirs = ({task["id"]: task for task in tasks} for tasks in (here, there))
    ids = [number for number in sorted(ours.keys() | theirs.keys()) if ours.get(number) != theirs.get(number)]
    return f"tasks differ: {[(ours.get(number), theirs.get(number)) for number in ids[:3]]}"


def nothing_left_behind(world: World) -> None:
    """Only the study's own files are there, whole, without a key or an address of anybody."""
    found = {path.relative_to(world.study.root).as_posix() for path in world.study.root.rglob("*") if path.is_file()}
    pulls = {path.relative_to(world.study.root).as_posix() for path in parts.listing(world.folder / "pulls")}
    expected = FILES | pulls | ({f"labels/rounds/{NAME}/assignments.csv"} if world.blind else set())
    assert found - {"labels/annotators.csv"} == expected - {"labels/annotators.csv"}, (
        f"files left behind: {sorted(found - expected)}; missing: {sorted(expected - found)}"
    )
    parts.known(world.folder / "pulls")
    known = annotators.read(world.study.annotators).known
    assert len(set(known.values())) == len(known)
    for path in parts.listing(world.folder / "pulls"):
        content = path.read_bytes()
        for secret in (*world.people.keys.values(), "example.org"):
            assert secret.encode() not in content, f"{path.name} has a secret in it"
