"""A proxy before a real Label Studio: TLS, a path, a forward proxy's work, and faults. For tests only.

``with Proxy(server.url, prefix="/labels/") as proxy: connect(proxy.url, ...)``
"""

import base64
import contextlib
import http.client
import select
import socket
import ssl
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from certificate import Certificate

PIECE = 65536
HOP_BY_HOP = {
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
    "transfer-encoding", "upgrade", "content-length", "host",
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request.

    reset-before: the connection is reset, and the server never sees the request. reset-after: it acted, and its
    answer is swallowed. timeout-after: it acted, and the answer is 504. too-many: 429 with Retry-After `seconds`,
    before the server. drip: the answer takes `seconds`, in 20 pieces. half: half of the answer's body, then the end.
    late: the answer is 504, and the server acts `seconds` afterwards.
    """

    kind: Literal["reset-before", "reset-after", "timeout-after", "too-many", "drip", "half", "late"]
    seconds: float = 1.0


Decide = Callable[[int, str, str], Fault | None]


class Proxy(ThreadingHTTPServer):
    """A proxy on a free port of 127.0.0.1, from `with` to its end.

    Parameters
    ----------
    upstream : str
        The address of the server behind it; it may be replaced while the proxy runs, as after a restart.
    prefix : str
        The path under which the server appears; anything else is 404.
    certificate : Certificate, optional
        Speak TLS with it.
    decide : callable, optional
        Told the number (from 0), method and path of every request; says what goes wrong.
    clock : float
        Seconds by which the Date of answers is ahead.
    forward : bool
        Be a forward proxy, for http and (CONNECT) https. Whatever host is asked for, `upstream` is reached.
    login : str, optional
        ``name:password`` that a forward proxy asks for.

    Attributes
    ----------
    seen : list of (method, path)
        Every request, in the order of arrival; ("CONNECT", "host:port") for tunnels.
    problems : list of BaseException
        What went wrong here and was not meant to; the end of `with` raises the first.
    """

    daemon_threads = False
    request_queue_size = 128

    def __init__(
        self,
        upstream: str,
        *,
        prefix: str = "/",
        certificate: Certificate | None = None,
        decide: Decide | None = None,
        clock: float = 0,
        forward: bool = False,
        login: str | None = None,
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream = upstream
        self.prefix = prefix
        self.decide = decide
        self.clock = clock
        self.forward = forward
        self.login = login
        self.seen: list[tuple[str, str]] = []
        self.problems: list[BaseException] = []
        self.lock = threading.Lock()
        self.sockets: set[socket.socket] = set()
        self.stopping = threading.Event()
        self.tls = None
        if certificate:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(certificate.file, certificate.key)
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self.server_port}{prefix}"
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: object, *rest: object) -> None:
        self.stopping.set()
        self.shutdown()
        self._thread.join()
        with self.lock:
            for open_ in self.sockets:
                with contextlib.suppress(OSError):
                    open_.shutdown(socket.SHUT_RDWR)
        self.server_close()  # waits for every request's thread
        if self.problems and kind is None:
            raise self.problems[0]

    @contextlib.contextmanager
    def kept(self, open_: socket.socket) -> Iterator[None]:
        """Have the socket shut when the proxy ends."""
        with self.lock:
            self.sockets.add(open_)
        try:
            yield
        finally:
            with self.lock:
                self.sockets.discard(open_)

    def finish_request(self, request: Any, client_address: Any) -> None:
        if self.tls:
            request = self.tls.wrap_socket(request, server_side=True)  # here, in the request's own thread
        with self.kept(request):
            super().finish_request(request, client_address)
            if self.tls:
                with contextlib.suppress(OSError):
                    request.shutdown(socket.SHUT_RDWR)
                request.close()

    def handle_error(self, *_: object) -> None:
        problem = sys.exc_info()[1]
        # a client that goes away, or does not like the certificate, is no fault of the proxy
        if problem is not None and not isinstance(problem, OSError) and not self.stopping.is_set():
            self.problems.append(problem)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 120
    server: Proxy

    def log_message(self, format: str, *args: object) -> None:  # the base's own name
        """Say nothing."""

    def do_any(self) -> None:
        self.close_connection = True
        if self.server.forward and not self._let_in():
            return
        path = self.path
        if self.server.forward and "://" in path:
            parts = urlsplit(path)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
        with self.server.lock:
            number = len(self.server.seen)
            self.server.seen.append((self.command, path))
        if not path.startswith(self.server.prefix):
            self._drain()
            self._answer(404, b"<html>Not here</html>")
            return
        fault = self.server.decide(number, self.command, path) if self.server.decide else None
        if fault and fault.kind == "reset-before":
            self._reset()
        elif fault and fault.kind == "too-many":
            self._drain()
            self._answer(429, b"<html>Slow down</html>", {"Retry-After": f"{fault.seconds:g}"})
        elif fault and fault.kind == "late":
            self._act_late("/" + path[len(self.server.prefix) :], fault.seconds)
        else:
            self._relay("/" + path[len(self.server.prefix) :], fault)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_any  # noqa: N815 - the base's names

    def do_CONNECT(self) -> None:
        self.close_connection = True
        if not self._let_in():
            return
        with self.server.lock:
            self.server.seen.append((self.command, self.path))
        there = urlsplit(self.server.upstream)
        try:
            upstream = socket.create_connection((there.hostname or "", there.port or 443), timeout=10)
        except OSError:
            self._answer(502, b"")
            return
        with upstream, self.server.kept(upstream):
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self._pump(upstream)

    def _pump(self, upstream: socket.socket) -> None:
        other = {upstream: self.connection, self.connection: upstream}
        while not self.server.stopping.is_set():
            for source in select.select(list(other), [], [], 0.5)[0]:
                piece = source.recv(PIECE)
                if not piece:
                    return
                other[source].sendall(piece)

    def _let_in(self) -> bool:
        if self.server.login is None:
            return True
        wanted = f"Basic {base64.b64encode(self.server.login.encode()).decode()}"
        if self.headers.get("Proxy-Authorization") == wanted:
            return True
        self._drain()
        self._answer(407, b"<html>Who are you?</html>", {"Proxy-Authenticate": 'Basic realm="proxy"'})
        return False

    def _act_late(self, path: str, seconds: float) -> None:
        body = b"".join(self._body())
        self._answer(504, b"<html>Gateway timeout</html>")
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_WR)
        time.sleep(seconds)  # also when the proxy ends: the server would not know of that
        there = urlsplit(self.server.upstream)
        upstream = http.client.HTTPConnection(there.hostname or "", there.port or 80, timeout=900)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        with contextlib.closing(upstream), contextlib.suppress(http.client.HTTPException, ConnectionError):
            upstream.request(self.command, path, body, headers)
            upstream.getresponse().read()

    def _relay(self, path: str, fault: Fault | None) -> None:
        there = urlsplit(self.server.upstream)
        upstream = http.client.HTTPConnection(there.hostname or "", there.port or 80, timeout=900)
        try:
            try:
                upstream.connect()
            except OSError:
                self._drain()
                self._answer(502, b"<html>Bad gateway</html>")
                return
            with self.server.kept(upstream.sock):
                self._send(upstream, path)
                self._return(upstream.getresponse(), fault)
        except (http.client.HTTPException, ConnectionError):  # the server ended in between
            self._reset()
        finally:
            upstream.close()

    def _send(self, upstream: http.client.HTTPConnection, path: str) -> None:
        upstream.putrequest(self.command, path, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in HOP_BY_HOP:
                upstream.putheader(name, value)
        length = self.headers.get("Content-Length")
        chunked = "chunked" in self.headers.get("Transfer-Encoding", "")
        upstream.putheader("Connection", "close")
        if length is not None:
            upstream.putheader("Content-Length", length)
        elif chunked:
            upstream.putheader("Transfer-Encoding", "chunked")
        upstream.endheaders()
        for piece in self._body():
            upstream.send(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
        if chunked:
            upstream.send(b"0\r\n\r\n")

    def _body(self) -> Iterator[bytes]:
        """Read the request's body in pieces. A client that goes away in the middle of it ends the request."""
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            while size := int(self.rfile.readline().split(b";")[0], 16):
                yield self._whole(size)
                self.rfile.readline()
            while self.rfile.readline().strip():
                pass
            return
        left = int(self.headers.get("Content-Length") or 0)
        while left:
            piece = self._whole(min(left, PIECE))
            left -= len(piece)
            yield piece

    def _whole(self, size: int) -> bytes:
        piece = self.rfile.read(size)
        if len(piece) < size:
            raise ConnectionAbortedError
        return piece

    def _drain(self) -> None:
        """An answer is lost when the connection closes on a body that was not read."""
        for _ in self._body():
            pass

    def _return(self, answer: http.client.HTTPResponse, fault: Fault | None) -> None:
        if fault and fault.kind in ("reset-after", "timeout-after"):
            answer.read()  # now the server has acted
            if fault.kind == "reset-after":
                self._reset()
            else:
                self._answer(504, b"<html>Gateway timeout</html>")
            return
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, self._shifted(value) if name.lower() == "date" else value)
        self.send_header("Connection", "close")
        if self.command == "HEAD" or answer.status in (204, 304):
            self.end_headers()
            return
        whole = answer.read() if fault else b""
        length = len(whole) if fault else answer.length
        self.send_header(*(("Transfer-Encoding", "chunked") if length is None else ("Content-Length", str(length))))
        self.end_headers()
        if fault and fault.kind == "half":
            self.wfile.write(whole[: len(whole) // 2])
        elif fault:
            step = max(1, -(-len(whole) // 20))
            for start in range(0, len(whole), step):
                if self.server.stopping.wait(fault.seconds / 20):
                    return
                self.wfile.write(whole[start : start + step])
        else:
            while piece := answer.read(PIECE):
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if length is None else piece)
            if length is None:
                self.wfile.write(b"0\r\n\r\n")

    def _shifted(self, date: str) -> str:
        return formatdate(parsedate_to_datetime(date).timestamp() + self.server.clock, usegmt=True)

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response_only(status)
        given = {"Date": formatdate(time.time() + self.server.clock, usegmt=True), "Content-Type": "text/html"}
        for name, value in {
            **given,
            **(headers or {}),
            "Content-Length": str(len(body)),
            "Connection": "close",
        }.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _reset(self) -> None:
        """Close with RST, so that the other side sees "connection reset by peer"."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        for open_ in (self.rfile, self.wfile, self.connection):
            open_.close()
        raise ConnectionResetError  # nothing may be written any more
