"""The endpoint: asked again when that may help, within the budget, and its address and key stay where they were."""

import logging
import os
from pathlib import Path
from typing import Any

import pytest

from goldwire.errors import GoldwireError
from goldwire.eval.baselines.llm.endpoint import Endpoint, Reply, Settings
from llm_stand_in import Answered, Body, failed, said, stand_in

KEY = "sk-secret-of-the-test"
MESSAGES = [{"role": "user", "content": "x"}]


@pytest.fixture(autouse=True)
def _environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GOLDWIRE_LLM")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def ask(url: str, times: int = 1, **settings: Any) -> list[Reply]:
    with Endpoint(Settings(url, KEY, first_wait=0.01, **settings)) as endpoint:
        return [endpoint.ask("m", MESSAGES, {"type": "object"}, 7) for _ in range(times)]


def test_the_request_asks_for_all_that_makes_an_answer_the_same_again() -> None:
    with stand_in(lambda _: said("hello")) as server:
        (reply,) = ask(server.url)
    assert reply.content == "hello"
    assert server.asked == [
        {
            "model": "m",
            "messages": MESSAGES,
            "temperature": 0,
            "seed": 7,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": {"type": "object"}},
            },
            "logprobs": True,
            "top_logprobs": 20,
        }
    ]
    assert (server.keys, server.paths) == ([f"Bearer {KEY}"], ["/v1/chat/completions"])


def test_what_the_endpoint_does_not_take_is_left_out_and_stays_out() -> None:
    def answer(body: Body) -> Answered:
        for field in ("logprobs", "response_format", "temperature"):
            if field in body:
                return failed(400, f"Unsupported parameter: {field}")
        return said("hello")

    with stand_in(answer) as server:
        assert [reply.content for reply in ask(server.url, times=2)] == ["hello", "hello"]
    assert [set(body) - {"model", "messages"} for body in server.asked] == [
        {"logprobs", "top_logprobs", "response_format", "seed", "temperature"},
        {"response_format", "seed", "temperature"},
        {"seed", "temperature"},
        {"temperature"},
        set(),
        set(),
    ]


@pytest.mark.parametrize(
    "first", [failed(429, "slow down"), failed(500, "oops"), failed(503, ""), (200, b"<html>", {})]
)
def test_what_may_pass_is_asked_again(first: Answered) -> None:
    answers = [first, first, said("hello")]
    with stand_in(lambda _: answers.pop(0)) as server:
        assert [reply.content for reply in ask(server.url)] == ["hello"]
        assert len(server.asked) == 3


def test_it_waits_as_long_as_it_is_told_to() -> None:
    import time

    answers = [failed(429, "slow down", Retry_After="0.4"), said("hello")]
    began = time.monotonic()
    with stand_in(lambda _: answers.pop(0)) as server:
        ask(server.url)
    assert 0.4 <= time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (failed(429, "slow down"), "429 slow down"),
        (failed(502, "bad gateway"), "502 bad gateway"),
        ((200, {"hello": "world"}, {}), "what is no chat completion"),
        ((200, b"<html>", {}), "200, and no JSON"),
    ],
)
def test_after_six_tries_it_gives_up(answer: Answered, problem: str) -> None:
    with stand_in(lambda _: answer) as server:
        with pytest.raises(GoldwireError) as error:
            ask(server.url)
        assert len(server.asked) == 6
    assert error.value.message == f"the endpoint does not answer after 6 tries: {problem}"
    assert error.value.hint == "The answers so far are kept: run it again, and only the rest is asked."


def test_an_endpoint_that_is_not_there_or_says_nothing_is_an_error() -> None:
    import time

    with stand_in(lambda _: said("hello")) as server:
        pass
    with pytest.raises(GoldwireError, match="does not answer after 6 tries: ConnectError"):
        ask(server.url)

    def silent(_: Body) -> Answered:
        time.sleep(0.3)
        return said("late")

    with stand_in(silent) as server, pytest.raises(GoldwireError, match="after 6 tries: ReadTimeout"):
        ask(server.url, timeout=0.05)


