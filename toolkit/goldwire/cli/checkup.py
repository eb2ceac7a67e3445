"""What `goldwire doctor` looks at. Each check gives a state (ok, failed, not applicable) and what to do."""

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path

from goldwire.errors import GoldwireError
from goldwire.study import Study, find

Finding = dict[str, str]


def checkup(folder: Path) -> list[Finding]:
    """Return the findings for a folder and the environment, in a fixed order."""
    study = _study(folder)
    return [
        _finding("study", lambda: _describe(folder)),
        _finding("params.yaml", lambda: _params(study)),
        _finding("annotators.csv", lambda: _private(study)),
        _finding("dvc", _dvc),
        _finding("Label Studio", _server),
    ]


class _NotApplicableError(Exception):
    """A check that has nothing to look at; its text is the reason."""


def _finding(check: str, look: Callable[[], str]) -> Finding:
    try:
        return {"check": check, "state": "ok", "detail": look()}
    except _NotApplicableError as reason:
        return {"check": check, "state": "not applicable", "detail": f"because {reason}"}
    except GoldwireError as error:
        hint = f" {error.hint}" if error.hint else ""
        return {"check": check, "state": "failed", "detail": f"{error}.{hint}"}


def _study(folder: Path) -> Study | None:
    try:
        return find(folder)
    except GoldwireError:
        return None


def _describe(folder: Path) -> str:
    return str(find(folder).root)


def _params(study: Study | None) -> str:
    if study is None:
        raise _NotApplicableError("this is not a study")
    return f"dataset version {study.params().version}"


def _private(study: Study | None) -> str:
    """The one file with people in it must be ignored by git."""
    if study is None or not study.annotators.exists():
        raise _NotApplicableError("there is none")
    ignored = study.root / ".gitignore"
    if not ignored.exists() or "annotators.csv" not in ignored.read_text(encoding="utf-8"):
        raise GoldwireError(
            "e-mail addresses are not ignored by git",
            where=str(study.annotators),
            hint="Add /labels/annotators.csv to .gitignore and .dvcignore.",
        )
    return "ignored by git"


def _dvc() -> str:
    if importlib.util.find_spec("dvc") is None:
        raise GoldwireError("dvc is not installed", hint='Install it with: pip install "goldwire[dvc]"')
    return "installed"


def _server() -> str:
    if not os.environ.get("LABEL_STUDIO_URL"):
        raise _NotApplicableError("LABEL_STUDIO_URL is not set")
    from goldwire.labels.server import connect

    client = connect()
    version = client.version()
    if not version.startswith("1.23"):
        raise GoldwireError(f"version {version} answers, and 1.23 is what goldwire was tested with")
    return f"version {version} at {client.url}"
