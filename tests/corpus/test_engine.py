"""Where an import runs changes nothing of its result: this process, others, a Ray cluster of two workers."""

import importlib.util
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from goldwire import tables
from goldwire.corpus import engine, gather, spread
from goldwire.corpus.compare import Comparing
from goldwire.corpus.ingest import Ingested, ingest
from goldwire.errors import GoldwireError, UsageError


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """500 articles written for the test: 99 are copies with a new end, one line is broken, one id comes twice."""
    draw = random.Random(1)
    bodies: list[list[str]] = []
    path = tmp_path / "articles.jsonl"
    with path.open("w") as stream:
        for number in range(500):
            body = [f"word{draw.randrange(900)}" for _ in range(80)]
            if bodies and number % 5 == 0:
                body = draw.choice(bodies)[:60] + body[:20]
            bodies.append(body)
            stream.write(json.dumps({"id": f"n{number * 7919 % 500:03d}", "text": " ".join(body)}) + "\n")
            if number == 300:
                stream.write("{broken\n")
        stream.write(json.dumps({"id": "n000", "text": "Another text under an id that is there."}) + "\n")
    return path


def expected(path: Path, into: Path) -> bytes:
    result = ingest([path], into)
    reasons = [(reject.line, reject.reason.partition(":")[0]) for reject in result.rejects]
    assert (result.read, result.written, result.duplicates, reasons) == (
        502,
        500,
        0,
        [(302, "line"), (502, "article_id")],
    )
    assert len(set(tables.read(into)["story_id"].to_pylist())) == 401
    return into.read_bytes()


