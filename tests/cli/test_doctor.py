"""What doctor finds, and that no secret is told by whatever fails."""

import logging
import re
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from os import environ
from pathlib import Path
from urllib.parse import urlsplit

import jwt
import pytest
import requests

from certificate import self_signed
from goldwire import studio, template
from goldwire.cli.checkup import checkup
from goldwire.errors import GoldwireError
from goldwire.files import write_text
from goldwire.labels import rounds
from goldwire.labels.exchange import pull_round, push_round
from goldwire.labels.rounds import Round
from goldwire.labels.server import connect
from goldwire.studio.accounts import sign_up
from goldwire.study import find
from proxy import Fault, Proxy

server = pytest.mark.server
pytestmark = pytest.mark.filterwarnings("ignore:The `parse_obj` method")  # in the SDK, when it reads an access token

SECRET = "not the server's secret, of 32 bytes and more"
PASSWORD = "pa55word-of-the-proxy"
LEGACY = "0123456789abcdef" * 2 + "01234567"
CONFIG = '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="x"/></Choices></View>'
BY_COMMAND = {"forged", "407"}

Set = Callable[[str, str], None]


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return template.create(tmp_path / "study").root


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch) -> Set:
    def put(url: str, key: str) -> None:
        monkeypatch.setenv("LABEL_STUDIO_URL", url)
        monkeypatch.setenv("LABEL_STUDIO_API_KEY", key)

    return put


@pytest.fixture(scope="module")
def personal(label_studio: studio.Server) -> str:
    headers = {"Authorization": f"Token {sign_up(label_studio, 'emil@example.org', 'a-long-password-7')}"}
    return str(requests.post(f"{label_studio.url}/api/token", headers=headers, timeout=60).json()["token"])


def found(root: Path, *, verify: bool = True) -> dict[str, tuple[str, str]]:
    """State and detail of each check on the server."""
    findings = checkup(root, verify=verify)[4:]
    return {finding["check"]: (finding["state"], finding["detail"]) for finding in findings}


def failed(findings: dict[str, tuple[str, str]]) -> dict[str, str]:
    return {check: detail for check, (state, detail) in findings.items() if state == "failed"}


# without a server


