"""Who gave an answer: from what the server says of a person to the pseudonym that is stored."""

from collections.abc import Mapping
from typing import Any

from goldwire.labels.server import Client
from goldwire.labels.team.annotators import Pseudonyms


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
        self.former: set[int] = set()

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

    def pseudonym_or_former(self, user: Any) -> str | None:
        """Return the same, with a pseudonym of its own for an id that no member has, always the same one."""
        try:
            return self.pseudonym(user)
        except UnknownMemberError:
            return self._pseudonyms.of(f"former-member-{user}")
