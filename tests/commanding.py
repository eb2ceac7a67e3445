"""The command line as its users have it: through `run`, with what it prints and its exit code."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from goldwire import cli


class Run(NamedTuple):
    code: int
    out: str
    err: str


Command = Callable[..., Run]


@contextmanager
def in_empty_folder(
    words: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    """Yield what runs `goldwire WORDS ARGUMENTS` in the folder."""
    monkeypatch.chdir(folder)
    before = signal.getsignal(signal.SIGTERM)

    def run(*arguments: str) -> Run:
        monkeypatch.setattr(sys, "argv", ["goldwire", *words, *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.run()
        return Run(int(ended.value.code or 0), *capsys.readouterr())

    yield run
    signal.signal(signal.SIGTERM, before)