def test_without_an_address_only_the_files_are_looked_through(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(root) == {
        "Label Studio": ("not applicable", "because LABEL_STUDIO_URL is not set"),
        "key in files": ("not applicable", "because LABEL_STUDIO_API_KEY holds no key to look for"),
    }
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", LEGACY)
    assert found(root)["key in files"] == ("ok", "in none")


def test_what_is_not_reached_leaves_the_rest_without_a_verdict(root: Path, variables: Set) -> None:
    variables("http://127.0.0.1:1/labels", LEGACY)
    nothing = ("not applicable", "because the server is not reached")
    assert found(root) == {
        "LABEL_STUDIO_URL": ("ok", "http://127.0.0.1:1/labels"),
        "LABEL_STUDIO_API_KEY": ("ok", "a legacy token"),
        "proxy": ("not applicable", "because the server is on this machine"),
        "connection": (
            "failed",
            "http://127.0.0.1:1/labels: Label Studio does not answer (the connection is refused). Start it, or mend "
            "LABEL_STUDIO_URL. To try goldwire on a local one: goldwire studio up",
        ),
        "certificate": nothing,
        "Label Studio": nothing,
        "sign-in": nothing,
        "administrator": nothing,
        "server clock": nothing,
        "projects": nothing,
        "key in files": ("ok", "in none"),
    }


@pytest.mark.parametrize(
    ("url", "key", "check", "detail"),
    [
        ("localhost:8080", LEGACY, "LABEL_STUDIO_URL", "LABEL_STUDIO_URL is not an address of a server."),
        (
            "http://me:secret@h",
            LEGACY,
            "LABEL_STUDIO_URL",
            "http://h: LABEL_STUDIO_URL has a name or password in it,",
        ),
        ("http://127.0.0.1:1", " ", "LABEL_STUDIO_API_KEY", "LABEL_STUDIO_API_KEY is not set."),
        (
            "http://127.0.0.1:1",
            "not,a,key",
            "LABEL_STUDIO_API_KEY",
            "LABEL_STUDIO_API_KEY is not a key of Label Studio:",
        ),
        (
            "http://127.0.0.1:1",
            jwt.encode({"token_type": "refresh", "exp": 1577836800}, SECRET, "HS256"),
            "LABEL_STUDIO_API_KEY",
            "the personal access token in LABEL_STUDIO_API_KEY has expired on 2020-01-01.",
        ),
        (
            "http://127.0.0.1:1",
            jwt.encode({"token_type": "access", "exp": 4102444800}, SECRET, "HS256"),
            "LABEL_STUDIO_API_KEY",
            "LABEL_STUDIO_API_KEY is an access token, which ends after five minutes.",
        ),
    ],
)
def test_a_variable_that_cannot_work_is_told(
    root: Path, variables: Set, url: str, key: str, check: str, detail: str
) -> None:
    variables(url, key)
    said = failed(found(root))
    assert said[check].startswith(detail)
    assert set(said) - {"connection"} == {check}
    assert not [text for text in said.values() if "secret" in text or (key.strip() and key in text)]


def test_a_proxy_and_a_name_that_are_not_there_are_told(
    root: Path, variables: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables("http://labels.invalid", LEGACY)
    assert list(failed(found(root))) == ["connection"]
    assert "the name of the host is not known" in found(root)["connection"][1]
    monkeypatch.setenv("HTTP_PROXY", f"http://me:{PASSWORD}@127.0.0.1:1")
    said = failed(found(root))
    assert list(said) == ["proxy"]
    assert said["proxy"].startswith(
        "http://labels.invalid: the proxy 127.0.0.1:1, which HTTP_PROXY names, does not answer"
    )
    assert PASSWORD not in said["proxy"]
    monkeypatch.setenv("NO_PROXY", "labels.invalid")
    assert found(root)["proxy"] == ("not applicable", "because NO_PROXY names the server")


# files


def test_the_key_in_a_file_is_told_by_file_and_line(root: Path, variables: Set) -> None:
    variables("http://127.0.0.1:1", LEGACY)
    write_text(root / "notes" / "setup.md", f"One\ntwo\nkey = {LEGACY}\n")
    write_text(root / ".env", f"LABEL_STUDIO_API_KEY={LEGACY}\n")
    (root / "notes" / "binary").write_bytes(b"\0" + LEGACY.encode())
    # over the border of two pieces, on a line that is longer than one
    (root / "notes" / "long.txt").write_bytes(b"\n" + b"x" * ((1 << 20) - 20) + LEGACY.encode())
    state, detail = found(root)["key in files"]
    assert state == "failed"
    assert detail.startswith("the key stands in notes/long.txt:2, notes/setup.md:3. Take it out, revoke it")
    assert LEGACY not in detail

    for command in (["init", "--quiet"], ["add", "notes/setup.md"]):
        subprocess.run(["git", *command], cwd=root, check=True, capture_output=True)
    with (root / ".gitignore").open("a", encoding="utf-8") as ignored:
        ignored.write("/notes/\n/.env\n")
    assert found(root)["key in files"][1].startswith("the key stands in notes/setup.md:3. ")


def test_annotators_csv_must_be_ignored_by_git_whatever_the_rule_looks_like(root: Path) -> None:
    def private() -> tuple[str, str]:
        finding = checkup(root)[2]
        return finding["state"], finding["detail"]

    path = root / "labels" / "annotators.csv"
    assert private() == ("not applicable", "because there is none")
    write_text(path, "email,pseudonym\n")
    assert private() == ("ok", "ignored by git")
    (root / ".gitignore").write_text("# labels/annotators.csv\n", encoding="utf-8")
    assert private()[0] == "failed"
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    (root / ".gitignore").write_text("*.csv\n", encoding="utf-8")
    assert private() == ("ok", "ignored by git")
    (root / ".gitignore").write_text("*.csv\n!/labels/annotators.csv\n", encoding="utf-8")
    assert private()[1].startswith(f"{path}: e-mail addresses are not ignored by git.")
    subprocess.run(["git", "add", "labels/annotators.csv"], cwd=root, check=True)
    (root / ".gitignore").write_text("*.csv\n", encoding="utf-8")
    assert private()[1].startswith(f"{path}: e-mail addresses are tracked by git.")


# with a server


@server
def test_all_is_well(label_studio: studio.Server, personal: str, root: Path, variables: Set, tmp_path: Path) -> None:
    round_ = Round(round="pilot", scheme="s", scheme_version="1.0.0", scheme_hash="0123456789abcdef")
    rounds.write(root / "labels" / "rounds" / "pilot", round_)
    admin = connect(label_studio.url, label_studio.api_key)
    admin.create_project("Pilot", CONFIG, f"A test\n\n{round_.marker()} (the mark)")
    number, _ = connect(label_studio.url, personal).whoami()
    with Proxy(label_studio.url, prefix="/labels/", certificate=self_signed(tmp_path), clock=-3600) as proxy:
        variables(proxy.url, personal)
        findings = found(root, verify=False)
    projects = admin.call("count", lambda sdk: len(list(sdk.projects.list())))
    ends = jwt.decode(personal, options={"verify_signature": False})["exp"]
    assert ends > 8 * 10**9
    assert findings.pop("LABEL_STUDIO_API_KEY")[1].startswith("a personal access token, valid until 22")
    assert findings == {
        "LABEL_STUDIO_URL": ("ok", proxy.url.rstrip("/")),
        "proxy": ("not applicable", "because the server is on this machine"),
        "connection": ("ok", "something answers"),
        "certificate": ("not applicable", "because of --insecure: any certificate would do"),
        "Label Studio": ("ok", "version 1.23.2"),
        "sign-in": ("ok", f"as user {number}"),
        "administrator": ("ok", f"may create projects and sees {len(admin.members())} members"),
        "server clock": ("ok", "60 minutes behind ours, which does no harm: pulls go by the server's clock"),
        "projects": ("ok", f"{projects}, of which 1 of rounds of this study"),
        "key in files": ("ok", "in none"),
    }


@server
def test_the_address_of_a_page_says_where_the_server_is(
    label_studio: studio.Server, root: Path, variables: Set
) -> None:
    with Proxy(label_studio.url, prefix="/labels/") as proxy:
        variables(f"{proxy.url}projects/", label_studio.api_key)
        said = failed(found(root))
        assert said == {
            "Label Studio": f"{proxy.url}projects: what answers there is not Label Studio. "
            f"Set LABEL_STUDIO_URL to {proxy.url}"
        }


@server
def test_a_certificate_and_a_key_that_are_refused_are_told(
    label_studio: studio.Server, root: Path, variables: Set, tmp_path: Path
) -> None:
    with Proxy(label_studio.url, certificate=self_signed(tmp_path)) as proxy:
        variables(proxy.url, LEGACY)
        said = found(root)
        assert list(failed(said)) == ["certificate"]
        assert said["connection"] == ("ok", "something answers")
        assert said["sign-in"] == ("not applicable", "because the server is not reached")
        said = found(root, verify=False)
        assert list(failed(said)) == ["sign-in"]
        assert "Label Studio refuses the API key" in said["sign-in"][1]
        assert said["projects"] == ("not applicable", "because nobody is signed in")


@server
def test_a_forward_proxy_is_named_or_asked_for_its_password(
    label_studio: studio.Server, root: Path, variables: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables("http://labels.example", label_studio.api_key)
    with Proxy(label_studio.url, forward=True, login=f"me:{PASSWORD}") as proxy:
        host = proxy.url.removeprefix("http://").rstrip("/")
        monkeypatch.setenv("HTTP_PROXY", f"http://me:{PASSWORD}@{host}")
        said = found(root)
        assert failed(said) == {}
        assert said["proxy"] == ("ok", f"{host}, from HTTP_PROXY")
        assert said["certificate"][1].endswith("begins with http, so that others could read key and answers")
        monkeypatch.setenv("HTTP_PROXY", f"http://{host}")
        assert list(failed(found(root))) == ["proxy"]


# secrets


def failures(label_studio: studio.Server, personal: str) -> dict[str, tuple[str, dict[str, str], dict[str, str]]]:
    """Name -> (key, the reverse proxy's options by name, further variables)."""
    access = requests.post(f"{label_studio.url}/api/token/refresh/", json={"refresh": personal}, timeout=60).json()
    expired = jwt.encode({"token_type": "refresh", "exp": 1577836800, "jti": "a" * 32}, SECRET, "HS256")
    forged = jwt.encode({"token_type": "refresh", "exp": 4102444800, "jti": "b" * 32}, SECRET, "HS256")
    there = f"http://me:{PASSWORD}@"
    away = {"LABEL_STUDIO_URL": "http://labels.example"}
    return {
        "wrong legacy token": (LEGACY, {}, {}),
        "blanks": (f"Token {LEGACY}", {}, {}),
        "two lines": (f"{LEGACY}\nX: y", {}, {}),
        "expired": (expired, {}, {}),
        "forged": (forged, {}, {}),
        "access token": (access["access"], {}, {}),
        "name in address": (personal, {}, {"LABEL_STUDIO_URL": there + "127.0.0.1:1"}),
        "bad address": (personal, {}, {"LABEL_STUDIO_URL": there + "[::1"}),
        "bad port": (personal, {}, {"LABEL_STUDIO_URL": there + "h:port"}),
        "self-signed": (personal, {"tls": "yes"}, {}),
        "no proxy there": (
            personal,
            {},
            {**away, "HTTP_PROXY": there + "127.0.0.1:1"},
        ),
        "bad proxy": (personal, {}, {**away, "ALL_PROXY": f"ftp://me:{PASSWORD}@p"}),
        "407": (
            personal,
            {"login": "other:login"},
            {**away, "HTTP_PROXY": "{there}"},
        ),
        "reset": (personal, {"fault": "reset-after"}, {}),
        "half": (personal, {"fault": "half"}, {}),
        "504": (personal, {"fault": "timeout-after"}, {}),
        "another path": (personal, {"prefix": "/labels/"}, {"LABEL_STUDIO_URL": "{url}elsewhere/"}),
    }


@server
def test_no_failure_tells_a_secret(
    label_studio: studio.Server,
    personal: str,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    write_text(tmp_path / "articles.jsonl", '{"id": "one", "text": "Torr met the envoy of Torr."}\n')
    clean = {k: v for k, v in environ.items() if not k.startswith("LABEL_STUDIO")}

    def goldwire(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "goldwire", *arguments]
        given = {**clean, "GOLDWIRE_DEBUG": "1", **variables}
        return subprocess.run(command, cwd=root, env=given, capture_output=True, text=True, check=False, timeout=120)

    for made in (
        goldwire("corpus", "import", "../articles.jsonl"),
        goldwire("labels", "tasks", "events", "--scheme", "event-plover"),
    ):
        assert made.returncode == 0, made.stderr
    certificate = self_signed(tmp_path)
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(time, "sleep", lambda _: None)  # between attempts
    for name, (key, options, more) in failures(label_studio, personal).items():
        fault = Fault(options["fault"]) if "fault" in options else None  # type: ignore[arg-type]
        with Proxy(
            label_studio.url,
            certificate=certificate if "tls" in options else None,
            prefix=options.get("prefix", "/"),
            login=options.get("login"),
            forward="login" in options,
            decide=lambda _number, _method, _path, fault=fault: fault,  # type: ignore[misc]
        ) as proxy:
            address = urlsplit(proxy.url)
            given = {"LABEL_STUDIO_URL": proxy.url, "LABEL_STUDIO_API_KEY": key}
            for variable, value in more.items():
                root_url = f"{address.scheme}://{address.netloc}/"
                given[variable] = value.format(url=root_url, there=f"http://me:{PASSWORD}@{address.netloc}")
            said = []
            with monkeypatch.context() as patch:
                for variable, value in given.items():
                    patch.setenv(variable, value)
                for act in (push_round, pull_round):
                    with pytest.raises(GoldwireError) as caught:
                        act(find(root), "events", client=connect())
                    said.append("".join(traceback.format_exception(caught.value)))
                findings = checkup(root)
                assert [finding for finding in findings if finding["state"] == "failed"], name
                said += [str(findings), *(record.getMessage() for record in caplog.records)]
            if name in BY_COMMAND:
                for arguments in (["doctor"], ["labels", "pull", "events"]):
                    run = goldwire(*arguments, **given)
                    assert re.search(r"^goldwire\.\S*rrors\.\w+Error: ", run.stderr, re.MULTILINE), run.stderr
                    said += [run.stdout, run.stderr]
        files = {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}
        pieces = [piece for piece in re.split(r"[\s.]", key) if len(piece) > 8]
        for secret in (PASSWORD, *pieces, *personal.split(".")[1:]):
            assert [text for text in said if secret in text] == [], name
            assert [path for path, content in files.items() if secret.encode() in content] == [], name
        # an exception of the HTTP client in the chain could tell a header
        assert [text for text in said if "During handling of the above exception" in text] == [], name
        caplog.clear()
