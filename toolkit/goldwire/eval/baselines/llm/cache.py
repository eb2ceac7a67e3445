"""The answers of an LLM, kept: asked once, the same prompt is never sent again."""

import json
import os
import threading
from pathlib import Path
from typing import Any, Self

from goldwire.errors import GoldwireError
from goldwire.study import find

FOLDER = "GOLDWIRE_LLM_CACHE"
_FILE = "llm.jsonl"


class Cache:
    """A file of JSON lines, ``{"key", ...}``, that is only ever added to; of equal keys the first counts.

    Each answer is on the disk before it is used, in one write, so a process that is killed loses none but the one it
    was writing. A line that was torn by that is passed over. Texts are not in it, answers are.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._kept: dict[str, dict[str, Any]] = {}
        self._torn = False
        for line in self._lines():
            try:
                entry = json.loads(line)
                self._kept.setdefault(entry["key"], entry)
            except (ValueError, KeyError, TypeError):
                continue

    @classmethod
    def here(cls) -> Self:
        """Open the cache in GOLDWIRE_LLM_CACHE, else in eval/cache of the study, else among the user's caches."""
        return cls(folder() / _FILE)

    def get(self, key: str) -> dict[str, Any] | None:
        """Return the entry of a key, or None."""
        with self._lock:
            return self._kept.get(key)

    def put(self, key: str, entry: dict[str, Any]) -> None:
        """Add an entry."""
        line = json.dumps({"key": key, **entry}, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"
        with self._lock:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            data = (b"\n" if self._torn else b"") + line.encode("utf-8", "backslashreplace")
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
            try:
                if os.write(descriptor, data) < len(data):
                    raise GoldwireError("the answer could not be kept: the disk is full", where=str(self._path))
            finally:
                os.close(descriptor)
            self._torn = False
            self._kept.setdefault(key, {"key": key, **entry})

    def _lines(self) -> list[str]:
        try:
            text = self._path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return []
        self._torn = bool(text) and not text.endswith("\n")
        return text.split("\n")


def folder() -> Path:
    """Return the folder of the cache; see `Cache.here`."""
    if given := os.environ.get(FOLDER):
        return Path(given)
    try:
        return find(Path.cwd()).eval / "cache"
    except GoldwireError:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "goldwire"
