"""What a new study is made of: `create` writes it, the other files of this folder are what it writes."""

from importlib import resources
from pathlib import Path

from goldwire.errors import GoldwireError
from goldwire.files import write_text
from goldwire.study import Study

_FILES = {
    "params.yaml": "params.yaml",
    "dvc.yaml": "dvc.yaml",
    "gitignore": ".gitignore",
    "dvcignore": ".dvcignore",
}
_FOLDERS = ("corpus/raw", "labels/schemes", "labels/rounds", "eval")


def create(folder: Path) -> Study:
    """Make a study in `folder`, which may hold other files already.

    Raises
    ------
    GoldwireError
        When one of the study's own files is there: nothing is written then.
    """
    there = [name for name in _FILES.values() if (folder / name).exists()]
    if there:
        raise GoldwireError(
            f"{', '.join(there)} already there, nothing was written",
            where=str(folder),
            hint="Choose an empty folder, or move these files away.",
        )
    for name in _FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    for source, name in _FILES.items():
        text = (resources.files("goldwire") / "template" / source).read_text(encoding="utf-8")
        write_text(folder / name, text)
    return Study(folder)
