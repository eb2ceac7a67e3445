"""What can be said of a server without one: addresses, keys, proxies, refusals."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import jwt
import pytest

from goldwire.errors import GoldwireError
from goldwire.labels.server import connect
from goldwire.labels.server import key as server_key
from goldwire.labels.server import proxy as server_proxy
from goldwire.labels.server.errors import KeyRefusedError, ServerFailedError, UnreachableError, translated
from goldwire.labels.server.proxy import proxy_of
from goldwire.labels.server.settings import settings

LEGACY = "0123456789abcdef" * 2 + "01234567"
SECRET = "not the server's secret, of 32 bytes and more"
IN_2100 = 4102444800
PERSONAL = jwt.encode({"token_type": "refresh", "exp": IN_2100, "jti": "x"}, SECRET, "HS256")
ACCESS = jwt.encode({"token_type": "access", "exp": IN_2100}, SECRET, "HS256")
EXPIRED = jwt.encode({"token_type": "refresh", "exp": 1577836800}, SECRET, "HS256")


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_a_missing_variable_is_named() -> None:
    with pytest.raises(GoldwireError, match="LABEL_STUDIO_URL is not set"):
        connect(api_key="k")
    with pytest.raises(GoldwireError, match="LABEL_STUDIO_API_KEY is not set"):
        connect("http://127.0.0.1:1")


def test_variables_are_read_when_connecting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABEL_STUDIO_URL", "http://127.0.0.1:1/")
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", LEGACY)
    with pytest.raises(UnreachableError) as caught:
        connect()
    assert str(caught.value) == "http://127.0.0.1:1: Label Studio does not answer (the connection is refused)"
    assert caught.value.hint is not None
    assert "goldwire studio up" in caught.value.hint


@pytest.mark.parametrize(
    "url",
    ["localhost:8080", "ftp://example.org", "http://", "http://[::1", "no address", "http://h:99999", "http://h:x"],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(GoldwireError, match="LABEL_STUDIO_URL is not an address of a server"):
        connect(url, LEGACY)


@pytest.mark.parametrize(
    ("url", "message", "hint"),
    [
        (
            "http://user:secret@127.0.0.1:1/studio/",
            "http://127.0.0.1:1/studio: LABEL_STUDIO_URL has a name or password in it, "
            "which would be sent in place of the API key",
            "Set it to http://127.0.0.1:1/studio",
        ),
        (
            "http://127.0.0.1:1/projects/3/data?token=secret",
            'http://127.0.0.1:1/projects/3/data: LABEL_STUDIO_URL goes on with "?" or "#", '
            "so it is the address of a page",
            "Set it to the address of the server alone, such as http://localhost:8080",
        ),
    ],
)
def test_what_is_too_much_in_an_address_is_said_and_not_repeated(url: str, message: str, hint: str) -> None:
    with pytest.raises(UnreachableError) as caught:
        connect(url, LEGACY)
    assert (str(caught.value), caught.value.hint) == (message, hint)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("http://localhost:8080", "http://localhost:8080/"),
        (" https://h/labels ", "https://h/labels/"),
        ("https://h/labels//", "https://h/labels/"),
    ],
)
def test_an_address_ends_in_a_slash_and_the_key_is_not_shown(given: str, address: str) -> None:
    found = settings(given, LEGACY, verify=False)
    assert repr(found) == f"Settings(address={address!r}, verify=False)"
    assert found.url == address.rstrip("/")


# keys


@pytest.mark.parametrize(
    ("key", "described", "fault"),
    [
        (LEGACY, "a legacy token", None),
        ("a.b.c", "a legacy token", None),
        (PERSONAL, "a personal access token, valid until 2100-01-01", None),
        (jwt.encode({"exp": 10**18}, SECRET, "HS256"), "a personal access token", None),
        (
            ACCESS,
            "a personal access token, valid until 2100-01-01",
            "LABEL_STUDIO_API_KEY is an access token, which ends after five minutes",
        ),
        (
            EXPIRED,
            "a personal access token, valid until 2020-01-01",
            "the personal access token in LABEL_STUDIO_API_KEY has expired on 2020-01-01",
        ),
        (
            PERSONAL.rpartition(".")[0],
            "a personal access token, valid until 2100-01-01",
            "LABEL_STUDIO_API_KEY is a personal access token without its last part",
        ),
    ],
)
def test_a_key_says_what_it_is(key: str, described: str, fault: str | None) -> None:
    found = server_key.read(key)
    assert server_key.described(found) == described
    assert (server_key.fault(found) or (None,))[0] == fault


@pytest.mark.parametrize("key", ["not a token", "clé", '"quoted"', "Token " + LEGACY, "two\nlines"])
def test_what_can_be_no_key_is_never_sent(key: str) -> None:
    with pytest.raises(KeyRefusedError) as caught:
        settings("http://s", key)
    assert str(caught.value) == (
        "LABEL_STUDIO_API_KEY is not a key of Label Studio: it has characters that no key has"
    )


@pytest.mark.parametrize(
    ("key", "detail", "message"),
    [
        (LEGACY, "Invalid token.", "Label Studio refuses the API key"),
        (
            LEGACY,
            "Authentication token no longer valid: "
            "legacy token authentication has been disabled for this organization",
            "LABEL_STUDIO_API_KEY is a legacy token, and the server refuses those",
        ),
        (PERSONAL, "Token is invalid", "Label Studio refuses the API key"),
        (PERSONAL, "Token is blacklisted", "the personal access token in LABEL_STUDIO_API_KEY was revoked"),
        (
            PERSONAL,
            "Authentication credentials were not provided.",
            "LABEL_STUDIO_API_KEY is a personal access token, and the server refuses those",
        ),
        (ACCESS, "Token has wrong type", "LABEL_STUDIO_API_KEY is an access token, which ends after five minutes"),
    ],
)
def test_a_refused_key_says_why(key: str, detail: str, message: str) -> None:
    error = translated("http://s", "do it", 401, {"detail": detail}, key)
    assert str(error) == f"http://s: {message}"
    assert error.hint


# proxies


@pytest.mark.parametrize(
    ("address", "variables", "found"),
    [
        ("http://h/", {}, None),
        ("http://h/", {"HTTP_PROXY": "p:3128"}, ("http://p:3128", "p:3128", "HTTP_PROXY")),
        ("http://h/", {"https_proxy": "http://p:3128"}, None),
        ("https://h/", {"https_proxy": "http://a:b@p:1", "ALL_PROXY": "q"}, ("http://a:b@p:1", "p:1", "https_proxy")),
        ("https://h/", {"ALL_PROXY": "http://q:2"}, ("http://q:2", "q:2", "ALL_PROXY")),
        ("http://localhost:8080/", {"HTTP_PROXY": "p"}, None),
        ("http://127.8.0.1/", {"ALL_PROXY": "p"}, None),
        ("http://[::1]:80/", {"ALL_PROXY": "p"}, None),
        ("http://a.example.org/", {"HTTP_PROXY": "p", "NO_PROXY": "example.org"}, None),
        ("http://a.example.org/", {"HTTP_PROXY": "p", "NO_PROXY": "x, .example.org"}, None),
        ("http://a.example.org/", {"HTTP_PROXY": "p", "NO_PROXY": "*"}, None),
        ("http://h:8080/", {"HTTP_PROXY": "p", "NO_PROXY": "h:8080"}, None),
        ("http://10.1.2.3/", {"HTTP_PROXY": "p", "NO_PROXY": "10.0.0.0/8"}, None),
        ("http://anexample.org/", {"HTTP_PROXY": "p", "NO_PROXY": "example.org"}, ("http://p", "p", "HTTP_PROXY")),
        ("http://h/", {"HTTP_PROXY": "p", "NO_PROXY": "h:8080, ,"}, ("http://p", "p", "HTTP_PROXY")),
    ],
)
def test_the_proxy_is_the_one_of_the_environment(
    address: str, variables: dict[str, str], found: tuple[str, str, str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    proxy = proxy_of(address)
    assert (proxy and (proxy.url, proxy.host, proxy.variable)) == found
    assert ":b@" not in repr(proxy)


@pytest.mark.parametrize("value", ["ftp://me:secret@p", "http://", "http://[::1", "http://me:secret@p:x"])
def test_a_proxy_that_is_none_names_its_variable_alone(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", value)
    with pytest.raises(UnreachableError) as caught:
        connect("http://labels.example", LEGACY)
    assert str(caught.value) == "http://labels.example: HTTP_PROXY is not the address of a proxy"


def test_a_proxy_that_is_not_there_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:secret@127.0.0.1:1")
    with pytest.raises(UnreachableError) as caught:
        connect("https://labels.example", LEGACY)
    assert caught.value.place == "proxy"
    assert str(caught.value) == (
        "https://labels.example: the proxy 127.0.0.1:1, which HTTPS_PROXY names, "
        "does not answer (the connection is refused)"
    )


def test_a_socks_proxy_without_its_package_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://me:secret@p:1080")
    monkeypatch.setattr(server_proxy, "_speaks_socks", lambda: False)
    with pytest.raises(UnreachableError) as caught:
        connect("http://labels.example", LEGACY)
    assert str(caught.value) == (
        "http://labels.example: ALL_PROXY names a SOCKS proxy, p:1080, for which a package is missing"
    )


def test_a_file_of_certificates_that_is_none_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for content in (None, "no certificate"):
        if content is not None:
            (tmp_path / "ca.pem").write_text(content, encoding="utf-8")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
        with pytest.raises(UnreachableError) as caught:
            connect("https://127.0.0.1:1", LEGACY)
        assert str(caught.value) == f"{tmp_path / 'ca.pem'}: REQUESTS_CA_BUNDLE names no file of certificates"


# refusals


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
    assert isinstance(translated("http://s", "do it", 429, "<html>"), ServerFailedError)


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
        connect(f"{elsewhere}/moved/", LEGACY)
    assert str(caught.value) == f"{elsewhere}/moved: LABEL_STUDIO_URL leads on to https://label.example.org/"


def test_a_server_that_is_no_label_studio_is_told(elsewhere: str) -> None:
    with pytest.raises(GoldwireError) as caught:
        connect(elsewhere, LEGACY)
    assert str(caught.value) == f"{elsewhere}: cannot ask who we are: the answer is not Label Studio's"
