"""Writing parts, and what is known from them without reading them whole."""

import hashlib
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.errors import GoldwireError
from goldwire.labels import parts
from goldwire.labels.fold import typed
from goldwire.labels.fold.latest import latest

HEADER = {"round": "pilot", "project": 7}


def annotation(number: int, answer: str = "yes", **more: Any) -> dict[str, Any]:
    result = [{"id": "c", "from_name": "q", "type": "choices", "value": {"choices": [answer]}}]
    return {"id": number, "result": result, "completed_by": {"pseudonym": "annotator-01"}, **more}


def task(number: int, *annotations: dict[str, Any], text: str = "x", updated: str = "2026-01-01") -> dict[str, Any]:
    data = {"unit_id": f"u{number}", "text": text}
    return {"id": number, "updated_at": updated, "data": data, "annotations": list(annotations), "predictions": []}


def without_index(path: Path) -> None:
    """Write a part again as goldwire 0.1 did: no index, and keys in the order of the server."""
    part = parts.read(path)
    rows = [part.header, *part.tasks, *({"deleted_task": number} for number in part.deleted)]
    lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for row in rows]
    seal = {"sha256": hashlib.sha256(b"".join(lines)).hexdigest(), "lines": len(lines)}
    path.write_bytes(b"".join(lines) + json.dumps(seal, separators=(",", ":")).encode() + b"\n")


def test_a_writer_that_was_given_nothing_leaves_nothing(tmp_path: Path) -> None:
    with parts.Writer(tmp_path / "a" / "pulls", HEADER) as writer:
        pass
    assert writer.path is None
    assert list(tmp_path.iterdir()) == []


def test_a_writer_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), parts.Writer(tmp_path / "a" / "pulls", HEADER) as writer:
        writer.task(task(1))
        raise ZeroDivisionError
    assert writer.path is None
    assert list(tmp_path.iterdir()) == []


def test_of_two_writers_at_once_the_second_is_refused_and_the_first_part_is_kept(tmp_path: Path) -> None:
    with (
        pytest.raises(GoldwireError, match="another pull has just written this part") as caught,
        parts.Writer(tmp_path, HEADER) as slow,
    ):
        slow.task(task(1))
        with parts.Writer(tmp_path, HEADER) as quick:
            quick.task(task(2))
    assert (caught.value.hint, slow.path) == ("Pull again.", None)
    assert quick.path == tmp_path / "part-00001.jsonl"
    assert list(tmp_path.iterdir()) == [quick.path]
    assert parts.read(quick.path).tasks == [task(2)]


