"""Who gave an answer: from what the server says of a person to the pseudonym that is stored."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from goldwire.labels.fold.latest import latest
from goldwire.labels.parts.people import Task
from goldwire.labels.server import Client
from goldwire.labels.team.annotators import Pseudonyms, former


class UnknownMemberError(Exception):
    """A page of tasks names a person by an id that no member has. An export says the address of such a one too."""


class Members:
    """The people of a server, as pseudonyms. Exports say e-mail addresses, pages only ids.

    Parameters
    ----------
    client : Client
    pseudonyms : Pseudonyms
        A new one is on disk before it is given.
    """

    def __init__(self, client: Client, pseudonyms: Pseudonyms) -> None:
        self._client, self._pseudonyms = client, pseudonyms
        self._by_id: dict[int, str] | None = None
        self._recalled: dict[int, str] = {}

    def pseudonym(self, user: Any) -> str | None:
        """Return the pseudonym of a user's JSON, or id; None for nobody.

        Raises
        ------
        UnknownMemberError
            For an id that no member has.
        """
        if user is None:
            return None
        if isinstance(user, Mapping):
            return self._pseudonyms.of(str(user["email"]))
        if self._by_id is None:
            self._by_id = self._client.members()
        if user not in self._by_id:
            raise UnknownMemberError(user)
        return self._pseudonyms.of(self._by_id[user])

    def recall(self, tasks: Iterable[Task], before: Mapping[int, str]) -> Iterator[Task]:
        """Yield tasks, and note first who gave those of their answers that were pulled before (see `earlier`)."""
        for task in tasks:
            self._recalled |= recalled(task, before)
            yield task

    def pseudonym_or_former(self, user: Any) -> str | None:
        """Return the same. Whoever is no member any more has the pseudonym of what they gave before, as far as it was
        recalled, else one of their own: always the same on this server, and another one than under their address."""
        try:
            return self.pseudonym(user)
        except UnknownMemberError:
            if user in self._recalled:
                return self._recalled[user]
            server = urlsplit(self._client.url)
            port = server.port or {"https": 443}.get(server.scheme, 80)
            return self._pseudonyms.of(former(user, server.hostname or "", port))


def earlier(pulls: Path) -> dict[int, str]:
    """Return who gave each annotation that was ever pulled into a pulls/ folder, by annotation id: pseudonyms.

    Raises
    ------
    GoldwireError
        When a part is missing, torn, or was edited.
    """
    return {
        answer.id: answer.completed_by.pseudonym
        for task in latest(pulls)
        for answer in task.annotations
        if answer.completed_by and answer.completed_by.pseudonym
    }


def recalled(task: Mapping[str, Any], before: Mapping[int, str]) -> dict[int, str]:
    """Return the pseudonyms of those whose answers to a task were pulled before, by the number of their account."""
    found = ((number_of(answer["completed_by"]), before.get(int(answer["id"]))) for answer in task["annotations"])
    return {number: who for number, who in found if number is not None and who is not None}


def number_of(user: Any) -> int | None:
    """Return the number of the account in what stands in ``completed_by``; None when there is none."""
    number = user.get("id") if isinstance(user, Mapping) else user
    return number if isinstance(number, int) else None
