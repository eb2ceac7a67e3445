"""What `goldwire doctor` looks at. Each check gives a state (ok, failed, not applicable) and what to do."""

import importlib.util
from pathlib import Path

from goldwire.errors import GoldwireError
from goldwire.labels.server.findings import Finding, NotApplicableError, finding
from goldwire.study import Study, find


def checkup(folder: Path, *, verify: bool = True) -> list[Finding]:
    """Return the findings for a folder and the environment, in a fixed order.

    Parameters
    ----------
    folder : Path
        Within a study, or not.
    verify : bool
        Whether the server must have a certificate that we trust.
    """
    from goldwire.labels.server.doctor import examine

    study = _study(folder)
    return [
        finding("study", lambda: _describe(folder)),
        finding("params.yaml", lambda: _params(study)),
        finding("annotators.csv", lambda: _private(study)),
        finding("dvc", _dvc),
        *examine(study, verify=verify),
    ]


def _study(folder: Path) -> Study | None:
    try:
        return find(folder)
    except GoldwireError:
        return None


def _describe(folder: Path) -> str:
    return str(find(folder).root)


def _params(study: Study | None) -> str:
    if study is None:
        raise NotApplicableError("this is not a study")
    return f"dataset version {study.params().version}"


def _private(study: Study | None) -> str:
    """The one file with people in it must be ignored by git, and git must not have it already."""
    from goldwire.labels.server.key_leak import git

    if study is None or not study.annotators.exists():
        raise NotApplicableError("there is none")
    asked = git(study.root, "check-ignore", "--quiet", str(study.annotators))
    if asked is None or asked.returncode not in (0, 1):  # no git, or no repository so far
        ignored = study.root / ".gitignore"
        lines = ignored.read_text(encoding="utf-8").splitlines() if ignored.exists() else []
        kept_out = any(line.strip().lstrip("/") in ("labels/annotators.csv", "annotators.csv") for line in lines)
    else:
        kept_out = asked.returncode == 0
    if kept_out:
        return "ignored by git"
    tracked = git(study.root, "ls-files", "--error-unmatch", str(study.annotators))
    if tracked and tracked.returncode == 0:
        raise GoldwireError(
            "e-mail addresses are tracked by git",
            where=str(study.annotators),
            hint="Take the file out of git, which leaves it on disk: git rm --cached labels/annotators.csv. "
            "What was committed stays in git's history.",
        )
    raise GoldwireError(
        "e-mail addresses are not ignored by git",
        where=str(study.annotators),
        hint="Add /labels/annotators.csv to .gitignore and .dvcignore.",
    )


def _dvc() -> str:
    if importlib.util.find_spec("dvc") is None:
        raise GoldwireError("dvc is not installed", hint='Install it with: pip install "goldwire[dvc]"')
    return "installed"
