"""Who may import whom. The rules are those of CONTRIBUTING.md."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import goldwire

PACKAGE = Path(goldwire.__file__).parent
FLOOR = {"errors", "files", "provenance", "scheme", "study", "tables"}
ROOMS = {
    "text": set(),
    "stats": set(),
    "page": set(),
    "template": set(),
    "schemes": set(),
    "corpus": {"text", "stats", "page"},
    "labels": {"text", "stats", "page"},
    "eval": {"text", "stats", "page"},
    "studio": {"text", "stats"},
}
ONLY = {
    "label_studio_sdk": {"labels/server/calls.py"},
    "datasets": {"labels/dataset/", "labels/publish.py"},
    "sklearn": {"eval/"},
    "cleanlab": {"eval/"},
    "typer": {"cli/"},
    "dvc": {"labels/diff/"},
    "huggingface_hub": {"labels/publish.py", "labels/dataset/"},
    "daft": {"corpus/engine.py", "corpus/compare.py"},
    "ray": {"corpus/engine.py"},
    "requests": {"studio/"},
    "httpx": {"labels/server/", "labels/team/accounts.py", "studio/", "eval/baselines/llm"},
    "urllib.request": {"labels/server/", "studio/"},
}
FILES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


def imports(file: str) -> set[str]:
    """Every module that the file names in an import, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse((PACKAGE / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} imports relatively"
            module = str(node.module)
            # `from goldwire import studio` names the room in the list
            found |= {f"{module}.{alias.name}" for alias in node.names} | {module}
    return found


@pytest.mark.parametrize("file", FILES)
def test_a_file_imports_only_what_its_room_may(file: str) -> None:
    room = file.split("/")[0].removesuffix(".py")
    rooms = {name.split(".")[1] for name in imports(file) if name.startswith("goldwire.")} - {"__version__"}
    if room in FLOOR:
        assert rooms <= FLOOR
    elif room in ROOMS:
        assert rooms - FLOOR <= ROOMS[room] | {room}
    else:
        assert room in {"cli", "demo", "__main__", "__init__"}
        assert room == "cli" or "cli" not in rooms or room == "__main__"


@pytest.mark.parametrize("file", FILES)
def test_a_package_is_imported_only_where_the_design_says(file: str) -> None:
    for package, places in ONLY.items():
        if any(file.startswith(place) for place in places):
            continue
        used = {name for name in imports(file) if name == package or name.startswith(package + ".")}
        assert not used, f"{file} imports {package}, which belongs to {', '.join(sorted(places))}"


def test_only_the_output_module_prints() -> None:
    printing = [
        file
        for file in FILES
        for node in ast.walk(ast.parse((PACKAGE / file).read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert set(printing) == {"cli/output.py"}


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {file: len((PACKAGE / file).read_text(encoding="utf-8").splitlines()) for file in FILES}
    assert {file: n for file, n in lengths.items() if n > 400} == {}


def test_every_room_says_what_flows_through_it() -> None:
    for init in PACKAGE.rglob("__init__.py"):
        assert ast.get_docstring(ast.parse(init.read_text(encoding="utf-8"))), init


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, goldwire.cli.app\n"
        "heavy = {'pyarrow', 'pandas', 'numpy', 'sklearn', 'datasets', 'label_studio_sdk', 'altair', 'pydantic'}\n"
        "heavy |= {'daft', 'ray', 'lxml', 'ftfy'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
