"""The connection to a Label Studio server: the one place that speaks to it, through its SDK.

The SDK's own retries are off: it repeats a POST after an answer such as 504, and every repeated import makes
duplicates. What the SDK parses is not used where whole JSON is wanted, since its models drop and convert fields:
the body of the last answer is kept and read as it came.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from goldwire.errors import GoldwireError
from goldwire.labels import server_bulk as bulk
from goldwire.labels.server_errors import ServerFailedError, refused, shown, translated, unreachable

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
Task = dict[str, Any]

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_FIELDS = "id,title,description,label_config,maximum_annotations"


@dataclass(frozen=True)
class Project:
    """What we need to know of a project. `config` is its labelling interface as XML."""

    id: int
    title: str
    description: str
    config: str
    maximum_annotations: int


def connect(url: str | None = None, api_key: str | None = None) -> "Client":
    """Return a client of the server that LABEL_STUDIO_URL and LABEL_STUDIO_API_KEY name, after asking who we are.

    Raises
    ------
    GoldwireError
        When a variable is missing, the server does not answer, is no Label Studio, or refuses the key.
    """
    url = _given(url, "LABEL_STUDIO_URL", "the server's address, such as http://localhost:8080")
    api_key = _given(api_key, "LABEL_STUDIO_API_KEY", "a personal access token from the server's Account & Settings")
    client = Client(url, api_key)
    client.whoami()
    return client


class Client:
    """A Label Studio server, seen with one account's key; see `connect`. Every failure is a GoldwireError.

    Attributes
    ----------
    url : str
        The server's address without credentials.
    clock : str
        The server's time when it last answered, in UTC: ``2026-11-22T23:29:12Z``.
    """

    def __init__(self, url: str, api_key: str) -> None:
        self.url = shown(url)
        self.clock = ""
        self._address = url.rstrip("/") + "/"  # without the slash, a path is lost when tokens are refreshed
        self._api_key = api_key
        self._last: httpx.Response | None = None
        self._sdk: Any = None
        if not (api_key.isascii() and api_key.isprintable() and " " not in api_key):
            raise refused(self.url)

    def whoami(self) -> tuple[int, str]:
        """Return the id and e-mail address of the account."""
        me = self.json("ask who we are", lambda sdk: sdk.users.whoami())
        return int(me["id"]), str(me["email"])

    def version(self) -> str:
        """Return the server's version, such as 1.23.2."""
        return str(self.json("ask for the version", lambda sdk: sdk.versions.get())["release"])

    def members(self) -> dict[int, str]:
        """Return the e-mail address of every member of the organisation, by user id."""
        users = self.json("list the members", lambda sdk: sdk.users.list())
        return {int(user["id"]): str(user["email"]) for user in users}

    def find_project(self, marker: str) -> Project | None:
        """Return the project that has the marker in its description, None when there is none.

        Raises
        ------
        GoldwireError
            When several have it, as after duplicating a project.
        """

        def read(sdk: Any) -> list[Project]:
            listed = sdk.projects.list(include=_FIELDS, page_size=bulk.PAGE)
            return [_project(p) for p in listed if marker in (p.description or "")]

        found = self.call("list the projects", read)
        if len(found) > 1:
            numbers = ", ".join(str(project.id) for project in found)
            raise GoldwireError(
                f'projects {numbers} all have "{marker}" in their description',
                where=self.url,
                hint="Remove it from all but the right one, in the project's settings.",
            )
        return found[0] if found else None

    def project(self, number: int) -> Project:
        """Return the project with this id."""
        return self.call(f"read project {number}", lambda sdk: _project(sdk.projects.get(number)))

    def create_project(self, title: str, config: str, description: str, maximum_annotations: int = 1) -> Project:
        """Create a project; a title is cut to 50 characters. `maximum_annotations` is how many answer each task."""
        return self.call(
            "create a project",
            lambda sdk: _project(
                sdk.projects.create(
                    title=title[:50],
                    label_config=config,
                    description=description,
                    maximum_annotations=maximum_annotations,
                )
            ),
        )

    def update_project(self, number: int, *, config: str, maximum_annotations: int) -> None:
        """Replace the labelling interface and the number of annotators per task."""
        self.call(
            f"change project {number}",
            lambda sdk: sdk.projects.update(number, label_config=config, maximum_annotations=maximum_annotations),
        )

    def import_tasks(
        self, project: int, tasks: Sequence[Mapping[str, Any]], done: Callable[[int], None] | None = None
    ) -> list[int]:
        """Import tasks in batches; return their ids in the order of `tasks`.

        The server takes a batch whole or not at all. A task is `data` and `meta`, and may bring `annotations`
        (with `completed_by`, a member's id) and `predictions`. `done` is told after each batch how many are in.
        """
        ids: list[int] = []
        for batch in bulk.batches(tasks):
            made = self._imported(project, batch)
            if len(made) != len(batch):
                raise GoldwireError(
                    f"the server made {len(made)} tasks of {len(batch)}",
                    where=f"{self.url}: project {project}",
                    hint="Push again: what is missing is added.",
                )
            ids += made
            if done:
                done(len(ids))
        return ids

    def _imported(self, project: int, batch: list[Mapping[str, Any]]) -> list[int]:
        answer = self.json(
            f"import tasks into project {project}",
            lambda sdk: sdk.projects.import_tasks(
                project, request=batch, return_task_ids=True, request_options=bulk.LONG
            ),
        )
        ids: list[int] = answer.get("task_ids") or []
        return ids

    def update_task(self, number: int, data: Mapping[str, Any], meta: Mapping[str, Any]) -> None:
        """Replace what a task shows."""
        self.call(
            f"change task {number}", lambda sdk: sdk.tasks.update(str(number), data=dict(data), meta=dict(meta))
        )

    def delete_task(self, number: int) -> None:
        """Delete a task with everything that hangs on it."""
        self.call(f"delete task {number}", lambda sdk: sdk.tasks.delete(str(number)))

    def tasks(self, project: int, *, drafts: bool = False) -> list[Task]:
        """Return all tasks of a project as the server's own JSON, with annotations and predictions, by id.

        They come from an export snapshot, which is removed from the server afterwards; when the server cannot
        make one (a proxy gives up on long requests), page by page, which takes longer.
        """
        try:
            found = bulk.snapshot(self, project, drafts=drafts)
        except ServerFailedError:
            found = bulk.pages(self, project)
        return sorted(found, key=lambda task: int(task["id"]))

    def submit(
        self,
        task: int,
        result: Sequence[Mapping[str, Any]],
        *,
        lead_time: float | None = None,
        skipped: bool = False,
        completed_by: int | None = None,
    ) -> int:
        """Submit an answer to a task, as this account or as the member `completed_by`; return its id.

        `result` is in Label Studio's form, `lead_time` in seconds.
        """
        extra = {"lead_time": lead_time, "completed_by": completed_by}
        given = {key: value for key, value in extra.items() if value is not None}
        answer = self.json(
            f"submit an answer to task {task}",
            lambda sdk: sdk.annotations.create(task, result=list(result), was_cancelled=skipped, **given),
        )
        return int(answer["id"])

    def json(self, what: str, ask: Callable[[Any], Any]) -> Any:
        """Call the SDK and return the server's JSON itself."""
        self.call(what, ask)
        return self._last.json() if self._last is not None else None

    def call(self, what: str, ask: Callable[[Any], T]) -> T:
        """Call the SDK with `ask`; "cannot {what}" begins the message when that fails."""
        import httpx
        from label_studio_sdk.core.api_error import ApiError

        try:
            try:
                self._sdk = self._sdk or self._connected()
                return ask(self._sdk)
            except ApiError as error:
                if error.status_code != 401:
                    raise
                # A token can end between the SDK's look at the clock and the server's. A refusal did nothing.
                self._sdk = self._connected()
                return ask(self._sdk)
        except ApiError as error:
            raise translated(self.url, what, error.status_code, error.body) from None
        except httpx.TimeoutException:
            raise ServerFailedError(f"cannot {what}: the server took too long", where=self.url) from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise unreachable(self.url) from None
        except ValueError:
            raise translated(self.url, what, None, None) from None

    def _connected(self) -> Any:
        import httpx
        from label_studio_sdk import LabelStudio

        http = httpx.Client(
            timeout=60,
            follow_redirects=True,
            trust_env=urlsplit(self._address).hostname not in _LOOPBACK,  # no proxy stands before our own machine
            limits=httpx.Limits(max_keepalive_connections=0),  # so there is nothing to close
            event_hooks={"response": [self._note]},
        )
        return LabelStudio(base_url=self._address, api_key=self._api_key, httpx_client=http, max_retries=0)

    def _note(self, response: "httpx.Response") -> None:
        if response.has_redirect_location and not response.url.path.endswith("/download"):
            # following it would make a GET of a POST, silently; only downloads may lie elsewhere
            target = urlsplit(response.headers["location"])
            raise GoldwireError(
                f"LABEL_STUDIO_URL leads on to {target.scheme}://{target.hostname}{target.path}",
                where=self.url,
                hint="Set it to the address that a browser arrives at, often one with https.",
            )
        self._last = response
        if date := response.headers.get("date"):
            self.clock = parsedate_to_datetime(date).strftime("%Y-%m-%dT%H:%M:%SZ")


def _project(found: Any) -> Project:
    return Project(
        id=int(found.id),
        title=found.title or "",
        description=found.description or "",
        config=found.label_config or "",
        maximum_annotations=int(found.maximum_annotations or 1),
    )


def _given(value: str | None, variable: str, what: str) -> str:
    value = (value or os.environ.get(variable, "")).strip()
    if not value:
        raise GoldwireError(f"{variable} is not set", hint=f"Set it to {what}. To try goldwire: goldwire studio up")
    return value