def test_parts_read_by_other_processes_give_the_same_bytes(articles: Path, tmp_path: Path) -> None:
    before = expected(articles, tmp_path / "1.parquet")
    # In a process of its own, since Daft leaves the pipes of its workers to the garbage collector.
    code = f"""
from pathlib import Path
from goldwire.corpus import spread
from goldwire.corpus.ingest import ingest
whole = spread.sources.parts
spread._LITTLE, spread._LOAD, spread.sources.parts = 0, 20_000, lambda item: whole(item, 20_000)
seen = []
ingest([Path({str(articles)!r})], Path({str(tmp_path / "2.parquet")!r}), progress=seen.append)
print(len(seen) > 5, seen == sorted(seen), seen[-1])
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("True True 502\n", "")
    assert (tmp_path / "2.parquet").read_bytes() == before


def test_buckets_hold_a_table_that_is_sorted_as_one(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected(articles, tmp_path / "1.parquet")
    monkeypatch.setattr(gather, "BUCKET", 10_000)
    ingest([articles], tmp_path / "2.parquet")
    assert tables.read(tmp_path / "2.parquet").equals(tables.read(tmp_path / "1.parquet"))
    ids = tables.read(tmp_path / "2.parquet")["article_id"].to_pylist()
    assert ids == sorted(ids)
    # What is there already is sorted in with what comes.
    lines = articles.read_text().splitlines(keepends=True)
    for number, part in enumerate((lines[:200], lines[200:])):
        (tmp_path / f"{number}.jsonl").write_text("".join(part))
        ingest([tmp_path / f"{number}.jsonl"], tmp_path / "3.parquet")
    found = tables.read(tmp_path / "3.parquet")
    assert found.drop_columns("story_id").equals(tables.read(tmp_path / "1.parquet").drop_columns("story_id"))
    assert len(set(found["story_id"].to_pylist())) == 401


def test_many_small_files_are_read_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(40):
        (folder / f"{number:02d}.txt").write_text(f"Text number {number} of this folder.")
    monkeypatch.setattr(spread, "_FILES", 7)
    seen: list[int] = []
    assert ingest([folder], tmp_path / "a.parquet", progress=seen.append) == Ingested(40, 40, 0, 0, [], [])
    assert seen == [7, 14, 21, 28, 35, 40]


def test_nothing_is_left_beside_the_table(articles: Path, tmp_path: Path) -> None:
    into = tmp_path / "corpus" / "articles.parquet"
    ingest([articles], into)
    assert sorted(path.name for path in into.parent.iterdir()) == ["articles.parquet", "articles.rejects.jsonl"]


def test_other_parameters_of_stories_write_the_table_anew(articles: Path, tmp_path: Path) -> None:
    into = tmp_path / "articles.parquet"
    before = expected(articles, into)
    strict = Comparing(containment=0.99)
    assert ingest([articles], into, comparing=strict).written == 0
    assert len(set(tables.read(into)["story_id"].to_pylist())) == 500
    assert ingest([articles], into).written == 0
    assert into.read_bytes() == before


def test_a_table_that_an_import_would_harm_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "1", "text": "One."}\n{"id": "2", "text": "Two."}\n')
    ingest([tmp_path / "a.jsonl"], tmp_path / "good.parquet")
    good = tables.read(tmp_path / "good.parquet")
    cases = {
        "columns that an import would lose: probability": good.append_column("probability", pa.array([0.5, 0.5])),
        'article_id "1" stands twice': pa.concat_tables([good, good]),
        'article "1" has no content_hash': good.set_column(1, "content_hash", pa.array([None, "x"], pa.string())),
        'article "" has no article_id': good.set_column(0, "article_id", pa.array([None, "x"], pa.string())),
    }
    for message, table in cases.items():
        into = tmp_path / "harmed.parquet"
        tables.write(table, into)
        before = into.read_bytes()
        with pytest.raises(GoldwireError, match=message) as refused:
            ingest([tmp_path / "a.jsonl"], into)
        assert refused.value.where == str(into)
        assert into.read_bytes() == before


def test_what_a_killed_import_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "1", "text": "One."}\n')
    for name in (".a[1].parquet.abc.importing", ".a1.parquet.abc.importing"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "000000.parquet").write_text("half")
    ingest([tmp_path / "a.jsonl"], tmp_path / "a[1].parquet")
    left = {".a1.parquet.abc.importing"}  # of another table
    assert {path.name for path in tmp_path.iterdir()} == {"a.jsonl", "a[1].parquet"} | left


def test_a_ray_cluster_that_is_not_there_is_named_at_once() -> None:
    code = "from goldwire.corpus import engine\nengine.start('ray', '127.0.0.1:1')"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert "GoldwireError: 127.0.0.1:1: the Ray cluster cannot be reached: Connection refused" in run.stderr


def test_an_import_that_reads_nothing_changes_nothing(articles: Path, tmp_path: Path) -> None:
    into = tmp_path / "articles.parquet"
    before = expected(articles, into)
    (tmp_path / "empty.jsonl").touch()
    with pytest.raises(GoldwireError, match="file: is empty"):
        ingest([tmp_path / "empty.jsonl"], into, comparing=Comparing(containment=0.99))
    assert into.read_bytes() == before


def test_an_address_needs_ray_and_a_second_engine_is_refused() -> None:
    with pytest.raises(UsageError, match="--address is of a Ray cluster"):
        engine.start("native", "127.0.0.1:1")
    engine.start("native")
    code = (
        "from goldwire.corpus import engine\n"
        "engine.start('native').from_pydict({'a': [1]}).collect()\n"
        "try: engine.start('ray')\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    missing = [sys.executable, "-c", f"import sys; sys.modules['ray'] = None\n{code}"]
    run = subprocess.run(missing, capture_output=True, text=True, check=True)
    assert run.stdout == "GoldwireError Ray is not installed\n"


def test_daft_does_not_report_its_use() -> None:
    code = (
        "from goldwire.corpus import engine\n"
        "engine.start()\n"
        "from daft import scarf_telemetry\n"
        "print(scarf_telemetry.opted_out())\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "DO_NOT_TRACK"}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert run.stdout == "True\n"


@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="the extra ray is not installed")
def test_a_ray_cluster_of_two_workers_gives_the_same_bytes(articles: Path, tmp_path: Path) -> None:
    before = expected(articles, tmp_path / "1.parquet")
    (tmp_path / "more").mkdir()
    lines = articles.read_text().splitlines(keepends=True)
    for number in range(4):
        (tmp_path / "more" / f"{number}.jsonl").write_text("".join(lines[number * 126 : (number + 1) * 126]))
    script = f"""
import json, os, subprocess, sys
from ray.cluster_utils import Cluster

cluster = Cluster(initialize_head=True, head_node_args={{"num_cpus": 0, "include_dashboard": False}})
try:
    for _ in range(2):
        cluster.add_node(num_cpus=1)
    cluster.wait_for_nodes()
    command = ["corpus", "import", {str(tmp_path / "more")!r}, "-o", {str(tmp_path / "2.parquet")!r}]
    command += ["--engine", "ray", "--address", cluster.address, "--json"]
    run = subprocess.run([sys.executable, "-m", "goldwire", *command], capture_output=True, text=True)
    print(json.dumps([run.returncode, run.stdout, run.stderr]))
finally:
    cluster.shutdown()
"""
    environment = {**os.environ, "RAY_USAGE_STATS_ENABLED": "0"}
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, timeout=500)
    assert ran.returncode == 0, ran.stderr
    code, out, err = json.loads(ran.stdout.splitlines()[-1])
    assert (code, err) == (0, "")
    assert json.loads(out)["written"] == 500
    assert (tmp_path / "2.parquet").read_bytes() == before
