"""Where Label Studio's environment is, and what happens when it cannot be built."""

import sys
from pathlib import Path

import pytest

from goldwire.errors import GoldwireError
from goldwire.studio import environment


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GOLDWIRE_STUDIO_ENV", "GOLDWIRE_HOME", "XDG_CACHE_HOME", "PIP_INDEX_URL", "UV_DEFAULT_INDEX"):
        monkeypatch.delenv(name, raising=False)


def test_the_environment_lies_where_the_user_says_or_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert environment.location() == tmp_path / ".cache" / "goldwire" / "label-studio-1.23.2"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert environment.location() == tmp_path / "cache" / "goldwire" / "label-studio-1.23.2"
    monkeypatch.setenv("GOLDWIRE_HOME", str(tmp_path / "mine"))
    assert environment.location() == tmp_path / "mine" / "label-studio-1.23.2"


def test_an_installation_that_fails_says_why_and_is_begun_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOLDWIRE_HOME", str(tmp_path))
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")  # nobody answers there
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    said: list[str] = []
    for _ in range(2):
        with pytest.raises(
            GoldwireError, match=r"(?s)Label Studio could not be installed:.*127\.0\.0\.1:9"
        ) as caught:
            environment.ensure(said.append)
        assert "package index" in str(caught.value.hint)
    place = tmp_path / "label-studio-1.23.2"
    assert said == [f"installing Label Studio 1.23.2 in {place} (once, about a minute)"] * 2
    (place / ".goldwire-complete").touch()
    assert environment.ensure(said.append) == place / "bin" / "python"
    assert len(said) == 2


def test_the_index_that_pip_is_set_to_is_used_unless_uv_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example.org/simple")
    assert environment._index() == ["--default-index", "https://mirror.example.org/simple"]
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://other.example.org/simple")
    assert environment._index() == []


def test_without_uv_the_message_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("GOLDWIRE_HOME", str(tmp_path))
    with pytest.raises(GoldwireError, match="uv is not there") as caught:
        environment.ensure()
    assert caught.value.hint == 'Install it with: pip install "goldwire[studio]"'
