"""What tests of several rooms share: the real data, a real Label Studio, and how a test says that it cannot run."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from bridge import PASSWORD
from goldwire import studio
from goldwire.errors import GoldwireError
from goldwire.labels.server import Client, connect
from goldwire.studio import environment
from goldwire.studio.accounts import sign_up
from goldwire.studio.processes import locked

ROOT = Path(__file__).parents[1]

_LONG = (  # files that take minutes: first, so that no worker begins one when the other has nothing left
    "test_dvc.py",  # makes the demonstration
    "test_readme.py",  # does without it, meanwhile
    "test_privacy.py",
    "test_demonstration_runs.py",
    "test_faults.py",
    "test_dvc_init.py",
    "test_two_step.py",
    "test_browser_keys.py",
    "test_demonstration.py",
)
_WHOLE_WAY = 1800  # seconds for a test whose set-up may be the whole way, on a slow machine


def pytest_configure(config: pytest.Config) -> None:
    """Have xdist give out the files as they are sorted here, and all sums be made by one thread.

    Two workers share the cores: threads that wait for each other at every small sum cost more than they save.
    """
    from threadpoolctl import threadpool_limits

    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # for what is loaded later, here and in other processes
    threadpool_limits(limits=1)  # for what is loaded
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long files first, and allow for the demonstration, which any test that asks for it may have to make."""
    place = {name: at for at, name in enumerate(_LONG)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))
    for item in items:
        if "demonstration" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.timeout(_WHOLE_WAY))


def _cannot_run(reason: str) -> NoReturn:
    if os.environ.get("GOLDWIRE_NO_SKIP") == "1":
        pytest.fail(f"cannot run, and GOLDWIRE_NO_SKIP=1: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def cannot_run() -> Callable[[str], NoReturn]:
    """Skip the test with this reason, or fail it where GOLDWIRE_NO_SKIP=1 says that everything must run."""
    return _cannot_run


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data that does not enter the project: $GOLDWIRE_SHARED, or ../shared/data."""
    given = os.environ.get("GOLDWIRE_SHARED")
    folder = Path(given) if given else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        _cannot_run(f"the real data are not at {folder}; set GOLDWIRE_SHARED to their folder")
    return folder


@pytest.fixture(scope="session")
def label_studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[studio.Server]:
    """A real Label Studio, started once and stopped at the end. Tests make projects of their own on it."""
    try:
        environment.ensure()
    except GoldwireError as error:
        _cannot_run(f"Label Studio cannot be installed: {error}")
    with studio.session(tmp_path_factory.mktemp("label-studio")) as server:
        yield server


@pytest.fixture(scope="session")
def admin(label_studio: studio.Server) -> Client:
    """The administrator of the real Label Studio."""
    return connect(label_studio.url, label_studio.api_key)


@pytest.fixture(scope="session")
def anna(label_studio: studio.Server) -> Client:
    """An annotator with an account of her own."""
    return connect(label_studio.url, sign_up(label_studio, "anna@example.org", PASSWORD))


@pytest.fixture(scope="session")
def bert(label_studio: studio.Server) -> Client:
    """Another annotator."""
    return connect(label_studio.url, sign_up(label_studio, "bert@example.org", PASSWORD))


_NO_NETWORK = """\
import os
import socket

connect, getaddrinfo = socket.socket.connect, socket.getaddrinfo


def _loopback(host):
    if host not in ("127.0.0.1", "::1", "localhost", None):
        os.write(2, f"a call out to {host}".encode())
        os._exit(99)  # an exception could be swallowed


def guarded_connect(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6):
        _loopback(address[0])
    return connect(self, address)


def guarded_getaddrinfo(host, *rest, **options):
    _loopback(host)
    return getaddrinfo(host, *rest, **options)


socket.socket.connect, socket.getaddrinfo = guarded_connect, guarded_getaddrinfo
"""


@pytest.fixture(scope="session")
def no_network(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a Python process that ends with 99 when it calls out; loopback is free."""
    folder = tmp_path_factory.mktemp("no-network")
    (folder / "sitecustomize.py").write_text(_NO_NETWORK, encoding="utf-8")
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("LABEL_STUDIO", "GOLDWIRE_DEBUG"))}
    return {**clean, "PYTHONPATH": str(folder), "HF_HOME": str(folder / "huggingface")}


@pytest.fixture(scope="session")
def demonstration(no_network: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study that `goldwire demo DIR` makes, once a session, with a real Label Studio. Copy it to change it."""
    try:
        environment.ensure()
    except GoldwireError as error:
        _cannot_run(f"Label Studio cannot be installed: {error}")
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base  # one for all workers
    folder, made = shared / "demonstration" / "study", shared / "demonstration.made"
    command = [sys.executable, "-m", "goldwire", "demo", str(folder)]
    with locked(shared / "demonstration.lock"):
        if not made.is_file():
            folder.parent.mkdir(exist_ok=True)
            try:
                run = subprocess.run(
                    command, env=no_network, capture_output=True, text=True, check=False, timeout=_WHOLE_WAY - 100
                )
            except BaseException:
                studio.down(folder / ".goldwire" / "demo")
                raise
            assert run.returncode == 0, run.stderr
            made.touch()
    return folder
