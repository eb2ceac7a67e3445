"""The cache of an LLM's answers: appended, whole or not there, in the folder that is meant."""

import json
import threading
from pathlib import Path

import pytest

from goldwire.eval.baselines.llm.cache import Cache, folder


def test_what_was_put_is_there_for_the_next_one_to_open_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "llm.jsonl"
    cache = Cache(path)
    assert cache.get("k1") is None
    cache.put("k1", {"content": "Zürich \u2028\nline", "shares": None})
    cache.put("k2", {"content": "half of a pair: \ud83d"})
    again = Cache(path)
    assert again.get("k1") == {"key": "k1", "content": "Zürich \u2028\nline", "shares": None}
    assert again.get("k2") == {"key": "k2", "content": "half of a pair: \ud83d"}
    assert path.read_bytes().count(b"\n") == 2


def test_of_equal_keys_the_first_counts(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "llm.jsonl")
    cache.put("k", {"content": "first"})
    cache.put("k", {"content": "second"})
    assert cache.get("k") == Cache(tmp_path / "llm.jsonl").get("k") == {"key": "k", "content": "first"}


def test_a_torn_line_is_passed_over_and_the_next_one_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "llm.jsonl"
    Cache(path).put("k1", {"content": "one"})
    with path.open("ab") as stream:
        stream.write('{"key":"k2","content":"Zü'.encode()[:-1])
    cache = Cache(path)
    assert cache.get("k2") is None
    cache.put("k3", {"content": "three"})
    cache.put("k2", {"content": "two"})
    again = Cache(path)
    found = [again.get(key) for key in ("k1", "k2", "k3")]
    assert [entry and entry["content"] for entry in found] == ["one", "two", "three"]


def test_lines_that_are_no_entries_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "llm.jsonl"
    path.write_text('[]\n1\n{"content": "no key"}\n{"key": ["list"]}\n\n{"key": "k", "content": "x"}\n')
    assert Cache(path).get("k") == {"key": "k", "content": "x"}


def test_threads_write_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "llm.jsonl"
    caches = [Cache(path), Cache(path)]  # as two processes would

    def work(number: int) -> None:
        for i in range(50):
            caches[number % 2].put(f"{number}-{i}", {"content": "x" * 500})

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keys = {json.loads(line)["key"] for line in path.read_text().splitlines()}
    assert keys == {f"{n}-{i}" for n in range(4) for i in range(50)}


def test_the_folder_is_named_or_the_study_s_or_the_user_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GOLDWIRE_LLM_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.chdir(tmp_path)
    assert folder() == tmp_path / "caches" / "goldwire"
    (tmp_path / "params.yaml").write_text("{}")
    assert folder() == tmp_path / "eval" / "cache"
    monkeypatch.setenv("GOLDWIRE_LLM_CACHE", "elsewhere")
    assert folder() == Path("elsewhere")
