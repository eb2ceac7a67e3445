"""A push or a pull through a proxy: in this process, or with the real command line in one of its own."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from faults.settings import Numbers
from faults.strikes import Plan
from faults.world import NAME, World
from goldwire.errors import GoldwireError
from goldwire.labels import exchange
from goldwire.labels.server import connect
from proxy import Proxy

COMMAND = Path(__file__).parent / "command.py"

What = Literal["push", "pull"]


class Attempts:
    """What is tried on a round with a key.

    Attributes
    ----------
    said : list of str
        The messages of those that failed.
    date : float
        Seconds by which the Date of the server's answers is ahead.
    process : subprocess.Popen
        The last command line.
    """

    process: subprocess.Popen[str]

    def __init__(self, world: World, key: str, numbers: Numbers) -> None:
        self.world, self.key, self.numbers = world, key, numbers
        self.said: list[str] = []
        self.date = 0.0

    def here(self, what: What, plan: Plan) -> int:
        """Push or pull in this process; return the exit code that the command line would have."""
        with self._proxy(plan) as proxy:
            try:
                client = connect(proxy.url, self.key)
                if what == "push":
                    exchange.push_round(self.world.study, NAME, client=client)
                else:
                    exchange.pull_round(self.world.study, NAME, client=client)
            except GoldwireError as error:
                self._clear(str(error))
                return 1
        return 0

    def command(self, what: What, plan: Plan, **faults: object) -> int:
        """Do the same with the real command line; see `faults.command` for `faults`. Return its exit code."""
        given = json.dumps({"numbers": asdict(self.numbers), **faults})
        clean = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        with self._proxy(plan) as proxy:
            server = {"LABEL_STUDIO_URL": proxy.url, "LABEL_STUDIO_API_KEY": self.key}
            with subprocess.Popen(
                [sys.executable, str(COMMAND), "-C", str(self.world.study.root), "labels", what, NAME],
                env={**clean, **server, "FAULTS": given},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            ) as process:
                self.process = process
                _, said = process.communicate(timeout=120)
        assert process.returncode in (0, 1, -9), f"exit code {process.returncode}: {said}"
        if process.returncode == 1:
            self._clear(said)
            assert said.count("Error: ") == 1, said
        return process.returncode

    def _proxy(self, plan: Plan) -> Proxy:
        return Proxy(self.world.people.server.url, decide=plan.decide, clock=self.date)

    def _clear(self, said: str) -> None:
        """A failure is said in a sentence, without a traceback or a key."""
        self.said.append(said.strip())
        assert said.strip()
        assert "Traceback" not in said, said
        assert not any(key in said for key in self.world.people.keys.values())
