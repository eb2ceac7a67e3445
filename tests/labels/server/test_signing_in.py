"""Signing in to a real Label Studio: both kinds of keys, a path, TLS, proxies. All of it through a real proxy."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import jwt
import pytest
import requests

from certificate import self_signed
from goldwire import studio
from goldwire.labels.server import Client, connect
from goldwire.labels.server.errors import KeyRefusedError, ServerFailedError, UnreachableError
from goldwire.studio.accounts import sign_up
from proxy import Fault, Proxy

pytestmark = [
    pytest.mark.server,
    pytest.mark.filterwarnings("ignore:The `parse_obj` method"),  # in the SDK, when it reads an access token
]

SECRET = "not the server's secret, of 32 bytes and more"
PASSWORD = "pa55word"
CONFIG = '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="x"/></Choices></View>'


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(scope="module")
def legacy(label_studio: studio.Server) -> str:
    return sign_up(label_studio, "carla@example.org", "a-long-password-7")


@pytest.fixture(scope="module")
def personal(label_studio: studio.Server, legacy: str) -> str:
    headers = {"Authorization": f"Token {legacy}"}
    made = requests.post(f"{label_studio.url}/api/token", headers=headers, timeout=60)
    return str(made.json()["token"])


@pytest.fixture(scope="module")
def me(label_studio: studio.Server, legacy: str) -> tuple[int, str]:
    return connect(label_studio.url, legacy).whoami()


@contextlib.contextmanager
def tokens_allowed(server: studio.Server, **allowed: bool) -> Iterator[None]:
    """Have the organisation allow one kind only; afterwards both, through the session of a signed-in browser."""
    url = f"{server.url}/api/jwt/settings"
    with requests.Session() as browser:
        page = f"{server.url}/user/login/"
        browser.get(page, timeout=60)
        form = {
            "email": server.email,
            "password": server.password,
            "csrfmiddlewaretoken": browser.cookies["csrftoken"],
        }
        browser.post(page, data=form, headers={"Referer": page}, timeout=60).raise_for_status()

        def allow(**values: bool) -> None:
            headers = {"X-CSRFToken": browser.cookies["csrftoken"], "Referer": page}
            browser.post(url, json=values, headers=headers, timeout=60).raise_for_status()

        allow(**{"api_tokens_enabled": True, "legacy_api_tokens_enabled": True, **allowed})
        try:
            yield
        finally:
            allow(api_tokens_enabled=True, legacy_api_tokens_enabled=True)


# keys


def test_both_kinds_of_keys_sign_in_below_a_path(
    label_studio: studio.Server, legacy: str, personal: str, me: tuple[int, str]
) -> None:
    with Proxy(label_studio.url, prefix="/labels/") as proxy:
        for address in (proxy.url, proxy.url.rstrip("/")):
            for key in (legacy, personal):
                client = connect(address, key)
                assert (client.whoami(), client.url) == (me, proxy.url.rstrip("/"))
        assert ("POST", "/labels/api/token/refresh/") in proxy.seen
        assert {path.split("/")[1] for _, path in proxy.seen} == {"labels"}


def test_a_refused_key_says_why(label_studio: studio.Server, legacy: str, personal: str) -> None:
    access = requests.post(f"{label_studio.url}/api/token/refresh/", json={"refresh": personal}, timeout=60).json()
    forged = jwt.encode({"token_type": "refresh", "exp": 4102444800, "jti": "0" * 32}, SECRET, "HS256")
    for key, message in {
        "0" * 40: "Label Studio refuses the API key",
        forged: "Label Studio refuses the API key",
        access["access"]: "LABEL_STUDIO_API_KEY is an access token, which ends after five minutes",
        personal.rpartition(".")[0]: "LABEL_STUDIO_API_KEY is a personal access token without its last part",
    }.items():
        with pytest.raises(KeyRefusedError) as caught:
            connect(label_studio.url, key)
        assert str(caught.value) == f"{label_studio.url}: {message}"


def test_a_kind_of_key_that_the_server_does_not_take_is_told(
    label_studio: studio.Server, legacy: str, personal: str
) -> None:
    with (
        tokens_allowed(label_studio, legacy_api_tokens_enabled=False),
        pytest.raises(KeyRefusedError, match="is a legacy token, and the server refuses those"),
    ):
        connect(label_studio.url, legacy)
    with (
        tokens_allowed(label_studio, api_tokens_enabled=False),
        pytest.raises(KeyRefusedError, match="is a personal access token, and the server refuses those"),
    ):
        connect(label_studio.url, personal)


def test_a_revoked_token_is_told(label_studio: studio.Server) -> None:
    headers = {"Authorization": f"Token {sign_up(label_studio, 'dora@example.org', 'a-long-password-7')}"}
    token = requests.post(f"{label_studio.url}/api/token", headers=headers, timeout=60).json()["token"]
    client = connect(label_studio.url, token)
    gone = requests.post(
        f"{label_studio.url}/api/token/blacklist", headers=headers, json={"refresh": token}, timeout=60
    )
    gone.raise_for_status()
    assert client.whoami()[1] == "dora@example.org"  # the access token that it made lives on
    with pytest.raises(KeyRefusedError, match="was revoked"):
        connect(label_studio.url, token)


@pytest.mark.parametrize("ends", [1577836800, 4102444800], ids=["by our clock too", "by the server's clock only"])
def test_a_pull_outlives_its_access_tokens(label_studio: studio.Server, personal: str, ends: int) -> None:
    admin = connect(label_studio.url, label_studio.api_key)
    number = admin.create_project("Outlived tokens", CONFIG, "none").id
    admin.import_tasks(number, [{"data": {"text": f"Task {n}"}} for n in range(5)])
    ended = jwt.encode({"exp": ends}, SECRET, "HS256")
    client: Client | None = None

    def end_token(count: int, method: str, path: str) -> Fault | None:
        """Between any two requests the token ends; refreshing it and the request after that are one."""
        if client is not None and client._sdk is not None and not path.endswith("/refresh/"):
            client._sdk._client_wrapper._tokens_client._set_access_token(ended)
        return None

    with Proxy(label_studio.url, decide=end_token) as proxy:
        client = connect(proxy.url, personal)
        proxy.seen.clear()
        assert list(client.tasks(number)) == list(admin.tasks(number))
        paths = [path for _, path in proxy.seen]
    refreshed = sum(path.endswith("/refresh/") for path in paths)
    exports = sum("/exports" in path for path in paths)
    assert exports >= 2  # it is made and fetched, and each of them began with a token that had ended
    assert refreshed >= 2
    listed = admin.json("list exports", lambda sdk: sdk.projects.exports.list(number))
    assert listed == []


# certificates


def test_a_certificate_that_signed_itself_is_told_and_two_ways_lead_out(
    label_studio: studio.Server, personal: str, me: tuple[int, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = self_signed(tmp_path)
    with Proxy(label_studio.url, prefix="/labels/", certificate=certificate) as proxy:
        with pytest.raises(UnreachableError) as caught:
            connect(proxy.url, personal)
        assert str(caught.value) == f"{proxy.url.rstrip('/')}: the server's certificate is signed by itself"
        assert caught.value.place == "certificate"
        assert "SSL_CERT_FILE" in str(caught.value.hint)
        assert "--insecure" in str(caught.value.hint)
        assert proxy.seen == []
        client = connect(proxy.url, personal, verify=False)
        ended = jwt.encode({"exp": 4102444800}, SECRET, "HS256")
        client.call("wait", lambda sdk: sdk._client_wrapper._tokens_client._set_access_token(ended))
        assert client.whoami() == me  # tokens are refreshed without the certificate too
        for variable in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
            monkeypatch.setenv(variable, str(certificate.file))
            assert connect(proxy.url, personal).whoami() == me
            monkeypatch.delenv(variable)


@pytest.mark.parametrize(
    ("host", "expired", "message"),
    [("127.0.0.1", True, "has expired"), ("labels.example", False, "is for another address")],
)
def test_a_certificate_of_another_time_or_host_is_told(
    label_studio: studio.Server,
    legacy: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    host: str,
    expired: bool,
    message: str,
) -> None:
    certificate = self_signed(tmp_path, host, expired=expired)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    with Proxy(label_studio.url, certificate=certificate) as proxy:
        with pytest.raises(UnreachableError) as caught:
            connect(proxy.url, legacy)
        assert str(caught.value) == f"{proxy.url.rstrip('/')}: the server's certificate {message}"
        assert "SSL_CERT_FILE" not in str(caught.value.hint)
        assert connect(proxy.url, legacy, verify=False).whoami()[1] == "carla@example.org"


def test_http_and_https_mixed_up_are_told(label_studio: studio.Server, legacy: str, tmp_path: Path) -> None:
    with pytest.raises(UnreachableError, match="what answers there does not speak TLS"):
        connect(label_studio.url.replace("http:", "https:"), legacy)
    with (
        Proxy(label_studio.url, certificate=self_signed(tmp_path)) as proxy,
        pytest.raises(ServerFailedError, match="the connection broke"),
    ):
        connect(proxy.url.replace("https:", "http:"), legacy)


# proxies


def test_an_http_proxy_is_used_and_may_ask_for_a_password(
    label_studio: studio.Server, personal: str, me: tuple[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Proxy(label_studio.url, forward=True, login=f"me:{PASSWORD}") as proxy:
        host = proxy.url.removeprefix("http://").rstrip("/")
        monkeypatch.setenv("HTTP_PROXY", f"http://me:{PASSWORD}@{host}")
        assert connect("http://labels.example", personal).whoami() == me
        assert ("POST", "/api/token/refresh/") in proxy.seen
        proxy.seen.clear()
        assert connect(label_studio.url, personal).whoami() == me
        assert proxy.seen == []  # our own machine is not asked for through a proxy

        monkeypatch.setenv("HTTP_PROXY", f"http://me:wrong-{PASSWORD}@{host}")
        with pytest.raises(UnreachableError) as caught:
            connect("http://labels.example", personal)
        assert str(caught.value) == (
            f"http://labels.example: the proxy {host} asks for a name and password that HTTP_PROXY does not give"
        )
        assert PASSWORD not in str(caught.value.hint)
        monkeypatch.setenv("NO_PROXY", "example")
        with pytest.raises(UnreachableError, match=r"does not answer \(the name of the host is not known\)"):
            connect("http://labels.example", personal)


def test_tls_goes_through_a_proxy(
    label_studio: studio.Server,
    personal: str,
    me: tuple[int, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    certificate = self_signed(tmp_path, "labels.example")
    with (
        Proxy(label_studio.url, certificate=certificate) as server,
        Proxy(server.url, forward=True, login=f"me:{PASSWORD}") as proxy,
    ):
        host = proxy.url.removeprefix("http://").rstrip("/")
        monkeypatch.setenv("HTTPS_PROXY", f"me:{PASSWORD}@{host}")
        with pytest.raises(UnreachableError, match="the server's certificate is signed by itself"):
            connect("https://labels.example", personal)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
        assert connect("https://labels.example", personal).whoami() == me
        assert set(proxy.seen) == {("CONNECT", "labels.example:443")}
        monkeypatch.setenv("HTTPS_PROXY", host)
        with pytest.raises(UnreachableError, match="asks for a name and password that HTTPS_PROXY does not give"):
            connect("https://labels.example", personal)
        server.seen.clear()
        proxy.upstream = "http://127.0.0.1:1"
        monkeypatch.setenv("HTTPS_PROXY", f"me:{PASSWORD}@{host}")
        with pytest.raises(UnreachableError, match=r"which HTTPS_PROXY names, does not lead there \(502\)"):
            connect("https://labels.example", personal)
        assert server.seen == []


# the test tree's own proxy


@pytest.mark.parametrize(
    ("fault", "found", "made"),
    [
        (Fault("drip", 0.2), None, 1),
        (Fault("reset-before"), "cannot create a project: the connection broke", 0),
        (Fault("reset-after"), "cannot create a project: the connection broke", 1),
        (Fault("half"), "cannot create a project: the connection broke", 1),
        (Fault("timeout-after"), "cannot create a project: the server failed (504)", 1),
        (Fault("too-many", 40), "cannot create a project: the server is asked too often (429)", 0),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else "",
)
def test_faults_are_what_they_say(label_studio: studio.Server, fault: Fault, found: str | None, made: int) -> None:
    def decide(_number: int, method: str, path: str) -> Fault | None:
        return fault if (method, path) == ("POST", "/api/projects/") else None

    mark = f"made with {fault.kind} {fault.seconds}"
    with Proxy(label_studio.url, decide=decide) as proxy:
        client = connect(proxy.url, label_studio.api_key)
        said = None
        try:
            client.create_project("Faults", CONFIG, mark)
        except ServerFailedError as error:
            said = error.message
        assert said == found
        assert [method for method, _ in proxy.seen].count("POST") == 1
        listed = client.call("list", lambda sdk: [p.description for p in sdk.projects.list(include="id,description")])
    assert listed.count(mark) == made


def test_the_date_of_answers_can_be_shifted(label_studio: studio.Server) -> None:
    with Proxy(label_studio.url, clock=3600) as proxy:
        clock = connect(proxy.url, label_studio.api_key).clock
    ahead = (datetime.fromisoformat(clock) - datetime.now(UTC)).total_seconds()
    assert 3500 < ahead < 3700


def test_large_bodies_pass_both_ways(label_studio: studio.Server) -> None:
    tasks = [{"data": {"text": f"{n} " + "é" * 100_000}} for n in range(30)]
    with Proxy(label_studio.url) as proxy:
        client = connect(proxy.url, label_studio.api_key)
        number = client.create_project("Large", CONFIG, "none").id
        assert len(client.import_tasks(number, tasks)) == 30
        assert [task["data"] for task in client.tasks(number)] == [task["data"] for task in tasks]
