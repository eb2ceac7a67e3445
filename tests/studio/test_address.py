"""The address of a PostgreSQL database: read with care, kept without its password."""

import stat
from pathlib import Path

import pytest

from goldwire.errors import GoldwireError, UsageError
from goldwire.studio import settings, stored
from goldwire.studio.address import SQLITE, Address, parse, remember, remembered, settle

SECRET = "s3cret"


@pytest.mark.parametrize(
    ("text", "address", "password"),
    [
        ("postgresql://anna:pw@db.example.org:6432/labels", Address("anna", "db.example.org", 6432, "labels"), "pw"),
        ("postgres://anna@localhost/labels", Address("anna", "localhost", 5432, "labels"), None),
        ("postgresql://anna:@localhost/labels", Address("anna", "localhost", 5432, "labels"), None),
        ("postgresql://a%40b:p%2Fw%3A%40%20100%25@[::1]/l%2Fs", Address("a@b", "::1", 5432, "l/s"), "p/w:@ 100%"),
        (
            "postgresql://anna@db/labels?sslrootcert=%2Fca.pem&sslmode=verify-full",
            Address("anna", "db", 5432, "labels", (("sslmode", "verify-full"), ("sslrootcert", "/ca.pem"))),
            None,
        ),
    ],
)
def test_an_address_is_read_and_written_back_without_its_password(
    text: str, address: Address, password: str | None
) -> None:
    found = parse(text)
    assert found == address
    assert found.password == password
    assert parse(str(found)) == address
    assert parse(str(found)).password is None
    assert not password or password not in f"{found!r} {found}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{SECRET}@localhost/labels", "does not begin with postgresql://"),
        (f"mysql://anna:{SECRET}@localhost/labels", "does not begin with postgresql://"),
        ("", "does not begin with postgresql://"),
        (f"postgresql://:{SECRET}@localhost/labels", "names no user"),
        ("postgresql://localhost/labels", "names no user"),
        (f"postgresql://anna:{SECRET}@/labels", "names no host"),
        (f"postgresql://anna:{SECRET}@localhost", "names no database"),
        (f"postgresql://anna:{SECRET}@localhost:5432/", "names no database"),
        (f"postgresql://anna:{SECRET}@localhost:99999/labels", "a port that is none"),
        (f"postgresql://anna:{SECRET}/x@localhost/labels", "a port that is none"),
        (f"postgresql://anna:{SECRET}#x@localhost/labels", "a port that is none"),
        (f"postgresql://anna:{SECRET}%zz@localhost/labels", "a % that encodes nothing"),
        (f"postgresql://anna:{SECRET}%00@localhost/labels", "a % that encodes nothing"),
        (f"postgresql://anna:{SECRET} x@localhost/labels", "has a space"),
        (f"postgresql://anna:{SECRET}@one,two/labels", "more than one host"),
        (f"postgresql://anna:{SECRET}@localhost/labels/more", "a second /"),
        (f"postgresql://anna:{SECRET}@localhost/labels#x", "or a #"),
        (f"postgresql://anna:{SECRET}@localhost/labels?password={SECRET}", "options other than sslmode"),
    ],
)
def test_a_malformed_address_says_what_is_wrong_and_repeats_no_secret(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        parse(text)
    assert SECRET not in f"{caught.value} {caught.value.hint}"
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_the_password_comes_from_the_address_then_from_pgpassword(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare, full = parse("postgresql://anna@localhost/labels"), parse("postgresql://anna:mine@localhost/labels")
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.setenv("PGPASSFILE", "/home/anna/passwords")
    monkeypatch.setenv("POSTGRE_HOST", "elsewhere")
    variables = settings.of(tmp_path, None, bare)
    assert {name: value for name, value in variables.items() if name.startswith(("PG", "POSTGRE", "DJANGO"))} == {
        "DJANGO_DB": "default",
        "POSTGRE_USER": "anna",
        "POSTGRE_HOST": "localhost",
        "POSTGRE_PORT": "5432",
        "POSTGRE_NAME": "labels",
        "POSTGRE_PASSWORD": "",
        "PGPASSFILE": "/home/anna/passwords",
    }
    monkeypatch.setenv("PGPASSWORD", "of the shell")
    assert settings.of(tmp_path, None, bare)["PGPASSWORD"] == "of the shell"
    assert settings.of(tmp_path, None, full)["PGPASSWORD"] == "mine"
    assert "PGPASSWORD" not in settings.of(tmp_path)


def test_a_folder_remembers_its_database_and_takes_no_other(tmp_path: Path) -> None:
    given = parse(f"postgresql://anna:{SECRET}@localhost/labels?sslmode=require")
    assert settle(tmp_path, None) is None
    assert stored(tmp_path) == str(tmp_path / SQLITE)
    assert settle(tmp_path, given) == given
    remember(tmp_path, given)
    assert [path.name for path in tmp_path.iterdir()] == ["database.json"]
    assert stat.S_IMODE((tmp_path / "database.json").stat().st_mode) == 0o600
    assert SECRET not in (tmp_path / "database.json").read_text(encoding="utf-8")
    assert remembered(tmp_path) == given
    assert stored(tmp_path) == "postgresql://anna@localhost:5432/labels?sslmode=require"
    assert settle(tmp_path, None) == given
    other_user = parse("postgresql://bert@localhost/labels")
    assert settle(tmp_path, other_user) == other_user
    with pytest.raises(GoldwireError, match=r"this folder stores in postgresql://anna@.*/labels\?.*, not in .*/more"):
        settle(tmp_path, parse(f"postgresql://anna:{SECRET}@localhost/more"))


def test_a_folder_with_sqlite_is_not_left_behind(tmp_path: Path) -> None:
    (tmp_path / SQLITE).touch()
    with pytest.raises(GoldwireError, match="this folder stores in SQLite") as caught:
        settle(tmp_path, parse("postgresql://anna@localhost/labels"))
    assert "goldwire studio move" in str(caught.value.hint)
    assert settle(tmp_path, None) is None
