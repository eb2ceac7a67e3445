"""The command line with small numbers, and with a death of its own or a small disk where asked. Run as a script.

The variable FAULTS holds JSON: `numbers` as in `settings.Numbers`; `die`, where SIGKILL strikes; `file_size`, the
bytes after which a file cannot grow (RLIMIT_FSIZE: the system then says EFBIG).
"""

import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from faults.settings import Numbers, small
from goldwire.cli import main


def deadly(real: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    """Return the function with a SIGKILL before or after it."""

    def killed(*arguments: Any, **options: Any) -> Any:
        if after:
            real(*arguments, **options)
        os.kill(os.getpid(), signal.SIGKILL)

    return killed


def run() -> None:
    given = json.loads(os.environ["FAULTS"])
    small(setattr, Numbers(**given["numbers"]))
    if point := given.get("die"):
        when, name = point.split("-")
        place = Path if name == "replace" else os
        setattr(place, name, deadly(getattr(place, name), after=when == "after"))
    if size := given.get("file_size"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    main()


run()
