"""An OpenAI-compatible endpoint: where it is, and how it is asked.

Address and key come from the environment and from nowhere else, and stand in no file, log or error.
"""

import ipaddress
import logging
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from goldwire.errors import GoldwireError
from goldwire.eval.baselines.llm.prompt import Messages
from goldwire.study import find

URL, KEY, MODEL = "GOLDWIRE_LLM_URL", "GOLDWIRE_LLM_API_KEY", "GOLDWIRE_LLM_MODEL"
WORKERS, MOST, SEND = "GOLDWIRE_LLM_WORKERS", "GOLDWIRE_LLM_MOST", "GOLDWIRE_LLM_SEND_TEXTS"

_TRIES = 6
_TIMEOUT = 120.0  # seconds, for one answer
_LONGEST_WAIT = 60.0
_SHOWN = 200  # characters of what an endpoint says, in an error
_AGAIN = {408, 409, 425, 429}
_REFUSED = {400, 422}
_FILTERED = ("content_filter", "content_policy", "ResponsibleAI")
_KEPT_HINT = "The answers so far are kept: run it again, and only the rest is asked."


@dataclass(frozen=True)
class Settings:
    """Where to ask, and how much."""

    url: str = field(repr=False)
    key: str = field(default="", repr=False)
    workers: int = 4
    most: int | None = None
    first_wait: float = 1.0
    timeout: float = _TIMEOUT

    @classmethod
    def from_environment(cls) -> Self:
        """Read the settings; naming an endpoint is the consent to send texts to it.

        Raises
        ------
        GoldwireError
            When there is no address, it is none, or it is another machine and the study says that its texts may not
            be passed on (``dataset.texts: false``) and GOLDWIRE_LLM_SEND_TEXTS is not 1.
        """
        url = os.environ.get(URL, "").strip().rstrip("/")
        if not url:
            raise GoldwireError(
                f"no endpoint is named, and the cache has not all answers: set {URL}",
                hint=f"An OpenAI-compatible base URL, such as that of a server on this machine; the key, if it wants "
                f"one, in {KEY}. The texts are sent there.",
            )
        local = _is_local(url)
        if not local and _may_not_be_passed_on() and os.environ.get(SEND) != "1":
            raise GoldwireError(
                f"{URL} is another machine, and the texts of this study may not be passed on",
                where="params.yaml: dataset.texts",
                hint=f"Ask a model on this machine, or set {SEND}=1 where your licence allows it.",
            )
        return cls(url, os.environ.get(KEY, "").strip(), _number(WORKERS) or cls.workers, _number(MOST))


@dataclass(frozen=True)
class Reply:
    """What came back: the answer's text, None for a refusal, and the choice it stood in."""

    content: str | None
    choice: Mapping[str, Any]


