"""`goldwire demo` run again, kept, interrupted and refused: what it leaves behind."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import weakref
from pathlib import Path

import pytest
import requests

from goldwire import studio
from goldwire.demo.run import _signals_as_interrupts, params
from goldwire.study import Study

pytestmark = [pytest.mark.server, pytest.mark.timeout(1800)]  # it is the whole way, on any machine


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "goldwire", *map(str, arguments)]


def processes_of(folder: Path) -> list[str]:
    """The command lines of running processes that name the folder in their command or environment."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            line = (entry / "cmdline").read_bytes()
            if int(entry.name) != os.getpid() and bytes(folder) in line + (entry / "environ").read_bytes():
                found.append(line.replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_no_process_is_left_behind(study: Study) -> None:
    assert processes_of(study.root) == []
    assert not (study.root / ".goldwire" / "demo" / "server.json").exists()


def test_a_second_run_gives_the_same_bytes_and_can_keep_the_server(
    study: Study, no_network: dict[str, str], tmp_path: Path
) -> None:
    again = Study(tmp_path / "study")
    shutil.copytree(study.root, again.root)
    leave_behind(again)
    data = again.root / ".goldwire" / "demo"
    try:
        run = subprocess.run(
            command("demo", again.root, "--keep"), env=no_network, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stderr
        for made in (study.dataset, study.results):
            assert contents(again.root / made.relative_to(study.root)) == contents(made)
        for path in (study.report, study.report.with_suffix(".md"), study.eval / "metrics.json"):
            assert (again.eval / path.name).read_bytes() == path.read_bytes(), path.name

        server = studio.status(data)
        assert server is not None
        assert requests.get(f"{server.url}/health", timeout=30).json() == {"status": "UP"}
        said = dict(line.split(None, 1) for line in run.stdout.splitlines()[1:6])
        assert list(said) == ["articles", "votes", "gold", "dataset", "report"]
        assert all(Path(value.split(" (")[0]).exists() for value in said.values())
        assert f"server    {server.url}  {server.email}  {server.password}\n" in run.stdout

        stop = run.stdout.split("stop it with: goldwire ")[1].split()
        down = subprocess.run(command(*stop), env=no_network, capture_output=True, text=True, check=False)
        assert (down.returncode, down.stderr) == (0, "Stopped.\n")
        assert studio.status(data) is None
    finally:
        studio.down(data)
    assert processes_of(again.root) == []


def leave_behind(study: Study) -> None:
    """What an earlier version of goldwire could have left: another codebook, a part, predictions of another model."""
    scheme = study.schemes / "stance-target.yaml"
    text, changed = re.subn(r"(?m)^version: .*$", "version: 0.0.1", scheme.read_text(encoding="utf-8"))
    assert changed == 1
    scheme.write_text(text, encoding="utf-8")
    part = study.rounds / "stance" / "pulls" / "part-00001.jsonl"
    shutil.copy(part, part.with_name("part-00002.jsonl"))
    old = study.predictions / "stance-target.stance.majority.parquet"
    shutil.copy(old, old.with_name("stance-target.stance.another.parquet"))


@pytest.mark.parametrize(
    ("number", "after"),
    [
        (signal.SIGTERM, "label-studio.log"),  # the server is starting
        (signal.SIGINT, "server.json"),  # articles are imported, answers submitted
        (signal.SIGTERM, "server.json"),
    ],
)
def test_a_signal_stops_the_server_and_ends_with_130(
    study: Study, no_network: dict[str, str], tmp_path: Path, number: signal.Signals, after: str
) -> None:
    folder = tmp_path / "study"
    data = folder / ".goldwire" / "demo"
    with subprocess.Popen(
        command("demo", folder), env=no_network, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as run:
        try:
            end = time.monotonic() + 120
            while not (data / after).exists():
                assert run.poll() is None
                assert time.monotonic() < end
                time.sleep(0.1)
            time.sleep(1)
            if number == signal.SIGINT:
                os.killpg(run.pid, number)  # a terminal sends it to the whole group
            else:
                run.send_signal(number)
            _, said = run.communicate(timeout=180)
        finally:
            run.kill()
            studio.down(data)
    assert run.returncode == 130
    assert "Traceback" not in said
    assert not (data / "server.json").exists()
    end = time.monotonic() + 15
    while processes_of(folder) and time.monotonic() < end:
        time.sleep(0.2)
    assert processes_of(folder) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_that_a_callback_loses_is_raised_at_the_next_step(
    number: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    class Held:
        pass

    steps: list[str] = []
    before, hook = signal.getsignal(number), sys.unraisablehook
    held = Held()
    with pytest.raises(KeyboardInterrupt), _signals_as_interrupts(steps.append) as said:
        said("first")
        watched = weakref.ref(held, lambda _: signal.raise_signal(number))
        del held
        assert watched() is None  # the callback has run, and its interrupt is lost
        said("second")
    assert steps == ["first"]
    assert capsys.readouterr() == ("", "")
    assert (signal.getsignal(number), sys.unraisablehook) == (before, hook)


@pytest.mark.parametrize("owned", ["a round", "a round of the same name", "articles", "a round in a demonstration"])
def test_a_study_of_ones_own_is_refused_and_stays_as_it_was(
    no_network: dict[str, str], tmp_path: Path, owned: str
) -> None:
    folder = tmp_path / "mine"
    (tmp_path / "articles.csv").write_text("id,title,text\na1,Talks,They met on Monday.\n", encoding="utf-8")
    steps = [
        ("init", folder),
        ("-C", folder, "corpus", "import", tmp_path / "articles.csv"),
        ("-C", folder, "labels", "tasks", "events" if "same" in owned else "wave-1", "--scheme", "event-plover"),
    ]
    for step in steps[: 2 if owned == "articles" else 3]:
        subprocess.run(command(*step), env=no_network, check=True, capture_output=True)
    if owned == "a round in a demonstration":
        (folder / "params.yaml").write_text(params(), encoding="utf-8")
    before = contents(folder)
    data = folder / ".goldwire" / "demo"
    with subprocess.Popen(
        command("demo", folder), env=no_network, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        while run.poll() is None and not data.exists():  # a run that is not refused is ended early
            time.sleep(0.05)
        run.terminate()
        said, error = run.communicate(timeout=180)
    assert contents(folder) == before
    assert (run.returncode, said) == (1, "")
    assert re.fullmatch(r"Error: .*\nHint: Name an empty folder: goldwire demo DIR\n", error)