def test_a_full_disk_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    parts.append(tmp_path, HEADER, [task(1)], [])
    code = (
        "import resource, signal, sys; from pathlib import Path; from goldwire.errors import GoldwireError\n"
        "from goldwire.labels import parts\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))\n"
        "try:\n"
        "    with parts.Writer(Path(sys.argv[1]), {}) as writer:\n"
        "        for number in range(2000):\n"
        "            writer.task({'id': number, 'data': {'text': 'x' * 5000}, 'annotations': []})\n"
        "except GoldwireError as error:\n"
        "    sys.stdout.write(str(error))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    where = tmp_path / "part-00002.jsonl"
    assert done.stdout == (
        f"{where}: the disk is full (File too large): nothing was added, and nothing that was pulled before is lost"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["part-00001.jsonl"]


def test_what_a_killed_writer_left_is_removed_and_what_another_writes_is_not(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from goldwire.labels import parts\n"
        "with parts.Writer(Path(sys.argv[1]), {}) as writer:\n"
        "    writer.task({'id': 1, 'data': {}, 'annotations': []}); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    (left,) = tmp_path.iterdir()
    with pytest.raises(GoldwireError, match="another pull"), parts.Writer(tmp_path, HEADER) as slow:
        slow.task(task(1))
        assert not left.exists()
        (writing,) = tmp_path.iterdir()
        with parts.Writer(tmp_path, {}) as quick:
            quick.task(task(2))
            assert writing.exists()
    assert list(tmp_path.iterdir()) == [quick.path]


def test_known_is_the_latest_state_in_short(tmp_path: Path) -> None:
    parts.append(tmp_path, HEADER, [task(1, annotation(1), annotation(2)), task(2, annotation(3))], [])
    parts.append(tmp_path, HEADER, [{**task(1, annotation(2, "no"), updated="2026-02-02"), "project": 8}], [2])
    known = parts.known(tmp_path)
    assert {number: one[:4] for number, one in known.items()} == {
        1: (8, 2, False, "2026-02-02"),
        2: (7, 2, True, "2026-01-01"),
    }
    assert {number: list(one.annotations) for number, one in known.items()} == {1: [2], 2: []}
    for path in parts.listing(tmp_path):
        without_index(path)
    assert parts.known(tmp_path) == known


def test_a_task_is_written_again_only_when_it_says_something_else(tmp_path: Path) -> None:
    before = task(1, annotation(1))
    parts.append(tmp_path, HEADER, [before, task(2)], [2])
    known = parts.known(tmp_path)
    turned = json.loads(json.dumps({**before, "updated_at": "2027-01-01"}, sort_keys=True))
    changed = [task(1, annotation(1, "no")), task(1), task(1, annotation(1), text="y"), task(2)]
    with parts.Writer(tmp_path, HEADER) as writer:
        entry = writer.update(turned, known[1])
        assert (entry.digest, entry.annotations) == (known[1].digest, known[1].annotations)
        for one in changed:
            writer.update(one, known.get(one["id"]))
    assert writer.path is not None
    assert parts.read(writer.path).tasks == changed


def test_half_a_character_from_a_browser_is_kept_and_read(tmp_path: Path) -> None:
    given = task(1, annotation(1, "a\ud800b 😀"))
    path = parts.append(tmp_path, HEADER, [given, task(2, text="😀")], [])
    assert path is not None
    assert parts.read(path).tasks == [given, task(2, text="😀")]
    (one, _) = latest(tmp_path)
    result = one.annotations[0].result
    assert result is not None
    assert result[0].value == typed.Value(choices=["a\ufffdb 😀"])
    assert list(parts.known(tmp_path)) == [1, 2]


steps = st.lists(
    st.tuples(
        st.dictionaries(st.integers(1, 4), st.sets(st.integers(1, 6)), max_size=4),
        st.sets(st.integers(1, 4), max_size=2),
        st.booleans(),
    ),
    max_size=5,
)


@settings(deadline=None)
@given(steps)
def test_the_latest_state_one_task_at_a_time_is_that_of_all_parts_in_memory(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[dict[int, set[int]], set[int], bool]]
) -> None:
    folder = tmp_path_factory.mktemp("p")
    for number, (tasks, gone, old) in enumerate(steps):
        rows = [task(t, *(annotation(10 * t + a, str(number)) for a in sorted(ids))) for t, ids in tasks.items()]
        if (path := parts.append(folder, HEADER, rows, sorted(gone))) and old:
            without_index(path)
    expected = {}
    for one in parts.state(parts.read(path) for path in parts.listing(folder)).values():
        expected[one["id"]] = [
            (a["id"], said(typed.of(one), a["id"]), bool(a.get("deleted"))) for a in one["annotations"]
        ]
    found: dict[int, list[Any]] = {}
    for piece in latest(folder):
        assert piece.data.unit_id == f"u{piece.id}"
        found.setdefault(piece.id, []).extend((a.id, said(piece, a.id), a.deleted) for a in piece.annotations)
    assert {number: sorted(rows) for number, rows in found.items()} == expected


def said(one: typed.Task, number: int) -> Any:
    (found,) = (a.result for a in one.annotations if a.id == number)
    return found and found[0].value and found[0].value.choices


def test_memory_does_not_grow_with_what_is_written_and_read(tmp_path: Path) -> None:
    code = (
        "import resource, sys; from pathlib import Path; from goldwire.labels import parts\n"
        "from goldwire.labels.fold.latest import latest\n"
        "def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "def once(folder, count):\n"
        "    with parts.Writer(folder, {}) as writer:\n"
        "        for number in range(count):\n"
        "            writer.task({'id': number, 'data': {'text': 'x' * 100_000}, 'annotations': []})\n"
        "    assert sum(1 for _ in latest(folder)) == count == len(parts.known(folder))\n"
        "once(Path(sys.argv[1]) / 'a', 50); before = peak(); once(Path(sys.argv[1]) / 'b', 1000)\n"
        "sys.stdout.write(str((peak() - before) / 1024))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 20  # MB, of the 100 MB
