"""The published benchmarks whole: our baselines on the official test rows, beside what others have reached.

Run as a script: [NAME...]; without names all four. What it prints is Markdown. Each benchmark is a command of its
own, so that its time and memory are its own too.
"""

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from measure import Run, machine, run

HERE = Path(__file__).parent
FOLDERS = {"fnc1": "fnc1", "semeval2016-t6": "semeval2016_t6", "muc4": "muc4", "seesaw": "seesaw"}
_HEAD = """# Published benchmarks

Measured on {machine}; seed 0. Made by `make bench`.
All choices were made on folds of the official train rows. What was tried there, and each look at the official test
rows, stands in [LOG.md](LOG.md); to run this again repeats the last look.
"""
_CODE = """\
import json, sys
from pathlib import Path
from goldwire.eval.benchmarks.run import known, run
found = known(sys.argv[1])
value = run(found, Path(sys.argv[2]), baselines=sys.argv[4:])
value |= {"title": found.title, "official": list(found.metrics)}
Path(sys.argv[3]).write_text(json.dumps(value), encoding="utf-8")
"""


def shared() -> Path:
    """Return the folder of the real data, or end."""
    found = Path(os.environ.get("GOLDWIRE_SHARED", HERE.parents[2] / "shared" / "data"))
    if not found.is_dir():
        sys.exit(f"the real data are not at {found}; set GOLDWIRE_SHARED to their folder")
    return found


def measured(name: str, *baselines: str) -> tuple[dict[str, Any], Run]:
    """Run one benchmark in a process of its own; return its result, and the time and memory of the process."""
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "result.json"
        took = run([sys.executable, "-c", _CODE, name, str(shared() / FOLDERS[name]), str(into), *baselines])
        value: dict[str, Any] = json.loads(into.read_text(encoding="utf-8"))
    return value, took


def lines(value: Mapping[str, Any], took: Run) -> list[str]:
    """Return a result as Markdown."""
    official = value["official"]
    found = [
        f"## {value['title']}",
        "",
        f"{value['n']:,} test rows; whole run {took.seconds:.0f} s, peak memory {took.peak / 1e9:.2f} GB.",
        "",
        f"| system | {' | '.join(official)} | seconds | from |",
        f"|---|{'---|' * len(official)}---|---|",
    ]
    for model in value["models"]:
        cells = [_figure(model["metrics"].get(name)) for name in official]
        found.append(f"| `{model['model']}` | {' | '.join(cells)} | {model['seconds']:.0f} | here |")
    for row in value["published"]:
        cells = [f"{row['metrics'][name]:.4f}" if name in row["metrics"] else "" for name in official]
        found.append(f"| {row['system']} | {' | '.join(cells)} | | {row['source']} |")
    labels = list(value["models"][0]["per_label"])
    support = [f"{label} ({value['models'][0]['per_label'][label]['support']:,})" for label in labels]
    found += ["", f"| F1 by label (test rows) | {' | '.join(support)} |", f"|---|{'---|' * len(labels)}"]
    for model in value["models"]:
        cells = [f"{model['per_label'][label]['f1']:.3f}" for label in labels]
        found.append(f"| `{model['model']}` | {' | '.join(cells)} |")
    views = [
        f"| `{model['model']}` | {view} | {name} | {_figure(figure)} |"
        for model in value["models"]
        for view, scored in model["views"].items()
        for name, figure in scored["metrics"].items()
        if name in ("accuracy", "macro-f1")
    ]
    if views:
        found += ["", "| model | view | metric | value |", "|---|---|---|---|", *views]
    found += [f"\n- {remark}" if at == 0 else f"- {remark}" for at, remark in enumerate(_remarks(value))]
    return [*found, "", f"`{value['signature']}`"]


def _remarks(value: Mapping[str, Any]) -> list[str]:
    return [*value["notes"], *(f"Warning: {warning}" for warning in value["warnings"])]


def _figure(figure: Mapping[str, Any] | None) -> str:
    if figure is None or figure["value"] is None:
        return "-"
    if figure["low"] is None:
        return f"{figure['value']:.4f}"
    return f"{figure['value']:.4f} [{figure['low']:.4f}, {figure['high']:.4f}]"


def main(names: list[str]) -> None:
    """Run the benchmarks of these names, or all, and print what they found."""
    if unknown := set(names) - set(FOLDERS):
        sys.exit(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(FOLDERS)}")
    out = sys.stdout
    out.write(_HEAD.format(machine=machine()))
    for name in names or FOLDERS:
        out.write("\n" + "\n".join(lines(*measured(name))) + "\n")
        out.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
