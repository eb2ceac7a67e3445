"""A stand-in for an OpenAI-compatible endpoint, on this machine. It is no language model: a function answers.

What it shows is that requests, retries, cache and answers work; nothing about how well any model codes.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Body = dict[str, Any]
Answered = tuple[int, Any, dict[str, str]]
"""Status, value (JSON, or bytes as they are), headers."""


class StandIn:
    """What was asked, with which headers, and how many at the same time."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[Body] = []
        self.keys: list[str | None] = []
        self.paths: list[str] = []
        self.at_once = 0


def said(content: str | None, **more: Any) -> Answered:
    """A chat completion with this content; `more` goes into its choice."""
    return 200, {"choices": [{"message": {"role": "assistant", "content": content}, **more}]}, {}


def failed(status: int, message: str, code: str = "", **headers: str) -> Answered:
    """An error as such endpoints give it."""
    return status, {"error": {"message": message, "code": code}}, headers


def article(body: Body) -> str:
    """What the last turn of the conversation asks about."""
    return str(next(turn["content"] for turn in reversed(body["messages"]) if "<article>" in turn["content"]))


@contextmanager
def stand_in(answer: Callable[[Body], Answered]) -> Iterator[StandIn]:
    """Serve until the block ends; `answer` is called with each request's body, by several threads."""
    lock, now = threading.Lock(), 0

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            nonlocal now
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                now += 1
                server.at_once = max(server.at_once, now)
                server.asked.append(body)
                server.keys.append(self.headers.get("Authorization"))
                server.paths.append(self.path)
            status, value, headers = answer(body)
            with lock:
                now -= 1
            data = value if isinstance(value, bytes) else json.dumps(value).encode()
            self.send_response(status)
            for name, text in {"Content-Length": str(len(data)), **headers}.items():
                self.send_header(name.replace("_", "-"), text)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, request: Any, client_address: Any) -> None:  # a client that was killed
            pass

    listening = Quiet(("127.0.0.1", 0), Handler)
    server = StandIn(f"http://127.0.0.1:{listening.server_port}/v1")
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()