class Endpoint:
    """Asks, again when that may help, and no more often than the budget allows. Threads may share it."""

    def __init__(self, settings: Settings) -> None:
        import httpx

        self._settings = settings
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._plainer = 0  # how many of the wishes of `_bodies` it was found not to take
        self.sent = 0
        self._levels = {logger: logger.level for logger in map(logging.getLogger, ("httpx", "httpcore"))}
        headers = {"Authorization": f"Bearer {settings.key}"} if settings.key else {}
        self._client = httpx.Client(
            headers=headers, timeout=settings.timeout, trust_env=not _is_local(settings.url), follow_redirects=False
        )

    def __enter__(self) -> Self:
        for logger in self._levels:  # they write down the address of every request
            logger.setLevel(logging.WARNING)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._client.close()
        for logger, level in self._levels.items():
            logger.setLevel(level)

    def stop(self) -> None:
        """Have everybody who waits to ask again give up."""
        self._stopped.set()

    def ask(self, model: str, messages: Messages, schema: Mapping[str, Any], seed: int) -> Reply:
        """Return the endpoint's reply.

        It is asked for JSON by the schema, at temperature 0, with the seed, and for the probabilities of the tokens;
        what it says it does not take is left out.

        Raises
        ------
        GoldwireError
            When it refuses the request, does not answer after six tries, or the budget is spent.
        """
        bodies = list(_bodies(model, messages, schema, seed))
        for plainer in range(self._plainer, len(bodies)):
            status, value = self._sent(bodies[plainer])
            if status not in _REFUSED:
                break
            if any(sign in str(value) for sign in _FILTERED):
                return Reply(None, {})
        if status != 200:
            raise GoldwireError(f"the endpoint refuses: {status} {self._said(value)}".rstrip(), hint=_hint(status))
        with self._lock:
            self._plainer = max(self._plainer, plainer)
        choice = value["choices"][0]
        content = choice["message"].get("content")
        filtered = choice.get("finish_reason") == "content_filter" or choice["message"].get("refusal")
        return Reply(content if isinstance(content, str) and not filtered else None, choice)

    def _sent(self, body: Mapping[str, Any]) -> tuple[int, Any]:
        """Send a request until there is an answer to it; return its status and value."""
        import httpx

        wait, problem = self._settings.first_wait, ""
        for turn in range(_TRIES):
            if turn and self._stopped.wait(wait):
                break
            wait = min(self._settings.first_wait * 2**turn, _LONGEST_WAIT)
            self._spend()
            try:
                response = self._client.post(f"{self._settings.url}/chat/completions", json=body)
                value = response.json() if response.content else None
            except httpx.HTTPError as error:
                problem = type(error).__name__
                continue
            except ValueError:
                problem = f"{response.status_code}, and no JSON"
                if response.is_success or response.status_code >= 500:
                    continue
                value = None
            if response.status_code == 200:
                if _is_completion(value):
                    return 200, value
                problem = "what is no chat completion"
            elif response.status_code in _AGAIN or response.status_code >= 500:
                problem = f"{response.status_code} {self._said(value)}".rstrip()
                wait = _asked_to_wait(response.headers.get("retry-after"), wait)
            else:
                return response.status_code, value
        raise GoldwireError(
            f"the endpoint does not answer after {turn + 1} tries: {problem}", hint=_KEPT_HINT
        ) from None

    def _spend(self) -> None:
        with self._lock:
            if self._settings.most is not None and self.sent >= self._settings.most:
                raise GoldwireError(f"the budget of {self.sent} requests is spent ({MOST})", hint=_KEPT_HINT)
            self.sent += 1

    def _said(self, value: Any) -> str:
        """Return what an endpoint says of an error, without address and key."""
        error = value.get("error", value) if isinstance(value, dict) else value
        text = " ".join(str(error.get("message", "") if isinstance(error, dict) else error or "").split())
        for secret in (self._settings.key, self._settings.url):
            text = text.replace(secret, "...") if secret else text
        return text[:_SHOWN]


def _bodies(model: str, messages: Messages, schema: Mapping[str, Any], seed: int) -> Iterator[dict[str, Any]]:
    """Yield the request with all that is wished for, then with less and less of it."""
    form = {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": schema}}
    wishes: list[dict[str, Any]] = [
        {"logprobs": True, "top_logprobs": 20},
        {"response_format": form},
        {"seed": seed},
        {"temperature": 0},
    ]
    for left_out in range(len(wishes) + 1):
        body: dict[str, Any] = {"model": model, "messages": messages}
        for wish in wishes[left_out:]:
            body |= wish
        yield body


def _is_completion(value: Any) -> bool:
    try:
        return isinstance(value["choices"][0]["message"], dict)
    except (KeyError, IndexError, TypeError):
        return False


def _asked_to_wait(header: str | None, wait: float) -> float:
    try:
        return min(max(float(header or ""), wait), _LONGEST_WAIT)
    except ValueError:
        return wait


def _hint(status: int) -> str | None:
    return {
        401: f"Check {KEY}.",
        403: f"Check {KEY}, and what it may do.",
        404: f"Check {URL} (a base URL, often ending in /v1) and {MODEL}.",
    }.get(status)


def _is_local(url: str) -> bool:
    """Whether the address is this machine's; GoldwireError for what is no address, without repeating it."""
    try:
        parsed = urlsplit(url)
        host = parsed.hostname if parsed.port != 0 else None  # reading the port checks it
    except ValueError:
        parsed, host = urlsplit(""), None
    more = (
        parsed.query or parsed.fragment or parsed.username or parsed.password or not url.isprintable() or " " in url
    )
    if parsed.scheme not in ("http", "https") or not host or more:
        raise GoldwireError(
            f"{URL} is no base URL", hint=f"Write http(s)://HOST[:PORT]/PATH, and put the key into {KEY}."
        )
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _may_not_be_passed_on() -> bool:
    try:
        study = find(Path.cwd())
    except GoldwireError:
        return False
    return not study.params().dataset.texts


def _number(name: str) -> int | None:
    given = os.environ.get(name, "").strip()
    if not given:
        return None
    if not given.isdecimal() or int(given) < 1:
        raise GoldwireError(f"{name} is a number of at least 1")
    return int(given)
