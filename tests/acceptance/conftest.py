"""What the acceptance tests share: a study of their own, and the command line as a user has it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from goldwire import studio

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def goldwire() -> Run:
    """``goldwire(folder, *arguments, code=0, **environment)``: run it in a folder and expect this exit code.

    It is a process of its own, without a server in its environment unless one is given.
    """

    def run(folder: Path, *arguments: str, code: int = 0, **environment: str) -> "subprocess.CompletedProcess[str]":
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("LABEL_STUDIO", "GOLDWIRE_DEBUG"))}
        ended = subprocess.run(
            [sys.executable, "-m", "goldwire", *arguments],
            cwd=folder,
            env={**clean, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert ended.returncode == code, ended.stderr
        assert "Traceback" not in ended.stderr
        return ended

    return run


@pytest.fixture(scope="session")
def server_environment(label_studio: studio.Server) -> dict[str, str]:
    """The variables that name the server, as `goldwire studio up --export` prints them."""
    return {"LABEL_STUDIO_URL": label_studio.url, "LABEL_STUDIO_API_KEY": label_studio.api_key}
