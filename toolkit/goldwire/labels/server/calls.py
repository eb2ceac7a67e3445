"""How the SDK is called: what is asked again, what its exceptions mean, and answers as the server gave them.

The SDK's own retries are off: it repeats a POST after an answer such as 504, and every repeated import makes
duplicates. Here only what can be repeated without harm is repeated: reading, and what the server refused for being
asked too often. The SDK's models drop and convert fields, so where whole JSON is wanted its answer is read as it is.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from goldwire.errors import GoldwireError
from goldwire.labels.server import connection
from goldwire.labels.server.errors import ServerFailedError, UnreachableError, translated
from goldwire.labels.server.settings import Settings

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")

_WAITS = (0.5, 2.0)  # seconds before the second and the third attempt
_LONGEST = 30.0  # what a Retry-After may ask for


class Caller:
    """A Label Studio server, seen with one account's key. Every failure is a GoldwireError.

    Attributes
    ----------
    settings : Settings
    url : str
        The server's address without credentials.
    clock : str
        The time in the head of the server's last answer, in UTC: ``2026-11-22T23:29:12Z``. A proxy may have set it.
    """

    def __init__(self, to: Settings) -> None:
        self.settings = to
        self.url = to.url
        self.clock = ""
        self._last: httpx.Response | None = None
        self._sdk: Any = None

    def json(self, what: str, ask: Callable[[Any], Any], *, again: bool = False) -> Any:
        """Call the SDK and return the server's JSON itself."""

        def read(sdk: Any) -> Any:
            ask(sdk)
            return self._last.json() if self._last is not None else None

        return self.call(what, read, again=again)

    def request(
        self,
        what: str,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        content: bytes | None = None,
        seconds: float = connection.ANSWER_SECONDS,
        again: bool = False,
    ) -> bytes:
        """Ask for a path such as ``api/tasks`` with the SDK's sign-in alone, and return the body of the answer.

        For what the SDK's own models would take longer to read or write than the server to make. A GET is repeated
        when it fails.
        """
        from label_studio_sdk.core.api_error import ApiError

        def ask(sdk: Any) -> bytes:
            response = sdk._client_wrapper.httpx_client.request(
                path,
                method=method,
                params=dict(params or {}),
                content=content,
                headers={"Content-Type": "application/json"} if content is not None else None,
                request_options={"timeout_in_seconds": seconds},
            )
            if response.status_code >= 400:
                raise ApiError(status_code=response.status_code, headers=dict(response.headers), body=_body(response))
            return bytes(response.content)

        return self.call(what, ask, again=again or method == "GET")

    def call(self, what: str, ask: Callable[[Any], T], *, again: bool = False) -> T:
        """Call the SDK with `ask`; "cannot {what}" begins the message when that fails.

        Parameters
        ----------
        again : bool
            It does no harm to ask twice, so a failure is not taken for the last word. After "too many requests"
            everything is asked again, since that did nothing.
        """
        for wait in (*_WAITS, None):
            try:
                return self._once(what, ask)
            except _TooOftenError as refusal:
                if wait is None or refusal.seconds > _LONGEST:
                    raise refusal.error from None
                time.sleep(max(wait, refusal.seconds))
            except (ServerFailedError, UnreachableError) as error:
                if not again or wait is None or (isinstance(error, UnreachableError) and self._last is None):
                    raise  # what never answered is not there
                time.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def stream(self, what: str, ask: Callable[[Any], Iterator[bytes]]) -> Iterator[bytes]:
        """Yield the pieces of a long answer while they arrive. It is asked for once: half of it may be used."""
        try:
            with self._meaning(what):
                yield from self._signed_in(lambda sdk: _begun(ask(sdk)))
        except _TooOftenError as refusal:
            raise refusal.error from None

    def _once(self, what: str, ask: Callable[[Any], T]) -> T:
        with self._meaning(what):
            return self._signed_in(ask)

    def _signed_in(self, ask: Callable[[Any], T]) -> T:
        """A token can end between the SDK's look at the clock and the server's. Such a refusal did nothing."""
        from label_studio_sdk.core.api_error import ApiError

        self._sdk = self._sdk or self._connected()
        try:
            return ask(self._sdk)
        except ApiError as error:
            if error.status_code != 401:
                raise
        self._sdk = self._connected()
        return ask(self._sdk)

    @contextmanager
    def _meaning(self, what: str) -> Iterator[None]:
        """Turn what the SDK and the HTTP client raise into our errors."""
        import httpx
        from label_studio_sdk.core.api_error import ApiError

        try:
            yield
        except ApiError as error:
            problem = translated(self.url, what, error.status_code, error.body, self.settings.api_key)
            if error.status_code == 429:
                raise _TooOftenError(problem, _seconds(error.headers)) from None
            raise problem from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError) as error:
            raise connection.failure(self.settings, what, error) from None

    def _connected(self) -> Any:
        from label_studio_sdk import LabelStudio

        return LabelStudio(
            base_url=self.settings.address,
            api_key=self.settings.api_key,
            httpx_client=connection.http_client(self.settings, self._note),
            max_retries=0,
        )

    def _note(self, response: "httpx.Response") -> None:
        self._last = response
        if date := connection.server_date(response):
            self.clock = date.strftime("%Y-%m-%dT%H:%M:%SZ")


def _begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Wait for the first piece: before it comes what the server has against the request."""
    return chain([next(pieces, b"")], pieces)


class _TooOftenError(Exception):
    """The server refused for being asked too often, and may have said for how many seconds to wait."""

    def __init__(self, error: GoldwireError, seconds: float) -> None:
        super().__init__()
        self.error = error
        self.seconds = seconds


def _seconds(headers: Mapping[str, str] | None) -> float:
    value = {name.lower(): value for name, value in (headers or {}).items()}.get("retry-after", "")
    return float(value) if value.isdigit() else 0.0  # it may be a date as well: then we wait as long as we like


def _body(response: "httpx.Response") -> Any:
    try:
        return response.json()
    except ValueError:
        return response.text
