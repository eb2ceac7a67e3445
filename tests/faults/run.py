"""`make faults`: many runs, each from a seed, and a table of what came of them. Run as a script: [RUNS [FIRST]]."""

import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from faults.restarts import running
from faults.scenario import KINDS, run
from faults.world import people
from goldwire import studio

FATES = ("not struck", "recovered by itself", "completed by the next run", "failed")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def table(fates: Counter[tuple[str, str]]) -> str:
    """Return a Markdown table of the kinds of faults and what came of them."""
    lines = ["| fault | runs | " + " | ".join(FATES) + " |", "|---" * (len(FATES) + 2) + "|"]
    for kind in (*KINDS, "all"):
        counts = [sum(fates[k, fate] for k in KINDS if kind in (k, "all")) for fate in FATES]
        lines.append(f"| {kind} | {sum(counts)} | " + " | ".join(map(str, counts)) + " |")
    return "\n".join(lines)


def main(seeds: range) -> int:
    """Do the runs, and return how many failed."""
    fates: Counter[tuple[str, str]] = Counter()
    begun = time.monotonic()
    warnings.filterwarnings("ignore", message="The `parse_obj` method")  # in the SDK
    with (
        tempfile.TemporaryDirectory(prefix="faults-") as name,
        studio.session(Path(name) / "server") as server,
        running(Path(name) / "restarted") as other,
    ):
        us = people(server)
        for seed in seeds:
            kind, at = KINDS[seed % len(KINDS)], time.monotonic()
            try:
                outcome = run(seed, us, lambda: other, Path(name) / f"run-{seed}")
            except Exception:  # noqa: BLE001 - whatever it is, the other runs go on
                fates[kind, "failed"] += 1
                say(f"{seed} {kind}: FAILED\n{traceback.format_exc()}")
                continue
            fates[kind, outcome.fate] += 1
            said = " | ".join(outcome.notes)
            say(f"{seed} {kind}, {outcome.step}: {outcome.fate} ({time.monotonic() - at:.1f} s) {said}")
    say(f"\n{table(fates)}\n\n{time.monotonic() - begun:.0f} s")
    return sum(count for (_, fate), count in fates.items() if fate == "failed")


if __name__ == "__main__":
    runs, first = ([*map(int, sys.argv[1:]), *(210, 0)[len(sys.argv) - 1 :]])[:2]
    sys.exit(1 if main(range(first, first + runs)) else 0)
