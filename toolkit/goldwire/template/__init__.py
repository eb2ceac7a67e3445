"""What a new study is made of: `create` writes it, the other files of this folder are what it writes."""

import re
from importlib import resources
from pathlib import Path

from goldwire import __version__
from goldwire.errors import GoldwireError
from goldwire.files import write_text
from goldwire.study import PARAMS, Study

WORKFLOW = ".github/workflows/goldwire.yml"

_FILES = {
    "params.yaml": PARAMS,
    "dvc.yaml": "dvc.yaml",
    "gitignore": ".gitignore",
    "dvcignore": ".dvcignore",
}
_MEANS_MORE = re.compile(r"[^\w./ +-]")  # to YAML, a shell, a comment in HTML, or a pattern of paths
_FOLDERS = ("corpus/raw", "labels/schemes", "labels/rounds", "eval")


def create(folder: Path) -> Study:
    """Make a study in `folder`, which may hold other files already.

    Raises
    ------
    GoldwireError
        When one of the study's own files is there: nothing is written then.
    """
    _refuse(folder, [name for name in _FILES.values() if (folder / name).exists()])
    for name in _FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    for source, name in _FILES.items():
        write_text(folder / name, _text(source))
    return Study(folder)


def create_with_workflow(folder: Path) -> tuple[Study, Path]:
    """Make a study, and the workflow that checks its pull requests; a study that is there only gets the workflow.

    GitHub reads workflows at the root of a repository. In one whose root is further up, the workflow goes there,
    under the name of the folder.

    Returns
    -------
    tuple
        The study, and the workflow's path.

    Raises
    ------
    GoldwireError
        When the workflow, or one of the files of a new study, is there, or the folder has a name that means something
        else in a workflow: nothing is written then.
    """
    root = folder.resolve()
    top = next((up for up in [root, *root.parents] if (up / ".git").exists()), root)
    inside = root.relative_to(top)
    if _MEANS_MORE.search(inside.as_posix()):
        raise GoldwireError(
            f"a workflow cannot name the folder {inside.as_posix()}",
            where=str(top),
            hint="Give it a name of letters, digits, spaces, and . _ + -",
        )
    path = top / WORKFLOW
    if inside.parts:
        path = path.with_name(f"goldwire-{'-'.join(inside.parts)}.yml")
    _refuse(top, [str(path.relative_to(top))] if path.exists() else [])
    study = Study(folder) if (folder / PARAMS).is_file() else create(folder)
    name = " ".join(["goldwire", *([inside.as_posix()] if inside.parts else [])])
    text = _text("ci.yml").replace("@NAME@", name).replace("@FOLDER@", inside.as_posix())
    write_text(path, text.replace("@VERSIONS@", _versions(__version__)))
    return study, path


def _versions(version: str) -> str:
    """Return the versions that do the same: up to the next minor one before 1.0.0, else up to the next major one."""
    major, minor = (int(part) for part in version.split(".")[:2])
    return f">={version},<{f'0.{minor + 1}' if major == 0 else major + 1}"


def _refuse(folder: Path, there: list[str]) -> None:
    if there:
        raise GoldwireError(
            f"{', '.join(there)} already there, nothing was written",
            where=str(folder),
            hint="Choose an empty folder, or move these files away.",
        )


def _text(source: str) -> str:
    return (resources.files("goldwire") / "template" / source).read_text(encoding="utf-8")
