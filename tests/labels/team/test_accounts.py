"""Accounts on a real Label Studio: who lacks one, the invitation, and making them."""

import csv
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import requests

from certificate import self_signed
from goldwire import studio
from goldwire.errors import GoldwireError
from goldwire.labels.server import Client, connect
from goldwire.labels.server.connection import http_client
from goldwire.labels.server.errors import ServerFailedError
from goldwire.labels.team import accounts, annotators
from goldwire.labels.team.accounts import Created
from goldwire.studio.accounts import sign_up
from proxy import Fault, Proxy

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def admin(label_studio: studio.Server) -> Client:
    return connect(label_studio.url, label_studio.api_key)


def factory(client: Client) -> accounts.HttpFactory:
    return lambda: http_client(client.settings, lambda _response: None)


def make(client: Client, known: dict[str, str], passwords: Path) -> Created:
    return accounts.create(client, known, passwords, factory(client))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def signs_in(server: studio.Server, email: str, password: str) -> bool:
    """Whether a person with a browser gets in."""
    with requests.Session() as browser:
        page = f"{server.url}/user/login/"
        browser.get(page, timeout=60)
        form = {"email": email, "password": password, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        return browser.post(page, data=form, headers={"Referer": page}, timeout=60, allow_redirects=False).is_redirect


def test_missing_accounts_are_made_and_others_left_alone(
    label_studio: studio.Server, admin: Client, tmp_path: Path
) -> None:
    sign_up(label_studio, "here-before@example.org", "a-long-password-7")
    known = {"made-1@example.org": "M1", "Here-Before@example.org": "H", "made-2@example.org": "M2"}
    assert accounts.missing(admin, known) == {"made-1@example.org": "M1", "made-2@example.org": "M2"}

    path = tmp_path / "passwords.csv"
    assert make(admin, known, path) == Created(["M1", "M2"], ["H"], path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    made = rows(path)
    assert [(row["pseudonym"], row["email"]) for row in made] == [
        ("M1", "made-1@example.org"),
        ("M2", "made-2@example.org"),
    ]
    assert len({row["password"] for row in made}) == 2
    assert all(len(row["password"]) == 20 and signs_in(label_studio, row["email"], row["password"]) for row in made)
    assert signs_in(label_studio, "here-before@example.org", "a-long-password-7")

    assert accounts.missing(admin, known) == {}
    other = tmp_path / "other.csv"
    assert make(admin, known, other) == Created([], ["M1", "H", "M2"], None)
    assert not other.exists()


def test_below_a_path_behind_tls_the_link_and_the_accounts_work(
    label_studio: studio.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    with Proxy(label_studio.url, prefix="/labels/") as proxy:
        client = connect(proxy.url, label_studio.api_key)
        link = accounts.invitation(client)
        assert link.startswith(f"{proxy.url}user/signup/?token=")
        path = tmp_path / "passwords.csv"
        assert make(client, {"below-a-path@example.org": "P"}, path).made == ["P"]
        assert signs_in(label_studio, "below-a-path@example.org", rows(path)[0]["password"])
        assert {seen.split("/")[1] for _, seen in proxy.seen} == {"labels"}


@pytest.mark.parametrize(
    ("url", "invite", "link"),
    [
        ("http://h", "/user/signup/?token=t", "http://h/user/signup/?token=t"),
        ("https://h:8/ls", "/user/signup/?token=t", "https://h:8/ls/user/signup/?token=t"),
        ("https://h:8/ls", "/ls/user/signup/?token=t", "https://h:8/ls/user/signup/?token=t"),
        ("https://h/a/b", "http://inside:9/user/signup/?token=t", "https://h/a/b/user/signup/?token=t"),
    ],
)
def test_the_link_has_the_address_that_people_use(url: str, invite: str, link: str) -> None:
    assert accounts._absolute(url, invite) == link


def test_an_address_that_the_server_refuses_stops_there_and_has_no_password(
    label_studio: studio.Server, admin: Client, tmp_path: Path
) -> None:
    path = tmp_path / "passwords.csv"
    known = {"good-1@example.org": "G1", "no..address@@example": "N", "good-2@example.org": "G2"}
    with pytest.raises(GoldwireError, match="the server does not make an account for N") as caught:
        make(admin, known, path)
    assert "Made before: G1." in str(caught.value.hint)
    assert [row["pseudonym"] for row in rows(path)] == ["G1"]
    assert accounts.missing(admin, known) == {"no..address@@example": "N", "good-2@example.org": "G2"}
    none = tmp_path / "none.csv"
    with pytest.raises(GoldwireError):
        make(admin, {"no..address@@example": "N"}, none)
    assert not none.exists()


def test_a_password_is_kept_when_the_server_acted_and_its_answer_was_lost(
    label_studio: studio.Server, tmp_path: Path
) -> None:
    def decide(_number: int, method: str, path: str) -> Fault | None:
        return Fault("reset-after") if method == "POST" and "signup" in path else None

    path = tmp_path / "passwords.csv"
    with Proxy(label_studio.url, decide=decide) as proxy:
        client = connect(proxy.url, label_studio.api_key)
        with pytest.raises(ServerFailedError, match="cannot make an account"):
            make(client, {"in-doubt@example.org": "D"}, path)
        assert sum(method == "POST" and "signup" in seen for method, seen in proxy.seen) == 1
    (row,) = rows(path)
    assert signs_in(label_studio, "in-doubt@example.org", row["password"])


def test_a_page_that_makes_no_accounts_is_told(admin: Client) -> None:
    link = accounts.invitation(admin)
    for page, status in ((link.replace("signup", "none"), 404), (link[:-1], 403)):
        with pytest.raises(GoldwireError) as caught:
            accounts.sign_up(admin, factory(admin), page, "x@example.org", "a-long-password-7")
        assert str(caught.value) == f"{admin.url}: the server's page for new accounts answers with {status}"
        assert str(caught.value.hint).endswith("their accounts are made there.")


def test_who_is_known_by_number_only_gets_no_account(admin: Client, tmp_path: Path) -> None:
    known = {annotators.numbered(7, 12): "N", annotators.former(7, "localhost", 8080): "F"}
    assert accounts.missing(admin, known) == {}
    assert make(admin, known, tmp_path / "none.csv") == Created([], [], None)
    path = tmp_path / "one.csv"
    assert make(admin, {**known, "beside-numbers@example.org": "B"}, path) == Created(["B"], [], path)


# where the passwords go


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("secret*\n", encoding="utf-8")
    (tmp_path / "labels").mkdir()
    return tmp_path


def test_passwords_go_nowhere_that_git_looks(admin: Client, repository: Path) -> None:
    known = {"never-made@example.org": "N"}
    with pytest.raises(GoldwireError, match="git would take the file, and passwords do not belong there"):
        make(admin, known, repository / "labels" / "passwords.csv")
    assert accounts.missing(admin, known) == known
    assert [path.name for path in repository.rglob("*.csv")] == []
    into = repository / "labels" / "secret.csv"
    assert make(admin, {"into-secret@example.org": "S"}, into).passwords == into
    status = subprocess.run(
        ["git", "-C", str(repository), "status", "--short"], capture_output=True, text=True, check=True
    )
    assert status.stdout == "?? .gitignore\n"


def test_a_file_that_is_there_is_never_replaced(admin: Client, tmp_path: Path) -> None:
    known: dict[str, Any] = {"never-made@example.org": "N"}
    path = tmp_path / "passwords.csv"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(GoldwireError, match="the file is there already"):
        make(admin, known, path)
    assert path.read_text(encoding="utf-8") == "mine"
    with pytest.raises(GoldwireError, match="the folder is not there"):
        make(admin, known, tmp_path / "no" / "passwords.csv")
    assert accounts.missing(admin, known) == known
