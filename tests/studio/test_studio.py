"""A local Label Studio: started, found again, stopped, killed, interrupted."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from goldwire import studio
from goldwire.errors import GoldwireError
from goldwire.studio import processes
from goldwire.studio.accounts import sign_up

pytestmark = pytest.mark.server

PASSWORD = "a-long-password-7"


@pytest.fixture
def data(label_studio: studio.Server, tmp_path: Path) -> Path:
    """A data folder beside that of the running server, whose start has made the environment and the tables."""
    assert label_studio.data != tmp_path / "studio"
    return tmp_path / "studio"


def processes_of(folder: Path) -> list[int]:
    """The ids of running processes whose environment names the data folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if f"BASE_DATA_DIR={folder}".encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/health", timeout=5).json() == {"status": "UP"}
    except requests.ConnectionError:
        return False


def test_a_server_is_started_once_found_again_and_started_anew_after_a_kill(data: Path) -> None:
    assert studio.status(data) is None
    first = studio.up(data)
    try:
        assert answers(first.url)
        assert studio.status(data) == first
        assert studio.up(data, port=1) == first
        assert processes_of(data) == [first.pid]
        assert stat.S_IMODE((data / "server.json").stat().st_mode) == 0o600
        assert first.api_key not in repr(first)
        assert first.password not in repr(first)

        os.kill(first.pid, signal.SIGKILL)
        while processes.started(first.pid):
            time.sleep(0.05)
        assert studio.status(data) is None
        second = studio.up(data)
        assert second.pid != first.pid
        assert (second.email, second.password, second.api_key) == (first.email, first.password, first.api_key)
        assert answers(second.url)
    finally:
        assert studio.down(data)
    assert not answers(second.url)
    assert processes_of(data) == []
    assert not (data / "server.json").exists()
    assert not studio.down(data)


def test_down_leaves_a_process_alone_that_only_has_the_old_id(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as other:
        fields = {"url": "http://127.0.0.1:1", "api_key": "k", "email": "e", "password": "p", "data": str(tmp_path)}
        record = {**fields, "pid": other.pid, "started": "another boot:1"}
        (tmp_path / "server.json").write_text(json.dumps(record), encoding="utf-8")
        assert studio.status(tmp_path) is None
        assert not studio.down(tmp_path)
        assert other.poll() is None
        other.kill()
    assert not (tmp_path / "server.json").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_starter_that_dies_while_it_waits_leaves_no_process(data: Path, number: signal.Signals) -> None:
    code = f"from pathlib import Path; from goldwire import studio; studio.up(Path({str(data)!r}))"
    with subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL) as starter:
        while len(processes_of(data)) < 1:
            assert starter.poll() is None
            time.sleep(0.05)
        time.sleep(1)
        starter.send_signal(number)
        starter.wait(timeout=20)
    end = time.monotonic() + 10
    while processes_of(data) and time.monotonic() < end:
        time.sleep(0.1)
    assert processes_of(data) == []
    assert studio.status(data) is None


def test_a_server_that_ends_while_it_starts_is_reported_with_its_log(data: Path) -> None:
    data.mkdir()
    (data / "label_studio.sqlite3").write_bytes(b"this is no database" * 100)
    message = r"(?s)Label Studio ended while it started:.*file is not a database"
    with pytest.raises(GoldwireError, match=message) as caught:
        studio.up(data)
    assert caught.value.where == str(data / "label-studio.log")
    assert processes_of(data) == []
    assert studio.status(data) is None


def test_a_taken_port_is_refused_before_anything_starts(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(GoldwireError, match=f"port {port} cannot be used: Address already in use"):
            studio.up(data, port)
    assert processes_of(data) == []


def test_an_environment_without_label_studio_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOLDWIRE_STUDIO_ENV", str(tmp_path))
    with pytest.raises(GoldwireError, match=r"GOLDWIRE_STUDIO_ENV has no Label Studio 1\.23\.2"):
        studio.up(tmp_path / "data")


def test_signing_up_twice_gives_the_same_key_and_its_own_account(label_studio: studio.Server) -> None:
    key = sign_up(label_studio, "Erika.Muster@example.org", PASSWORD)
    assert sign_up(label_studio, "erika.muster@example.org", PASSWORD) == key
    headers = {"Authorization": f"Token {key}"}
    me = requests.get(f"{label_studio.url}/api/current-user/whoami", headers=headers, timeout=30).json()
    assert me["email"] == "erika.muster@example.org"


@pytest.mark.parametrize(
    ("email", "password"),
    [("no address", PASSWORD), ("a@example.org", "short"), ("admin@goldwire.invalid", PASSWORD)],
)
def test_a_bad_address_or_password_is_refused(label_studio: studio.Server, email: str, password: str) -> None:
    with pytest.raises(GoldwireError, match=f"neither makes the account {email} nor lets it in"):
        sign_up(label_studio, email, password)


def test_the_server_calls_nobody(label_studio: studio.Server) -> None:
    """Its pages ask it for tips, which it fetches from the network unless it is kept from that."""
    assert requests.get(f"{label_studio.url}/heidi-tips", timeout=30).status_code == 404
    environment = (Path("/proc") / str(label_studio.pid) / "environ").read_bytes().split(b"\0")
    assert b"HTTPS_PROXY=http://127.0.0.1:9" in environment
    page = requests.get(f"{label_studio.url}/user/login/", timeout=30).text
    assert "googletagmanager.com/gtag" not in page
    assert "browser.sentry-cdn.com" not in page
