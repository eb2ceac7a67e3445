"""Who gave the answers of an export, which names people by their address or by the number of their account only."""

from collections.abc import Mapping
from typing import Any

from goldwire.labels.exchange.members import number_of, recalled
from goldwire.labels.team.annotators import Pseudonyms, numbered


class ExportPeople:
    """Gives the pseudonym of whoever stands in ``completed_by`` of an export's annotations.

    An export by goldwire has pseudonyms there, which stay. Some exports have the person's e-mail address: it gives
    the pseudonym that a pull from the server gives. Some have only the number of the account. Then whoever gave an
    answer that was pulled before keeps the pseudonym that it has; anybody else is ``user-7@project-12`` in
    annotators.csv, and gets a pseudonym of their own, also when their address has one, or the same account worked in
    another project. Numbers are a server's own, so those of two projects may be two people; projects of two servers
    that have one number are taken for one.

    Parameters
    ----------
    pseudonyms : Pseudonyms
    project : int
        The number of the export's project.
    before : mapping
        Annotation id -> pseudonym; see `goldwire.labels.exchange.members.earlier`.

    Attributes
    ----------
    unknown : set of str
        The pseudonyms of those who are known by number only.
    """

    def __init__(self, pseudonyms: Pseudonyms, project: int, before: Mapping[int, str] | None = None) -> None:
        self.unknown: set[str] = set()
        self._pseudonyms, self._project, self._before = pseudonyms, project, before or {}
        self._recalled: dict[int, str] = {}

    def task(self, task: Mapping[str, Any]) -> Mapping[str, Any]:
        """Note who gave the answers of a task that were pulled before; return the task."""
        self._recalled |= recalled(task, self._before)
        return task

    def pseudonym(self, user: Any) -> str | None:
        """Return the pseudonym of a user's JSON, or number; None for nobody."""
        if isinstance(user, Mapping) and "pseudonym" in user:
            return None if user["pseudonym"] is None else str(user["pseudonym"])
        if isinstance(user, Mapping) and user.get("email"):
            return self._pseudonyms.of(str(user["email"]))
        number = number_of(user)
        if number is None:
            return None
        if number in self._recalled:
            return self._recalled[number]
        who = self._pseudonyms.of(numbered(number, self._project))
        self.unknown.add(who)
        return who

    def remarks(self, round_name: str) -> list[str]:
        """Say that people are known by number only, when some are."""
        if not self.unknown:
            return []
        names = ", ".join(sorted(self.unknown))
        return [
            f"the export names people by the numbers of their accounts only: {names} may be annotators who have "
            "another pseudonym already. To know people by their addresses, pull from the server: "
            f"goldwire labels pull {round_name} --project {self._project}"
        ]
