"""The Python environment that Label Studio is installed in, apart from ours, since their dependencies clash."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from goldwire.errors import GoldwireError
from goldwire.studio.processes import locked

VERSION = "1.23.2"
_MARKER = ".goldwire-complete"


def location() -> Path:
    """Return where the environment is or will be.

    ``$GOLDWIRE_HOME/label-studio-VERSION``, else below ``$XDG_CACHE_HOME/goldwire`` or ``~/.cache/goldwire``.
    """
    home = os.environ.get("GOLDWIRE_HOME")
    if home:
        return Path(home).expanduser().resolve() / f"label-studio-{VERSION}"
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache).resolve() / "goldwire" / f"label-studio-{VERSION}"


def ensure(say: Callable[[str], None] | None = None) -> Path:
    """Return the Python of the environment; build the environment first, once, when it is not there.

    GOLDWIRE_STUDIO_ENV may name an environment that has Label Studio already; then nothing is built.
    Building takes about a minute and needs a package index.

    Raises
    ------
    GoldwireError
        When uv is missing, the installation fails, or GOLDWIRE_STUDIO_ENV has no Label Studio of this version.
    """
    given = os.environ.get("GOLDWIRE_STUDIO_ENV")
    if given:
        return _given(Path(given).expanduser().resolve())
    place = location()
    if (place / _MARKER).is_file():
        return _python(place)
    with locked(place.with_name(f"{place.name}.lock")):
        if not (place / _MARKER).is_file():  # else another process has just built it
            if say:
                say(f"installing Label Studio {VERSION} in {place} (once, about a minute)")
            _build(place)
    return _python(place)


def _given(place: Path) -> Path:
    if not list(place.glob(f"lib/python*/site-packages/label_studio-{VERSION}.dist-info")):
        raise GoldwireError(
            f"GOLDWIRE_STUDIO_ENV has no Label Studio {VERSION}",
            where=str(place),
            hint="Name an environment that has it, or unset the variable to let goldwire build one.",
        )
    return _python(place)


def _python(place: Path) -> Path:
    return place / "bin" / "python"


def _build(place: Path) -> None:
    uv = _uv()
    shutil.rmtree(place, ignore_errors=True)  # what an interrupted build left
    _run([sys.executable, "-m", "venv", "--without-pip", str(place)])
    install = [*uv, "pip", "install", "--python", str(_python(place)), *_index(), f"label-studio=={VERSION}"]
    _run(install)
    (place / _MARKER).write_text(f"{VERSION}\n", encoding="ascii")


def _uv() -> list[str]:
    beside = Path(sys.executable).with_name("uv")
    if beside.is_file():
        return [str(beside)]
    if importlib.util.find_spec("uv"):
        return [sys.executable, "-m", "uv"]
    if found := shutil.which("uv"):
        return [found]
    raise GoldwireError(
        "uv is not there, and it installs Label Studio", hint='Install it with: pip install "goldwire[studio]"'
    )


def _index() -> list[str]:
    """Return the package index that pip is set to, since uv does not read pip's settings; uv's own come first."""
    if any(name in os.environ for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_CONFIG_FILE")):
        return []
    command = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    index = os.environ.get("PIP_INDEX_URL")
    index = index or subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return ["--default-index", index] if index else []


def _run(command: list[str]) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise GoldwireError(
            "Label Studio could not be installed:\n" + "\n".join(done.stdout.splitlines()[-15:]),
            hint="It needs a package index and about 1 GB of disk. Mend the cause, then call the same command again.",
        )
