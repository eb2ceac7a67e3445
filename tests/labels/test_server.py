"""What can be said of a server without one."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from goldwire.errors import GoldwireError
from goldwire.labels.server import connect
from goldwire.labels.server_errors import ServerFailedError, translated


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LABEL_STUDIO_URL", raising=False)
    monkeypatch.delenv("LABEL_STUDIO_API_KEY", raising=False)


def test_a_missing_variable_is_named() -> None:
    with pytest.raises(GoldwireError, match="LABEL_STUDIO_URL is not set"):
        connect(api_key="k")
    with pytest.raises(GoldwireError, match="LABEL_STUDIO_API_KEY is not set"):
        connect("http://127.0.0.1:1")


def test_variables_are_read_when_connecting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABEL_STUDIO_URL", "http://127.0.0.1:1/")
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "0" * 40)
    with pytest.raises(GoldwireError) as caught:
        connect()
    assert str(caught.value) == "http://127.0.0.1:1: Label Studio does not answer"
    assert caught.value.hint is not None
    assert "goldwire studio up" in caught.value.hint


@pytest.mark.parametrize("url", ["localhost:8080", "ftp://example.org", "http://", "http://[::1", "no address"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(GoldwireError, match="LABEL_STUDIO_URL is not an address of a server"):
        connect(url, "0" * 40)


def test_credentials_in_the_address_are_not_repeated() -> None:
    with pytest.raises(GoldwireError) as caught:
        connect("http://user:secret@127.0.0.1:1/studio/", "0" * 40)
    assert caught.value.where == "http://127.0.0.1:1/studio"


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (401, {"detail": "x"}, "Label Studio refuses the API key"),
        (403, {"detail": "x"}, "this account may not do it"),
        (404, "<html>", "cannot do it: it is not there"),
        (
            400,
            {"detail": "Validation error", "validation_errors": {"title": ["Too short."]}},
            "cannot do it: title: Too short.",
        ),
        (413, "x" * 400, "cannot do it: " + "x" * 299 + "…"),
        (400, None, "cannot do it: no reason given"),
        (200, "<html>", "cannot do it: the answer is not Label Studio's"),
        (None, None, "cannot do it: the answer is not Label Studio's"),
    ],
)
def test_a_refusal_says_what_was_refused(status: int | None, body: object, message: str) -> None:
    error = translated("http://s", "do it", status, body)
    assert str(error) == f"http://s: {message}"
    assert not isinstance(error, ServerFailedError)


def test_a_failing_server_is_told_from_a_refusal() -> None:
    error = translated("http://s", "do it", 502, "<html>")
    assert isinstance(error, ServerFailedError)
    assert str(error) == "http://s: cannot do it: the server failed (502)"


class Elsewhere(BaseHTTPRequestHandler):
    """A web server that is no Label Studio: it sends /moved/ on, and answers everything else with a page."""

    def do_GET(self) -> None:
        moved = self.path.startswith("/moved/")
        self.send_response(301 if moved else 200)
        self.send_header(
            *(("Location", "https://label.example.org/?t=1") if moved else ("Content-Type", "text/html"))
        )
        self.end_headers()
        self.wfile.write(b"" if moved else b"<html>Welcome</html>")

    def log_message(self, format: str, *args: object) -> None:  # the base's own name
        """Say nothing."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_an_address_that_leads_on_says_where_to(elsewhere: str) -> None:
    with pytest.raises(GoldwireError) as caught:
        connect(f"{elsewhere}/moved/", "0" * 40)
    assert str(caught.value) == f"{elsewhere}/moved: LABEL_STUDIO_URL leads on to https://label.example.org/"


def test_a_server_that_is_no_label_studio_is_told(elsewhere: str) -> None:
    with pytest.raises(GoldwireError) as caught:
        connect(elsewhere, "0" * 40)
    assert str(caught.value) == f"{elsewhere}: cannot ask who we are: the answer is not Label Studio's"
