"""Push and pull beside what the server itself takes for the same, on a real Label Studio of this machine.

Texts and answers are drawn words: synthetic, and evidence of nothing.
"""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from goldwire import studio
from goldwire.labels.exchange.pull import Pulled, pull
from goldwire.labels.exchange.push import push
from goldwire.labels.rounds import Round
from goldwire.labels.server import Client, connect
from goldwire.labels.server import bulk as server_bulk
from goldwire.labels.team import annotators
from goldwire.studio.accounts import sign_up

TASKS = 20_000
CHANGED = TASKS // 100
TIMES = 3
CONFIG = """<View><Text name="text" value="$text"/>
<Choices name="stance" toName="text"><Choice value="for"/><Choice value="against"/></Choices>
<Labels name="mentions" toName="text"><Label value="actor"/></Labels></View>"""
_WORDS = "alpha beta gamma delta epsilon zeta eta theta iota kappa".split()


@dataclass(frozen=True)
class Push:
    """Seconds of each side, in turn."""

    ours: list[float]
    bare: list[float]

    @property
    def ratio(self) -> float:
        """The rate of ours as a share of that of bare posts."""
        return median(bare / ours for ours, bare in zip(self.ours, self.bare, strict=True))


@dataclass(frozen=True)
class Pull:
    """Seconds of full pulls, of the server's snapshots (made and downloaded), and of pulls of a hundredth."""

    full: list[float]
    snapshot: list[float]
    changed: list[float]
    size: int

    @property
    def ratio(self) -> float:
        """A full pull as a share of the server's own snapshot."""
        return median(ours / theirs for ours, theirs in zip(self.full, self.snapshot, strict=True))

    @property
    def share(self) -> float:
        """A pull of a hundredth as a share of a full one."""
        return median(self.changed) / median(self.full)


def measure_push(folder: Path) -> Push:
    """Push tasks as a new round, and post the same batches bare, in turn."""
    found = Push([], [])
    with _server(folder) as (server, client):
        tasks = list(_tasks())
        for number in range(TIMES):
            round_ = _round(f"push-{number}")
            found.ours.append(_seconds(lambda round_=round_: push(client, round_, tasks, CONFIG, "Ours")))
            project = client.create_project("Bare", CONFIG, "none").id
            bodies = [b"[" + b",".join(batch) + b"]" for batch in server_bulk.batches(tasks)]
            found.bare.append(_seconds(lambda project=project, bodies=bodies: _post(server, project, bodies)))
    return found


def measure_pull(folder: Path) -> Pull:
    """Pull a project with three answers a task in full, beside the server's snapshot; then, a hundredth changed."""
    with _server(folder) as (server, client):
        for name in "abc":
            sign_up(server, f"{name}@example.org", "for this benchmark")
        people = [number for number, email in client.members().items() if email.endswith("example.org")]
        round_ = _round("pull")
        project = client.create_project("Pulled", CONFIG, round_.marker(), 3).id
        tasks = list(_tasks(people))
        ids = client.import_tasks(project, tasks)
        sizes: list[int] = []
        found = Pull([], [], [], 0)
        for number in range(TIMES):
            into = folder / f"full-{number}"
            found.full.append(_seconds(lambda into=into: _pull(client, round_, into)))
            found.snapshot.append(_seconds(lambda: sizes.append(_snapshot(server, project))))
        into = folder / "full-0"
        draw = random.Random(2)
        _pull(client, round_, into)
        for _ in range(TIMES):
            for task in draw.sample(ids, CHANGED):
                client.submit(task, _result(draw, " ".join(_WORDS * 20)), completed_by=people[0])
            found.changed.append(_seconds(lambda: _only(_pull(client, round_, into))))
            time.sleep(1)
    return Pull(found.full, found.snapshot, found.changed, sizes[0])


def _only(pulled: Pulled) -> None:
    assert (pulled.new, pulled.full) == (CHANGED, False), pulled


@contextmanager
def _server(folder: Path) -> Iterator[tuple[studio.Server, Client]]:
    with studio.session(folder / "studio") as server:
        client = connect(server.url, server.api_key)
        client.members()  # the SDK takes two seconds to import
        yield server, client


def _round(name: str) -> Round:
    return Round(round=name, scheme="s", scheme_version="1.0.0", scheme_hash="0123456789abcdef", overlap=3)


def _tasks(people: list[int] | None = None) -> Iterator[dict[str, Any]]:
    draw = random.Random(1)
    for number in range(TASKS):
        text = " ".join(draw.choice(_WORDS) for _ in range(200))
        unit = f"a{number}/document"
        data = {
            "unit_id": unit,
            "title": text[:40],
            "text": text,
            "outlet": "",
            "date": "",
            "target": "",
            "holder": "",
        }
        task: dict[str, Any] = {"data": data, "meta": {"unit_id": unit, "start": 0, "end": len(text)}}
        if people:
            task["annotations"] = [
                {"result": _result(draw, text), "completed_by": who, "lead_time": 12.5} for who in people
            ]
        yield task


def _result(draw: random.Random, text: str) -> list[dict[str, Any]]:
    """A choice and five spans."""
    items: list[dict[str, Any]] = [
        {"id": "c", "from_name": "stance", "to_name": "text", "type": "choices", "value": {"choices": ["for"]}}
    ]
    for number in range(5):
        start = draw.randrange(0, len(text) - 30)
        value = {"start": start, "end": start + 20, "text": text[start : start + 20], "labels": ["actor"]}
        items.append(
            {"id": f"m{number}", "from_name": "mentions", "to_name": "text", "type": "labels", "value": value}
        )
    return items


def _pull(client: Client, round_: Round, folder: Path) -> Pulled:
    folder.mkdir(exist_ok=True)
    return pull(client, folder, round_, annotators.read(folder / "people" / "annotators.csv"))


def _post(server: studio.Server, project: int, bodies: list[bytes]) -> None:
    headers = {"Authorization": f"Token {server.api_key}", "Content-Type": "application/json"}
    for body in bodies:
        url = f"{server.url}/api/projects/{project}/import?return_task_ids=true"
        httpx.post(url, content=body, headers=headers, timeout=900).raise_for_status()


def _snapshot(server: studio.Server, project: int) -> int:
    """Have the server make an export as a pull does, download it, and return its bytes."""
    options = {
        "annotations__completed_by": {"only_id": False},
        "predictions": {"only_id": False},
        "drafts": {"only_id": True},
    }
    url = f"{server.url}/api/projects/{project}/exports/"
    with httpx.Client(headers={"Authorization": f"Token {server.api_key}"}, timeout=900) as http:
        made = http.post(url, json={"title": "bare", "serialization_options": options}).raise_for_status().json()
        found = http.get(f"{url}{made['id']}/download", params={"exportType": "JSON"}).raise_for_status()
        return len(found.content)


def _seconds(call: Any) -> float:
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin
