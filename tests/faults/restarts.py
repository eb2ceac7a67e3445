"""A Label Studio that is stopped, or killed, and started again on its port."""

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from faults.world import People, people
from goldwire import studio


class Restartable:
    """A server of our own, made with `running`."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._server = studio.up(data)
        self.people: People = people(self._server)
        self._again: threading.Thread | None = None

    def stop(self) -> None:
        """End it as a person does, then start it again, which goes on in a thread."""
        studio.down(self.data)
        self._start()

    def kill(self, seconds: float) -> None:
        """SIGKILL after some seconds, then start it again; all of it in a thread."""
        self._start(seconds)

    def _start(self, kill_after: float | None = None) -> None:
        def again() -> None:
            if kill_after is not None:
                time.sleep(kill_after)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._server.pid, signal.SIGKILL)
                while studio.status(self.data):
                    time.sleep(0.02)
            port = urlsplit(self._server.url).port or 0
            while not _free(port):  # threads of a killed process hold it for a moment longer
                time.sleep(0.02)
            self._server = studio.up(self.data, port)

        self._again = threading.Thread(target=again)
        self._again.start()

    def wait(self) -> None:
        """Wait until it answers again."""
        if self._again:
            self._again.join()
            self._again = None
        if not studio.status(self.data):
            raise AssertionError("the server did not come back")


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@contextlib.contextmanager
def running(data: Path) -> Iterator[Restartable]:
    """Start a server that may be restarted, and stop it at the end."""
    try:
        yield Restartable(data)
    finally:
        studio.down(data)
