"""The dataset of many votes: how long its stage takes, and loading it beside loading what `datasets` itself wrote.

The texts are words of no language, and the answers are drawn: synthetic, and evidence of nothing. Each side runs in a
process of its own, and says how long its part took without what is imported, and the most memory that it held.
Run as a script it is one side: FOLDER, then study, stage, rewrite, ours or theirs; or measured, which runs them all
and prints JSON.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

ARTICLES, UNITS, VOTES = 150_000, 300_000, 1_000_000
ANNOTATORS = 60
TIMES = 3
_WORDS = 150  # in a text: about 1 kB
_LABELS = ("favor", "against", "none", "unsure")
_SYLLABLES = "ba ce di fo gu ha le mi no pu ra se ti vo wu".split()
_SCHEME = """
name: stance-drawn
version: 1.0.0
title: Stance
description: Answers that are drawn.
unit: target
questions:
  - name: stance
    text: For or against
    labels:
      - {name: favor, definition: For it.}
      - {name: against, definition: Against it.}
      - {name: none, definition: Neither., role: negative}
      - {name: unsure, definition: Cannot be told., role: unsure}
"""


def measured(folder: Path) -> dict[str, Any]:
    """Make the study, run its stage some times, and load both folders in turn, some times.

    Returns
    -------
    dict
        `stage` and `load` with medians of seconds and the highest peak in MB, `ratio` of each pair of loadings
        (median), `mb` of the Parquet files.
    """
    _side(folder, "study")
    stages = [_side(folder, "stage") for _ in range(TIMES)]
    _side(folder, "rewrite")
    pairs = [(_side(folder, "ours"), _side(folder, "theirs")) for _ in range(TIMES)]
    ours, theirs = ([pair[side] for pair in pairs] for side in (0, 1))
    return {
        "stage": _summary(stages),
        "load": {"ours": _summary(ours), "theirs": _summary(theirs)},
        "ratio": median(a["seconds"] / b["seconds"] for a, b in pairs),
        "mb": {name: _size(folder / where) for name, where in (("ours", "labels/dataset"), ("theirs", "theirs"))},
    }


def lines(folder: Path) -> list[str]:
    """Return what was found, as Markdown."""
    found = measured(folder)
    stage, ours, theirs = found["stage"], found["load"]["ours"], found["load"]["theirs"]
    return [
        f"{VOTES:,} votes over {UNITS:,} units of {ARTICLES:,} articles of 1 kB (synthetic), medians of {TIMES}, "
        "without what is imported:",
        "",
        "| | seconds | peak memory |",
        "|---|---|---|",
        "| `goldwire labels dataset`: tables read, splits, folder with card and digest (target: 60 s, 2,000 MB) "
        f"| {stage['seconds']:.1f} | {stage['peak_mb']:,.0f} MB |",
        f"| `load_dataset` of its configs ({found['mb']['ours']:.0f} MB) | {ours['seconds']:.1f} "
        f"| {ours['peak_mb']:,.0f} MB |",
        f"| the same rows as `datasets` writes them ({found['mb']['theirs']:.0f} MB) | {theirs['seconds']:.1f} "
        f"| {theirs['peak_mb']:,.0f} MB |",
        f"| ratio of the loadings, in turn (target: at most 1) | {found['ratio']:.2f} | |",
    ]


def _summary(runs: list[dict[str, Any]]) -> dict[str, Any]:
    return {"seconds": median(run["seconds"] for run in runs), "peak_mb": max(run["peak_mb"] for run in runs)}


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*.parquet")) / 1e6


def _side(folder: Path, which: str) -> dict[str, Any]:
    command = [sys.executable, __file__, str(folder), which]
    environment = {**os.environ, "HF_DATASETS_OFFLINE": "1", "HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "hf")}
    environment["HF_DATASETS_DISABLE_PROGRESS_BARS"] = "1"
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _study(folder: Path) -> Callable[[], object]:
    """Write the tables of a study: 2 units an article, 3 or 4 votes a unit, gold by majority."""
    import pyarrow as pa

    from goldwire import tables
    from goldwire.labels.stages import gold
    from goldwire.scheme import parse
    from goldwire.study import Study

    study = Study(folder)
    study.schemes.mkdir(parents=True)
    (study.schemes / "stance-drawn.yaml").write_text(_SCHEME.lstrip(), encoding="utf-8")
    study.params_file.write_text("version: 0.1.0\n", encoding="utf-8")
    draw = np.random.default_rng(0)
    words = np.array([a + b + c for a in _SYLLABLES for b in _SYLLABLES for c in ("", *_SYLLABLES)], dtype=object)
    ids = [f"g{number:06d}" for number in range(ARTICLES)]
    texts = [" ".join(words[row]) for row in draw.integers(len(words), size=(ARTICLES, _WORDS))]
    stories = draw.integers(0, ARTICLES * 4 // 5, ARTICLES)
    _write(
        study.articles, "articles", ARTICLES,
        article_id=ids, content_hash=[f"{i:016x}" for i in range(ARTICLES)], title=[text[:40] for text in texts],
        text=[f"{text[:40]}\n\n{text}" for text in texts], body_start=[42] * ARTICLES,
        outlet=[f"outlet {i % 20}" for i in range(ARTICLES)], language=["en"] * ARTICLES,
        story_id=[f"s{i:06d}" for i in stories],
    )  # fmt: skip
    units = [f"{ids[i // 2]}/target/{i % 2:08x}" for i in range(UNITS)]
    _write(
        study.table("units"), "units", UNITS,
        unit_id=units, article_id=[ids[i // 2] for i in range(UNITS)], kind=["target"] * UNITS,
        target=[f"target {i % 2}" for i in range(UNITS)], holder=["author"] * UNITS, probability=[1.0] * UNITS,
    )  # fmt: skip
    at = np.arange(VOTES) * UNITS // VOTES
    turn = np.arange(VOTES) - np.searchsorted(at, at)
    truth = draw.integers(0, 3, UNITS)[at]
    label = np.where(draw.random(VOTES) < 0.75, truth, draw.integers(0, 4, VOTES))
    who = (at * 7 % (ANNOTATORS - 4)) + turn  # in order within a unit, as the fold sorts them
    scheme = parse(_SCHEME, "stance-drawn.yaml")
    when = pa.array(np.arange(VOTES) * 1_000_000, tables.TIME)
    _write(
        study.table("votes"), "votes", VOTES,
        scheme=[scheme.name] * VOTES, scheme_hash=[scheme.hash] * VOTES, question=["stance"] * VOTES,
        unit_id=pa.array(units).take(pa.array(at)), labels=[[_LABELS[i]] for i in label.tolist()],
        round=["drawn"] * VOTES, annotator=[f"annotator-{i:02d}" for i in who.tolist()],
        annotation_id=[str(i) for i in range(VOTES)], status=["submitted"] * VOTES, purpose=["vote"] * VOTES,
        counts=[True] * VOTES, ground_truth=[False] * VOTES, created=when, updated=when,
        lead_time_s=draw.random(VOTES) * 100,
    )  # fmt: skip
    for name in ("vote_mentions", "vote_relations"):
        _write(study.table(name), name, 0)
    return lambda: gold(study)


def _write(path: Path, name: str, rows: int, **columns: Any) -> None:
    """Write a table; columns that are not given are null."""
    import pyarrow as pa

    from goldwire import tables

    made = {
        field.name: pa.array(columns[field.name], field.type) if field.name in columns else pa.nulls(rows, field.type)
        for field in tables.SCHEMAS[name]
    }
    tables.write(pa.table(made, schema=tables.SCHEMAS[name]), path)


def _stage(folder: Path) -> Callable[[], object]:
    import datasets  # noqa: F401  as imported beforehand

    from goldwire.labels import stages
    from goldwire.study import Study

    study = Study(folder)
    study.table("splits").unlink(missing_ok=True)
    return lambda: stages.dataset(study)


def _rewrite(folder: Path) -> Callable[[], object]:
    """Write the same rows with `datasets`, a file a config and split, under the same header of the card.

    Lists of one length are written as lists of any length, since `datasets` cannot read the others when one is null.
    """
    import datasets

    ours, theirs = folder / "labels" / "dataset", folder / "theirs"

    def call() -> None:
        shutil.rmtree(theirs, ignore_errors=True)
        for name in _configs(ours):
            loaded = datasets.load_dataset(str(ours), name, cache_dir=str(folder / "cache"))
            for split, rows in loaded.items():
                features = rows.features.copy()
                for column, feature in rows.features.items():
                    if isinstance(feature, datasets.List) and feature.length > 0:
                        features[column] = datasets.List(feature.feature)
                (theirs / name).mkdir(parents=True, exist_ok=True)
                rows.cast(features).to_parquet(theirs / name / f"{split}.parquet")
        shutil.copy(ours / "README.md", theirs / "README.md")
        shutil.rmtree(folder / "cache")

    return call


def _configs(folder: Path) -> list[str]:
    import pyarrow.parquet as pq

    files = (path for path in folder.glob("*/*.parquet") if pq.read_metadata(path).num_rows)
    return sorted({path.parent.name for path in files})


def _load(folder: Path, where: Path) -> Callable[[], object]:
    import datasets

    names = _configs(where)
    cache = folder / "cache"
    shutil.rmtree(cache, ignore_errors=True)
    return lambda: [datasets.load_dataset(str(where), name, cache_dir=str(cache)) for name in names]


SIDES: dict[str, Callable[[Path], Callable[[], object]]] = {
    "study": _study,
    "stage": _stage,
    "rewrite": _rewrite,
    "ours": lambda folder: _load(folder, folder / "labels" / "dataset"),
    "theirs": lambda folder: _load(folder, folder / "theirs"),
}


def _main(folder: Path, which: str) -> None:
    if which == "measured":
        sys.stdout.write(json.dumps(measured(folder), indent=2) + "\n")
        return
    call = SIDES[which](folder)
    begin = time.perf_counter()
    call()
    seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    sys.stdout.write(json.dumps({"seconds": seconds, "peak_mb": peak}))


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2])