@pytest.mark.parametrize(
    "answer",
    [
        said(None),
        said("half a sen", finish_reason="content_filter"),
        (200, {"choices": [{"message": {"content": "", "refusal": "I cannot."}}]}, {}),
        failed(400, "The response was filtered", code="content_filter"),
    ],
)
def test_a_refusal_is_a_reply_without_content(answer: Answered) -> None:
    with stand_in(lambda _: answer) as server:
        assert [reply.content for reply in ask(server.url)] == [None]
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        (401, "Check GOLDWIRE_LLM_API_KEY."),
        (403, "Check GOLDWIRE_LLM_API_KEY, and what it may do."),
        (404, "Check GOLDWIRE_LLM_URL (a base URL, often ending in /v1) and GOLDWIRE_LLM_MODEL."),
        (307, None),
    ],
)
def test_what_will_not_pass_is_an_error_at_once(status: int, hint: str | None) -> None:
    with stand_in(lambda _: failed(status, "no", Location="http://127.0.0.1:9/elsewhere")) as server:
        with pytest.raises(GoldwireError) as error:
            ask(server.url)
        assert len(server.asked) == 1
    assert (error.value.message, error.value.hint) == (f"the endpoint refuses: {status} no", hint)


def test_a_request_that_nothing_makes_right_is_an_error_and_spoils_no_other() -> None:
    answers: list[Answered] = [failed(400, "too long")] * 5 + [said("hello")]
    with stand_in(lambda _: answers.pop(0)) as server:
        with Endpoint(Settings(server.url, first_wait=0.01)) as endpoint:
            with pytest.raises(GoldwireError, match="the endpoint refuses: 400 too long"):
                endpoint.ask("m", MESSAGES, {}, 0)
            assert endpoint.ask("m", MESSAGES, {}, 0).content == "hello"
        assert "logprobs" in server.asked[-1]


def test_tries_count_against_the_budget() -> None:
    with stand_in(lambda _: failed(500, "oops")) as server:
        with pytest.raises(GoldwireError, match=r"the budget of 3 requests is spent \(GOLDWIRE_LLM_MOST\)"):
            ask(server.url, most=3)
        assert len(server.asked) == 3


def test_address_and_key_stand_in_no_error_no_log_and_no_repr(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with stand_in(lambda _: failed(401, f"Incorrect key {KEY} at {server.url}, says\nthe server")) as server:
        settings = Settings(server.url, KEY)
        with pytest.raises(GoldwireError) as error, Endpoint(settings) as endpoint:
            endpoint.ask("m", MESSAGES, {}, 0)
    assert error.value.message == "the endpoint refuses: 401 Incorrect key ... at ..., says the server"
    assert error.value.__cause__ is None
    for shown in (repr(settings), str(error.value), caplog.text):
        assert KEY not in shown
    assert server.url not in repr(settings) + str(error.value)
    assert "/v1/chat/completions" not in caplog.text


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:8000",
        "ftp://x/v1",
        "http://",
        "http://me:secret@x/v1",
        "http://x/v1?key=secret",
        "http://[/v1",
        "x y",
    ],
)
def test_what_is_no_base_url_is_refused_and_not_repeated(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOLDWIRE_LLM_URL", url)
    with pytest.raises(GoldwireError) as error:
        Settings.from_environment()
    assert error.value.message == "GOLDWIRE_LLM_URL is no base URL"
    assert "secret" not in str(error.value) + str(error.value.hint)


def test_texts_that_may_not_be_passed_on_go_to_this_machine_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "params.yaml").write_text("dataset: {texts: false}\n")
    for url in ("http://127.0.0.1:1/v1", "http://localhost:1", "http://[::1]:1/v1"):
        monkeypatch.setenv("GOLDWIRE_LLM_URL", url)
        assert Settings.from_environment().url == url
    monkeypatch.setenv("GOLDWIRE_LLM_URL", "https://llm.example/v1/")
    with pytest.raises(GoldwireError) as error:
        Settings.from_environment()
    assert error.value.message == (
        "GOLDWIRE_LLM_URL is another machine, and the texts of this study may not be passed on"
    )
    monkeypatch.setenv("GOLDWIRE_LLM_SEND_TEXTS", "1")
    assert Settings.from_environment().url == "https://llm.example/v1"
    monkeypatch.delenv("GOLDWIRE_LLM_SEND_TEXTS")
    (tmp_path / "params.yaml").write_text("dataset: {texts: true}\n")
    assert Settings.from_environment().url == "https://llm.example/v1"


@pytest.mark.parametrize("given", ["0", "-1", "many", "1.5"])
def test_numbers_in_the_environment_are_checked(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOLDWIRE_LLM_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("GOLDWIRE_LLM_MOST", given)
    with pytest.raises(GoldwireError, match="GOLDWIRE_LLM_MOST is a number of at least 1"):
        Settings.from_environment()
