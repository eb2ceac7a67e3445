"""The engine: where the corpus work runs, by the same Daft plans. In this process and its children, or on Ray."""

import os
import re
import socket
from functools import lru_cache
from typing import Any, Literal

from goldwire.errors import GoldwireError, UsageError

Engine = Literal["native", "ray"]

_HOST = re.compile(r"(?:ray://)?(?P<name>[^:/]+|\[[^]]+\]):(?P<port>\d{1,5})")
_PATIENCE = 5  # seconds
_CHECK = "Check --address, and that the cluster runs."


@lru_cache
def start(engine: Engine = "native", address: str | None = None) -> Any:
    """Return the module `daft`, set to run on the engine.

    Parameters
    ----------
    engine : {"native", "ray"}
        ``ray`` needs the extra of that name, and a file system that every worker sees under the same paths.
    address : str, optional
        Of a Ray cluster, as `ray.init` takes it; without it a cluster is started on this machine.

    Raises
    ------
    GoldwireError
        When Ray is not installed, or the cluster cannot be reached.
    UsageError
        When an address is given without Ray, or another engine runs in this process.
    """
    if engine == "native" and address is not None:
        raise UsageError("--address is of a Ray cluster", hint="Say --engine ray as well.")
    os.environ.setdefault("DO_NOT_TRACK", "1")  # Daft reports its use to its makers otherwise
    os.environ.setdefault("DAFT_PROGRESS_BAR", "0")  # progress is ours to show
    import daft

    if engine == "ray":
        _connect(address)
    try:
        daft.set_runner_ray() if engine == "ray" else daft.set_runner_native()
    except daft.exceptions.DaftCoreException as error:  # a runner is chosen once a process
        if daft.get_or_infer_runner_type() != engine:
            raise UsageError(f"another engine runs in this process already: {error}") from None
    return daft


def is_ray(daft: Any) -> bool:
    """Whether Daft runs on Ray."""
    return bool(daft.get_or_infer_runner_type() == "ray")


def _connect(address: str | None) -> None:
    try:
        import ray
    except ImportError:
        raise GoldwireError("Ray is not installed", hint="Install it with: pip install 'goldwire[ray]'") from None
    if ray.is_initialized():
        return
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if address is not None and (host := _HOST.fullmatch(address)):
        try:  # Ray itself tries for a minute and more
            socket.create_connection((host["name"], int(host["port"])), timeout=_PATIENCE).close()
        except OSError as error:
            raise GoldwireError(
                f"the Ray cluster cannot be reached: {error.strerror or error}", where=address, hint=_CHECK
            ) from None
    try:
        ray.init(address=address, log_to_driver=False, logging_level="ERROR", include_dashboard=False)
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise GoldwireError(f"the Ray cluster cannot be reached: {error}", where=address, hint=_CHECK) from None
