"""Whole commands, timed and weighed."""

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_EVERY = 0.2  # seconds


@dataclass(frozen=True)
class Run:
    """Seconds from start to end, and the most bytes that the process and its children had in memory together."""

    seconds: float
    peak: int


def run(command: Sequence[str]) -> Run:
    """Run a command to its end and return what it took; what it prints is thrown away.

    Memory is what is resident, looked at five times a second; what processes share counts once for each of them.
    """
    begin, peak = time.perf_counter(), 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = max(peak, sum(map(_size, _tree(process.pid))))
            time.sleep(_EVERY)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Run(time.perf_counter() - begin, peak)


def in_turn(first: Sequence[str], second: Sequence[str], times: int) -> tuple[Run, Run, float]:
    """Run two commands in turn; return the median of each (and its highest peak), and that of each pair's ratio."""
    pairs = [(run(first), run(second)) for _ in range(times)]
    a, b = ([pair[side] for pair in pairs] for side in (0, 1))
    ratio = median(pair[0].seconds / pair[1].seconds for pair in pairs)
    return _median(a), _median(b), ratio


def _median(runs: Sequence[Run]) -> Run:
    return Run(median(run.seconds for run in runs), max(run.peak for run in runs))


def _tree(pid: int) -> list[int]:
    found = [pid]
    for process in found:
        try:
            for thread in Path(f"/proc/{process}/task").iterdir():
                found += map(int, (thread / "children").read_text().split())
        except OSError:  # it has ended
            continue
    return found


def _size(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def machine() -> str:
    """Return what this machine is, for the head of a report."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        "unknown processor",
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{os.cpu_count()} cores of {model}, {memory / 1e9:.0f} GB"
