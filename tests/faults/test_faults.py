"""Twenty runs with a fault each; `make faults` has ten times as many. And what seeds would seldom meet."""

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from faults import checks, scenario
from faults.restarts import Restartable, running
from faults.settings import Numbers, small
from faults.world import NAME, People, World, answer, people
from goldwire import studio
from goldwire.labels import exchange
from goldwire.labels.server import connect
from goldwire.labels.team import annotators
from proxy import Proxy

pytestmark = [
    pytest.mark.server,
    pytest.mark.filterwarnings("ignore:The `parse_obj` method"),  # in the SDK, when it reads an access token
]

SEEDS = range(20)


@pytest.fixture(scope="module")
def us(label_studio: studio.Server) -> People:
    return people(label_studio)


@pytest.fixture(scope="module")
def restartable(
    label_studio: studio.Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Restartable]]:
    """A server that may be restarted, started when a run asks for it."""
    with contextlib.ExitStack() as stack:
        yield cache(lambda: stack.enter_context(running(tmp_path_factory.mktemp("restarted"))))


def test_every_kind_of_fault_is_among_the_runs() -> None:
    assert {scenario.KINDS[seed % len(scenario.KINDS)] for seed in SEEDS} == set(scenario.KINDS)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: f"{seed}-{scenario.KINDS[seed % len(scenario.KINDS)]}")
def test_after_a_fault_no_task_is_there_twice_and_no_answer_is_lost(
    seed: int, us: People, restartable: Callable[[], Restartable], tmp_path: Path
) -> None:
    outcome = scenario.run(seed, us, restartable, tmp_path / "study")
    assert outcome.fate != "not struck"


def test_two_pulls_at_once_give_everybody_one_pseudonym(
    us: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(monkeypatch.setattr, Numbers(batch=20, page=20, at_once=500))
    world = World(us, tmp_path / "study", random.Random(0), 22, blind=False)
    exchange.push_round(world.study, NAME, client=us.admin)
    tasks = us.admin.ids(world.projects()[0])
    anna, bert = us.annotators.values()
    world.given[anna.submit(tasks[5], answer("for"))] = (0, tasks[5])
    second = threading.Thread(target=lambda: exchange.pull_round(world.study, NAME, client=us.admin))

    def decide(_: int, method: str, path: str) -> None:
        if "/download" in path:
            second.start()
            time.sleep(1)  # by now it waits for the first one to end
        elif method == "DELETE":
            world.given[bert.submit(tasks[0], answer("against"))] = (0, tasks[0])

    with Proxy(us.server.url, decide=decide) as proxy:
        exchange.pull_round(world.study, NAME, client=connect(proxy.url, us.server.api_key))
        second.join()
    known = annotators.read(world.study.annotators).known
    assert known == {"anna@example.org": "annotator-01", "bert@example.org": "annotator-02"}
    checks.nothing_lost(world, set(world.given), tmp_path / "anew")
    world.remove()
